//! Sets of codes, a bit a code.

use std::collections::{BTreeSet, HashMap};

use crate::Bits;
use crate::bits::{WORD_BITS, ones};

/// Most codes of a column that masks have room for; a set with another one is kept aside, as it is.
pub(crate) const SET_CODES_MAX: usize = 4_096;

/// A set of codes for each row: bit `c` of a row's mask says whether it holds code `c`.
///
/// INVARIANT: `masks` has `words` words to a row, and no bit past the last code is set.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sets {
    codes: Vec<String>,
    words: usize,
    masks: Vec<u64>,
}

impl Sets {
    /// Empty sets of these codes, which must differ from each other.
    pub fn new(codes: Vec<String>, rows: usize) -> Self {
        let words = codes.len().div_ceil(WORD_BITS);
        Self { words, masks: vec![0; rows * words], codes }
    }

    /// The codes that sets may hold.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Words of a row's mask.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The masks of a range of rows, one after another.
    pub fn masks(&self, rows: std::ops::Range<usize>) -> &[u64] {
        &self.masks[rows.start * self.words..rows.end * self.words]
    }

    /// The mask of a row.
    pub fn mask(&self, row: usize) -> &[u64] {
        self.masks(row..row + 1)
    }

    /// The mask of codes by their place.
    pub(crate) fn mask_of(&self, places: &[usize]) -> Vec<u64> {
        let mut mask = vec![0; self.words];
        places.iter().for_each(|place| mask[place / WORD_BITS] |= 1 << (place % WORD_BITS));
        mask
    }

    /// Adds codes to the set of a row.
    pub(crate) fn add(&mut self, row: usize, mask: &[u64]) {
        let held = &mut self.masks[row * self.words..][..self.words];
        held.iter_mut().zip(mask).for_each(|(held, mask)| *held |= mask);
    }

    /// Empties the set of a row.
    pub(crate) fn clear(&mut self, row: usize) {
        self.masks[row * self.words..][..self.words].fill(0);
    }

    /// The set of a row.
    pub fn get(&self, row: usize) -> BTreeSet<String> {
        ones(self.mask(row)).map(|place| self.codes[place].clone()).collect()
    }

    /// Sets whose row `r` is row `rows[r]` of these, or empty where it is not in `known`.
    pub(crate) fn take(&self, rows: &[u32], known: &Bits) -> Self {
        let mut taken = Self::new(self.codes.clone(), rows.len());
        for at in known.iter_ones() {
            taken.add(at, self.mask(rows[at] as usize));
        }
        taken
    }
}

/// Sets in the making, whose codes are not known beforehand.
#[derive(Default)]
pub(crate) struct SetsBuilder {
    places: HashMap<String, usize>,
    of_row: Vec<(usize, Vec<usize>)>,
}

impl SetsBuilder {
    /// Sets the set of a row that has none yet; gives it back if it holds a code that no mask has room for.
    pub(crate) fn set(&mut self, row: usize, codes: BTreeSet<String>) -> Result<(), BTreeSet<String>> {
        let fresh = codes.iter().filter(|code| !self.places.contains_key(*code)).count();
        if self.places.len() + fresh > SET_CODES_MAX {
            return Err(codes);
        }
        let mut place = |code| {
            let next = self.places.len();
            *self.places.entry(code).or_insert(next)
        };
        let places = codes.into_iter().map(&mut place).collect();
        self.of_row.push((row, places));
        Ok(())
    }

    /// The sets of so many rows.
    pub(crate) fn finish(self, rows: usize) -> Sets {
        let mut codes: Vec<(String, usize)> = self.places.into_iter().collect();
        codes.sort_unstable();
        let mut sorted = vec![0; codes.len()];
        for (at, (_, place)) in codes.iter().enumerate() {
            sorted[*place] = at;
        }
        let mut sets = Sets::new(codes.into_iter().map(|(code, _)| code).collect(), rows);
        for (row, places) in self.of_row {
            let places: Vec<usize> = places.into_iter().map(|place| sorted[place]).collect();
            let mask = sets.mask_of(&places);
            sets.add(row, &mask);
        }
        sets
    }
}
