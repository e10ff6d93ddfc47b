//! Broken documents: each gives a clear, located error and nothing else goes wrong.
//!
//! `tests/data/broken/sound` is a small library without a fault. Each list beside it, `names.txt`, `units.txt` …, breaks
//! one thing at a time; [`lists`](crate::broken::lists) reads them:
//!
//! ```text
//! # what is broken, in words
//! @ x-other            the file that is changed, x-base where this line is absent; several, one after the other
//! - old                this text, which stands there once,
//! + new                becomes this one
//! = text               or the whole file is this
//! > path               the changed file lies there instead
//! & path               the changed file lies there besides
//! ! E0301 text         expected: an error of that code under that text; * is any
//! ```
//! What a person is shown stands in `snapshots/`, one file a list, both languages.

mod limits;
pub(crate) mod lists;
mod mutations;

use facts::{Language, Severity};
use library::{Checked, File};

use self::lists::{Breakage, Expected};

/// Where the sound library lies, and the lists.
pub(crate) const FOLDER: &str = "tests/data/broken";

/// The files of the sound library.
pub(crate) fn sound_files() -> Vec<File> {
    files_of(FOLDER)
}

/// The files of the sound library in a folder of lists.
pub(crate) fn files_of(folder: &str) -> Vec<File> {
    crate::support::files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("sound"))
}

#[test]
fn the_library_that_the_lists_break_is_sound() {
    let library = crate::support::sound(library::check(sound_files()));
    let results = library.run_cases(None);
    assert!(results.iter().all(|result| result.differences.is_empty()), "{results:?}");
    assert_eq!(results.len(), 2);
}

#[test]
fn ways_of_writing_that_mean_the_same_are_no_errors() {
    for breakage in lists::read(FOLDER, "fine") {
        let checked = breakage.check();
        let shown = shown(&checked, Language::English);
        assert!(checked.findings.is_empty(), "{}:\n{shown}", breakage.title);
    }
}

macro_rules! broken_lists {
    ($($test:ident: $list:literal, $least:literal;)*) => {$(
        #[test]
        fn $test() {
            snapshot($list, $least);
        }
    )*};
}

broken_lists! {
    names_that_nothing_declares_are_reported: "names", 35;
    units_that_do_not_go_together_are_reported: "units", 28;
    types_that_do_not_go_together_are_reported: "types", 45;
    periods_that_a_fact_does_not_have_are_reported: "periods", 14;
    definitions_that_read_themselves_are_reported: "cycles", 9;
    missing_and_misspelt_keys_are_reported: "shape", 45;
    things_out_of_order_are_reported: "order", 16;
    documents_in_the_wrong_place_are_reported: "place", 8;
    files_that_are_no_yaml_are_reported: "yaml", 12;
    rules_that_do_not_parse_are_reported: "syntax", 14;
    examples_written_wrong_are_reported: "cases", 25;
    a_broken_vocabulary_is_reported: "vocabulary", 5;
}

/// Checks every entry of a list, and compares what a person is shown with the snapshot.
fn snapshot(list: &str, least: usize) {
    let breakages = lists::read(FOLDER, list);
    assert!(breakages.len() >= least, "{list} has {} entries", breakages.len());
    let mut text = String::new();
    let mut wrong = Vec::new();
    for breakage in &breakages {
        let checked = breakage.check();
        if let Err(why) = judge(breakage, &checked) {
            wrong.push(format!("{list}: {}: {why}\n{}", breakage.title, shown(&checked, Language::English)));
        }
        text.push_str(&format!("# {}\n", breakage.title));
        text.push_str(&shown(&checked, Language::Chinese));
        text.push_str(&shown(&checked, Language::English));
        text.push('\n');
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), breakages.len(), wrong.join("\n"));
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots"}, {
        insta::assert_snapshot!(format!("broken-{list}"), text);
    });
}

fn shown(checked: &Checked, language: Language) -> String {
    let one =
        |finding: &library::Finding| checked.sources[finding.source].render(&finding.diagnostic, language);
    checked.findings.iter().map(one).collect()
}

/// Exactly what is expected was found, all of it inside the files and in both languages.
fn judge(breakage: &Breakage, checked: &Checked) -> Result<(), String> {
    let mut open: Vec<&Expected> = breakage.expected.iter().collect();
    for finding in &checked.findings {
        let source = &checked.sources[finding.source];
        let diagnostic = &finding.diagnostic;
        if diagnostic.severity != Severity::Error {
            return Err(format!("{} is a warning only", diagnostic.code));
        }
        if diagnostic.message.zh.is_empty() || diagnostic.message.en.is_empty() {
            return Err(format!("{} lacks a language", diagnostic.code));
        }
        if diagnostic.help.zh.is_empty() != diagnostic.help.en.is_empty() {
            return Err(format!("the help of {} lacks a language", diagnostic.code));
        }
        let span = diagnostic.span;
        let Some(text) = source.text.get(span.start..span.end.min(source.text.len())) else {
            return Err(format!("{} lies outside its file or splits a character: {span:?}", diagnostic.code));
        };
        let path = source.path.as_str();
        let Some(at) =
            open.iter().position(|expected| expected.matches(diagnostic.code, text, path, breakage))
        else {
            return Err(format!("{} under “{text}” in {path} was not expected", diagnostic.code));
        };
        open.remove(at);
    }
    match open.first() {
        Some(expected) => Err(format!("{expected:?} is missing")),
        None if breakage.expected.is_empty() => Err("the entry expects nothing".to_owned()),
        None => Ok(()),
    }
}
