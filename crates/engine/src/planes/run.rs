//! Runs a program over a chunk of rows.
//!
//! A conjunction is one loop over its operands: the true planes are ANDed, the false planes ORed, both in registers, and
//! only the result is stored. Counting an answer happens where it is made, so that counted answers are never stored.
//!
//! The loops are plain Rust over arrays of a fixed length; [`super::vector`] picks at run time the build of them for the
//! machine's vectors.

use super::program::{NOWHERE, Program, constants};
use super::vector::{Digits, Work, dispatch};

/// The chunk lengths there are loops for, in words of 64 rows.
pub const CHUNK_WORDS: [usize; 4] = [4, 8, 16, 32];

/// The planes of one chunk: a pair, true and false, for each atom and each buffer of a program. Bit `i` of word `w` is row
/// `64 w + i` of the chunk.
///
/// INVARIANT: a row that is past the end of the chunk, or whose value is unknown, is set in neither plane.
#[derive(Clone, Debug)]
pub struct Planes {
    bits: Lines,
    words: usize,
    atoms: usize,
    /// Room for [`super::ladder`].
    rungs: Lines,
}

impl Planes {
    pub(super) fn new(atoms: usize, pairs: usize, words: usize) -> Self {
        assert!(CHUNK_WORDS.contains(&words), "there are loops for {CHUNK_WORDS:?} words, not for {words}");
        let mut planes = Self { bits: Lines::new(pairs * 2 * words), words, atoms, rungs: Lines::new(0) };
        planes.limit(words * 64);
        planes
    }

    /// Words of 64 rows in a plane.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words
    }

    /// An atom's true and false plane, to be filled before each run.
    ///
    /// # Panics
    /// If there is no such atom.
    pub fn atom_mut(&mut self, atom: usize) -> (&mut [u64], &mut [u64]) {
        assert!(atom < self.atoms, "atom {atom} of {}", self.atoms);
        let words = self.words;
        self.bits.words_mut()[2 * atom * words..][..2 * words].split_at_mut(words)
    }

    /// Gives an atom what another one has.
    ///
    /// # Panics
    /// If there is no such atom.
    pub fn copy_atom(&mut self, from: usize, to: usize) {
        assert!(from < self.atoms && to < self.atoms, "atoms {from} and {to} of {}", self.atoms);
        let pair = 2 * self.words;
        self.bits.words_mut().copy_within(from * pair..(from + 1) * pair, to * pair);
    }

    /// All atoms' planes at once, an atom's true plane before its false plane, `2 * words` to an atom.
    pub fn atoms_mut(&mut self) -> &mut [u64] {
        &mut self.bits.words_mut()[..2 * self.atoms * self.words]
    }

    /// Room of so many words for the rungs of a ladder, and all atoms' planes.
    pub(super) fn rungs_and_atoms(&mut self, words: usize) -> (&mut [u64], &mut [u64]) {
        if self.rungs.len < words {
            self.rungs = Lines::new(words);
        }
        (&mut self.rungs.words_mut()[..words], &mut self.bits.words_mut()[..2 * self.atoms * self.words])
    }

    /// Fills an atom whose values are bits already. Rows past the end of the slices, or not known, are unknown.
    ///
    /// # Panics
    /// If there is no such atom.
    pub fn set_bools(&mut self, atom: usize, values: &[u64], known: &[u64]) {
        let (trues, falses) = self.atom_mut(atom);
        for (word, (trues, falses)) in trues.iter_mut().zip(falses).enumerate() {
            let known = known.get(word).copied().unwrap_or(0);
            let value = values.get(word).copied().unwrap_or(0);
            (*trues, *falses) = (value & known, known & !value);
        }
    }

    /// Says that only the first so many rows exist: clears the others in all atoms and answers nothing for them. To be
    /// called after filling the atoms of a chunk that is not full, and with the full number before the next full chunk.
    pub fn limit(&mut self, rows: usize) {
        let words = self.words;
        let mask = |word: usize| match rows.saturating_sub(word * 64) {
            0 => 0,
            left @ 1..64 => (1 << left) - 1,
            _ => u64::MAX,
        };
        let (always, _) = constants(self.atoms);
        for (word, bits) in self.bits.words_mut()[2 * always * words..][..words].iter_mut().enumerate() {
            *bits = mask(word);
        }
        if rows < words * 64 {
            for plane in self.atoms_mut().chunks_exact_mut(words) {
                for (word, bits) in plane.iter_mut().enumerate() {
                    *bits &= mask(word);
                }
            }
        }
    }
}

/// Words that begin where a line of the cache does. A block that straddled two lines would cost twice.
#[derive(Clone, Debug)]
struct Lines {
    words: Vec<u64>,
    start: usize,
    len: usize,
}

/// Bytes of a line.
const LINE_BYTES: usize = 64;

impl Lines {
    /// So many words, all nought.
    fn new(len: usize) -> Self {
        let spare = LINE_BYTES / size_of::<u64>();
        let words = vec![0u64; len + spare];
        let start = words.as_ptr().align_offset(LINE_BYTES).min(spare);
        Self { words, start, len }
    }

    fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words[self.start..][..self.len]
    }
}

/// How many rows an answer was true and false for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Count {
    /// Rows for which it holds.
    pub trues: u64,
    /// Rows for which it does not hold. The remaining rows are unknown.
    pub falses: u64,
}

impl Program {
    /// Runs the steps and adds to each answer's count, in the order of [`super::Root::answer`].
    ///
    /// # Panics
    /// If the planes are another program's, or `counts` is not as long as there are answers.
    pub fn count(&self, planes: &mut Planes, counts: &mut [Count]) {
        assert_eq!(counts.len(), self.answer_count(), "a count for each answer");
        match planes.words {
            4 => self.run::<4, _>(planes, Counting(counts)),
            8 => self.run::<8, _>(planes, Counting(counts)),
            _ => self.run::<16, _>(planes, Counting(counts)),
        }
    }

    /// Runs the steps and writes each answer's true plane and behind it the false plane, in the order of
    /// [`super::Root::answer`]: `2 * words` to an answer.
    ///
    /// # Panics
    /// If the planes are another program's, or `out` has not room for exactly all answers.
    pub fn write(&self, planes: &mut Planes, out: &mut [u64]) {
        assert_eq!(out.len(), self.answer_count() * 2 * planes.words, "two planes for each answer");
        let blocks = planes.words.div_ceil(BLOCK_WORDS);
        match planes.words {
            4 => self.run::<4, _>(planes, Writing { out: out.as_chunks_mut().0, blocks }),
            8 => self.run::<8, _>(planes, Writing { out: out.as_chunks_mut().0, blocks }),
            _ => self.run::<16, _>(planes, Writing { out: out.as_chunks_mut().0, blocks }),
        }
    }

    fn run<const B: usize, S: Sink<B>>(&self, planes: &mut Planes, sink: S) {
        assert_eq!(planes.bits.len, self.pairs * 2 * planes.words, "planes of another program");
        let blocks = planes.words / B;
        let bits = planes.bits.words_mut().as_chunks_mut::<B>().0;
        dispatch(Run { program: self, bits, blocks, sink });
    }
}

/// Words of a plane that a conjunction holds in registers at once.
const BLOCK_WORDS: usize = 16;

/// Where the answers go, block by block.
trait Sink<const B: usize> {
    fn take<D: Digits>(
        &mut self,
        digits: D,
        answer: usize,
        block: usize,
        trues: &[u64; B],
        falses: &[u64; B],
    );
}

struct Counting<'a>(&'a mut [Count]);

impl<const B: usize> Sink<B> for Counting<'_> {
    #[inline(always)]
    fn take<D: Digits>(&mut self, digits: D, answer: usize, _: usize, trues: &[u64; B], falses: &[u64; B]) {
        let [trues, falses] = digits.ones([trues, falses]);
        let count = &mut self.0[answer];
        count.trues += trues;
        count.falses += falses;
    }
}

struct Writing<'a, const B: usize> {
    out: &'a mut [[u64; B]],
    blocks: usize,
}

impl<const B: usize> Sink<B> for Writing<'_, B> {
    #[inline(always)]
    fn take<D: Digits>(&mut self, _: D, answer: usize, block: usize, trues: &[u64; B], falses: &[u64; B]) {
        self.out[2 * answer * self.blocks + block] = *trues;
        self.out[(2 * answer + 1) * self.blocks + block] = *falses;
    }
}

struct Run<'a, const B: usize, S> {
    program: &'a Program,
    bits: &'a mut [[u64; B]],
    blocks: usize,
    sink: S,
}

impl<const B: usize, S: Sink<B>> Work for Run<'_, B, S> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(mut self, digits: D) {
        for pair in self.program.steps.windows(2) {
            let [step, next] = pair else { continue };
            let operands = &self.program.operands[step.start as usize..next.start as usize];
            for block in 0..self.blocks {
                let (trues, falses) = conjunction(self.bits, self.blocks, block, operands);
                if step.answer != NOWHERE {
                    self.sink.take(digits, step.answer as usize, block, &trues, &falses);
                }
                if step.pair != NOWHERE {
                    let plane = 2 * step.pair as usize;
                    self.bits[plane * self.blocks + block] = trues;
                    self.bits[(plane + 1) * self.blocks + block] = falses;
                }
            }
        }
    }
}

/// One block of the conjunction: all true is true, one false is false.
#[inline(always)]
fn conjunction<const B: usize>(
    bits: &[[u64; B]],
    blocks: usize,
    block: usize,
    operands: &[u32],
) -> ([u64; B], [u64; B]) {
    let plane = |plane: u32| &bits[plane as usize * blocks + block];
    let mut trues = [u64::MAX; B];
    let mut falses = [0; B];
    for &operand in operands {
        let (all, any) = (plane(operand), plane(operand ^ 1));
        for word in 0..B {
            trues[word] &= all[word];
            falses[word] |= any[word];
        }
    }
    (trues, falses)
}
