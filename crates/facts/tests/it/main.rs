//! What the crate promises, in one test binary. Cells are tested by the tables in `data/`: add a line, nothing else.

mod cells;
mod classifications;
mod display;
mod objects;
mod periods;
mod properties;
mod rows;
mod tables;
mod uscc;
mod vocabulary;
mod workbooks;

use facts::read::{ReadOptions, ReadOutcome, read};
use facts::{Period, Profile, Source, Value, Vocabulary};

/// The vocabulary of `data/vocabulary.yaml`.
pub fn words() -> Vocabulary {
    let source = Source::new("vocabulary.yaml", include_str!("data/vocabulary.yaml"));
    let (vocabulary, found) = facts::vocabulary::load(std::slice::from_ref(&source));
    let rendered: Vec<String> =
        found.iter().map(|(_, finding)| source.render(finding, facts::Language::Chinese)).collect();
    assert!(rendered.is_empty(), "{}", rendered.join("\n"));
    vocabulary
}

/// Reads a text as a file of that name with the test vocabulary.
pub fn read_text(name: &str, text: &str) -> ReadOutcome {
    read(name, text.as_bytes(), &words(), &ReadOptions::default()).expect("the file can be read")
}

/// The only subject of a file in which nothing is wrong.
pub fn only_profile(name: &str, text: &str) -> Profile {
    let mut outcome = read_text(name, text);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    assert_eq!(outcome.profiles.len(), 1);
    outcome.profiles.remove(0)
}

/// The value of a fact in a period.
pub fn value(profile: &Profile, fact: &str, period: &Period) -> Option<Value> {
    let id = words().find(fact).unwrap_or_else(|| panic!("no fact {fact}"));
    let entries = profile.facts.get(&id)?;
    entries.iter().find(|entry| entry.period == *period).map(|entry| entry.value.clone())
}

/// The codes of all problems, in order.
pub fn codes(outcome: &ReadOutcome) -> Vec<&'static str> {
    outcome.problems.iter().map(|problem| problem.code).collect()
}

/// A whole number as a value.
pub fn number(whole: i64) -> Value {
    Value::Number(facts::Number::from(whole))
}

/// The lines of a data table, without remarks, split at `|`.
pub fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').map(str::trim).collect())
}
