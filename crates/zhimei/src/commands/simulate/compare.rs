//! Two versions side by side, subject by subject, and what that comes to by group.

use std::collections::BTreeMap;

use engine::batch::{DocumentOutcomes, Sum};
use engine::point::{Engine, Entry, Money, Options, Outcome, Rulebook};
use facts::{Date, FactId, Value, Vocabulary};
use population::{Bits, Population, Wanted};
use rayon::prelude::*;

/// Characters of a hierarchical code that a group shares, where no classification says how long its second level is.
const CODE_CHARS: usize = 3;

/// Most open subjects that are asked what they lack; of more, these many spread evenly.
const ASKED_MAX: usize = 2_000;

/// How a subject stands under a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stand {
    No,
    Open,
    Yes,
}

/// What happens to some subjects.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Subjects.
    pub subjects: usize,
    /// From (ineligible, open, eligible) now to the same then.
    pub moves: [[usize; 3]; 3],
    /// Eligible under both, with a greater amount then.
    pub more: usize,
    /// Eligible under both, with a smaller amount then.
    pub less: usize,
    /// What is paid now.
    pub now: Sum,
    /// What would be paid.
    pub then: Sum,
}

impl Tally {
    /// Eligible now.
    pub fn eligible_now(&self) -> usize {
        self.moves[2].iter().sum()
    }

    /// Eligible then.
    pub fn eligible_then(&self) -> usize {
        self.moves.iter().map(|to| to[2]).sum()
    }

    /// Eligible then and not now.
    pub fn gain(&self) -> usize {
        self.moves[0][2] + self.moves[1][2]
    }

    /// Eligible now and ineligible then.
    pub fn lose(&self) -> usize {
        self.moves[2][0]
    }

    /// Eligible now and open then.
    pub fn become_open(&self) -> usize {
        self.moves[2][1]
    }

    /// Open then.
    pub fn open(&self) -> usize {
        self.moves.iter().map(|to| to[1]).sum()
    }
}

/// Subjects by the value of a fact.
pub struct Dimension {
    /// The fact.
    pub fact: FactId,
    /// Place of each row's group in `names`.
    group: Vec<u32>,
    /// Groups; `None` is where the value is not known.
    names: Vec<Option<String>>,
}

impl Dimension {
    /// By a fact, if the population knows anything of it.
    pub fn of(fact: FactId, population: &Population, vocabulary: &Vocabulary) -> Option<Self> {
        let column = super::column(population, fact)?;
        let definition = vocabulary.get(fact);
        let is_hierarchy = definition.hierarchy;
        let second = vocabulary.classification(definition).and_then(|known| known.levels.get(1));
        let shared = second.map_or(CODE_CHARS, |level| level.length);
        let mut places: BTreeMap<Option<String>, u32> = BTreeMap::new();
        let mut names = Vec::new();
        let mut group = Vec::with_capacity(population.rows());
        for row in 0..population.rows() {
            let name = column.value(row).map(|value| match value {
                Value::Code(code) if is_hierarchy => code.chars().take(shared).collect(),
                other => other.to_string(),
            });
            let next = u32::try_from(names.len()).expect("there are fewer groups than rows");
            let place = *places.entry(name.clone()).or_insert_with(|| {
                names.push(name);
                next
            });
            group.push(place);
        }
        Some(Self { fact, group, names })
    }
}

/// What a version comes to for a fact's groups, the largest change first.
pub struct Groups {
    /// The fact.
    pub fact: FactId,
    /// By value.
    pub tallies: Vec<(Option<String>, Tally)>,
}

/// Two versions side by side.
pub struct Comparison {
    /// Everybody.
    pub all: Tally,
    /// By group.
    pub groups: Vec<Groups>,
    /// Who gains.
    pub gainers: Bits,
}

