//! Rows from given figures, constants, and what a fact may be where it is not known.

use facts::Number;

use super::directed::{around, around_whole, div_down, div_up, mul_down, mul_up};
use super::{ABSENCES, EMPTY, Enclosures, Flags, NOTHING, OPEN, Row, is_set};

/// What a fact may be where it is not known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Domain {
    /// Least value, itself possible; none is without end.
    pub least: Option<Number>,
    /// Greatest value, itself possible.
    pub most: Option<Number>,
    /// Whether 无 is possible.
    pub is_nothing_allowed: bool,
}

impl Domain {
    fn row(&self) -> Row {
        let flags = if self.is_nothing_allowed { NOTHING } else { 0 };
        let row = Row::interval(self.least.as_ref(), self.most.as_ref());
        Row { flags: row.flags | flags, ..row }
    }
}

impl Row {
    /// One number, somewhere between two floats.
    pub(super) fn single(low: f64, high: f64) -> Self {
        Self { low_out: low, low_in: high, high_in: low, high_out: high, flags: 0 }
    }

    /// Everything between two numbers, both possible; none is without end.
    pub(super) fn interval(low: Option<&Number>, high: Option<&Number>) -> Self {
        if let (Some(low), Some(high)) = (low, high) {
            if low == high {
                let (below, above) = around(low);
                return Self::single(below, above);
            }
            if low > high {
                return Self::empty(0);
            }
        }
        let (low_out, low_in) = low.map_or((f64::NEG_INFINITY, f64::NEG_INFINITY), around);
        let (high_in, high_out) = high.map_or((f64::INFINITY, f64::INFINITY), around);
        Self { low_out, low_in, high_in, high_out, flags: OPEN }
    }
}

impl Enclosures {
    /// One number in every row.
    pub(crate) fn constant(rows: usize, number: &Number) -> Self {
        Self::repeated(rows, Row::interval(Some(number), Some(number)))
    }

    /// Everything between two numbers in every row, both possible; none is without end.
    pub(crate) fn interval(rows: usize, low: Option<&Number>, high: Option<&Number>) -> Self {
        Self::repeated(rows, Row::interval(low, high))
    }

    /// What an unknown fact may be, in every row.
    #[cfg(test)]
    pub(crate) fn unknown(rows: usize, domain: &Domain) -> Self {
        Self::repeated(rows, domain.row())
    }

    /// No number in any row, in these ways: some of [`ABSENCES`].
    pub(crate) fn absent(rows: usize, absences: Flags) -> Self {
        Self::repeated(rows, Row::empty(absences & ABSENCES))
    }

    /// Nothing can be said of any row.
    pub(crate) fn odd(rows: usize) -> Self {
        Self::repeated(rows, Row::odd(0))
    }

    /// Given figures `mantissa / 10^scale`, one a row. A row in `odd` is one of which nothing can be said; else one in
    /// `nothing` is 无; else one in `known` is its figure; else it is what the domain allows.
    pub(crate) fn from_mantissas(
        mantissas: &[i64],
        scale: u8,
        known: &[u64],
        unknown: &Domain,
        nothing: Option<&[u64]>,
        odd: Option<&[u64]>,
    ) -> Self {
        let scale = Scale::new(scale);
        let is_any = |bits: Option<&[u64]>, at| bits.is_some_and(|bits| is_set(bits, at));
        let unknown = unknown.row().settled();
        Self::from_rows(mantissas.len(), |at| {
            if is_any(odd, at) {
                Row::odd(0)
            } else if is_any(nothing, at) {
                Row::empty(NOTHING)
            } else if is_set(known, at) {
                scale.row(mantissas[at])
            } else {
                unknown
            }
        })
    }

    /// Says that of these rows nothing can be said: a choice whose condition is undecided, a figure that fits no float.
    pub(crate) fn mark_odd(&mut self, rows: &[u64]) {
        for at in 0..self.rows() {
            if is_set(rows, at) {
                self.set(at, Row::odd(self.flags[at]));
            }
        }
    }

    /// Leaves no number in these rows, for these reasons.
    pub(crate) fn mark_absent(&mut self, rows: &[u64], absences: Flags) {
        for at in 0..self.rows() {
            if is_set(rows, at) {
                self.set(at, Row { flags: EMPTY | (absences & ABSENCES), ..Row::empty(0) });
            }
        }
    }
}

/// What a whole number is divided by.
enum Scale {
    /// By nothing.
    One,
    /// By a power of ten that is a float.
    Exact(f64),
    /// By a number between two floats; the reciprocal lies between these.
    Between(f64, f64),
}

impl Scale {
    fn new(scale: u8) -> Self {
        match around(&Number::power_of_ten(i32::from(scale))) {
            (low, high) if low == high && low == 1.0 => Self::One,
            (low, high) if low == high => Self::Exact(low),
            _ => {
                let (low, high) = around(&Number::power_of_ten(-i32::from(scale)));
                Self::Between(low, high)
            }
        }
    }

    #[inline(always)]
    fn row(&self, mantissa: i64) -> Row {
        let (low, high) = around_whole(mantissa);
        match *self {
            Self::One => Row::single(low, high),
            Self::Exact(power) => Row::single(div_down(low, power), div_up(high, power)),
            Self::Between(least, most) => Row::single(
                mul_down(low, if low < 0.0 { most } else { least }),
                mul_up(high, if high < 0.0 { least } else { most }),
            ),
        }
    }
}
