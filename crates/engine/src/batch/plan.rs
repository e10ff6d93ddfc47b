//! What a set of documents comes to on a day.

use std::collections::BTreeMap;

use facts::{Date, FactId};
use lang::ir::{Document, InputKind, RankRule};
use population::Wanted;

use super::entangled::entangled;
use super::eval::{Step, steps};
use super::exact;
use super::filled::{Leanings, leanings};
use super::lower::{Lowered, Lowerer};
use super::program::{Program, SlotId, is_grouped};
use crate::point::{Calendar, Engine, Entry, Rulebook, Standing};

/// Most documents that may hang on one another, as in the exact decision.
const DEPTH_MAX: usize = 16;

/// Documents made ready for bulk decisions on a day.
#[derive(Debug)]
pub struct Plan<'a> {
    pub(super) engine: Engine<'a>,
    pub(super) day: Date,
    pub(super) program: Program,
    /// Those that others hang on come first.
    pub(super) documents: Vec<Planned<'a>>,
    /// What was asked for, in that order: places in `documents`, or the id of a document that is not in force.
    pub(super) asked: Vec<Result<usize, &'a Entry>>,
    places: BTreeMap<String, usize>,
    deriving: BTreeMap<FactId, usize>,
}

/// One document of a plan.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    pub entry: &'a Entry,
    pub lowered: Lowered,
    /// The conditions of its outcome.
    pub steps: Vec<Step>,
    /// Slots whose unknown rows are asked exactly where the outcome is open.
    pub entangled: Vec<SlotId>,
    /// Which way what the outcome reads leans.
    pub leanings: Leanings,
    /// What an exact decision reads.
    pub wanted: Wanted,
    /// Rank names, in order.
    pub ranks: Vec<String>,
}

impl Planned<'_> {
    pub fn document(&self) -> &Document {
        &self.entry.document
    }

    /// Whether its rank is a place within a group.
    pub fn is_grouped(&self) -> bool {
        self.document().gives.rank.as_ref().is_some_and(|rank| is_grouped(&rank.rule))
    }
}

