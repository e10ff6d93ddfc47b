//! Rows picked out of a column or a population, some perhaps several times.

use std::collections::BTreeMap;

use facts::Value;

use crate::bits::WORD_BITS;
use crate::strings::Strings;
use crate::{Bits, Column, Items, Parties, Population, Values};

impl Column {
    /// A column whose row `r` is row `rows[r]` of this one, or unknown where it is not in `valid`.
    pub(crate) fn take(self, rows: &[u32], valid: &Bits) -> Self {
        let known = take_bits(&self.known, rows, valid);
        let values = match self.values {
            Values::Numbers { scale, mantissas } => {
                Values::Numbers { scale, mantissas: pick(&mantissas, rows, &known) }
            }
            Values::Bools(bits) => Values::Bools(take_bits(&bits, rows, &known)),
            Values::Days(days) => Values::Days(pick(&days, rows, &known)),
            Values::Texts { dictionary, indices } => {
                Values::Texts { dictionary, indices: pick(&indices, rows, &known) }
            }
            Values::Sets(sets) => Values::Sets(sets.take(rows, &known)),
            Values::Holdings(holdings) => {
                let taken = |(at, row): (usize, &u32)| {
                    if known.get(at) { holdings[*row as usize].clone() } else { None }
                };
                Values::Holdings(rows.iter().enumerate().map(taken).collect())
            }
        };
        let special = take_special(&self.special, rows, valid);
        Self { known, values, special, texts_are: self.texts_are }
    }
}

impl Population {
    /// A population whose row `r` is row `rows[r]` of this one.
    pub(crate) fn take(self, rows: &[u32]) -> Self {
        let all = Bits::ones(rows.len());
        let texts = |texts: &Strings| rows.iter().map(|row| texts.get(*row as usize)).collect();
        let mut taken = Self::blank(&self.kind, rows.len());
        taken.ids = texts(&self.ids);
        taken.names = texts(&self.names);
        let kinds = rows.iter().enumerate();
        taken.other_kinds = kinds
            .filter_map(|(at, row)| Some((at, self.other_kinds.get(&(*row as usize))?.clone())))
            .collect();
        for (name, items) in &self.collections {
            taken.collections.insert(name.clone(), take_items(items, rows));
        }
        for (role, parties) in &self.roles {
            let known = take_bits(&parties.known, rows, &all);
            let parties = Parties { known, parties: parties.parties.clone().take(rows) };
            taken.roles.insert(role.clone(), parties);
        }
        for (key, column) in self.into_columns() {
            taken.push(key, column.take(rows, &all));
        }
        taken
    }
}

fn take_items(items: &Items, rows: &[u32]) -> Items {
    let known = take_bits(&items.known, rows, &Bits::ones(rows.len()));
    let mut offsets = vec![0];
    let mut picked = Vec::new();
    for row in rows {
        let range = items.range(*row as usize);
        picked.extend(range.filter_map(|item| u32::try_from(item).ok()));
        offsets.push(u32::try_from(picked.len()).expect("a population has fewer than 2^32 items"));
    }
    Items { known, offsets, items: items.items.clone().take(&picked) }
}

/// The bits of the rows; zero where a row is not in `valid`.
fn take_bits(bits: &Bits, rows: &[u32], valid: &Bits) -> Bits {
    let words = rows.chunks(WORD_BITS).zip(valid.words()).map(|(chunk, valid)| {
        let mut word = 0;
        for (bit, row) in chunk.iter().enumerate() {
            if valid >> bit & 1 == 1 {
                word |= u64::from(bits.get(*row as usize)) << bit;
            }
        }
        word
    });
    Bits::from_words(words.collect(), rows.len())
}

/// The values of the rows; nought where a row is not known.
fn pick<T: Copy + Default>(values: &[T], rows: &[u32], known: &Bits) -> Vec<T> {
    let mut picked = vec![T::default(); rows.len()];
    let chunks = rows.chunks(WORD_BITS).zip(picked.chunks_mut(WORD_BITS));
    for ((rows, out), known) in chunks.zip(known.words()) {
        for (bit, (row, out)) in rows.iter().zip(out).enumerate() {
            if known >> bit & 1 == 1 {
                *out = values[*row as usize];
            }
        }
    }
    picked
}

fn take_special(special: &BTreeMap<usize, Value>, rows: &[u32], valid: &Bits) -> BTreeMap<usize, Value> {
    if special.is_empty() {
        return BTreeMap::new();
    }
    let picked = rows.iter().enumerate().filter(|(at, _)| valid.get(*at));
    picked.filter_map(|(at, row)| Some((at, special.get(&(*row as usize))?.clone()))).collect()
}
