//! Rows that the planes leave open, decided exactly.
//!
//! A row is asked exactly where it is open and something about it could not be told from bounds, where unknowns hang
//! together (the exact decision tries their cases), and where an amount is not one number.

use facts::{Date, FactId, Vocabulary};
use lang::ir::{Document, InputKind, Link};
use lang::types::KindId;
use population::{Population, Wanted};

use crate::point::{Band, Decision, Engine, Entry, Money, Options, Outcome};

/// What an exact decision says of a row, without reasons.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub outcome: Outcome,
    pub failed: Vec<String>,
    pub missing: Vec<String>,
    pub amount: Option<Money>,
    pub ranks: Vec<String>,
}

impl Brief {
    fn of(decision: Decision<'_>) -> Self {
        Self {
            outcome: decision.outcome,
            failed: decision.failed,
            missing: decision.missing.into_iter().map(|missing| missing.key).collect(),
            amount: decision.amount,
            ranks: decision.ranks,
        }
    }
}

/// Decides a row of a population.
pub(super) fn decide(
    engine: &Engine<'_>,
    entry: &Entry,
    (population, row): (&Population, usize),
    wanted: &Wanted,
    day: Date,
    band: &Band,
) -> Brief {
    let profile = population.profile(row, wanted);
    let engine = engine.with(Options { gaps: false });
    Brief::of(engine.decide_entry(entry, &profile, day, band))
}

/// What a decision of these documents reads of a subject.
pub(super) fn wanted<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
    vocabulary: &Vocabulary,
) -> Wanted {
    let mut wanted = Wanted::nothing();
    for document in documents {
        add_kind(&mut wanted, document, KindId(0), vocabulary);
    }
    wanted
}

fn add_kind(into: &mut Wanted, document: &Document, kind: KindId, vocabulary: &Vocabulary) {
    for input in &document.kinds[kind.0].inputs {
        match &input.kind {
            InputKind::Fact(fact, _) => add_fact(into, *fact, vocabulary),
            InputKind::Status(name) => add_status(into, name, vocabulary),
            InputKind::Manual(id) => into.add_manual(id),
            InputKind::Collection(name) => drop(into.collection(name)),
            InputKind::Document(_) => {}
        }
    }
    for (at, below) in document.kinds.iter().enumerate() {
        let inside = match &below.link {
            Link::Items(of, collection) if *of == kind => into.collection(collection),
            Link::Role(of, role) if *of == kind => into.role(role),
            _ => None,
        };
        if let Some(inside) = inside {
            add_kind(inside, document, KindId(at), vocabulary);
        }
    }
}

/// A fact with what it can be told from: a date whose age it is, founding, a certificate.
fn add_fact(into: &mut Wanted, fact: FactId, vocabulary: &Vocabulary) {
    into.add_fact(fact);
    let definition = vocabulary.get(fact);
    let since = definition.since.as_deref().and_then(|since| vocabulary.find(since));
    since.into_iter().for_each(|since| into.add_fact(since));
    let founding = vocabulary.facts().find(|(_, definition)| definition.founding);
    founding.into_iter().for_each(|(founding, _)| into.add_fact(founding));
    for status in vocabulary.statuses.iter().filter(|status| status.facts.contains(&definition.name)) {
        into.add_status(&status.name);
    }
}

fn add_status(into: &mut Wanted, name: &str, vocabulary: &Vocabulary) {
    into.add_status(name);
    let facts = vocabulary.status(name).map(|status| status.facts.as_slice()).unwrap_or_default();
    facts.iter().filter_map(|fact| vocabulary.find(fact)).for_each(|fact| into.add_fact(fact));
}
