//! A bit for each row.

/// Rows to a word.
pub const WORD_BITS: usize = u64::BITS as usize;

/// A bitmap over rows, 64 to a word, the last word's spare bits zero.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// All rows unset.
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(WORD_BITS)], len }
    }

    /// All rows set.
    pub fn ones(len: usize) -> Self {
        Self::from_words(vec![u64::MAX; len.div_ceil(WORD_BITS)], len)
    }

    /// The bits of whole words; missing words are zero, surplus words and bits are dropped.
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Self {
        words.resize(len.div_ceil(WORD_BITS), 0);
        let mut bits = Self { words, len };
        bits.trim();
        bits
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit of a row; panics past the end.
    pub fn get(&self, row: usize) -> bool {
        assert!(row < self.len, "row {row} of {} rows", self.len);
        self.words[row / WORD_BITS] >> (row % WORD_BITS) & 1 == 1
    }

    /// Sets the bit of a row; panics past the end.
    pub fn set(&mut self, row: usize, bit: bool) {
        assert!(row < self.len, "row {row} of {} rows", self.len);
        let mask = 1 << (row % WORD_BITS);
        let word = &mut self.words[row / WORD_BITS];
        if bit { *word |= mask } else { *word &= !mask }
    }

    /// How many rows are set.
    pub fn count_ones(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether some row is set.
    pub fn any(&self) -> bool {
        self.words.iter().any(|word| *word != 0)
    }

    /// The words; row 0 is the lowest bit of the first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words, to change. Whoever sets spare bits of the last one calls [`Bits::trim`].
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// Clears the spare bits of the last word.
    pub fn trim(&mut self) {
        let spare = self.words.len() * WORD_BITS - self.len;
        if let Some(last) = self.words.last_mut() {
            *last &= u64::MAX >> spare;
        }
    }

    /// Keeps what is set in both; panics where the lengths differ.
    pub fn intersect(&mut self, other: &Self) {
        assert_eq!(self.len, other.len, "bitmaps over the same rows");
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Adds what is set in the other; panics where the lengths differ.
    pub fn unite(&mut self, other: &Self) {
        assert_eq!(self.len, other.len, "bitmaps over the same rows");
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Removes what is set in the other; panics where the lengths differ.
    pub fn subtract(&mut self, other: &Self) {
        assert_eq!(self.len, other.len, "bitmaps over the same rows");
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    /// The rows that are set, in order.
    pub fn iter_ones(&self) -> impl Iterator<Item = usize> + '_ {
        ones(&self.words)
    }

    /// The bits in order.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).map(|row| self.get(row))
    }
}

/// The places of the bits that are set in words of 64, in order.
pub fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(index, word)| ones_of(*word).map(move |bit| index * WORD_BITS + bit))
}

/// The set bits of a word, lowest first.
pub(crate) fn ones_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let (mut words, mut len) = (Vec::new(), 0);
        for bit in bits {
            if len % WORD_BITS == 0 {
                words.push(0);
            }
            words[len / WORD_BITS] |= u64::from(bit) << (len % WORD_BITS);
            len += 1;
        }
        Self { words, len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spare_bits_of_the_last_word_stay_zero() {
        for len in [0, 1, 63, 64, 65, 200] {
            assert_eq!(Bits::ones(len).count_ones(), len);
            assert_eq!(Bits::ones(len), (0..len).map(|_| true).collect());
            assert_eq!(Bits::from_words(vec![u64::MAX; 9], len), Bits::ones(len));
        }
    }

    #[test]
    fn the_rows_that_are_set_come_in_order() {
        let bits: Bits = (0..150).map(|row| row % 7 == 3).collect();
        assert_eq!(
            bits.iter_ones().collect::<Vec<_>>(),
            (0..150).filter(|row| row % 7 == 3).collect::<Vec<_>>()
        );
        let mut other = Bits::new(150);
        bits.iter_ones().for_each(|row| other.set(row, true));
        assert_eq!(bits, other);
        assert_eq!(bits.iter().filter(|bit| *bit).count(), bits.count_ones());
    }
}
