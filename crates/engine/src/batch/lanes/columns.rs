//! Columns of numbers and codes as atoms of a circuit.

use lang::ir::Compare;

use super::Entry;
use crate::batch::eval::{ChunkEval, least_passing, scaled};
use crate::batch::program::{SlotId, TruthId};
use crate::batch::slots::{NumberChunk, SlotChunk};
use crate::planes::{Codes, Cuts, Planes, Sets, Slices};
use crate::point::Truth;

/// A numeric column with everything it is compared with.
#[derive(Debug)]
pub(super) struct CutLane {
    pub slot: SlotId,
    pub entries: Vec<Entry>,
}

/// A column ranked against its constants.
pub(super) struct Ranked {
    scale: u8,
    cuts: Cuts,
    slices: Slices,
    /// For each cut the atom that is filled, for each entry the cut it stands at; none where no mantissa can reach it.
    atoms: Vec<u32>,
    places: Vec<Option<usize>>,
    /// What each comparison comes to where the column is not known.
    unknown: Vec<Truth>,
}

/// A column of codes with everything it is tested for.
#[derive(Debug)]
pub(super) struct CodeLane {
    pub slot: SlotId,
    pub atoms: Vec<(TruthId, u32)>,
}

/// A column of codes sorted by what they are tested for.
pub(super) struct Classed {
    codes: Codes,
    slices: Slices,
    /// Atoms that are sets of codes, in the order of the sets.
    sets: Vec<u32>,
    /// What each comes to where the column is not known, and for 无.
    unknown: Vec<(Truth, Truth)>,
    /// Atoms that leave some code open.
    others: Vec<(TruthId, u32)>,
}

/// A column of sets of codes with everything it is tested for.
#[derive(Debug)]
pub(super) struct SetLane {
    pub slot: SlotId,
    pub atoms: Vec<(TruthId, u32)>,
}

/// What sets are tested for, in the places of a population's codes.
pub(super) struct Testing {
    sets: Sets,
    atoms: Vec<u32>,
    /// What each comes to where the column is not known, and for 无.
    unknown: Vec<(Truth, Truth)>,
}

/// Whether the comparison is the opposite of reaching its key.
pub(super) fn is_below(op: Compare) -> bool {
    matches!(op, Compare::Lt | Compare::Le)
}

/// Sets a truth in some rows of an atom.
fn patch(planes: &mut Planes, atom: u32, truth: Truth, rows: &[u64]) {
    let (yes, no) = planes.atom_mut(atom as usize);
    let lane = match truth {
        Truth::True => yes,
        Truth::False => no,
        Truth::Unknown => return,
    };
    lane.iter_mut().zip(rows).for_each(|(lane, rows)| *lane |= rows);
}

/// Sets what atoms come to where the column is not known, and for 无.
fn patch_all(
    planes: &mut Planes,
    atoms: &[u32],
    truths: &[(Truth, Truth)],
    nothing: Option<&[u64]>,
    unknown: impl FnOnce() -> Vec<u64>,
) {
    if let Some(nothing) = nothing {
        for (atom, (_, truth)) in atoms.iter().zip(truths) {
            patch(planes, *atom, *truth, nothing);
        }
    }
    if truths.iter().any(|(truth, _)| *truth != Truth::Unknown) {
        let unknown = unknown();
        for (atom, (truth, _)) in atoms.iter().zip(truths) {
            patch(planes, *atom, *truth, &unknown);
        }
    }
}

/// Fills an atom from a truth computed the ordinary way, or from its opposite; says whether some row could not be told.
pub(super) fn copy(
    eval: &mut ChunkEval<'_, '_>,
    truth: TruthId,
    atom: u32,
    is_turned: bool,
    planes: &mut Planes,
) -> bool {
    let truth = eval.truth(truth);
    let (mut yes, mut no) = planes.atom_mut(atom as usize);
    if is_turned {
        std::mem::swap(&mut yes, &mut no);
    }
    yes.fill(0);
    no.fill(0);
    yes[..truth.yes.len()].copy_from_slice(&truth.yes);
    no[..truth.no.len()].copy_from_slice(&truth.no);
    truth.odd.iter().any(|word| *word != 0)
}

