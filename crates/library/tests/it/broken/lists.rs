//! Reads the lists of breakages and applies them to the sound library beside them.

use library::{Checked, File};

/// The file that a breakage changes unless it says otherwise.
const DEFAULT_FILE: &str = "x-base";

/// One thing broken.
#[derive(Debug, Default)]
pub struct Breakage {
    /// What, in words.
    pub title: String,
    /// Folder of the list.
    folder: &'static str,
    /// Short name of the file; of the first one where several are changed.
    file: String,
    /// In which file what becomes what.
    changes: Vec<Change>,
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
pub fn read(folder: &'static str, list: &str) -> Vec<Breakage> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(format!("{list}.txt"));
    let text = std::fs::read_to_string(&path).expect("a list of breakages can be read");
    let blocks = text.split("\n\n").map(str::trim_end).filter(|block| !block.trim().is_empty());
    // The first block says what the list is about.
    blocks.skip(1).map(|block| Breakage { folder, ..entry(block) }).collect()
}

fn entry(block: &str) -> Breakage {
    let mut found = Breakage { file: DEFAULT_FILE.to_owned(), ..Breakage::default() };
    let mut file = DEFAULT_FILE.to_owned();
    let mut last = ' ';
    for line in block.lines() {
        let sign = line.chars().next().expect("a block has no empty lines");
        let rest = line[sign.len_utf8()..].strip_prefix(' ').unwrap_or_default();
        let rest = rest.replace('␉', "\t").replace('␇', "\u{7}").replace('␀', "\0");
        match sign {
            '#' => found.title = rest,
            '@' => {
                if found.changes.is_empty() {
                    found.file.clone_from(&rest);
                }
                file = rest;
            }
            '>' => found.place = Some((rest, false)),
            '&' => found.place = Some((rest, true)),
            '!' => found.expected.push(expected(&rest)),
            '=' => match &mut found.whole {
                Some(whole) => whole.push_str(&format!("{rest}\n")),
                None => found.whole = Some(format!("{rest}\n")),
            },
            '-' if last == '-' => append(&mut found.changes, &rest, |(_, old, _)| old),
            '-' => found.changes.push((file.clone(), rest, String::new())),
            '+' if last == '+' => append(&mut found.changes, &rest, |(_, _, new)| new),
            '+' => found.changes.last_mut().expect("a + line follows a - line").2 = rest,
            _ => panic!("“{line}” is no line of a breakage"),
        }
        last = sign;
    }
    found
}

/// A file, a text in it, and what becomes of it.
type Change = (String, String, String);

fn append(changes: &mut [Change], line: &str, part: impl Fn(&mut Change) -> &mut String) {
    let text = part(changes.last_mut().expect("a further line follows a first one"));
    text.push('\n');
    text.push_str(line);
}

fn expected(line: &str) -> Expected {
    let (code, text) = line.split_once(' ').expect("“! code text”");
    let (text, file) = match text.split_once(" in ") {
        Some((text, file)) if file.starts_with("x-") || file == "facts" => (text, Some(file.to_owned())),
        _ => (text, None),
    };
    Expected { code: code.to_owned(), text: text.to_owned(), file }
}

impl Breakage {
    /// The library with this one thing broken.
    pub fn check(&self) -> Checked {
        library::check(self.files())
    }

    fn files(&self) -> Vec<File> {
        let mut files = super::files_of(self.folder);
        let path = path_of(&self.file);
        // Examples of a broken document are not run, which is said once more; only their own list is about them.
        files.retain(|file| !file.path.ends_with("cases.yaml") || file.path == path);
        let sound = files[place_of(&files, &path)].clone();
        if let Some(whole) = &self.whole {
            let at = place_of(&files, &path);
            files[at].text.clone_from(whole);
        }
        for (file, old, new) in &self.changes {
            let at = place_of(&files, &path_of(file));
            let text = &mut files[at].text;
            assert_eq!(
                text.matches(old.as_str()).count(),
                1,
                "“{old}” of “{}” stands there once",
                self.title
            );
            *text = text.replace(old.as_str(), new);
        }
        if let Some((place, is_besides)) = &self.place {
            let at = place_of(&files, &path);
            if *is_besides {
                let changed = std::mem::replace(&mut files[at], sound);
                files.push(File { path: place.clone(), ..changed });
            } else {
                files[at].path.clone_from(place);
            }
        }
        files
    }
}

fn place_of(files: &[File], path: &str) -> usize {
    files.iter().position(|file| file.path == path).expect("the file to change is in the sound library")
}
