//! What the open lack under the draft.

use std::collections::BTreeMap;

use engine::batch::DocumentOutcomes;
use engine::point::{Engine, Entry, Options, Outcome, Rulebook};
use facts::Date;
use population::{Population, Wanted};
use rayon::prelude::*;

/// Most open subjects that are asked what they lack; of more, these many spread evenly.
pub const ASKED_MAX: usize = 2_000;

/// What the open lack under the draft.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// How many are open.
    pub open: usize,
    /// How many of them were asked.
    pub asked: usize,
    /// What they lack, and how many of those asked lack it; most first.
    pub facts: Vec<(String, usize)>,
}

impl Missing {
    /// Asks the open of a chunk, or of more than `asked_max` some that are spread evenly.
    pub fn of(
        rulebook: &Rulebook,
        then: &Entry,
        population: &Population,
        outcomes: &DocumentOutcomes,
        wanted: &Wanted,
        day: Date,
        asked_max: usize,
    ) -> Self {
        let open: Vec<usize> =
            (0..population.rows()).filter(|row| outcomes.outcome(*row) == Outcome::Unknown).collect();
        let step = open.len().div_ceil(asked_max.max(1)).max(1);
        let asked: Vec<usize> = open.iter().copied().step_by(step).collect();
        let engine = Engine::new(rulebook).with(Options { gaps: false });
        let lacks = |row: &usize| {
            let profile = population.profile(*row, wanted);
            let decision = engine.decide_entry(then, &profile, day, &None);
            decision.missing.into_iter().map(|missing| missing.key).collect::<Vec<String>>()
        };
        let all: Vec<Vec<String>> = asked.par_iter().map(lacks).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        all.into_iter().flatten().for_each(|key| *counts.entry(key).or_default() += 1);
        Self { open: open.len(), asked: asked.len(), facts: sorted(counts) }
    }

    /// Adds what the open of another chunk lack.
    pub fn merge(&mut self, other: Self) {
        self.open += other.open;
        self.asked += other.asked;
        let mut counts: BTreeMap<String, usize> = std::mem::take(&mut self.facts).into_iter().collect();
        other.facts.into_iter().for_each(|(key, count)| *counts.entry(key).or_default() += count);
        self.facts = sorted(counts);
    }
}

fn sorted(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut facts: Vec<(String, usize)> = counts.into_iter().collect();
    facts.sort_by(|(left, few), (right, many)| many.cmp(few).then(left.cmp(right)));
    facts
}
