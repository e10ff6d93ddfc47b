//! Numbers of many rows at once, each between bounds that are certain.
//!
//! The bulk engine computes derived values in floats. What it decides must be what exact arithmetic decides, so each row
//! carries bounds around everything that its exact value ([`crate::point::Numbers`]) may be, and ways of being absent.
//! Where the bounds cannot tell, the comparison says so, and the row is decided exactly elsewhere.
//!
//! Let the exact value of a row have the hull from `low` to `high`. Then
//!
//! - `low_out <= low <= low_in` and `high_in <= high <= high_out`;
//! - some possible number is at most `low_in`, and some possible number is at least `high_in`;
//! - an infinite `low_in` below, or `high_in` above, says that the value has no end on that side;
//! - one number alone, which may lie anywhere between, has `low_in == high_out` and `high_in == low_out`.
//!
//! So an end whose two bounds are the same float is exactly that float, and possible. An end that is known but itself
//! excluded has bounds one float apart.
//!
//! Map: [`directed`] rounds to the safe side · `build` makes rows · `arithmetic`, `choose`, `rounding` compute ·
//! `compare` decides.

mod arithmetic;
mod build;
mod choose;
mod compare;
mod directed;
mod rounding;
#[cfg(test)]
mod tests;

pub(crate) use build::Domain;
pub(crate) use compare::Comparison;
pub(crate) use directed::around;

/// What can be said of a row beside its bounds: a set of bits.
pub(crate) type Flags = u8;

/// A denominator may be nought. As [`crate::point::Absence::ZERO_DENOMINATOR`].
pub(crate) const ZERO_DENOMINATOR: Flags = 1;
/// 无 is possible. As [`crate::point::Absence::NOTHING`].
pub(crate) const NOTHING: Flags = 2;
/// It is possible that no tier fits. As [`crate::point::Absence::NO_TIER`].
pub(crate) const NO_TIER: Flags = 4;
/// The period may lie before founding. As [`crate::point::Absence::BEFORE_FOUNDING`].
pub(crate) const BEFORE_FOUNDING: Flags = 8;
/// No number is possible. The bounds mean nothing.
pub(crate) const EMPTY: Flags = 16;
/// What is possible may have holes, so that a number between the ends need not be possible.
pub(crate) const PIECES: Flags = 32;
/// More than one number may be possible.
pub(crate) const OPEN: Flags = 64;
/// Nothing can be said of the row; neither of anything computed from it.
pub(crate) const ODD: Flags = 128;

/// All ways of being absent. These bits are exact, not merely "perhaps", unless the row is [`ODD`].
pub(crate) const ABSENCES: Flags = ZERO_DENOMINATOR | NOTHING | NO_TIER | BEFORE_FOUNDING;

/// Bounds and flags of each row; see the head of the module for what they mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Enclosures {
    low_out: Vec<f64>,
    low_in: Vec<f64>,
    high_in: Vec<f64>,
    high_out: Vec<f64>,
    flags: Vec<Flags>,
    /// All flags that any row has.
    any: Flags,
}

/// One row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Row {
    /// Nothing possible lies below.
    pub low_out: f64,
    /// Something possible lies here or below.
    pub low_in: f64,
    /// Something possible lies here or above.
    pub high_in: f64,
    /// Nothing possible lies above.
    pub high_out: f64,
    /// The rest.
    pub flags: Flags,
}

impl Row {
    /// No number, for these reasons.
    fn empty(flags: Flags) -> Self {
        let flags = (flags & (ABSENCES | ODD)) | EMPTY;
        Self { low_out: 0.0, low_in: 0.0, high_in: 0.0, high_out: 0.0, flags }
    }

    /// Nothing can be said.
    fn odd(flags: Flags) -> Self {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        let flags = (flags & ABSENCES) | OPEN | ODD;
        Self { low_out: low, low_in: high, high_in: low, high_out: high, flags }
    }

    fn has(self, flags: Flags) -> bool {
        self.flags & flags != 0
    }

    fn negate(self) -> Self {
        Self {
            low_out: -self.high_out,
            low_in: -self.high_in,
            high_in: -self.low_in,
            high_out: -self.low_out,
            flags: self.flags,
        }
    }

    /// What follows from the bounds alone.
    #[inline(always)]
    fn settled(self) -> Self {
        let Self { low_out, low_in, high_in, high_out, mut flags } = self;
        debug_assert!(![low_out, low_in, high_in, high_out].iter().any(|bound| bound.is_nan()), "{self:?}");
        let is_single = (low_out == high_out) | (flags & EMPTY != 0);
        flags &= if is_single { !(OPEN | PIECES) } else { !0 };
        let low_in = if low_in > high_out { high_out } else { low_in };
        let high_in = if high_in < low_out { low_out } else { high_in };
        Self { low_out, low_in, high_in, high_out, flags }
    }
}

