//! Which build of a loop the machine runs: for 256-bit vectors where it has AVX2, asked at run time, else for any machine.

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
