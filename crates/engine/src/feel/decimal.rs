//! Numbers as FEEL has them: decimals of 34 significant digits, rounded half even.

use std::cmp::Ordering;

use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig, Repr};
use dashu_int::IBig;
use facts::Number;

/// Significant digits.
pub const DIGITS: u32 = 34;

/// Greatest decimal exponent of a number, as of IEEE 754 decimal128.
pub const EXPONENT_MAX: i32 = 6_144;

/// Smallest and greatest number of places that rounding functions take.
pub const SCALE_MIN: i64 = -6_111;
/// See [`SCALE_MIN`].
pub const SCALE_MAX: i64 = 6_176;

/// Digits carried inside powers, roots, exponentials and logarithms.
const WORKING_DIGITS: usize = 60;

/// Half of ten to the 34th has fewer bits than this; whole numbers below it need no rounding.
const EXACT_BITS: usize = 112;

/// The number rounded to 34 digits; `None` if it is too large. What is too small is nought.
pub fn settle(number: Number) -> Option<Number> {
    let rational = number.as_rational();
    if number.is_integer() && bit_length(rational.numerator()) <= EXACT_BITS {
        return Some(number);
    }
    let exponent = number.decimal_exponent();
    if exponent > EXPONENT_MAX {
        return None;
    }
    if exponent < -EXPONENT_MAX {
        return Some(Number::zero());
    }
    Some(number.round_significant(DIGITS))
}

fn bit_length(integer: &IBig) -> usize {
    use dashu_int::ops::BitTest;
    integer.bit_len()
}

/// The quotient; `None` for nought below or a result out of range.
pub fn divide(left: &Number, right: &Number) -> Option<Number> {
    settle(left.checked_div(right)?)
}

/// The power; `None` where it does not exist or is out of range.
pub fn power(base: &Number, exponent: &Number) -> Option<Number> {
    if exponent.is_zero() {
        return Some(Number::one());
    }
    if base.is_zero() {
        return if exponent.is_negative() { None } else { Some(Number::zero()) };
    }
    // Digits of the result before the point, roughly; saves computing what does not fit anyway.
    let digits = (log10_estimate(base) * exponent.to_f64()).abs();
    if digits > f64::from(EXPONENT_MAX) * 1.01 {
        let grows = (base.abs() > Number::one()) != exponent.is_negative();
        return if grows { None } else { Some(Number::zero()) };
    }
    let context = Context::<HalfEven>::new(WORKING_DIGITS + 10);
    let base_repr = to_repr(base);
    let result = match exponent.to_i64() {
        Some(whole) => context.powi(&base_repr, IBig::from(whole)),
        None if base.is_negative() => return None,
        None => context.powf(&base_repr, &to_repr(exponent), None),
    };
    settle(to_number(result.ok()?.value())?)
}

fn log10_estimate(number: &Number) -> f64 {
    let exponent = number.decimal_exponent();
    let mantissa = (&number.abs() * &Number::power_of_ten(-exponent)).to_f64();
    f64::from(exponent) + mantissa.log10()
}

/// The square root; `None` below nought.
pub fn square_root(number: &Number) -> Option<Number> {
    if number.is_negative() {
        return None;
    }
    let context = Context::<HalfEven>::new(WORKING_DIGITS);
    settle(to_number(context.sqrt(&to_repr(number)).ok()?.value())?)
}

/// e to the power; `None` if it is too large.
pub fn exponential(number: &Number) -> Option<Number> {
    // ln(10) is about 2.3: past this the result is out of range.
    let bound = Number::from(i64::from(EXPONENT_MAX) * 24 / 10);
    if number.abs().cmp(&bound) == Ordering::Greater {
        return if number.is_negative() { Some(Number::zero()) } else { None };
    }
    let context = Context::<HalfEven>::new(WORKING_DIGITS);
    settle(to_number(context.exp(&to_repr(number), None).ok()?.value())?)
}

/// The natural logarithm; `None` at nought and below.
pub fn logarithm(number: &Number) -> Option<Number> {
    if number.is_negative() || number.is_zero() {
        return None;
    }
    let context = Context::<HalfEven>::new(WORKING_DIGITS);
    settle(to_number(context.ln(&to_repr(number), None).ok()?.value())?)
}

/// How a number is rounded to places.
#[derive(Clone, Copy, Debug)]
pub enum Rounding {
    /// To the even neighbour at halves.
    HalfEven,
    /// Away from nought at halves.
    HalfUp,
    /// Towards nought at halves.
    HalfDown,
    /// Away from nought.
    Up,
    /// Towards nought.
    Down,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceiling,
}

/// The number rounded to `scale` places; `None` if there are no such places.
pub fn round(number: &Number, scale: i64, rounding: Rounding) -> Option<Number> {
    if !(SCALE_MIN..=SCALE_MAX).contains(&scale) {
        return None;
    }
    let scale = i32::try_from(scale).ok()?;
    let shifted = number * &Number::power_of_ten(scale);
    let whole = match rounding {
        Rounding::HalfEven => shifted.round_half_even(),
        Rounding::HalfUp => shifted.round_half_up(),
        Rounding::HalfDown => {
            let half = Number::ratio(1, 2)?;
            on_magnitude(&shifted, |size| (size - &half).ceiling())
        }
        Rounding::Up => on_magnitude(&shifted, Number::ceiling),
        Rounding::Down => on_magnitude(&shifted, Number::floor),
        Rounding::Floor => shifted.floor(),
        Rounding::Ceiling => shifted.ceiling(),
    };
    settle(&whole * &Number::power_of_ten(-scale))
}

fn on_magnitude(number: &Number, round: impl Fn(&Number) -> Number) -> Number {
    let size = round(&number.abs());
    if number.is_negative() { -size } else { size }
}

/// Plain decimal text, without exponent.
pub fn to_text(number: &Number) -> String {
    number.to_decimal(u32::MAX).unwrap_or_else(|| number.round_significant(DIGITS).to_string())
}

fn to_repr(number: &Number) -> Repr<10> {
    let rational = number.as_rational();
    let top = Repr::<10>::new(rational.numerator().clone(), 0);
    let bottom = Repr::<10>::new(IBig::from(rational.denominator().clone()), 0);
    let context = Context::<HalfEven>::new(WORKING_DIGITS);
    match context.div(&top, &bottom) {
        Ok(quotient) => quotient.value().into_repr(),
        Err(_) => Repr::zero(),
    }
}

fn to_number(float: FBig<HalfEven, 10>) -> Option<Number> {
    let repr = float.into_repr();
    if repr.is_infinite() {
        return None;
    }
    let exponent = i32::try_from(repr.exponent()).ok().filter(|e| e.abs() < 4 * EXPONENT_MAX)?;
    let significand = Number::from(dashu_ratio::RBig::from(repr.significand().clone()));
    Some(&significand * &Number::power_of_ten(exponent))
}
