//! Values computed twice: as bounds of all rows at once, and exactly row by row; and what must be true of the two.

use dashu_ratio::RBig;
use facts::{Fen, Number};
use lang::ir::Compare;

use super::super::*;
use crate::point::{Absence, End, Interval, Money, Numbers, Truth, compare_numbers, power};

pub(super) const COMPARES: [Compare; 6] =
    [Compare::Eq, Compare::Ne, Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge];

const WAYS: [(Flags, Absence); 4] = [
    (ZERO_DENOMINATOR, Absence::ZERO_DENOMINATOR),
    (NOTHING, Absence::NOTHING),
    (NO_TIER, Absence::NO_TIER),
    (BEFORE_FOUNDING, Absence::BEFORE_FOUNDING),
];

/// What is given of a row.
#[derive(Clone, Debug)]
pub(super) enum State {
    Known(i64),
    Unknown,
    Nothing,
    Odd,
}

/// A value of each row, twice.
#[derive(Clone, Debug)]
pub(super) struct Twin {
    pub fast: Enclosures,
    pub slow: Vec<Numbers>,
}

fn bits(rows: usize, is_set: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut out = vec![0; words(rows)];
    for row in (0..rows).filter(|row| is_set(*row)) {
        out[row / 64] |= 1 << (row % 64);
    }
    out
}

fn closed(low: Option<&Number>, high: Option<&Number>) -> Interval {
    let end = |bound: Option<&Number>| bound.cloned().map_or(End::Open, End::Closed);
    Interval { low: end(low), high: end(high) }
}

impl Twin {
    pub fn figures(states: &[State], scale: u8, domain: &Domain) -> Self {
        let rows = states.len();
        let mantissas: Vec<i64> =
            states.iter().map(|state| if let State::Known(value) = state { *value } else { 77 }).collect();
        let known = bits(rows, |row| matches!(states[row], State::Known(_)));
        let nothing = bits(rows, |row| matches!(states[row], State::Nothing));
        let odd = bits(rows, |row| matches!(states[row], State::Odd));
        let fast = Enclosures::from_mantissas(&mantissas, scale, &known, domain, Some(&nothing), Some(&odd));
        let power = Number::power_of_ten(-i32::from(scale));
        let slow = states.iter().map(|state| match state {
            State::Known(value) => Numbers::exact(&Number::from(*value) * &power),
            State::Unknown => {
                let absence = if domain.is_nothing_allowed { Absence::NOTHING } else { Absence::NEVER };
                Numbers::from_pieces(vec![closed(domain.least.as_ref(), domain.most.as_ref())], absence)
            }
            State::Nothing => Numbers::absent(Absence::NOTHING),
            State::Odd => Numbers::interval(Interval::closed(Number::from(3), Number::from(5))),
        });
        Self { fast, slow: slow.collect() }
    }

    pub fn constant(rows: usize, number: &Number) -> Self {
        Self { fast: Enclosures::constant(rows, number), slow: vec![Numbers::exact(number.clone()); rows] }
    }

    pub fn interval(rows: usize, low: Option<&Number>, high: Option<&Number>) -> Self {
        let fast = Enclosures::interval(rows, low, high);
        Self { fast, slow: vec![Numbers::interval(closed(low, high)); rows] }
    }

    pub fn absent(rows: usize, way: usize) -> Self {
        let (flags, absence) = WAYS[way % WAYS.len()];
        Self { fast: Enclosures::absent(rows, flags), slow: vec![Numbers::absent(absence); rows] }
    }

    pub fn map(&self, fast: Enclosures, slow: impl Fn(&Numbers) -> Numbers) -> Self {
        Self { fast, slow: self.slow.iter().map(slow).collect() }
    }

    pub fn with(&self, other: &Self, fast: Enclosures, slow: impl Fn(&Numbers, &Numbers) -> Numbers) -> Self {
        let slow = self.slow.iter().zip(&other.slow).map(|(a, b)| slow(a, b)).collect();
        Self { fast, slow }
    }

    pub fn powi(&self, exponent: i32) -> Self {
        let by = Numbers::exact(Number::from(i64::from(exponent)));
        self.map(self.fast.powi(exponent), |numbers| power(numbers, &by))
    }

    pub fn abs(&self) -> Self {
        let zero = Numbers::exact(Number::zero());
        self.map(self.fast.abs(), |numbers| numbers.max(&zero.sub(numbers)))
    }

    pub fn round_half_up(&self, places: i32) -> Self {
        let (scale, back) = (Number::power_of_ten(places), Number::power_of_ten(-places));
        self.map(self.fast.round_half_up(places), |numbers| {
            numbers.map_rising(|number| &(number * &scale).round_half_up() * &back)
        })
    }

    pub fn hull(&self) -> Self {
        self.map(self.fast.clone().hull(), |numbers| match numbers.hull() {
            Some(hull) => Numbers::from_pieces(vec![hull], numbers.absence),
            None => numbers.clone(),
        })
    }

    pub fn progressive(&self, bands: &[(Option<Number>, Number)]) -> Self {
        self.map(self.fast.progressive(bands), |numbers| {
            numbers.map_rising(|number| {
                let (mut low, mut total) = (Number::zero(), Number::zero());
                for (up_to, rate) in bands {
                    let top = up_to.as_ref().filter(|up_to| *up_to < number).unwrap_or(number);
                    if *top > low {
                        total = &total + &(&(top - &low) * rate);
                        low = top.clone();
                    }
                }
                total
            })
        })
    }

