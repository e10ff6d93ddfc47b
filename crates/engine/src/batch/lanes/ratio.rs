//! One column over another, against constants.
//!
//! The quotient of two whole numbers below 2^53 is off by at most half a unit in its last place, so it lies between the
//! floats on either side of what is computed. A row whose constants all lie outside is decided; the few others are
//! compared exactly, by multiplying across.

use std::borrow::Cow;

use facts::{Number, Vocabulary};
use lang::ir::Compare;

use super::Entry;
use super::columns::{first_atoms, spread};
use crate::batch::enclosure::around;
use crate::batch::entangled::reaches_from_nought;
use crate::batch::eval::ChunkEval;
use crate::batch::program::{Binary, NumberId, Numeric, Program, SlotId, SlotKind};
use crate::batch::slots::{NumberChunk, SlotChunk, ones};
use crate::planes::{Cuts, Ordered, Planes, Slices, widest};

/// Two columns, and what their quotient is compared with.
#[derive(Debug)]
pub(super) struct RatioLane {
    above: SlotId,
    below: SlotId,
    pub entries: Vec<Entry>,
}

/// The quotient ranked against its constants.
pub(super) struct Ranked {
    cuts: Cuts,
    slices: Slices,
    atoms: Vec<u32>,
    places: Vec<Option<usize>>,
    /// The constants in the order of the cuts.
    bounds: Vec<Bound>,
    /// The floats just below the quotients.
    keys: Vec<i64>,
}

/// A constant that a quotient has to reach, or to pass.
struct Bound {
    number: Number,
    /// The number's numerator and denominator, if they fit.
    fraction: Option<(i64, i64)>,
    must_pass: bool,
}

/// Whole numbers up to here are floats.
const WHOLE_MAX: i64 = 1 << 53;

impl RatioLane {
    /// The lane of a number that is one column over another, both never negative and without upper bound, so that a row
    /// of which one is not known is open whatever positive constant it is compared with.
    pub fn new(
        program: &Program,
        vocabulary: &Vocabulary,
        number: NumberId,
        entries: &[Entry],
    ) -> Option<Self> {
        let Numeric::Binary(Binary::Div, above, below) = program.numbers.get(number) else { return None };
        let slot = |number: &NumberId| match program.numbers.get(*number) {
            Numeric::Slot(slot) => Some(*slot),
            _ => None,
        };
        let (above, below) = (slot(above)?, slot(below)?);
        let is_open = |slot: SlotId| match &program.slots.get(slot).kind {
            SlotKind::Fact { fact, .. } => reaches_from_nought(vocabulary.get(*fact)),
            _ => false,
        };
        let is_positive = |entry: &Entry| !entry.number.is_negative() && !entry.number.is_zero();
        let is_fit = is_open(above) && is_open(below) && entries.iter().all(is_positive);
        is_fit.then(|| Self { above, below, entries: entries.to_vec() })
    }

    /// Fills the atoms for a chunk; says whether some row could not be told.
    pub fn fill(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        ranked: &mut Option<Ranked>,
        planes: &mut Planes,
    ) -> bool {
        let (above, below) = (eval.slot(self.above), eval.slot(self.below));
        let (SlotChunk::Number(above), SlotChunk::Number(below)) = (&*above, &*below) else { return true };
        let rows = planes.words() * 64;
        let ranked = ranked.get_or_insert_with(|| self.rank(rows));
        let scale = above.scale.max(below.scale);
        let (Some(over), Some(under)) = (plain(above, scale), plain(below, scale)) else {
            self.entries.iter().for_each(|entry| {
                let (yes, no) = planes.atom_mut(entry.atom as usize);
                yes.fill(0);
                no.fill(0);
            });
            return true;
        };
        let known: Vec<u64> = above.known.iter().zip(&below.known).map(|(a, b)| a & b).collect();
        ranked.divide(&over, &under, known);
        ranked.cuts.fill(&ranked.slices, 0, &ranked.atoms, planes);
        spread(&self.entries, &ranked.places, &ranked.atoms, planes);
        false
    }

