//! The documents, in a form that belongs to no engine: conditions over the columns, joined by and, or, not.
//!
//! 1,000 of them hold about 6,000 conditions, of which about 1,350 differ, and about 1,940 different conjunctions,
//! counted as an engine counts them that writes "or" by negation. A document reads a column once, so that it never
//! contradicts itself and a condition's being unknown says nothing about its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{FIELDS, Kind, SHARES, cuts};
use super::random::Random;

/// A condition on one column or one share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Atom {
    /// The number is at least `cut`.
    AtLeast {
        /// Index in [`FIELDS`].
        field: usize,
        /// Fen or things.
        cut: i64,
    },
    /// The number is below `cut`.
    Below {
        /// Index in [`FIELDS`].
        field: usize,
        /// Fen or things.
        cut: i64,
    },
    /// The number lies between both, both included.
    Within {
        /// Index in [`FIELDS`].
        field: usize,
        /// Fen or things.
        low: i64,
        /// Fen or things.
        high: i64,
    },
    /// The share is at least so many thousandths.
    ShareAtLeast {
        /// Index in [`SHARES`].
        share: usize,
        /// Thousandths.
        cut: i64,
    },
    /// The share is at most so many thousandths.
    ShareAtMost {
        /// Index in [`SHARES`].
        share: usize,
        /// Thousandths.
        cut: i64,
    },
    /// The day lies no more than so many months back.
    Young {
        /// Index in [`FIELDS`].
        field: usize,
        /// Months before the day of decision.
        months: i64,
    },
    /// The day lies at least so many months back.
    Old {
        /// Index in [`FIELDS`].
        field: usize,
        /// Months before the day of decision.
        months: i64,
    },
    /// The code is one of these.
    In {
        /// Index in [`FIELDS`].
        field: usize,
        /// Codes, ascending.
        codes: Vec<u8>,
    },
    /// Yes.
    Is {
        /// Index in [`FIELDS`].
        field: usize,
    },
    /// The set has this code.
    Has {
        /// Index in [`FIELDS`].
        field: usize,
        /// The code.
        code: u8,
    },
}

/// Conditions joined.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Node {
    /// A condition: index in [`Documents::atoms`].
    Atom(usize),
    /// Not.
    Not(Box<Node>),
    /// All hold.
    All(Vec<Node>),
    /// At least one holds.
    Any(Vec<Node>),
}

/// A document: all its needs must hold.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub needs: Vec<Node>,
}

/// Documents and the conditions that they share.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Different conditions.
    pub atoms: Vec<Atom>,
    /// The documents.
    pub documents: Vec<Document>,
}

impl Documents {
    /// The first `count` documents of a seed.
    pub fn generate(seed: u64, count: usize) -> Self {
        let mut maker = Maker::new(seed);
        let documents = (0..count).map(|index| maker.document(index)).collect();
        Self { atoms: maker.atoms, documents }.first(count)
    }

    /// The first `count` of them, with the conditions that those use.
    pub fn first(&self, count: usize) -> Self {
        let mut kept = Self::default();
        let mut new_index = BTreeMap::new();
        for document in self.documents.iter().take(count) {
            let mut needs = document.needs.clone();
            for need in &mut needs {
                need.each_atom(&mut |atom| {
                    *atom = *new_index.entry(*atom).or_insert_with(|| {
                        kept.atoms.push(self.atoms[*atom].clone());
                        kept.atoms.len() - 1
                    });
                });
            }
            kept.documents.push(Document { id: document.id.clone(), needs });
        }
        kept
    }

    /// How many conditions the documents hold, repeated ones counted each time.
    pub fn uses(&self) -> usize {
        let mut count = 0;
        for document in &self.documents {
            for need in &document.needs {
                need.clone().each_atom(&mut |_| count += 1);
            }
        }
        count
    }

    /// How many different comparisons the conditions come to: `x < v` is `x >= v` negated, a range is two.
    pub fn comparisons(&self) -> usize {
        let mut seen = BTreeSet::new();
        for atom in &self.atoms {
            match *atom {
                Atom::Below { field, cut } => {
                    seen.insert(Atom::AtLeast { field, cut });
                }
                Atom::Within { field, low, high } => {
                    seen.insert(Atom::AtLeast { field, cut: low });
                    seen.insert(Atom::AtLeast { field, cut: high + 1 });
                }
                _ => {
                    seen.insert(atom.clone());
                }
            }
        }
        seen.len()
    }

    /// How many different conjunctions there are, "or" being a negated conjunction of negations.
    pub fn conjunctions(&self) -> usize {
        let mut seen = BTreeSet::new();
        for document in &self.documents {
            literal(&Node::All(document.needs.clone()), &mut seen);
        }
        seen.len()
    }
}

/// The node with `not` pushed to the front, conjunctions noted in `seen`; "or" becomes a negated conjunction.
fn literal(node: &Node, seen: &mut BTreeSet<Vec<(bool, Node)>>) -> (bool, Node) {
    match node {
        Node::Atom(_) => (true, node.clone()),
        Node::Not(inner) => {
            let (sign, inner) = literal(inner, seen);
            (!sign, inner)
        }
        Node::All(members) | Node::Any(members) => {
            let is_any = matches!(node, Node::Any(_));
            let mut members: Vec<(bool, Node)> = members
                .iter()
                .map(|member| literal(member, seen))
                .map(|(sign, member)| (sign != is_any, member))
                .collect();
            members.sort();
            seen.insert(members);
            (!is_any, node.clone())
        }
    }
}

