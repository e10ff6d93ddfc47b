//! Columns of numbers: exact decimals that share a scale.

use std::collections::BTreeMap;

use facts::{Number, Value};

use crate::column::SCALE_MAX;
use crate::{Bits, Column, Values};

/// An exact decimal `mantissa / 10^places`, with as few places as it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Decimal {
    pub(crate) mantissa: i64,
    pub(crate) places: u8,
}

impl Decimal {
    /// The decimal of a number; `None` if it is none or does not fit.
    pub(crate) fn of(number: &Number) -> Option<Self> {
        let rational = number.as_rational();
        let numerator = i64::try_from(rational.numerator().clone()).ok()?;
        let denominator = u64::try_from(rational.denominator().clone()).ok()?;
        let (mut rest, mut twos, mut fives) =
            (denominator >> denominator.trailing_zeros(), denominator.trailing_zeros(), 0);
        while rest % 5 == 0 {
            rest /= 5;
            fives += 1;
        }
        let places = twos.max(fives);
        if rest != 1 || places > u32::from(SCALE_MAX) {
            return None;
        }
        twos = places - twos;
        fives = places - fives;
        let factor = 2i64.checked_pow(twos)?.checked_mul(5i64.checked_pow(fives)?)?;
        Some(Self { mantissa: numerator.checked_mul(factor)?, places: u8::try_from(places).ok()? })
    }

    /// `digits / 10^places` without the noughts at its end.
    pub(crate) fn reduced(mut mantissa: i64, mut places: u8) -> Self {
        while places > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            places -= 1;
        }
        Self { mantissa, places }
    }

    /// Reads `-12.50` and nothing more elaborate.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || digits.ends_with('.') {
            return None;
        }
        let mut mantissa = 0i64;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
            mantissa = mantissa.checked_mul(10)?.checked_add(digit)?;
        }
        let places = u8::try_from(fraction.len()).ok().filter(|places| *places <= SCALE_MAX)?;
        Some(Self::reduced(if negative { -mantissa } else { mantissa }, places))
    }

    /// The mantissa at that scale; `None` if it needs more places or does not fit.
    pub(crate) fn at_scale(self, scale: u8) -> Option<i64> {
        let more = scale.checked_sub(self.places)?;
        self.mantissa.checked_mul(10i64.checked_pow(u32::from(more))?)
    }

    /// The greatest scale at which it fits.
    fn scale_max(self) -> u8 {
        let fits = |scale: &u8| self.at_scale(*scale).is_some();
        (self.places..=SCALE_MAX).take_while(fits).last().unwrap_or(self.places)
    }
}

/// A column of numbers in the making, where each may have its own places.
pub(crate) struct NumberBuilder {
    known: Bits,
    decimals: Vec<Decimal>,
    special: BTreeMap<usize, Value>,
}

impl NumberBuilder {
    /// All rows unknown.
    pub(crate) fn new(rows: usize) -> Self {
        let decimals = vec![Decimal::default(); rows];
        Self { known: Bits::new(rows), decimals, special: BTreeMap::new() }
    }

    /// Sets a row's decimal.
    pub(crate) fn set(&mut self, row: usize, decimal: Decimal) {
        self.known.set(row, true);
        self.decimals[row] = decimal;
    }

    /// Sets a row's value, whatever it is.
    pub(crate) fn set_value(&mut self, row: usize, value: Value) {
        let decimal = if let Value::Number(number) = &value { Decimal::of(number) } else { None };
        match decimal {
            Some(decimal) => self.set(row, decimal),
            None => drop(self.special.insert(row, value)),
        }
    }

    /// The column, at the scale at which the most rows are plain; of several the smallest.
    pub(crate) fn finish(mut self) -> Column {
        let mut starts = [0i64; SCALE_MAX as usize + 2];
        for row in self.known.iter_ones() {
            let decimal = self.decimals[row];
            starts[usize::from(decimal.places)] += 1;
            starts[usize::from(decimal.scale_max()) + 1] -= 1;
        }
        let (mut scale, mut most, mut fitting) = (0u8, 0, 0);
        for (at, change) in (0..=SCALE_MAX).zip(starts) {
            fitting += change;
            if fitting > most {
                (scale, most) = (at, fitting);
            }
        }
        let mut mantissas = vec![0; self.decimals.len()];
        for row in self.known.clone().iter_ones() {
            let decimal = self.decimals[row];
            match decimal.at_scale(scale) {
                Some(mantissa) => mantissas[row] = mantissa,
                None => {
                    self.known.set(row, false);
                    let number = crate::column::number(decimal.mantissa, decimal.places);
                    self.special.insert(row, Value::Number(number));
                }
            }
        }
        let mut column = Column::plain(self.known, Values::Numbers { scale, mantissas });
        column.special = self.special;
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Option<(i64, u8)> {
        Decimal::of(&text.parse().unwrap()).map(|decimal| (decimal.mantissa, decimal.places))
    }

    #[test]
    fn a_decimal_has_as_few_places_as_it_needs() {
        assert_eq!(decimal("1588888.850"), Some((158_888_885, 2)));
        assert_eq!(decimal("-0.125"), Some((-125, 3)));
        assert_eq!(decimal("0.000000000000000001"), Some((1, 18)));
        assert_eq!(decimal("1e-19"), None);
        assert_eq!(decimal("9223372036854775807"), Some((i64::MAX, 0)));
        assert_eq!(decimal("-9223372036854775808"), Some((i64::MIN, 0)));
        assert_eq!(decimal("9223372036854775808"), None);
        assert_eq!(decimal("922337203685477580.75"), None);
        assert_eq!(Decimal::of(&Number::ratio(1, 3).unwrap()), None);
    }

    #[test]
    fn plain_digits_are_read_as_the_exact_numbers_are() {
        for text in ["12", "-0.50", "0", "-0", "1588888.85", "9223372036854775807", "0.000000000000000001"] {
            assert_eq!(Decimal::parse(text), Decimal::of(&text.parse().unwrap()), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e3", "+1", "1,000", "92233720368547758080", "١"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_value_of_odd_scale_does_not_push_the_others_out() {
        let mut builder = NumberBuilder::new(4);
        for (row, text) in ["123456789", "0.000000000000000001", "98765.25", "7"].into_iter().enumerate() {
            builder.set_value(row, Value::Number(text.parse().unwrap()));
        }
        let column = builder.finish();
        assert_eq!(
            column.values,
            Values::Numbers { scale: 2, mantissas: vec![12_345_678_900, 0, 9_876_525, 700] }
        );
        assert_eq!(column.special.keys().copied().collect::<Vec<_>>(), [1]);
        assert_eq!(column.value(1), Some(Value::Number("1e-18".parse().unwrap())));
    }
}
