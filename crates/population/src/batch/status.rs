//! Certificates, whose parts stand in columns of their own.

use arrow_array::Array;
use facts::read::{CellProblem, StatusPart, StatusValue, is_unknown};
use facts::{FactType, Holding, PartialDate, Precision, Value};

use super::cells::Cells;
use super::level::{Level, Reader, bools, mark, unfit};
use super::texts::TextArray;
use super::{days, texts};
use crate::header::Place;
use crate::{Bits, Column, Finding, Values};

/// The certificates of a status, put together from the columns of its parts in order.
pub(super) fn read(
    name: &str,
    parts: &[(Place, StatusPart)],
    level: &Level,
    reader: &mut Reader,
    said: &mut Bits,
) -> Result<Column, Box<Finding>> {
    let mut columns = Vec::new();
    for (place, part) in parts {
        let array = level.array(place)?;
        let valid = level.valid(array);
        let mut cells = level.cells(place, reader.problems);
        let column = read_part(array, &valid, *part, &mut cells).ok_or_else(|| unfit(place, array))?;
        if level.beside {
            mark(said, &column, &cells);
        }
        columns.push((place, *part, column));
    }
    let mut holdings: Vec<Option<Holding>> = vec![None; level.rows];
    for (row, slot) in holdings.iter_mut().enumerate() {
        for (place, part, column) in &columns {
            let Some(value) = column.value(row).and_then(|value| status_value(*part, value)) else {
                continue;
            };
            if let Err(problem) = value.put(slot, name) {
                level.cells(place, reader.problems).refuse(row, || problem);
            }
        }
    }
    let known = holdings.iter().map(Option::is_some).collect();
    Ok(Column::plain(known, Values::Holdings(holdings)))
}

fn read_part(array: &dyn Array, valid: &Bits, part: StatusPart, cells: &mut Cells) -> Option<Column> {
    let parse = |text: &str| match is_unknown(text) {
        true => Ok(None),
        false => StatusValue::parse(part, text).map(|value| Some(value_of(value))),
    };
    let fact_type = match part {
        StatusPart::Held => FactType::Bool,
        StatusPart::Number => FactType::Text,
        StatusPart::From | StatusPart::To => FactType::Date,
    };
    if let Some(words) = TextArray::of(array) {
        return Some(texts::read(&words, valid, fact_type, cells, parse));
    }
    match part {
        StatusPart::Held => bools(array, valid),
        StatusPart::Number => None,
        StatusPart::From | StatusPart::To => {
            let parse = |text: &str| -> Result<Option<Value>, CellProblem> { parse(text) };
            days::read(array, valid, cells, parse)
        }
    }
}

fn value_of(value: StatusValue) -> Value {
    match value {
        StatusValue::Held(held) => Value::Bool(held),
        StatusValue::Number(number) => Value::Text(number),
        StatusValue::From(start) | StatusValue::To(start) => {
            Value::Date(PartialDate { start, precision: Precision::Day })
        }
    }
}

fn status_value(part: StatusPart, value: Value) -> Option<StatusValue> {
    Some(match (part, value) {
        (StatusPart::Held, Value::Bool(held)) => StatusValue::Held(held),
        (StatusPart::Number, Value::Text(number)) => StatusValue::Number(number),
        (StatusPart::From, Value::Date(day)) => StatusValue::From(day.start),
        (StatusPart::To, Value::Date(day)) => StatusValue::To(day.start),
        _ => return None,
    })
}
