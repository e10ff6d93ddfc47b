//! The columns of a batch, of a struct or of a collection's items together.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_schema::DataType;
use facts::read::{check_empty_collection, is_unknown, parse_yes_no};
use facts::{FactType, Value, Vocabulary};

use super::cells::{Cells, valid};
use super::numeric::Measure;
use super::texts::TextArray;
use super::{BATCH_ITEMS_MAX, codes, days, identity, numeric, status, texts, too_many, twins};
use crate::accept::wrong_type;
use crate::header::{CollectionPlace, Place, RolePlace};
use crate::problems::{Problems, Rows};
use crate::{Bits, Column, Finding, Header, Items, Key, Parties, Population, Values};

/// Columns side by side, and which of their rows count.
pub(super) struct Level<'a> {
    pub(super) arrays: &'a [ArrayRef],
    pub(super) rows: usize,
    /// Rows that exist; `None` is all.
    pub(super) mask: Option<&'a Bits>,
    pub(super) numbers: Rows<'a>,
    /// These columns describe a party that stands beside the others: any of them says that there is one.
    pub(super) beside: bool,
}

impl<'a> Level<'a> {
    pub(super) fn array(&self, place: &Place) -> Result<&'a dyn Array, Box<Finding>> {
        match self.arrays.get(place.index).filter(|array| array.len() == self.rows) {
            Some(array) => Ok(array.as_ref()),
            None => Err(Finding::boxed(&place.path, wrong_type(&DataType::Null, "一列", "a column"))),
        }
    }

    pub(super) fn valid(&self, array: &dyn Array) -> Bits {
        valid(array, self.mask)
    }

    pub(super) fn cells<'c>(&'c self, place: &'c Place, problems: &'c mut Problems) -> Cells<'c> {
        let (rows, beside) = (self.numbers, self.beside);
        Cells { column: &place.path, rows, problems, refused: Vec::new(), beside }
    }
}

/// An array of another type than the schema said.
pub(super) fn unfit(place: &Place, array: &dyn Array) -> Box<Finding> {
    Finding::boxed(
        &place.path,
        wrong_type(array.data_type(), "表头所说的类型", "the type that the schema says"),
    )
}

pub(super) struct Reader<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) problems: &'a mut Problems,
}