impl CutLane {
    /// Fills the atoms for a chunk; says whether some row could not be told.
    pub fn fill(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        ranked: &mut Option<Ranked>,
        planes: &mut Planes,
    ) -> bool {
        let chunk = eval.slot(self.slot);
        let SlotChunk::Number(chunk) = &*chunk else {
            return true;
        };
        if ranked.as_ref().is_none_or(|ranked| ranked.scale != chunk.scale) {
            *ranked = Some(self.rank(eval, chunk, planes.words() * 64));
        }
        let Some(ranked) = ranked else { return true };
        ranked.cuts.rank(&chunk.mantissas[..], &chunk.known, &mut ranked.slices, 0);
        ranked.cuts.fill(&ranked.slices, 0, &ranked.atoms, planes);
        // No mantissa reaches it, or all do.
        for (entry, _) in self.entries.iter().zip(&ranked.places).filter(|(_, place)| place.is_none()) {
            let truth = Truth::known(entry.number.is_negative());
            let (yes, no) = planes.atom_mut(entry.atom as usize);
            yes.fill(0);
            no.fill(0);
            patch(planes, entry.atom, truth, &chunk.known);
        }
        spread(&self.entries, &ranked.places, &ranked.atoms, planes);
        self.patch(eval, chunk, ranked, planes);
        chunk.odd.is_some()
    }

    fn patch(&self, eval: &ChunkEval<'_, '_>, chunk: &NumberChunk<'_>, ranked: &Ranked, planes: &mut Planes) {
        for rows in [&chunk.nothing, &chunk.before].into_iter().flatten() {
            self.entries
                .iter()
                .for_each(|entry| patch(planes, entry.atom, reached(entry, Truth::False), rows));
        }
        if ranked.unknown.iter().any(|truth| *truth != Truth::Unknown) {
            let unknown = chunk.unknown(eval.rows);
            for (entry, truth) in self.entries.iter().zip(&ranked.unknown) {
                patch(planes, entry.atom, reached(entry, *truth), &unknown);
            }
        }
    }

    fn rank(&self, eval: &ChunkEval<'_, '_>, chunk: &NumberChunk<'_>, rows: usize) -> Ranked {
        let keys: Vec<Option<i64>> = self
            .entries
            .iter()
            .map(|entry| least_passing(entry.op, &scaled(&entry.number, chunk.scale)).to_i64())
            .collect();
        let cuts = Cuts::new(keys.iter().flatten().copied().collect());
        let places: Vec<Option<usize>> =
            keys.iter().map(|key| key.and_then(|key| cuts.position(key))).collect();
        let atoms = first_atoms(&self.entries, &places, cuts.keys().len());
        let unknown =
            self.entries.iter().map(|entry| eval.when_unknown(self.slot, entry.op, &entry.number)).collect();
        Ranked { scale: chunk.scale, slices: cuts.slices(rows), cuts, atoms, places, unknown }
    }
}

/// Whether the constant of an entry is reached where its comparison comes to that.
fn reached(entry: &Entry, truth: Truth) -> Truth {
    if is_below(entry.op) { truth.negate() } else { truth }
}

/// For each cut the atom of the first entry that stands at it.
pub(super) fn first_atoms(entries: &[Entry], places: &[Option<usize>], cuts: usize) -> Vec<u32> {
    let mut atoms: Vec<Option<u32>> = vec![None; cuts];
    for (entry, place) in entries.iter().zip(places) {
        if let Some(place) = place {
            atoms[*place].get_or_insert(entry.atom);
        }
    }
    atoms.into_iter().map(|atom| atom.expect("each cut is some entry's")).collect()
}

