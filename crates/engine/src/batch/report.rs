//! What runs on planes, what between bounds, and what is asked row by row.

use super::lower::{Fallback, Why};
use super::plan::Plan;
use super::program::{Atom, Logical, Program, TruthId};

/// How a condition is decided in bulk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Holds {
    /// Columns against constants: bit planes all the way.
    Planes,
    /// Derived numbers between bounds, compared into bit planes; near ties are asked exactly.
    Bounds,
    /// A part of it is asked exactly, where nothing else settles the row.
    Exact(Why),
}

impl Holds {
    /// Its code in JSON and CSV.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::Planes => "planes",
            Self::Bounds => "bounds",
            Self::Exact(_) => "exact",
        }
    }
}

/// A condition with a truth of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConditionReport {
    /// Its id.
    pub id: String,
    /// How it is decided.
    pub holds: Holds,
    /// Equal conditions have the same number, whichever document they stand in.
    pub number: usize,
}

/// What a plan makes of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentReport {
    /// Its id.
    pub id: String,
    /// Conditions with a truth of their own.
    pub conditions: Vec<ConditionReport>,
    /// What is asked exactly, amount and rank included.
    pub fallbacks: Vec<Fallback>,
    /// How many unknowns hang together, so that rows they leave open are asked exactly.
    pub entangled: usize,
}

impl Plan<'_> {
    /// What becomes of each document, in the order asked for.
    pub fn report(&self) -> Vec<DocumentReport> {
        let in_force = self.asked.iter().filter_map(|asked| asked.as_ref().ok());
        in_force
            .map(|place| {
                let planned = &self.documents[*place];
                let why = |id: &str| {
                    let fallback = planned.lowered.opaque.iter().find(|fallback| fallback.place == id);
                    fallback.map_or(Why::Shape, |fallback| fallback.why)
                };
                let leaves = planned.lowered.leaves.iter();
                DocumentReport {
                    id: planned.document().id.clone(),
                    conditions: leaves
                        .map(|leaf| ConditionReport {
                            id: leaf.id.clone(),
                            holds: holds(&self.program, leaf.truth, &|| why(&leaf.id)),
                            number: leaf.truth,
                        })
                        .collect(),
                    fallbacks: planned.lowered.opaque.clone(),
                    entangled: planned.entangled.len(),
                }
            })
            .collect()
    }

    /// How many different slots, numbers and truths the documents come to.
    pub fn size(&self) -> (usize, usize, usize) {
        (self.program.slots.len(), self.program.numbers.len(), self.program.truths.len())
    }
}

fn holds(program: &Program, truth: TruthId, why: &dyn Fn() -> Why) -> Holds {
    match program.truths.get(truth) {
        Logical::Constant(_) => Holds::Planes,
        Logical::Not(inner) => holds(program, *inner, why),
        Logical::And(parts) | Logical::Or(parts) => {
            parts.iter().map(|part| holds(program, *part, why)).max().unwrap_or(Holds::Planes)
        }
        Logical::Atom(Atom::Opaque(_)) => Holds::Exact(why()),
        Logical::Atom(Atom::Compare(..) | Atom::TierFits(_)) => Holds::Bounds,
        Logical::Atom(_) => Holds::Planes,
    }
}
