//! Some rows of a chunk, one after another.

use std::borrow::Cow;

use super::{NumberChunk, SetChunk, SlotChunk, TextChunk, TruthChunk, get, set};

impl<'p> SlotChunk<'p> {
    /// The values of these rows, in this order.
    pub fn gather(&self, rows: &[usize]) -> SlotChunk<'p> {
        let bits = |words: &Vec<u64>| gathered(words, rows);
        let some = |words: &Option<Vec<u64>>| words.as_ref().map(bits);
        match self {
            SlotChunk::Truth(of) => {
                SlotChunk::Truth(TruthChunk { yes: bits(&of.yes), no: bits(&of.no), odd: bits(&of.odd) })
            }
            SlotChunk::Number(of) => SlotChunk::Number(NumberChunk {
                scale: of.scale,
                // Where nothing at all is known there need be no mantissas.
                mantissas: rows.iter().map(|row| of.mantissas.get(*row).copied().unwrap_or(0)).collect(),
                known: bits(&of.known),
                nothing: some(&of.nothing),
                before: some(&of.before),
                odd: some(&of.odd),
            }),
            SlotChunk::Text(of) => SlotChunk::Text(TextChunk {
                indices: rows.iter().map(|row| of.indices[*row]).collect(),
                known: bits(&of.known),
                nothing: some(&of.nothing),
                odd: some(&of.odd),
            }),
            SlotChunk::Set(of) => {
                let mask = |row: &usize| &of.masks[row * of.words..(row + 1) * of.words];
                SlotChunk::Set(SetChunk {
                    words: of.words,
                    masks: Cow::Owned(rows.iter().flat_map(mask).copied().collect()),
                    known: bits(&of.known),
                    nothing: some(&of.nothing),
                    odd: some(&of.odd),
                })
            }
        }
    }
}

fn gathered(words: &[u64], rows: &[usize]) -> Vec<u64> {
    let mut out = vec![0; rows.len().div_ceil(64)];
    rows.iter().enumerate().filter(|(_, row)| get(words, **row)).for_each(|(at, _)| set(&mut out, at));
    out
}
