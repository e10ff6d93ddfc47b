//! One numeric column against all the constants it is compared with.
//!
//! The constants of a column, sorted, are its cuts. A value's **rank** is how many cuts lie at or below it; with the rank,
//! every comparison of the column is settled: value ≥ cut `i` exactly where rank > `i`. Each value is ranked once.
//!
//! Ranking looks up a first guess in a table over the value's leading digits, then corrects it by comparing with the few
//! cuts that share the place in the table.

use super::ladder;
use super::run::Planes;
use super::slices::Slices;
use super::vector::{Digits, Work, dispatch};

/// Most cuts of one column.
pub const CUTS_MAX: usize = u16::MAX as usize - 1;

/// Places in a table of first guesses, at most: a table stays in the nearest cache.
const TABLE_MAX: usize = 4096;

/// A value with an order that whole numbers can carry.
pub trait Ordered: Copy {
    /// The whole number in the same place of the order.
    fn key(self) -> i64;
}

impl Ordered for i64 {
    #[inline(always)]
    fn key(self) -> i64 {
        self
    }
}

impl Ordered for i32 {
    #[inline(always)]
    fn key(self) -> i64 {
        i64::from(self)
    }
}

/// Minus nought equals nought. What is not a number has no place: such a row must be unknown.
impl Ordered for f64 {
    #[inline(always)]
    fn key(self) -> i64 {
        let bits = (self + 0.0).to_bits().cast_signed();
        bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
    }
}

/// The sorted constants of one column.
#[derive(Clone, Debug)]
pub struct Cuts {
    keys: Vec<i64>,
    table: Table,
}

impl Cuts {
    /// From the keys of the constants, in any order; equal ones are one cut.
    ///
    /// # Panics
    /// If there are more than [`CUTS_MAX`].
    #[must_use]
    pub fn new(mut keys: Vec<i64>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        assert!(keys.len() <= CUTS_MAX, "at most {CUTS_MAX} cuts a column");
        Self { table: Table::best(&keys), keys }
    }

    /// The cuts' keys, ascending.
    #[must_use]
    pub fn keys(&self) -> &[i64] {
        &self.keys
    }

    /// Which cut a constant is.
    #[must_use]
    pub fn position(&self, key: i64) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }

    /// Room for the ranks of so many rows.
    #[must_use]
    pub fn slices(&self, rows: usize) -> Slices {
        Slices::new((usize::BITS - self.keys.len().leading_zeros()) as usize, rows)
    }

    /// Ranks values into the rows that begin at word `at`. `known` has a bit a value; a value that is not known may be
    /// anything.
    ///
    /// # Panics
    /// If `known` is too short or the values do not fit.
    pub fn rank<V: Ordered>(&self, values: &[V], known: &[u64], out: &mut Slices, at: usize) {
        dispatch(Rank { cuts: self, values, known, out, at, near: None });
    }

    /// As [`Cuts::rank`], and marks in `near` each row, known or not, that would rank higher if its key were greater by
    /// `reach`.
    ///
    /// # Panics
    /// If `known` or `near` is too short or the values do not fit.
    pub fn rank_near<V: Ordered>(
        &self,
        (values, reach): (&[V], i64),
        known: &[u64],
        out: &mut Slices,
        at: usize,
        near: &mut [u64],
    ) {
        dispatch(Rank { cuts: self, values, known, out, at, near: Some((near, reach)) });
    }

    /// Fills the atoms "value ≥ cut", one for each cut in ascending order, for the rows from word `at`.
    ///
    /// # Panics
    /// If there are not as many atoms as cuts, or the rows run past the slices.
    pub fn fill(&self, ranks: &Slices, at: usize, atoms: &[u32], planes: &mut Planes) {
        self.fill_between(ranks, ranks, at, atoms, planes);
    }

    /// As [`Cuts::fill`] for values known only to lie between two bounds: true where the lower bound is at or above the
    /// cut, false where the upper is below it. Rows are known or not by the lower bounds' slices.
    ///
    /// # Panics
    /// If there are not as many atoms as cuts, or the rows run past the slices.
    pub fn fill_between(
        &self,
        lower: &Slices,
        upper: &Slices,
        at: usize,
        atoms: &[u32],
        planes: &mut Planes,
    ) {
        assert_eq!(atoms.len(), self.keys.len(), "an atom for each cut");
        ladder::fill_cuts(lower, upper, at, atoms, planes);
    }

    /// The rank of one value.
    #[must_use]
    pub fn rank_of(&self, key: i64) -> usize {
        self.keys.partition_point(|&cut| cut <= key)
    }
}

