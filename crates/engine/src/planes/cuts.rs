//! One numeric column against all the constants it is compared with.
//!
//! The constants of a column, sorted, are its cuts. A value's **rank** is how many cuts lie at or below it; with the rank,
//! every comparison of the column is settled: value ≥ cut `i` exactly where rank > `i`. Each value is ranked once.
//!
//! Ranking looks up a first guess in a table over the value's leading digits, then corrects it by comparing with the few
//! cuts that share the place in the table.

use super::ladder;
use super::narrow::Narrow;
use super::run::Planes;
use super::slices::Slices;
use super::vector::{Digits, Work, dispatch_widest};

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
    narrow: Option<Narrow>,
}

impl Cuts {
    /// From the keys of the constants, in any order; equal ones are one cut.
    ///
    /// # Panics
    /// If there are more than [`CUTS_MAX`].
    #[must_use]
    pub fn new(keys: Vec<i64>) -> Self {
        Self::reaching(keys, 0)
    }

    /// As [`Cuts::new`], for values that are off by up to `reach`: see [`Cuts::rank_near`].
    ///
    /// # Panics
    /// If there are more than [`CUTS_MAX`].
    #[must_use]
    pub fn reaching(mut keys: Vec<i64>, reach: u32) -> Self {
        keys.sort_unstable();
        keys.dedup();
        assert!(keys.len() <= CUTS_MAX, "at most {CUTS_MAX} cuts a column");
        let reach = i64::from(reach);
        Self { table: Table::best(&keys, reach), narrow: Narrow::new(&keys, reach), keys }
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
        dispatch_widest(Rank { cuts: self, values, known, out, at, near: None });
    }

