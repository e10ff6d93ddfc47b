//! Which build of a loop the machine runs: for 256-bit vectors where it has AVX2, asked at run time, else for any machine;
//! and for 512-bit vectors where that pays.

use super::narrow::Steps;

/// A way to take bytes apart into planes of their binary digits.
pub(super) trait Digits: Copy {
    /// Calls back with each of the lowest `width` digits of 64 bytes, all of which are below `2^width`.
    fn split(self, bytes: &[u8; 64], width: usize, put: impl FnMut(usize, u64));

    /// How many bits are set in each of two planes' blocks.
    fn ones<const B: usize>(self, planes: [&[u64; B]; 2]) -> [u64; 2];

    /// Whether [`Digits::search`] is quicker than looking ranks up one by one.
    const SEARCHES: bool = false;

    /// What [`Steps::find`] finds for each of 64 places: ranks, and which are doubtful.
    #[inline(always)]
    fn search(self, steps: &Steps, places: &[u16; 64]) -> ([u8; 64], u64) {
        let (mut ranks, mut doubtful) = ([0; 64], 0);
        for (row, place) in places.iter().enumerate() {
            let (rank, is_doubtful) = steps.find(*place);
            ranks[row] = rank;
            doubtful |= u64::from(is_doubtful) << row;
        }
        (ranks, doubtful)
    }
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

    #[inline(always)]
    fn ones<const B: usize>(self, planes: [&[u64; B]; 2]) -> [u64; 2] {
        planes.map(|words| words.iter().map(|word| u64::from(word.count_ones())).sum())
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
            let low_bits = u64::from(self.avx2._mm256_movemask_epi8(low).cast_unsigned());
            let high_bits = u64::from(self.avx2._mm256_movemask_epi8(high).cast_unsigned());
            put(digit, low_bits | high_bits << 32);
            low = self.avx2._mm256_add_epi8(low, low);
            high = self.avx2._mm256_add_epi8(high, high);
        }
    }

    #[inline(always)]
    fn ones<const B: usize>(self, planes: [&[u64; B]; 2]) -> [u64; 2] {
        use std::arch::x86_64::__m128i;
        let (trues, falses) = (bytes_of_ones(self, planes[0]), bytes_of_ones(self, planes[1]));
        let both = self.avx2._mm256_add_epi64(
            self.avx2._mm256_unpacklo_epi64(trues, falses),
            self.avx2._mm256_unpackhi_epi64(trues, falses),
        );
        let [low, high]: [__m128i; 2] = pulp::cast(both);
        pulp::cast(self.sse2._mm_add_epi64(low, high))
    }
}

#[cfg(target_arch = "x86_64")]
impl Digits for pulp::x86::V4 {
    #[inline(always)]
    fn split(self, bytes: &[u8; 64], width: usize, mut put: impl FnMut(usize, u64)) {
        let bytes = pulp::cast(*bytes);
        for digit in 0..width {
            let mask = pulp::cast([1u8 << digit; 64]);
            put(digit, self.avx512bw._mm512_test_epi8_mask(bytes, mask));
        }
    }

    #[inline(always)]
    fn ones<const B: usize>(self, planes: [&[u64; B]; 2]) -> [u64; 2] {
        let narrower: pulp::x86::V3 = *self;
        narrower.ones(planes)
    }

    const SEARCHES: bool = true;

    #[inline(always)]
    fn search(self, steps: &Steps, places: &[u16; 64]) -> ([u8; 64], u64) {
        if steps.is_wide { search::<true>(self, steps, places) } else { search::<false>(self, steps, places) }
    }
}

/// The search by halves with tables in registers, 32 places at once.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn search<const WIDE: bool>(simd: pulp::x86::V4, steps: &Steps, places: &[u16; 64]) -> ([u8; 64], u64) {
    use std::arch::x86_64::__m512i;
    let bw = simd.avx512bw;
    let reached: [__m512i; 4] = pulp::cast(steps.reached);
    let doubtful: [__m512i; 4] = pulp::cast(steps.doubtful);
    let all = |number: u16| -> __m512i { pulp::cast([number; 32]) };
    let places: [__m512i; 2] = pulp::cast(*places);
    let (mut ranks, mut doubts) = ([0u8; 64], 0u64);
    for half in 0..2 {
        let place = places[half];
        let is_upper = if WIDE { bw._mm512_cmpge_epu16_mask(place, all(steps.reached[63])) } else { 0 };
        let mut rank = all(0);
        for step in [32, 16, 8, 4, 2, 1] {
            let at = bw._mm512_add_epi16(rank, all(step - 1));
            let mut cut = bw._mm512_permutex2var_epi16(reached[0], at, reached[1]);
            if WIDE {
                let upper = bw._mm512_permutex2var_epi16(reached[2], at, reached[3]);
                cut = bw._mm512_mask_blend_epi16(is_upper, cut, upper);
            }
            let is_reached = bw._mm512_cmpge_epu16_mask(place, cut);
            rank = bw._mm512_mask_add_epi16(rank, is_reached, rank, all(step));
        }
        let mut doubt = bw._mm512_permutex2var_epi16(doubtful[0], rank, doubtful[1]);
        if WIDE {
            let upper = bw._mm512_permutex2var_epi16(doubtful[2], rank, doubtful[3]);
            doubt = bw._mm512_mask_blend_epi16(is_upper, doubt, upper);
            rank = bw._mm512_mask_add_epi16(rank, is_upper, rank, all(64));
        }
        doubts |= u64::from(bw._mm512_cmpge_epu16_mask(place, doubt)) << (32 * half);
        let bytes: [u8; 32] = pulp::cast(bw._mm512_cvtepi16_epi8(rank));
        ranks[32 * half..][..32].copy_from_slice(&bytes);
    }
    (ranks, doubts)
}

