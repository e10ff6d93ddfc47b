//! Slots with something in place of what is not known.

use std::rc::Rc;

use facts::{FactDefinition, FactType, Number, Vocabulary};
use rustc_hash::FxHashMap;

use super::leanings::Leanings;
use crate::batch::eval::ChunkEval;
use crate::batch::program::{SlotId, SlotKind, TruthId};
use crate::batch::slots::{NumberChunk, Rows, SlotChunk, TextChunk, TruthChunk, get, ones, set};
use crate::point::Truth;

/// A great number as numbers go: more than any threshold, within most bounds.
const GREAT: i64 = 1_000_000_000;

/// A number as far from one as from [`GREAT`], as quotients go.
const MIDDLE: i64 = 31_623;

/// Most codes of a slot among which one is chosen to fill in.
const CODES_MAX: usize = 4_096;

/// How what is not known is filled in.
#[derive(Clone, Copy)]
pub(super) struct Filling {
    /// In favour of eligibility, as far as one can see, or against it.
    is_in_favour: bool,
    /// Where one cannot see.
    otherwise: Size,
}

/// What a slot is filled in with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// False, or as small as it may be; what something is divided by is one.
    Small,
    /// True, or somewhere between.
    Middle,
    /// True, or what another year of the same row was, times two to that power.
    Alike(i8),
    /// True, or as great as it may be, up to [`GREAT`].
    Great,
}

impl Size {
    fn of(is_great: bool) -> Self {
        if is_great { Self::Great } else { Self::Small }
    }
}

impl Filling {
    /// What to fill in where that many readings gain by great and by small.
    fn size(self, (ups, downs): (u32, u32)) -> Size {
        match (ups, downs) {
            (_, 0) => Size::of(self.is_in_favour),
            (0, _) => Size::of(!self.is_in_favour),
            _ => self.otherwise,
        }
    }
}

/// What is tried, what most often tells first.
pub(super) const FILLINGS: [Filling; 12] = [
    Filling { is_in_favour: true, otherwise: Size::Great },
    Filling { is_in_favour: false, otherwise: Size::Great },
    Filling { is_in_favour: true, otherwise: Size::Alike(0) },
    Filling { is_in_favour: true, otherwise: Size::Middle },
    Filling { is_in_favour: true, otherwise: Size::Small },
    Filling { is_in_favour: false, otherwise: Size::Small },
    Filling { is_in_favour: false, otherwise: Size::Middle },
    Filling { is_in_favour: true, otherwise: Size::Alike(1) },
    Filling { is_in_favour: true, otherwise: Size::Alike(-1) },
    Filling { is_in_favour: true, otherwise: Size::Alike(2) },
    Filling { is_in_favour: true, otherwise: Size::Alike(-2) },
    Filling { is_in_favour: true, otherwise: Size::Alike(3) },
];

/// Fills in what an outcome reads of some rows.
pub(super) struct Filler<'f> {
    vocabulary: &'f Vocabulary,
    leanings: &'f Leanings,
    /// Rows in which a year stays as it is, since the figure given for its span serves in its place.
    kept: FxHashMap<SlotId, Vec<u64>>,
}

impl<'f> Filler<'f> {
    pub fn new(eval: &mut ChunkEval<'_, '_>, vocabulary: &'f Vocabulary, leanings: &'f Leanings) -> Self {
        let mut kept: FxHashMap<SlotId, Vec<u64>> = FxHashMap::default();
        for (years, given) in &leanings.spans {
            let rows = given.map(|slot| eval.settled(slot).yes);
            for year in years {
                let kept = kept.entry(*year).or_insert_with(|| vec![0; eval.rows.words()]);
                rows.iter().for_each(|rows| kept.iter_mut().zip(rows).for_each(|(kept, rows)| *kept |= rows));
            }
        }
        Self { vocabulary, leanings, kept }
    }

    /// The same rows with everything filled in, as far as it can be.
    pub fn fill<'e, 'p>(&self, eval: &mut ChunkEval<'e, 'p>, filling: Filling) -> ChunkEval<'e, 'p> {
        let mut filled = eval.uncomputed();
        for (number, votes) in &self.leanings.ranges {
            filled.preset_end(*number, filling.size(*votes) != Size::Small);
        }
        self.fill_slots(eval, &mut filled, &self.leanings.votes, filling);
        filled
    }

    /// The same with figures that would win over what they are worked out from, in favour or against.
    pub fn fill_given<'e, 'p>(
        &self,
        eval: &mut ChunkEval<'e, 'p>,
        filling: Filling,
        is_in_favour: bool,
    ) -> ChunkEval<'e, 'p> {
        let mut filled = self.fill(eval, filling);
        self.fill_slots(eval, &mut filled, &self.leanings.given, Filling { is_in_favour, ..filling });
        filled
    }