impl Reader<'_> {
    /// The rows, and which of them something was said about.
    pub(super) fn read(
        &mut self,
        header: &Header,
        level: &Level,
    ) -> Result<(Population, Bits), Box<Finding>> {
        let mut population = Population::blank(&header.kind, level.rows);
        let mut said = Bits::new(level.rows);
        identity::read(&mut population, &mut said, header, level, self)?;
        for (key, column) in self.facts(header, level, &mut said)? {
            population.push(key, column);
        }
        let mut manual: BTreeMap<&str, (Bits, Bits)> = BTreeMap::new();
        for (place, id) in &header.manual {
            let (known, decided) = self.yes_no(place, level)?;
            let blank = || (Bits::new(level.rows), Bits::new(level.rows));
            let (all_known, all_decided) = manual.entry(id).or_insert_with(blank);
            // Where several columns decide one condition, the later counts.
            all_decided.subtract(&known);
            all_decided.unite(&decided);
            all_known.unite(&known);
        }
        for (id, (known, decided)) in manual {
            population.push(Key::Manual(id.to_owned()), Column::plain(known, Values::Bools(decided)));
        }
        for (name, parts) in &header.statuses {
            let column = status::read(name, parts, level, self, &mut said)?;
            population.push(Key::Status(name.clone()), column);
        }
        for (name, place) in &header.collections {
            let items = self.collection(name, place, level, &mut said)?;
            population.collections.insert(name.clone(), items);
        }
        for (role, place) in &header.roles {
            let parties = self.party(place, level)?;
            said.unite(&parties.known);
            population.roles.insert(role.clone(), parties);
        }
        Ok((population, said))
    }

    fn facts(
        &mut self,
        header: &Header,
        level: &Level,
        said: &mut Bits,
    ) -> Result<Vec<(Key, Column)>, Box<Finding>> {
        let mut columns = Vec::new();
        for column in &header.facts {
            let definition = self.vocabulary.get(column.fact);
            let measure = Measure { definition, unit: column.unit };
            let array = level.array(&column.place)?;
            let valid = level.valid(array);
            let mut cells = level.cells(&column.place, self.problems);
            let read =
                read_fact(array, &valid, measure, &mut cells).ok_or_else(|| unfit(&column.place, array))?;
            if level.beside {
                mark(said, &read, &cells);
            }
            columns.push((Key::Fact(column.fact, column.period.clone()), read));
        }
        twins::settle(&mut columns, header, level, self);
        Ok(columns)
    }

    /// Which rows say yes or no, and which say yes.
    fn yes_no(&mut self, place: &Place, level: &Level) -> Result<(Bits, Bits), Box<Finding>> {
        let array = level.array(place)?;
        let valid = level.valid(array);
        let mut cells = level.cells(place, self.problems);
        if let Some(bits) = bits_of(array, &valid) {
            return Ok((valid, bits));
        }
        let words = TextArray::of(array).ok_or_else(|| unfit(place, array))?;
        let parse = |text: &str| match is_unknown(text) {
            true => Ok(None),
            false => parse_yes_no(text).map(|yes| Some(Value::Bool(yes))),
        };
        let column = texts::read(&words, &valid, FactType::Bool, &mut cells, parse);
        match column.values {
            Values::Bools(bits) => Ok((column.known, bits)),
            _ => Err(unfit(place, array)),
        }
    }

    fn collection(
        &mut self,
        name: &str,
        column: &CollectionPlace,
        level: &Level,
        said: &mut Bits,
    ) -> Result<Items, Box<Finding>> {
        let array = level.array(&column.place)?;
        let valid = level.valid(array);
        let Some(header) = &column.items else {
            return self.empty_collection(name, &column.place, level, said);
        };
        let (starts, values) = list_parts(array).ok_or_else(|| unfit(&column.place, array))?;
        let structs: &StructArray = values.as_struct_opt().ok_or_else(|| unfit(&column.place, array))?;
        if structs.len() > BATCH_ITEMS_MAX {
            return Err(Finding::boxed(&column.place.path, too_many(structs.len(), BATCH_ITEMS_MAX)));
        }
        let mut mask = super::cells::valid(structs, None);
        let mut wanted = Vec::new();
        let mut offsets = vec![0];
        for row in 0..level.rows {
            let range = starts[row]..starts[row + 1];
            if valid.get(row) {
                wanted.extend(range);
            } else {
                // Arrow lets a null list hold items, which then mean nothing.
                range.for_each(|item| mask.set(item as usize, false));
            }
            offsets.push(u32::try_from(wanted.len()).unwrap_or(u32::MAX));
        }
        let numbers = Rows::Items { of: &level.numbers, offsets: &starts, collection: name };
        let inner = Level {
            arrays: structs.columns(),
            rows: structs.len(),
            mask: Some(&mask),
            numbers,
            beside: false,
        };
        let (items, _) = self.read(header, &inner)?;
        let items = if wanted.len() == structs.len() { items } else { items.take(&wanted) };
        said.unite(&valid);
        Ok(Items { known: valid, offsets, items })
    }

    /// A column of words can only say that there are no items.
    fn empty_collection(
        &mut self,
        name: &str,
        place: &Place,
        level: &Level,
        said: &mut Bits,
    ) -> Result<Items, Box<Finding>> {
        let array = level.array(place)?;
        let words = TextArray::of(array).ok_or_else(|| unfit(place, array))?;
        let valid = level.valid(array);
        let mut cells = level.cells(place, self.problems);
        let parse = |text: &str| match is_unknown(text) {
            true => Ok(None),
            false => check_empty_collection(name, text).map(|()| Some(Value::Bool(true))),
        };
        let column = texts::read(&words, &valid, FactType::Bool, &mut cells, parse);
        if level.beside {
            mark(said, &column, &cells);
        }
        let kind = self.vocabulary.collection(name).map(|known| known.item.as_str()).unwrap_or_default();
        Ok(Items { known: column.known, offsets: vec![0; level.rows + 1], items: Population::blank(kind, 0) })
    }

    fn party(&mut self, role: &RolePlace, level: &Level) -> Result<Parties, Box<Finding>> {
        let Some(place) = &role.place else {
            let beside = Level { beside: true, ..*level };
            let (parties, known) = self.read(&role.header, &beside)?;
            return Ok(Parties { known, parties });
        };
        let array = level.array(place)?;
        let known = level.valid(array);
        if array.data_type().is_null() {
            return Ok(Parties { known, parties: Population::blank(&role.header.kind, level.rows) });
        }
        let structs = array.as_struct_opt().ok_or_else(|| unfit(place, array))?;
        let inner = Level { arrays: structs.columns(), mask: Some(&known), beside: false, ..*level };
        let (parties, _) = self.read(&role.header, &inner)?;
        Ok(Parties { known, parties })
    }
}

