//! Which facts the chosen policies read, as columns of a form.

use std::collections::BTreeMap;

use engine::point::reference_year;
use facts::{Date, FactDefinition, FactId, Period, SpanAs, Vocabulary};
use lang::ir::{Document, InputKind, Link, Test};
use lang::types::KindId;
use library::Library;

use wording::period;

/// Deepest chain of policies that refer to one another.
const DEPTH_MAX: usize = 16;

/// What a column holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holds {
    /// A fact.
    Fact(FactId),
    /// Whether a status is held.
    Status,
    /// That there are none of a collection, whose items have a sheet of their own.
    NoItems,
}

/// A column of a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// As the header names it, without its unit.
    pub key: String,
    /// What it holds.
    pub holds: Holds,
    /// The policies that read it.
    pub policies: Vec<String>,
    /// Works itself out where the others are filled in.
    pub is_derived: bool,
}

/// A condition that only a person decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The policy.
    pub policy: String,
    /// The key under which a decision can be given.
    pub key: String,
    /// What is to be decided.
    pub text: facts::Text,
}

/// The columns of the subjects' sheet and of each collection's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Form {
    /// Of the subject itself and of its related parties.
    pub main: Vec<Column>,
    /// By collection.
    pub collections: BTreeMap<String, Vec<Column>>,
    /// What persons decide.
    pub judgements: Vec<Judgement>,
}

impl Form {
    /// The form for these documents on a day.
    pub fn of(documents: &[&Document], library: &Library, day: Date) -> Self {
        let mut gatherer = Gatherer { library, day, form: Form::default(), seen: Vec::new() };
        documents.iter().for_each(|document| gatherer.document(document, 0));
        gatherer.form
    }
}

struct Gatherer<'l> {
    library: &'l Library,
    day: Date,
    form: Form,
    seen: Vec<String>,
}

impl<'l> Gatherer<'l> {
    fn vocabulary(&self) -> &'l Vocabulary {
        &self.library.rulebook.vocabulary
    }

    fn document(&mut self, document: &Document, depth: usize) {
        if depth > DEPTH_MAX || self.seen.contains(&document.id) {
            return;
        }
        self.seen.push(document.id.clone());
        self.kind(document, KindId(0), "", None);
        for condition in document.conditions() {
            if let Test::Manual(text, _) = &condition.test {
                let text = if condition.says.zh.is_empty() { text.clone() } else { condition.says.clone() };
                let key = format!("manual:{}", condition.id);
                self.form.judgements.push(Judgement { policy: document.id.clone(), key, text });
            }
        }
        // What another policy reads decides whether its conditions are met.
        let others = document.kinds[0].inputs.iter().filter_map(|input| match &input.kind {
            InputKind::Document(id) => Some(id.clone()),
            _ => None,
        });
        for id in others.collect::<Vec<_>>() {
            if let Some(entry) = self.library.rulebook.versions(&id).last() {
                self.document(&entry.document, depth + 1);
            }
        }
    }

    /// The inputs of a kind of scope, then of what hangs below it.
    fn kind(&mut self, document: &Document, kind: KindId, prefix: &str, collection: Option<&str>) {
        let derived = derived(document);
        for input in &document.kinds[kind.0].inputs {
            let (key, holds) = match &input.kind {
                InputKind::Fact(fact, period) => {
                    if is_spare(document, kind, *fact, period) {
                        continue;
                    }
                    let definition = self.vocabulary().get(*fact);
                    let reference = reference_year(document, None, self.day);
                    (period::key(definition, &period.absolute(definition, reference)), Holds::Fact(*fact))
                }
                InputKind::Status(name) => (format!("status:{name}"), Holds::Status),
                InputKind::Collection(name) if kind == KindId(0) => {
                    self.form.collections.entry(name.clone()).or_default();
                    (name.clone(), Holds::NoItems)
                }
                InputKind::Collection(_) | InputKind::Manual(_) | InputKind::Document(_) => continue,
            };
            let is_derived =
                matches!(&holds, Holds::Fact(fact) if derived.contains(fact)) && kind == KindId(0);
            self.add(
                Column {
                    key: format!("{prefix}{key}"),
                    holds,
                    policies: vec![document.id.clone()],
                    is_derived,
                },
                collection,
            );
        }
        for (index, below) in document.kinds.iter().enumerate() {
            match &below.link {
                Link::Role(of, role) if *of == kind => {
                    self.kind(document, KindId(index), &format!("{prefix}{role}."), collection);
                }
                // Items of items have no sheet of their own.
                Link::Items(of, name) if *of == kind && kind == KindId(0) => {
                    self.form.collections.entry(name.clone()).or_default();
                    self.kind(document, KindId(index), "", Some(name));
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, column: Column, collection: Option<&str>) {
        let columns = match collection {
            None => &mut self.form.main,
            Some(name) => self.form.collections.entry(name.to_owned()).or_default(),
        };
        match columns.iter_mut().find(|known| known.key == column.key) {
            None => columns.push(column),
            Some(known) => {
                known.is_derived &= column.is_derived;
                known.policies.extend(
                    column.policies.into_iter().filter(|id| !known.policies.contains(id)).collect::<Vec<_>>(),
                );
            }
        }
    }
}

/// Scores and ranks that the document itself works out.
fn derived(document: &Document) -> Vec<FactId> {
    let fact = |index: usize| match &document.kinds[0].inputs[index].kind {
        InputKind::Fact(fact, _) => Some(*fact),
        _ => None,
    };
    let given = document.scores.iter().filter_map(|score| score.given);
    let mut out: Vec<FactId> = given.filter_map(|input| fact(input.index)).collect();
    out.extend(document.gives.rank.as_ref().map(|rank| rank.fact));
    out
}

/// A total or mean that serves where the single years or quarters are not known: the form asks for those.
fn is_spare(document: &Document, kind: KindId, fact: FactId, period: &Period) -> bool {
    let is_sum = match period {
        Period::LastYears(..) | Period::YearAndBefore(..) | Period::Years(..) => {
            period.taken() != Some(SpanAs::Years)
        }
        Period::QuarterMean(_) => true,
        Period::Label(label) => label.ends_with("合计") || label.ends_with("均值"),
        _ => false,
    };
    let is_single = |period: &Period| match period {
        Period::Year(_) | Period::YearEnd(_) | Period::Quarter(..) => true,
        Period::Label(label) => !label.ends_with("合计") && !label.ends_with("均值"),
        _ => false,
    };
    let mut others = document.kinds[kind.0].inputs.iter();
    is_sum && others.any(|input| matches!(&input.kind, InputKind::Fact(other, period) if *other == fact && is_single(period)))
}

/// The header of a column: its key, and the unit of the numbers below it.
pub fn header(column: &Column, vocabulary: &Vocabulary) -> String {
    let unit = match &column.holds {
        Holds::Fact(fact) => unit(vocabulary.get(*fact)),
        Holds::Status | Holds::NoItems => None,
    };
    match unit {
        Some(unit) => format!("{}({unit})", column.key),
        None => column.key.clone(),
    }
}

/// The unit of bare numbers; a ratio says its own per cent sign in the cell.
pub fn unit(definition: &FactDefinition) -> Option<&'static str> {
    let is_plain = matches!(
        definition.fact_type,
        facts::FactType::Money | facts::FactType::Count | facts::FactType::Number
    );
    definition.unit.filter(|_| is_plain).map(|unit| unit.name)
}
