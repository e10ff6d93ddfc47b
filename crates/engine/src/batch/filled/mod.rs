//! Proof, for many rows at once, that what is open stays open.
//!
//! A definite answer never changes when more becomes known. So if everything that is not known of a row is filled in
//! in several ways, and the row is eligible in one of them and not eligible in another, no trying of cases can settle it.
//! Nor can it where a row stays open with nothing left whose cases could be tried. What is filled in is only a guess (`leanings`, `fill`);
//! the answers are the proof.

mod fill;
mod leanings;

use facts::Vocabulary;

use self::fill::{FILLINGS, Filler};
pub(super) use self::leanings::{Leanings, leanings};
use super::eval::ChunkEval;
use super::plan::Planned;
use super::slots::{ones, set};

/// Of some rows those that are certainly open.
pub(super) fn certainly_open(
    eval: &mut ChunkEval<'_, '_>,
    vocabulary: &Vocabulary,
    planned: &Planned<'_>,
    asked: &[u64],
) -> Vec<u64> {
    let leanings = &planned.leanings;
    let rows: Vec<usize> = ones(asked).collect();
    // Few rows are asked as a rule, so these alone are worked with.
    let mut some = eval.gather(&rows, &leanings.reads);
    let filler = Filler::new(&mut some, vocabulary, leanings);
    let all = some.rows.all();
    let (mut yes, mut no) = (vec![0; all.len()], vec![0; all.len()]);
    for filling in FILLINGS {
        let mut filled = filler.fill(&mut some, filling);
        let truth = filled.truth(planned.lowered.outcome);
        for at in 0..all.len() {
            yes[at] |= truth.yes[at];
            no[at] |= truth.no[at];
        }
        let open = |at: usize| all[at] & !truth.yes[at] & !truth.no[at] & !truth.odd[at];
        if (0..all.len()).any(|at| open(at) != 0) {
            let complete = filler.complete(&mut filled, &planned.entangled);
            for at in 0..all.len() {
                yes[at] |= open(at) & complete[at];
                no[at] |= open(at) & complete[at];
            }
        }
        if all.iter().zip(yes.iter().zip(&no)).all(|(all, (yes, no))| all & !(yes & no) == 0) {
            break;
        }
    }
    let both: Vec<u64> = yes.iter().zip(no).map(|(yes, no)| yes & no).collect();
    let mut open = vec![0; asked.len()];
    ones(&both).for_each(|at| set(&mut open, rows[at]));
    open
}