impl Node {
    /// Calls `visit` with each condition's index.
    fn each_atom(&mut self, visit: &mut impl FnMut(&mut usize)) {
        match self {
            Node::Atom(atom) => visit(atom),
            Node::Not(inner) => inner.each_atom(visit),
            Node::All(members) | Node::Any(members) => {
                members.iter_mut().for_each(|member| member.each_atom(visit));
            }
        }
    }
}

/// How many shared groups ("at least one of") there are to choose from.
const GROUPS: usize = 700;
/// How often a group comes from the shared ones, in a thousand.
const SHARED_PER_MILLE: u64 = 540;

struct Maker {
    random: Random,
    atoms: Vec<Atom>,
    index: BTreeMap<Atom, usize>,
    groups: Vec<(Node, BTreeSet<usize>)>,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        let mut maker = Self { random, atoms: Vec::new(), index: BTreeMap::new(), groups: Vec::new() };
        for _ in 0..GROUPS {
            let mut used = BTreeSet::new();
            let group = maker.group(&mut used);
            maker.groups.push((group, used));
        }
        // Only what a document uses is numbered.
        maker
    }

    fn document(&mut self, index: usize) -> Document {
        let mut used = BTreeSet::new();
        let mut needs = Vec::new();
        let groups = self.random.of(&[0, 0, 1, 1, 1, 2]);
        for _ in 0..groups {
            needs.extend(self.shared_or_new(&mut used));
        }
        let singles = match groups {
            0 => 4 + self.random.index(4),
            1 => 2 + self.random.index(3),
            _ => 1 + self.random.index(2),
        };
        for _ in 0..singles {
            needs.push(self.condition(&mut used));
        }
        Document { id: format!("bench-{index:04}"), needs }
    }

    fn shared_or_new(&mut self, used: &mut BTreeSet<usize>) -> Option<Node> {
        if !self.random.per_mille(SHARED_PER_MILLE) {
            return Some(self.group(used));
        }
        let (group, columns) = &self.groups[self.random.index(self.groups.len())];
        if !columns.is_disjoint(used) {
            return None;
        }
        used.extend(columns);
        Some(group.clone())
    }

    /// At least one of two or three; now and then one of them is itself two conditions.
    fn group(&mut self, used: &mut BTreeSet<usize>) -> Node {
        let mut members: Vec<Node> = (0..2 + self.random.index(2)).map(|_| self.condition(used)).collect();
        if self.random.per_mille(250) {
            let both = vec![self.condition(used), self.condition(used)];
            members.push(Node::All(both));
        }
        Node::Any(members)
    }

    /// A condition on columns that were not used so far, sometimes negated.
    fn condition(&mut self, used: &mut BTreeSet<usize>) -> Node {
        let (atom, columns) = loop {
            let (atom, columns) = self.atom();
            if columns.is_disjoint(used) {
                break (atom, columns);
            }
        };
        used.extend(&columns);
        let may_negate = matches!(atom, Atom::In { .. } | Atom::Is { .. } | Atom::Has { .. });
        let next = self.atoms.len();
        let number = *self.index.entry(atom.clone()).or_insert(next);
        if number == next {
            self.atoms.push(atom);
        }
        let node = Node::Atom(number);
        if may_negate && self.random.per_mille(150) { Node::Not(Box::new(node)) } else { node }
    }

    /// A condition and the stored columns that it reads.
    fn atom(&mut self) -> (Atom, BTreeSet<usize>) {
        let column = self.random.index(FIELDS.len() + SHARES.len());
        if let Some(share) = column.checked_sub(FIELDS.len()) {
            let cut = self.random.of(SHARES[share].cuts);
            let columns = BTreeSet::from([SHARES[share].numerator, SHARES[share].denominator]);
            // A high share of debt is bad, a high share of research is good.
            let atom =
                if share == 1 { Atom::ShareAtMost { share, cut } } else { Atom::ShareAtLeast { share, cut } };
            return (atom, columns);
        }
        (self.on_field(column), BTreeSet::from([column]))
    }

    fn on_field(&mut self, field: usize) -> Atom {
        match FIELDS[field].kind {
            Kind::Money { .. } | Kind::Count { .. } | Kind::Part { .. } => self.on_number(field),
            Kind::Date => {
                let months = 4 * (1 + self.random.below(60) as i64);
                if self.random.per_mille(500) {
                    Atom::Young { field, months }
                } else {
                    Atom::Old { field, months }
                }
            }
            Kind::Code(codes) => {
                // Documents name neighbouring codes, so that lists recur.
                let width = 1 + self.random.below(u64::from(codes) / 2) as u8;
                let first = self.random.below(u64::from(codes - width) / 2 + 1) as u8 * 2;
                let last = (first + width).min(codes);
                Atom::In { field, codes: (first..last).collect() }
            }
            Kind::Bool => Atom::Is { field },
            Kind::Set(codes) => Atom::Has { field, code: self.random.below(u64::from(codes)) as u8 },
        }
    }

    fn on_number(&mut self, field: usize) -> Atom {
        let cuts = cuts(FIELDS[field].kind);
        // Lower limits are mostly low and upper limits mostly high: rules that nobody meets are not written.
        let third = cuts.len() / 3;
        let low = cuts[self.random.index(2 * third)];
        let high = cuts[third + self.random.index(cuts.len() - third)];
        match self.random.below(10) {
            0..6 => Atom::AtLeast { field, cut: low },
            6..9 => Atom::Below { field, cut: high },
            _ => Atom::Within { field, low: low.min(high), high: low.max(high) },
        }
    }
}
