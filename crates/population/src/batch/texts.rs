//! Arrays of texts, plain or through a dictionary: each different text is read once.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use facts::read::CellProblem;
use facts::{FactType, Value};

use super::cells::Cells;
use crate::builder::ColumnBuilder;
use crate::{Bits, Column};

/// An array of texts.
pub(super) enum TextArray<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    Dictionary(Vec<u32>, Box<TextArray<'a>>),
    /// Nothing but nulls.
    Empty,
}

impl<'a> TextArray<'a> {
    /// The texts of an array; `None` if it holds others.
    pub(super) fn of(array: &'a dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Small(array.as_string_opt()?),
            DataType::LargeUtf8 => Self::Large(array.as_string_opt()?),
            DataType::Utf8View => Self::View(array.as_string_view_opt()?),
            DataType::Null => Self::Empty,
            DataType::Dictionary(key, _) => {
                let values = Self::of(array.as_any_dictionary_opt()?.values().as_ref())?;
                let keys = match key.as_ref() {
                    DataType::Int8 => keys::<Int8Type>(array),
                    DataType::Int16 => keys::<Int16Type>(array),
                    DataType::Int32 => keys::<Int32Type>(array),
                    DataType::Int64 => keys::<Int64Type>(array),
                    DataType::UInt8 => keys::<UInt8Type>(array),
                    DataType::UInt16 => keys::<UInt16Type>(array),
                    DataType::UInt32 => keys::<UInt32Type>(array),
                    DataType::UInt64 => keys::<UInt64Type>(array),
                    _ => None,
                };
                Self::Dictionary(keys?, Box::new(values))
            }
            _ => return None,
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Small(array) => array.len(),
            Self::Large(array) => array.len(),
            Self::View(array) => array.len(),
            Self::Dictionary(keys, _) => keys.len(),
            Self::Empty => 0,
        }
    }

    /// The text of a row; `None` is null.
    pub(super) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary(keys, values) => {
                let key = keys[row] as usize;
                if key < values.len() { values.get(key) } else { None }
            }
            Self::Empty => None,
        }
    }

    /// Each different text of the valid rows, and which of them each row has; an entry may be null.
    pub(super) fn distinct(&self, valid: &Bits) -> (Vec<Option<&'a str>>, Vec<u32>) {
        match self {
            // A dictionary far larger than the batch is not read whole.
            Self::Dictionary(keys, values) if values.len() <= keys.len() => {
                ((0..values.len()).map(|entry| values.get(entry)).collect(), keys.clone())
            }
            _ => {
                let mut texts = Vec::new();
                let mut places: HashMap<&str, u32> = HashMap::new();
                let mut rows = vec![0; valid.len()];
                for row in valid.iter_ones() {
                    let Some(text) = self.get(row) else { continue };
                    rows[row] = *places.entry(text).or_insert_with(|| {
                        texts.push(Some(text));
                        u32::try_from(texts.len() - 1).expect("a batch has fewer than 2^32 rows")
                    });
                }
                (texts, rows)
            }
        }
    }
}

/// The places in the dictionary; those of null rows may be any.
fn keys<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Option<Vec<u32>> {
    let keys = array.as_dictionary_opt::<K>()?.keys();
    Some(keys.values().iter().map(|key| u32::try_from(key.as_usize()).unwrap_or(u32::MAX)).collect())
}

/// Reads the cells of an array of texts; `parse` gives what one says, `None` for unknown.
pub(super) fn read(
    array: &TextArray,
    valid: &Bits,
    fact_type: FactType,
    cells: &mut Cells,
    mut parse: impl FnMut(&str) -> Result<Option<Value>, CellProblem>,
) -> Column {
    let (texts, mut rows) = array.distinct(valid);
    let mut builder = ColumnBuilder::new(fact_type, texts.len());
    let mut refused: Vec<Option<CellProblem>> = vec![None; texts.len()];
    for (at, text) in texts.iter().enumerate() {
        let Some(text) = text.filter(|text| !cells.is_silent(text)) else { continue };
        match parse(text) {
            Ok(Some(value)) => builder.set(at, value),
            Ok(None) => {}
            Err(problem) => refused[at] = Some(problem),
        }
    }
    let valid = within(valid, &mut rows, texts.len());
    if refused.iter().any(Option::is_some) {
        for row in valid.iter_ones() {
            if let Some(problem) = &refused[rows[row] as usize] {
                cells.refuse(row, || problem.clone());
            }
        }
    }
    builder.finish().take(&rows, &valid)
}

/// The valid rows whose place exists; null rows may name any place.
fn within(valid: &Bits, rows: &mut [u32], entries: usize) -> Bits {
    let mut valid = valid.clone();
    for (row, place) in rows.iter_mut().enumerate() {
        if *place as usize >= entries {
            *place = 0;
            valid.set(row, false);
        }
    }
    valid
}
