//! Conditions as a graph of shared conjunctions.
//!
//! There is one kind of inner node: the AND of two or more signed literals. "Or" is its negation by De Morgan, and a
//! negation is a sign, which costs nothing: it swaps the two planes. Equal nodes are one node, whatever document asked for them.
//!
//! INVARIANT: every rewrite keeps the value under all assignments of three values. `a and not a` therefore stays: it is
//! unknown where `a` is. The unit tests hold each operation to its table over all assignments.

use std::ops::Not;

use rustc_hash::FxHashMap;

use super::truth::Truth;

/// A node of a circuit, or its negation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lit(u32);

impl Lit {
    /// Always true; its negation is always false.
    pub const TRUE: Self = Self(0);
    /// Always false.
    pub const FALSE: Self = Self(1);
    /// Always unknown; it is its own negation.
    pub const UNKNOWN: Self = Self(2);

    const fn new(node: u32, negated: bool) -> Self {
        Self(node << 1 | negated as u32)
    }

    /// A node as it is.
    pub(super) const fn of(node: usize) -> Self {
        Self::new(node as u32, false)
    }

    /// The index of the node, from 0, in the order of making.
    #[must_use]
    pub const fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether the node's value is turned round.
    #[must_use]
    pub const fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        if self == Self::UNKNOWN { self } else { Self(self.0 ^ 1) }
    }
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node<'a> {
    /// The same for every row: true or unknown.
    Constant(Truth),
    /// Given from outside: the atom's number, from 0.
    Atom(usize),
    /// The AND of these, at least two, ascending, of earlier nodes.
    And(&'a [Lit]),
}

#[derive(Clone, Copy, Debug)]
enum Stored {
    Constant(Truth),
    Atom(u32),
    And { start: u32, end: u32 },
}

