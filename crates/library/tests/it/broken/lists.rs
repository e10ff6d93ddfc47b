//! Reads the lists of breakages and applies them to the sound library.

use library::{Checked, File};

/// The file that a breakage changes unless it says otherwise.
const DEFAULT_FILE: &str = "x-base";

/// One thing broken.
#[derive(Debug, Default)]
pub struct Breakage {
    /// What, in words.
    pub title: String,
    /// Short name of the file.
    file: String,
    /// What becomes what.
    changes: Vec<(String, String)>,
    /// The whole file.
    whole: Option<String>,
    /// Where the changed file lies, and whether the sound one stays.
    place: Option<(String, bool)>,
    /// What must be found.
    pub expected: Vec<Expected>,
}

/// A finding that must be there.
#[derive(Debug)]
pub struct Expected {
    code: String,
    text: String,
    file: Option<String>,
}

impl Expected {
    /// Whether a finding is this one.
    pub fn matches(&self, code: &str, text: &str, path: &str, breakage: &Breakage) -> bool {
        let place = match (&self.file, &breakage.place) {
            (Some(file), _) => path_of(file),
            (None, Some((place, _))) => place.clone(),
            (None, None) => path_of(&breakage.file),
        };
        (self.code == "*" || self.code == code) && (self.text == "*" || self.text == text) && path == place
    }
}

/// The path of a file by its short name.
fn path_of(file: &str) -> String {
    match file {
        "facts" => "facts/facts.yaml".to_owned(),
        _ => match file.strip_suffix("/cases") {
            Some(id) => format!("policies/city/{id}/cases.yaml"),
            None => format!("policies/city/{file}/2024-01-01.yaml"),
        },
    }
}

/// The entries of a list.
pub fn read(list: &str) -> Vec<Breakage> {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(super::FOLDER).join(format!("{list}.txt"));
    let text = std::fs::read_to_string(&path).expect("a list of breakages can be read");
    let blocks = text.split("\n\n").map(str::trim_end).filter(|block| !block.trim().is_empty());
    // The first block says what the list is about.
    blocks.skip(1).map(entry).collect()
}

fn entry(block: &str) -> Breakage {
    let mut found = Breakage { file: DEFAULT_FILE.to_owned(), ..Breakage::default() };
    let mut last = ' ';
    for line in block.lines() {
        let sign = line.chars().next().expect("a block has no empty lines");
        let rest = line[sign.len_utf8()..].strip_prefix(' ').unwrap_or_default();
        let rest = rest.replace('␉', "\t").replace('␇', "\u{7}").replace('␀', "\0");
        match sign {
            '#' => found.title = rest,
            '@' => found.file = rest,
            '>' => found.place = Some((rest, false)),
            '&' => found.place = Some((rest, true)),
            '!' => found.expected.push(expected(&rest)),
            '=' => match &mut found.whole {
                Some(whole) => whole.push_str(&format!("{rest}\n")),
                None => found.whole = Some(format!("{rest}\n")),
            },
            '-' if last == '-' => append(&mut found.changes, &rest, |(old, _)| old),
            '-' => found.changes.push((rest, String::new())),
            '+' if last == '+' => append(&mut found.changes, &rest, |(_, new)| new),
            '+' => found.changes.last_mut().expect("a + line follows a - line").1 = rest,
            _ => panic!("“{line}” is no line of a breakage"),
        }
        last = sign;
    }
    found
}

fn append(changes: &mut [(String, String)], line: &str, part: impl Fn(&mut (String, String)) -> &mut String) {
    let text = part(changes.last_mut().expect("a further line follows a first one"));
    text.push('\n');
    text.push_str(line);
}

fn expected(line: &str) -> Expected {
    let (code, text) = line.split_once(' ').expect("“! code text”");
    let (text, file) = match text.split_once(" in ") {
        Some((text, file)) if file.starts_with("x-") => (text, Some(file.to_owned())),
        _ => (text, None),
    };
    Expected { code: code.to_owned(), text: text.to_owned(), file }
}

impl Breakage {
    /// The library with this one thing broken.
    pub fn check(&self) -> Checked {
        let mut files = super::sound_files();
        let path = path_of(&self.file);
        // Examples of a broken document are not run, which is said once more; only their own list is about them.
        files.retain(|file| !file.path.ends_with("cases.yaml") || file.path == path);
        let at = files
            .iter()
            .position(|file| file.path == path)
            .expect("the file to change is in the sound library");
        let mut text = self.whole.clone().unwrap_or_else(|| files[at].text.clone());
        for (old, new) in &self.changes {
            assert_eq!(
                text.matches(old.as_str()).count(),
                1,
                "“{old}” of “{}” stands there once",
                self.title
            );
            text = text.replace(old.as_str(), new);
        }
        match &self.place {
            None => files[at].text = text,
            Some((place, true)) => files.push(File::new(place.clone(), text)),
            Some((place, false)) => files[at] = File::new(place.clone(), text),
        }
        library::check(files)
    }
}