impl Enclosures {
    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.flags.len()
    }

    /// The flags of a row.
    pub(crate) fn flags(&self, row: usize) -> Flags {
        self.flags[row]
    }

    /// All flags that any row has.
    #[cfg(test)]
    pub(crate) fn any(&self) -> Flags {
        self.any
    }

    /// One row.
    pub(crate) fn row(&self, row: usize) -> Row {
        Row {
            low_out: self.low_out[row],
            low_in: self.low_in[row],
            high_in: self.high_in[row],
            high_out: self.high_out[row],
            flags: self.flags[row],
        }
    }

    /// These rows alone, in this order.
    pub(crate) fn gather(&self, rows: &[usize]) -> Self {
        Self::from_rows(rows.len(), |at| self.row(rows[at]))
    }

    fn set(&mut self, at: usize, row: Row) {
        self.low_out[at] = row.low_out;
        self.low_in[at] = row.low_in;
        self.high_in[at] = row.high_in;
        self.high_out[at] = row.high_out;
        self.flags[at] = row.flags;
        self.any |= row.flags;
    }

    /// So many rows, one after another.
    #[inline(always)]
    fn from_rows(rows: usize, mut row_of: impl FnMut(usize) -> Row) -> Self {
        let mut out = Self::blank(rows);
        let lows = out.low_out.iter_mut().zip(&mut out.low_in);
        let highs = out.high_in.iter_mut().zip(&mut out.high_out);
        let mut any = 0;
        for (at, (((low_out, low_in), (high_in, high_out)), flags)) in
            lows.zip(highs).zip(&mut out.flags).enumerate()
        {
            let row = row_of(at);
            (*low_out, *low_in, *high_in, *high_out) = (row.low_out, row.low_in, row.high_in, row.high_out);
            *flags = row.flags;
            any |= row.flags;
        }
        out.any = any;
        out
    }

    /// So many rows to be written to.
    fn blank(rows: usize) -> Self {
        let lane = || vec![0.0; rows];
        Self {
            low_out: lane(),
            low_in: lane(),
            high_in: lane(),
            high_out: lane(),
            flags: vec![0; rows],
            any: 0,
        }
    }

    /// Copies some rows of another to the same places.
    fn copy(&mut self, from: &Self, rows: std::ops::Range<usize>) {
        self.low_out[rows.clone()].copy_from_slice(&from.low_out[rows.clone()]);
        self.low_in[rows.clone()].copy_from_slice(&from.low_in[rows.clone()]);
        self.high_in[rows.clone()].copy_from_slice(&from.high_in[rows.clone()]);
        self.high_out[rows.clone()].copy_from_slice(&from.high_out[rows.clone()]);
        let flags = &from.flags[rows.clone()];
        self.flags[rows].copy_from_slice(flags);
        self.any |= flags.iter().fold(0, |any, flags| any | flags);
    }

    /// The same row again and again.
    fn repeated(rows: usize, row: Row) -> Self {
        let row = row.settled();
        Self {
            low_out: vec![row.low_out; rows],
            low_in: vec![row.low_in; rows],
            high_in: vec![row.high_in; rows],
            high_out: vec![row.high_out; rows],
            flags: vec![row.flags; rows],
            any: row.flags,
        }
    }

    /// Row by row, where no simple loop over one lane will do.
    #[inline(always)]
    fn by_row(&self, other: &Self, combine: impl Fn(Row, Row) -> Row) -> Self {
        debug_assert_eq!(self.rows(), other.rows());
        Self::from_rows(self.rows(), |at| combine(self.row(at), other.row(at)).settled())
    }

    /// Row by row over one operand.
    #[inline(always)]
    fn each(&self, map: impl Fn(Row) -> Row) -> Self {
        Self::from_rows(self.rows(), |at| map(self.row(at)).settled())
    }

    /// What follows from the bounds alone, for lanes that were computed each on its own.
    fn settled(mut self) -> Self {
        let mut any = 0;
        let lows = self.low_out.iter().zip(&mut self.low_in);
        let highs = self.high_out.iter().zip(&mut self.high_in);
        for (((low_out, low_in), (high_out, high_in)), flags) in lows.zip(highs).zip(&mut self.flags) {
            let (low_out, high_out) = (*low_out, *high_out);
            let row = Row { low_out, low_in: *low_in, high_in: *high_in, high_out, flags: *flags }.settled();
            (*low_in, *high_in, *flags) = (row.low_in, row.high_in, row.flags);
            any |= row.flags;
        }
        self.any = any;
        self
    }
}

/// Number of words of 64 bits that hold a bit for each row.
pub(crate) fn words(rows: usize) -> usize {
    rows.div_ceil(64)
}

/// Whether the bit of a row is set.
fn is_set(bits: &[u64], row: usize) -> bool {
    bits[row / 64] >> (row % 64) & 1 != 0
}