    /// `then` where the comparison holds, `otherwise` where it does not.
    pub fn select(op: Compare, left: &Self, right: &Self, then: &Self, otherwise: &Self) -> Self {
        let mut truth = Comparison::default();
        left.fast.compare(op, &right.fast, &mut truth);
        let mut fast = Enclosures::select(&truth.yes, &truth.no, &then.fast, &otherwise.fast);
        fast.mark_odd(&truth.undecided);
        let slow =
            (0..left.slow.len()).map(|row| match compare_numbers(op, &left.slow[row], &right.slow[row]) {
                Truth::True => then.slow[row].clone(),
                Truth::False => otherwise.slow[row].clone(),
                Truth::Unknown => then.slow[row].union(&otherwise.slow[row]),
            });
        Self { fast, slow: slow.collect() }
    }

    /// Whether the bounds say nothing false of any row.
    pub fn check(&self) {
        assert_eq!(self.fast.rows(), self.slow.len());
        for (at, numbers) in self.slow.iter().enumerate() {
            let row = self.fast.row(at);
            assert_eq!(row.flags & !self.fast.any(), 0, "flags summed up: {row:?}");
            check_row(row, numbers);
            if let Some(fen) = self.fast.fen(at) {
                assert_eq!(Money::of(numbers), Money::Exact(Fen(fen)), "{row:?}");
            }
        }
    }

    /// Whether no certain answer is wrong; gives the number of rows left undecided.
    pub fn check_compare(&self, op: Compare, other: &Self) -> usize {
        let mut truth = Comparison::default();
        self.fast.compare(op, &other.fast, &mut truth);
        self.check_truth(op, other, &truth)
    }

    /// The same against one number.
    pub fn check_compare_constant(&self, op: Compare, number: &Number) -> usize {
        let mut truth = Comparison::default();
        self.fast.compare_constant(op, number, &mut truth);
        let constant = Self::constant(self.slow.len(), number);
        let mut other = Comparison::default();
        self.fast.compare(op, &constant.fast, &mut other);
        assert_eq!(truth, other, "one number compares as a row of it does");
        self.check_truth(op, &constant, &truth)
    }

    fn check_truth(&self, op: Compare, other: &Self, truth: &Comparison) -> usize {
        let mut undecided = 0;
        for (at, (a, b)) in self.slow.iter().zip(&other.slow).enumerate() {
            let bits = [&truth.yes, &truth.no, &truth.undecided].map(|bits| is_set(bits, at));
            let claimed = match bits {
                [true, false, false] => Truth::True,
                [false, true, false] => Truth::False,
                [false, false, false] => Truth::Unknown,
                [false, false, true] => {
                    undecided += 1;
                    continue;
                }
                _ => panic!("two answers for one row: {bits:?}"),
            };
            let (row, with) = (self.fast.row(at), other.fast.row(at));
            assert_eq!(claimed, compare_numbers(op, a, b), "{a:?} {op:?} {b:?} from {row:?} and {with:?}");
        }
        let rows = self.slow.len();
        for lane in [&truth.yes, &truth.no, &truth.undecided] {
            let set: u32 = lane.iter().map(|word| word.count_ones()).sum();
            let inside = (0..rows).filter(|row| is_set(lane, *row)).count();
            assert_eq!(set as usize, inside, "no bit past the last row");
        }
        undecided
    }
}

fn number(float: f64) -> Number {
    Number::from(RBig::try_from(float).unwrap())
}

/// Whether `bound` is at most `end`, where an end that is not there is minus infinity.
fn check_low(row: Row, end: &End) {
    let context = format!("{row:?} around {end:?}");
    match end.value() {
        None => assert_eq!(row.low_out, f64::NEG_INFINITY, "{context}"),
        Some(low) => {
            assert!(row.low_out == f64::NEG_INFINITY || number(row.low_out) <= *low, "{context}");
            assert!(row.low_in != f64::NEG_INFINITY, "{context}");
            if row.low_in.is_finite() {
                let inner = number(row.low_in);
                assert!(*low < inner || (*low == inner && matches!(end, End::Closed(_))), "{context}");
            }
        }
    }
}

fn check_row(row: Row, numbers: &Numbers) {
    let bounds = [row.low_out, row.low_in, row.high_in, row.high_out];
    assert!(bounds.iter().all(|bound| !bound.is_nan()), "{row:?}");
    if row.flags & ODD != 0 {
        return;
    }
    for (flag, absence) in WAYS {
        assert_eq!(row.flags & flag != 0, numbers.absence.has(absence), "{row:?} around {numbers:?}");
    }
    let Some(hull) = numbers.hull() else {
        assert!(row.flags & EMPTY != 0, "{row:?} around {numbers:?}");
        return;
    };
    assert!(row.flags & EMPTY == 0, "{row:?} around {numbers:?}");
    check_low(row, &hull.low);
    let turned = match &hull.high {
        End::Open => End::Open,
        End::Closed(high) => End::Closed(-high.clone()),
        End::Excluded(high) => End::Excluded(-high.clone()),
    };
    check_low(row.negate(), &turned);
    if row.flags & PIECES == 0 {
        assert_eq!(numbers.pieces().len(), 1, "{row:?} around {numbers:?}");
    }
    if row.flags & OPEN == 0 {
        assert!(hull.as_point().is_some(), "{row:?} around {numbers:?}");
        assert_eq!((row.low_in, row.high_in), (row.high_out, row.low_out), "{numbers:?}");
    }
}
