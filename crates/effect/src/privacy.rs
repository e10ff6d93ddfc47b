//! What may be told to somebody who may not read the facts. Otherwise a draft that fits one firm would tell whatever one likes to know
//! of it: a count of one, a sum that one gets, or a group from which all others can be taken away.
//!
//! A row of figures is told if every case that it counts has nobody or at least [`FEWEST`] subjects: the nine ways from ineligible, open
//! and eligible to the same by the draft, who gets more, less or another amount, who is paid at all. Groups that cannot be told are put
//! together with one another, and with the smallest of the others where that is not enough, so that what is left when all told groups are
//! taken from the whole can itself be told. Where nothing can be told but how many subjects there are, that is told.
//!
//! *Limits:* two breakdowns of which one lies within the other (city, county) could be held against each other; whoever may not read the
//! facts is given only those that the vocabulary marks ([`crate::simulation::marked_dimensions`]). Two runs can be held against
//! each other too, which is why runs leave an entry and are counted.

use engine::batch::{Sum, Totals};

use crate::compare::{Groups, Tally};
use crate::missing::Missing;
use crate::others::Other;
use crate::simulation::Effect;
use crate::sweep::{Curve, Point};

/// Fewer subjects than these are never told apart from others.
pub const FEWEST: usize = 5;

/// How much may be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Privacy {
    /// The reader may read the facts.
    Full,
    /// Small groups, and what would reveal them, are left out.
    Suppressed,
}

/// An effect as a reader may see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Whether small groups were left out.
    pub privacy: Privacy,
    /// Subjects.
    pub subjects: usize,
    /// Everybody; `None` where nothing may be told of them.
    pub all: Option<Tally>,
    /// By group.
    pub groups: Vec<SeenGroups>,
    /// What the open lack; `None` where it may not be told.
    pub missing: Option<Missing>,
    /// Other policies.
    pub others: Vec<SeenOther>,
}

/// The groups of a fact as a reader may see them.
#[derive(Clone, Debug)]
pub struct SeenGroups {
    /// Those that may be told, in their order.
    pub told: Groups,
    /// All others together, and how many groups they are.
    pub rest: Option<(usize, Tally)>,
}

/// Another policy as a reader may see it.
#[derive(Clone, Debug)]
pub struct SeenOther {
    /// Its id, and how it stands to the draft.
    pub other: Other,
    /// How many gainers have it, where that may be told.
    pub gainers: Option<usize>,
    /// What it gives them, where that may be told.
    pub paid: Option<Sum>,
}

impl Effect {
    /// What a reader may see of it.
    pub fn seen(self, privacy: Privacy) -> Seen {
        let subjects = self.all.subjects;
        if privacy == Privacy::Full {
            let groups = self.groups.into_iter().map(|told| SeenGroups { told, rest: None });
            let others = self.others.into_iter().map(|other| SeenOther {
                gainers: Some(other.gainers),
                paid: Some(other.paid),
                other,
            });
            return Seen {
                privacy,
                subjects,
                all: Some(self.all),
                groups: groups.collect(),
                missing: Some(self.missing),
                others: others.collect(),
            };
        }
        let is_told = can_be_told(&self.all);
        let gain = self.all.gain();
        Seen {
            privacy,
            subjects,
            groups: self.groups.into_iter().filter_map(partition).collect(),
            missing: is_told.then(|| few_missing(self.missing)),
            others: self.others.into_iter().filter_map(|other| other_seen(other, gain, is_told)).collect(),
            all: is_told.then_some(self.all),
        }
    }
}

/// Nobody, or enough that none of them stands out.
fn is_enough(count: usize) -> bool {
    count == 0 || count >= FEWEST
}

/// A part of a whole such that neither it nor what it leaves is small.
fn is_apart(part: usize, whole: usize) -> bool {
    is_enough(part) && is_enough(whole.saturating_sub(part))
}

