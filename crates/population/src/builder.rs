//! Columns that are filled value by value.

use std::collections::{BTreeMap, HashMap};

use facts::{FactType, Value};

use crate::column::TextsAre;
use crate::numbers::NumberBuilder;
use crate::sets::SetsBuilder;
use crate::{Bits, Column, Values};

/// A column of a fact in the making: takes any value, and keeps aside what is not plain.
pub(crate) struct ColumnBuilder {
    known: Bits,
    special: BTreeMap<usize, Value>,
    plain: Plain,
}

enum Plain {
    Numbers(NumberBuilder),
    Bools(Bits),
    Days(Column),
    Texts(Interned, TextsAre),
    Sets(SetsBuilder),
}

impl ColumnBuilder {
    /// All rows unknown.
    pub(crate) fn new(fact_type: FactType, rows: usize) -> Self {
        let plain = match fact_type {
            FactType::Money | FactType::Count | FactType::Number | FactType::Ratio | FactType::Year => {
                Plain::Numbers(NumberBuilder::new(rows))
            }
            FactType::Bool | FactType::Event => Plain::Bools(Bits::new(rows)),
            FactType::Date => Plain::Days(Column::plain(Bits::new(rows), Values::Days(vec![0; rows]))),
            FactType::Code => Plain::Texts(Interned::new(rows), TextsAre::Codes),
            FactType::Text => Plain::Texts(Interned::new(rows), TextsAre::FreeTexts),
            FactType::Codes => Plain::Sets(SetsBuilder::default()),
        };
        Self { known: Bits::new(rows), special: BTreeMap::new(), plain }
    }

    /// Sets the value of a row.
    pub(crate) fn set(&mut self, row: usize, value: Value) {
        match (&mut self.plain, value) {
            (Plain::Numbers(numbers), value) => return numbers.set_value(row, value),
            (Plain::Bools(bits), Value::Bool(yes)) => bits.set(row, yes),
            (Plain::Texts(texts, TextsAre::Codes), Value::Code(text))
            | (Plain::Texts(texts, TextsAre::FreeTexts), Value::Text(text)) => texts.set(row, text),
            (Plain::Sets(sets), Value::Codes(codes)) => {
                if let Err(codes) = sets.set(row, codes) {
                    self.special.insert(row, Value::Codes(codes));
                    return;
                }
            }
            (Plain::Days(column), value) => return column.put(row, value),
            (_, value) => {
                self.special.insert(row, value);
                return;
            }
        }
        self.known.set(row, true);
    }

    /// The column.
    pub(crate) fn finish(self) -> Column {
        let Self { known, special, plain } = self;
        let mut texts_are = TextsAre::default();
        let values = match plain {
            Plain::Numbers(numbers) => return numbers.finish(),
            Plain::Bools(bits) => Values::Bools(bits),
            Plain::Days(column) => return column,
            Plain::Texts(texts, which) => {
                texts_are = which;
                Values::Texts { dictionary: texts.dictionary, indices: texts.indices }
            }
            Plain::Sets(sets) => Values::Sets(sets.finish(known.len())),
        };
        Column { known, values, special, texts_are }
    }
}

/// Texts of which each different one is kept once.
struct Interned {
    dictionary: Vec<String>,
    indices: Vec<u32>,
    places: HashMap<String, u32>,
}

impl Interned {
    /// All rows at place 0, which need not exist.
    fn new(rows: usize) -> Self {
        Self { dictionary: Vec::new(), indices: vec![0; rows], places: HashMap::new() }
    }

    /// Sets the text of a row.
    fn set(&mut self, row: usize, text: String) {
        self.indices[row] = *self.places.entry(text).or_insert_with_key(|text| {
            self.dictionary.push(text.clone());
            u32::try_from(self.dictionary.len() - 1).expect("a population has fewer than 2^32 texts")
        });
    }
}
