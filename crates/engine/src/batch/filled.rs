//! Proof, for a whole chunk of rows at once, that what is open stays open.
//!
//! A definite answer never changes when more becomes known. So if everything that is not known of a row is filled in
//! twice, once in favour of eligibility and once against it, and the row then is eligible the one time and not the
//! other, no trying of cases can settle it. What leans which way is only a guess; the two answers are the proof.

use std::rc::Rc;

use facts::{FactDefinition, FactType, Number, Vocabulary};
use lang::ir::Compare;
use rustc_hash::FxHashMap;

use super::eval::ChunkEval;
use super::program::{Atom, Binary, Logical, NumberId, Numeric, Program, SlotId, SlotKind, TruthId, Unary};
use super::slots::{NumberChunk, Rows, SlotChunk, TextChunk, TruthChunk, get, ones, set};
use crate::point::Truth;

/// A great number as numbers go: more than any threshold, within most bounds.
const GREAT: i64 = 1_000_000_000;

/// Most codes of a slot among which one is chosen to fill in.
const CODES_MAX: usize = 4_096;

/// Most steps of the walk that finds out what leans which way.
const STEPS_MAX: u32 = 50_000;

/// Which way what an outcome reads leans.
#[derive(Debug, Default)]
pub(super) struct Leanings {
    /// How often each slot is read in favour of true and great, and of false and small.
    votes: FxHashMap<SlotId, (u32, u32)>,
    /// The same for numbers that may be anything between two ends, as experts' points.
    ranges: FxHashMap<NumberId, (u32, u32)>,
    /// What each slot of codes is tested for, and whether true is in favour.
    tests: FxHashMap<SlotId, Vec<(TruthId, bool)>>,
    /// The years of spans, with the total and the mean that serve in their place where they are given.
    spans: Vec<(Vec<SlotId>, [SlotId; 2])>,
}

/// Which way each slot of an outcome leans.
pub(super) fn leanings(program: &Program, outcome: TruthId) -> Leanings {
    let mut walker = Walker { program, leanings: Leanings::default(), steps: STEPS_MAX };
    walker.truth(outcome, true);
    walker.leanings
}

struct Walker<'p> {
    program: &'p Program,
    leanings: Leanings,
    steps: u32,
}

fn count(votes: &mut (u32, u32), is_up: bool) {
    if is_up { votes.0 += 1 } else { votes.1 += 1 }
}

/// Which way to fill in, once in favour and once against.
fn direction((ups, downs): (u32, u32), is_in_favour: bool) -> bool {
    match (ups, downs) {
        (_, 0) => is_in_favour,
        (0, _) => !is_in_favour,
        _ => true,
    }
}

