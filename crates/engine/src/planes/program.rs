//! A circuit as straight-line steps over few buffers.
//!
//! Only what the roots need is computed, each node once, in an order that keeps what was just computed at hand: a node
//! stands directly before the first node that reads it. A buffer is free again after the last step that reads it, and the
//! buffer freed last is taken first, since it is still in the nearest cache.

use super::circuit::{Circuit, Lit, Node};
use super::run::{CHUNK_WORDS, Planes};
use super::truth::Truth;

/// One conjunction. Operands and results are pairs of planes, true before false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Where its operands begin in [`Program::operands`]; they end where the next step's begin.
    pub(super) start: u32,
    /// The pair that it is kept in, or [`NOWHERE`]: nobody reads it again.
    pub(super) pair: u32,
    /// The answer that it is, or [`NOWHERE`].
    pub(super) answer: u32,
}

/// No buffer, no answer.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Which of the distinct answers a root is, and whether turned round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Root {
    /// Index of the answer; equal conditions share one.
    pub answer: usize,
    /// True where the root is the answer's negation: its true plane is the answer's false plane.
    pub is_negated: bool,
}

/// Steps that compute a circuit's roots for a chunk of rows.
#[derive(Clone, Debug)]
pub struct Program {
    pub(super) steps: Vec<Step>,
    /// Planes, by number: twice the pair, plus one for a negated literal.
    pub(super) operands: Vec<u32>,
    pub(super) pairs: usize,
    pub(super) atoms: usize,
    pub(super) answers: usize,
    roots: Vec<Root>,
}

impl Circuit {
    /// The steps that compute all roots.
    #[must_use]
    pub fn schedule(&self) -> Program {
        Scheduler::new(self).schedule()
    }
}

impl Program {
    /// For each root of the circuit, in its order, the answer that it is.
    #[must_use]
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// How many distinct answers there are.
    #[must_use]
    pub fn answer_count(&self) -> usize {
        self.answers
    }

    /// How many atoms it is given.
    #[must_use]
    pub fn atom_count(&self) -> usize {
        self.atoms
    }

    /// How many steps one chunk takes.
    #[must_use]
    pub fn step_count(&self) -> usize {
        self.steps.len() - 1
    }

    /// How many pairs of planes are held at once: atoms, constants and buffers.
    #[must_use]
    pub fn pair_count(&self) -> usize {
        self.pairs
    }

    /// The chunk that measured best, in words of 64 rows: as long as all planes together stay well inside the second-level
    /// cache, since a longer chunk spreads the cost of reading the steps over more rows.
    #[must_use]
    pub fn chunk_words(&self) -> usize {
        let fits = |words: &usize| self.pairs * 2 * 8 * words <= PLANES_BYTES;
        CHUNK_WORDS.into_iter().rev().find(fits).unwrap_or(CHUNK_WORDS[0])
    }

    /// Planes for this program's chunks of so many words: one of [`CHUNK_WORDS`].
    ///
    /// # Panics
    /// On any other number of words.
    #[must_use]
    pub fn planes(&self, words: usize) -> Planes {
        Planes::new(self.atoms, self.pairs, words)
    }
}

/// What all planes of a chunk may take up: three quarters of a second-level cache of one mebibyte, the rest being the columns
/// that stream through.
const PLANES_BYTES: usize = 768 << 10;

/// Where the constants stand, behind the atoms.
pub(super) const fn constants(atoms: usize) -> (usize, usize) {
    (atoms, atoms + 1)
}

struct Scheduler<'a> {
    circuit: &'a Circuit,
    /// Nodes that become steps, in order.
    order: Vec<u32>,
    /// How many steps read a node.
    reads: Vec<u32>,
    answer_of: Vec<u32>,
}

impl<'a> Scheduler<'a> {
    fn new(circuit: &'a Circuit) -> Self {
        let nodes = circuit.node_count();
        Self { circuit, order: Vec::new(), reads: vec![0; nodes], answer_of: vec![NOWHERE; nodes] }
    }

    fn schedule(mut self) -> Program {
        let mut answers = 0;
        let mut seen = vec![false; self.circuit.node_count()];
        for root in self.circuit.roots() {
            self.visit(root.node(), &mut seen);
            if self.answer_of[root.node()] == NOWHERE {
                self.answer_of[root.node()] = answers;
                answers += 1;
                // A root that is no conjunction is copied out where it first occurs.
                if !matches!(self.circuit.node(root.node()), Node::And(_)) {
                    self.order.push(root.node() as u32);
                }
            }
        }
        let roots = self.circuit.roots().iter();
        let roots = roots
            .map(|root| Root { answer: self.answer_of[root.node()] as usize, is_negated: root.is_negated() })
            .collect();
        let mut program = Program {
            steps: Vec::with_capacity(self.order.len() + 1),
            operands: Vec::new(),
            pairs: 0,
            atoms: self.circuit.atom_count(),
            answers: answers as usize,
            roots,
        };
        self.allot(&mut program);
        program
    }

    /// Puts a conjunction behind its operands, without recursion: conditions may be nested deeply.
    fn visit(&mut self, root: usize, seen: &mut [bool]) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        self.enter(root, seen, &mut open);
        while let Some((node, next)) = open.last_mut() {
            let Node::And(operands) = self.circuit.node(*node) else {
                unreachable!("only conjunctions are entered")
            };
            if let Some(operand) = operands.get(*next) {
                *next += 1;
                self.reads[operand.node()] += 1;
                self.enter(operand.node(), seen, &mut open);
            } else {
                self.order.push(*node as u32);
                open.pop();
            }
        }
    }

    fn enter(&self, node: usize, seen: &mut [bool], open: &mut Vec<(usize, usize)>) {
        if matches!(self.circuit.node(node), Node::And(_)) && !std::mem::replace(&mut seen[node], true) {
            open.push((node, 0));
        }
    }

    /// Gives each step its buffer.
    fn allot(mut self, program: &mut Program) {
        let circuit = self.circuit;
        let (always, unknown) = constants(circuit.atom_count());
        let mut free: Vec<u32> = Vec::new();
        let mut pair_of = vec![NOWHERE; circuit.node_count()];
        program.pairs = unknown + 1;
        for &node in &self.order {
            let node = node as usize;
            let own = [Lit::of(node)];
            let operands = match circuit.node(node) {
                Node::And(operands) => operands,
                Node::Constant(_) | Node::Atom(_) => &own,
            };
            let start = program.operands.len() as u32;
            for operand in operands {
                let pair = match circuit.node(operand.node()) {
                    Node::Constant(Truth::Unknown) => unknown as u32,
                    Node::Constant(_) => always as u32,
                    Node::Atom(atom) => atom as u32,
                    Node::And(_) => pair_of[operand.node()],
                };
                program.operands.push(pair << 1 | u32::from(operand.is_negated()));
                if let (Node::And(_), reads) = (circuit.node(operand.node()), &mut self.reads[operand.node()])
                {
                    *reads -= 1;
                    if *reads == 0 {
                        free.push(pair);
                    }
                }
            }
            let mut pair = NOWHERE;
            if self.reads[node] > 0 && matches!(circuit.node(node), Node::And(_)) {
                pair = free.pop().unwrap_or(program.pairs as u32);
                program.pairs = program.pairs.max(pair as usize + 1);
                pair_of[node] = pair;
            }
            program.steps.push(Step { start, pair, answer: self.answer_of[node] });
        }
        // INVARIANT: one more than there are steps, so that each step's operands end where the next one's begin.
        program.steps.push(Step { start: program.operands.len() as u32, pair: NOWHERE, answer: NOWHERE });
    }
}
