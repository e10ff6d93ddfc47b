//! The rows as our own columns: a record batch of the types in which the product itself writes facts, and what it reads
//! from that.

use std::sync::Arc;

use anyhow::{Result, bail};
use arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema};
use facts::{Language, Vocabulary};
use population::{BatchPlace, DECIMAL_PRECISION, DECIMAL_SCALE, Header, Population, Problems};

use crate::policy::{code, is_money, key};
use crate::workload::fields::{FIELDS, Kind};
use crate::workload::rows::{Column, Rows};

/// The first `count` rows. An error if a single value is not understood.
pub fn population(rows: &Rows, count: usize, words: &Vocabulary) -> Result<Population> {
    let mut fields = Vec::with_capacity(FIELDS.len());
    let mut arrays = Vec::with_capacity(FIELDS.len());
    for (field, column) in FIELDS.iter().zip(&rows.columns) {
        let (_, period) = key(field, words);
        let name = match period {
            facts::Period::Unstated => field.name.to_owned(),
            period => format!("{}.{period}", field.name),
        };
        let array = array(field, column, count)?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
    let (header, found) = Header::parse(&batch.schema(), words, "enterprise");
    if let Some(first) = found.first() {
        bail!("the workload's columns: {first:?}");
    }
    let mut problems = Problems::default();
    let place = BatchPlace { vocabulary: words, first_row: 0 };
    let read = Population::from_batch(&batch, &header, place, &mut problems);
    let Ok(population) = read else { bail!("the workload's columns: {:?}", read.err()) };
    match problems.listed().first() {
        Some(first) => bail!("the workload's values: {}", first.problem.message.get(Language::English)),
        None => Ok(population),
    }
}

fn array(field: &crate::workload::fields::Field, column: &Column, count: usize) -> Result<ArrayRef> {
    let values = (0..count).map(|row| column.get(row));
    Ok(match field.kind {
        // A fen is the millionth part of 万元, in which money is written with six places.
        _ if is_money(field) => Arc::new(
            values
                .map(|value| value.map(i128::from))
                .collect::<Decimal128Array>()
                .with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)?,
        ),
        Kind::Money { .. } | Kind::Count { .. } | Kind::Part { .. } => {
            Arc::new(values.collect::<Int64Array>())
        }
        Kind::Date => Arc::new(values.map(|value| value.map(|days| days as i32)).collect::<Date32Array>()),
        Kind::Bool => Arc::new(values.map(|value| value.map(|yes| yes == 1)).collect::<BooleanArray>()),
        Kind::Code(codes) => {
            let codes: Vec<String> = (0..codes).map(code).collect();
            let mut builder = StringDictionaryBuilder::<Int32Type>::new();
            values.for_each(|value| builder.append_option(value.map(|code| &codes[code as usize])));
            Arc::new(builder.finish())
        }
        Kind::Set(codes) => {
            let codes: Vec<String> = (0..codes).map(code).collect();
            let mut builder = ListBuilder::new(StringBuilder::new());
            for value in values {
                if let Some(bits) = value {
                    let held = codes.iter().enumerate().filter(|(code, _)| bits >> code & 1 == 1);
                    held.for_each(|(_, text)| builder.values().append_value(text));
                }
                builder.append(value.is_some());
            }
            Arc::new(builder.finish())
        }
    })
}
