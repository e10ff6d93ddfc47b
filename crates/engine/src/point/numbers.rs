//! Sets of possible numbers: unions of intervals, with the ways in which there may be no number at all.

use std::cmp::Ordering;

use facts::Number;

/// Most intervals that a set keeps apart; past that it becomes their hull.
pub const PIECES_MAX: usize = 64;

/// An end of an interval.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Without end.
    Open,
    /// Up to and including.
    Closed(Number),
    /// Up to but without.
    Excluded(Number),
}

impl End {
    /// The number, if there is an end.
    pub fn value(&self) -> Option<&Number> {
        match self {
            End::Open => None,
            End::Closed(number) | End::Excluded(number) => Some(number),
        }
    }

    fn is_closed(&self) -> bool {
        matches!(self, End::Closed(_))
    }

    fn make(number: Number, is_closed: bool) -> Self {
        if is_closed { End::Closed(number) } else { End::Excluded(number) }
    }
}

/// All numbers between two ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interval {
    /// Lower end.
    pub low: End,
    /// Upper end.
    pub high: End,
}

impl Interval {
    /// One number.
    pub fn point(number: Number) -> Self {
        Self { low: End::Closed(number.clone()), high: End::Closed(number) }
    }

    /// Every number.
    pub fn all() -> Self {
        Self { low: End::Open, high: End::Open }
    }

    /// Between two numbers, both included.
    pub fn closed(low: Number, high: Number) -> Self {
        Self { low: End::Closed(low), high: End::Closed(high) }
    }

