//! The formatter changes how a document looks and nothing else.

use std::path::Path;

use facts::{Source, Vocabulary};
use lang::ir::{Condition, Document, Test};
use lang::{Catalog, document};
use proptest::prelude::*;

use super::choices::streams;
use super::document::{Grower, Soil, body, vocabulary};

/// A document as text without the places and the letters of its rules.
fn meaning(document: &Document) -> String {
    let mut bare = document.clone();
    bare.needs.iter_mut().for_each(without_letters);
    without_spans(&format!("{bare:?}"))
}

fn without_letters(condition: &mut Condition) {
    condition.rule.clear();
    match &mut condition.test {
        Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) | Test::Each(_, _, inner) => {
            inner.iter_mut().for_each(without_letters);
        }
        Test::First(tiers, otherwise) => {
            tiers.iter_mut().for_each(|(_, tier)| without_letters(tier));
            otherwise.iter_mut().for_each(|last| without_letters(last));
        }
        Test::Rule(_) | Test::Manual(..) | Test::Include(..) => {}
    }
}

fn without_spans(text: &str) -> String {
    let mut pieces = text.split("Span { start: ");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}

fn check(text: &str, path: &str, vocabulary: &Vocabulary, catalog: &Catalog) -> Result<(), String> {
    let formatted = document::format(text);
    let again = document::format(&formatted);
    if again != formatted {
        return Err(format!("formatted again it differs:\n{formatted}\n{again}"));
    }
    let compile = |text: &str| lang::compile(&Source::new(path, text), vocabulary, catalog);
    match (compile(text), compile(&formatted)) {
        ((Some(before), _), (Some(after), _)) if meaning(&before) == meaning(&after) => Ok(()),
        ((Some(_), _), (Some(_), _)) => Err(format!("formatted it means something else:\n{formatted}")),
        ((Some(_), _), (None, found)) => Err(format!("formatted it is wrong: {found:?}\n{formatted}")),
        ((None, before), (_, after)) if before.len() == after.len() => Ok(()),
        ((None, before), (_, after)) => {
            Err(format!("{} findings became {}:\n{formatted}", before.len(), after.len()))
        }
    }
}

/// Checks every policy below a folder of the crate that holds a library.
fn check_library(folder: &str) -> usize {
    let files = crate::support::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let of = |role: library::Role| files.iter().filter(move |file| library::role(&file.path) == role);
    let sources = |role: library::Role| -> Vec<Source> {
        of(role).map(|file| Source::new(&*file.path, &*file.text)).collect()
    };
    let (lists, _) = facts::classification::load(&sources(library::Role::Classification));
    let (vocabulary, _) = facts::vocabulary::load_with(&sources(library::Role::Facts), lists);
    let mut catalog = Catalog::default();
    for file in of(library::Role::Policy) {
        let id = file.path.rsplit('/').nth(1).expect("a policy lies in its folder");
        catalog.documents.insert(id.to_owned());
    }
    for file in of(library::Role::Policy) {
        if let Err(why) = check(&file.text, &file.path, &vocabulary, &catalog) {
            panic!("{}: {why}", file.path);
        }
    }
    of(library::Role::Policy).count()
}

#[test]
fn formatting_the_documents_of_the_library_changes_no_meaning() {
    assert!(check_library("../../library") >= 18);
}

#[test]
fn formatting_the_documents_of_the_tests_changes_no_meaning() {
    let count: usize = ["rulings", "shapes", "broken/sound"]
        .map(|name| check_library(&format!("tests/data/{name}")))
        .iter()
        .sum();
    assert!(count >= 6);
}

/// Writes a rule worse than anybody would: full-width signs, blanks where none or several belong.
fn disfigured(text: &str, how: &[u16]) -> String {
    let mut turns = how.iter().cycle();
    let mut is_text = false;
    let mut out = String::new();
    for c in text.chars() {
        is_text ^= c == '"';
        let turn = if is_text { 0 } else { turns.next().copied().unwrap_or(0) % 6 };
        match (c, turn) {
            (' ', 1) => out.push_str("  "),
            (',', 1) => out.push('，'),
            ('(', 1) => out.push('（'),
            (')', 1) => out.push('）'),
            ('*', 1) => out.push('×'),
            ('/', 1) => out.push('÷'),
            ('(', 2) => out.push_str("( "),
            (')', 2) => out.push_str(" )"),
            _ => out.push(c),
        }
    }
    out
}

proptest! {
    #![proptest_config(super::cases(120))]

    #[test]
    fn formatting_a_document_changes_no_meaning(stream in streams(), how in prop::collection::vec(0..6u16, 1..40)) {
        let text = Grower::new(&stream, Soil::Rich).document();
        let head = text.len() - body(&text).len();
        let worse: String = text[head..]
            .lines()
            .map(|line| {
                let mut is_rule = false;
                let pieces: Vec<String> = line
                    .split('\'')
                    .map(|piece| {
                        is_rule = !is_rule;
                        if is_rule { piece.to_owned() } else { disfigured(piece, &how) }
                    })
                    .collect();
                format!("{}\n", pieces.join("'"))
            })
            .collect();
        let vocabulary = vocabulary();
        let path = "policies/city/x-law/2020-01-01.yaml";
        let checked = check(&format!("{}{worse}", &text[..head]), path, &vocabulary, &Catalog::default());
        prop_assert!(checked.is_ok(), "{}\n{worse}", checked.unwrap_err());
    }
}
