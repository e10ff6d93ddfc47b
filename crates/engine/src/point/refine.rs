//! Where the same unknown is read in several places, possibilities hang together: its cases are tried one by one.
//!
//! Plain evaluation treats each reading of an unknown by itself, which is safe but can leave open what is not. Here
//! the unknowns that are read more than once are split into cases (true and false, each code, and for numbers the
//! stretches between the document's own thresholds); if all cases agree, the answer is definite.

use facts::{FactDefinition, FactType, Number};
use lang::ir::InputKind;

use super::causes::{Causes, Slot};
use super::critical::critical_points;
use super::domain;
use super::eval::Evaluator;
use super::numbers::{End, Interval, Numbers};
use super::survey::Survey;
use super::value::{Thing, Truth, Value};
use super::verdict::{Band, Verdict};

/// Most cases that are tried; unknowns past that stay unsplit, and the answer is a bound.
pub const CASES_MAX: usize = 4_096;

/// Most cases where the outcome stays open whatever they show, so that only the list of what is missing can gain.
const CASES_MAX_ASIDE: usize = 64;

/// Most cases up to which unknowns that are read only once are split too.
const CASES_MAX_FURTHER: usize = 64;

/// The unknowns that are split, each with its cases.
type Splits = Vec<(Slot, Vec<Value>)>;

/// Splits what is worth splitting and puts the cases together again.
pub(super) fn refine(evaluator: &mut Evaluator<'_>, survey: &Survey, band: &Band, plain: Verdict) -> Verdict {
    let Some((splits, count)) = splits(evaluator, survey, &plain) else { return plain };
    let mut before = None;
    let cases = (0..count).map(|number| {
        set_case(evaluator, &splits, before.replace(number), number);
        Verdict::of(evaluator, band)
    });
    let cases = cases.collect();
    evaluator.reset();
    together(plain, &splits, cases)
}

/// Whether the outcome stays open whatever the cases show, found by trying only as much as it takes.
pub(super) fn stays_unknown(
    evaluator: &mut Evaluator<'_>,
    survey: &Survey,
    band: &Band,
    plain: &Verdict,
) -> bool {
    if plain.truth != Truth::Unknown {
        return false;
    }
    if super::witness::both_answers(evaluator, survey, band, plain) {
        return true;
    }
    let Some((splits, count)) = splits(evaluator, survey, plain) else { return true };
    let (mut can_true, mut can_false) = (false, false);
    let mut before = None;
    let stride = STRIDES.into_iter().find(|stride| count % stride != 0).unwrap_or(1);
    let is_open = (0..count).any(|number| {
        // Neighbouring cases differ in one unknown only; far apart ones sooner show both answers.
        let number = number * stride % count;
        set_case(evaluator, &splits, before.replace(number), number);
        let (truth, _) = plain.again(evaluator, band);
        can_true |= truth.can_be_true();
        can_false |= truth.can_be_false();
        can_true && can_false
    });
    evaluator.reset();
    is_open
}

/// Primes, one of which does not divide a number of cases, so that its multiples visit all of them.
const STRIDES: [usize; 5] = [1_009, 1_013, 1_019, 1_021, 1_031];

/// Puts each split unknown in one of its cases, where it is not in it from the case before.
fn set_case(evaluator: &mut Evaluator<'_>, splits: &Splits, before: Option<usize>, number: usize) {
    let (mut rest, mut rest_before) = (number, before);
    for (slot, cells) in splits {
        let cell = rest % cells.len();
        if rest_before.map(|before| before % cells.len()) != Some(cell) {
            evaluator.set(*slot, cells[cell].clone());
        }
        rest /= cells.len();
        rest_before = rest_before.map(|before| before / cells.len());
    }
}

/// What is worth splitting, and how many cases that makes; none if nothing is.
fn splits(evaluator: &mut Evaluator<'_>, survey: &Survey, plain: &Verdict) -> Option<(Splits, usize)> {
    if plain.truth == Truth::False {
        return None;
    }
    let mut splits: Splits = Vec::new();
    let mut count = 1usize;
    let mut candidates: Splits = Vec::new();
    for slot in plain.missing().iter() {
        if is_read_often(evaluator, survey, slot)
            && let Some(cells) = cells(evaluator, slot).filter(|cells| cells.len() > 1)
        {
            candidates.push((slot, cells));
        }
    }
    if candidates.is_empty() {
        return None;
    }
    let cases_max = if stays_open(plain, &candidates) { CASES_MAX_ASIDE } else { CASES_MAX };
    // By name, so that the order of conditions decides nothing.
    candidates.sort_by(|(left, left_cells), (right, right_cells)| {
        let key = |slot: &Slot| &evaluator.inputs.slots[*slot].key;
        left_cells.len().cmp(&right_cells.len()).then_with(|| key(left).cmp(key(right)))
    });
    for (slot, cells) in candidates {
        if count.saturating_mul(cells.len()) > cases_max {
            break;
        }
        count *= cells.len();
        splits.push((slot, cells));
    }
    if splits.is_empty() {
        return None;
    }
    split_further(evaluator, plain, &mut splits, &mut count);
    Some((splits, count))
}

