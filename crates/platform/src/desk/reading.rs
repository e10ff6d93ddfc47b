//! A draft and what it is held against, read within the release that holds. Pure.

use effect::in_force;
use engine::point::{Entry, Rulebook};
use facts::read::ReadProblem;
use facts::{Date, FactId, Severity, Source, Text, Vocabulary};
use lang::ir::Document;

use super::model::{DIMENSIONS_MAX, DRAFT_BYTES_MAX};
use crate::policies::problem_of;

/// What a draft is called where its mistakes are told.
const DRAFT: &str = "draft";

/// Reads and checks a draft; every mistake with its line and column.
pub fn draft(text: &str, rulebook: &Rulebook) -> Result<Document, Vec<ReadProblem>> {
    if text.len() > DRAFT_BYTES_MAX {
        return Err(vec![problem("/draft", "E0003", "草案超过 1 MiB", "the draft is past 1 MiB")]);
    }
    let source = Source::new(DRAFT, text);
    let (document, found) = effect::draft::check(&source, rulebook);
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<ReadProblem> = errors.map(|finding| problem_of(&source, finding)).collect();
    match document {
        Some(document) if errors.is_empty() => Ok(document),
        _ => Err(errors),
    }
}

/// What a draft is held against: what was asked for, else the version of its id that is in force on the day.
pub fn against<'r>(
    rulebook: &'r Rulebook,
    id: &str,
    wanted: Option<&str>,
    day: Date,
) -> Result<Option<&'r Entry>, Vec<ReadProblem>> {
    let Some(text) = wanted else { return Ok(in_force(rulebook, id, day)) };
    let found = match text.split_once('@') {
        Some((id, from)) => rulebook.versions(id).find(|entry| entry.document.from.to_string() == from),
        None => in_force(rulebook, text, day).or_else(|| rulebook.versions(text).last()),
    };
    let unknown = || {
        let (zh, en) = ("没有这项政策或这个版本", "there is no such policy, or no such version of it");
        vec![problem("/against", "E0612", zh, en)]
    };
    found.map(Some).ok_or_else(unknown)
}

/// The facts to break down by: those asked for, else those that the vocabulary marks for subjects of the kind.
pub fn dimensions(
    by: &[String],
    vocabulary: &Vocabulary,
    kind: &str,
) -> Result<Vec<FactId>, Vec<ReadProblem>> {
    if by.len() > DIMENSIONS_MAX {
        let (zh, en) = (
            format!("最多按 {DIMENSIONS_MAX} 个事实分列"),
            format!("at most {DIMENSIONS_MAX} facts to break down by"),
        );
        return Err(vec![problem("/by", "E0003", &zh, &en)]);
    }
    if by.is_empty() {
        return Ok(effect::simulation::marked_dimensions(vocabulary, kind));
    }
    let (mut facts, mut wrong) = (Vec::new(), Vec::new());
    for (place, name) in by.iter().enumerate() {
        match vocabulary.find(name) {
            Some(fact) => facts.push(fact),
            None => wrong.push(problem(
                &format!("/by/{place}"),
                "E0060",
                &format!("没有名为“{name}”的事实"),
                &format!("there is no fact “{name}”"),
            )),
        }
    }
    if wrong.is_empty() { Ok(facts) } else { Err(wrong) }
}

/// Something wrong at a place of what was asked.
pub fn problem(place: &str, code: &'static str, zh: &str, en: &str) -> ReadProblem {
    ReadProblem {
        place: Text { zh: place.to_owned(), en: place.to_owned() },
        code,
        message: Text { zh: zh.to_owned(), en: en.to_owned() },
        help: Text::default(),
    }
}
