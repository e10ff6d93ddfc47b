//! Sums, products, quotients and powers, as [`crate::point::Numbers`] has them, with bounds rounded to the safe side.

use facts::Number;

use super::directed::{add_down, add_up, div_down, div_up, mul_down, mul_up};
use super::{ABSENCES, EMPTY, Enclosures, ODD, OPEN, PIECES, Row, ZERO_DENOMINATOR};
use crate::planes::wide;

/// Greatest exponent that is computed in floats.
const EXPONENT_MAX: u32 = 64;

/// One lane out of two.
#[inline(always)]
fn lane(left: &[f64], right: &[f64], combine: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut out = vec![0.0; left.len()];
    wide(|| {
        for (out, (left, right)) in out.iter_mut().zip(left.iter().zip(right)) {
            *out = combine(*left, *right);
        }
    });
    out
}

/// One lane of a product or quotient whose second operand is never negative: which of its ends makes the result extreme
/// hangs on the sign of the first.
#[inline(always)]
fn signed(left: &[f64], above: &[f64], below: &[f64], combine: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut out = vec![0.0; left.len()];
    wide(|| {
        let right = above.iter().zip(below);
        for (out, (left, (above, below))) in out.iter_mut().zip(left.iter().zip(right)) {
            *out = combine(*left, if *left >= 0.0 { *above } else { *below });
        }
    });
    out
}

impl Enclosures {
    /// Every sum.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let (no_low, no_high) = (f64::NEG_INFINITY, f64::INFINITY);
        Self {
            low_out: lane(&self.low_out, &other.low_out, |x, y| add_down(x, y, no_low)),
            low_in: lane(&self.low_in, &other.low_in, |x, y| add_up(x, y, no_low)),
            high_in: lane(&self.high_in, &other.high_in, |x, y| add_down(x, y, no_high)),
            high_out: lane(&self.high_out, &other.high_out, |x, y| add_up(x, y, no_high)),
            flags: self.flags_with(other),
            any: 0,
        }
        .settled()
    }

    /// Every difference.
    pub(crate) fn sub(&self, other: &Self) -> Self {
        let (no_low, no_high) = (f64::NEG_INFINITY, f64::INFINITY);
        Self {
            low_out: lane(&self.low_out, &other.high_out, |x, y| add_down(x, -y, no_low)),
            low_in: lane(&self.low_in, &other.high_in, |x, y| add_up(x, -y, no_low)),
            high_in: lane(&self.high_in, &other.low_in, |x, y| add_down(x, -y, no_high)),
            high_out: lane(&self.high_out, &other.low_out, |x, y| add_up(x, -y, no_high)),
            flags: self.flags_with(other),
            any: 0,
        }
        .settled()
    }

    /// Every product.
    pub(crate) fn mul(&self, other: &Self) -> Self {
        let is_turned = !other.is_never_negative() && self.is_never_negative();
        let (a, b) = if is_turned { (other, self) } else { (self, other) };
        let mut out = Self {
            low_out: signed(&a.low_out, &b.low_out, &b.high_out, mul_down),
            low_in: signed(&a.low_in, &b.low_in, &b.high_in, mul_up),
            high_in: signed(&a.high_in, &b.high_in, &b.low_in, mul_down),
            high_out: signed(&a.high_out, &b.high_out, &b.low_out, mul_up),
            flags: self.flags_with(other),
            any: 0,
        };
        for at in 0..b.rows() {
            if b.low_out[at] < 0.0 {
                out.set(at, multiplied(a.row(at), b.row(at)));
            }
        }
        out.settled()
    }

    /// Every quotient; a denominator that may be nought adds that absence.
    pub(crate) fn div(&self, other: &Self) -> Self {
        let (a, b) = (self, other);
        let mut out = Self {
            low_out: signed(&a.low_out, &b.high_out, &b.low_out, div_down),
            low_in: signed(&a.low_in, &b.high_in, &b.low_in, div_up),
            high_in: signed(&a.high_in, &b.low_in, &b.high_in, div_down),
            high_out: signed(&a.high_out, &b.low_out, &b.high_out, div_up),
            flags: self.flags_with(other),
            any: 0,
        };
        for at in 0..b.rows() {
            if b.low_out[at] <= 0.0 {
                out.set(at, divided(a.row(at), b.row(at)));
            }
        }
        out.settled()
    }

    /// The whole power. A power of an interval is a repeated product, as the exact evaluation has it.
    pub(crate) fn powi(&self, exponent: i32) -> Self {
        let one = Self::constant(self.rows(), &Number::one());
        if exponent == 0 {
            return one;
        }
        if exponent.unsigned_abs() > EXPONENT_MAX {
            return Self::odd(self.rows());
        }
        let mut power = self.clone();
        for _ in 1..exponent.unsigned_abs() {
            power = power.mul(self);
        }
        if exponent < 0 { one.div(&power) } else { power }
    }

    /// With the other sign.
    pub(crate) fn negate(&self) -> Self {
        let turned = |lane: &[f64]| lane.iter().map(|bound| -bound).collect();
        Self {
            low_out: turned(&self.high_out),
            low_in: turned(&self.high_in),
            high_in: turned(&self.low_in),
            high_out: turned(&self.low_out),
            flags: self.flags.clone(),
            any: self.any,
        }
    }

    fn is_never_negative(&self) -> bool {
        // Counted without leaving early, so that the loop runs over several rows at once.
        self.low_out.iter().fold(true, |is_never, low| is_never & (*low >= 0.0))
    }

    fn flags_with(&self, other: &Self) -> Vec<u8> {
        debug_assert_eq!(self.rows(), other.rows());
        self.flags.iter().zip(&other.flags).map(|(left, right)| left | right).collect()
    }
}

