//! The files that tidy reads, from disk into memory, sorted by path.

use std::path::Path;

use anyhow::{Context, Result};

/// Where excuses stand.
pub const ALLOWED_PATH: &str = "xtask/tidy-allow.txt";

/// A text file of the repository.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Path from the root, with `/`.
    pub path: String,
    /// Contents.
    pub text: String,
}

impl TextFile {
    #[cfg(test)]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Its last name's ending, without the dot.
    pub fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|ending| ending.to_str()).unwrap_or_default()
    }
}

/// Everything that the checks read.
pub struct Sources {
    /// Rust files of all crates, tests and benches included.
    pub rust: Vec<TextFile>,
    /// Vocabulary and policy documents.
    pub library: Vec<TextFile>,
    /// All text files, those above included.
    pub texts: Vec<TextFile>,
    /// Excuses.
    pub allowed: TextFile,
}

impl Sources {
    /// Reads the repository. Files that are not UTF-8 (workbooks, pictures) are no text and are passed over.
    pub fn read(root: &Path) -> Result<Self> {
        let mut texts = Vec::new();
        read_folder(root, root, &mut texts)?;
        texts.sort_by(|a, b| a.path.cmp(&b.path));
        let starting = |start: &'static str, ending: &'static str| {
            texts.iter().filter(move |file| file.path.starts_with(start) && file.extension() == ending)
        };
        let rust = starting("crates/", "rs").chain(starting("xtask/", "rs")).cloned().collect();
        let library = starting("library/", "yaml").cloned().collect();
        let allowed = texts.iter().find(|file| file.path == ALLOWED_PATH).cloned();
        let allowed =
            allowed.unwrap_or_else(|| TextFile { path: ALLOWED_PATH.to_owned(), text: String::new() });
        Ok(Self { rust, library, texts, allowed })
    }
}

fn read_folder(root: &Path, folder: &Path, texts: &mut Vec<TextFile>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() && !is_passed_over(&name) {
            read_folder(root, &path, texts)?;
        } else if kind.is_file() && !name.ends_with(".snap.new") {
            let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            let below = path.strip_prefix(root).expect("the walk started at the root");
            let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            texts.push(TextFile { path: parts.join("/"), text });
        }
    }
    Ok(())
}

/// Folders that are not part of the repository: git's own, and what builds leave behind.
fn is_passed_over(name: &str) -> bool {
    name == ".git" || name == "target" || name.starts_with("target-")
}
