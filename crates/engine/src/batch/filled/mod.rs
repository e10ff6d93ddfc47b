//! Proof, for many rows at once, that what is open stays open.
//!
//! A definite answer never changes when more becomes known. So if everything that is not known of a row is filled in
//! in several ways, and the row is eligible in one of them and not eligible in another, no trying of cases can settle it.
//! Nor can it where a row stays open with nothing left whose cases could be tried. What is filled in is only a guess (`leanings`, `fill`);
//! the answers are the proof.

mod fill;
mod leanings;

use facts::Vocabulary;

use self::fill::{FILLINGS, Filler, Filling};
pub(super) use self::leanings::{Leanings, leanings};
use super::eval::ChunkEval;
use super::plan::Planned;
use super::program::SlotId;
use super::slots::{TruthChunk, get, ones, set};

/// Fillings after which the rows that they proved open are left aside.
const ROUND: usize = 2;

/// Of some rows those that are certainly open.
pub(super) fn certainly_open(
    eval: &mut ChunkEval<'_, '_>,
    vocabulary: &Vocabulary,
    planned: &Planned<'_>,
    asked: &[u64],
) -> Vec<u64> {
    let mut left: Vec<usize> = ones(asked).collect();
    let mut found = vec![Answers::default(); left.len()];
    let mut open = vec![0; asked.len()];
    for fillings in FILLINGS.chunks(ROUND) {
        // Few rows are asked as a rule, so these alone are worked with.
        let mut some = eval.gather(&left, &planned.leanings.reads);
        let (yes, no) = answers(&mut some, vocabulary, planned, fillings);
        let mut at = 0;
        left.retain(|row| {
            let both = &mut found[at];
            both.yes |= get(&yes, at);
            both.no |= get(&no, at);
            at += 1;
            if both.yes && both.no {
                set(&mut open, *row);
            }
            !(both.yes && both.no)
        });
        found.retain(|found| !(found.yes && found.no));
        if left.is_empty() {
            break;
        }
    }
    open
}

/// What a row was found to be in one filling or another.
#[derive(Clone, Copy, Default)]
struct Answers {
    yes: bool,
    no: bool,
}

/// The rows that are eligible in one of these fillings, and those that are not in one of them. A row that stays open with
/// nothing left to try counts as both.
fn answers(
    rows: &mut ChunkEval<'_, '_>,
    vocabulary: &Vocabulary,
    planned: &Planned<'_>,
    fillings: &[Filling],
) -> (Vec<u64>, Vec<u64>) {
    let Planned { leanings, entangled, steps, .. } = planned;
    let worked_out: Vec<SlotId> =
        entangled.iter().copied().filter(|slot| !leanings.given.contains_key(slot)).collect();
    let filler = Filler::new(rows, vocabulary, leanings);
    let all = rows.rows.all();
    let (mut yes, mut no) = (vec![0; all.len()], vec![0; all.len()]);
    for filling in fillings {
        let mut filled = filler.fill(rows, *filling);
        let truth = filled.all_steps(steps);
        merge(&mut yes, &truth.yes, &all);
        merge(&mut no, &truth.no, &all);
        let open = still_open(&truth, &all);
        if !is_any(&open) {
            continue;
        }
        let complete = filler.complete(&mut filled, entangled);
        merge(&mut yes, &open, &complete);
        merge(&mut no, &open, &complete);
        let mut given_only = vec![0; all.len()];
        merge(&mut given_only, &open, &filler.complete(&mut filled, &worked_out));
        if leanings.given.is_empty() || !is_any(&given_only) {
            continue;
        }
        // An exact decision may try cases of the figure itself or leave it open: in neither way does it come to an answer
        // where one figure makes the row eligible and another one does not.
        let places: Vec<usize> = ones(&given_only).collect();
        let mut rows = rows.gather(&places, &leanings.reads);
        let filler = Filler::new(&mut rows, vocabulary, leanings);
        let all = rows.rows.all();
        for (is_in_favour, side) in [(true, &mut yes), (false, &mut no)] {
            let mut filled = filler.fill_given(&mut rows, *filling, is_in_favour);
            let truth = filled.all_steps(steps);
            let open = still_open(&truth, &filler.complete(&mut filled, entangled));
            let answered = if is_in_favour { &truth.yes } else { &truth.no };
            let mut found = open;
            merge(&mut found, answered, &all);
            ones(&found).for_each(|at| set(side, places[at]));
        }
    }
    (yes, no)
}

/// Adds those of some rows that are among others.
fn merge(into: &mut [u64], rows: &[u64], among: &[u64]) {
    into.iter_mut().zip(rows.iter().zip(among)).for_each(|(into, (rows, among))| *into |= rows & among);
}

fn is_any(rows: &[u64]) -> bool {
    rows.iter().any(|word| *word != 0)
}

/// Those of some rows that are neither true nor false, as far as can be told.
fn still_open(truth: &TruthChunk, among: &[u64]) -> Vec<u64> {
    let words = among.iter().enumerate();
    words.map(|(at, among)| among & !truth.yes[at] & !truth.no[at] & !truth.odd[at]).collect()
}
