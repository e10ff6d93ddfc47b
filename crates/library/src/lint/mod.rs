//! The lint: what is sound to decide by and still looks wrong to somebody who reads it.
//!
//! [`lint`] takes a library that was checked and finds conditions that nobody meets or that ask for nothing, bands that
//! overlap or leave gaps, rows said twice, exclusions on one side, titles that require one another, documents that ended
//! without a successor or whose source nobody saw, and facts that nobody asks for or that look like another. [`RULES`]
//! lists the rules; each is a file under `rules`. An author silences a finding by an entry under `lint` with a reason.
//!
//! A finding is a warning: the document can be decided by. A rule that cannot tell stays silent.

mod logic;
mod places;
mod rule;
mod rules;
mod sets;
mod silence;
mod sites;

use std::collections::BTreeMap;

use facts::yaml::{self, Node};
use facts::{Date, Diagnostic, Severity, Span, Text, Vocabulary};

use crate::{Checked, Finding, Role};

pub use rule::{Both, Rule};
pub use rules::RULES;

/// A finding that an author accepted.
#[derive(Clone, Debug)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// Why it is accepted.
    pub reason: Text,
}

/// What remains of a check, together with what the lint found.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// Mistakes and warnings, by file and place.
    pub findings: Vec<Finding>,
    /// Warnings that were silenced, by file and place.
    pub silenced: Vec<Silenced>,
}

/// Looks through a checked library as of a day. The findings of the check are among those given back.
pub fn lint(checked: &Checked, on: Date) -> Linted {
    let roots: Vec<Option<Node>> = checked.sources.iter().map(|source| yaml::parse(&source.text).0).collect();
    let mut notes: Vec<Note> = Vec::new();
    let mut is_whole = false;
    if let Some(library) = Library::new(checked, &roots, on) {
        is_whole = library.is_whole;
        rules::check(&library, &mut notes);
    }
    let found = checked.findings.iter().map(|finding| Note::new(finding.source, finding.diagnostic.clone()));
    let all: Vec<Note> = found.chain(notes).collect();
    let mut silences = silence::read(&checked.sources, &roots);
    let mut linted = Linted::default();
    for note in all {
        let Note { finding, is_due } = note;
        let root = roots.get(finding.source).and_then(Option::as_ref);
        let text = &checked.sources[finding.source].text;
        let is_warning = finding.diagnostic.severity == Severity::Warning;
        let fits = |silence: &&mut silence::Silence| {
            is_warning && silence.covers(finding.source, &finding.diagnostic, root, text)
        };
        match silences.iter_mut().find(fits) {
            Some(silence) => {
                silence.is_used = true;
                if is_due {
                    linted.silenced.push(Silenced { finding, reason: silence.reason.clone() });
                }
            }
            None if is_due => linted.findings.push(finding),
            None => {}
        }
    }
    // With mistakes about, not every rule could look everywhere.
    if is_whole {
        linted.findings.extend(rules::idle(&silences).into_iter().map(|note| note.finding));
    }
    let place = |finding: &Finding| (finding.source, finding.diagnostic.span, finding.diagnostic.code);
    linted.findings.sort_by_key(place);
    linted.silenced.sort_by_key(|silenced| place(&silenced.finding));
    linted
}

/// What a rule found.
struct Note {
    finding: Finding,
    /// Whether it is so on the day; what will be so later can be silenced already.
    is_due: bool,
}

impl Note {
    fn new(source: usize, diagnostic: Diagnostic) -> Self {
        Self { finding: Finding { source, diagnostic }, is_due: true }
    }
}

/// A library as the rules see it.
struct Library<'a> {
    vocabulary: &'a Vocabulary,
    texts: Vec<rules::Text<'a>>,
    /// Where the name of each fact stands.
    facts: BTreeMap<&'a str, (usize, Span)>,
    on: Date,
    /// There are documents, and none has a mistake: only then can it be told what nobody asks for.
    is_whole: bool,
}

impl<'a> Library<'a> {
    /// `None` where the vocabulary itself has mistakes.
    fn new(checked: &'a Checked, roots: &'a [Option<Node>], on: Date) -> Option<Self> {
        let rulebook = &checked.library.as_ref()?.rulebook;
        let by_path: BTreeMap<&str, usize> =
            checked.sources.iter().enumerate().map(|(index, source)| (source.path.as_str(), index)).collect();
        let text = |entry: &'a engine::point::Entry| {
            let index = *by_path.get(entry.document.path.as_str())?;
            let source = &checked.sources[index];
            Some(rules::Text { index, source, root: roots[index].as_ref(), document: &entry.document })
        };
        let texts: Vec<_> = rulebook.entries().iter().filter_map(text).collect();
        let of = |role: Role| {
            checked.sources.iter().enumerate().filter(move |(_, source)| crate::role(&source.path) == role)
        };
        let is_whole = !texts.is_empty() && of(Role::Policy).count() == texts.len();
        let mut facts = BTreeMap::new();
        for (index, _) in of(Role::Facts) {
            let entries =
                roots[index].as_ref().and_then(|root| root.get("facts")?.as_list()).unwrap_or_default();
            for name in entries.iter().filter_map(|entry| entry.get("name")) {
                facts.insert(name.as_text().unwrap_or_default(), (index, name.span));
            }
        }
        Some(Self { vocabulary: &rulebook.vocabulary, texts, facts, on, is_whole })
    }

    /// Where the name of a fact stands.
    fn fact_place(&self, name: &str) -> Option<(usize, Span)> {
        self.facts.get(name).copied()
    }
}
