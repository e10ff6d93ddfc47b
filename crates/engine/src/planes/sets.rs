//! One column of sets of codes against everything that sets are tested for.
//!
//! Sets come as masks, a bit a code. Turned about, 64 rows at a time, they are a plane for each code; a test "holds one of
//! these" is the OR of a few such planes.

use super::run::Planes;
use super::square::transpose;
use super::vector::{Digits, Work, dispatch};

/// What the sets of a column are tested for: for each test the codes of which one must be held.
#[derive(Clone, Debug)]
pub struct Sets {
    /// Words of a row's mask.
    words: usize,
    tests: Vec<Vec<u32>>,
    /// For each word of the masks whether a test reads it.
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
        let mut is_read = vec![false; words];
        tests.iter().flatten().for_each(|code| is_read[*code as usize / 64] = true);
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
        dispatch(Turn { words: *words, is_read, masks, held, stride });
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
    fn run<D: Digits>(self, _: D) {
        let Self { words, is_read, masks, held, stride } = self;
        for at in (0..words).filter(|at| is_read[*at]) {
            for (word, rows) in masks.chunks(64 * words).enumerate() {
                let mut square = [0u64; 64];
                for (square, mask) in square.iter_mut().zip(rows.chunks_exact(words)) {
                    *square = mask[at];
                }
                transpose(&mut square);
                for (code, bits) in square.iter().enumerate() {
                    held[(at * 64 + code) * stride + word] = *bits;
                }
            }
        }
    }
}
