//! What the documents of a library read: which facts, and in which years.

use engine::point::reference_year;
use facts::{Date, FactId, Period};
use lang::ir::InputKind;

use crate::Library;

impl Library {
    /// Every fact in every period that some document reads of anybody, each once and in a fixed order. Years are written
    /// out as they are on that day, of a subject that does not say which year it is about.
    pub fn reads(&self, day: Date) -> Vec<(FactId, Period)> {
        let mut out = Vec::new();
        for entry in self.rulebook.entries() {
            let reference = reference_year(&entry.document, None, day);
            for input in entry.document.kinds.iter().flat_map(|kind| &kind.inputs) {
                if let InputKind::Fact(fact, period) = &input.kind {
                    out.push((*fact, period.absolute(self.rulebook.vocabulary.get(*fact), reference)));
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }
}
