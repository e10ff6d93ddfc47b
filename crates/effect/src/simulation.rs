//! A draft beside what it is held against, chunk by chunk. Prepared once; what does not hang on the draft can be kept while the draft is
//! edited.

use engine::batch::{DocumentOutcomes, Outcomes, Plan, Request};
use engine::point::Entry;
use facts::{Date, FactId, Mark, Vocabulary};
use population::{Population, Wanted};

use crate::Worlds;
use crate::compare::{Comparison, Groups, Planes, Tally};
use crate::fairness::{self, Flag};
use crate::missing::Missing;
use crate::others::{self, Other, Shares};

const REQUEST: Request = Request { amounts: true, details: false };

/// Decides subjects by the draft, by what it is held against, and by the other policies that pay alike.
#[derive(Debug)]
pub struct Simulation<'w> {
    worlds: &'w Worlds<'w>,
    day: Date,
    dimensions: Vec<FactId>,
    now: Option<Plan<'w>>,
    then: Plan<'w>,
    others: Plan<'w>,
}

/// What of a chunk does not hang on the draft.
#[derive(Debug)]
pub struct Base {
    now: Option<Outcomes>,
    given: Outcomes,
}

/// What the draft comes to on a chunk.
#[derive(Debug)]
pub struct Part {
    /// Everybody and groups.
    pub comparison: Comparison,
    /// Who of the chunk is in which case.
    pub planes: Planes,
    then: Outcomes,
}

impl Part {
    /// What the draft says of each row.
    pub fn then(&self) -> &DocumentOutcomes {
        self.then.documents.first().expect("the draft is what was asked for")
    }
}

/// What the draft comes to for everybody.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Everybody.
    pub all: Tally,
    /// By group, for each fact of which anything is known.
    pub groups: Vec<Groups>,
    /// What the open lack.
    pub missing: Missing,
    /// What the gainers already get, and what excludes the draft.
    pub others: Vec<Other>,
    /// Rules to look at.
    pub flags: Vec<Flag>,
}

impl<'w> Simulation<'w> {
    /// Prepares the plans. `dimensions` are the facts to break down by.
    pub fn new(worlds: &'w Worlds<'w>, dimensions: Vec<FactId>, day: Date) -> Self {
        let draft = worlds.draft();
        Self {
            worlds,
            day,
            dimensions,
            now: worlds.against().map(|entry| Plan::of_entries(worlds.as_is, &[entry], day)),
            then: Plan::of_entries(&worlds.with_draft, &[draft], day),
            others: others::plan(worlds.as_is, draft, day),
        }
    }

    /// The draft.
    pub fn draft(&self) -> &'w Entry {
        self.worlds.draft()
    }

    /// What it is held against.
    pub fn against(&self) -> Option<&'w Entry> {
        self.worlds.against()
    }

    /// The day of decision.
    pub fn day(&self) -> Date {
        self.day
    }

    /// The words that it is written in.
    pub fn vocabulary(&self) -> &'w Vocabulary {
        &self.worlds.as_is.vocabulary
    }

    /// All that any of the policies reads, and what is broken down by.
    pub fn wanted(&self) -> Wanted {
        let mut wanted = self.then.wanted();
        merge(&mut wanted, self.others.wanted());
        if let Some(now) = &self.now {
            merge(&mut wanted, now.wanted());
        }
        self.dimensions.iter().for_each(|fact| wanted.add_fact(*fact));
        wanted
    }

    /// Whether a policy ranks subjects within a group, so that all of them are needed in one chunk.
    pub fn needs_everybody(&self) -> bool {
        let ranks = |entry: &Entry| entry.document.ranks_a_group();
        let others = || others::alike(self.worlds.as_is, self.draft(), self.day);
        ranks(self.draft()) || self.against().is_some_and(ranks) || others().into_iter().any(ranks)
    }

    /// Decides what does not hang on the draft.
    pub fn base(&self, population: &Population) -> Base {
        Base {
            now: self.now.as_ref().map(|plan| plan.decide(population, REQUEST)),
            given: self.others.decide(population, REQUEST),
        }
    }

    /// Decides by the draft and compares.
    pub fn compare(&self, population: &Population, base: &Base) -> Part {
        let then = self.then.decide(population, REQUEST);
        let now = base.now.as_ref().and_then(|outcomes| outcomes.documents.first());
        let by_draft = then.documents.first().expect("the draft is what was asked for");
        let mut comparison = Comparison::by(&self.dimensions);
        let planes = comparison.add(population, now, by_draft, self.vocabulary());
        Part { comparison, planes, then }
    }

    /// Begins to put parts together.
    pub fn begin(&self) -> Sum<'_, 'w> {
        Sum {
            simulation: self,
            comparison: Comparison::by(&self.dimensions),
            missing: Missing::default(),
            shares: Shares::default(),
        }
    }
}

/// Parts of chunks as they are put together.
#[derive(Debug)]
pub struct Sum<'s, 'w> {
    simulation: &'s Simulation<'w>,
    comparison: Comparison,
    missing: Missing,
    shares: Shares,
}

impl Sum<'_, '_> {
    /// Decides a chunk and adds it. At most `asked_max` of its open subjects are asked what they lack.
    pub fn decide(&mut self, population: &Population, asked_max: usize) {
        let base = self.simulation.base(population);
        let part = self.simulation.compare(population, &base);
        self.add(population, &base, &part, asked_max);
    }

    /// Adds a chunk that was decided.
    pub fn add(&mut self, population: &Population, base: &Base, part: &Part, asked_max: usize) {
        let Simulation { worlds, day, then, .. } = self.simulation;
        self.comparison.merge(&part.comparison);
        self.shares.add(&base.given, &part.planes.gain);
        self.missing.merge(Missing::of(
            &worlds.with_draft,
            worlds.draft(),
            population,
            part.then(),
            &then.wanted(),
            *day,
            asked_max,
        ));
    }

    /// All parts together.
    pub fn finish(self) -> Effect {
        let Simulation { worlds, day, .. } = self.simulation;
        let draft = worlds.draft();
        Effect {
            all: self.comparison.all.clone(),
            groups: self.comparison.groups(),
            missing: self.missing,
            others: self.shares.others(worlds.as_is, draft, *day),
            flags: fairness::flags(&draft.document, &worlds.as_is.vocabulary),
        }
    }
}

/// The facts that the vocabulary marks for breaking down subjects of a kind.
pub fn marked_dimensions(vocabulary: &Vocabulary, kind: &str) -> Vec<FactId> {
    let marked = vocabulary.facts().filter(|(_, definition)| {
        definition.marks.contains(&Mark::Breakdown) && definition.of.iter().any(|of| of == kind)
    });
    marked.map(|(fact, _)| fact).collect()
}

/// Adds what is wanted in `more`.
fn merge(into: &mut Wanted, more: Wanted) {
    more.facts.into_iter().flatten().for_each(|fact| into.add_fact(fact));
    more.statuses.into_iter().flatten().for_each(|name| into.add_status(&name));
    more.manual.into_iter().flatten().for_each(|id| into.add_manual(&id));
    for (name, inside) in more.collections.into_iter().flatten() {
        if let Some(known) = into.collection(&name) {
            merge(known, inside);
        }
    }
    for (role, inside) in more.roles.into_iter().flatten() {
        if let Some(known) = into.role(&role) {
            merge(known, inside);
        }
    }
}