/// A product of any signs, from the four combinations of ends; each lies somewhere in a box of outer and inner bounds.
fn corners(a: Row, b: Row) -> Row {
    let (no_low, no_high) = (f64::NEG_INFINITY, f64::INFINITY);
    let flags = a.flags | b.flags;
    let mut row = Row { low_out: no_high, low_in: no_high, high_in: no_low, high_out: no_low, flags };
    for xs in [[a.low_out, a.low_in], [a.high_in, a.high_out]] {
        for ys in [[b.low_out, b.low_in], [b.high_in, b.high_out]] {
            let (mut least, mut most) = (no_high, no_low);
            for (x, y) in [(xs[0], ys[0]), (xs[0], ys[1]), (xs[1], ys[0]), (xs[1], ys[1])] {
                least = least.min(mul_down(x, y));
                most = most.max(mul_up(x, y));
            }
            row.low_out = row.low_out.min(least);
            row.low_in = row.low_in.min(most);
            row.high_in = row.high_in.max(least);
            row.high_out = row.high_out.max(most);
        }
    }
    row
}

fn multiplied(a: Row, b: Row) -> Row {
    let flags = a.flags | b.flags;
    if flags & ODD != 0 {
        return Row::odd(flags);
    }
    if flags & EMPTY != 0 {
        return Row::empty(flags);
    }
    if b.low_out >= 0.0 { multiplied_by_positive(a, b) } else { corners(a, b) }
}

fn multiplied_by_positive(a: Row, b: Row) -> Row {
    let end = |x: f64, above, below| (x, if x >= 0.0 { above } else { below });
    let low_out = end(a.low_out, b.low_out, b.high_out);
    let low_in = end(a.low_in, b.low_in, b.high_in);
    let high_in = end(a.high_in, b.high_in, b.low_in);
    let high_out = end(a.high_out, b.high_out, b.low_out);
    Row {
        low_out: mul_down(low_out.0, low_out.1),
        low_in: mul_up(low_in.0, low_in.1),
        high_in: mul_down(high_in.0, high_in.1),
        high_out: mul_up(high_out.0, high_out.1),
        flags: a.flags | b.flags,
    }
}

fn divided(a: Row, b: Row) -> Row {
    let flags = a.flags | b.flags;
    if flags & ODD != 0 {
        return Row::odd(flags);
    }
    if b.has(EMPTY) {
        return Row::empty(flags);
    }
    if b.high_out < 0.0 {
        return divided(a.negate(), b.negate());
    }
    if b.low_out <= 0.0 {
        return divided_by_what_may_be_nought(a, b);
    }
    if a.has(EMPTY) {
        return Row::empty(flags);
    }
    divided_by_positive(a, b)
}

fn divided_by_positive(a: Row, b: Row) -> Row {
    let end = |x: f64, above, below| (x, if x >= 0.0 { above } else { below });
    let low_out = end(a.low_out, b.high_out, b.low_out);
    let low_in = end(a.low_in, b.high_in, b.low_in);
    let high_in = end(a.high_in, b.low_in, b.high_in);
    let high_out = end(a.high_out, b.low_out, b.high_out);
    Row {
        low_out: div_down(low_out.0, low_out.1),
        low_in: div_up(low_in.0, low_in.1),
        high_in: div_down(high_in.0, high_in.1),
        high_out: div_up(high_out.0, high_out.1),
        flags: a.flags | b.flags,
    }
}

/// Whether nought is possible must be certain either way, since the comparison that follows is certain either way.
fn divided_by_what_may_be_nought(a: Row, b: Row) -> Row {
    let flags = a.flags | b.flags | ZERO_DENOMINATOR;
    if b.low_out == 0.0 && b.high_out == 0.0 {
        return Row::empty(flags);
    }
    let is_certain = !b.has(PIECES) && b.has(OPEN) && b.low_in <= 0.0 && b.high_in >= 0.0;
    let reaches_above = b.high_in > 0.0;
    let reaches_below = b.low_in < 0.0;
    // The exact end nought belongs to the other side only if it is not certain.
    let is_one_side = (reaches_above && b.low_out == 0.0) || (reaches_below && b.high_out == 0.0);
    if !is_certain || !(is_one_side || (reaches_above && reaches_below)) {
        return Row::odd(flags);
    }
    if a.has(EMPTY) {
        return Row::empty(flags);
    }
    if !is_one_side {
        return divided_on_both_sides(a, flags);
    }
    if reaches_below {
        let (a, b) = (a.negate(), b.negate());
        return Row { flags, ..multiplied(a, reciprocal_from(b)) };
    }
    Row { flags, ..multiplied(a, reciprocal_from(b)) }
}

/// One divided by everything above nought and up to the upper end.
fn reciprocal_from(b: Row) -> Row {
    Row {
        low_out: div_down(1.0, b.high_out),
        low_in: div_up(1.0, b.high_in),
        high_in: f64::INFINITY,
        high_out: f64::INFINITY,
        flags: OPEN,
    }
}

/// Divided by what runs through nought: without end both ways, unless the numerator is nought too.
fn divided_on_both_sides(a: Row, flags: u8) -> Row {
    let is_zero = a.low_out == 0.0 && a.high_out == 0.0;
    if is_zero {
        return Row { flags: flags & ABSENCES, ..Row::single(0.0, 0.0) };
    }
    let is_never_zero = a.low_out > 0.0 || a.high_out < 0.0;
    let is_not_only_zero = is_never_zero || a.low_in < 0.0 || a.high_in > 0.0;
    if !is_not_only_zero {
        return Row::odd(flags);
    }
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let flags = (flags & ABSENCES) | OPEN | PIECES;
    Row { low_out: low, low_in: low, high_in: high, high_out: high, flags }
}
