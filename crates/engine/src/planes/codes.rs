//! One column of codes against all the sets they are tested for.
//!
//! Codes that lie in the same sets are one class, and a class is a small number. Numbered well, a set is a few intervals of
//! classes, and is put together from the planes "class ≥ bound". Where codes are so mixed that this would cost more, the
//! number is not the class but the row of memberships itself.

use rustc_hash::FxHashMap;

use super::ladder::{self, Unions};
use super::run::Planes;
use super::slices::Slices;
use super::square::transpose;
use super::vector::{Digits, Work, dispatch};

/// Which codes lie in which sets.
#[derive(Clone, Debug)]
pub struct Codes {
    sets: usize,
    /// For each code, a bit a set, `words` to a code.
    rows: Vec<u64>,
    words: usize,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// The class of each code, from 1; code lists longer than this are in no set.
    Classes { class_of: Vec<u16>, count: usize, bounds: Vec<u16>, ends: Vec<u32> },
    /// The bits of the sets themselves.
    Members,
}

/// From so many bounds a set on, memberships are kept rather than classes.
const BOUNDS_PER_SET_MAX: usize = 12;

/// Most classes: so that the planes of all of them for a block of rows stay in the nearest cache.
const CLASSES_MAX: usize = 400;

impl Codes {
    /// Codes from 0 to `codes`; each set has a bit a code, 64 to a word. Bits that a set lacks are nought.
    #[must_use]
    pub fn new(codes: usize, sets: &[Vec<u64>]) -> Self {
        let words = sets.len().div_ceil(64);
        let mut rows = vec![0u64; codes * words];
        for (set, members) in sets.iter().enumerate() {
            for code in (0..codes)
                .filter(|code| members.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1))
            {
                rows[code * words + set / 64] |= 1 << (set % 64);
            }
        }
        let form = classes(codes, sets.len(), &rows, words).unwrap_or(Form::Members);
        Self { sets: sets.len(), rows, words, form }
    }

    /// How many sets there are.
    #[must_use]
    pub fn set_count(&self) -> usize {
        self.sets
    }

    /// Whether one code lies in a set; false for a code past those named in [`Codes::new`].
    ///
    /// # Panics
    /// If there is no such set.
    #[must_use]
    pub fn is_in(&self, set: usize, code: u32) -> bool {
        assert!(set < self.sets, "set {set} of {}", self.sets);
        self.rows.get(code as usize * self.words + set / 64).is_some_and(|bits| bits >> (set % 64) & 1 == 1)
    }

    /// Room for the classes of so many rows.
    #[must_use]
    pub fn slices(&self, rows: usize) -> Slices {
        match &self.form {
            Form::Classes { count, .. } => Slices::new((usize::BITS - count.leading_zeros()) as usize, rows),
            Form::Members => Slices::new(self.sets, rows),
        }
    }

    /// Looks up the class of each code, into the rows that begin at word `at`. `known` has a bit a code; a code that is not
    /// known may be anything, and one past those named in [`Codes::new`] lies in no set.
    ///
    /// # Panics
    /// If `known` is too short or the codes do not fit.
    pub fn rank(&self, codes: &[u32], known: &[u64], out: &mut Slices, at: usize) {
        match &self.form {
            Form::Classes { class_of, count, .. } => {
                dispatch(Classify { class_of, is_wide: *count > 255, codes, known, out, at });
            }
            Form::Members => {
                let Self { sets, rows, words, .. } = self;
                dispatch(Remember { sets: *sets, rows, words: *words, codes, known, out, at });
            }
        }
    }

    /// Fills the atoms "code in set", one for each set in its order, for the rows from word `at`.
    ///
    /// # Panics
    /// If there are not as many atoms as sets, or the rows run past the slices.
    pub fn fill(&self, classes: &Slices, at: usize, atoms: &[u32], planes: &mut Planes) {
        assert_eq!(atoms.len(), self.sets, "an atom for each set");
        match &self.form {
            Form::Classes { count, bounds, ends, .. } => {
                ladder::fill_unions(classes, at, *count, Unions { bounds, ends }, atoms, planes);
            }
            Form::Members => {
                let here = at..at + planes.words();
                for (set, &atom) in atoms.iter().enumerate() {
                    planes.set_bools(
                        atom as usize,
                        &classes.digit(set)[here.clone()],
                        &classes.known()[here.clone()],
                    );
                }
            }
        }
    }
}

/// The codes' classes, unless sets would fall into too many intervals of them.
fn classes(codes: usize, sets: usize, rows: &[u64], words: usize) -> Option<Form> {
    let row = |code: usize| &rows[code * words..][..words];
    let mut number = FxHashMap::default();
    let mut members: Vec<&[u64]> = Vec::new();
    let mut class_of = Vec::with_capacity(codes);
    // Codes near each other lie in the same sets more often than not, so classes are numbered as they come.
    for code in 0..codes {
        let class = *number.entry(row(code)).or_insert_with(|| {
            members.push(row(code));
            members.len()
        });
        if class > CLASSES_MAX {
            return None;
        }
        class_of.push(class as u16);
    }
    let (mut bounds, mut ends) = (Vec::new(), Vec::new());
    for set in 0..sets {
        let mut was_inside = false;
        for (class, members) in members.iter().enumerate() {
            let is_inside = members[set / 64] >> (set % 64) & 1 == 1;
            if is_inside != was_inside {
                bounds.push(class as u16 + 1);
            }
            was_inside = is_inside;
        }
        ends.push(bounds.len() as u32);
    }
    (bounds.len() <= BOUNDS_PER_SET_MAX * sets).then_some(Form::Classes {
        class_of,
        count: members.len(),
        bounds,
        ends,
    })
}

struct Classify<'a> {
    class_of: &'a [u16],
    is_wide: bool,
    codes: &'a [u32],
    known: &'a [u64],
    out: &'a mut Slices,
    at: usize,
}

impl Work for Classify<'_> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, digits: D) {
        for (word, codes) in self.codes.chunks(64).enumerate() {
            let known = self.known[word] & (u64::MAX >> (64 - codes.len()));
            let mut classes = [0u16; 64];
            for (class, &code) in classes.iter_mut().zip(codes) {
                *class = self.class_of.get(code as usize).copied().unwrap_or(0);
            }
            super::cuts::put(digits, self.out, self.at + word, self.is_wide, &classes, known);
        }
    }
}

struct Remember<'a> {
    sets: usize,
    rows: &'a [u64],
    words: usize,
    codes: &'a [u32],
    known: &'a [u64],
    out: &'a mut Slices,
    at: usize,
}

impl Work for Remember<'_> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, _: D) {
        for (word, codes) in self.codes.chunks(64).enumerate() {
            let known = self.known[word] & (u64::MAX >> (64 - codes.len()));
            self.out.put_known(self.at + word, known);
            for first in 0..self.words {
                let mut square = [0u64; 64];
                for (row, &code) in square.iter_mut().zip(codes) {
                    *row = self.rows.get(code as usize * self.words + first).copied().unwrap_or(0);
                }
                transpose(&mut square);
                for (set, &bits) in square.iter().enumerate().take(self.sets - 64 * first) {
                    self.out.put_digit(64 * first + set, self.at + word, bits & known);
                }
            }
        }
    }
}