/// Marks the rows about which a column says something, understood or not.
pub(super) fn mark(said: &mut Bits, column: &Column, cells: &Cells) {
    said.unite(&column.known);
    column.special.keys().chain(&cells.refused).for_each(|row| said.set(*row, true));
}

/// Reads the column of a fact; `None` if the array holds something that cannot stand there.
fn read_fact(array: &dyn Array, valid: &Bits, measure: Measure, cells: &mut Cells) -> Option<Column> {
    let fact_type = measure.definition.fact_type;
    if let Some(words) = TextArray::of(array) {
        // Through a dictionary each different text is read once; a year is written in four digits and no other way.
        if measure.definition.is_numeric() && !matches!(words, TextArray::Dictionary(..)) {
            return Some(numeric::read_texts(&words, valid, measure, cells));
        }
        return Some(texts::read(&words, valid, fact_type, cells, |text| measure.parse(text)));
    }
    match fact_type {
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio | FactType::Year => {
            numeric::read(array, valid, measure, cells)
        }
        FactType::Bool | FactType::Event => bools(array, valid),
        FactType::Date => days::read(array, valid, cells, |text| measure.parse(text)),
        FactType::Codes => codes::read(array, valid, measure, cells),
        FactType::Code | FactType::Text => None,
    }
}

/// Booleans; `None` if the array holds something else.
pub(super) fn bools(array: &dyn Array, valid: &Bits) -> Option<Column> {
    Some(Column::plain(valid.clone(), Values::Bools(bits_of(array, valid)?)))
}

fn bits_of(array: &dyn Array, valid: &Bits) -> Option<Bits> {
    let values = array.as_boolean_opt()?.values();
    let mut bits = Bits::from_words(values.bit_chunks().iter_padded().collect(), array.len());
    bits.intersect(valid);
    Some(bits)
}

/// Where each row's items begin, from 0, one more than there are rows; and the items of all rows.
pub(super) fn list_parts(array: &dyn Array) -> Option<(Vec<u32>, ArrayRef)> {
    let (offsets, values): (Vec<usize>, &ArrayRef) = match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list_opt::<i32>()?;
            (
                list.offsets().iter().map(|offset| usize::try_from(*offset).unwrap_or(0)).collect(),
                list.values(),
            )
        }
        DataType::LargeList(_) => {
            let list = array.as_list_opt::<i64>()?;
            (
                list.offsets().iter().map(|offset| usize::try_from(*offset).unwrap_or(0)).collect(),
                list.values(),
            )
        }
        _ => return None,
    };
    let (first, last) = (*offsets.first()?, *offsets.last()?);
    let starts: Option<Vec<u32>> = offsets.iter().map(|offset| u32::try_from(offset - first).ok()).collect();
    Some((starts?, values.slice(first, last - first)))
}
