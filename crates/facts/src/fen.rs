//! Money in whole fen (分), checked.

use std::fmt;

use crate::Number;

/// An amount of money in whole fen; one yuan (元) is 100 fen. Arithmetic is checked, rounding is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// From an exact number of yuan, rounded half up to the fen; `None` past ±92 quadrillion yuan.
    pub fn from_yuan_rounded(yuan: &Number) -> Option<Self> {
        (yuan * &Number::from(100)).round_half_up().to_i64().map(Self)
    }

    /// From an exact number of yuan; `None` if it is finer than a fen or too large.
    pub fn from_yuan_exact(yuan: &Number) -> Option<Self> {
        (yuan * &Number::from(100)).to_i64().map(Self)
    }

    /// As an exact number of yuan.
    pub fn to_yuan(self) -> Number {
        Number::ratio(self.0, 100).unwrap_or_default()
    }

    /// The sum; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference; `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// As a number of 万元, exact, without trailing zeros: `1588888.89 元` is `158.888889`.
    pub fn to_wan_text(self) -> String {
        Number::ratio(self.0, 1_000_000).unwrap_or_default().to_string()
    }
}

impl fmt::Display for Fen {
    /// In the largest unit that stays short: `1.2亿元`, `30万元`, `1588888.89元`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yuan = self.to_yuan();
        for (unit, exponent) in [("亿元", 8), ("万元", 4)] {
            let scaled = &yuan * &Number::power_of_ten(-exponent);
            if scaled.abs() >= Number::one()
                && let Some(text) = scaled.to_decimal(4)
            {
                return write!(f, "{text}{unit}");
            }
        }
        write!(f, "{yuan}元")
    }
}