    fn fill_slots<'e, 'p>(
        &self,
        eval: &mut ChunkEval<'e, 'p>,
        filled: &mut ChunkEval<'e, 'p>,
        votes: &FxHashMap<SlotId, (u32, u32)>,
        filling: Filling,
    ) {
        for (slot, votes) in votes {
            let size = filling.size(*votes);
            let full = match &*eval.slot(*slot) {
                SlotChunk::Truth(truth) => Some(SlotChunk::Truth(fill_truths(truth, size, eval.rows))),
                SlotChunk::Number(numbers) => {
                    self.fill_numbers(eval, *slot, numbers, size).map(SlotChunk::Number)
                }
                // What another document decides cannot be any code there is.
                SlotChunk::Text(_) if eval.is_decided_elsewhere(*slot) => None,
                SlotChunk::Text(texts) => {
                    fill_texts(texts, eval.rows, || self.choice(eval, *slot, filling)).map(SlotChunk::Text)
                }
                SlotChunk::Set(_) => None,
            };
            if let Some(full) = full {
                filled.preset(*slot, Rc::new(full));
            }
        }
    }

    /// The rows in which nothing is left whose cases an exact decision would try: all these slots are known, or nobody asks
    /// for them.
    pub fn complete(&self, filled: &mut ChunkEval<'_, '_>, slots: &[SlotId]) -> Vec<u64> {
        let mut complete = filled.rows.all();
        for slot in slots {
            let unsettled = filled.unsettled(*slot);
            let idle = self.idle(filled, *slot);
            for at in 0..complete.len() {
                complete[at] &= !unsettled[at] | idle[at];
            }
        }
        complete
    }

    /// The rows in which a slot of spans alone does not count: all years are known, or a figure is given in their place.
    fn idle(&self, filled: &mut ChunkEval<'_, '_>, slot: SlotId) -> Vec<u64> {
        let spans = self.leanings.spans.iter();
        let mut spans =
            spans.filter(|(years, given)| years.contains(&slot) || given.contains(&slot)).peekable();
        let mut idle = filled.rows.all();
        if self.leanings.alone.contains(&slot) || spans.peek().is_none() {
            idle.fill(0);
        }
        for (years, given) in spans {
            let mut known = filled.rows.all();
            for year in years {
                known.iter_mut().zip(filled.settled(*year).yes).for_each(|(known, year)| *known &= year);
            }
            for given in given {
                known.iter_mut().zip(filled.settled(*given).yes).for_each(|(known, given)| *known |= given);
            }
            idle.iter_mut().zip(known).for_each(|(idle, known)| *idle &= known);
        }
        idle
    }

    fn definition(&self, eval: &ChunkEval<'_, '_>, slot: SlotId) -> Option<&'f FactDefinition> {
        match &eval.program().slots.get(slot).kind {
            SlotKind::Fact { fact, .. } => Some(self.vocabulary.get(*fact)),
            _ => None,
        }
    }

    fn fill_numbers<'p>(
        &self,
        eval: &mut ChunkEval<'_, 'p>,
        slot: SlotId,
        numbers: &NumberChunk<'p>,
        size: Size,
    ) -> Option<NumberChunk<'p>> {
        let definition = self.definition(eval, slot)?;
        let rows = eval.rows;
        let mut open = numbers.unknown(rows);
        if let Some(kept) = self.kept.get(&slot) {
            open.iter_mut().zip(kept).for_each(|(open, kept)| *open &= !kept);
        }
        if open.iter().all(|word| *word == 0) {
            return None;
        }
        let value = number(definition, size, self.leanings.divisors.contains(&slot))?;
        let mantissa = (&value * &Number::power_of_ten(i32::from(numbers.scale))).to_i64()?;
        let mut filled = numbers.clone();
        let out = filled.mantissas.to_mut();
        out.resize(rows.len(), 0);
        for row in ones(&open) {
            out[row] = mantissa;
            set(&mut filled.known, row);
        }
        if let Size::Alike(power) = size {
            let years =
                self.leanings.spans.iter().map(|(years, _)| years).find(|years| years.contains(&slot));
            for year in years.into_iter().flatten().filter(|year| **year != slot) {
                copy_known(&eval.slot(*year), &open, power, &mut filled);
            }
        }
        debug_assert!(ones(&open).all(|row| get(&filled.known, row)));
        Some(filled)
    }

    /// Of the codes that occur, and 无 where that is allowed, what does best in the tests of a slot, or worst; none where
    /// each leaves some test open. What is tested first counts for more: the better code is named first as a rule.
    fn choice(&self, eval: &ChunkEval<'_, '_>, slot: SlotId, filling: Filling) -> Option<Choice> {
        let tests: &[(TruthId, bool)] = self.leanings.tests.get(&slot).map_or(&[], Vec::as_slice);
        let is_nothing_allowed =
            self.definition(eval, slot).is_some_and(|definition| definition.none_allowed);
        let codes = eval.dictionary(slot).len().min(CODES_MAX);
        let (mut scores, mut of_nothing) = (vec![Some(0i32); codes], is_nothing_allowed.then_some(0i32));
        for ((truth, is_up), weight) in tests.iter().zip((1i32..=i32::from(u16::MAX)).rev()) {
            let tested = eval.tested(*truth)?;
            let weight = if *is_up == filling.is_in_favour { weight } else { -weight };
            let add = |score: &mut Option<i32>, truth: Truth| {
                *score = score.and_then(|score| match truth {
                    Truth::True => Some(score.saturating_add(weight)),
                    Truth::False => Some(score),
                    Truth::Unknown => None,
                });
            };
            scores.iter_mut().zip(&tested.of_code).for_each(|(score, truth)| add(score, *truth));
            add(&mut of_nothing, tested.nothing);
        }
        let codes = (0u32..).zip(scores).map(|(place, score)| (score, Choice::Code(place)));
        let mut best: Option<(i32, Choice)> = None;
        // Of equals the first, and 无 only where no code does as well.
        for (score, choice) in codes.chain([(of_nothing, Choice::Nothing)]) {
            if let Some(score) = score
                && best.as_ref().is_none_or(|(most, _)| score > *most)
            {
                best = Some((score, choice));
            }
        }
        best.map(|(_, choice)| choice)
    }
}

