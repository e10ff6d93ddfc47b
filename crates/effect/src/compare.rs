//! Two versions side by side, subject by subject, and what that comes to by group.

use std::collections::BTreeMap;

use engine::batch::{DocumentOutcomes, Sum};
use engine::point::{Money, Outcome};
use facts::{FactId, Fen, Value, Vocabulary};
use population::{Bits, Column, Key, Population};

/// Characters of a hierarchical code that a group shares, where no classification says how long its second level is.
const CODE_CHARS: usize = 3;

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
    /// Eligible under both, with another amount then, be it known exactly or not.
    pub moved: usize,
    /// Who gets something now, or may.
    pub payees_now: usize,
    /// Who would get something, or may.
    pub payees_then: usize,
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

    /// Adds other subjects.
    pub fn merge(&mut self, other: &Self) {
        self.subjects += other.subjects;
        for (row, more) in self.moves.iter_mut().zip(&other.moves) {
            row.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        self.more += other.more;
        self.less += other.less;
        self.moved += other.moved;
        self.payees_now += other.payees_now;
        self.payees_then += other.payees_then;
        self.now.merge(&other.now);
        self.then.merge(&other.then);
    }
}

/// Rows of a chunk by the value of a fact.
struct Dimension {
    /// Whether the chunk has anything of the fact.
    is_known: bool,
    /// Place of each row's group in `names`.
    group: Vec<u32>,
    /// Groups; `None` is where the value is not known.
    names: Vec<Option<String>>,
}

impl Dimension {
    fn of(fact: FactId, population: &Population, vocabulary: &Vocabulary) -> Self {
        let Some(column) = column(population, fact) else {
            return Self { is_known: false, group: vec![0; population.rows()], names: vec![None] };
        };
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
        Self { is_known: true, group, names }
    }
}

/// The column of a fact that is broken down by: of several periods the last.
fn column(population: &Population, fact: FactId) -> Option<&Column> {
    population
        .fact(fact)
        .next_back()
        .filter(|(key, _)| matches!(key, Key::Fact(..)))
        .map(|(_, column)| column)
}

/// What a draft comes to for a fact's groups, the largest change first.
#[derive(Clone, Debug)]
pub struct Groups {
    /// The fact.
    pub fact: FactId,
    /// By value; `None` is where it is not known.
    pub tallies: Vec<(Option<String>, Tally)>,
}

/// Who of a chunk's rows is in which case.
#[derive(Clone, Debug)]
pub struct Planes {
    /// Eligible then and not now.
    pub gain: Bits,
    /// Eligible now and ineligible then.
    pub lose: Bits,
    /// Open then.
    pub open: Bits,
    /// Eligible under both, with a greater amount then.
    pub more: Bits,
    /// Eligible under both, with a smaller amount then.
    pub less: Bits,
}

/// Groups of a fact as they grow from chunk to chunk.
#[derive(Clone, Debug)]
struct By {
    fact: FactId,
    is_known: bool,
    tallies: BTreeMap<Option<String>, Tally>,
}

/// Two versions side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Everybody.
    pub all: Tally,
    by: Vec<By>,
}

impl Comparison {
    /// Nobody yet, to be broken down by these facts.
    pub fn by(facts: &[FactId]) -> Self {
        let by = |fact: &FactId| By { fact: *fact, is_known: false, tallies: BTreeMap::new() };
        Self { all: Tally::default(), by: facts.iter().map(by).collect() }
    }