    fn rank(&self, rows: usize) -> Ranked {
        let bound = |entry: &Entry| (entry.number.clone(), matches!(entry.op, Compare::Gt | Compare::Le));
        let mut bounds: Vec<(Number, bool)> = self.entries.iter().map(bound).collect();
        bounds.sort();
        bounds.dedup();
        // Bounds between the same two floats are cuts of their own all the same; rows that near are compared exactly.
        let (mut keys, mut reach) = (Vec::with_capacity(bounds.len()), REACH);
        for (number, must_pass) in &bounds {
            let key = float_key(number, *must_pass);
            let own = keys.last().map_or(key, |last: &i64| key.max(last + 1));
            reach = reach.max(REACH + u32::try_from(own - key).unwrap_or(u32::MAX));
            keys.push(own);
        }
        let cuts = Cuts::reaching(keys, reach);
        let places: Vec<Option<usize>> =
            self.entries.iter().map(|entry| bounds.binary_search(&bound(entry)).ok()).collect();
        let atoms = first_atoms(&self.entries, &places, cuts.keys().len());
        let bound =
            |(number, must_pass): (Number, bool)| Bound { fraction: number.to_fraction(), number, must_pass };
        Ranked {
            slices: cuts.slices(rows),
            cuts,
            atoms,
            places,
            bounds: bounds.into_iter().map(bound).collect(),
            keys: Vec::with_capacity(rows),
        }
    }
}

/// The numbers of a column at that scale, if all of them are whole there, floats, and not negative, and nothing else is
/// said of any row.
fn plain<'c>(chunk: &'c NumberChunk<'_>, scale: u8) -> Option<Cow<'c, [i64]>> {
    let is_plain = chunk.nothing.is_none() && chunk.before.is_none() && chunk.odd.is_none();
    let factor = 10i64.checked_pow(u32::from(scale - chunk.scale)).filter(|_| is_plain)?;
    let range = 0..=(WHOLE_MAX - 1) / factor;
    let (least, most) = widest(|| extremes(&chunk.mantissas));
    if !(range.contains(&least) && range.contains(&most)) {
        return None;
    }
    Some(match factor {
        1 => Cow::Borrowed(&chunk.mantissas[..]),
        factor => chunk.mantissas.iter().map(|mantissa| mantissa * factor).collect(),
    })
}

/// The least and the greatest of some numbers, or nought.
#[inline(always)]
fn extremes(numbers: &[i64]) -> (i64, i64) {
    numbers.iter().fold((0, 0), |(least, most), number| (least.min(*number), most.max(*number)))
}

/// The key of the least float that reaches, or passes, a number.
fn float_key(number: &Number, must_pass: bool) -> i64 {
    let (low, high) = around(number);
    if low == high && must_pass { high.key() + 1 } else { high.key() }
}

/// From the float just below a quotient to the one just above: how far above a quotient's key a cut may lie that has to be
/// compared exactly.
const REACH: u32 = 2;

impl Ranked {
    /// Ranks the quotients: by the float below each, and exactly where a constant lies between that and the one above.
    fn divide(&mut self, above: &[i64], below: &[i64], mut known: Vec<u64>) {
        let Self { cuts, slices, bounds, keys, .. } = self;
        keys.clear();
        // A row without a quotient has one that nobody reads.
        keys.resize(above.len(), 0);
        widest(|| quotients(keys, above, below, &mut known));
        let mut near = vec![0u64; known.len()];
        cuts.rank_near(&keys[..], &known, slices, 0, &mut near);
        // INVARIANT: bounds stand in the order of the cuts, so that as many are reached as hold.
        for row in ones(&near) {
            let (above, below) = (above[row], below[row]);
            slices.set(row, bounds.partition_point(|bound| bound.holds(above, below)));
        }
    }
}

/// The keys of the floats just below quotients; a row without one is not known.
#[inline(always)]
#[allow(clippy::cast_precision_loss, reason = "whole numbers below 2^53 are floats")]
fn quotients(keys: &mut [i64], above: &[i64], below: &[i64], known: &mut [u64]) {
    for ((key, above), below) in keys.iter_mut().zip(above).zip(below) {
        *key = (*above as f64 / (*below).max(1) as f64).key() - 1;
    }
    for (known, below) in known.iter_mut().zip(below.chunks(64)) {
        for (row, below) in below.iter().enumerate() {
            *known &= !(u64::from(*below == 0) << row);
        }
    }
}

impl Bound {
    /// Whether `above / below` reaches it, or passes it; `below` is positive.
    fn holds(&self, above: i64, below: i64) -> bool {
        let order = match self.fraction {
            Some((numerator, denominator)) => {
                let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
                product(above, denominator).cmp(&product(numerator, below))
            }
            None => Number::ratio(above, below).unwrap_or_default().cmp(&self.number),
        };
        if self.must_pass { order.is_gt() } else { order.is_ge() }
    }
}
