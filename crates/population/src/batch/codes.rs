//! Lists of codes.

use std::collections::{BTreeSet, HashMap};

use arrow_array::Array;
use facts::Value;
use facts::read::{CellProblem, NOTHING, is_unknown};

use super::cells::Cells;
use super::level::list_parts;
use super::numeric::Measure;
use super::texts::TextArray;
use crate::builder::Interned;
use crate::{Bits, Column, Values};

/// Reads lists of codes, where an empty one says that there are none; `None` if the array holds something else.
pub(super) fn read(array: &dyn Array, valid: &Bits, measure: Measure, cells: &mut Cells) -> Option<Column> {
    let (starts, values) = list_parts(array)?;
    let words = TextArray::of(values.as_ref())?;
    let items = super::cells::valid(values.as_ref(), None);
    let (texts, places) = words.distinct(&items);
    let codes: Vec<Result<BTreeSet<String>, CellProblem>> =
        texts.iter().map(|text| parse(measure, text.unwrap_or_default())).collect();
    let mut known = valid.clone();
    let mut sets: Interned<BTreeSet<String>> = Interned::new(valid.len());
    // The same few lists come again and again.
    let mut seen: HashMap<Vec<u32>, Result<u32, CellProblem>> = HashMap::new();
    for row in valid.iter_ones() {
        let range = starts[row] as usize..starts[row + 1] as usize;
        let list: Vec<u32> =
            range.map(|item| if items.get(item) { places[item] } else { u32::MAX }).collect();
        let place = seen.entry(list).or_insert_with_key(|list| {
            let mut all = BTreeSet::new();
            for place in list {
                match codes.get(*place as usize) {
                    Some(Ok(some)) => all.extend(some.iter().cloned()),
                    Some(Err(problem)) => return Err(problem.clone()),
                    None => return Err(no_code()),
                }
            }
            Ok(sets.place(all))
        });
        match place {
            Ok(place) => sets.indices[row] = *place,
            Err(problem) => {
                known.set(row, false);
                cells.refuse(row, || problem.clone());
            }
        }
    }
    Some(Column::plain(known, Values::Sets { dictionary: sets.dictionary, indices: sets.indices }))
}

/// One entry of a list: a code, or several written together.
fn parse(measure: Measure, text: &str) -> Result<BTreeSet<String>, CellProblem> {
    if is_unknown(text) || text == NOTHING {
        return Err(no_code());
    }
    match measure.parse(text)? {
        Some(Value::Codes(codes)) => Ok(codes),
        _ => Ok(BTreeSet::new()),
    }
}

fn no_code() -> CellProblem {
    CellProblem::new("E0064", "这里应是一个代码", "a code belongs here")
}