    /// The number, if it is only one.
    pub fn as_point(&self) -> Option<&Number> {
        match (&self.low, &self.high) {
            (End::Closed(low), End::Closed(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether no number lies in it.
    pub fn is_empty(&self) -> bool {
        match (self.low.value(), self.high.value()) {
            (Some(low), Some(high)) => match low.cmp(high) {
                Ordering::Less => false,
                Ordering::Equal => !(self.low.is_closed() && self.high.is_closed()),
                Ordering::Greater => true,
            },
            _ => false,
        }
    }

    /// Whether the number lies in it.
    pub fn contains(&self, number: &Number) -> bool {
        let above = match &self.low {
            End::Open => true,
            End::Closed(low) => number >= low,
            End::Excluded(low) => number > low,
        };
        let below = match &self.high {
            End::Open => true,
            End::Closed(high) => number <= high,
            End::Excluded(high) => number < high,
        };
        above && below
    }

    /// What both hold.
    pub fn intersect(&self, other: &Self) -> Self {
        let low = if compare_low(&self.low, &other.low) == Ordering::Less { &other.low } else { &self.low };
        let high =
            if compare_high(&self.high, &other.high) == Ordering::Less { &self.high } else { &other.high };
        Self { low: low.clone(), high: high.clone() }
    }

    fn negate(&self) -> Self {
        let flip = |end: &End| match end {
            End::Open => End::Open,
            End::Closed(number) => End::Closed(-number.clone()),
            End::Excluded(number) => End::Excluded(-number.clone()),
        };
        Self { low: flip(&self.high), high: flip(&self.low) }
    }

    fn add(&self, other: &Self) -> Self {
        let sum = |left: &End, right: &End| match (left.value(), right.value()) {
            (Some(a), Some(b)) => End::make(a + b, left.is_closed() && right.is_closed()),
            _ => End::Open,
        };
        Self { low: sum(&self.low, &other.low), high: sum(&self.high, &other.high) }
    }

    fn multiply(&self, other: &Self) -> Self {
        let mut low: Option<Corner> = None;
        let mut high: Option<Corner> = None;
        for (left, left_sign) in [(&self.low, -1), (&self.high, 1)] {
            for (right, right_sign) in [(&other.low, -1), (&other.high, 1)] {
                let corner = Corner::product(left, left_sign, right, right_sign);
                if low.as_ref().is_none_or(|best| corner.before(best, Ordering::Less)) {
                    low = Some(corner.clone());
                }
                if high.as_ref().is_none_or(|best| corner.before(best, Ordering::Greater)) {
                    high = Some(corner);
                }
            }
        }
        let end = |corner: Option<Corner>| corner.map_or(End::Open, Corner::into_end);
        Self { low: end(low), high: end(high) }
    }

    /// One divided by each number of an interval that lies wholly above nought; nought itself is left out.
    fn reciprocal_positive(&self) -> Self {
        let low = match &self.high {
            End::Open => End::Excluded(Number::zero()),
            end => turned(end),
        };
        let high = match &self.low {
            End::Open => End::Open,
            end if end.value().is_some_and(Number::is_zero) => End::Open,
            end => turned(end),
        };
        Self { low, high }
    }
}

fn turned(end: &End) -> End {
    match end.value().and_then(|number| Number::one().checked_div(number)) {
        Some(number) => End::make(number, end.is_closed()),
        None => End::Open,
    }
}

/// A product of two ends: a number or an infinity.
#[derive(Clone, Debug)]
enum Corner {
    Infinite(i8),
    At(Number, bool),
}

impl Corner {
    fn product(left: &End, left_sign: i8, right: &End, right_sign: i8) -> Self {
        let sign = |number: &Number| {
            if number.is_zero() {
                0
            } else if number.is_negative() {
                -1
            } else {
                1
            }
        };
        match (left.value(), right.value()) {
            (Some(a), Some(b)) => {
                let zero_closed = (a.is_zero() && left.is_closed()) || (b.is_zero() && right.is_closed());
                Corner::At(a * b, (left.is_closed() && right.is_closed()) || zero_closed)
            }
            (None, Some(b)) => Self::infinite(left_sign * sign(b), right.is_closed()),
            (Some(a), None) => Self::infinite(right_sign * sign(a), left.is_closed()),
            (None, None) => Corner::Infinite(left_sign * right_sign),
        }
    }

    fn infinite(sign: i8, zero_closed: bool) -> Self {
        if sign == 0 { Corner::At(Number::zero(), zero_closed) } else { Corner::Infinite(sign) }
    }

    /// Whether this lies on that side of the other; of two equal ones the closed wins.
    fn before(&self, other: &Self, side: Ordering) -> bool {
        let order = match (self, other) {
            (Corner::Infinite(a), Corner::Infinite(b)) => a.cmp(b),
            (Corner::Infinite(a), Corner::At(..)) => 0.cmp(&-i32::from(*a)),
            (Corner::At(..), Corner::Infinite(b)) => 0.cmp(&i32::from(*b)),
            (Corner::At(a, _), Corner::At(b, _)) => a.cmp(b),
        };
        let closed = |corner: &Self| matches!(corner, Corner::At(_, true));
        order == side || (order == Ordering::Equal && closed(self) && !closed(other))
    }

    fn into_end(self) -> End {
        match self {
            Corner::Infinite(_) => End::Open,
            Corner::At(number, is_closed) => End::make(number, is_closed),
        }
    }
}

fn compare_low(left: &End, right: &End) -> Ordering {
    match (left.value(), right.value()) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => a.cmp(b).then_with(|| right.is_closed().cmp(&left.is_closed())),
    }
}

fn compare_high(left: &End, right: &End) -> Ordering {
    match (left.value(), right.value()) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(b).then_with(|| left.is_closed().cmp(&right.is_closed())),
    }
}

/// Ways in which there may be no number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord)]
pub struct Absence(u8);

impl Absence {
    /// There is always a number.
    pub const NEVER: Absence = Absence(0);
    /// A denominator is nought: nobody can say.
    pub const ZERO_DENOMINATOR: Absence = Absence(1);
    /// 无: known to have none.
    pub const NOTHING: Absence = Absence(2);
    /// No tier fits.
    pub const NO_TIER: Absence = Absence(4);
    /// The period lies before the subject was founded.
    pub const BEFORE_FOUNDING: Absence = Absence(8);

    /// Both ways together.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these ways is among them.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is possible that there is none.
    pub fn is_possible(self) -> bool {
        self.0 != 0
    }

    /// Without a way.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The numbers that a value may be, and the ways in which it may be none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// Disjoint, rising.
    pieces: Vec<Interval>,
    /// How there may be none.
    pub absence: Absence,
}

impl Numbers {
    /// One number.
    pub fn exact(number: Number) -> Self {
        Self { pieces: vec![Interval::point(number)], absence: Absence::NEVER }
    }

    /// Any number of an interval.
    pub fn interval(interval: Interval) -> Self {
        Self::from_pieces(vec![interval], Absence::NEVER)
    }

    /// No number.
    pub fn absent(absence: Absence) -> Self {
        Self { pieces: Vec::new(), absence }
    }

    /// A union of intervals.
    pub fn from_pieces(mut pieces: Vec<Interval>, absence: Absence) -> Self {
        pieces.retain(|piece| !piece.is_empty());
        if pieces.len() > 1 {
            pieces = merged(pieces);
        }
        Self { pieces, absence }
    }

    /// The intervals, rising.
    pub fn pieces(&self) -> &[Interval] {
        &self.pieces
    }

    /// The number, if it can only be that one.
    pub fn as_exact(&self) -> Option<&Number> {
        match self.pieces.as_slice() {
            [only] if !self.absence.is_possible() => only.as_point(),
            _ => None,
        }
    }

    /// The numbers, if they are finitely many.
    pub fn as_points(&self) -> Option<Vec<&Number>> {
        self.pieces.iter().map(Interval::as_point).collect()
    }

    /// The smallest interval that holds all.
    pub fn hull(&self) -> Option<Interval> {
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        Some(Interval { low: first.low.clone(), high: last.high.clone() })
    }

    /// All that either may be.
    pub fn union(&self, other: &Self) -> Self {
        let pieces = self.pieces.iter().chain(&other.pieces).cloned().collect();
        Self::from_pieces(pieces, self.absence.or(other.absence))
    }

    /// What lies in the interval.
    pub fn within(&self, interval: &Interval) -> Self {
        let pieces = self.pieces.iter().map(|piece| piece.intersect(interval)).collect();
        Self::from_pieces(pieces, self.absence)
    }

    fn pairwise(&self, other: &Self, combine: impl Fn(&Interval, &Interval) -> Interval) -> Self {
        let absence = self.absence.or(other.absence);
        if let ([left], [right]) = (self.pieces.as_slice(), other.pieces.as_slice()) {
            return Self { pieces: vec![combine(left, right)], absence };
        }
        let mut pieces = Vec::with_capacity(self.pieces.len() * other.pieces.len());
        for left in &self.pieces {
            for right in &other.pieces {
                pieces.push(combine(left, right));
            }
        }
        Self::from_pieces(pieces, absence)
    }

    /// Every sum.
    pub fn add(&self, other: &Self) -> Self {
        self.pairwise(other, Interval::add)
    }

    /// Every difference.
    pub fn sub(&self, other: &Self) -> Self {
        self.pairwise(other, |left, right| left.add(&right.negate()))
    }

    /// Every product.
    pub fn mul(&self, other: &Self) -> Self {
        self.pairwise(other, Interval::multiply)
    }

    /// Every quotient; a denominator that may be nought adds that absence.
    pub fn div(&self, other: &Self) -> Self {
        if let (Some(a), Some(b)) = (self.as_exact(), other.as_exact()) {
            return match a.checked_div(b) {
                Some(quotient) => Self::exact(quotient),
                None => Self::absent(Absence::ZERO_DENOMINATOR),
            };
        }
        let zero = Number::zero();
        let above = Interval { low: End::Excluded(zero.clone()), high: End::Open };
        let below = Interval { low: End::Open, high: End::Excluded(zero.clone()) };
        let mut absence = other.absence;
        let mut reciprocals = Vec::new();
        for piece in &other.pieces {
            if piece.contains(&zero) {
                absence = absence.or(Absence::ZERO_DENOMINATOR);
            }
            let positive = piece.intersect(&above);
            if !positive.is_empty() {
                reciprocals.push(positive.reciprocal_positive());
            }
            let negative = piece.intersect(&below);
            if !negative.is_empty() {
                reciprocals.push(negative.negate().reciprocal_positive().negate());
            }
        }
        self.mul(&Self::from_pieces(reciprocals, absence))
    }

    /// Each number mapped by a function that never falls.
    pub fn map_rising(&self, map: impl Fn(&Number) -> Number) -> Self {
        let end = |end: &End| match end {
            End::Open => End::Open,
            End::Closed(number) | End::Excluded(number) => End::Closed(map(number)),
        };
        let piece = |piece: &Interval| Interval { low: end(&piece.low), high: end(&piece.high) };
        Self::from_pieces(self.pieces.iter().map(piece).collect(), self.absence)
    }

    /// The greater of every pair.
    pub fn max(&self, other: &Self) -> Self {
        self.pairwise(other, |left, right| Interval {
            low: pick(&left.low, &right.low, compare_low, Ordering::Greater),
            high: pick(&left.high, &right.high, compare_high, Ordering::Greater),
        })
    }

    /// The lesser of every pair.
    pub fn min(&self, other: &Self) -> Self {
        self.pairwise(other, |left, right| Interval {
            low: pick(&left.low, &right.low, compare_low, Ordering::Less),
            high: pick(&left.high, &right.high, compare_high, Ordering::Less),
        })
    }
}

fn pick(left: &End, right: &End, compare: fn(&End, &End) -> Ordering, wanted: Ordering) -> End {
    if compare(left, right) == wanted { left.clone() } else { right.clone() }
}

/// Sorted, with what overlaps or touches joined; past [`PIECES_MAX`] the hull.
fn merged(mut pieces: Vec<Interval>) -> Vec<Interval> {
    pieces.sort_by(|left, right| {
        compare_low(&left.low, &right.low).then_with(|| compare_high(&left.high, &right.high))
    });
    let mut out: Vec<Interval> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.last_mut() {
            Some(last) if touches(&last.high, &piece.low) => {
                if compare_high(&piece.high, &last.high) == Ordering::Greater {
                    last.high = piece.high;
                }
            }
            _ => out.push(piece),
        }
    }
    if out.len() > PIECES_MAX {
        let hull = Interval { low: out[0].low.clone(), high: out[out.len() - 1].high.clone() };
        return vec![hull];
    }
    out
}

/// Whether nothing lies between an upper end and the next lower end.
fn touches(high: &End, low: &End) -> bool {
    match (high.value(), low.value()) {
        (Some(high_at), Some(low_at)) => match high_at.cmp(low_at) {
            Ordering::Greater => true,
            Ordering::Equal => high.is_closed() || low.is_closed(),
            Ordering::Less => false,
        },
        _ => true,
    }
}