    /// Adds what both versions say of each row of a chunk; without a first version nobody has anything now.
    pub fn add(
        &mut self,
        population: &Population,
        now: Option<&DocumentOutcomes>,
        then: &DocumentOutcomes,
        vocabulary: &Vocabulary,
    ) -> Planes {
        let rows = population.rows();
        let dimensions: Vec<Dimension> =
            self.by.iter().map(|by| Dimension::of(by.fact, population, vocabulary)).collect();
        let money_now = now.map(|now| Amounts::of(now, rows));
        let money_then = Amounts::of(then, rows);
        let none = || Bits::new(rows);
        let mut planes = Planes { gain: none(), lose: none(), open: none(), more: none(), less: none() };
        let mut groups: Vec<Vec<Tally>> =
            dimensions.iter().map(|dimension| vec![Tally::default(); dimension.names.len()]).collect();
        for row in 0..rows {
            let before = now.map_or(Stand::No, |now| stand(now, row));
            let after = stand(then, row);
            let paid_now = money_now.as_ref().and_then(|money| money.get(row));
            let paid_then = money_then.get(row);
            let one = One { before, after, paid_now, paid_then };
            one.mark(row, &mut planes);
            one.add_to(&mut self.all);
            for (dimension, tallies) in dimensions.iter().zip(&mut groups) {
                one.add_to(&mut tallies[dimension.group[row] as usize]);
            }
        }
        for ((by, dimension), tallies) in self.by.iter_mut().zip(dimensions).zip(groups) {
            by.is_known |= dimension.is_known;
            for (name, tally) in dimension.names.into_iter().zip(tallies) {
                by.tallies.entry(name).or_default().merge(&tally);
            }
        }
        planes
    }

    /// Adds what came of other subjects, broken down by the same facts.
    pub fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        for (by, more) in self.by.iter_mut().zip(&other.by) {
            by.is_known |= more.is_known;
            more.tallies
                .iter()
                .for_each(|(name, tally)| by.tallies.entry(name.clone()).or_default().merge(tally));
        }
    }

    /// The groups of each fact of which anything is known.
    pub fn groups(&self) -> Vec<Groups> {
        let known = self.by.iter().filter(|by| by.is_known);
        known
            .map(|by| {
                let all = by.tallies.iter().filter(|(_, tally)| tally.subjects > 0);
                let mut tallies: Vec<(Option<String>, Tally)> =
                    all.map(|(name, tally)| (name.clone(), tally.clone())).collect();
                tallies.sort_by(|(left_name, left), (right_name, right)| {
                    let weight = |tally: &Tally| tally.gain() + tally.lose() + tally.more + tally.less;
                    let order = weight(right).cmp(&weight(left));
                    order
                        .then(right.eligible_then().cmp(&left.eligible_then()))
                        .then(left_name.cmp(right_name))
                });
                Groups { fact: by.fact, tallies }
            })
            .collect()
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
    /// How the amount turns, where both are known exactly.
    fn turn(&self) -> Option<std::cmp::Ordering> {
        match (self.paid_now, self.paid_then) {
            (Some(Money::Exact(now)), Some(Money::Exact(then))) => Some(then.cmp(now)),
            _ => None,
        }
    }

    fn add_to(&self, tally: &mut Tally) {
        tally.subjects += 1;
        tally.moves[self.before as usize][self.after as usize] += 1;
        let turn = self.turn();
        tally.more += usize::from(turn.is_some_and(std::cmp::Ordering::is_gt));
        tally.less += usize::from(turn.is_some_and(std::cmp::Ordering::is_lt));
        let is_both = self.before == Stand::Yes && self.after == Stand::Yes;
        tally.moved += usize::from(is_both && self.paid_now != self.paid_then);
        tally.payees_now += usize::from(self.paid_now.is_some_and(is_something));
        tally.payees_then += usize::from(self.paid_then.is_some_and(is_something));
        self.paid_now.into_iter().for_each(|money| tally.now.add(money));
        self.paid_then.into_iter().for_each(|money| tally.then.add(money));
    }

    fn mark(&self, row: usize, planes: &mut Planes) {
        let turn = self.turn();
        planes.gain.set(row, self.before != Stand::Yes && self.after == Stand::Yes);
        planes.lose.set(row, self.before == Stand::Yes && self.after == Stand::No);
        planes.open.set(row, self.after == Stand::Open);
        planes.more.set(row, turn.is_some_and(std::cmp::Ordering::is_gt));
        planes.less.set(row, turn.is_some_and(std::cmp::Ordering::is_lt));
    }
}

fn is_something(money: &Money) -> bool {
    *money != Money::Exact(Fen::ZERO)
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
