//! Truths and numbers for one chunk of rows, each computed once.

mod bound;
mod conjunction;
mod numbers;
mod tested;

use std::rc::Rc;

use facts::{Date, FactType, Number};
use lang::ir::Compare;
use rustc_hash::FxHashMap;

use self::bound::Bound;
pub(super) use self::bound::{least_passing, scaled};
pub(super) use self::conjunction::{Step, steps};
pub(super) use self::tested::Tested;
use crate::batch::bind::{Bindings, BoundSlot};
use crate::batch::enclosure::{Comparison, EMPTY, Enclosures, NO_TIER, ODD};
use crate::batch::program::{Atom, NumberId, Numeric, Program, SlotId, SlotKind, TruthId};
use crate::batch::slots::{NumberChunk, Rows, SetChunk, SlotChunk, TextChunk, TruthChunk, get, ones, set};
use crate::point::{Thing, Truth, Value, compare_values, unknown_fact};

/// What another document came to in this chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided {
    pub truth: TruthChunk,
    /// The rank of each eligible row, as a place in `ranks`.
    pub rank: Vec<u32>,
    /// Rank names.
    pub ranks: Vec<String>,
}

/// One chunk of rows with everything computed so far.
pub(super) struct ChunkEval<'e, 'p> {
    pub rows: Rows,
    pub day: Date,
    program: &'e Program,
    vocabulary: &'e facts::Vocabulary,
    bound: &'e Bindings<'p>,
    slots: FxHashMap<SlotId, Rc<SlotChunk<'p>>>,
    numbers: FxHashMap<usize, Rc<Enclosures>>,
    truths: FxHashMap<TruthId, Rc<TruthChunk>>,
    /// Numbers that may be anything between two ends, in place of which the upper one is put (true) or the lower one.
    ends: FxHashMap<NumberId, bool>,
    /// By the place of the document in the plan.
    pub decided: Vec<Option<Rc<Decided>>>,
    /// The place of a document by its id.
    document_of: &'e dyn Fn(&str) -> Option<usize>,
}

impl<'e, 'p> ChunkEval<'e, 'p> {
    pub fn new(
        rows: Rows,
        day: Date,
        (program, vocabulary): (&'e Program, &'e facts::Vocabulary),
        bound: &'e Bindings<'p>,
        documents: usize,
        document_of: &'e dyn Fn(&str) -> Option<usize>,
    ) -> Self {
        Self {
            rows,
            day,
            program,
            vocabulary,
            bound,
            slots: FxHashMap::default(),
            numbers: FxHashMap::default(),
            truths: FxHashMap::default(),
            ends: FxHashMap::default(),
            decided: vec![None; documents],
            document_of,
        }
    }

    /// The same rows and slots with nothing computed yet.
    pub fn uncomputed(&self) -> Self {
        Self { slots: self.slots.clone(), ..self.blank_of(self.rows) }
    }

    fn blank_of(&self, rows: Rows) -> Self {
        Self::new(rows, self.day, (self.program, self.vocabulary), self.bound, 0, self.document_of)
    }

    /// These rows alone, with the slots that are given along and nothing computed yet.
    pub fn gather(&mut self, rows: &[usize], slots: &[SlotId]) -> Self {
        let mut some = Self { ends: self.ends.clone(), ..self.blank_of(Rows { start: 0, end: rows.len() }) };
        for slot in slots {
            let chunk = self.slot(*slot).gather(rows);
            some.preset(*slot, Rc::new(chunk));
        }
        some
    }

