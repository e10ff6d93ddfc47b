//! The lesser, the greater, and one or the other.

use super::{ABSENCES, EMPTY, Enclosures, ODD, OPEN, PIECES, Row, is_set};

impl Enclosures {
    /// The lesser of every pair.
    pub(crate) fn min(&self, other: &Self) -> Self {
        self.by_row(other, lesser)
    }

    /// The greater of every pair.
    pub(crate) fn max(&self, other: &Self) -> Self {
        self.by_row(other, |a, b| lesser(a.negate(), b.negate()).negate())
    }

    /// Without its sign: the greater of the number and its opposite, as the exact evaluation has it.
    pub(crate) fn abs(&self) -> Self {
        self.max(&self.negate())
    }

    /// Everything between the ends, where what is possible may have holes.
    #[must_use]
    pub(crate) fn hull(mut self) -> Self {
        if self.any & PIECES != 0 {
            self.flags.iter_mut().for_each(|flags| *flags &= !PIECES);
            self.any &= !PIECES;
        }
        self
    }

    /// `then` where the condition holds, `otherwise` where it does not, and all that either may be where it is certain
    /// that nobody knows. Where the condition is undecided, the caller marks the row odd.
    pub(crate) fn select(cond_true: &[u64], cond_false: &[u64], then: &Self, otherwise: &Self) -> Self {
        debug_assert_eq!(then.rows(), otherwise.rows());
        let rows = then.rows();
        let mut out = Self::blank(rows);
        // Neighbours are often alike.
        let starts = (0..rows).step_by(64);
        for (start, (trues, falses)) in starts.zip(cond_true.iter().zip(cond_false)) {
            let span = start..rows.min(start + 64);
            let all = u64::MAX >> (64 - span.len());
            if trues & all == all {
                out.copy(then, span);
            } else if falses & !trues & all == all {
                out.copy(otherwise, span);
            } else {
                for at in span {
                    out.set(
                        at,
                        if is_set(cond_true, at) {
                            then.row(at)
                        } else if is_set(cond_false, at) {
                            otherwise.row(at)
                        } else {
                            either(then.row(at), otherwise.row(at)).settled()
                        },
                    );
                }
            }
        }
        out
    }
}

#[inline(always)]
fn least(x: f64, y: f64) -> f64 {
    if x < y { x } else { y }
}

#[inline(always)]
fn greatest(x: f64, y: f64) -> f64 {
    if x > y { x } else { y }
}

#[inline(always)]
fn lesser(a: Row, b: Row) -> Row {
    const SHAPE: u8 = OPEN | PIECES;
    let both = a.flags | b.flags;
    // Where all of one lies below all of the other, it alone is the result, with its shape.
    let shape = if both & EMPTY != 0 {
        0
    } else if a.high_out <= b.low_out {
        a.flags & SHAPE
    } else if b.high_out <= a.low_out {
        b.flags & SHAPE
    } else {
        both & SHAPE
    };
    Row {
        low_out: least(a.low_out, b.low_out),
        low_in: least(a.low_in, b.low_in),
        high_in: least(a.high_in, b.high_in),
        high_out: least(a.high_out, b.high_out),
        flags: (both & !SHAPE) | shape,
    }
}

/// All that either may be.
fn either(a: Row, b: Row) -> Row {
    let both = a.flags | b.flags;
    if both & ODD != 0 {
        return Row::odd(both);
    }
    let absences = both & ABSENCES;
    match (a.has(EMPTY), b.has(EMPTY)) {
        (true, true) => return Row::empty(absences),
        (true, false) => return Row { flags: b.flags | absences, ..b },
        (false, true) => return Row { flags: a.flags | absences, ..a },
        (false, false) => {}
    }
    let is_joined = a.low_in <= b.high_in && b.low_in <= a.high_in && both & PIECES == 0;
    Row {
        low_out: least(a.low_out, b.low_out),
        low_in: least(a.low_in, b.low_in),
        high_in: greatest(a.high_in, b.high_in),
        high_out: greatest(a.high_out, b.high_out),
        flags: absences | OPEN | if is_joined { 0 } else { PIECES },
    }
}