impl<'a> Plan<'a> {
    /// The documents of these ids on a day; an id that does not exist is left out.
    pub fn new<'i>(rulebook: &'a Rulebook, ids: impl IntoIterator<Item = &'i str>, day: Date) -> Self {
        let standings = ids.into_iter().filter_map(|id| rulebook.on(id, day));
        let entries = standings.map(|standing| match standing {
            Standing::InForce(entry) => (entry, true),
            Standing::NotInForce { nearest, .. } => (nearest, false),
        });
        Self::build(rulebook, entries.collect(), day)
    }

    /// These versions, whether in force or not: what a draft would do.
    pub fn of_entries(rulebook: &'a Rulebook, entries: &[&'a Entry], day: Date) -> Self {
        Self::build(rulebook, entries.iter().map(|entry| (*entry, true)).collect(), day)
    }

    fn build(rulebook: &'a Rulebook, entries: Vec<(&'a Entry, bool)>, day: Date) -> Self {
        let mut plan = Self {
            engine: Engine::new(rulebook),
            day,
            program: Program::default(),
            documents: Vec::new(),
            asked: Vec::new(),
            places: BTreeMap::new(),
            deriving: BTreeMap::new(),
        };
        let mut next_opaque = 0;
        for (entry, is_in_force) in entries {
            if !is_in_force {
                plan.asked.push(Err(entry));
                continue;
            }
            plan.add_below(entry, &mut next_opaque, 0);
            let place = match plan.documents.iter().position(|known| std::ptr::eq(known.entry, entry)) {
                Some(place) => place,
                None => plan.add(entry, &mut next_opaque),
            };
            plan.asked.push(Ok(place));
        }
        plan
    }

    /// The documents that one hangs on, before it.
    fn add_below(&mut self, entry: &'a Entry, next_opaque: &mut usize, depth: usize) {
        if depth >= DEPTH_MAX {
            return;
        }
        for (fact, below) in self.below(entry) {
            let id = &below.document.id;
            if *id == entry.document.id {
                continue;
            }
            let place = match self.places.get(id) {
                Some(place) => *place,
                None => {
                    self.add_below(below, next_opaque, depth + 1);
                    let place = self.add(below, next_opaque);
                    self.places.insert(id.clone(), place);
                    place
                }
            };
            if let Some(fact) = fact {
                self.deriving.insert(fact, place);
            }
        }
    }

    /// The documents in force that one reads: by id, or since they decide a fact.
    fn below(&self, entry: &'a Entry) -> Vec<(Option<FactId>, &'a Entry)> {
        let rulebook = self.engine.rulebook();
        let inputs = entry.document.kinds.iter().flat_map(|kind| &kind.inputs);
        inputs
            .filter_map(|input| match &input.kind {
                InputKind::Document(id) => match rulebook.on(id, self.day) {
                    Some(Standing::InForce(below)) => Some((None, below)),
                    _ => None,
                },
                InputKind::Fact(fact, _) => {
                    let below = rulebook.deriving(*fact, self.day)?;
                    Some((Some(*fact), below))
                }
                _ => None,
            })
            .collect()
    }

    /// The documents below one, all the way down, itself included.
    fn reach(&self, entry: &'a Entry, out: &mut Vec<&'a Entry>) {
        if out.iter().any(|known| std::ptr::eq(*known, entry)) || out.len() >= DEPTH_MAX * DEPTH_MAX {
            return;
        }
        out.push(entry);
        for (_, below) in self.below(entry) {
            self.reach(below, out);
        }
    }

    fn add(&mut self, entry: &'a Entry, next_opaque: &mut usize) -> usize {
        let document = &entry.document;
        let vocabulary = &self.engine.rulebook().vocabulary;
        let calendar = Calendar { day: self.day, reference: self.day.year };
        let lowered = Lowerer::new(&mut self.program, document, vocabulary, calendar, next_opaque).lower();
        let entangled = entangled(&self.program, vocabulary, lowered.outcome);
        let leanings = leanings(&self.program, lowered.outcome);
        let steps = steps(&self.program, lowered.outcome);
        let mut reach = Vec::new();
        self.reach(entry, &mut reach);
        let wanted = exact::wanted(reach.iter().map(|entry| &entry.document), vocabulary);
        let mut ranks: Vec<String> = match document.gives.rank.as_ref().map(|rank| &rank.rule) {
            Some(RankRule::First(tiers, otherwise)) => {
                tiers.iter().map(|(_, name)| name).chain(otherwise).cloned().collect()
            }
            Some(RankRule::InGroup { bands, outside, .. }) => {
                let bands = bands.iter().map(|(name, _)| name.clone());
                bands.chain(outside.iter().map(|(_, name)| name.clone())).collect()
            }
            None => Vec::new(),
        };
        // A given rank wins, and may be one that the document never decides.
        let given = document.gives.rank.iter().flat_map(|rank| &vocabulary.get(rank.fact).codes);
        for code in given.map(|code| &code.code) {
            if !ranks.contains(code) {
                ranks.push(code.clone());
            }
        }
        self.documents.push(Planned { entry, lowered, steps, entangled, leanings, wanted, ranks });
        self.documents.len() - 1
    }

    /// The day of decision.
    pub fn day(&self) -> Date {
        self.day
    }

    /// The kinds of subject of its documents.
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> =
            self.documents.iter().map(|planned| planned.document().subject.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// What has to be read of a population.
    pub fn wanted(&self) -> Wanted {
        let documents = self.documents.iter().map(Planned::document);
        exact::wanted(documents, &self.engine.rulebook().vocabulary)
    }

    /// Whether other documents of the plan hang on that one.
    pub(super) fn is_below_others(&self, place: usize) -> bool {
        self.places.values().any(|below| *below == place)
    }

    pub(super) fn place_of(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(super) fn deriving(&self, fact: FactId) -> Option<usize> {
        self.deriving.get(&fact).copied()
    }
}
