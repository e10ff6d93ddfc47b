//! Squares of bits: 64 rows of 64 bits.

/// Turns a square of bits about its diagonal, by halves, quarters, and so on.
#[inline(always)]
pub(super) fn transpose(square: &mut [u64; 64]) {
    halve::<32>(square, 0x0000_0000_FFFF_FFFF);
    halve::<16>(square, 0x0000_FFFF_0000_FFFF);
    halve::<8>(square, 0x00FF_00FF_00FF_00FF);
    halve::<4>(square, 0x0F0F_0F0F_0F0F_0F0F);
    halve::<2>(square, 0x3333_3333_3333_3333);
    halve::<1>(square, 0x5555_5555_5555_5555);
}

/// Swaps the upper right and the lower left quarter of each square of twice the width.
#[inline(always)]
fn halve<const WIDTH: usize>(square: &mut [u64; 64], mask: u64) {
    for pair in square.chunks_exact_mut(2 * WIDTH) {
        let (upper, lower) = pair.split_at_mut(WIDTH);
        for (upper, lower) in upper.iter_mut().zip(lower) {
            let swapped = (*upper >> WIDTH ^ *lower) & mask;
            *upper ^= swapped << WIDTH;
            *lower ^= swapped;
        }
    }
}
