//! What can be said of conditions without deciding any: which sets of values they let through, and whether some subject
//! could meet several of them at once.
//!
//! INVARIANT: everything errs on the side of "could be". What is not understood is a value of its own that may be
//! anything, so that a condition called impossible is impossible.

mod bounds;
mod days;
mod formula;
mod key;
#[cfg(test)]
mod laws;
mod linear;
mod solve;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use facts::{FactDefinition, Number, Vocabulary};
use lang::ir::{Document, InputKind, InputRef, ScopeVar};

use super::sets::Ranges;

pub(super) use formula::Formula;
pub(super) use solve::Mode;

/// Most nodes that are looked at for one document; what lies beyond counts as not understood.
const NODES_MAX: usize = 400_000;

/// A sum of terms, each with its factor.
type Terms = Vec<(String, Number)>;

/// A document read for its conditions.
pub(super) struct Logic<'a> {
    pub document: &'a Document,
    pub vocabulary: &'a Vocabulary,
    /// The sums that are compared as one, by their names, with what each term may be.
    sums: RefCell<BTreeMap<String, (Terms, Vec<Ranges>)>>,
    /// What named values may be, worked out once.
    named: RefCell<BTreeMap<usize, Ranges>>,
    /// Items that stand apart although they bear the same variable: one for each group of conditions on an item.
    apart: RefCell<Vec<(ScopeVar, usize)>>,
    /// The step between values of a quantity, where it has one.
    steps: RefCell<BTreeMap<String, Number>>,
    nodes: Cell<usize>,
}

impl<'a> Logic<'a> {
    pub(super) fn new(document: &'a Document, vocabulary: &'a Vocabulary) -> Self {
        Self {
            document,
            vocabulary,
            sums: RefCell::default(),
            named: RefCell::default(),
            apart: RefCell::default(),
            steps: RefCell::default(),
            nodes: Cell::new(0),
        }
    }

    /// Counts a node; false once there were too many.
    fn goes_on(&self) -> bool {
        self.nodes.set(self.nodes.get() + 1);
        self.nodes.get() <= NODES_MAX
    }

    /// The step between values that can be given, where the quantity of that name is an amount of money.
    pub(super) fn step(&self, key: &str) -> Option<Number> {
        self.steps.borrow().get(key).cloned()
    }

    /// The definition of the fact that an input reads, and whether it is read in a period.
    fn fact(&self, input: InputRef) -> Option<(&'a FactDefinition, bool)> {
        let kind = self.document.vars.get(input.var.0)?.kind;
        match &self.document.kinds.get(kind.0)?.inputs.get(input.index)?.kind {
            InputKind::Fact(fact, period) => {
                Some((self.vocabulary.get(*fact), *period != facts::Period::Unstated))
            }
            _ => None,
        }
    }
}