/// Splits what is read only once too, where that is cheap: two cases that are both open can then be told apart.
fn split_further(evaluator: &mut Evaluator<'_>, plain: &Verdict, splits: &mut Splits, count: &mut usize) {
    let mut further: Vec<Slot> =
        plain.missing().iter().filter(|slot| splits.iter().all(|(split, _)| split != slot)).collect();
    further.sort_by(|left, right| evaluator.inputs.slots[*left].key.cmp(&evaluator.inputs.slots[*right].key));
    for slot in further {
        if *count * 2 > CASES_MAX_FURTHER {
            break;
        }
        let Some(cells) = cells(evaluator, slot).filter(|cells| cells.len() > 1) else { continue };
        if count.saturating_mul(cells.len()) <= CASES_MAX_FURTHER {
            *count *= cells.len();
            splits.push((slot, cells));
        }
    }
}

/// Whether some condition hangs only on what cannot be split, which leaves the outcome open in every case.
fn stays_open(plain: &Verdict, candidates: &Splits) -> bool {
    let hangs_elsewhere = |causes: &Causes| candidates.iter().all(|(slot, _)| !causes.has(*slot));
    plain.truth == Truth::Unknown
        && plain.needs.iter().any(|(truth, causes)| *truth == Truth::Unknown && hangs_elsewhere(causes))
}

fn together(plain: Verdict, splits: &Splits, cases: Vec<Verdict>) -> Verdict {
    let deciding = deciding(&plain, splits, &cases);
    let amount = plain.amount.clone();
    let mut all = Verdict {
        causes: Causes::NONE,
        rank_causes: Causes::NONE,
        ranks: Default::default(),
        amount: None,
        is_negative: false,
        ..plain
    };
    let (mut can_true, mut can_false) = (false, false);
    let split_causes = |mut causes: Causes| {
        // Inside a case the split unknown stands for its cell; whether it matters is decided by comparing cases.
        let kept: Vec<Slot> =
            causes.iter().filter(|slot| splits.iter().all(|(split, _)| split != slot)).collect();
        causes = Causes::NONE;
        kept.into_iter().for_each(|slot| causes.insert(slot));
        causes
    };
    for case in &cases {
        can_true |= case.truth.can_be_true();
        can_false |= case.truth.can_be_false();
        all.causes.add(&split_causes(case.causes.clone()));
        if case.truth != Truth::False {
            all.ranks.extend(case.ranks.iter().cloned());
            all.rank_causes.add(&split_causes(case.rank_causes.clone()));
            if let Some((numbers, causes)) = &case.amount {
                let causes = split_causes(causes.clone());
                all.amount = Some(match all.amount.take() {
                    None => (numbers.clone(), causes),
                    Some((known, why)) => (known.union(numbers), why.union(&causes)),
                });
            }
        }
    }
    // Where no case is eligible, what would be due stays as it was.
    all.amount = all.amount.or(amount);
    all.truth = Truth::possible(can_true, can_false);
    for slot in deciding {
        all.causes.insert(slot);
        if all.ranks.len() > 1 {
            all.rank_causes.insert(slot);
        }
        if let Some((_, causes)) = &mut all.amount {
            causes.insert(slot);
        }
    }
    if all.truth != Truth::Unknown {
        all.causes = Causes::NONE;
    }
    if let Some((numbers, causes)) = &mut all.amount
        && numbers.as_exact().is_some()
    {
        *causes = Causes::NONE;
    }
    if all.ranks.len() <= 1 {
        all.rank_causes = Causes::NONE;
    }
    all
}

/// The split unknowns for which two cases that differ in nothing else come out differently, or within one of whose
/// cells the answer still moves.
fn deciding(plain: &Verdict, splits: &Splits, cases: &[Verdict]) -> Vec<Slot> {
    let mut out = Vec::new();
    let mut stride = 1;
    for (slot, cells) in splits {
        let size = cells.len();
        let differs = (0..cases.len()).any(|number| {
            let place = number / stride % size;
            place + 1 < size && differ(plain, *slot, &cases[number], &cases[number + stride])
        });
        let moves = cases.iter().any(|case| case.missing().has(*slot));
        if differs || moves {
            out.push(*slot);
        }
        stride *= size;
    }
    out
}