    /// As [`Cuts::rank`], and marks in `near` each known row that would rank higher if its key were greater by
    /// what [`Cuts::reaching`] was told.
    ///
    /// # Panics
    /// If `known` or `near` is too short or the values do not fit.
    pub fn rank_near<V: Ordered>(
        &self,
        values: &[V],
        known: &[u64],
        out: &mut Slices,
        at: usize,
        near: &mut [u64],
    ) {
        dispatch_widest(Rank { cuts: self, values, known, out, at, near: Some(near) });
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
///
/// Keys are counted from `least`, and pulled in to lie between it and the last cut: nothing is cut beyond them.
#[derive(Clone, Debug)]
struct Table {
    least: i64,
    most: i64,
    /// How far off values may be; no cut lies within that of `least`.
    reach: i64,
    /// Places follow the key's logarithm, not the key.
    is_logarithmic: bool,
    shift: u32,
    guesses: Box<[u16; TABLE_MAX]>,
    /// The cuts, then some that no key reaches, for ranks past the last.
    cuts: Vec<u64>,
    /// The same for few cuts, whose ranks are bytes.
    few: Option<Box<Few>>,
    corrections: usize,
}

/// Up to so many cuts have ranks of one byte.
const FEW: usize = 255;

/// Guesses and cuts that no byte can miss.
#[derive(Clone, Debug)]
struct Few {
    guesses: [u8; TABLE_MAX],
    cuts: [u64; FEW + 1],
}

/// The bits of 1.0, before which no place begins.
pub(super) const ONE_BITS: u64 = 1.0f64.to_bits();

/// Adding this to a whole number below 2^51 makes the bits of a float that is greater by [`FLOAT_OFFSET`].
const FLOAT_BITS: u64 = FLOAT_OFFSET.to_bits();
const FLOAT_OFFSET: f64 = (1u64 << 52) as f64;
pub(super) const FLOAT_PLACE_MAX: u64 = 1 << 51;

impl Table {
    /// The table with the fewest corrections. Thresholds of money lie as powers do, years and shares evenly.
    fn best(keys: &[i64], reach: i64) -> Self {
        let (first, last) = match keys {
            [] => (0, 0),
            [first, .., last] | [first @ last] => (*first, *last),
        };
        let before = first.saturating_sub(1 + reach);
        let mut best = Self::new(keys, (before, last), reach, false);
        for least in [before.min(0), before] {
            let fits = i128::from(last) - i128::from(least) < i128::from(FLOAT_PLACE_MAX);
            if fits {
                let table = Self::new(keys, (least, last), reach, true);
                if table.corrections < best.corrections {
                    best = table;
                }
            }
        }
        best.narrow(keys.len());
        best
    }

    fn new(keys: &[i64], (least, most): (i64, i64), reach: i64, is_logarithmic: bool) -> Self {
        let cuts: Vec<u64> = keys.iter().map(|key| key.wrapping_sub(least).cast_unsigned()).collect();
        let mut table = Self {
            least,
            most,
            reach,
            is_logarithmic,
            shift: 0,
            guesses: Box::new([0; TABLE_MAX]),
            cuts: Vec::new(),
            few: None,
            corrections: 0,
        };
        let last = table.above(most);
        while table.place(last) >= TABLE_MAX {
            table.shift += 1;
        }
        let mut shared = vec![0u16; table.place(last) + 1];
        for cut in &cuts {
            shared[table.place(*cut)] += 1;
        }
        table.corrections = shared.iter().copied().max().map_or(0, usize::from);
        let mut below = 0;
        for (guess, here) in table.guesses.iter_mut().zip(shared) {
            *guess = below;
            below += here;
        }
        // Behind them only as many follow as a correction may look at.
        table.cuts = cuts;
        table.cuts.resize(keys.len() + table.corrections.max(1), u64::MAX);
        table
    }

    /// Keeps ranks as bytes too, where there are few.
    fn narrow(&mut self, count: usize) {
        // A key reaches even what no key should where the cuts lie as far apart as keys can.
        if count <= FEW && self.above(self.most) < u64::MAX {
            let mut few = Box::new(Few { guesses: [0; TABLE_MAX], cuts: [u64::MAX; FEW + 1] });
            few.cuts[..count].copy_from_slice(&self.cuts[..count]);
            for (narrow, guess) in few.guesses.iter_mut().zip(self.guesses.iter()) {
                *narrow = *guess as u8;
            }
            self.few = Some(few);
        }
    }

    /// A key as counted here.
    #[inline(always)]
    fn above(&self, key: i64) -> u64 {
        key.max(self.least).min(self.most).wrapping_sub(self.least).cast_unsigned()
    }

    fn place(&self, above: u64) -> usize {
        if self.is_logarithmic { self.place_by::<true>(above) } else { self.place_by::<false>(above) }
    }

    /// INVARIANT: never falls as the key grows.
    #[inline(always)]
    fn place_by<const LOGARITHMIC: bool>(&self, above: u64) -> usize {
        if LOGARITHMIC { logarithm(above, self.shift) } else { (above >> self.shift) as usize }
    }
}

/// The exponent and leading digits of `above + 1`, counted from those of 1.
#[inline(always)]
pub(super) fn logarithm(above: u64, shift: u32) -> usize {
    let float = f64::from_bits((above + 1) | FLOAT_BITS) - FLOAT_OFFSET;
    ((float.to_bits() - ONE_BITS) >> shift) as usize
}

#[cfg(test)]
impl Cuts {
    /// What [`Cuts::rank_near`] does, in a given way.
    pub(super) fn rank_by<D: Digits>(
        &self,
        digits: D,
        (values, known): (&[i64], &[u64]),
        out: &mut Slices,
        near: &mut [u64],
    ) {
        Rank { cuts: self, values, known, out, at: 0, near: Some(near) }.run(digits);
    }
}

struct Rank<'a, V> {
    cuts: &'a Cuts,
    values: &'a [V],
    known: &'a [u64],
    out: &'a mut Slices,
    at: usize,
    /// Where to mark rows that a cut lies little above.
    near: Option<&'a mut [u64]>,
}

impl<V: Ordered> Work for Rank<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, digits: D) {
        let all = self.cuts;
        let table = &all.table;
        if let Some(narrow) = all.narrow.as_ref().filter(|_| D::SEARCHES) {
            return self.each_word_by(digits, narrow);
        }
        match (&table.few, table.is_logarithmic, table.corrections) {
            (Some(few), false, 0 | 1) => self.each_word::<D, false>(digits, &Bytes::<1>(few)),
            (Some(few), true, 0 | 1) => self.each_word::<D, true>(digits, &Bytes::<1>(few)),
            (Some(few), false, 2) => self.each_word::<D, false>(digits, &Bytes::<2>(few)),
            (Some(few), true, 2) => self.each_word::<D, true>(digits, &Bytes::<2>(few)),
            (_, false, _) => self.each_word::<D, false>(digits, &Wide(all)),
            (_, true, _) => self.each_word::<D, true>(digits, &Wide(all)),
        }
    }
}