/// How many bits are set, as four sums. A function, since what stands in a closure is not built for wide vectors.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn bytes_of_ones<const B: usize>(simd: pulp::x86::V3, words: &[u64; B]) -> std::arch::x86_64::__m256i {
    use std::arch::x86_64::__m256i;
    let (avx, avx2) = (simd.avx, simd.avx2);
    // How many bits are set in half a byte.
    let table: __m256i = pulp::cast([[0u8, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4]; 2]);
    let half: __m256i = pulp::cast([15u8; 32]);
    let mut bytes = avx._mm256_setzero_si256();
    for four in words.as_chunks::<4>().0 {
        let four: __m256i = pulp::cast(*four);
        let low = avx2._mm256_and_si256(four, half);
        let high = avx2._mm256_and_si256(avx2._mm256_srli_epi16::<4>(four), half);
        // INVARIANT: a byte counts at most 8 a round, and a block has at most 31 rounds.
        bytes = avx2._mm256_add_epi8(bytes, avx2._mm256_shuffle_epi8(table, low));
        bytes = avx2._mm256_add_epi8(bytes, avx2._mm256_shuffle_epi8(table, high));
    }
    avx2._mm256_sad_epu8(bytes, avx._mm256_setzero_si256())
}

/// Loops over words and bytes that gain from wide vectors.
pub(super) trait Work {
    /// What comes out.
    type Output;

    /// Does it. To be `#[inline(always)]`, so that the whole of it is built for the vectors of the machine.
    fn run<D: Digits>(self, digits: D) -> Self::Output;
}

/// Does it by AVX2 where there is AVX2.
pub(super) fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        struct Vectorized<W>(W, pulp::x86::V3);
        impl<W: Work> pulp::NullaryFnOnce for Vectorized<W> {
            type Output = W::Output;

            #[inline(always)]
            fn call(self) -> W::Output {
                self.0.run(self.1)
            }
        }
        return simd.vectorize(Vectorized(work, simd));
    }
    work.run(Portable)
}

/// Does it by AVX-512 where there is AVX-512, else as [`dispatch`] does.
pub(super) fn dispatch_widest<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V4::try_new() {
        struct Vectorized<W>(W, pulp::x86::V4);
        impl<W: Work> pulp::NullaryFnOnce for Vectorized<W> {
            type Output = W::Output;

            #[inline(always)]
            fn call(self) -> W::Output {
                self.0.run(self.1)
            }
        }
        return simd.vectorize(Vectorized(work, simd));
    }
    dispatch(work)
}

/// Runs plain loops in the build for AVX2 where there is AVX2. They round as in the other.
#[inline(always)]
pub(crate) fn wide<T>(body: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(body);
    }
    body()
}

/// As [`wide`], in the build for AVX-512 where there is AVX-512.
#[inline(always)]
pub(crate) fn widest<T>(body: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V4::try_new() {
        return simd.vectorize(body);
    }
    wide(body)
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
    fn all_ways_count_the_same_bits() {
        let words: [u64; 16] =
            std::array::from_fn(|i| 0x9E37_79B9_7F4A_7C15u64.wrapping_mul(i as u64) | 1 << 63);
        let all = [u64::MAX; 16];
        let slow = Portable.ones([&words, &all]);
        assert_eq!(slow, [words.iter().map(|word| u64::from(word.count_ones())).sum(), 1024]);
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            assert_eq!(simd.ones([&words, &all]), slow);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V4::try_new() {
            assert_eq!(simd.ones([&words, &all]), slow);
        }
    }

    #[test]
    fn the_vectorized_ways_take_bytes_apart_as_the_portable_way_does_bit_by_bit() {
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
            #[cfg(target_arch = "x86_64")]
            if let Some(simd) = pulp::x86::V4::try_new() {
                assert_eq!(split(simd, &bytes, width), slow);
            }
        }
    }
}
