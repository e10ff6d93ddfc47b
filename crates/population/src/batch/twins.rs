//! Facts given twice for one period: the same value is one, different ones are none.

use std::collections::{BTreeMap, BTreeSet};

use facts::read::contradiction;
use facts::{FactId, Period};

use super::level::{Level, Reader};
use crate::{Column, Header, Key};

/// Settles the columns of one fact that are kept under one period, as `2025` and `2025末` of a stock.
pub(super) fn settle(columns: &mut [(Key, Column)], header: &Header, level: &Level, reader: &mut Reader) {
    let mut twins: BTreeMap<(FactId, Period), Vec<usize>> = BTreeMap::new();
    for (at, column) in header.facts.iter().enumerate() {
        let grain = reader.vocabulary.get(column.fact).grain;
        twins.entry((column.fact, column.period.clone().for_grain(grain))).or_default().push(at);
    }
    for ((fact, _), places) in twins.into_iter().filter(|(_, places)| places.len() > 1) {
        let name = &reader.vocabulary.get(fact).name;
        let mut contradicted = BTreeSet::new();
        for (which, later) in places.iter().enumerate().skip(1) {
            for row in 0..level.rows {
                let Some(value) = columns[*later].1.value(row) else { continue };
                let earlier = places[..which].iter().find(|at| columns[**at].1.is_given(row));
                let first = earlier.and_then(|at| Some((*at, columns[*at].1.value(row)?)));
                match first {
                    None if !contradicted.contains(&row) => continue,
                    None => {}
                    Some((_, before)) if before == value => {}
                    Some((at, before)) => {
                        let place = level.numbers.row_text(row, &header.facts[at].place.path);
                        let problem = contradiction(name, &before, &value, &place);
                        let place = &header.facts[*later].place;
                        level.cells(place, reader.problems).refuse(row, || problem);
                        columns[at].1.clear(row);
                        contradicted.insert(row);
                    }
                }
                columns[*later].1.clear(row);
            }
        }
    }
}
