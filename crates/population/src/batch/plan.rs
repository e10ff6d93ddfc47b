//! From the mantissas of an array to those of a column, by integers alone.
//!
//! A plan takes what is beyond doubt: within all bounds, exact, not finer than allowed. Whatever it does not take is read
//! as a cell of that text would be, which accepts it after all or says what is wrong.

use facts::read::{MAGNITUDE_EXPONENT_MAX, YEARS};
use facts::{FactDefinition, FactType, Number, Unit};

use crate::Bits;
use crate::bits::WORD_BITS;
use crate::column::SCALE_MAX;
use crate::numbers::Decimal;

/// What is done with mantissas of `places` decimal places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Plan {
    least: i64,
    most: i64,
    /// A mantissa that this does not divide is finer than the column's scale.
    pub(super) divisor: i64,
    factor: i64,
    /// Of what comes out.
    pub(super) scale: u8,
}

impl Plan {
    /// The plan for bare numbers `mantissa / 10^places` in that unit (`None`: the definition's own); `None` where the
    /// conversion itself does not fit an `i64`.
    pub(super) fn new(definition: &FactDefinition, unit: Option<&'static Unit>, places: i32) -> Option<Self> {
        let unit_scale = unit.or(definition.unit).map_or_else(Number::one, Unit::scale);
        let step = &unit_scale * &Number::power_of_ten(places.checked_neg()?);
        let finest = match definition.fact_type {
            FactType::Money => 2,
            FactType::Count | FactType::Year => 0,
            _ => SCALE_MAX,
        };
        let scale = places_of(&step)?.min(finest);
        let ratio = &step * &Number::power_of_ten(i32::from(scale));
        let factor = i64::try_from(ratio.as_rational().numerator().clone()).ok()?;
        let divisor = i64::try_from(ratio.as_rational().denominator().clone()).ok()?;
        let (low, high) = bounds(definition, unit);
        let room = Number::from(i64::MAX / factor);
        let least = low.checked_div(&step)?.ceiling().max(-room.clone());
        let most = high.checked_div(&step)?.floor().min(room);
        // Bounds past all mantissas leave nothing between them.
        Some(Self { least: least.to_i64()?, most: most.to_i64()?, divisor, factor, scale })
    }

    /// The mantissa at the plan's scale.
    pub(super) fn apply(&self, mantissa: i64) -> Option<i64> {
        let fits = self.least <= mantissa && mantissa <= self.most && mantissa % self.divisor == 0;
        fits.then(|| mantissa / self.divisor * self.factor)
    }

    /// Converts the valid rows of an array; `narrow` gives each value's mantissa and whether that is exactly its value.
    pub(super) fn convert<T: Copy>(
        &self,
        values: &[T],
        valid: &Bits,
        narrow: impl Fn(T) -> (i64, bool),
    ) -> (Bits, Vec<i64>) {
        if self.divisor == 1 {
            self.each(values, valid, narrow, |_| true, |mantissa| mantissa.wrapping_mul(self.factor))
        } else {
            let fits = |mantissa: i64| mantissa % self.divisor == 0;
            self.each(values, valid, narrow, fits, |mantissa| {
                (mantissa / self.divisor).wrapping_mul(self.factor)
            })
        }
    }

    fn each<T: Copy>(
        &self,
        values: &[T],
        valid: &Bits,
        narrow: impl Fn(T) -> (i64, bool),
        divides: impl Fn(i64) -> bool,
        scaled: impl Fn(i64) -> i64,
    ) -> (Bits, Vec<i64>) {
        let (least, most) = (self.least, self.most);
        let mut mantissas = vec![0i64; values.len()];
        let mut words = vec![0u64; valid.words().len()];
        let chunks = values.chunks(WORD_BITS).zip(mantissas.chunks_mut(WORD_BITS));
        for ((chunk, out), (word, valid)) in chunks.zip(words.iter_mut().zip(valid.words())) {
            let mut known = 0;
            for (bit, (value, out)) in chunk.iter().zip(out).enumerate() {
                let (mantissa, exact) = narrow(*value);
                let fits = exact & (least <= mantissa) & (mantissa <= most) & divides(mantissa);
                let fits = u64::from(fits) & (valid >> bit);
                known |= fits << bit;
                *out = scaled(mantissa) & (fits as i64).wrapping_neg();
            }
            *word = known;
        }
        (Bits::from_words(words, values.len()), mantissas)
    }
}

/// How many decimal places a multiple of the number may need, as far as tens can divide it.
fn places_of(step: &Number) -> Option<u8> {
    let mut denominator = u128::try_from(step.as_rational().denominator().clone()).ok()?;
    let mut places = [0u8; 2];
    for (prime, count) in [2, 5].into_iter().zip(&mut places) {
        while denominator % prime == 0 {
            denominator /= prime;
            *count += 1;
        }
    }
    places.into_iter().max()
}

/// The least and greatest value beyond doubt, in base units.
fn bounds(definition: &FactDefinition, unit: Option<&'static Unit>) -> (Number, Number) {
    if definition.fact_type == FactType::Year {
        return (Number::from(i64::from(*YEARS.start())), Number::from(i64::from(*YEARS.end())));
    }
    let mut high = Number::power_of_ten(MAGNITUDE_EXPONENT_MAX);
    if definition.fact_type == FactType::Money {
        let fen_max = &Number::from(i64::MAX) * &Number::power_of_ten(-2);
        high = high.min(fen_max);
    }
    let may_exceed_one = definition.most.as_ref().is_some_and(|most| *most > Number::one());
    if definition.fact_type == FactType::Ratio && unit.is_none() && !may_exceed_one {
        high = Number::one();
    }
    let low = -high.clone();
    let low = definition.least.as_ref().map_or(low.clone(), |least| low.max(least.clone()));
    let high = definition.most.as_ref().map_or(high.clone(), |most| high.min(most.clone()));
    (low, high)
}

/// Plans for each number of places, made when they are first needed.
pub(super) struct Quantities<'a> {
    definition: &'a FactDefinition,
    unit: Option<&'static Unit>,
    plans: [Option<Option<Plan>>; SCALE_MAX as usize + 1],
}

impl<'a> Quantities<'a> {
    /// For bare numbers of a fact in that unit.
    pub(super) fn new(definition: &'a FactDefinition, unit: Option<&'static Unit>) -> Self {
        Self { definition, unit, plans: [None; SCALE_MAX as usize + 1] }
    }

    /// The decimal in base units, if it is beyond doubt.
    pub(super) fn plain(&mut self, written: Decimal) -> Option<Decimal> {
        let (definition, unit) = (self.definition, self.unit);
        let plan = self.plans.get_mut(usize::from(written.places))?;
        let plan = plan.get_or_insert_with(|| Plan::new(definition, unit, i32::from(written.places)));
        let plan = plan.as_ref()?;
        Some(Decimal::reduced(plan.apply(written.mantissa)?, plan.scale))
    }
}