/// First guesses. `guess[place(key)]` is the rank of the least key of that place, and at most `corrections` cuts share it.
#[derive(Clone, Debug)]
struct Table {
    /// Keys outside are pulled in to these; nothing is cut beyond them.
    least: i64,
    most: i64,
    /// Places follow the key's logarithm, not the key.
    is_logarithmic: bool,
    shift: u32,
    guesses: Box<[u16; TABLE_MAX]>,
    /// The cuts, then one that no key reaches, for ranks past the last.
    cuts: Vec<i64>,
    corrections: usize,
}

/// The bits of 1.0, before which no place begins.
const ONE_BITS: u64 = 1.0f64.to_bits();

/// Adding this to a whole number below 2^51 makes the bits of a float that is greater by [`FLOAT_OFFSET`].
const FLOAT_BITS: u64 = FLOAT_OFFSET.to_bits();
const FLOAT_OFFSET: f64 = (1u64 << 52) as f64;
const LOGARITHM_MAX: i128 = 1 << 51;

impl Table {
    /// The table with the fewest corrections. Thresholds of money lie as powers do, years and shares evenly.
    fn best(keys: &[i64]) -> Self {
        let (first, last) = match keys {
            [] => (0, 0),
            [first, .., last] | [first @ last] => (*first, *last),
        };
        let before = first.saturating_sub(1);
        let mut best = Self::new(keys, before, last, false);
        for least in [before.min(0), before] {
            let fits = i128::from(last) - i128::from(least) < LOGARITHM_MAX;
            if fits {
                let table = Self::new(keys, least, last, true);
                if table.corrections < best.corrections {
                    best = table;
                }
            }
        }
        best
    }

    fn new(keys: &[i64], least: i64, most: i64, is_logarithmic: bool) -> Self {
        let mut table = Self {
            least,
            most,
            is_logarithmic,
            shift: 0,
            guesses: Box::new([0; TABLE_MAX]),
            cuts: keys.to_vec(),
            corrections: 0,
        };
        while table.place(most) >= TABLE_MAX {
            table.shift += 1;
        }
        let mut shared = vec![0u16; table.place(most) + 1];
        for &key in keys {
            shared[table.place(key)] += 1;
        }
        table.corrections = shared.iter().copied().max().map_or(0, usize::from);
        let mut below = 0;
        for (guess, here) in table.guesses.iter_mut().zip(shared) {
            *guess = below;
            below += here;
        }
        // Few cuts are made up to a fixed number; of many, only as many follow as a correction may look at.
        let behind = keys.len() + table.corrections.max(1);
        table.cuts.resize(if keys.len() <= FEW { behind.max(ROOM_FOR_FEW) } else { behind }, i64::MAX);
        table
    }

    fn place(&self, key: i64) -> usize {
        if self.is_logarithmic { self.place_by::<true>(key) } else { self.place_by::<false>(key) }
    }

    /// INVARIANT: never falls as the key grows.
    #[inline(always)]
    fn place_by<const LOGARITHMIC: bool>(&self, key: i64) -> usize {
        let above = key.max(self.least).min(self.most).wrapping_sub(self.least).cast_unsigned();
        if LOGARITHMIC { logarithm(above, self.shift) } else { (above >> self.shift) as usize }
    }
}

/// The exponent and leading digits of `above + 1`, counted from those of 1.
#[inline(always)]
fn logarithm(above: u64, shift: u32) -> usize {
    let float = f64::from_bits((above + 1) | FLOAT_BITS) - FLOAT_OFFSET;
    ((float.to_bits() - ONE_BITS) >> shift) as usize
}