impl Walker<'_> {
    fn vote(&mut self, slot: SlotId, is_up: bool) {
        count(self.leanings.votes.entry(slot).or_default(), is_up);
    }

    fn is_spent(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps == 0
    }

    fn truth(&mut self, truth: TruthId, is_up: bool) {
        if self.is_spent() {
            return;
        }
        let program = self.program;
        match program.truths.get(truth) {
            Logical::Constant(_) => {}
            Logical::Not(inner) => self.truth(*inner, !is_up),
            Logical::And(parts) | Logical::Or(parts) => {
                parts.iter().for_each(|part| self.truth(*part, is_up));
            }
            Logical::Atom(atom) => self.atom(truth, atom, is_up),
        }
    }

    fn atom(&mut self, truth: TruthId, atom: &Atom, is_up: bool) {
        let of = |op: Compare| is_up != matches!(op, Compare::Lt | Compare::Le);
        match atom {
            Atom::Slot(slot) => self.vote(*slot, is_up),
            Atom::Cut(slot, op, _) => self.vote(*slot, of(op.0)),
            Atom::Compare(op, left, right) => {
                self.number(*left, of(op.0));
                self.number(*right, !of(op.0));
            }
            Atom::TierFits(number) => self.number(*number, is_up),
            Atom::CodeIn(slot, _) | Atom::Text(slot, ..) | Atom::Rows(slot, ..) => {
                self.vote(*slot, is_up);
                self.leanings.tests.entry(*slot).or_default().push((truth, is_up));
            }
            Atom::Settled(slot) => self.vote(*slot, is_up),
            Atom::BeforeFounding(_) | Atom::Opaque(_) => {}
        }
    }

    fn number(&mut self, number: NumberId, is_up: bool) {
        if self.is_spent() {
            return;
        }
        let program = self.program;
        match program.numbers.get(number) {
            Numeric::Constant(_) | Numeric::Absent(_) | Numeric::GivenOnly(_) => {}
            Numeric::Between(..) => count(self.leanings.ranges.entry(number).or_default(), is_up),
            Numeric::Slot(slot) => self.vote(*slot, is_up),
            Numeric::Months(of, _) | Numeric::Progressive(of, _) => self.number(*of, is_up),
            Numeric::Unary(op, of) => self.number(*of, is_up || *op == Unary::Abs),
            Numeric::MonthsBetween(from, to) => {
                self.number(*from, !is_up);
                self.number(*to, is_up);
            }
            Numeric::Binary(op, left, right) => {
                self.number(*left, is_up);
                self.number(*right, is_up != matches!(op, Binary::Sub | Binary::Div));
            }
            Numeric::Select(when, then, otherwise) => {
                // The branch that is named first is the better one as a rule.
                self.truth(*when, is_up);
                self.number(*then, is_up);
                self.number(*otherwise, is_up);
            }
            // A figure that wins over what it could be worked out from is not what is unknown, unless it is asked for.
            Numeric::Given(_, derived) => self.number(*derived, is_up),
            Numeric::Span { years, total, mean, .. } => {
                years.iter().for_each(|slot| self.vote(*slot, is_up));
                self.leanings.spans.push((years.clone(), [*total, *mean]));
            }
            Numeric::Quarters(cells, _) => cells.iter().for_each(|slot| self.vote(*slot, is_up)),
            Numeric::CountTrue(truths) => truths.iter().for_each(|truth| self.truth(*truth, is_up)),
        }
    }
}

/// The rows that are certainly open: eligible if what is unknown is filled in one way, and not if it is the other way.
pub(super) fn certainly_open(
    eval: &mut ChunkEval<'_, '_>,
    vocabulary: &Vocabulary,
    outcome: TruthId,
    leanings: &Leanings,
) -> Vec<u64> {
    let mut kept: FxHashMap<SlotId, Vec<u64>> = FxHashMap::default();
    for (years, given) in &leanings.spans {
        let rows = given.map(|slot| eval.settled(slot).yes);
        for year in years {
            let kept = kept.entry(*year).or_insert_with(|| vec![0; eval.rows.words()]);
            rows.iter().for_each(|rows| kept.iter_mut().zip(rows).for_each(|(kept, rows)| *kept |= rows));
        }
    }
    let mut answers = [true, false].map(|is_in_favour| {
        let mut filled = eval.blank_copy();
        for (number, votes) in &leanings.ranges {
            filled.preset_end(*number, direction(*votes, is_in_favour));
        }
        for (slot, votes) in &leanings.votes {
            let is_up = direction(*votes, is_in_favour);
            let chunk = eval.slot(*slot);
            let (definition, is_derived) = match &eval.program().slots.get(*slot).kind {
                SlotKind::Fact { fact, derived, .. } => (Some(vocabulary.get(*fact)), *derived),
                _ => (None, false),
            };
            let rows = eval.rows;
            let full = match &*chunk {
                // What another document decides cannot be any code there is.
                SlotChunk::Text(_) if is_derived => None,
                SlotChunk::Text(texts) => {
                    let tests = leanings.tests.get(slot).map(Vec::as_slice).unwrap_or_default();
                    fill_texts(texts, rows, || code(eval, *slot, tests, is_in_favour)).map(SlotChunk::Text)
                }
                other => fill(other, definition, is_up, (rows, kept.get(slot))),
            };
            filled.preset(*slot, full.map_or(chunk, Rc::new));
        }
        let truth = filled.truth(outcome);
        if is_in_favour { truth.yes.clone() } else { truth.no.clone() }
    });
    let (yes, no) = answers.split_at_mut(1);
    yes[0].iter_mut().zip(&no[0]).for_each(|(yes, no)| *yes &= no);
    std::mem::take(&mut yes[0])
}