/// Whether nothing that the row counts is about a few.
fn can_be_told(tally: &Tally) -> bool {
    let stay = tally.moves[2][2];
    let payees = [tally.payees_now, tally.payees_then];
    let sums = [&tally.now, &tally.then];
    tally.subjects >= FEWEST
        && tally.moves.iter().flatten().all(|count| is_enough(*count))
        && is_apart(tally.more, stay)
        && is_apart(tally.less, stay)
        && is_apart(tally.moved, stay)
        && payees.into_iter().all(|payees| is_apart(payees, tally.subjects))
        && sums.into_iter().all(|sum| is_enough(sum.endless) && is_enough(sum.undetermined))
}

/// The groups of a fact, with those that cannot be told put together until they can; nothing if they never can.
fn partition(groups: Groups) -> Option<SeenGroups> {
    let Groups { fact, tallies } = groups;
    let (mut told, hidden): (Vec<_>, Vec<_>) = tallies.into_iter().partition(|(_, tally)| can_be_told(tally));
    let mut count = hidden.len();
    if count == 0 {
        return Some(SeenGroups { told: Groups { fact, tallies: told }, rest: None });
    }
    let mut rest = Tally::default();
    hidden.iter().for_each(|(_, tally)| rest.merge(tally));
    while !can_be_told(&rest) {
        let sizes = told.iter().enumerate().map(|(at, (_, tally))| (tally.subjects, at));
        let (_, smallest) = sizes.min()?;
        rest.merge(&told.remove(smallest).1);
        count += 1;
    }
    Some(SeenGroups { told: Groups { fact, tallies: told }, rest: Some((count, rest)) })
}

/// What is lacked by a few, or by all but a few, is left out.
fn few_missing(missing: Missing) -> Missing {
    let Missing { open, asked, facts } = missing;
    let facts = facts.into_iter().filter(|(_, count)| is_apart(*count, asked));
    Missing { open, asked, facts: facts.collect() }
}

/// That a policy excludes the draft stands in its text; who has it is told of enough alone.
fn other_seen(other: Other, gain: usize, is_told: bool) -> Option<SeenOther> {
    let is_apart = is_told && is_apart(other.gainers, gain) && self::is_apart(other.payees, other.gainers);
    let is_apart = is_apart && is_enough(other.paid.endless) && is_enough(other.paid.undetermined);
    if !is_apart && !other.is_exclusive {
        return None;
    }
    let gainers = is_apart.then_some(other.gainers);
    let paid = is_apart.then_some(other.paid);
    Some(SeenOther { other: Other { gainers: 0, payees: 0, paid: Sum::default(), ..other }, gainers, paid })
}

impl Curve {
    /// What a reader may see of it: points that count a few, or that differ by a few from a point already told, are left out.
    #[must_use]
    pub fn seen(mut self, privacy: Privacy) -> Self {
        if privacy == Privacy::Full {
            return self;
        }
        let mut told: Vec<Totals> = Vec::new();
        let points = std::iter::once(&mut self.current).chain(&mut self.points);
        points.for_each(|point| hide_unless_apart(point, &mut told));
        self
    }
}

fn hide_unless_apart(point: &mut Point, told: &mut Vec<Totals>) {
    let Some(totals) = point.totals.take() else { return };
    let counts = |totals: &Totals| {
        let Totals { eligible, ineligible, open, amount } = totals;
        [*eligible, *ineligible, *open, amount.endless, amount.undetermined]
    };
    let is_near = |other: &Totals| {
        let differences = counts(&totals).into_iter().zip(counts(other)).map(|(one, two)| one.abs_diff(two));
        let is_same = counts(&totals) == counts(other);
        let has_same_amount =
            (totals.amount.least, totals.amount.most) == (other.amount.least, other.amount.most);
        // The same counts with another sum: a few may have changed places.
        (is_same && !has_same_amount) || !differences.into_iter().all(is_enough)
    };
    let is_apart = counts(&totals).into_iter().all(is_enough) && !told.iter().any(is_near);
    if is_apart && totals.eligible + totals.ineligible + totals.open >= FEWEST {
        told.push(totals);
        point.totals = Some(totals);
    }
}

#[cfg(test)]
mod tests;
