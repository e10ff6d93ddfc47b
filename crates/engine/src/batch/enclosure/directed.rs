//! Sums, products and quotients of floats rounded to the safe side, and the floats around an exact number.
//!
//! Each operation has a version that never comes out above the true result (`_down`) and one that never comes out below
//! it (`_up`). Where the float is the true result it is kept: the error of a rounded sum or product is itself a float
//! and is computed, so only what was really rounded is widened. An infinity stands for an end that is not there or
//! about which nothing is known; no operation yields NaN.

use dashu_ratio::RBig;
use facts::Number;

/// Below this size the error of a product may be too small for a float, so it is not relied on.
const SMALL: f64 = 1e-250;

/// Above this size the splitting of a factor may overflow, so the error is not relied on.
const LARGE: f64 = 1e250;

/// The next float below. As the standard library has it, but without a branch, so that loops run over several rows at once.
#[inline(always)]
pub(super) fn next_down(x: f64) -> f64 {
    -next_up(-x)
}

/// The next float above.
#[inline(always)]
pub(super) fn next_up(x: f64) -> f64 {
    let bits = x.to_bits();
    let stepped = f64::from_bits(if x > 0.0 { bits.wrapping_add(1) } else { bits.wrapping_sub(1) });
    let beside_zero = if x == 0.0 { f64::from_bits(1) } else { stepped };
    if x < f64::INFINITY { beside_zero } else { x }
}

/// `x + y`; where both ends are infinite and differ, the infinity `dominant` wins.
#[inline(always)]
fn sum(x: f64, y: f64, dominant: f64, widen: impl Fn(f64) -> f64, is_safe: impl Fn(f64) -> bool) -> f64 {
    let rounded = x + y;
    let part = rounded - x;
    let error = (x - (rounded - part)) + (y - part);
    let widened = if is_safe(error) { rounded } else { widen(rounded) };
    let with_infinite = if rounded.is_nan() { dominant } else { rounded };
    if x.is_infinite() | y.is_infinite() { with_infinite } else { widened }
}

/// The sum, not above the true one. Of two different infinities `dominant` is the sum.
#[inline(always)]
pub(super) fn add_down(x: f64, y: f64, dominant: f64) -> f64 {
    sum(x, y, dominant, next_down, |error| error >= 0.0)
}

/// The sum, not below the true one. Of two different infinities `dominant` is the sum.
#[inline(always)]
pub(super) fn add_up(x: f64, y: f64, dominant: f64) -> f64 {
    sum(x, y, dominant, next_up, |error| error <= 0.0)
}

/// Upper and lower half of the digits.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * x;
    let high = shifted - (shifted - x);
    (high, x - high)
}

/// `x * y - product`, exactly, unless something is too large or too small; then perhaps NaN.
#[inline(always)]
fn product_error(x: f64, y: f64, product: f64) -> f64 {
    let ((x_high, x_low), (y_high, y_low)) = (split(x), split(y));
    ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
}

#[inline(always)]
fn product(x: f64, y: f64, widen: impl Fn(f64) -> f64, is_safe: impl Fn(f64) -> bool) -> f64 {
    let rounded = x * y;
    let is_relied_on = is_safe(product_error(x, y, rounded)) & (rounded.abs() > SMALL);
    let widened = if is_relied_on { rounded } else { widen(rounded) };
    let with_infinite = if x.is_infinite() | y.is_infinite() { rounded } else { widened };
    // Nought times anything, also times what has no end, is nought.
    if (x == 0.0) | (y == 0.0) { 0.0 } else { with_infinite }
}

/// The product, not above the true one.
#[inline(always)]
pub(super) fn mul_down(x: f64, y: f64) -> f64 {
    product(x, y, next_down, |error| error >= 0.0)
}

/// The product, not below the true one.
#[inline(always)]
pub(super) fn mul_up(x: f64, y: f64) -> f64 {
    product(x, y, next_up, |error| error <= 0.0)
}

/// `x / y` for `y > 0`; an endless `y` makes it nought, which is never quite reached.
#[inline(always)]
fn quotient(x: f64, y: f64, widen: impl Fn(f64) -> f64, is_safe: impl Fn(f64) -> bool) -> f64 {
    let rounded = x / y;
    let back = rounded * y;
    let rest = (x - back) - product_error(rounded, y, back);
    let in_range = (x.abs() > SMALL) & (rounded.abs() > SMALL) & (rounded.abs() < LARGE) & (y < LARGE);
    let widened = if in_range & is_safe(rest) { rounded } else { widen(rounded) };
    let with_infinite = if x.is_infinite() { x } else { widened };
    // The side from which nought is neared is the sign of the numerator; on the other side nought itself is the bound.
    let beside_zero = if is_safe(x) { 0.0 } else { widen(0.0) };
    let with_endless = if y.is_infinite() { beside_zero } else { with_infinite };
    if x == 0.0 { 0.0 } else { with_endless }
}

/// The quotient by `y > 0`, not above the true one.
#[inline(always)]
pub(super) fn div_down(x: f64, y: f64) -> f64 {
    quotient(x, y, next_down, |rest| rest >= 0.0)
}

/// The quotient by `y > 0`, not below the true one.
#[inline(always)]
pub(super) fn div_up(x: f64, y: f64) -> f64 {
    quotient(x, y, next_up, |rest| rest <= 0.0)
}

/// The floats next to a number: the greatest not above and the least not below; the same one where it is a float.
pub(crate) fn around(number: &Number) -> (f64, f64) {
    let nearest = number.to_f64().clamp(f64::MIN, f64::MAX);
    let order =
        RBig::try_from(nearest).map_or(std::cmp::Ordering::Equal, |float| Number::from(float).cmp(number));
    match order {
        std::cmp::Ordering::Less => (nearest, nearest.next_up()),
        std::cmp::Ordering::Equal => (nearest, nearest),
        std::cmp::Ordering::Greater => (nearest.next_down(), nearest),
    }
}

/// The floats next to a whole number.
#[inline(always)]
pub(super) fn around_whole(whole: i64) -> (f64, f64) {
    let nearest = whole as f64;
    match (nearest as i128).cmp(&i128::from(whole)) {
        std::cmp::Ordering::Less => (nearest, nearest.next_up()),
        std::cmp::Ordering::Equal => (nearest, nearest),
        std::cmp::Ordering::Greater => (nearest.next_down(), nearest),
    }
}
