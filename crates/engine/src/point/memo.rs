//! What an evaluator worked out and keeps, until something that it was worked out from is set to another value.

use super::causes::{Causes, Slot};
use super::condition;
use super::eval::Evaluator;
use super::score;
use super::value::Truth;

impl Evaluator<'_> {
    /// Forgets everything that was worked out.
    pub(super) fn forget_all(&mut self) {
        self.lets.iter_mut().for_each(|memo| *memo = None);
        self.lists.iter_mut().for_each(|memo| *memo = None);
        self.needs.iter_mut().for_each(|memo| *memo = None);
        self.scores.iter_mut().for_each(|memo| *memo = score::Memo::default());
        self.passing = None;
    }

    /// Forgets what was worked out from a slot.
    pub(super) fn forget(&mut self, slot: Slot) {
        let instance = self.inputs.instances.iter().rev().find(|instance| instance.base <= slot);
        let (Some(readers), Some(instance)) = (self.readers, instance) else { return self.forget_all() };
        let input = readers.input(instance.kind, slot - instance.base);
        forget_readers(&mut self.lets, &readers.lets, input);
        forget_readers(&mut self.lists, &readers.lists, input);
        forget_readers(&mut self.needs, &readers.needs, input);
        for (memo, reads) in self.scores.iter_mut().zip(&readers.scores) {
            memo.forget(reads, input);
        }
        self.passing = None;
    }

    /// Whether a condition of the document holds, without its reasons.
    pub(super) fn need(&mut self, index: usize) -> (Truth, Causes) {
        if let Some(known) = &self.needs[index] {
            return known.clone();
        }
        let reason = condition::reason(self, &self.document.needs[index]);
        let decided = (reason.truth, reason.causes);
        self.needs[index] = Some(decided.clone());
        decided
    }

    /// Keeps what the conditions came to with their reasons.
    pub(super) fn keep_needs(&mut self, needs: &[(Truth, Causes)]) {
        self.needs = needs.iter().cloned().map(Some).collect();
    }
}

fn forget_readers<T>(memos: &mut [Option<T>], reads: &[Causes], input: usize) {
    for (memo, reads) in memos.iter_mut().zip(reads) {
        if reads.has(input) {
            *memo = None;
        }
    }
}
