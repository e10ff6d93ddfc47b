//! Rows of different reference years put together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{NumberChunk, Rows, SetChunk, SlotChunk, TextChunk, TruthChunk, both, ones, scaled, set, set_in};

/// Each row's part is that of its year.
pub(super) fn mixed<'p>(years: &[i32], parts: &BTreeMap<i32, SlotChunk<'p>>, rows: Rows) -> SlotChunk<'p> {
    let size = rows.words();
    let mask = |year: i32| {
        let mut words = vec![0; size];
        years
            .iter()
            .enumerate()
            .filter(|(_, of_row)| **of_row == year)
            .for_each(|(row, _)| set(&mut words, row));
        words
    };
    let add = |into: &mut [u64], from: &[u64], mask: &[u64]| {
        into.iter_mut().zip(from).zip(mask).for_each(|((into, from), mask)| *into |= from & mask);
    };
    let add_some = |into: &mut Option<Vec<u64>>, from: &Option<Vec<u64>>, mask: &[u64]| {
        if let Some(from) = from {
            add(into.get_or_insert_with(|| vec![0; size]), from, mask);
        }
    };
    let mut truth = TruthChunk { yes: vec![0; size], no: vec![0; size], odd: vec![0; size] };
    let mut number: Option<NumberChunk<'p>> = None;
    let mut text: Option<TextChunk<'p>> = None;
    let mut held: Option<SetChunk<'p>> = None;
    let scale =
        parts.values().map(|part| if let SlotChunk::Number(part) = part { part.scale } else { 0 }).max();
    let scale = scale.unwrap_or(0);
    for (year, part) in parts {
        let mask = mask(*year);
        match part {
            SlotChunk::Truth(part) => {
                add(&mut truth.yes, &part.yes, &mask);
                add(&mut truth.no, &part.no, &mask);
                add(&mut truth.odd, &part.odd, &mask);
            }
            SlotChunk::Number(part) => {
                let into = number.get_or_insert_with(|| NumberChunk {
                    scale,
                    mantissas: Cow::Owned(vec![0; rows.len()]),
                    known: vec![0; size],
                    nothing: None,
                    before: None,
                    odd: None,
                });
                add_some(&mut into.nothing, &part.nothing, &mask);
                add_some(&mut into.before, &part.before, &mask);
                add_some(&mut into.odd, &part.odd, &mask);
                for row in ones(&both(&part.known, &mask)) {
                    match scaled(part.mantissas[row], scale - part.scale) {
                        Some(mantissa) => {
                            into.mantissas.to_mut()[row] = mantissa;
                            set(&mut into.known, row);
                        }
                        None => set_in(&mut into.odd, row, size),
                    }
                }
            }
            SlotChunk::Text(part) => {
                let into = text.get_or_insert_with(|| TextChunk {
                    indices: Cow::Owned(vec![0; rows.len()]),
                    known: vec![0; size],
                    nothing: None,
                    odd: None,
                });
                add(&mut into.known, &part.known, &mask);
                add_some(&mut into.nothing, &part.nothing, &mask);
                add_some(&mut into.odd, &part.odd, &mask);
                let out = into.indices.to_mut();
                ones(&mask).for_each(|row| out[row] = part.indices[row]);
            }
            SlotChunk::Set(part) => {
                let words = part.words;
                let into = held.get_or_insert_with(|| SetChunk {
                    words,
                    masks: Cow::Owned(vec![0; rows.len() * words]),
                    known: vec![0; size],
                    nothing: None,
                    odd: None,
                });
                add(&mut into.known, &part.known, &mask);
                add_some(&mut into.nothing, &part.nothing, &mask);
                add_some(&mut into.odd, &part.odd, &mask);
                let out = into.masks.to_mut();
                ones(&mask).for_each(|row| {
                    let here = row * words..(row + 1) * words;
                    out[here.clone()].copy_from_slice(&part.masks[here]);
                });
            }
        }
    }
    match (number, text, held) {
        (Some(number), ..) => SlotChunk::Number(number),
        (_, Some(text), _) => SlotChunk::Text(text),
        (.., Some(held)) => SlotChunk::Set(held),
        _ => SlotChunk::Truth(truth),
    }
}
