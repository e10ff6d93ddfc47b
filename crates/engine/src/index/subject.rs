//! What is known of one subject: a state for each atom.

use std::ops::Range;

use crate::planes::{Lit, Truth};

/// The states of all atoms for one subject.
///
/// INVARIANT: a literal's state is one byte: 0 false, 1 unknown, 2 true. Atoms come first, then in the same order their
/// negations, then one that is always true and one always unknown, so that a run of cuts is set by filling a run of bytes.
#[derive(Clone, Debug)]
pub struct Subject {
    states: Vec<u8>,
    atoms: usize,
}

/// The byte of a state.
pub(super) const FALSE: u8 = 0;
pub(super) const UNKNOWN: u8 = 1;
pub(super) const TRUE: u8 = 2;

fn byte(truth: Truth) -> u8 {
    match truth {
        Truth::False => FALSE,
        Truth::Unknown => UNKNOWN,
        Truth::True => TRUE,
    }
}

pub(super) fn truth(byte: u8) -> Truth {
    match byte {
        FALSE => Truth::False,
        UNKNOWN => Truth::Unknown,
        _ => Truth::True,
    }
}

impl Subject {
    /// Of whom nothing is known.
    #[must_use]
    pub fn new(atoms: usize) -> Self {
        let mut states = vec![UNKNOWN; 2 * atoms + 2];
        states[2 * atoms] = TRUE;
        Self { states, atoms }
    }

    /// How many atoms there are.
    #[must_use]
    pub fn atom_count(&self) -> usize {
        self.atoms
    }

    /// What is known of one atom.
    ///
    /// # Panics
    /// If there is no such atom.
    #[must_use]
    pub fn get(&self, atom: usize) -> Truth {
        truth(self.states[..self.atoms][atom])
    }

    /// Sets one atom.
    ///
    /// # Panics
    /// If there is no such atom.
    pub fn set(&mut self, atom: usize, state: Truth) {
        let (atoms, negations) = self.states.split_at_mut(self.atoms);
        atoms[atom] = byte(state);
        negations[atom] = byte(!state);
    }

    /// Sets the atoms "value ≥ cut" of one column, numbered by ascending cut. `rank` is how many cuts lie at or below the
    /// value ([`crate::planes::Cuts::rank_of`]); none where the value is not known.
    ///
    /// # Panics
    /// If there are no such atoms, or fewer than the rank.
    pub fn set_cuts(&mut self, atoms: Range<usize>, rank: Option<usize>) {
        let (positive, negative) = self.states.split_at_mut(self.atoms);
        let (positive, negative) = (&mut positive[atoms.clone()], &mut negative[atoms]);
        let Some(rank) = rank else {
            positive.fill(UNKNOWN);
            negative.fill(UNKNOWN);
            return;
        };
        positive[..rank].fill(TRUE);
        positive[rank..].fill(FALSE);
        negative[..rank].fill(FALSE);
        negative[rank..].fill(TRUE);
    }

    /// Where a literal's state stands.
    pub(super) fn place(atoms: usize, atom: usize, lit: Lit) -> u32 {
        (atom + if lit.is_negated() { atoms } else { 0 }) as u32
    }

    pub(super) fn states(&self) -> &[u8] {
        &self.states
    }
}
