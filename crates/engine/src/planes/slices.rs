//! Small whole numbers, one a row, kept as planes of their binary digits.
//!
//! A number below 64 takes six bits a row instead of a byte, and a comparison with a constant becomes one AND or OR a
//! digit for 256 rows at once (see [`super::ladder`]).

use super::vector::Digits;

/// Rows are made up to a multiple of this many words, so that every chunk is full.
const PADDING_WORDS: usize = 32;

/// One number below `2^width` for each of many rows, and whether the row is known at all.
///
/// INVARIANT: a row that is unknown, or past the end, has the number 0.
#[derive(Clone, Debug)]
pub struct Slices {
    /// The known plane, then the digits from the lowest, `words` to each.
    planes: Vec<u64>,
    width: usize,
    words: usize,
}

impl Slices {
    /// All rows unknown.
    #[must_use]
    pub fn new(width: usize, rows: usize) -> Self {
        let words = rows.div_ceil(64).next_multiple_of(PADDING_WORDS);
        Self { planes: vec![0; (width + 1) * words], width, words }
    }

    /// Binary digits in a number.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Words of 64 rows there is room for.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words
    }

    /// Which rows are known.
    #[must_use]
    pub fn known(&self) -> &[u64] {
        &self.planes[..self.words]
    }

    /// One binary digit of all rows, 0 the lowest.
    #[must_use]
    pub fn digit(&self, digit: usize) -> &[u64] {
        &self.planes[(digit + 1) * self.words..][..self.words]
    }

    /// Gives one row, which is known, another number.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn set(&mut self, row: usize, number: usize) {
        let (word, bit) = (row / 64, row % 64);
        assert!(word < self.words, "row {row} of {}", self.words * 64);
        for digit in 0..self.width {
            let bits = &mut self.planes[(digit + 1) * self.words + word];
            *bits = *bits & !(1 << bit) | (number as u64 >> digit & 1) << bit;
        }
    }

    /// Sets the 64 rows of a word. The bytes hold numbers below `2^8`.
    #[inline(always)]
    pub(super) fn put_bytes<D: Digits>(
        &mut self,
        digits: D,
        word: usize,
        first: usize,
        bytes: &[u8; 64],
        known: u64,
    ) {
        let (words, width) = (self.words, self.width.min(first + 8));
        digits.split(bytes, width - first, |digit, bits| {
            self.planes[(first + digit + 1) * words + word] = bits & known;
        });
    }

    pub(super) fn put_known(&mut self, word: usize, known: u64) {
        self.planes[word] = known;
    }

    pub(super) fn put_digit(&mut self, digit: usize, word: usize, bits: u64) {
        self.planes[(digit + 1) * self.words + word] = bits;
    }
}
