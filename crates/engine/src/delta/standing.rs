//! Where one subject stands, and how that changes.

use crate::planes::{Circuit, Node, Truth, value_of};

use super::readers::Readers;

/// A document whose answer is another than it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Flip {
    /// The number of its root.
    pub root: u32,
    /// What it was.
    pub from: Truth,
    /// What it is.
    pub to: Truth,
}

/// One subject under all documents of a circuit.
#[derive(Clone, Debug)]
pub struct Standing {
    /// INVARIANT: for a conjunction, how many operands are unknown, and 2^16 times how many are false; for an atom or a
    /// constant, the same as if it were its own only operand.
    counts: Vec<u32>,
    /// Nodes whose value tipped and whose readers do not know yet.
    tipped: Vec<Tip>,
    /// What the roots' nodes were before a change, once for each that tipped.
    before: Vec<(u32, u32)>,
    is_noted: Vec<bool>,
}

#[derive(Clone, Copy, Default, Debug)]
struct Tip {
    node: u32,
    before: u32,
    after: u32,
}

const ONE_FALSE: u32 = 1 << 16;
const ONE_UNKNOWN: u32 = 1;

fn count_of(truth: Truth) -> u32 {
    match truth {
        Truth::False => ONE_FALSE,
        Truth::Unknown => ONE_UNKNOWN,
        Truth::True => 0,
    }
}

fn truth_of(count: u32) -> Truth {
    match count {
        0 => Truth::True,
        ONE_UNKNOWN..ONE_FALSE => Truth::Unknown,
        _ => Truth::False,
    }
}

/// Differs exactly where [`truth_of`] does, without a branch.
fn class(count: u32) -> u8 {
    u8::from(count >= ONE_UNKNOWN) + u8::from(count >= ONE_FALSE)
}

impl Standing {
    /// Decides everything once.
    ///
    /// # Panics
    /// If there are fewer values than atoms.
    #[must_use]
    pub fn new(circuit: &Circuit, atoms: &[Truth]) -> Self {
        let values = circuit.evaluate(atoms);
        let count = |node: usize| match circuit.node(node) {
            Node::And(operands) => operands.iter().map(|&lit| count_of(value_of(lit, &values))).sum(),
            Node::Constant(_) | Node::Atom(_) => count_of(values[node]),
        };
        let nodes = circuit.node_count();
        Self {
            counts: (0..nodes).map(count).collect(),
            tipped: Vec::new(),
            before: Vec::new(),
            is_noted: vec![false; nodes],
        }
    }

    /// The answer of a root.
    ///
    /// # Panics
    /// If there is no such root.
    #[must_use]
    pub fn root(&self, readers: &Readers, root: usize) -> Truth {
        let lit = readers.literals()[root];
        let truth = truth_of(self.counts[lit.node()]);
        if lit.is_negated() { !truth } else { truth }
    }

    /// Gives atoms new states, and lists the roots whose answers thereby changed, by circuit order of their conditions. An
    /// atom may be named more than once; the last state holds.
    ///
    /// # Panics
    /// If an atom does not exist, or the readers are another circuit's.
    pub fn change(
        &mut self,
        readers: &Readers,
        atoms: impl IntoIterator<Item = (usize, Truth)>,
        flips: &mut Vec<Flip>,
    ) {
        for (atom, to) in atoms {
            let node = readers.atom(atom);
            let from = truth_of(self.counts[node]);
            if from != to {
                let (before, after) = (self.counts[node], count_of(to));
                self.counts[node] = after;
                self.tipped.push(Tip { node: node as u32, before, after });
                self.settle(readers);
            }
        }
        flips.clear();
        self.before.sort_unstable();
        for (node, before) in self.before.drain(..) {
            self.is_noted[node as usize] = false;
            let (from, to) = (truth_of(before), truth_of(self.counts[node as usize]));
            if from != to {
                flips.extend(readers.roots_of(node as usize).iter().map(|&root| {
                    let is_negated = readers.literals()[root as usize].is_negated();
                    let turn = |truth: Truth| if is_negated { !truth } else { truth };
                    Flip { root, from: turn(from), to: turn(to) }
                }));
            }
        }
    }

    /// Tells all readers, in the order in which values tipped.
    fn settle(&mut self, readers: &Readers) {
        let mut told = 0;
        while let Some(&Tip { node, before, after }) = self.tipped.get(told) {
            told += 1;
            let (from, to) = (truth_of(before), truth_of(after));
            // What a reader's count grows by, for those that read the value as it is and those that read its negation.
            let growth =
                [count_of(to).wrapping_sub(count_of(from)), count_of(!to).wrapping_sub(count_of(!from))];
            if let Some(reader) = readers.only(node as usize) {
                let tip = self.grow(reader, growth);
                if class(tip.before) != class(tip.after) {
                    self.tipped.push(tip);
                }
            } else {
                self.note(readers, node as usize, before);
                self.grow_all(readers.of(node as usize), growth);
            }
        }
        self.tipped.clear();
    }

    fn grow_all(&mut self, readers: &[u32], growth: [u32; 2]) {
        let mut next = self.tipped.len();
        self.tipped.resize(next + readers.len(), Tip::default());
        for &reader in readers {
            let tip = self.grow(reader, growth);
            // Whether a value tips cannot be foretold, so it is always written, and the place taken only if it does.
            self.tipped[next] = tip;
            next += usize::from(class(tip.before) != class(tip.after));
        }
        self.tipped.truncate(next);
    }

    #[inline(always)]
    fn grow(&mut self, reader: u32, growth: [u32; 2]) -> Tip {
        let node = reader >> 1;
        let before = self.counts[node as usize];
        let after = before.wrapping_add(growth[(reader & 1) as usize]);
        self.counts[node as usize] = after;
        Tip { node, before, after }
    }

    fn note(&mut self, readers: &Readers, node: usize, count: u32) {
        if !self.is_noted[node] && !readers.roots_of(node).is_empty() {
            self.is_noted[node] = true;
            self.before.push((node as u32, count));
        }
    }
}