/// Whether two cases that differ in one unknown come out differently. Two that are open alike may still be open in
/// different ways; then whatever hung on the unknown before counts as hanging on it.
fn differ(plain: &Verdict, slot: Slot, left: &Verdict, right: &Verdict) -> bool {
    if left.truth == Truth::False && right.truth == Truth::False {
        return false;
    }
    let amount = |verdict: &Verdict| verdict.amount.as_ref().map(|(numbers, _)| numbers.clone());
    if left.truth != right.truth || amount(left) != amount(right) || left.ranks != right.ranks {
        return true;
    }
    let needs = plain.needs.iter().zip(&left.needs).zip(&right.needs);
    let open_need = needs.into_iter().any(|(((_, causes), (left, _)), (right, _))| {
        *left == Truth::Unknown && *right == Truth::Unknown && causes.has(slot)
    });
    let open_tier = left.may_lack_tier && right.may_lack_tier && plain.causes.has(slot);
    let open_amount = plain.amount.as_ref().is_some_and(|(_, causes)| causes.has(slot))
        && amount(left).is_some_and(|numbers| numbers.as_exact().is_none());
    let open_rank = left.ranks.len() > 1 && plain.rank_causes.has(slot);
    open_need || open_tier || open_amount || open_rank
}

fn is_read_often(evaluator: &Evaluator<'_>, survey: &Survey, slot: Slot) -> bool {
    let of = evaluator.inputs.instances.iter().rev().find(|instance| instance.base <= slot);
    of.is_some_and(|instance| survey.is_read_often(instance.kind, slot - instance.base))
}

/// The cases of an unknown; none if it cannot be split.
fn cells(evaluator: &mut Evaluator<'_>, slot: Slot) -> Option<Vec<Value>> {
    // Whether a collection is known is no case of it: what it holds is what matters.
    if matches!(evaluator.inputs.slots[slot].kind, InputKind::Collection(_)) {
        return None;
    }
    let causes = Causes::one(slot);
    let known = |thing: Thing| Value::certain(thing);
    match evaluator.slot_value(slot).thing.clone() {
        Thing::Truth(Truth::Unknown) => {
            Some([Truth::True, Truth::False].map(|truth| known(Thing::Truth(truth))).to_vec())
        }
        Thing::Texts(..) if is_hierarchical(evaluator, slot) => super::codes::cells(evaluator, slot),
        Thing::Texts(Some(codes), absence) => {
            let one = |code: String| known(Thing::Texts(Some([code].into()), super::numbers::Absence::NEVER));
            let mut cells: Vec<Value> = codes.into_iter().map(one).collect();
            if absence.is_possible() {
                cells.push(known(Thing::Texts(Some([].into()), absence)));
            }
            Some(cells)
        }
        Thing::Numbers(numbers) => {
            let InputKind::Fact(fact, _) = evaluator.inputs.slots[slot].kind else { return None };
            let definition = evaluator.inputs.vocabulary.get(fact);
            let points = critical_points(evaluator, slot);
            if points.is_empty() {
                return None;
            }
            Some(number_cells(definition, &numbers, points, &causes))
        }
        _ => None,
    }
}

fn is_hierarchical(evaluator: &Evaluator<'_>, slot: Slot) -> bool {
    match evaluator.inputs.slots[slot].kind {
        InputKind::Fact(fact, _) => evaluator.inputs.vocabulary.get(fact).hierarchy,
        _ => false,
    }
}

/// The stretches between thresholds and the thresholds themselves; for whole numbers closed at whole ends.
fn number_cells(
    definition: &FactDefinition,
    numbers: &Numbers,
    mut points: Vec<Number>,
    causes: &Causes,
) -> Vec<Value> {
    points.sort();
    points.dedup();
    let mut cells = Vec::new();
    let mut low = End::Open;
    for point in points {
        cells.push(Interval { low, high: End::Excluded(point.clone()) });
        cells.push(Interval::point(point.clone()));
        low = End::Excluded(point);
    }
    cells.push(Interval { low, high: End::Open });
    let is_whole = definition.fact_type == FactType::Count;
    let mut out = Vec::new();
    for cell in cells {
        let cell = if is_whole { whole(&cell) } else { cell };
        let within = numbers.within(&cell);
        if within.pieces().is_empty() {
            continue;
        }
        out.push(Value::numbers(
            Numbers::from_pieces(within.pieces().to_vec(), Default::default()),
            causes.clone(),
        ));
    }
    if numbers.absence.is_possible() {
        out.push(Value::certain(Thing::Numbers(Numbers::absent(numbers.absence))));
    }
    out
}

fn whole(cell: &Interval) -> Interval {
    let one = Number::one();
    let low = match &cell.low {
        End::Excluded(number) => End::Closed(&number.floor() + &one),
        End::Closed(number) => End::Closed(number.ceiling()),
        End::Open => End::Open,
    };
    let high = match &cell.high {
        End::Excluded(number) => End::Closed(&number.ceiling() - &one),
        End::Closed(number) => End::Closed(number.floor()),
        End::Open => End::Open,
    };
    Interval { low, high }
}

/// The bounds of a definition as numbers, for the search of how far off it is.
pub(super) fn allowed(definition: &FactDefinition, number: &Number) -> bool {
    domain::bounds(definition).contains(number)
}
