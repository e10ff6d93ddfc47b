//! One file a rule. Each says what it finds and how to mend it, and stays silent where it cannot tell.

mod always;
mod contradiction;
mod exclusion;
mod expired;
mod gap;
mod idle;
mod never;
mod overlap;
mod repeated;
mod requirement;
mod synonym;
mod ungraded;
mod unused;

use facts::Source;
use facts::yaml::Node;
use lang::ir::Document;

use super::logic::Logic;
use super::rule::Rule;
use super::sites;
use super::{Library, Note, places};

pub(super) use idle::idle;

/// All rules, by code.
pub static RULES: [&Rule; 13] = [
    &contradiction::RULE,
    &always::RULE,
    &never::RULE,
    &repeated::RULE,
    &overlap::RULE,
    &gap::RULE,
    &exclusion::RULE,
    &requirement::RULE,
    &expired::RULE,
    &ungraded::RULE,
    &unused::RULE,
    &synonym::RULE,
    &idle::RULE,
];

/// A document that was checked, with its text.
pub(super) struct Text<'a> {
    pub index: usize,
    pub source: &'a Source,
    pub root: Option<&'a Node>,
    pub document: &'a Document,
}

/// Where a text stands in the list under a key of a document.
fn places_of(text: &Text<'_>, key: &str, word: &str) -> facts::Span {
    places::listed(text.root, key, word).unwrap_or_default()
}

/// What all rules find in a library.
pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    for text in &library.texts {
        let logic = Logic::new(text.document, library.vocabulary);
        let sites = sites::sites(&logic, text.source);
        contradiction::check(&logic, &sites, text, notes);
        always::check(&logic, &sites, text, notes);
        never::check(&logic, &sites, text, notes);
        overlap::check(&logic, &sites, text, notes);
        gap::check(&logic, &sites, text, notes);
        repeated::check(&logic, text, notes);
        ungraded::check(text, notes);
    }
    exclusion::check(library, notes);
    requirement::check(library, notes);
    expired::check(library, notes);
    if library.is_whole {
        unused::check(library, notes);
        synonym::check(library, notes);
    }
}