    pub fn program(&self) -> &'e Program {
        self.program
    }

    /// Sets the values of a slot.
    pub fn preset(&mut self, slot: SlotId, chunk: Rc<SlotChunk<'p>>) {
        self.slots.insert(slot, chunk);
    }

    /// Puts one of the ends in place of a number that may be anything between two.
    pub fn preset_end(&mut self, number: NumberId, is_upper: bool) {
        self.ends.insert(number, is_upper);
    }

    fn blank(&self) -> TruthChunk {
        let size = self.rows.words();
        TruthChunk { yes: vec![0; size], no: vec![0; size], odd: vec![0; size] }
    }

    fn constant(&self, truth: Truth) -> TruthChunk {
        let mut chunk = self.blank();
        match truth {
            Truth::True => chunk.yes = self.rows.all(),
            Truth::False => chunk.no = self.rows.all(),
            Truth::Unknown => {}
        }
        chunk
    }

    pub fn slot(&mut self, slot: SlotId) -> Rc<SlotChunk<'p>> {
        if let Some(known) = self.slots.get(&slot) {
            return Rc::clone(known);
        }
        let bound = &self.bound.slots[slot];
        let mut chunk = bound.chunk(self.rows, self.day);
        if let SlotKind::Document(id) = &self.program.slots.get(slot).kind {
            let decided = (self.document_of)(id).and_then(|at| self.decided.get(at).cloned().flatten());
            chunk = SlotChunk::Truth(decided.map_or_else(|| self.blank(), |decided| decided.truth.clone()));
        }
        if let (Some(at), SlotChunk::Text(texts)) = (bound.deriving, &mut chunk) {
            self.add_ranks(bound, at, texts);
        }
        let chunk = Rc::new(chunk);
        self.slots.insert(slot, Rc::clone(&chunk));
        chunk
    }

    /// Where a fact is not given, what another document decides of those that it finds eligible.
    fn add_ranks(&self, bound: &BoundSlot<'p>, at: usize, texts: &mut TextChunk<'p>) {
        let Some(Some(decided)) = self.decided.get(at) else { return };
        let places: Vec<u32> = decided.ranks.iter().map(|rank| bound.places[rank]).collect();
        for row in ones(&decided.truth.yes) {
            let is_given = get(&texts.known, row)
                || [&texts.nothing, &texts.odd].into_iter().flatten().any(|words| get(words, row));
            if !is_given && let Some(place) = places.get(decided.rank[row] as usize) {
                texts.indices.to_mut()[row] = *place;
                set(&mut texts.known, row);
            }
        }
    }

    /// The texts of a slot.
    pub fn dictionary(&self, slot: SlotId) -> &'e [String] {
        &self.bound.slots[slot].dictionary
    }

    /// Rows whose code is known, but not finely enough for something that reads it.
    fn coarse(&mut self, slot: SlotId) -> Vec<usize> {
        let program = self.program;
        let mut out = Vec::new();
        for id in 0..program.truths.len() {
            let crate::batch::program::Logical::Atom(atom) = program.truths.get(id) else { continue };
            let is_coarse = match atom {
                Atom::CodeIn(of, _) | Atom::Text(of, ..) => *of == slot,
                Atom::Rows(of, _, rows, may_be_none) => {
                    *of == slot && rows.len() + usize::from(*may_be_none) > 1
                }
                _ => false,
            };
            if is_coarse {
                let is_rows = matches!(atom, Atom::Rows(..));
                let truth = self.truth(id);
                let SlotChunk::Text(chunk) = &*self.slot(slot) else { continue };
                out.extend(ones(&chunk.known).filter(|row| {
                    if is_rows {
                        get(&truth.yes, *row)
                    } else {
                        !get(&truth.yes, *row) && !get(&truth.no, *row)
                    }
                }));
            }
        }
        out
    }

    pub fn truth(&mut self, id: TruthId) -> Rc<TruthChunk> {
        use crate::batch::program::Logical;
        if let Some(known) = self.truths.get(&id) {
            return Rc::clone(known);
        }
        let program = self.program;
        let chunk = match program.truths.get(id) {
            Logical::Constant(truth) => self.constant(*truth),
            Logical::Atom(atom) => self.atom(id, atom),
            Logical::Not(of) => {
                let of = self.truth(*of);
                TruthChunk { yes: of.no.clone(), no: of.yes.clone(), odd: of.odd.clone() }
            }
            Logical::And(parts) => self.all_of(parts, false),
            Logical::Or(parts) => self.all_of(parts, true),
        };
        let chunk = Rc::new(chunk);
        self.truths.insert(id, Rc::clone(&chunk));
        chunk
    }

    /// All of the parts, or with `either` one of them; a row is odd where an odd part can still change it.
    fn all_of(&mut self, parts: &[TruthId], either: bool) -> TruthChunk {
        let mut out = self.blank();
        let size = self.rows.words();
        let (mut holds, mut fails) = (self.rows.all(), vec![0u64; size]);
        for part in parts {
            let part = self.truth(*part);
            let (keeps, settles) = if either { (&part.no, &part.yes) } else { (&part.yes, &part.no) };
            for at in 0..size {
                holds[at] &= keeps[at];
                fails[at] |= settles[at];
                out.odd[at] |= part.odd[at];
            }
        }
        out.odd.iter_mut().zip(&fails).for_each(|(odd, fails)| *odd &= !fails);
        (out.yes, out.no) = if either { (fails, holds) } else { (holds, fails) };
        out
    }

    fn atom(&mut self, truth: TruthId, atom: &Atom) -> TruthChunk {
        match atom {
            Atom::Slot(slot) => match &*self.slot(*slot) {
                SlotChunk::Truth(truth) => truth.clone(),
                _ => self.opaque(),
            },
            Atom::Cut(slot, op, number) => match &*self.slot(*slot) {
                SlotChunk::Number(chunk) => self.cut(*slot, chunk, op.0, number),
                _ => self.opaque(),
            },
            Atom::CodeIn(slot, _) | Atom::Text(slot, ..) | Atom::Rows(slot, ..) => self.by_code(truth, *slot),
            Atom::Compare(op, left, right) => {
                let mut out = Comparison::default();
                let left = self.number(*left);
                match self.program.numbers.get(*right) {
                    Numeric::Constant(number) => left.compare_constant(op.0, number, &mut out),
                    _ => left.compare(op.0, &self.number(*right), &mut out),
                }
                TruthChunk { yes: out.yes, no: out.no, odd: out.undecided }
            }
            Atom::TierFits(number) => {
                let numbers = self.number(*number);
                let mut out = self.blank();
                for row in 0..self.rows.len() {
                    let flags = numbers.flags(row);
                    if flags & ODD != 0 {
                        set(&mut out.odd, row);
                    } else if flags & NO_TIER == 0 {
                        set(&mut out.yes, row);
                    } else if flags & EMPTY != 0 {
                        set(&mut out.no, row);
                    }
                }
                out
            }
            Atom::BeforeFounding(slot) => {
                let mut out = self.constant(Truth::False);
                if let SlotChunk::Number(NumberChunk { before: Some(before), .. }) = &*self.slot(*slot) {
                    out.yes.copy_from_slice(before);
                    out.no.iter_mut().zip(before).for_each(|(no, before)| *no &= !before);
                }
                out
            }
            Atom::Settled(slot) => self.settled(*slot),
            Atom::Opaque(_) => self.opaque(),
        }
    }

    fn opaque(&self) -> TruthChunk {
        TruthChunk { odd: self.rows.all(), ..self.blank() }
    }

    /// Whether the slot is known as far as can be. A range is not; which odd rows are is asked exactly.
    pub fn settled(&mut self, slot: SlotId) -> TruthChunk {
        let mut out = self.blank();
        let mut add = |words: &[u64]| out.yes.iter_mut().zip(words).for_each(|(yes, word)| *yes |= word);
        let odd = match &*self.slot(slot) {
            SlotChunk::Truth(truth) => {
                add(&truth.yes);
                add(&truth.no);
                Some(truth.odd.clone())
            }
            SlotChunk::Number(chunk) => {
                add(&chunk.known);
                [&chunk.nothing, &chunk.before].into_iter().flatten().for_each(|words| add(words));
                chunk.odd.clone()
            }
            SlotChunk::Text(chunk) => {
                add(&chunk.known);
                chunk.nothing.iter().for_each(|words| add(words));
                chunk.odd.clone()
            }
            SlotChunk::Set(chunk) => {
                add(&chunk.known);
                chunk.nothing.iter().for_each(|words| add(words));
                chunk.odd.clone()
            }
        };
        if let Some(odd) = odd {
            out.odd = odd;
        }
        let all = self.rows.all();
        for (at, all) in all.iter().enumerate() {
            out.no[at] = all & !out.yes[at] & !out.odd[at];
        }
        out
    }

    /// Rows in which a slot is not known, or a code only coarsely.
    pub fn unsettled(&mut self, slot: SlotId) -> Vec<u64> {
        let settled = self.settled(slot);
        // Of a code whose cases cannot be listed only a coarse one has some.
        let mut out: Vec<u64> = if self.is_hierarchy(slot) {
            settled.odd
        } else {
            self.rows.all().iter().zip(&settled.yes).map(|(all, yes)| all & !yes).collect()
        };
        if let SlotChunk::Text(_) = &*self.slot(slot) {
            for coarse in self.coarse(slot) {
                set(&mut out, coarse);
            }
        }
        out
    }

    /// Rows in which one of the slots is not known, or only coarsely.
    pub fn any_unsettled(&mut self, slots: &[SlotId]) -> Vec<u64> {
        let mut out = vec![0; self.rows.words()];
        for slot in slots {
            let unsettled = self.unsettled(*slot);
            out.iter_mut().zip(unsettled).for_each(|(out, unsettled)| *out |= unsettled);
        }
        out
    }

    /// Whether another document decides the slot where it is not given.
    pub fn is_decided_elsewhere(&self, slot: SlotId) -> bool {
        self.bound.slots[slot].deriving.is_some()
    }

    /// Whether the slot's codes lie under one another.
    fn is_hierarchy(&self, slot: SlotId) -> bool {
        self.definition(slot).is_some_and(|definition| definition.hierarchy)
    }

    fn definition(&self, slot: SlotId) -> Option<&'e facts::FactDefinition> {
        match &self.program.slots.get(slot).kind {
            SlotKind::Fact { fact, .. } => Some(self.vocabulary.get(*fact)),
            _ => None,
        }
    }

    /// A column against a constant, in whole mantissas.
    fn cut(&self, slot: SlotId, chunk: &NumberChunk<'_>, op: Compare, number: &Number) -> TruthChunk {
        let mut out = self.blank();
        let bound = Bound::new(op, &scaled(number, chunk.scale));
        for (word, values) in chunk.mantissas.chunks(64).enumerate() {
            let holds = bound.holds(values);
            out.yes[word] = holds & chunk.known[word];
            out.no[word] = !holds & chunk.known[word];
        }
        let exact = |number: &Number| Value::exact(number.clone());
        let absent = |absence| Value::certain(Thing::Numbers(crate::point::Numbers::absent(absence)));
        let truth = |left: &Value| compare_values(op, left, &exact(number)).as_truth();
        if let Some(nothing) = &chunk.nothing {
            out.add(truth(&absent(crate::point::Absence::NOTHING)), nothing);
        }
        if let Some(before) = &chunk.before {
            out.add(truth(&absent(crate::point::Absence::BEFORE_FOUNDING)), before);
        }
        let unknown = self.when_unknown(slot, op, number);
        if unknown != Truth::Unknown {
            out.add(unknown, &chunk.unknown(self.rows));
        }
        if let Some(odd) = &chunk.odd {
            out.odd.copy_from_slice(odd);
        }
        out
    }

    /// What a comparison of a slot comes to where nothing is known of it.
    pub fn when_unknown(&self, slot: SlotId, op: Compare, number: &Number) -> Truth {
        match self.definition(slot) {
            Some(definition) if definition.fact_type != FactType::Date => {
                let unknown = Value::certain(unknown_fact(definition));
                compare_values(op, &unknown, &Value::exact(number.clone())).as_truth()
            }
            _ => Truth::Unknown,
        }
    }

    fn by_code(&mut self, truth: TruthId, slot: SlotId) -> TruthChunk {
        let Some(Tested { of_code, unknown, nothing }) = self.tested(truth) else { return self.opaque() };
        let chunk = self.slot(slot);
        let (mut out, none, odd, open) = match &*chunk {
            SlotChunk::Text(chunk) => {
                (self.looked_up(chunk, of_code), &chunk.nothing, &chunk.odd, chunk.unknown(self.rows))
            }
            SlotChunk::Set(chunk) => {
                (self.held(chunk, of_code), &chunk.nothing, &chunk.odd, chunk.unknown(self.rows))
            }
            _ => return self.opaque(),
        };
        if let Some(words) = none {
            out.add(*nothing, words);
        }
        if let Some(words) = odd {
            out.odd.iter_mut().zip(words).for_each(|(odd, word)| *odd |= word);
        }
        out.add(*unknown, &open);
        out
    }

    /// Whether sets hold one of the codes that are wanted, where they are known.
    fn held(&self, chunk: &SetChunk<'_>, wanted: &[Truth]) -> TruthChunk {
        let mut out = self.blank();
        let mut mask = vec![0u64; chunk.words];
        for (place, _) in wanted.iter().enumerate().filter(|(_, truth)| **truth == Truth::True) {
            set(&mut mask, place);
        }
        for row in ones(&chunk.known) {
            let held = &chunk.masks[row * chunk.words..][..chunk.words];
            let holds = held.iter().zip(&mask).any(|(held, mask)| held & mask != 0);
            set(if holds { &mut out.yes } else { &mut out.no }, row);
        }
        out
    }

    /// What codes come to, where they are known.
    fn looked_up(&self, chunk: &TextChunk<'_>, truths: &[Truth]) -> TruthChunk {
        let mut out = self.blank();
        for row in ones(&chunk.known) {
            match truths.get(chunk.indices[row] as usize) {
                Some(Truth::True) => set(&mut out.yes, row),
                Some(Truth::False) => set(&mut out.no, row),
                Some(Truth::Unknown) => {}
                None => set(&mut out.odd, row),
            }
        }
        out
    }
}