struct Rank<'a, V> {
    cuts: &'a Cuts,
    values: &'a [V],
    known: &'a [u64],
    out: &'a mut Slices,
    at: usize,
    /// Where to mark rows that a cut lies little above, and how little.
    near: Option<(&'a mut [u64], i64)>,
}

impl<V: Ordered> Work for Rank<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, digits: D) {
        let Cuts { keys, table } = self.cuts;
        let few = if keys.len() <= FEW { table.cuts.first_chunk::<ROOM_FOR_FEW>() } else { None };
        match (few, table.is_logarithmic, table.corrections) {
            (Some(few), false, 0 | 1) => self.each_word::<D, false, 1>(digits, few),
            (Some(few), true, 0 | 1) => self.each_word::<D, true, 1>(digits, few),
            (Some(few), false, 2) => self.each_word::<D, false, 2>(digits, few),
            (Some(few), true, 2) => self.each_word::<D, true, 2>(digits, few),
            (_, false, _) => self.each_word::<D, false, 0>(digits, &table.cuts[..]),
            (_, true, _) => self.each_word::<D, true, 0>(digits, &table.cuts[..]),
        }
    }
}

impl<V: Ordered> Rank<'_, V> {
    /// `CORRECTIONS` is how many there are, or 0 for any number.
    #[inline(always)]
    fn each_word<D: Digits, const LOGARITHMIC: bool, const CORRECTIONS: usize>(
        self,
        digits: D,
        cuts: &(impl Sorted + ?Sized),
    ) {
        let Self { cuts: Cuts { keys, table }, values, known, out, at, mut near } = self;
        let (count, is_wide) = (keys.len() as u16, keys.len() > FEW);
        let corrections = if CORRECTIONS == 0 { table.corrections } else { CORRECTIONS };
        let (full, rest) = values.as_chunks::<64>();
        let last = rest.last().map(|&last| std::array::from_fn(|row| rest.get(row).copied().unwrap_or(last)));
        let mut ranks = [0u16; 64];
        for (word, values) in full.iter().chain(&last).enumerate() {
            let mut keys = [0i64; 64];
            let mut places = [0u32; 64];
            for row in 0..64 {
                keys[row] = values[row].key();
                places[row] = table.place_by::<LOGARITHMIC>(keys[row]) as u32;
            }
            for row in 0..64 {
                let mut rank = table.guesses[places[row] as usize % TABLE_MAX];
                for _ in 0..corrections {
                    rank += u16::from(cuts.at(rank) <= keys[row]);
                }
                // The greatest key of all reaches even the cut that no key should.
                ranks[row] = rank.min(count);
            }
            if let Some((near, reach)) = &mut near {
                let mut bits = 0u64;
                for row in 0..64 {
                    bits |= u64::from(cuts.at(ranks[row]) <= keys[row].saturating_add(*reach)) << row;
                }
                near[word] = bits;
            }
            let mask = if word < full.len() { u64::MAX } else { (1 << rest.len()) - 1 };
            put(digits, out, at + word, is_wide, &ranks, known[word] & mask);
        }
    }
}

/// Up to so many cuts have ranks of one byte.
const FEW: usize = 255;

/// Few cuts, with as many corrections behind them, are kept in an array that no index can miss.
const ROOM_FOR_FEW: usize = 512;

trait Sorted {
    fn at(&self, rank: u16) -> i64;
}

impl Sorted for [i64; ROOM_FOR_FEW] {
    #[inline(always)]
    fn at(&self, rank: u16) -> i64 {
        self[usize::from(rank) % ROOM_FOR_FEW]
    }
}

impl Sorted for [i64] {
    #[inline(always)]
    fn at(&self, rank: u16) -> i64 {
        self[usize::from(rank)]
    }
}

/// Stores the numbers of 64 rows.
#[inline(always)]
pub(super) fn put<D: Digits>(
    digits: D,
    out: &mut Slices,
    word: usize,
    is_wide: bool,
    ranks: &[u16; 64],
    known: u64,
) {
    out.put_known(word, known);
    out.put_bytes(digits, word, 0, &std::array::from_fn(|row| ranks[row] as u8), known);
    if is_wide {
        out.put_bytes(digits, word, 8, &std::array::from_fn(|row| (ranks[row] >> 8) as u8), known);
    }
}
