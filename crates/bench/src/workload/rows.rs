//! The subjects: as many rows as asked for, each the same whatever their number.
//!
//! About 15 % of all values are not known. Values like to lie on a threshold or one step (one fen, one person) beside it,
//! and shares like to be exactly what a document asks for: that is where engines differ.

use super::fields::{FIELDS, Kind, SHARES, cuts, days, months_ago};
use super::random::Random;

/// How many in a thousand values are not known.
const UNKNOWN_PER_MILLE: u64 = 150;
/// How many in a thousand numbers lie on a threshold or one step beside it.
const TIE_PER_MILLE: u64 = 30;
/// How many in a thousand denominators are nought.
const NOUGHT_PER_MILLE: u64 = 5;

/// A stored column. What is not known holds nought.
#[derive(Clone, Debug)]
pub struct Column {
    /// Whether the value is known.
    pub known: Vec<bool>,
    /// Fen, things, days since 1970, code, 0 or 1, or a bit for each code of a set.
    pub values: Vec<i64>,
}

impl Column {
    /// The value of a row, if it is known.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.known[row].then(|| self.values[row])
    }
}

/// All stored columns, in the order of [`FIELDS`].
#[derive(Clone, Debug)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// Columns.
    pub columns: Vec<Column>,
}

impl Rows {
    /// The first `count` rows of a seed.
    pub fn generate(seed: u64, count: usize) -> Self {
        let empty = || Column { known: Vec::with_capacity(count), values: Vec::with_capacity(count) };
        let mut columns: Vec<Column> = FIELDS.iter().map(|_| empty()).collect();
        let cuts: Vec<Vec<i64>> = FIELDS.iter().map(|field| cuts(field.kind)).collect();
        for row in 0..count {
            let mut random = Random::of_row(seed, row);
            let values = one(&mut random, &cuts);
            for (column, value) in columns.iter_mut().zip(values) {
                let is_known = !random.per_mille(UNKNOWN_PER_MILLE);
                column.known.push(is_known);
                column.values.push(if is_known { value } else { 0 });
            }
        }
        Self { count, columns }
    }
}

/// The values of one row, before some of them are forgotten.
fn one(random: &mut Random, cuts: &[Vec<i64>]) -> [i64; FIELDS.len()] {
    let mut values = [0; FIELDS.len()];
    for (index, field) in FIELDS.iter().enumerate() {
        values[index] = match field.kind {
            Kind::Money { low, doublings } => number(random, low * 100, doublings, &cuts[index]),
            Kind::Count { low, doublings } => number(random, low, doublings, &cuts[index]),
            Kind::Date => date(random),
            Kind::Code(codes) => random.below(u64::from(codes)) as i64,
            Kind::Bool => i64::from(random.per_mille(600)),
            Kind::Set(codes) => (random.bits() & random.bits() & ((1 << codes) - 1)) as i64,
            Kind::Part { .. } => 0,
        };
    }
    for share in SHARES {
        let denominator = &mut values[share.denominator];
        if random.per_mille(NOUGHT_PER_MILLE) {
            *denominator = 0;
        }
        let is_tie = random.per_mille(2 * TIE_PER_MILLE);
        let part = if is_tie {
            // A denominator of which every threshold is a whole number.
            let is_money = matches!(FIELDS[share.numerator].kind, Kind::Part { is_money: true, .. });
            let multiple = if is_money { 1_000 } else { 40 };
            *denominator = (*denominator - *denominator % multiple).max(multiple);
            *denominator * random.of(share.cuts) / 1_000 + step(random)
        } else {
            (i128::from(*denominator) * i128::from(random.below(share.most * 1_000)) / 1_000_000) as i64
        };
        values[share.numerator] = part.max(0);
    }
    values
}

/// Spread evenly over doublings, so that small and large are equally common, with a liking for thresholds.
fn number(random: &mut Random, low: i64, doublings: u32, cuts: &[i64]) -> i64 {
    if random.per_mille(TIE_PER_MILLE) {
        return (random.of(cuts) + step(random)).max(0);
    }
    let octave = low << random.below(u64::from(doublings));
    octave + random.below(octave as u64) as i64
}

fn date(random: &mut Random) -> i64 {
    let (first, last) = days();
    if random.per_mille(TIE_PER_MILLE) {
        return (months_ago(4 * (1 + random.below(60) as i64)) + step(random)).min(last);
    }
    first + random.below((last - first) as u64) as i64
}

/// On the threshold, or one step beside it.
fn step(random: &mut Random) -> i64 {
    random.below(3) as i64 - 1
}
