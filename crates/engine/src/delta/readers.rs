//! Who reads what: for each node of a circuit, the conjunctions that it is an operand of, and the roots that it is.

use crate::planes::{Circuit, Lit, Node};

/// Most operands of one conjunction, so that both counts fit into one word.
pub const OPERANDS_MAX: usize = u16::MAX as usize;

/// The readers of every atom and conjunction that a circuit's roots hang on. Made once, used for all subjects.
#[derive(Clone, Debug)]
pub struct Readers {
    /// Readers end to end: twice the node, plus one where it reads the negation.
    readers: Vec<u32>,
    roots: Vec<u32>,
    /// Where each node's readers and roots begin; one more than there are nodes.
    starts: Vec<(u32, u32)>,
    /// The reader of a node that has one reader and is no root; for all others [`SEVERAL`]. Most nodes that are not atoms
    /// have one.
    only: Vec<u32>,
    atoms: Vec<u32>,
    literals: Vec<Lit>,
}

const SEVERAL: u32 = u32::MAX;

impl Readers {
    /// Of a circuit, which is needed no longer once all standings are made.
    ///
    /// # Panics
    /// If a conjunction has more than [`OPERANDS_MAX`] operands.
    #[must_use]
    pub fn new(circuit: &Circuit) -> Self {
        let nodes = circuit.node_count();
        let is_needed = needed(circuit);
        let mut counts = vec![(0u32, 0u32); nodes + 1];
        for (_, operand) in reads(circuit, &is_needed) {
            counts[operand.node()].0 += 1;
        }
        for root in circuit.roots() {
            counts[root.node()].1 += 1;
        }
        let (mut readers, mut roots) = (0, 0);
        for count in &mut counts {
            let (start, root_start) = (readers, roots);
            readers += count.0;
            roots += count.1;
            *count = (start, root_start);
        }
        let mut made = Self {
            readers: vec![0; readers as usize],
            roots: vec![0; roots as usize],
            starts: counts.clone(),
            only: Vec::new(),
            atoms: (0..circuit.atom_count()).map(|atom| circuit.atom(atom).node() as u32).collect(),
            literals: circuit.roots().to_vec(),
        };
        for (node, operand) in reads(circuit, &is_needed) {
            let next = &mut counts[operand.node()].0;
            made.readers[*next as usize] = (node as u32) << 1 | u32::from(operand.is_negated());
            *next += 1;
        }
        for (root, lit) in circuit.roots().iter().enumerate() {
            let next = &mut counts[lit.node()].1;
            made.roots[*next as usize] = root as u32;
            *next += 1;
        }
        let only = |node: usize| match (made.of(node), made.roots_of(node)) {
            (&[reader], []) => reader,
            _ => SEVERAL,
        };
        made.only = (0..nodes).map(only).collect();
        made
    }

    /// How many atoms there are.
    #[must_use]
    pub fn atom_count(&self) -> usize {
        self.atoms.len()
    }

    pub(super) fn atom(&self, atom: usize) -> usize {
        self.atoms[atom] as usize
    }

    pub(super) fn only(&self, node: usize) -> Option<u32> {
        Some(self.only[node]).filter(|&reader| reader != SEVERAL)
    }

    pub(super) fn of(&self, node: usize) -> &[u32] {
        &self.readers[self.starts[node].0 as usize..self.starts[node + 1].0 as usize]
    }

    pub(super) fn roots_of(&self, node: usize) -> &[u32] {
        &self.roots[self.starts[node].1 as usize..self.starts[node + 1].1 as usize]
    }

    pub(super) fn literals(&self) -> &[Lit] {
        &self.literals
    }
}

/// What the roots hang on. Operands stand before their readers, so one pass from the last node is enough.
fn needed(circuit: &Circuit) -> Vec<bool> {
    let mut is_needed = vec![false; circuit.node_count()];
    for root in circuit.roots() {
        is_needed[root.node()] = true;
    }
    for node in (0..circuit.node_count()).rev() {
        if let (true, Node::And(operands)) = (is_needed[node], circuit.node(node)) {
            operands.iter().for_each(|operand| is_needed[operand.node()] = true);
        }
    }
    is_needed
}

/// Each conjunction with each of its operands.
fn reads<'a>(circuit: &'a Circuit, is_needed: &'a [bool]) -> impl Iterator<Item = (usize, Lit)> + 'a {
    (0..circuit.node_count()).filter(|&node| is_needed[node]).flat_map(|node| {
        let operands = match circuit.node(node) {
            Node::And(operands) => operands,
            Node::Constant(_) | Node::Atom(_) => &[],
        };
        assert!(operands.len() <= OPERANDS_MAX, "a conjunction has at most {OPERANDS_MAX} operands");
        operands.iter().map(move |&operand| (node, operand))
    })
}
