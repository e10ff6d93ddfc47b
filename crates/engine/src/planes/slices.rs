//! Small whole numbers, one a row, kept as planes of their binary digits.
//!
//! A number below 64 takes six bits a row instead of a byte, and a comparison with a constant becomes one AND or OR a
//! digit for 256 rows at once (see [`super::ladder`]).

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

/// A way to take bytes apart into planes of their binary digits.
pub(super) trait Digits: Copy {
    /// Calls back with each of the lowest `width` digits of 64 bytes, all of which are below `2^width`.
    fn split(self, bytes: &[u8; 64], width: usize, put: impl FnMut(usize, u64));
}

/// The way for any machine: a multiplication gathers one bit of each of eight bytes.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Digits for Portable {
    #[inline(always)]
    fn split(self, bytes: &[u8; 64], width: usize, mut put: impl FnMut(usize, u64)) {
        let (eights, _) = bytes.as_chunks::<8>();
        for digit in 0..width {
            let mut bits = 0;
            for (place, eight) in eights.iter().enumerate() {
                let lows = u64::from_le_bytes(*eight) >> digit & 0x0101_0101_0101_0101;
                bits |= lows.wrapping_mul(0x0102_0408_1020_4080) >> 56 << (8 * place);
            }
            put(digit, bits);
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Digits for pulp::x86::V3 {
    #[inline(always)]
    fn split(self, bytes: &[u8; 64], width: usize, mut put: impl FnMut(usize, u64)) {
        use std::arch::x86_64::{__m128i, __m256i};
        let halves: [[u8; 32]; 2] = pulp::cast(*bytes);
        let unused: __m128i = pulp::cast([8 - width as u64, 0]);
        // The shift is by sixteen bits at a time. What it carries into the neighbouring byte are digits that are 0.
        let mut low = self.avx2._mm256_sll_epi16(pulp::cast::<_, __m256i>(halves[0]), unused);
        let mut high = self.avx2._mm256_sll_epi16(pulp::cast::<_, __m256i>(halves[1]), unused);
        for digit in (0..width).rev() {
            let bits = |half| u64::from(self.avx2._mm256_movemask_epi8(half).cast_unsigned());
            put(digit, bits(low) | bits(high) << 32);
            low = self.avx2._mm256_add_epi8(low, low);
            high = self.avx2._mm256_add_epi8(high, high);
        }
    }
}

/// Work that takes bytes apart, done in the best way the machine has.
pub(super) trait WithDigits {
    fn with<D: Digits>(self, digits: D);
}

/// Does it by AVX2 where there is AVX2.
pub(super) fn dispatch(work: impl WithDigits) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        struct Vectorized<W>(W, pulp::x86::V3);
        impl<W: WithDigits> pulp::NullaryFnOnce for Vectorized<W> {
            type Output = ();

            #[inline(always)]
            fn call(self) {
                self.0.with(self.1);
            }
        }
        simd.vectorize(Vectorized(work, simd));
        return;
    }
    work.with(Portable);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(digits: impl Digits, bytes: &[u8; 64], width: usize) -> Vec<u64> {
        let mut planes = vec![0; width];
        digits.split(bytes, width, |digit, bits| planes[digit] = bits);
        planes
    }

    #[test]
    fn the_vectorized_way_takes_bytes_apart_as_the_portable_way_does_bit_by_bit() {
        for width in 1..=8 {
            let bytes: [u8; 64] = std::array::from_fn(|i| ((i * 89 + 7 * width) % (1 << width)) as u8);
            let slow: Vec<u64> = (0..width)
                .map(|digit| (0..64).map(|i| u64::from(bytes[i] >> digit & 1) << i).sum())
                .collect();
            assert_eq!(split(Portable, &bytes, width), slow);
            #[cfg(target_arch = "x86_64")]
            if let Some(simd) = pulp::x86::V3::try_new() {
                assert_eq!(split(simd, &bytes, width), slow);
            }
        }
    }
}