impl Comparison {
    /// Compares what both versions say of each row; without a first version nobody has anything now.
    pub fn new(
        now: Option<&DocumentOutcomes>,
        then: &DocumentOutcomes,
        rows: usize,
        dimensions: &[Dimension],
    ) -> Self {
        let money_now = now.map(|now| Amounts::of(now, rows));
        let money_then = Amounts::of(then, rows);
        let mut gainers = Bits::new(rows);
        let mut all = Tally::default();
        let mut groups: Vec<Vec<Tally>> =
            dimensions.iter().map(|dimension| vec![Tally::default(); dimension.names.len()]).collect();
        for row in 0..rows {
            let before = now.map_or(Stand::No, |now| stand(now, row));
            let after = stand(then, row);
            let paid_now = money_now.as_ref().and_then(|money| money.get(row));
            let paid_then = money_then.get(row);
            gainers.set(row, before != Stand::Yes && after == Stand::Yes);
            let one = One { before, after, paid_now, paid_then };
            one.add_to(&mut all);
            for (dimension, tallies) in dimensions.iter().zip(&mut groups) {
                one.add_to(&mut tallies[dimension.group[row] as usize]);
            }
        }
        let groups = dimensions.iter().zip(groups).map(|(dimension, tallies)| {
            let mut tallies: Vec<(Option<String>, Tally)> =
                dimension.names.iter().cloned().zip(tallies).collect();
            tallies.sort_by(|(left_name, left), (right_name, right)| {
                let weight = |tally: &Tally| tally.gain() + tally.lose() + tally.more + tally.less;
                let order = weight(right).cmp(&weight(left));
                order.then(right.eligible_then().cmp(&left.eligible_then())).then(left_name.cmp(right_name))
            });
            Groups { fact: dimension.fact, tallies }
        });
        Self { all, groups: groups.collect(), gainers }
    }
}

/// One subject under both versions.
struct One<'o> {
    before: Stand,
    after: Stand,
    paid_now: Option<&'o Money>,
    paid_then: Option<&'o Money>,
}

impl One<'_> {
    fn add_to(&self, tally: &mut Tally) {
        tally.subjects += 1;
        tally.moves[self.before as usize][self.after as usize] += 1;
        if let (Some(Money::Exact(now)), Some(Money::Exact(then))) = (self.paid_now, self.paid_then) {
            tally.more += usize::from(then > now);
            tally.less += usize::from(then < now);
        }
        self.paid_now.into_iter().for_each(|money| tally.now.add(money));
        self.paid_then.into_iter().for_each(|money| tally.then.add(money));
    }
}

fn stand(outcomes: &DocumentOutcomes, row: usize) -> Stand {
    match outcomes.outcome(row) {
        Outcome::Eligible => Stand::Yes,
        Outcome::Ineligible | Outcome::NotInForce => Stand::No,
        Outcome::Unknown => Stand::Open,
    }
}

/// The amounts by row, looked up without searching.
struct Amounts<'o> {
    outcomes: &'o DocumentOutcomes,
    /// One more than the place of the row's amount; nought where it has none.
    places: Vec<u32>,
}

impl<'o> Amounts<'o> {
    fn of(outcomes: &'o DocumentOutcomes, rows: usize) -> Self {
        let mut places = vec![0; rows];
        for (next, (row, _)) in (1u32..).zip(&outcomes.amounts) {
            places[*row as usize] = next;
        }
        Self { outcomes, places }
    }

    fn get(&self, row: usize) -> Option<&'o Money> {
        let place = (self.places[row] as usize).checked_sub(1)?;
        self.outcomes.amounts.get(place).map(|(_, money)| money)
    }
}

/// What the open lack under the draft.
#[derive(Debug, Default)]
pub struct Missing {
    /// How many are open.
    pub open: usize,
    /// How many of them were asked.
    pub asked: usize,
    /// What they lack, and how many of those asked lack it; most first.
    pub facts: Vec<(String, usize)>,
}

impl Missing {
    /// Asks the open, or of very many some that are spread evenly.
    pub fn of(
        rulebook: &Rulebook,
        then: &Entry,
        population: &Population,
        outcomes: &DocumentOutcomes,
        wanted: &Wanted,
        day: Date,
    ) -> Self {
        let open: Vec<usize> =
            (0..population.rows()).filter(|row| outcomes.outcome(*row) == Outcome::Unknown).collect();
        let step = open.len().div_ceil(ASKED_MAX).max(1);
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
        let mut facts: Vec<(String, usize)> = counts.into_iter().collect();
        facts.sort_by(|(left, few), (right, many)| many.cmp(few).then(left.cmp(right)));
        Self { open: open.len(), asked: asked.len(), facts }
    }
}
