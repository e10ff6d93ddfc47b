//! What an exact decision of single rows reads.

use facts::{FactId, Vocabulary};
use lang::ir::{Document, InputKind, Link};
use lang::types::KindId;
use population::Wanted;

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

/// A fact with what it can be told from: a date whose age it is, founding, a certificate, facts one of which is enough.
fn add_fact(into: &mut Wanted, fact: FactId, vocabulary: &Vocabulary) {
    into.add_fact(fact);
    let definition = vocabulary.get(fact);
    let since = definition.since.as_deref().and_then(|since| vocabulary.find(since));
    since.into_iter().for_each(|since| into.add_fact(since));
    definition.any_of.iter().filter_map(|part| vocabulary.find(part)).for_each(|part| into.add_fact(part));
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
