//! Lists of codes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow_array::Array;
use facts::Value;
use facts::read::{CellProblem, NOTHING, is_unknown};

use super::cells::Cells;
use super::level::list_parts;
use super::numeric::Measure;
use super::texts::TextArray;
use crate::sets::SET_CODES_MAX;
use crate::{Bits, Column, Sets, Values};

/// Reads lists of codes, where an empty one says that there are none; `None` if the array holds something else.
pub(super) fn read(array: &dyn Array, valid: &Bits, measure: Measure, cells: &mut Cells) -> Option<Column> {
    let (starts, values) = list_parts(array)?;
    let words = TextArray::of(values.as_ref())?;
    let items = super::cells::valid(values.as_ref(), None);
    let (texts, places) = words.distinct(&items);
    let codes: Vec<Result<BTreeSet<String>, CellProblem>> =
        texts.iter().map(|text| parse(measure, text.unwrap_or_default())).collect();
    let all: BTreeSet<&String> = codes.iter().flatten().flatten().take(SET_CODES_MAX).collect();
    let place: HashMap<&String, usize> = all.iter().enumerate().map(|(place, code)| (*code, place)).collect();
    let mut sets = Sets::new(all.iter().map(|code| (*code).clone()).collect(), valid.len());
    // None for an entry with a code that no mask has room for.
    let masks: Vec<Option<Vec<u64>>> = codes
        .iter()
        .map(|codes| {
            let places = codes.iter().flatten().map(|code| place.get(code).copied());
            places.collect::<Option<Vec<usize>>>().map(|places| sets.mask_of(&places))
        })
        .collect();
    let (mut known, mut special) = (valid.clone(), BTreeMap::new());
    for row in valid.iter_ones() {
        let held: Vec<usize> = (starts[row] as usize..starts[row + 1] as usize)
            .map(|item| if items.get(item) { places[item] as usize } else { usize::MAX })
            .collect();
        let refused = held.iter().find_map(|entry| match codes.get(*entry) {
            Some(Ok(_)) => None,
            Some(Err(problem)) => Some(problem.clone()),
            None => Some(no_code()),
        });
        if let Some(problem) = refused {
            known.set(row, false);
            cells.refuse(row, || problem);
        } else if held.iter().all(|entry| masks[*entry].is_some()) {
            held.iter().filter_map(|entry| masks[*entry].as_ref()).for_each(|mask| sets.add(row, mask));
        } else {
            known.set(row, false);
            let set = held.iter().flat_map(|entry| codes[*entry].iter().flatten().cloned()).collect();
            special.insert(row, Value::Codes(set));
        }
    }
    Some(Column { special, ..Column::plain(known, Values::Sets(sets)) })
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
