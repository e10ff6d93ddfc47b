//! Planes as they are kept: the lengths of runs of equal bits, or the bits themselves where that is shorter.

use population::Bits;

/// What follows are lengths of runs, the first of bits that are not set.
const RUNS: u8 = 1;
/// What follows are the words.
const WORDS: u8 = 0;

/// Packs a plane.
pub fn pack(bits: &Bits) -> Vec<u8> {
    let mut runs = vec![RUNS];
    let mut last = false;
    let mut length = 0_usize;
    for bit in bits.iter() {
        if bit != last {
            push_length(&mut runs, length);
            (last, length) = (bit, 0);
        }
        length += 1;
    }
    push_length(&mut runs, length);
    let mut words = vec![WORDS];
    bits.words().iter().for_each(|word| words.extend(word.to_le_bytes()));
    if runs.len() < words.len() { runs } else { words }
}

/// Unpacks a plane of so many rows; `None` if it is none.
pub fn unpack(packed: &[u8], rows: usize) -> Option<Bits> {
    let (form, rest) = packed.split_first()?;
    if *form == WORDS {
        let (words, left) = rest.as_chunks::<8>();
        let is_whole = left.is_empty() && words.len() == Bits::new(rows).words().len();
        let words = words.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
        return is_whole.then(|| Bits::from_words(words, rows));
    }
    let mut bits = Bits::new(rows);
    let (mut at, mut is_set, mut rest) = (0_usize, false, rest);
    while !rest.is_empty() {
        let length = take_length(&mut rest)?;
        let end = at.checked_add(length).filter(|end| *end <= rows)?;
        if is_set {
            (at..end).for_each(|row| bits.set(row, true));
        }
        (at, is_set) = (end, !is_set);
    }
    (*form == RUNS && at == rows).then_some(bits)
}

/// Seven bits to a byte, the lowest first; the eighth says that more follow.
fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap_or(0));
}

fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        length |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(rows: usize, is_set: impl Fn(usize) -> bool) -> Bits {
        (0..rows).map(is_set).collect()
    }

    #[test]
    fn a_plane_comes_out_as_it_went_in_and_is_never_longer_than_its_words() {
        for rows in [0, 1, 63, 64, 65, 1_000, 20_000] {
            for step in [1, 2, 3, 64, 500, 30_000] {
                for bits in [plane(rows, |row| row % step == 0), plane(rows, |row| row / step % 2 == 1)] {
                    let packed = pack(&bits);
                    assert!(packed.len() <= 1 + 8 * bits.words().len().max(1), "{rows} rows, {step}");
                    assert_eq!(unpack(&packed, rows), Some(bits), "{rows} rows, {step}");
                }
            }
        }
        assert!(pack(&plane(20_000, |row| row < 7_000)).len() < 10);
    }

    #[test]
    fn what_is_no_plane_of_so_many_rows_is_none() {
        let packed = pack(&plane(1_000, |row| row < 7));
        assert_eq!(unpack(&packed, 999), None);
        assert_eq!(unpack(&packed, 1_001), None);
        assert_eq!(unpack(&[], 0), None);
        assert_eq!(unpack(&[WORDS, 1, 2], 64), None);
        assert_eq!(unpack(&[RUNS, 0x80], 64), None);
        assert_eq!(unpack(&[7], 0), None);
    }
}
