//! Who a row is: its credit code or key, its name, its kind.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::{Array, downcast_integer};
use facts::read::{CellProblem, check_credit_code, is_unknown, normal_id, parse_kind};

use super::level::{Level, Reader, unfit};
use super::texts::TextArray;
use crate::header::{Identity, Place};
use crate::strings::Strings;
use crate::{Bits, Finding, Header, Population};

/// What stands in the identity columns of one row so far.
#[derive(Default)]
struct Who {
    id: String,
    name: String,
}

/// Reads the identity columns in order, as the cells of a row are read.
pub(super) fn read(
    population: &mut Population,
    said: &mut Bits,
    header: &Header,
    level: &Level,
    reader: &mut Reader,
) -> Result<(), Box<Finding>> {
    if header.identity.is_empty() {
        return Ok(());
    }
    let mut columns = Vec::new();
    for (place, identity) in &header.identity {
        let array = level.array(place)?;
        let words = Words::of(array).ok_or_else(|| unfit(place, array))?;
        columns.push((place, *identity, words, level.valid(array)));
    }
    let (mut ids, mut names) = (Strings::default(), Strings::default());
    for row in 0..level.rows {
        let mut who = Who::default();
        for (place, identity, words, valid) in &columns {
            let text = if valid.get(row) { words.get(row) } else { None };
            let Some(text) = text.filter(|text| !is_unknown(text)) else { continue };
            said.set(row, true);
            let outcome = match identity {
                Identity::Kind => match parse_kind(reader.vocabulary, &text) {
                    Ok(kind) => {
                        population.set_kind(row, kind);
                        Ok(())
                    }
                    Err(problem) => Err(problem),
                },
                _ => who.put(*identity, &text),
            };
            if let Err(problem) = outcome {
                refuse(level, reader, place, row, problem);
            }
        }
        ids.push(&who.id);
        names.push(&who.name);
    }
    (population.ids, population.names) = (ids, names);
    Ok(())
}

fn refuse(level: &Level, reader: &mut Reader, place: &Place, row: usize, problem: CellProblem) {
    level.cells(place, reader.problems).refuse(row, || problem);
}

impl Who {
    fn put(&mut self, identity: Identity, text: &str) -> Result<(), CellProblem> {
        match identity {
            Identity::CreditCode => {
                self.id = normal_id(text);
                return check_credit_code(text);
            }
            Identity::Id if self.id.is_empty() => self.id = normal_id(text),
            Identity::Name => self.name = text.trim().to_owned(),
            Identity::Id | Identity::Kind => {}
        }
        Ok(())
    }
}

/// Texts, or whole numbers as their digits.
enum Words<'a> {
    Texts(TextArray<'a>),
    Numbers(Vec<i128>),
}

impl<'a> Words<'a> {
    fn of(array: &'a dyn Array) -> Option<Self> {
        if let Some(texts) = TextArray::of(array) {
            return Some(Self::Texts(texts));
        }
        macro_rules! numbers {
            ($kind:ty, $array:expr) => {
                Some(Self::Numbers(
                    $array
                        .as_primitive_opt::<$kind>()?
                        .values()
                        .iter()
                        .map(|value| i128::from(*value))
                        .collect(),
                ))
            };
        }
        downcast_integer! {
            array.data_type() => (numbers, array),
            _ => None
        }
    }

    fn get(&self, row: usize) -> Option<Cow<'a, str>> {
        match self {
            Self::Texts(texts) => texts.get(row).map(Cow::Borrowed),
            Self::Numbers(numbers) => Some(Cow::Owned(numbers[row].to_string())),
        }
    }
}
