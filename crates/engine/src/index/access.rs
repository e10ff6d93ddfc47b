//! The files and the search through them.

use crate::planes::{Circuit, Count, Lit, Node};

use super::subject::{FALSE, Subject, TRUE, UNKNOWN};

/// How often an atom is true and false among subjects like those to be asked for. [`Count`]s of a sample will do, and
/// decide only how fast a search is.
#[derive(Clone, Copy, Debug)]
pub struct Odds {
    /// Share of subjects, from 0 to 1.
    pub trues: f32,
    /// Share of subjects, from 0 to 1.
    pub falses: f32,
}

impl Odds {
    /// Nothing is known about the subjects.
    pub const EVEN: Self = Self { trues: 0.5, falses: 0.5 };

    /// As counted among so many rows.
    #[must_use]
    pub fn counted(count: Count, rows: usize) -> Self {
        let share = |rows_with: u64| rows_with as f32 / rows.max(1) as f32;
        Self { trues: share(count.trues), falses: share(count.falses) }
    }
}

/// A document's conditions that are tested before anything else of it is looked at.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Places of states; the first is the one it is filed under. Where it has fewer, the place that is always true.
    tests: [u32; TESTS],
    document: u32,
}

/// How many conditions stand in an entry.
const TESTS: usize = 3;

/// Documents filed by their least likely condition.
#[derive(Clone, Debug)]
pub struct Index {
    atoms: usize,
    documents: usize,
    /// By the place of the first test, ascending.
    entries: Vec<Entry>,
    /// Where the entries of each place begin, and at last their number.
    starts: Vec<u32>,
    /// What else each document asks for, the likeliest to fail first.
    rest: Lists,
    /// Operands of each conjunction that is no document's own.
    inner: Lists,
    is_removed: Vec<bool>,
}

/// Lists of terms, end to end.
#[derive(Clone, Default, Debug)]
struct Lists {
    starts: Vec<u32>,
    terms: Vec<Term>,
}