/// Makes a circuit, node by node.
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Stored>,
    operands: Vec<Lit>,
    atoms: Vec<Lit>,
    known: FxHashMap<Box<[Lit]>, Lit>,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A circuit without atoms.
    #[must_use]
    pub fn new() -> Self {
        Self {
            nodes: vec![Stored::Constant(Truth::True), Stored::Constant(Truth::Unknown)],
            operands: Vec::new(),
            atoms: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    /// The next atom. Atoms are numbered from 0 in the order of asking; each call makes a new one.
    pub fn atom(&mut self) -> Lit {
        let lit = self.push(Stored::Atom(self.atoms.len() as u32));
        self.atoms.push(lit);
        lit
    }

    /// How many atoms there are.
    #[must_use]
    pub fn atom_count(&self) -> usize {
        self.atoms.len()
    }

    /// The literal of a value that is the same for every row.
    #[must_use]
    pub fn constant(&self, value: Truth) -> Lit {
        match value {
            Truth::True => Lit::TRUE,
            Truth::False => Lit::FALSE,
            Truth::Unknown => Lit::UNKNOWN,
        }
    }

    /// All of these hold. Of none: true.
    pub fn and(&mut self, parts: &[Lit]) -> Lit {
        let mut flat = Vec::with_capacity(parts.len());
        for &part in parts {
            match self.nodes[part.node()] {
                Stored::And { start, end } if !part.is_negated() => {
                    flat.extend_from_slice(&self.operands[start as usize..end as usize]);
                }
                _ => flat.push(part),
            }
        }
        flat.retain(|&part| part != Lit::TRUE);
        if flat.contains(&Lit::FALSE) {
            return Lit::FALSE;
        }
        flat.sort_unstable();
        flat.dedup();
        self.absorb(&mut flat);
        match flat[..] {
            [] => return Lit::TRUE,
            [only] => return only,
            _ => {}
        }
        if let Some(&known) = self.known.get(&flat[..]) {
            return known;
        }
        let start = self.operands.len() as u32;
        self.operands.extend_from_slice(&flat);
        let lit = self.push(Stored::And { start, end: self.operands.len() as u32 });
        self.known.insert(flat.into_boxed_slice(), lit);
        lit
    }

    /// At least one of these holds. Of none: false.
    pub fn or(&mut self, parts: &[Lit]) -> Lit {
        let turned: Vec<Lit> = parts.iter().map(|&part| !part).collect();
        !self.and(&turned)
    }

    /// `when` decides which counts. Where it is unknown, the value is what both branches agree on.
    pub fn if_then_else(&mut self, when: Lit, then: Lit, otherwise: Lit) -> Lit {
        let yes = self.and(&[when, then]);
        let no = self.and(&[!when, otherwise]);
        let either = self.and(&[then, otherwise]);
        self.or(&[yes, no, either])
    }

    /// The circuit whose answers are these literals; a literal may occur more than once.
    #[must_use]
    pub fn finish(self, roots: &[Lit]) -> Circuit {
        assert!(roots.iter().all(|root| root.node() < self.nodes.len()), "a root of another circuit");
        Circuit { nodes: self.nodes, operands: self.operands, atoms: self.atoms, roots: roots.to_vec() }
    }

    /// `a and (a or b)` is `a`, in three values as in two: drops each disjunction that another operand already implies.
    fn absorb(&self, flat: &mut Vec<Lit>) {
        let implied = |part: Lit| match self.nodes[part.node()] {
            Stored::And { start, end } if part.is_negated() => {
                let inner = &self.operands[start as usize..end as usize];
                inner.iter().any(|&inner| flat.binary_search(&!inner).is_ok())
            }
            _ => false,
        };
        let kept: Vec<Lit> = flat.iter().copied().filter(|&part| !implied(part)).collect();
        *flat = kept;
    }

    fn push(&mut self, node: Stored) -> Lit {
        assert!(self.nodes.len() < NODES_MAX, "a circuit holds at most {NODES_MAX} nodes");
        let lit = Lit::new(self.nodes.len() as u32, false);
        self.nodes.push(node);
        lit
    }
}

/// Most nodes of one circuit: two hundred times what 100,000 documents need.
pub const NODES_MAX: usize = 1 << 28;

/// A finished graph with its answers, the roots.
#[derive(Clone, Debug)]
pub struct Circuit {
    nodes: Vec<Stored>,
    operands: Vec<Lit>,
    atoms: Vec<Lit>,
    roots: Vec<Lit>,
}

impl Circuit {
    /// How many atoms it reads its rows through.
    #[must_use]
    pub fn atom_count(&self) -> usize {
        self.atoms.len()
    }

    /// The literal of an atom.
    #[must_use]
    pub fn atom(&self, atom: usize) -> Lit {
        self.atoms[atom]
    }

    /// How many nodes, atoms and the two constants included. Operands stand before what they are operands of.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// What a node is.
    #[must_use]
    pub fn node(&self, node: usize) -> Node<'_> {
        match self.nodes[node] {
            Stored::Constant(value) => Node::Constant(value),
            Stored::Atom(atom) => Node::Atom(atom as usize),
            Stored::And { start, end } => Node::And(&self.operands[start as usize..end as usize]),
        }
    }

    /// The answers, in the order in which they were given to [`Builder::finish`].
    #[must_use]
    pub fn roots(&self) -> &[Lit] {
        &self.roots
    }

    /// One row, node by node: the slow twin of everything else here. Gives the value of every node.
    ///
    /// # Panics
    /// If there are fewer values than atoms.
    #[must_use]
    pub fn evaluate(&self, atoms: &[Truth]) -> Vec<Truth> {
        let mut values: Vec<Truth> = Vec::with_capacity(self.nodes.len());
        for node in 0..self.nodes.len() {
            values.push(match self.node(node) {
                Node::Constant(value) => value,
                Node::Atom(atom) => atoms[atom],
                Node::And(operands) => {
                    operands.iter().fold(Truth::True, |all, &lit| all.and(value_of(lit, &values)))
                }
            });
        }
        values
    }
}

