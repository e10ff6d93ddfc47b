//! Arrays of numbers.

use arrow_array::Array;
use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::DataType;
use facts::read::{CellProblem, parse_value};
use facts::{FactDefinition, FactType, Unit, Value};

use super::cells::Cells;
use super::plan::{Plan, Quantities};
use super::texts::TextArray;
use crate::numbers::{Decimal, NumberBuilder};
use crate::{Bits, Column, Values};

/// Above this many places whole columns would no longer fit an `i64`, so each value finds its own.
const SHARED_SCALE_MAX: u8 = 9;

/// Below this, two decimals are never the same float: what a float's digits say is what was written.
const FLOAT_DIGITS_EXACT: u64 = 1_000_000_000_000_000;

/// Places at which floats are tried before their digits are printed.
const FLOAT_PLACES: u8 = 6;

/// Most places that are tried for money and counts, which have a finest grain.
const FLOAT_PLACES_MAX: u8 = 10;

/// The fact whose column it is, and the unit of bare numbers.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) definition: &'a FactDefinition,
    pub(super) unit: Option<&'static Unit>,
}

impl Measure<'_> {
    /// What a cell of that text would say.
    pub(super) fn parse(&self, text: &str) -> Result<Option<Value>, CellProblem> {
        parse_value(self.definition, text, self.unit)
    }
}

/// Reads numbers; `None` if the array holds something else.
pub(super) fn read(array: &dyn Array, valid: &Bits, measure: Measure, cells: &mut Cells) -> Option<Column> {
    let exact = |value: i64| (value, true);
    macro_rules! whole {
        ($kind:ty) => {
            integers::<$kind, _>(
                array,
                valid,
                measure,
                cells,
                |value| exact(value.into()),
                |value| value.into(),
            )
        };
    }
    match array.data_type() {
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => {
            let narrow = |value: u64| (value as i64, value <= i64::MAX as u64);
            integers::<UInt64Type, _>(array, valid, measure, cells, narrow, i128::from)
        }
        DataType::Decimal32(..) => whole!(Decimal32Type),
        DataType::Decimal64(..) => whole!(Decimal64Type),
        DataType::Decimal128(..) => {
            let narrow = |value: i128| (value as i64, i128::from(value as i64) == value);
            integers::<Decimal128Type, _>(array, valid, measure, cells, narrow, |value| value)
        }
        DataType::Float32 => {
            let values = array.as_primitive_opt::<Float32Type>()?.values();
            let is_finite = |row: usize| values[row].is_finite();
            Some(each(
                valid,
                measure,
                cells,
                |_| None,
                |row| is_finite(row).then(|| Cow::Owned(values[row].to_string())),
            ))
        }
        DataType::Float64 => floats(array.as_primitive_opt::<Float64Type>()?.values(), valid, measure, cells),
        _ => None,
    }
}

/// Reads numbers written as texts, where each may be written differently.
pub(super) fn read_texts(words: &TextArray, valid: &Bits, measure: Measure, cells: &mut Cells) -> Column {
    let mut heard = valid.clone();
    if cells.beside {
        let silent = |row: &usize| words.get(*row).is_some_and(|text| cells.is_silent(text));
        valid.iter_ones().filter(silent).for_each(|row| heard.set(row, false));
    }
    let decimal = |row: usize| words.get(row).and_then(Decimal::parse);
    let text = |row: usize| words.get(row).map(Cow::Borrowed);
    each(&heard, measure, cells, decimal, text)
}

/// Whole numbers and decimals.
fn integers<T: ArrowPrimitiveType, N: Fn(T::Native) -> (i64, bool)>(
    array: &dyn Array,
    valid: &Bits,
    measure: Measure,
    cells: &mut Cells,
    narrow: N,
    widen: impl Fn(T::Native) -> i128,
) -> Option<Column> {
    let values = array.as_primitive_opt::<T>()?.values();
    let places = match array.data_type() {
        DataType::Decimal32(_, places) | DataType::Decimal64(_, places) | DataType::Decimal128(_, places) => {
            i32::from(*places)
        }
        _ => 0,
    };
    let text = |row: usize| Some(Cow::Owned(decimal_text(widen(values[row]), places)));
    let plan = Plan::new(measure.definition, measure.unit, places);
    if let Some(plan) = plan.filter(|plan| plan.scale <= SHARED_SCALE_MAX) {
        let (known, mantissas) = plan.convert(values, valid, narrow);
        return Some(with_doubtful(known, mantissas, plan.scale, valid, measure, cells, text));
    }
    let decimal = |row: usize| narrowed(widen(values[row]), places);
    Some(each(valid, measure, cells, decimal, text))
}

