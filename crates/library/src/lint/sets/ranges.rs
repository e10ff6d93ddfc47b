//! Unions of ranges of exact numbers.

use std::cmp::Ordering;

use facts::Number;
use lang::ir::Compare;

use super::Beyond;

/// An end of a range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct End {
    pub at: Number,
    pub closed: bool,
}

/// Numbers between two ends; an end that is not there is infinite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl Interval {
    pub(crate) const ALL: Self = Self { low: None, high: None };

    pub(crate) fn closed(low: Option<Number>, high: Option<Number>) -> Self {
        let end = |at: Number| End { at, closed: true };
        Self { low: low.map(end), high: high.map(end) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => match low.at.cmp(&high.at) {
                Ordering::Less => false,
                Ordering::Equal => !(low.closed && high.closed),
                Ordering::Greater => true,
            },
            _ => false,
        }
    }

    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let low = if low_order(&self.low, &other.low).is_lt() { &other.low } else { &self.low };
        let high = if high_order(&self.high, &other.high).is_gt() { &other.high } else { &self.high };
        Self { low: low.clone(), high: high.clone() }
    }

    /// Whether every number of `other` is in it.
    pub(crate) fn holds_all(&self, other: &Self) -> bool {
        other.is_empty()
            || (low_order(&self.low, &other.low).is_le() && high_order(&self.high, &other.high).is_ge())
    }

    /// Its whole numbers, between closed ends.
    fn whole(self) -> Self {
        let one = Number::one();
        let low = self.low.map(|end| match end.closed {
            true => end.at.ceiling(),
            false => &end.at.floor() + &one,
        });
        let high = self.high.map(|end| match end.closed {
            true => end.at.floor(),
            false => &end.at.ceiling() - &one,
        });
        Self::closed(low, high)
    }
}

fn low_order(left: &Option<End>, right: &Option<End>) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(left), Some(right)) => left.at.cmp(&right.at).then(right.closed.cmp(&left.closed)),
    }
}

fn high_order(left: &Option<End>, right: &Option<End>) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(left), Some(right)) => left.at.cmp(&right.at).then(left.closed.cmp(&right.closed)),
    }
}

/// Numbers, in ranges that rise and do not touch.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Ranges {
    pieces: Vec<Interval>,
    /// Only whole numbers can be given.
    pub whole: bool,
    pub beyond: Beyond,
}

impl Ranges {
    pub(crate) fn new(pieces: Vec<Interval>, whole: bool, beyond: Beyond) -> Self {
        let mut pieces: Vec<Interval> = pieces
            .into_iter()
            .map(|piece| if whole { piece.whole() } else { piece })
            .filter(|piece| !piece.is_empty())
            .collect();
        pieces.sort_by(|left, right| low_order(&left.low, &right.low));
        let mut merged: Vec<Interval> = Vec::new();
        for piece in pieces {
            match merged.last_mut() {
                Some(last) if touches(last, &piece) => {
                    if high_order(&last.high, &piece.high).is_lt() {
                        last.high = piece.high;
                    }
                }
                _ => merged.push(piece),
            }
        }
        Self { pieces: merged, whole, beyond }
    }

    pub(crate) fn one(piece: Interval) -> Self {
        Self::new(vec![piece], false, Beyond::NONE)
    }

    pub(crate) fn exact(number: Number) -> Self {
        Self::one(Interval::closed(Some(number.clone()), Some(number)))
    }

    /// Everything there is: what is said of a value that nothing is known of.
    pub(crate) fn anything() -> Self {
        Self::new(vec![Interval::ALL], false, Beyond::ALL)
    }

    /// The numbers that compare so with the bound.
    pub(crate) fn that(op: Compare, bound: &Number) -> Self {
        let end = |closed| Some(End { at: bound.clone(), closed });
        let below = |closed| Interval { low: None, high: end(closed) };
        let above = |closed| Interval { low: end(closed), high: None };
        let pieces = match op {
            Compare::Lt => vec![below(false)],
            Compare::Le => vec![below(true)],
            Compare::Gt => vec![above(false)],
            Compare::Ge => vec![above(true)],
            Compare::Eq => vec![Interval { low: end(true), high: end(true) }],
            Compare::Ne => vec![below(false), above(false)],
        };
        Self::new(pieces, false, Beyond::NONE)
    }

    pub(crate) fn pieces(&self) -> &[Interval] {
        &self.pieces
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.beyond.is_empty()
    }

    pub(crate) fn has_numbers(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// From the least to the greatest; `None` if it holds no number.
    pub(crate) fn hull(&self) -> Option<Interval> {
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        Some(Interval { low: first.low.clone(), high: last.high.clone() })
    }

    pub(crate) fn least(&self) -> Option<&Number> {
        self.pieces.first()?.low.as_ref().map(|end| &end.at)
    }

    pub(crate) fn greatest(&self) -> Option<&Number> {
        self.pieces.last()?.high.as_ref().map(|end| &end.at)
    }

    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let mut pieces = Vec::new();
        for left in &self.pieces {
            pieces.extend(other.pieces.iter().map(|right| left.intersect(right)));
        }
        Self::new(pieces, self.whole || other.whole, self.beyond.and(other.beyond))
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let pieces = self.pieces.iter().chain(&other.pieces).cloned().collect();
        Self::new(pieces, self.whole && other.whole, self.beyond.or(other.beyond))
    }

    /// The numbers that are not in it.
    pub(crate) fn complement(&self) -> Self {
        let flip = |end: &End| End { at: end.at.clone(), closed: !end.closed };
        let mut gaps = Vec::new();
        let mut low: Option<Option<End>> = Some(None);
        for piece in &self.pieces {
            if let (Some(start), Some(end)) = (&low, &piece.low) {
                gaps.push(Interval { low: start.clone(), high: Some(flip(end)) });
            }
            low = piece.high.as_ref().map(|end| Some(flip(end)));
        }
        if let Some(low) = low {
            gaps.push(Interval { low, high: None });
        }
        Self::new(gaps, self.whole, Beyond::NONE)
    }
}

/// Whether the second range, which begins later, begins before or where the first ends.
fn touches(first: &Interval, second: &Interval) -> bool {
    match (&first.high, &second.low) {
        (None, _) | (_, None) => true,
        (Some(high), Some(low)) => match low.at.cmp(&high.at) {
            Ordering::Less => true,
            Ordering::Equal => low.closed || high.closed,
            Ordering::Greater => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn that(op: Compare, bound: i64) -> Ranges {
        Ranges::that(op, &Number::from(bound))
    }

    #[test]
    fn at_most_and_at_least_the_same_number_leave_that_number() {
        let both = that(Compare::Le, 5).intersect(&that(Compare::Ge, 5));
        assert_eq!(both, Ranges::exact(Number::from(5)));
        assert!(that(Compare::Lt, 5).intersect(&that(Compare::Ge, 5)).is_empty());
    }

    #[test]
    fn what_is_not_in_the_complement_is_in_the_set() {
        for op in [Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge, Compare::Eq, Compare::Ne] {
            let set = that(op, 5);
            assert_eq!(set.complement().complement(), set, "{op:?}");
            assert!(set.intersect(&set.complement()).is_empty(), "{op:?}");
            assert_eq!(set.union(&set.complement()), Ranges::one(Interval::ALL), "{op:?}");
        }
    }

    #[test]
    fn no_whole_number_lies_between_three_and_four() {
        let between = that(Compare::Gt, 3).intersect(&that(Compare::Lt, 4));
        assert!(between.has_numbers());
        assert!(!Ranges::new(between.pieces().to_vec(), true, Beyond::NONE).has_numbers());
    }
}
