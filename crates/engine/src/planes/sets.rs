//! One column of sets of codes against everything that sets are tested for.
//!
//! Sets come as masks, a bit a code. Turned about, 64 rows and eight codes at a time, they are a plane for each code; a test
//! "holds one of these" is the OR of a few such planes.

use super::run::Planes;
use super::vector::{Digits, Work, dispatch_widest};

/// What the sets of a column are tested for: for each test the codes of which one must be held.
#[derive(Clone, Debug)]
pub struct Sets {
    /// Words of a row's mask.
    words: usize,
    tests: Vec<Vec<u32>>,
    /// For each byte of the masks whether a test reads it.
    is_read: Vec<bool>,
    /// A plane for each code.
    held: Vec<u64>,
}

impl Sets {
    /// Tests of masks of so many words a row; each test is the codes, as places of bits, of which one must be held.
    ///
    /// # Panics
    /// If a code lies past the masks.
    #[must_use]
    pub fn new(words: usize, tests: Vec<Vec<u32>>) -> Self {
        let mut is_read = vec![false; words * 8];
        tests.iter().flatten().for_each(|code| is_read[*code as usize / 8] = true);
        Self { words, tests, is_read, held: Vec::new() }
    }

    /// Fills the atoms "holds one of these", one for each test in its order, from the masks of the first rows of a chunk.
    /// `known` has a bit a row; the mask of a row that is not known may be anything.
    ///
    /// # Panics
    /// If there are not as many atoms as tests, or the masks are too short or too many.
    pub fn fill(&mut self, masks: &[u64], known: &[u64], atoms: &[u32], planes: &mut Planes) {
        assert_eq!(atoms.len(), self.tests.len(), "an atom for each test");
        let stride = planes.words();
        self.held.resize(self.words * 64 * stride, 0);
        let Self { words, is_read, held, .. } = self;
        dispatch_widest(Turn { words: *words, is_read, masks, held, stride });
        for (&atom, codes) in atoms.iter().zip(&self.tests) {
            let (trues, falses) = planes.atom_mut(atom as usize);
            trues.fill(0);
            for code in codes {
                let plane = &self.held[*code as usize * stride..][..stride];
                trues.iter_mut().zip(plane).for_each(|(trues, held)| *trues |= held);
            }
            for (word, (trues, falses)) in trues.iter_mut().zip(falses).enumerate() {
                let known = known.get(word).copied().unwrap_or(0);
                (*trues, *falses) = (*trues & known, known & !*trues);
            }
        }
    }
}

struct Turn<'a> {
    words: usize,
    is_read: &'a [bool],
    masks: &'a [u64],
    held: &'a mut [u64],
    stride: usize,
}

impl Work for Turn<'_> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, digits: D) {
        let Self { words, is_read, masks, held, stride } = self;
        for byte in (0..8 * words).filter(|byte| is_read[*byte]) {
            for (word, rows) in masks.chunks(64 * words).enumerate() {
                let bytes = bytes_of(rows, words, byte);
                digits.split(&bytes, 8, |code, bits| held[(byte * 8 + code) * stride + word] = bits);
            }
        }
    }
}

/// One byte of the masks of up to 64 rows.
#[inline(always)]
fn bytes_of(masks: &[u64], words: usize, byte: usize) -> [u8; 64] {
    let (at, shift) = (byte / 8, byte % 8 * 8);
    let mut bytes = [0; 64];
    match <&[u64; 64]>::try_from(masks) {
        // One word a row is what nearly all sets have.
        Ok(masks) if words == 1 => {
            for row in 0..64 {
                bytes[row] = (masks[row] >> shift) as u8;
            }
        }
        _ => {
            for (byte, mask) in bytes.iter_mut().zip(masks.chunks_exact(words)) {
                *byte = (mask[at] >> shift) as u8;
            }
        }
    }
    bytes
}