/// Floats, as the decimal that their shortest text says.
fn floats(values: &[f64], valid: &Bits, measure: Measure, cells: &mut Cells) -> Option<Column> {
    let text = |row: usize| values[row].is_finite().then(|| Cow::Owned(values[row].to_string()));
    let has_grain =
        matches!(measure.definition.fact_type, FactType::Money | FactType::Count | FactType::Year);
    let most = if has_grain { FLOAT_PLACES_MAX } else { FLOAT_PLACES };
    let plans = (0..=most).rev().filter_map(|places| {
        let plan = Plan::new(measure.definition, measure.unit, i32::from(places))?;
        (plan.divisor == 1).then_some((places, plan))
    });
    if let Some((places, plan)) = plans.take(1).next() {
        let power = 10f64.powi(i32::from(places));
        let (known, mantissas) = plan.convert(values, valid, |value| float_mantissa(value, power));
        if has_grain || known == *valid {
            return Some(with_doubtful(known, mantissas, plan.scale, valid, measure, cells, text));
        }
    }
    let power = 10f64.powi(i32::from(FLOAT_PLACES));
    let decimal = |row: usize| match float_mantissa(values[row], power) {
        (mantissa, true) => Some(Decimal::reduced(mantissa, FLOAT_PLACES)),
        _ => None,
    };
    Some(each(valid, measure, cells, decimal, text))
}

/// The mantissa of a float at `power` = 10^places, and whether `mantissa / power` is what its shortest text says. It is
/// if the quotient is the float and the mantissa has at most fifteen digits, since then no shorter decimal is.
fn float_mantissa(value: f64, power: f64) -> (i64, bool) {
    let scaled = value * power;
    let mantissa = (scaled + 0.5f64.copysign(scaled)) as i64;
    let exact = mantissa.unsigned_abs() < FLOAT_DIGITS_EXACT && mantissa as f64 / power == value;
    (mantissa, exact)
}

/// A column at one scale, where the rows that the plan did not take are read as cells of their text.
fn with_doubtful<'a>(
    known: Bits,
    mantissas: Vec<i64>,
    scale: u8,
    valid: &Bits,
    measure: Measure,
    cells: &mut Cells,
    text: impl Fn(usize) -> Option<Cow<'a, str>>,
) -> Column {
    let mut doubtful = valid.clone();
    doubtful.subtract(&known);
    let mut column = Column::plain(known, Values::Numbers { scale, mantissas });
    for row in doubtful.iter_ones() {
        match read_text(text(row), measure) {
            Ok(Some(value)) => column.put(row, value),
            Ok(None) => {}
            Err(problem) => cells.refuse(row, || problem),
        }
    }
    column
}

/// A column in which each value has its own places.
fn each<'a>(
    valid: &Bits,
    measure: Measure,
    cells: &mut Cells,
    decimal: impl Fn(usize) -> Option<Decimal>,
    text: impl Fn(usize) -> Option<Cow<'a, str>>,
) -> Column {
    let mut quantities = Quantities::new(measure.definition, measure.unit);
    let mut builder = NumberBuilder::new(valid.len());
    for row in valid.iter_ones() {
        if let Some(plain) = decimal(row).and_then(|written| quantities.plain(written)) {
            builder.set(row, plain);
            continue;
        }
        let text = text(row);
        let written = text.as_deref().and_then(Decimal::parse);
        if let Some(plain) = written.and_then(|written| quantities.plain(written)) {
            builder.set(row, plain);
            continue;
        }
        match read_text(text, measure) {
            Ok(Some(value)) => builder.set_value(row, value),
            Ok(None) => {}
            Err(problem) => cells.refuse(row, || problem),
        }
    }
    builder.finish()
}

fn read_text(text: Option<Cow<str>>, measure: Measure) -> Result<Option<Value>, CellProblem> {
    match text {
        Some(text) => measure.parse(&text),
        None => Err(CellProblem::new("E0030", "这里不是有限的数", "this is no finite number")
            .with_help("不知道就留空", "leave it empty if unknown")),
    }
}

/// As a cell would have it: `158.8888`, without noughts at its end.
fn decimal_text(mantissa: i128, places: i32) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let mut digits = mantissa.unsigned_abs().to_string();
    let Ok(places) = usize::try_from(places) else {
        if mantissa != 0 {
            digits.push_str(&"0".repeat(places.unsigned_abs() as usize));
        }
        return format!("{sign}{digits}");
    };
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A decimal with fewer places, where noughts at its end allow it.
fn narrowed(mut mantissa: i128, mut places: i32) -> Option<Decimal> {
    while places > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        places -= 1;
    }
    Some(Decimal { mantissa: i64::try_from(mantissa).ok()?, places: u8::try_from(places).ok()? })
}
