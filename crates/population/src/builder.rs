//! Columns that are filled value by value.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use facts::{FactType, Value};

use crate::column::TextsAre;
use crate::numbers::NumberBuilder;
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
    Texts(Interned<String>, TextsAre),
    Sets(Interned<BTreeSet<String>>),
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
            FactType::Codes => Plain::Sets(Interned::new(rows)),
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
            (Plain::Sets(sets), Value::Codes(codes)) => sets.set(row, codes),
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
            Plain::Sets(sets) => Values::Sets { dictionary: sets.dictionary, indices: sets.indices },
        };
        Column { known, values, special, texts_are }
    }
}

/// Values of which each different one is kept once.
pub(crate) struct Interned<T> {
    pub(crate) dictionary: Vec<T>,
    pub(crate) indices: Vec<u32>,
    places: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// All rows at place 0, which need not exist.
    pub(crate) fn new(rows: usize) -> Self {
        Self { dictionary: Vec::new(), indices: vec![0; rows], places: HashMap::new() }
    }

    /// Sets the value of a row.
    pub(crate) fn set(&mut self, row: usize, value: T) {
        self.indices[row] = self.place(value);
    }

    /// The place of a value, which is added if it is new.
    pub(crate) fn place(&mut self, value: T) -> u32 {
        if let Some(place) = self.places.get(&value) {
            return *place;
        }
        let place = u32::try_from(self.dictionary.len()).expect("a population has fewer than 2^32 values");
        self.dictionary.push(value.clone());
        self.places.insert(value, place);
        place
    }
}