impl TruthChunk {
    fn add(&mut self, truth: Truth, rows: &[u64]) {
        let lane = match truth {
            Truth::True => &mut self.yes,
            Truth::False => &mut self.no,
            Truth::Unknown => return,
        };
        lane.iter_mut().zip(rows).for_each(|(lane, rows)| *lane |= rows);
    }
}

fn without(rows: Rows, known: &[u64], others: &[&Option<Vec<u64>>]) -> Vec<u64> {
    let mut out = rows.all();
    out.iter_mut().zip(known).for_each(|(out, known)| *out &= !known);
    for words in others.iter().filter_map(|words| words.as_ref()) {
        out.iter_mut().zip(words).for_each(|(out, word)| *out &= !word);
    }
    out
}

impl NumberChunk<'_> {
    /// Rows of which nothing is known.
    pub fn unknown(&self, rows: Rows) -> Vec<u64> {
        without(rows, &self.known, &[&self.nothing, &self.before, &self.odd])
    }
}

impl SetChunk<'_> {
    /// Rows of which nothing is known.
    pub fn unknown(&self, rows: Rows) -> Vec<u64> {
        without(rows, &self.known, &[&self.nothing, &self.odd])
    }
}

impl TextChunk<'_> {
    /// Rows of which nothing is known.
    pub fn unknown(&self, rows: Rows) -> Vec<u64> {
        without(rows, &self.known, &[&self.nothing, &self.odd])
    }
}
