//! Exact rational numbers: the only numbers that decide anything.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// An exact rational number of any size. `((23/28−1)+(46/35−1)+(41/28−1))/3` *is* one fifth here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(RBig);

/// Most decimal digits accepted in a literal or a cell; longer ones are refused by the reader.
pub const DIGITS_MAX: usize = 400;

/// Largest absolute exponent of a power that is computed exactly.
pub const EXPONENT_MAX: i64 = 4_096;

impl Number {
    /// Numerator and denominator in lowest terms, the denominator positive, if both fit.
    pub fn to_fraction(&self) -> Option<(i64, i64)> {
        Some((i64::try_from(self.0.numerator()).ok()?, i64::try_from(self.0.denominator()).ok()?))
    }

    /// Nought.
    pub fn zero() -> Self {
        Self(RBig::ZERO)
    }

    /// One.
    pub fn one() -> Self {
        Self(RBig::ONE)
    }

    /// The fraction `numerator / denominator`; `None` if the denominator is zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        Self::from(numerator).checked_div(&Self::from(denominator))
    }

    /// Ten to the power `exponent`.
    pub fn power_of_ten(exponent: i32) -> Self {
        let power = IBig::from(UBig::from(10u8).pow(exponent.unsigned_abs() as usize));
        if exponent >= 0 { Self(RBig::from(power)) } else { Self(RBig::ONE / RBig::from(power)) }
    }

    /// The quotient; `None` if `divisor` is zero.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() { None } else { Some(Self(&self.0 / &divisor.0)) }
    }

    /// The number to a whole power; `None` for nought to a negative power or an exponent past [`EXPONENT_MAX`].
    pub fn checked_powi(&self, exponent: i64) -> Option<Self> {
        if exponent.abs() > EXPONENT_MAX || (exponent < 0 && self.is_zero()) {
            return None;
        }
        Some(Self(self.0.pow(isize::try_from(exponent).ok()?)))
    }

    /// Whether this is nought.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is below nought.
    pub fn is_negative(&self) -> bool {
        self.0 < RBig::ZERO
    }

    /// Whether this is a whole number.
    pub fn is_integer(&self) -> bool {
        self.0.is_int()
    }

    /// The largest whole number not above this one.
    pub fn floor(&self) -> Self {
        Self(RBig::from(self.0.floor()))
    }

    /// The smallest whole number not below this one.
    pub fn ceiling(&self) -> Self {
        Self(RBig::from(self.0.ceil()))
    }

    /// Without its sign.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self.clone() } else { self.clone() }
    }

    /// Rounded to whole, halves away from nought (四舍五入).
    pub fn round_half_up(&self) -> Self {
        let half = Self(RBig::ONE / RBig::from(IBig::from(2)));
        if self.is_negative() { -(&self.abs() + &half).floor() } else { (self + &half).floor() }
    }

    /// Rounded to whole, halves to the even neighbour.
    pub fn round_half_even(&self) -> Self {
        let half = Self(RBig::ONE / RBig::from(IBig::from(2)));
        let low = self.floor();
        match (self - &low).cmp(&half) {
            Ordering::Less => low,
            Ordering::Greater => &low + &Self::one(),
            Ordering::Equal => {
                let even = (&low * &half).is_integer();
                if even { low } else { &low + &Self::one() }
            }
        }
    }

    /// As an `i64`, if it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        i64::try_from(self.0.numerator().clone()).ok()
    }

    /// The nearest float; for charts and rates of progress, never for a decision.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// The rational inside.
    pub fn as_rational(&self) -> &RBig {
        &self.0
    }

    /// Rounded half-even to `digits` significant decimal digits.
    pub fn round_significant(&self, digits: u32) -> Self {
        if self.is_zero() {
            return Self::zero();
        }
        let exponent = self.decimal_exponent();
        let shift = digits as i32 - 1 - exponent;
        let scaled = self * &Self::power_of_ten(shift);
        &scaled.round_half_even() * &Self::power_of_ten(-shift)
    }

    /// `e` such that `10^e <= |self| < 10^(e+1)`; nought gives nought.
    pub fn decimal_exponent(&self) -> i32 {
        if self.is_zero() {
            return 0;
        }
        let digits = |n: &UBig| -> i32 { i32::try_from(n.to_string().len()).unwrap_or(i32::MAX / 4) };
        let numerator = self.0.numerator().clone();
        let magnitude = UBig::try_from(if numerator < IBig::ZERO { -numerator } else { numerator });
        let mut guess = digits(&magnitude.unwrap_or(UBig::ONE)) - digits(self.0.denominator());
        let size = self.abs();
        while size < Self::power_of_ten(guess) {
            guess -= 1;
        }
        while size >= Self::power_of_ten(guess + 1) {
            guess += 1;
        }
        guess
    }

    /// Exact decimal text if the expansion ends within `places_max` places, else `None`.
    pub fn to_decimal(&self, places_max: u32) -> Option<String> {
        let mut denominator = self.0.denominator().clone();
        let (two, five) = (UBig::from(2u8), UBig::from(5u8));
        let (mut twos, mut fives) = (0u32, 0u32);
        while (&denominator % &two).is_zero() {
            denominator /= &two;
            twos += 1;
        }
        while (&denominator % &five).is_zero() {
            denominator /= &five;
            fives += 1;
        }
        let places = twos.max(fives);
        if denominator != UBig::ONE || places > places_max {
            return None;
        }
        Some(self.to_fixed(places))
    }

    /// Decimal text with exactly `places` places, rounded half up.
    pub fn to_fixed(&self, places: u32) -> String {
        let scaled = (self * &Self::power_of_ten(places as i32)).round_half_up();
        let digits = scaled.abs().0.numerator().to_string();
        let sign = if scaled.is_negative() { "-" } else { "" };
        if places == 0 {
            return format!("{sign}{digits}");
        }
        let width = places as usize + 1;
        let padded = format!("{digits:0>width$}");
        let (whole, fraction) = padded.split_at(padded.len() - places as usize);
        format!("{sign}{whole}.{fraction}")
    }
}

impl fmt::Display for Number {
    /// The exact decimal where there is one of at most 40 places, else `n/d`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_decimal(40) {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.0.numerator(), self.0.denominator()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a number: {0}")]
pub struct NotANumber(pub String);

impl FromStr for Number {
    type Err = NotANumber;

    /// Reads `-12`, `3.50`, `.5`, `1e6`, `1,234.5` is refused.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let refuse = || NotANumber(text.chars().take(40).collect());
        if text.len() > DIGITS_MAX {
            return Err(refuse());
        }
        let (negative, body) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match body.find(['e', 'E']) {
            Some(at) => (&body[..at], body[at + 1..].parse::<i32>().map_err(|_| refuse())?),
            None => (body, 0),
        };
        if exponent.unsigned_abs() as usize > 7_000 {
            return Err(refuse());
        }
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let integer = IBig::from_str(&digits).map_err(|_| refuse())?;
        let shift = exponent - i32::try_from(fraction.len()).map_err(|_| refuse())?;
        let value = &Self(RBig::from(integer)) * &Self::power_of_ten(shift);
        Ok(if negative { -value } else { value })
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(RBig::from(IBig::from(value)))
    }
}

impl From<RBig> for Number {
    fn from(value: RBig) -> Self {
        Self(value)
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $op:tt),*) => {$(
        impl std::ops::$trait<&Number> for &Number {
            type Output = Number;
            fn $method(self, other: &Number) -> Number { Number(&self.0 $op &other.0) }
        }
    )*};
}
operators!(Add add +, Sub sub -, Mul mul *);

impl std::ops::Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number(-self.0)
    }
}
