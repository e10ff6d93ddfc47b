//! The files and the search through them.

use crate::planes::{Circuit, Count, Lit};

use super::filer::Filer;
use super::subject::{FALSE, Subject, TRUE};

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
pub(super) const TESTS: usize = 3;

/// Documents filed by their least likely condition.
#[derive(Clone, Debug)]
pub struct Index {
    atoms: usize,
    /// By the place of the first test, ascending.
    entries: Vec<Entry>,
    /// Where the entries of each place begin, and at last their number.
    starts: Vec<u32>,
    /// What else each entry's document asks for, the likeliest to fail first. In the entries' order, so that what is looked
    /// at together lies together.
    rest: Lists,
    /// Operands of the conjunctions that are too deeply nested to stand where they are used.
    deep: Lists,
    is_removed: Vec<bool>,
}

/// Lists of terms, end to end.
#[derive(Clone, Default, Debug)]
pub(super) struct Lists {
    /// One more than there are lists.
    pub(super) starts: Vec<u32>,
    pub(super) terms: Vec<Term>,
}

impl Lists {
    fn of(&self, list: usize) -> &[Term] {
        &self.terms[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

/// One condition among several that must all hold: a place of a state; or a group of further terms, which stand behind it; or
/// a conjunction in [`Index::deep`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Term(pub(super) u32);

const KIND: u32 = 3 << 30;
pub(super) const IS_GROUP: u32 = 1 << 30;
pub(super) const IS_DEEP: u32 = 2 << 30;

impl Term {
    /// A group's or a deep conjunction's value is turned round.
    fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// How many terms follow in a group, or which list holds a deep conjunction.
    fn number(self) -> usize {
        ((self.0 & !KIND) >> 1) as usize
    }

    fn turn(self, value: u8) -> u8 {
        if self.is_negated() { TRUE - value } else { value }
    }
}

/// How deeply groups stand within groups.
pub(super) const GROUP_DEPTH_MAX: usize = 3;

/// How many terms a group may have.
pub(super) const GROUP_TERMS_MAX: usize = 64;

/// What a search found, in the same order for the same subject, but in no other order. Keep it for the next search: it
/// keeps its room.
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// Documents that are true.
    pub trues: Vec<u32>,
    /// Documents that are unknown.
    pub unknowns: Vec<u32>,
    /// Entries all of whose tests passed, with the least of them.
    candidates: Vec<(u32, u8)>,
    /// Of the deep conjunctions looked at so far.
    values: Vec<u8>,
    open: Vec<u32>,
}

/// In place of the value of a conjunction not yet looked at.
const OPEN: u8 = 3;

impl Index {
    /// Files all roots of a circuit; a document is the number of its root. One odds an atom, or none at all.
    #[must_use]
    pub fn new(circuit: &Circuit, odds: &[Odds]) -> Self {
        let mut filer = Filer::new(circuit, odds);
        let atoms = circuit.atom_count();
        let mut files: Vec<(Entry, Vec<Term>)> = Vec::new();
        for (document, &root) in circuit.roots().iter().enumerate() {
            if root != Lit::FALSE {
                let (tests, rest) = filer.file(root);
                files.push((Entry { tests, document: document as u32 }, rest));
            }
        }
        files.sort_by_key(|(entry, _)| (entry.tests, entry.document));
        let (mut entries, mut rest) = (Vec::with_capacity(files.len()), Lists::default());
        for (entry, terms) in files {
            entries.push(entry);
            rest.starts.push(rest.terms.len() as u32);
            rest.terms.extend(terms);
        }
        rest.starts.push(rest.terms.len() as u32);
        let starts = (0..=2 * atoms + 2)
            .map(|place| entries.partition_point(|entry: &Entry| (entry.tests[0] as usize) < place) as u32)
            .collect();
        let is_removed = vec![false; circuit.roots().len()];
        Self { atoms, entries, starts, rest, deep: filer.deep(), is_removed }
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
        found.values.resize(self.deep.starts.len() - 1, OPEN);
        found.candidates.resize(self.entries.len() + 1, (0, 0));
        let candidates = self.gather(subject.states(), &mut found.candidates);
        for candidate in 0..candidates {
            let (entry, tested) = found.candidates[candidate];
            let value = tested.min(self.least(self.rest.of(entry as usize), subject.states(), found));
            let document = self.entries[entry as usize].document;
            if value != FALSE && !self.is_removed[document as usize] {
                if value == TRUE { found.trues.push(document) } else { found.unknowns.push(document) }
            }
        }
    }

    /// Goes through all open files; keeps the entries none of whose tests is false, and the least of the tests.
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
            for (entry, number) in self.entries[run.clone()].iter().zip(run.start as u32..) {
                let [a, b, c] = entry.tests.map(|test| states[test as usize]);
                let least = a.min(b).min(c);
                // Whether it is kept cannot be foretold, so it is always written, and the place taken only if it is.
                candidates[kept] = (number, least);
                kept += usize::from(least != FALSE);
            }
            place += open;
        }
        kept
    }

    /// The least of the terms' values. Calls itself at most [`GROUP_DEPTH_MAX`] deep.
    fn least(&self, mut terms: &[Term], states: &[u8], found: &mut Found) -> u8 {
        let mut least = TRUE;
        while let Some((&term, mut behind)) = terms.split_first() {
            let value = match term.0 & KIND {
                IS_GROUP => {
                    let (group, after) = behind.split_at(term.number());
                    behind = after;
                    term.turn(self.least(group, states, found))
                }
                IS_DEEP => {
                    if found.values[term.number()] == OPEN {
                        self.settle(term.number() as u32, states, found);
                    }
                    term.turn(found.values[term.number()])
                }
                _ => states[term.0 as usize],
            };
            least = least.min(value);
            if least == FALSE {
                break;
            }
            terms = behind;
        }
        least
    }

    /// Finds the value of a deep conjunction, what it hangs on first, without recursion: conditions may be nested deeply.
    /// Its terms are states and other deep conjunctions only.
    fn settle(&self, wanted: u32, states: &[u8], found: &mut Found) {
        found.open.clear();
        found.open.push(wanted);
        while let Some(&list) = found.open.last() {
            let mut least = TRUE;
            let mut waits = false;
            for &term in self.deep.of(list as usize) {
                let is_deep = term.0 & KIND == IS_DEEP;
                let value = if is_deep { found.values[term.number()] } else { states[term.0 as usize] };
                if value == OPEN {
                    found.open.push(term.number() as u32);
                    waits = true;
                    break;
                }
                least = least.min(if is_deep { term.turn(value) } else { value });
                if least == FALSE {
                    break;
                }
            }
            if !waits {
                found.values[list as usize] = least;
                found.open.pop();
            }
        }
    }
}
