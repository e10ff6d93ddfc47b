//! Conditions.

use lang::ir::{Condition, Test};

use super::{Lowerer, Why};
use crate::batch::program::TruthId;
use crate::point::Truth;

/// A condition with a truth of its own.
#[derive(Clone, Debug)]
pub(in crate::batch) struct Leaf {
    /// Its id.
    pub id: String,
    /// Its truth.
    pub truth: TruthId,
}

impl Lowerer<'_, '_> {
    pub(super) fn condition(&mut self, condition: &Condition, leaves: &mut Vec<Leaf>) -> TruthId {
        if !condition.id.is_empty() {
            self.place.clone_from(&condition.id);
        }
        match &condition.test {
            Test::All(inner) | Test::About(_, _, inner) => {
                let parts = inner.iter().map(|inner| self.condition(inner, leaves)).collect();
                self.program.and(parts)
            }
            Test::Any(inner) => {
                let parts = inner.iter().map(|inner| self.condition(inner, leaves)).collect();
                self.program.or(parts)
            }
            _ => {
                let truth = self.leaf(condition);
                leaves.push(Leaf { id: condition.id.clone(), truth });
                truth
            }
        }
    }

    fn leaf(&mut self, condition: &Condition) -> TruthId {
        match &condition.test {
            Test::Rule(rule) => self.truth(rule),
            Test::Manual(_, input) | Test::Include(_, input) => match self.slot(*input) {
                Ok(slot) => self.slot_truth(slot),
                Err(why) => self.opaque(why),
            },
            Test::First(tiers, otherwise) => {
                let mut inside = Vec::new();
                let mut result = match otherwise {
                    Some(last) => self.condition(last, &mut inside),
                    None => self.program.truth(Truth::False),
                };
                for (when, tier) in tiers.iter().rev() {
                    let when = self.truth(when);
                    let then = self.condition(tier, &mut inside);
                    result = self.program.choose(when, then, result);
                }
                self.place.clone_from(&condition.id);
                result
            }
            Test::Each(..) => self.opaque(Why::Items),
            Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) => {
                let parts = inner.iter().map(|inner| self.leaf(inner)).collect();
                self.program.and(parts)
            }
        }
    }
}