/// The slot with something in place of what is not known, but for rows that are kept as they are; none where there is
/// nothing to fill in.
fn fill<'p>(
    chunk: &SlotChunk<'p>,
    definition: Option<&FactDefinition>,
    is_up: bool,
    (rows, kept): (Rows, Option<&Vec<u64>>),
) -> Option<SlotChunk<'p>> {
    match chunk {
        SlotChunk::Truth(truth) => {
            let mut filled: TruthChunk = truth.clone();
            for (at, all) in rows.all().iter().enumerate() {
                let open = all & !truth.yes[at] & !truth.no[at] & !truth.odd[at];
                if is_up { filled.yes[at] |= open } else { filled.no[at] |= open }
            }
            Some(SlotChunk::Truth(filled))
        }
        SlotChunk::Number(numbers) => {
            fill_numbers(numbers, definition?, is_up, (rows, kept)).map(SlotChunk::Number)
        }
        SlotChunk::Text(_) | SlotChunk::Set(_) => None,
    }
}

/// The code, of those that occur, that does best in the tests of a slot, or worst; none where each leaves some test open.
fn code(
    eval: &ChunkEval<'_, '_>,
    slot: SlotId,
    tests: &[(TruthId, bool)],
    is_in_favour: bool,
) -> Option<u32> {
    let mut scores = vec![Some(0i32); eval.dictionary(slot).len().min(CODES_MAX)];
    for (truth, is_up) in tests {
        let tested = eval.tested(*truth)?;
        for (score, truth) in scores.iter_mut().zip(&tested.of_code) {
            *score = score.and_then(|score| match truth {
                Truth::True => Some(if *is_up == is_in_favour { score + 1 } else { score - 1 }),
                Truth::False => Some(score),
                Truth::Unknown => None,
            });
        }
    }
    let known = (0u32..).zip(scores).filter_map(|(place, score)| Some((score?, place)));
    known.max_by_key(|(score, place)| (*score, std::cmp::Reverse(*place))).map(|(_, place)| place)
}

fn fill_texts<'p>(
    texts: &TextChunk<'p>,
    rows: Rows,
    code: impl FnOnce() -> Option<u32>,
) -> Option<TextChunk<'p>> {
    let open = texts.unknown(rows);
    if open.iter().all(|word| *word == 0) {
        return None;
    }
    let code = code()?;
    let mut filled = texts.clone();
    let out = filled.indices.to_mut();
    for row in ones(&open) {
        out[row] = code;
        set(&mut filled.known, row);
    }
    Some(filled)
}

fn fill_numbers<'p>(
    numbers: &NumberChunk<'p>,
    definition: &FactDefinition,
    is_up: bool,
    (rows, kept): (Rows, Option<&Vec<u64>>),
) -> Option<NumberChunk<'p>> {
    let mut open = numbers.unknown(rows);
    if let Some(kept) = kept {
        open.iter_mut().zip(kept).for_each(|(open, kept)| *open &= !kept);
    }
    if open.iter().all(|word| *word == 0) {
        return None;
    }
    let great = Number::from(GREAT);
    let value = match (definition.fact_type, is_up) {
        // Long ago is old enough; some day to come is not.
        (FactType::Date, is_up) => Number::from(if is_up { 40_000 } else { 0 }),
        (FactType::Year, _) => return None,
        (_, true) => definition.most.clone().map_or(great.clone(), |most| most.min(great)),
        (_, false) => definition.least.clone().unwrap_or(-great),
    };
    let mantissa = (&value * &Number::power_of_ten(i32::from(numbers.scale))).to_i64()?;
    let mut filled = numbers.clone();
    let out = filled.mantissas.to_mut();
    if out.len() < rows.len() {
        out.resize(rows.len(), 0);
    }
    for row in ones(&open) {
        out[row] = mantissa;
        set(&mut filled.known, row);
    }
    debug_assert!(ones(&open).all(|row| get(&filled.known, row)));
    Some(filled)
}