/// Gives each entry what the atom filled for its cut says.
pub(super) fn spread(entries: &[Entry], places: &[Option<usize>], atoms: &[u32], planes: &mut Planes) {
    for (entry, place) in entries.iter().zip(places) {
        if let Some(atom) = place.map(|place| atoms[place]).filter(|atom| *atom != entry.atom) {
            planes.copy_atom(atom as usize, entry.atom as usize);
        }
    }
}

impl CodeLane {
    /// Fills the atoms for a chunk; says whether some row could not be told.
    pub fn fill(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        classed: &mut Option<Classed>,
        planes: &mut Planes,
    ) -> bool {
        let chunk = eval.slot(self.slot);
        let SlotChunk::Text(chunk) = &*chunk else {
            return true;
        };
        let classed = classed.get_or_insert_with(|| self.class(eval, planes.words() * 64));
        classed.codes.rank(&chunk.indices, &chunk.known, &mut classed.slices, 0);
        classed.codes.fill(&classed.slices, 0, &classed.sets, planes);
        let unknown = || chunk.unknown(eval.rows);
        patch_all(planes, &classed.sets, &classed.unknown, chunk.nothing.as_deref(), unknown);
        let mut is_doubtful = chunk.odd.is_some();
        for (truth, atom) in &classed.others {
            is_doubtful |= copy(eval, *truth, *atom, false, planes);
        }
        is_doubtful
    }

    fn class(&self, eval: &ChunkEval<'_, '_>, rows: usize) -> Classed {
        let (mut sets, mut atoms, mut unknown, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut size = 0;
        for (truth, atom) in &self.atoms {
            let Some(tested) = eval.tested(*truth) else {
                others.push((*truth, *atom));
                continue;
            };
            if tested.of_code.contains(&Truth::Unknown) {
                others.push((*truth, *atom));
                continue;
            }
            size = size.max(tested.of_code.len());
            let mut words = vec![0u64; tested.of_code.len().div_ceil(64)];
            for (code, _) in tested.of_code.iter().enumerate().filter(|(_, truth)| **truth == Truth::True) {
                words[code / 64] |= 1 << (code % 64);
            }
            sets.push(words);
            atoms.push(*atom);
            unknown.push((tested.unknown, tested.nothing));
        }
        let codes = Codes::new(size, &sets);
        Classed { slices: codes.slices(rows), codes, sets: atoms, unknown, others }
    }
}

impl SetLane {
    /// Fills the atoms for a chunk; says whether some row could not be told.
    pub fn fill(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        testing: &mut Option<Testing>,
        planes: &mut Planes,
    ) -> bool {
        let chunk = eval.slot(self.slot);
        let SlotChunk::Set(chunk) = &*chunk else {
            return true;
        };
        let testing = testing.get_or_insert_with(|| self.testing(eval, chunk.words));
        testing.sets.fill(&chunk.masks, &chunk.known, &testing.atoms, planes);
        let unknown = || chunk.unknown(eval.rows);
        patch_all(planes, &testing.atoms, &testing.unknown, chunk.nothing.as_deref(), unknown);
        chunk.odd.is_some()
    }

    fn testing(&self, eval: &ChunkEval<'_, '_>, words: usize) -> Testing {
        let (mut tests, mut unknown) = (Vec::new(), Vec::new());
        for (truth, _) in &self.atoms {
            let tested = eval.tested(*truth).expect("a test of a set is a test of codes");
            let wanted = (0u32..).zip(&tested.of_code).filter(|(_, truth)| **truth == Truth::True);
            tests.push(wanted.map(|(code, _)| code).collect());
            unknown.push((tested.unknown, tested.nothing));
        }
        let atoms = self.atoms.iter().map(|(_, atom)| *atom).collect();
        Testing { sets: Sets::new(words, tests), atoms, unknown }
    }
}
