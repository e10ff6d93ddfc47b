//! A column against a constant, without fractions.

use facts::Number;
use lang::ir::Compare;

/// A constant in the mantissas of a column.
pub(in crate::batch) fn scaled(number: &Number, scale: u8) -> Number {
    number * &Number::power_of_ten(i32::from(scale))
}

/// The least whole number for which `≥` or `>` holds, and `<` or `≤` does not.
pub(in crate::batch) fn least_passing(op: Compare, number: &Number) -> Number {
    match op {
        Compare::Ge | Compare::Lt => number.ceiling(),
        _ => &number.floor() + &Number::one(),
    }
}

/// A comparison with a constant, in whole numbers.
pub(super) enum Bound {
    /// At least that.
    AtLeast(i64, bool),
    /// Just that.
    Equal(i64, bool),
    /// The same for all.
    Always(bool),
}

impl Bound {
    pub fn new(op: Compare, number: &Number) -> Self {
        let at_least = |number: &Number, is_negated: bool| match number.to_i64() {
            Some(bound) => Bound::AtLeast(bound, is_negated),
            None => Bound::Always(number.is_negative() != is_negated),
        };
        match op {
            Compare::Ge | Compare::Gt => at_least(&least_passing(op, number), false),
            Compare::Lt | Compare::Le => at_least(&least_passing(op, number), true),
            Compare::Eq | Compare::Ne => match number.to_i64() {
                Some(value) => Bound::Equal(value, op == Compare::Ne),
                None => Bound::Always(op == Compare::Ne),
            },
        }
    }

    /// A bit for each of at most 64 values.
    pub fn holds(&self, values: &[i64]) -> u64 {
        let bits = |holds: &dyn Fn(i64) -> bool| {
            values.iter().enumerate().fold(0u64, |word, (at, value)| word | u64::from(holds(*value)) << at)
        };
        let (word, is_negated) = match *self {
            Bound::AtLeast(bound, is_negated) => (bits(&|value| value >= bound), is_negated),
            Bound::Equal(bound, is_negated) => (bits(&|value| value == bound), is_negated),
            Bound::Always(holds) => (0, holds),
        };
        if is_negated { !word } else { word }
    }
}