/// What a number is filled in with.
fn number(definition: &FactDefinition, size: Size, is_divisor: bool) -> Option<Number> {
    let great = Number::from(GREAT);
    let most = |number: Number| definition.most.clone().map_or(number.clone(), |most| most.min(number));
    let least = |number: Number| definition.least.clone().map_or(number.clone(), |least| least.max(number));
    Some(match (definition.fact_type, size) {
        // Long ago is old enough; some day to come is not.
        (FactType::Date, size) => Number::from(if size == Size::Small { 0 } else { 40_000 }),
        (FactType::Year, _) => return None,
        (_, Size::Great) => most(great),
        (_, Size::Middle | Size::Alike(_)) => most(least(Number::from(MIDDLE))),
        (_, Size::Small) if is_divisor => most(least(Number::one())),
        (_, Size::Small) => definition.least.clone().unwrap_or(-great),
    })
}

/// Puts what is known in one chunk, times two to a power, in place of what was open in another.
fn copy_known(from: &SlotChunk<'_>, open: &[u64], power: i8, into: &mut NumberChunk<'_>) {
    let SlotChunk::Number(from) = from else { return };
    let (up, down) = (into.scale.saturating_sub(from.scale), from.scale.saturating_sub(into.scale));
    let factor = |scale: u8, power: i8| {
        10i64.checked_pow(u32::from(scale))?.checked_mul(2i64.checked_pow(u32::try_from(power.max(0)).ok()?)?)
    };
    let (Some(up), Some(down)) = (factor(up, power), factor(down, power.saturating_neg())) else { return };
    let out = into.mantissas.to_mut();
    for row in ones(open).filter(|row| get(&from.known, *row)) {
        if let Some(mantissa) = from.mantissas[row].checked_mul(up) {
            out[row] = mantissa / down;
        }
    }
}

fn fill_truths(truth: &TruthChunk, size: Size, rows: Rows) -> TruthChunk {
    let mut filled = truth.clone();
    for (at, all) in rows.all().iter().enumerate() {
        let open = all & !truth.yes[at] & !truth.no[at] & !truth.odd[at];
        if size == Size::Small { filled.no[at] |= open } else { filled.yes[at] |= open }
    }
    filled
}

/// What a code is filled in with.
enum Choice {
    /// The code at that place of the slot's dictionary.
    Code(u32),
    /// 无
    Nothing,
}

fn fill_texts<'p>(
    texts: &TextChunk<'p>,
    rows: Rows,
    choice: impl FnOnce() -> Option<Choice>,
) -> Option<TextChunk<'p>> {
    let open = texts.unknown(rows);
    if open.iter().all(|word| *word == 0) {
        return None;
    }
    let mut filled = texts.clone();
    match choice()? {
        Choice::Code(code) => {
            let out = filled.indices.to_mut();
            for row in ones(&open) {
                out[row] = code;
                set(&mut filled.known, row);
            }
        }
        Choice::Nothing => {
            let nothing = filled.nothing.get_or_insert_with(|| vec![0; open.len()]);
            nothing.iter_mut().zip(&open).for_each(|(nothing, open)| *nothing |= open);
        }
    }
    Some(filled)
}
