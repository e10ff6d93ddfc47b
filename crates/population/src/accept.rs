//! Which Arrow types can stand under which header.

use arrow_schema::{DataType, Fields};
use facts::read::{CellProblem, Key as Named, StatusPart};
use facts::{FactType, Vocabulary};

/// Why a column of that type cannot stand under the key; `None` if it can.
pub(crate) fn misfit(vocabulary: &Vocabulary, key: &Named, given: &DataType) -> Option<CellProblem> {
    if given.is_null() || is_text(given) && !matches!(key, Named::Role(..)) {
        return None;
    }
    let (fits, zh, en) = match key {
        Named::OfRole(_, _, inner) => return misfit(vocabulary, inner, given),
        Named::Fact(fact, _) => {
            let definition = vocabulary.get(*fact);
            if definition.fact_type == FactType::Date
                && let DataType::Timestamp(_, Some(zone)) = given
                && !is_shanghai(zone)
            {
                return Some(zoned(zone));
            }
            fact_fits(definition.fact_type, given)
        }
        Named::Status(_, StatusPart::Held) | Named::Manual(_) => {
            (matches!(given, DataType::Boolean), "是或否", "booleans")
        }
        Named::Status(_, StatusPart::From | StatusPart::To) => fact_fits(FactType::Date, given),
        Named::Status(_, StatusPart::Number) | Named::Name | Named::Kind => (false, "文字", "texts"),
        Named::CreditCode | Named::Id => (given.is_integer(), "文字", "texts"),
        Named::Collection(_) => (item_fields(given).is_some(), "结构的列表", "lists of structs"),
        Named::Role(..) => (matches!(given, DataType::Struct(_)), "结构", "structs"),
    };
    (!fits).then(|| wrong_type(given, zh, en))
}

fn fact_fits(fact_type: FactType, given: &DataType) -> (bool, &'static str, &'static str) {
    match fact_type {
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio | FactType::Year => {
            (is_number(given), "数", "numbers")
        }
        FactType::Bool | FactType::Event => (matches!(given, DataType::Boolean), "是或否", "booleans"),
        FactType::Date => {
            let is_day = matches!(given, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..));
            (is_day, "日期", "dates")
        }
        FactType::Code | FactType::Text => (false, "文字", "texts"),
        FactType::Codes => {
            let inner = match given {
                DataType::List(field) | DataType::LargeList(field) => Some(field.data_type()),
                _ => None,
            };
            (
                inner.is_some_and(|inner| is_text(inner) || inner.is_null()),
                "文字或文字的列表",
                "texts or lists of texts",
            )
        }
    }
}

/// Whether the cells are texts, each for itself or through a dictionary.
pub(crate) fn is_text(given: &DataType) -> bool {
    match given {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => {
            matches!(values.as_ref(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        }
        _ => false,
    }
}

fn is_number(given: &DataType) -> bool {
    let is_decimal =
        matches!(given, DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..));
    given.is_integer() || is_decimal || matches!(given, DataType::Float32 | DataType::Float64)
}

/// The headers of a collection's items.
pub(crate) fn item_fields(given: &DataType) -> Option<&Fields> {
    let (DataType::List(field) | DataType::LargeList(field)) = given else { return None };
    match field.data_type() {
        DataType::Struct(fields) => Some(fields),
        _ => None,
    }
}

/// Whether moments of that time zone are days in Asia/Shanghai, where a day is a day.
pub(crate) fn is_shanghai(zone: &str) -> bool {
    matches!(zone, "Asia/Shanghai" | "+08:00" | "+0800" | "+08" | "PRC")
}

pub(crate) fn wrong_type(given: &DataType, zh: &str, en: &str) -> CellProblem {
    CellProblem::new(
        "E0080",
        format!("这一列应是{zh},文件里是 {given}"),
        format!("this column holds {en}; in the file it is {given}"),
    )
    .with_help("换成合适的列类型,或写成文字", "use a fitting column type, or texts")
}

fn zoned(zone: &str) -> CellProblem {
    CellProblem::new(
        "E0082",
        format!("带时区 {zone} 的时刻不是日子"),
        format!("a moment with time zone {zone} is no day"),
    )
    .with_help("写成日期,或不带时区的时刻", "write dates, or moments without a time zone")
}