impl Lists {
    fn of(&self, list: usize) -> &[Term] {
        &self.terms[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

/// A place of a state, or, with the highest bit, a literal of a conjunction.
#[derive(Clone, Copy, Debug)]
struct Term(u32);

const IS_NODE: u32 = 1 << 31;

/// What a search found, in the same order for the same subject, but in no other order. Keep it for the next search: it
/// keeps its room.
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// Documents that are true.
    pub trues: Vec<u32>,
    /// Documents that are unknown.
    pub unknowns: Vec<u32>,
    candidates: Vec<(u32, u8)>,
    values: Vec<u8>,
    open: Vec<u32>,
}

/// In place of the value of a conjunction not yet looked at.
const OPEN: u8 = 3;

impl Index {
    /// Files all roots of a circuit; a document is the number of its root. One odds an atom, or none at all.
    ///
    /// # Panics
    /// If there are odds for fewer atoms than the circuit has.
    #[must_use]
    pub fn new(circuit: &Circuit, odds: &[Odds]) -> Self {
        let filer = Filer { circuit, odds };
        let atoms = circuit.atom_count();
        let documents = circuit.roots().len();
        let mut entries = Vec::with_capacity(documents);
        let mut rest = Lists::default();
        for (document, &root) in circuit.roots().iter().enumerate() {
            rest.starts.push(rest.terms.len() as u32);
            if root != Lit::FALSE {
                let (tests, terms) = filer.file(root);
                rest.terms.extend(terms);
                entries.push(Entry { tests, document: document as u32 });
            }
        }
        rest.starts.push(rest.terms.len() as u32);
        entries.sort_by_key(|entry| (entry.tests[0], entry.tests[1]));
        let starts = (0..=2 * atoms + 1)
            .map(|place| entries.partition_point(|entry| (entry.tests[0] as usize) < place) as u32)
            .collect();
        let inner = filer.inner();
        Self { atoms, documents, entries, starts, rest, inner, is_removed: vec![false; documents] }
    }

    /// Never finds this document again.
    ///
    /// # Panics
    /// If there is no such document.
    pub fn remove(&mut self, document: usize) {
        self.is_removed[document] = true;
    }

    /// Finds the documents that are true and those that are unknown for a subject; all others are false.
    ///
    /// # Panics
    /// If the subject's atoms are another circuit's.
    pub fn search(&self, subject: &Subject, found: &mut Found) {
        assert_eq!(subject.atom_count(), self.atoms, "a subject of another circuit");
        found.trues.clear();
        found.unknowns.clear();
        found.values.clear();
        found.values.resize(self.inner.starts.len().saturating_sub(1), OPEN);
        found.values[Lit::UNKNOWN.node()] = UNKNOWN;
        found.candidates.resize(self.documents + 1, (0, 0));
        let candidates = self.gather(subject.states(), &mut found.candidates);
        for place in 0..candidates {
            let (document, tested) = found.candidates[place];
            let value = self.settle(document as usize, tested, subject.states(), found);
            if value != FALSE && !self.is_removed[document as usize] {
                if value == TRUE { found.trues.push(document) } else { found.unknowns.push(document) }
            }
        }
    }

    /// Goes through all open files; keeps the documents none of whose tests is false, and the least of the tests.
    fn gather(&self, states: &[u8], candidates: &mut [(u32, u8)]) -> usize {
        let mut kept = 0;
        let mut place = 0;
        while place < states.len() {
            if states[place] == FALSE {
                place += 1;
                continue;
            }
            // Files that lie together are gone through as one.
            let open =
                states[place..].iter().position(|&state| state == FALSE).unwrap_or(states.len() - place);
            let run = self.starts[place] as usize..self.starts[place + open] as usize;
            for entry in &self.entries[run] {
                let [a, b, c] = entry.tests.map(|test| states[test as usize]);
                let least = a.min(b).min(c);
                // Whether it is kept cannot be foretold, so it is always written, and the place taken only if it is.
                candidates[kept] = (entry.document, least);
                kept += usize::from(least != FALSE);
            }
            place += open;
        }
        kept
    }

    fn settle(&self, document: usize, tested: u8, states: &[u8], found: &mut Found) -> u8 {
        let mut least = tested;
        for &term in self.rest.of(document) {
            let value = self.value(term, states, found);
            least = least.min(value);
            if least == FALSE {
                break;
            }
        }
        least
    }

    fn value(&self, term: Term, states: &[u8], found: &mut Found) -> u8 {
        if term.0 & IS_NODE == 0 {
            return states[term.0 as usize];
        }
        let node = (term.0 & !IS_NODE) >> 1;
        let value = match found.values[node as usize] {
            OPEN => self.conjunction(node, states, found),
            known => known,
        };
        if term.0 & 1 == 1 { TRUE - value } else { value }
    }

    /// The value of a conjunction, its operands before it, without recursion: conditions may be nested deeply.
    fn conjunction(&self, node: u32, states: &[u8], found: &mut Found) -> u8 {
        found.open.clear();
        found.open.push(node);
        while let Some(&node) = found.open.last() {
            let mut least = TRUE;
            let mut waits = false;
            for term in self.inner.of(node as usize) {
                let value = if term.0 & IS_NODE == 0 {
                    states[term.0 as usize]
                } else {
                    let inner = (term.0 & !IS_NODE) >> 1;
                    match found.values[inner as usize] {
                        OPEN => {
                            found.open.push(inner);
                            waits = true;
                            break;
                        }
                        known if term.0 & 1 == 1 => TRUE - known,
                        known => known,
                    }
                };
                least = least.min(value);
                if least == FALSE {
                    break;
                }
            }
            if !waits {
                found.values[node as usize] = least;
                found.open.pop();
            }
        }
        found.values[node as usize]
    }
}

/// Decides where documents are filed.
struct Filer<'a> {
    circuit: &'a Circuit,
    odds: &'a [Odds],
}

impl Filer<'_> {
    /// A document's tests, and what is left of it.
    fn file(&self, root: Lit) -> ([u32; TESTS], Vec<Term>) {
        let own = [root];
        let operands = match self.circuit.node(root.node()) {
            Node::And(operands) if !root.is_negated() => operands,
            _ => &own[..],
        };
        let always = 2 * self.circuit.atom_count() as u32;
        let is_plain = |lit: &Lit| matches!(self.circuit.node(lit.node()), Node::Atom(_));
        let (mut plain, mut nested): (Vec<Lit>, Vec<Lit>) = operands.iter().partition(|lit| is_plain(lit));
        plain.sort_by(|&a, &b| self.likelihood(a).total_cmp(&self.likelihood(b)).then(a.cmp(&b)));
        nested.sort_by(|&a, &b| self.likelihood(a).total_cmp(&self.likelihood(b)).then(a.cmp(&b)));
        let mut tests = [always; TESTS];
        for (place, &lit) in plain.iter().take(TESTS).enumerate() {
            tests[place] = self.term(lit).0;
        }
        let rest = plain.iter().skip(TESTS).chain(&nested).filter(|&&lit| lit != Lit::TRUE);
        (tests, rest.map(|&lit| self.term(lit)).collect())
    }

    /// About how often a literal is not false; nested conditions as if theirs had nothing to do with each other.
    fn likelihood(&self, lit: Lit) -> f32 {
        let odds = |lit: Lit| match self.circuit.node(lit.node()) {
            Node::Atom(atom) => self.odds.get(atom).copied().unwrap_or(Odds::EVEN),
            _ => Odds::EVEN,
        };
        let possible =
            |lit: Lit| if lit.is_negated() { 1.0 - odds(lit).trues } else { 1.0 - odds(lit).falses };
        match self.circuit.node(lit.node()) {
            Node::And(operands) if lit.is_negated() => {
                1.0 - operands.iter().map(|&operand| 1.0 - possible(!operand)).product::<f32>()
            }
            Node::And(operands) => operands.iter().map(|&operand| possible(operand)).product(),
            _ => possible(lit),
        }
    }

    fn term(&self, lit: Lit) -> Term {
        let atoms = self.circuit.atom_count();
        match self.circuit.node(lit.node()) {
            Node::Atom(atom) => Term(Subject::place(atoms, atom, lit)),
            _ => Term(IS_NODE | (lit.node() as u32) << 1 | u32::from(lit.is_negated())),
        }
    }

    fn inner(&self) -> Lists {
        let mut lists = Lists::default();
        for node in 0..self.circuit.node_count() {
            lists.starts.push(lists.terms.len() as u32);
            if let Node::And(operands) = self.circuit.node(node) {
                lists.terms.extend(operands.iter().map(|&lit| self.term(lit)));
            }
        }
        lists.starts.push(lists.terms.len() as u32);
        lists
    }
}
