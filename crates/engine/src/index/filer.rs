//! Decides where documents are filed, and writes down what is left of them.

use rustc_hash::FxHashMap;

use crate::planes::{Circuit, Lit, Node, Truth};

use super::access::{GROUP_DEPTH_MAX, GROUP_TERMS_MAX, IS_DEEP, IS_GROUP, Lists, Odds, TESTS, Term};
use super::subject::Subject;

pub(super) struct Filer<'a> {
    circuit: &'a Circuit,
    odds: &'a [Odds],
    /// The number of each conjunction that stands apart, in the order of `waiting`.
    deep: FxHashMap<usize, u32>,
    waiting: Vec<usize>,
}

impl<'a> Filer<'a> {
    pub(super) fn new(circuit: &'a Circuit, odds: &'a [Odds]) -> Self {
        Self { circuit, odds, deep: FxHashMap::default(), waiting: Vec::new() }
    }

    /// A document's tests, and what is left of it.
    pub(super) fn file(&mut self, root: Lit) -> ([u32; TESTS], Vec<Term>) {
        let own = [root];
        let circuit = self.circuit;
        let operands = match circuit.node(root.node()) {
            Node::And(operands) if !root.is_negated() => operands,
            _ => &own[..],
        };
        let (mut plain, mut nested): (Vec<Lit>, Vec<Lit>) =
            operands.iter().partition(|lit| matches!(circuit.node(lit.node()), Node::Atom(_)));
        for lits in [&mut plain, &mut nested] {
            lits.sort_by(|&a, &b| self.likelihood(a).total_cmp(&self.likelihood(b)).then(a.cmp(&b)));
        }
        let mut tests = [self.always(); TESTS];
        for (test, &lit) in tests.iter_mut().zip(&plain) {
            *test = self.place(lit).unwrap_or(self.always());
        }
        let mut rest = Vec::new();
        for &lit in plain.iter().skip(TESTS).chain(&nested) {
            self.write(lit, GROUP_DEPTH_MAX, &mut rest);
        }
        (tests, rest)
    }

    /// The conjunctions that stand apart, once all documents are filed.
    pub(super) fn deep(mut self) -> Lists {
        let mut lists = Lists::default();
        let mut next = 0;
        while let Some(&node) = self.waiting.get(next) {
            lists.starts.push(lists.terms.len() as u32);
            if let Node::And(operands) = self.circuit.node(node) {
                for &operand in operands {
                    self.write(operand, 0, &mut lists.terms);
                }
            }
            next += 1;
        }
        lists.starts.push(lists.terms.len() as u32);
        lists
    }

    /// The place of the state that is always true.
    fn always(&self) -> u32 {
        2 * self.circuit.atom_count() as u32
    }

    /// The place of the state that is always unknown.
    fn open(&self) -> u32 {
        self.always() + 1
    }

    /// The place of a literal's state, if it has one.
    fn place(&self, lit: Lit) -> Option<u32> {
        match self.circuit.node(lit.node()) {
            Node::Atom(atom) => Some(Subject::place(self.circuit.atom_count(), atom, lit)),
            Node::Constant(Truth::Unknown) => Some(self.open()),
            Node::Constant(_) if !lit.is_negated() => Some(self.always()),
            Node::Constant(_) | Node::And(_) => None,
        }
    }

    /// Writes down one condition: as a state, as a group where it is used, or as a conjunction that stands apart.
    fn write(&mut self, lit: Lit, depth: usize, terms: &mut Vec<Term>) {
        if let Some(place) = self.place(lit) {
            terms.push(Term(place));
            return;
        }
        let turned = u32::from(lit.is_negated());
        if let (Node::And(operands), 1..) = (self.circuit.node(lit.node()), depth) {
            let head = terms.len();
            terms.push(Term(0));
            let mut ordered = operands.to_vec();
            // A group is left at its first false term; one that is turned round is mostly false if it is unlikely.
            ordered.sort_by(|&a, &b| self.likelihood(a).total_cmp(&self.likelihood(b)).then(a.cmp(&b)));
            for operand in ordered {
                // Once there are too many, the rest need not be written either.
                if terms.len() - head <= GROUP_TERMS_MAX + 1 {
                    self.write(operand, depth - 1, terms);
                }
            }
            let count = terms.len() - head - 1;
            if count <= GROUP_TERMS_MAX {
                terms[head] = Term(IS_GROUP | (count as u32) << 1 | turned);
                return;
            }
            terms.truncate(head);
        }
        let waiting = &mut self.waiting;
        let number = *self.deep.entry(lit.node()).or_insert_with(|| {
            waiting.push(lit.node());
            waiting.len() as u32 - 1
        });
        terms.push(Term(IS_DEEP | number << 1 | turned));
    }

    /// About how often a literal is not false; nested conditions as if theirs had nothing to do with each other.
    fn likelihood(&self, lit: Lit) -> f32 {
        let possible = |lit: Lit| match self.circuit.node(lit.node()) {
            Node::Atom(atom) => {
                let odds = self.odds.get(atom).copied().unwrap_or(Odds::EVEN);
                1.0 - if lit.is_negated() { odds.trues } else { odds.falses }
            }
            _ => 0.75,
        };
        match self.circuit.node(lit.node()) {
            Node::And(operands) if lit.is_negated() => {
                1.0 - operands.iter().map(|&operand| 1.0 - possible(!operand)).product::<f32>()
            }
            Node::And(operands) => operands.iter().map(|&operand| possible(operand)).product(),
            _ => possible(lit),
        }
    }
}
