//! The Arrow types in which the product itself writes the facts of a population.

use std::sync::Arc;

use arrow_schema::{DataType, Field};
use facts::{FactDefinition, FactType, Number, Unit};

/// Digits of a decimal column: with [`DECIMAL_SCALE`] places, the figures of any zone fit and a fen of 万元 is exact.
pub const DECIMAL_PRECISION: u8 = 20;

/// Decimal places of a decimal column: a fen is 0.000001 万元.
pub const DECIMAL_SCALE: i8 = 6;

/// The type in which a column of that fact is written. Numbers are in the definition's own unit (money: 万元), as bare
/// numbers are read. Where 无 may be given the cells are texts, as in a table that a person fills in.
///
/// ```
/// # let text = "facts: [{name: 研发费用, type: money}, {name: 员工数, type: count, unit: 人}]";
/// # let (words, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
/// # let of = |name: &str| population::arrow_type(words.get(words.find(name).unwrap()));
/// use arrow_schema::DataType;
/// assert_eq!(of("研发费用"), DataType::Decimal128(20, 6));
/// assert_eq!(of("员工数"), DataType::Int64);
/// ```
pub fn arrow_type(definition: &FactDefinition) -> DataType {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let decimal = DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE);
    if definition.none_allowed {
        return text();
    }
    match definition.fact_type {
        FactType::Count if definition.unit.map(Unit::scale).is_none_or(|scale| scale == Number::one()) => {
            DataType::Int64
        }
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio => decimal,
        FactType::Bool | FactType::Event => DataType::Boolean,
        FactType::Date => DataType::Date32,
        FactType::Year => DataType::Int32,
        FactType::Code | FactType::Text => text(),
        FactType::Codes => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
    }
}