/// The value of a literal, given its node's.
#[must_use]
pub fn value_of(lit: Lit, values: &[Truth]) -> Truth {
    let value = values[lit.node()];
    if lit.is_negated() { !value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every expression over three atoms and the constants, up to a depth, compared with its table.
    #[derive(Clone)]
    struct Pair {
        lit: Lit,
        table: Vec<Truth>,
    }

    const ATOMS: usize = 3;

    fn assignments() -> Vec<[Truth; ATOMS]> {
        let mut all = Vec::new();
        for a in Truth::ALL {
            for b in Truth::ALL {
                for c in Truth::ALL {
                    all.push([a, b, c]);
                }
            }
        }
        all
    }

    fn leaves(builder: &mut Builder) -> Vec<Pair> {
        let mut leaves: Vec<Pair> = Truth::ALL
            .into_iter()
            .map(|value| Pair { lit: builder.constant(value), table: vec![value; 27] })
            .collect();
        for atom in 0..ATOMS {
            let lit = builder.atom();
            let table: Vec<Truth> = assignments().iter().map(|row| row[atom]).collect();
            leaves.push(Pair { lit: !lit, table: table.iter().map(|&value| !value).collect() });
            leaves.push(Pair { lit, table });
        }
        leaves
    }

    fn grow(builder: &mut Builder, from: &[Pair]) -> Vec<Pair> {
        let mut grown = Vec::new();
        for a in from {
            for b in from {
                let both = |f: fn(Truth, Truth) -> Truth| {
                    a.table.iter().zip(&b.table).map(|(&a, &b)| f(a, b)).collect::<Vec<_>>()
                };
                grown.push(Pair { lit: builder.and(&[a.lit, b.lit]), table: both(Truth::and) });
                grown.push(Pair { lit: builder.or(&[a.lit, b.lit]), table: both(Truth::or) });
            }
        }
        grown
    }

    fn hold(circuit: &Circuit, pairs: &[Pair]) {
        for (row, atoms) in assignments().iter().enumerate() {
            let values = circuit.evaluate(atoms);
            for pair in pairs {
                assert_eq!(value_of(pair.lit, &values), pair.table[row], "{:?} under {atoms:?}", pair.lit);
            }
        }
    }

    #[test]
    fn and_and_or_keep_their_tables_over_all_assignments_however_they_are_nested() {
        let mut builder = Builder::new();
        let leaves = leaves(&mut builder);
        let mut pairs = grow(&mut builder, &leaves);
        pairs.sort_by_key(|pair| pair.lit);
        pairs.dedup_by_key(|pair| pair.lit);
        let deeper = grow(&mut builder, &pairs);
        pairs.extend(deeper);
        hold(&builder.finish(&[]), &pairs);
    }

    #[test]
    fn a_choice_keeps_its_table_over_all_assignments() {
        let mut builder = Builder::new();
        let leaves = leaves(&mut builder);
        let mut parts = grow(&mut builder, &leaves[3..]);
        parts.extend(leaves);
        parts.sort_by_key(|pair| pair.lit);
        parts.dedup_by_key(|pair| pair.lit);
        let mut pairs = Vec::new();
        for (w, a, b) in parts.iter().flat_map(|w| {
            let parts = &parts;
            parts.iter().flat_map(move |a| parts.iter().map(move |b| (w, a, b)))
        }) {
            let table = (0..27).map(|row| Truth::choose(w.table[row], a.table[row], b.table[row])).collect();
            pairs.push(Pair { lit: builder.if_then_else(w.lit, a.lit, b.lit), table });
        }
        hold(&builder.finish(&[]), &pairs);
    }

    #[test]
    fn a_condition_and_its_opposite_are_not_folded_to_false() {
        let mut builder = Builder::new();
        let a = builder.atom();
        let both = builder.and(&[a, !a]);
        assert_ne!(both, Lit::FALSE);
        let either = builder.or(&[a, !a]);
        assert_ne!(either, Lit::TRUE);
    }

    #[test]
    fn equal_conditions_are_one_node() {
        let mut builder = Builder::new();
        let (a, b, c) = (builder.atom(), builder.atom(), builder.atom());
        let ab = builder.and(&[b, a, a]);
        let abc = builder.and(&[ab, c]);
        assert_eq!(abc, builder.and(&[c, b, a]));
        let or = builder.or(&[a, b]);
        assert_eq!(builder.and(&[a, or]), a);
        assert_eq!(builder.and(&[or, Lit::TRUE]), or);
        assert_eq!(!!or, or);
        assert_eq!(!Lit::UNKNOWN, Lit::UNKNOWN);
    }
}
