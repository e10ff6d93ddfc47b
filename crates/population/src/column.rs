//! A column: one thing that is known about each row, or not.

use std::collections::BTreeMap;

use facts::{Date, FactId, Holding, Number, PartialDate, Period, Precision, Value};

use crate::numbers::Decimal;
use crate::{Bits, Sets};

/// What a column is about. Periods as given in the file (absolute or relative).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Key {
    /// A fact in a period.
    Fact(FactId, Period),
    /// A status by name: its certificates.
    Status(String),
    /// A person's decision on the condition of that id.
    Manual(String),
}

/// The plain values of a column, one a row. What stands in a row that is not known is nought and means nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Values {
    /// number = mantissa / 10^scale, in BASE units (yuan, people, m², months …); scale is 0 to [`SCALE_MAX`].
    Numbers {
        /// Decimal places of all mantissas.
        scale: u8,
        /// One a row.
        mantissas: Vec<i64>,
    },
    /// Yes or no.
    Bools(Bits),
    /// Days since 1970-01-01 (first day of the period where only month or year is known).
    Days(Vec<i32>),
    /// One code or text a row; which of the two, says [`Column::texts_are`].
    Texts {
        /// Different texts in order of appearance.
        dictionary: Vec<String>,
        /// The place of each row's text in the dictionary.
        indices: Vec<u32>,
    },
    /// A set of codes a row.
    Sets(Sets),
    /// Certificates, only for [`Key::Status`].
    Holdings(Vec<Option<Holding>>),
}

/// Most decimal places of a column of numbers: ten to that power still fits an `i64`.
pub const SCALE_MAX: u8 = 18;

/// What the entries of a column of texts are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TextsAre {
    /// [`Value::Code`]
    #[default]
    Codes,
    /// [`Value::Text`]
    FreeTexts,
}

/// What is known about one thing of every row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Rows with a plain value.
    pub known: Bits,
    /// The plain values.
    pub values: Values,
    /// Rows whose given value does not fit the plain form: 无 (Nothing), ranges, numbers past i64 or not decimal, dates
    /// known only to month or year or past i32 days, sets with a code too many for masks. `known` is 0 there. Sorted by row.
    pub special: BTreeMap<usize, Value>,
    /// For [`Values::Texts`]: codes or free texts.
    pub texts_are: TextsAre,
}

impl Column {
    /// A column with plain values alone.
    pub fn plain(known: Bits, values: Values) -> Self {
        Self { known, values, special: BTreeMap::new(), texts_are: TextsAre::default() }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.known.len()
    }

    /// Whether something is known of that row, plain or special.
    pub fn is_given(&self, row: usize) -> bool {
        self.known.get(row) || self.special.contains_key(&row)
    }

    /// The value of a row as a profile holds it; `None` is unknown. A certificate is no value: see [`Column::holding`].
    pub fn value(&self, row: usize) -> Option<Value> {
        if !self.known.get(row) {
            return self.special.get(&row).cloned();
        }
        Some(match &self.values {
            Values::Numbers { scale, mantissas } => Value::Number(number(mantissas[row], *scale)),
            Values::Bools(bits) => Value::Bool(bits.get(row)),
            Values::Days(days) => {
                let start = Date::from_epoch_days(i64::from(days[row]))?;
                Value::Date(PartialDate { start, precision: Precision::Day })
            }
            Values::Texts { dictionary, indices } => {
                let text = dictionary[indices[row] as usize].clone();
                match self.texts_are {
                    TextsAre::Codes => Value::Code(text),
                    TextsAre::FreeTexts => Value::Text(text),
                }
            }
            Values::Sets(sets) => Value::Codes(sets.get(row)),
            Values::Holdings(_) => return None,
        })
    }

    /// The certificate of a row, if this is a column of certificates.
    pub fn holding(&self, row: usize) -> Option<&Holding> {
        match &self.values {
            Values::Holdings(holdings) => holdings[row].as_ref(),
            _ => None,
        }
    }

    /// Sets the value of a row in a column of numbers or days; whatever is not plain here is kept aside.
    pub(crate) fn put(&mut self, row: usize, value: Value) {
        let is_plain = match (&mut self.values, &value) {
            (Values::Numbers { scale, mantissas }, Value::Number(number)) => {
                let plain = Decimal::of(number).and_then(|decimal| decimal.at_scale(*scale));
                mantissas[row] = plain.unwrap_or_default();
                plain.is_some()
            }
            (Values::Days(days), Value::Date(date)) => {
                let day = i32::try_from(date.start.to_epoch_days()).ok();
                days[row] = day.unwrap_or_default();
                day.is_some() && date.precision == Precision::Day
            }
            _ => false,
        };
        self.known.set(row, is_plain);
        if !is_plain {
            self.special.insert(row, value);
        }
    }

    /// Forgets what is known of a row.
    pub(crate) fn clear(&mut self, row: usize) {
        self.known.set(row, false);
        self.special.remove(&row);
        match &mut self.values {
            Values::Numbers { mantissas, .. } => mantissas[row] = 0,
            Values::Bools(bits) => bits.set(row, false),
            Values::Days(days) => days[row] = 0,
            Values::Texts { indices, .. } => indices[row] = 0,
            Values::Sets(sets) => sets.clear(row),
            Values::Holdings(holdings) => holdings[row] = None,
        }
    }
}

/// The exact number `mantissa / 10^scale`; a scale past [`SCALE_MAX`] is none that a column can have.
pub fn number(mantissa: i64, scale: u8) -> Number {
    if scale == 0 {
        return Number::from(mantissa);
    }
    Number::ratio(mantissa, 10i64.pow(u32::from(scale.min(SCALE_MAX)))).expect("a power of ten is not nought")
}
