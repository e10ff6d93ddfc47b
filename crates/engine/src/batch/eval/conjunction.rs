//! An outcome condition by condition, cheap ones first: what few rows are still left to be told is worked out for these
//! rows alone.

use rustc_hash::FxHashSet;

use super::ChunkEval;
use crate::batch::program::{Logical, Program, SlotId, TruthId};
use crate::batch::reads::{Node, slots_and_numbers_read};
use crate::batch::slots::{TruthChunk, get, ones, set};

/// One condition of an outcome.
#[derive(Clone, Debug)]
pub(in crate::batch) struct Step {
    truth: TruthId,
    slots: Vec<SlotId>,
    /// How many numbers have to be computed for it.
    numbers: usize,
}

/// Copying a slot's rows costs about so many times less than computing a number for them.
const COPIES_TO_ONE_NUMBER: usize = 4;

/// All conditions of an outcome, the cheapest first.
pub(in crate::batch) fn steps(program: &Program, outcome: TruthId) -> Vec<Step> {
    let parts = match program.truths.get(outcome) {
        Logical::And(parts) => parts.clone(),
        _ => vec![outcome],
    };
    let step = |truth: TruthId| {
        let (slots, numbers) = slots_and_numbers_read(program, Node::Truth(truth));
        Step { truth, slots, numbers }
    };
    let mut steps: Vec<Step> = parts.into_iter().map(step).collect();
    steps.sort_by_key(|step| step.numbers);
    steps
}

/// Whether computing the steps for some rows alone saves more than it takes to copy what they read.
fn is_worth_gathering(steps: &[Step], left: usize, rows: usize) -> bool {
    let numbers: usize = steps.iter().map(|step| step.numbers).sum();
    let slots: usize = steps.iter().map(|step| step.slots.len()).sum();
    numbers * (rows - left) * COPIES_TO_ONE_NUMBER > slots * left
}

impl ChunkEval<'_, '_> {
    /// Whether all of the steps hold; a row is odd where an odd step can still change it.
    pub fn all_steps(&mut self, steps: &[Step]) -> TruthChunk {
        let mut out = self.blank();
        out.yes = self.rows.all();
        for (place, step) in steps.iter().enumerate() {
            let left: Vec<u64> = self.rows.all().iter().zip(&out.no).map(|(all, no)| all & !no).collect();
            let count: usize = left.iter().map(|word| word.count_ones() as usize).sum();
            if count == 0 {
                break;
            }
            if !self.truths.contains_key(&step.truth)
                && is_worth_gathering(&steps[place..], count, self.rows.len())
            {
                self.remaining_steps(&steps[place..], &left, &mut out);
                break;
            }
            let part = self.truth(step.truth);
            for at in 0..left.len() {
                out.yes[at] &= part.yes[at];
                out.no[at] |= part.no[at];
                out.odd[at] |= part.odd[at];
            }
        }
        out.odd.iter_mut().zip(&out.no).for_each(|(odd, no)| *odd &= !no);
        out
    }

    /// Adds the last steps in the rows that are left.
    fn remaining_steps(&mut self, steps: &[Step], left: &[u64], out: &mut TruthChunk) {
        let rows: Vec<usize> = ones(left).collect();
        let slots: FxHashSet<SlotId> = steps.iter().flat_map(|step| &step.slots).copied().collect();
        let slots: Vec<SlotId> = slots.into_iter().collect();
        let rest = self.gather(&rows, &slots).all_steps(steps);
        for (at, row) in rows.into_iter().enumerate() {
            if !get(&rest.yes, at) {
                out.yes[row / 64] &= !(1 << (row % 64));
            }
            if get(&rest.no, at) {
                set(&mut out.no, row);
            }
            if get(&rest.odd, at) {
                set(&mut out.odd, row);
            }
        }
    }
}
