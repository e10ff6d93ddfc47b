//! One column over another, against constants.
//!
//! The quotient of two whole numbers below 2^53 is off by at most half a unit in its last place, so it lies between the
//! floats on either side of what is computed. A row whose constants all lie outside is decided; the few others are
//! compared exactly.

use facts::{Number, Vocabulary};
use lang::ir::Compare;

use super::Entry;
use super::columns::{first_atoms, spread};
use crate::batch::enclosure::around;
use crate::batch::entangled::reaches_from_nought;
use crate::batch::eval::ChunkEval;
use crate::batch::program::{Binary, NumberId, Numeric, Program, SlotId, SlotKind};
use crate::batch::slots::{NumberChunk, SlotChunk, ones};
use crate::planes::{Cuts, Ordered, Planes, Slices};

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
    lower: Slices,
    upper: Slices,
    atoms: Vec<u32>,
    places: Vec<Option<usize>>,
    /// The constants in the order of the cuts, each with whether it has to be passed rather than reached.
    bounds: Vec<(Number, bool)>,
    low_keys: Vec<i64>,
    high_keys: Vec<i64>,
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
        let is_plain = |chunk: &NumberChunk<'_>| {
            chunk.nothing.is_none()
                && chunk.before.is_none()
                && chunk.odd.is_none()
                && chunk.mantissas.iter().all(|mantissa| (0..WHOLE_MAX).contains(mantissa))
        };
        if above.scale != below.scale || !is_plain(above) || !is_plain(below) {
            self.entries.iter().for_each(|entry| {
                let (yes, no) = planes.atom_mut(entry.atom as usize);
                yes.fill(0);
                no.fill(0);
            });
            return true;
        }
        ranked.divide(above, below);
        ranked.cuts.fill_between(&ranked.lower, &ranked.upper, 0, &ranked.atoms, planes);
        spread(&self.entries, &ranked.places, &ranked.atoms, planes);
        false
    }

    fn rank(&self, rows: usize) -> Ranked {
        let mut bounds: Vec<(i64, Number, bool)> = self
            .entries
            .iter()
            .map(|entry| {
                let must_pass = matches!(entry.op, Compare::Gt | Compare::Le);
                (float_key(&entry.number, must_pass), entry.number.clone(), must_pass)
            })
            .collect();
        let cuts = Cuts::new(bounds.iter().map(|(key, ..)| *key).collect());
        let places: Vec<Option<usize>> = bounds.iter().map(|(key, ..)| cuts.position(*key)).collect();
        let atoms = first_atoms(&self.entries, &places, cuts.keys().len());
        bounds.sort();
        bounds.dedup_by_key(|(key, ..)| *key);
        Ranked {
            lower: cuts.slices(rows),
            upper: cuts.slices(rows),
            cuts,
            atoms,
            places,
            bounds: bounds.into_iter().map(|(_, number, must_pass)| (number, must_pass)).collect(),
            low_keys: Vec::with_capacity(rows),
            high_keys: Vec::with_capacity(rows),
        }
    }
}

/// The key of the least float that reaches, or passes, a number.
fn float_key(number: &Number, must_pass: bool) -> i64 {
    let (low, high) = around(number);
    if low == high && must_pass { high.key() + 1 } else { high.key() }
}

impl Ranked {
    /// Ranks the floats on either side of each quotient.
    fn divide(&mut self, above: &NumberChunk<'_>, below: &NumberChunk<'_>) {
        self.low_keys.clear();
        self.high_keys.clear();
        let mut known: Vec<u64> = above.known.iter().zip(&below.known).map(|(a, b)| a & b).collect();
        let mut zero = vec![0u64; known.len()];
        for (row, (a, b)) in above.mantissas.iter().zip(below.mantissas.iter()).enumerate() {
            zero[row / 64] |= u64::from(*b == 0) << (row % 64);
            // A row without a quotient has one that nobody reads.
            #[allow(clippy::cast_precision_loss, reason = "whole numbers below 2^53 are floats")]
            let quotient = *a as f64 / (*b).max(1) as f64;
            let key = quotient.key();
            self.low_keys.push(key - 1);
            self.high_keys.push(key + 1);
        }
        known.iter_mut().zip(zero).for_each(|(known, zero)| *known &= !zero);
        self.cuts.rank(&self.low_keys[..], &known, &mut self.lower, 0);
        self.cuts.rank(&self.high_keys[..], &known, &mut self.upper, 0);
        let near = self.near(&known);
        if near.iter().any(|word| *word != 0) {
            for row in ones(&near) {
                let key = self.exact_key(above.mantissas[row], below.mantissas[row]);
                (self.low_keys[row], self.high_keys[row]) = (key, key);
            }
            self.cuts.rank(&self.low_keys[..], &known, &mut self.lower, 0);
            self.cuts.rank(&self.high_keys[..], &known, &mut self.upper, 0);
        }
    }

    /// Rows between whose bounds a constant lies.
    fn near(&self, known: &[u64]) -> Vec<u64> {
        let mut near = vec![0u64; known.len()];
        for digit in 0..self.lower.width() {
            let (lower, upper) = (self.lower.digit(digit), self.upper.digit(digit));
            near.iter_mut().zip(lower).zip(upper).for_each(|((near, lower), upper)| *near |= lower ^ upper);
        }
        near.iter_mut().zip(known).for_each(|(near, known)| *near &= known);
        near
    }

    /// A key that ranks as the exact quotient does.
    fn exact_key(&self, above: i64, below: i64) -> i64 {
        let quotient = Number::ratio(above, below).unwrap_or_default();
        let reached =
            self.bounds.iter().take_while(
                |(number, must_pass)| {
                    if *must_pass { quotient > *number } else { quotient >= *number }
                },
            );
        match reached.count() {
            0 => i64::MIN,
            count => self.cuts.keys()[count - 1],
        }
    }
}