impl<V: Ordered> Rank<'_, V> {
    #[inline(always)]
    fn each_word_by<D: Digits>(self, digits: D, narrow: &Narrow) {
        let Self { cuts: Cuts { keys, table, .. }, values, known, out, at, mut near } = self;
        let (full, rest) = values.as_chunks::<64>();
        let last = rest.last().map(|&last| std::array::from_fn(|row| rest.get(row).copied().unwrap_or(last)));
        for (word, values) in full.iter().chain(&last).enumerate() {
            let mask = if word < full.len() { u64::MAX } else { (1 << rest.len()) - 1 };
            let known = known[word] & mask;
            let (ranks, is_near) = narrow.rank(digits, values, known, (keys, table.reach));
            if let Some(near) = &mut near {
                near[word] = is_near;
            }
            out.put_known(at + word, known);
            out.put_bytes(digits, at + word, 0, &ranks, known);
        }
    }

    #[inline(always)]
    fn each_word<D: Digits, const LOGARITHMIC: bool>(self, digits: D, ranks: &impl Ranks) {
        let Self { cuts: Cuts { table, .. }, values, known, out, at, mut near } = self;
        let (full, rest) = values.as_chunks::<64>();
        let last = rest.last().map(|&last| std::array::from_fn(|row| rest.get(row).copied().unwrap_or(last)));
        for (word, values) in full.iter().chain(&last).enumerate() {
            let mut above = [0u64; 64];
            let mut places = [0u32; 64];
            for row in 0..64 {
                above[row] = table.above(values[row].key());
                places[row] = table.place_by::<LOGARITHMIC>(above[row]) as u32;
            }
            let mask = if word < full.len() { u64::MAX } else { (1 << rest.len()) - 1 };
            let near = near.as_deref_mut().map(|near| (&mut near[word], table.reach.cast_unsigned()));
            ranks.put(digits, (&above, &places), (out, at + word, known[word] & mask), near);
        }
    }
}

/// How ranks are found and kept.
trait Ranks {
    /// Stores the ranks of 64 rows, of which is given where they lie and where in the table; and which are near a cut.
    fn put<D: Digits>(
        &self,
        digits: D,
        rows: (&[u64; 64], &[u32; 64]),
        into: (&mut Slices, usize, u64),
        near: Option<(&mut u64, u64)>,
    );
}

/// Ranks of one byte, after that many corrections.
struct Bytes<'t, const CORRECTIONS: usize>(&'t Few);

impl<const CORRECTIONS: usize> Ranks for Bytes<'_, CORRECTIONS> {
    #[inline(always)]
    fn put<D: Digits>(
        &self,
        digits: D,
        (above, places): (&[u64; 64], &[u32; 64]),
        (out, word, known): (&mut Slices, usize, u64),
        near: Option<(&mut u64, u64)>,
    ) {
        let Few { guesses, cuts } = self.0;
        let mut ranks = [0u8; 64];
        for row in 0..64 {
            let mut rank = guesses[places[row] as usize % TABLE_MAX];
            for _ in 0..CORRECTIONS {
                rank = rank.wrapping_add(u8::from(cuts[usize::from(rank)] <= above[row]));
            }
            ranks[row] = rank;
        }
        if let Some((near, reach)) = near {
            *near = known & bits(|row| cuts[usize::from(ranks[row])] <= above[row].saturating_add(reach));
        }
        out.put_known(word, known);
        out.put_bytes(digits, word, 0, &ranks, known);
    }
}

/// Ranks of two bytes.
struct Wide<'t>(&'t Cuts);

impl Ranks for Wide<'_> {
    #[inline(always)]
    fn put<D: Digits>(
        &self,
        digits: D,
        (above, places): (&[u64; 64], &[u32; 64]),
        (out, word, known): (&mut Slices, usize, u64),
        near: Option<(&mut u64, u64)>,
    ) {
        let Cuts { keys, table: Table { guesses, cuts, corrections, .. }, .. } = self.0;
        let count = keys.len() as u16;
        let mut ranks = [0u16; 64];
        for row in 0..64 {
            let mut rank = guesses[places[row] as usize % TABLE_MAX];
            for _ in 0..*corrections {
                rank += u16::from(cuts[usize::from(rank)] <= above[row]);
            }
            ranks[row] = rank.min(count);
        }
        if let Some((near, reach)) = near {
            *near = known & bits(|row| cuts[usize::from(ranks[row])] <= above[row].saturating_add(reach));
        }
        put(digits, out, word, usize::from(count) > FEW, &ranks, known);
    }
}

#[inline(always)]
fn bits(holds: impl Fn(usize) -> bool) -> u64 {
    (0..64).fold(0, |bits, row| bits | u64::from(holds(row)) << row)
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
