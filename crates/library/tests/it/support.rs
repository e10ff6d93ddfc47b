//! Reading test libraries from `tests/data`, and the embedded one from the repository.

use std::path::Path;

use library::{Checked, File, Library};

/// All files below a folder, by path.
pub fn files(folder: &Path) -> Vec<File> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the folder of a test library can be listed") {
        let path = entry.expect("a listed entry can be read").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it lies below the root").display().to_string();
            files.push(File::new(name, std::fs::read_to_string(&path).expect("test data is UTF-8")));
        }
    }
}

/// A library under `tests/data`.
pub fn test_library(name: &str) -> Library {
    sound(library::check(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name))))
}

/// The library of the repository.
pub fn real_library() -> Library {
    sound(library::check(real_files()))
}

/// The files of the library of the repository.
pub fn real_files() -> Vec<File> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library"))
}

/// The library, once nothing is wrong with it.
pub fn sound(checked: Checked) -> Library {
    let shown: Vec<String> = checked
        .findings
        .iter()
        .map(|finding| checked.sources[finding.source].render(&finding.diagnostic, facts::Language::English))
        .collect();
    assert!(!checked.has_errors(), "{}", shown.join("\n"));
    checked.library.expect("a library without errors")
}
