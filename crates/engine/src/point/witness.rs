//! Two subjects that an open one may be, one eligible and one not: proof that the outcome is open.
//!
//! A definite answer never changes when more becomes known, so if everything open is filled in twice and the answers
//! differ, no trying of cases can make the outcome definite. That takes a few evaluations instead of hundreds.

use facts::Number;

use super::causes::{Causes, Slot};
use super::eval::Evaluator;
use super::numbers::{Absence, End, Numbers};
use super::survey::Survey;
use super::value::{Thing, Truth, Value};
use super::verdict::{Band, Verdict};

/// How the open unknowns are filled in.
#[derive(Clone, Copy)]
struct Filling {
    /// In favour of eligibility, as far as one can see, or against it.
    is_in_favour: bool,
    /// Great numbers are as great as can be.
    is_extreme: bool,
    /// Where one cannot see: true and great, or false and small.
    otherwise: bool,
}

/// What is tried, what most often tells first.
const FILLINGS: [Filling; 6] = [
    Filling { is_in_favour: false, is_extreme: false, otherwise: false },
    Filling { is_in_favour: true, is_extreme: false, otherwise: true },
    Filling { is_in_favour: true, is_extreme: false, otherwise: false },
    Filling { is_in_favour: false, is_extreme: true, otherwise: true },
    Filling { is_in_favour: true, is_extreme: true, otherwise: true },
    Filling { is_in_favour: false, is_extreme: false, otherwise: true },
];

/// A great number as numbers go: more than any threshold, within most bounds.
const GREAT: i64 = 1_000_000_000;

/// Stands for a number without end.
const HUGE: i64 = 1_000_000_000_000;

/// Whether fillings were found whose answers differ, or one that stays open with nothing left to fill in.
pub(super) fn both_answers(
    evaluator: &mut Evaluator<'_>,
    survey: &Survey,
    band: &Band,
    plain: &Verdict,
) -> bool {
    let (mut can_true, mut can_false) = (false, false);
    let found = FILLINGS.into_iter().any(|filling| {
        let mut filled = Causes::NONE;
        let (truth, causes) = fill(evaluator, survey, band, plain, filling, &mut filled);
        match truth {
            Truth::True => can_true = true,
            Truth::False => can_false = true,
            Truth::Unknown => {
                let is_filled = causes.iter().all(|slot| filled.has(slot));
                can_true |= is_filled;
                can_false |= is_filled;
            }
        }
        evaluator.reset();
        can_true && can_false
    });
    evaluator.reset();
    found
}

/// Fills in what the outcome hangs on, and what it then turns out to hang on.
fn fill(
    evaluator: &mut Evaluator<'_>,
    survey: &Survey,
    band: &Band,
    plain: &Verdict,
    filling: Filling,
    filled: &mut Causes,
) -> (Truth, Causes) {
    let mut open = plain.causes.clone();
    loop {
        let slots: Vec<Slot> = open.iter().flat_map(|slot| parts(evaluator, survey, slot)).collect();
        for slot in slots {
            if !filled.has(slot)
                && let Some(value) = value(evaluator, survey, slot, filling)
            {
                evaluator.set(slot, value);
                filled.insert(slot);
            }
        }
        let (truth, causes) = plain.again(evaluator, band);
        let has_more = causes
            .iter()
            .flat_map(|slot| parts(evaluator, survey, slot))
            .any(|slot| !filled.has(slot) && value(evaluator, survey, slot, filling).is_some());
        if truth != Truth::Unknown || !has_more {
            return (truth, causes);
        }
        open = causes;
    }
}

/// The slot itself; for a figure that stands for several years together the years. If that figure were given, it would win
/// over years that are known, and so say what no case of it says.
fn parts(evaluator: &Evaluator<'_>, survey: &Survey, slot: Slot) -> Vec<Slot> {
    let instance = evaluator.inputs.instances.iter().rev().find(|instance| instance.base <= slot);
    let parts = instance.and_then(|instance| {
        let parts = survey.parts_of(instance.kind, slot - instance.base)?;
        Some(parts.iter().map(|part| instance.base + part).collect())
    });
    parts.unwrap_or_else(|| vec![slot])
}

/// One of the values that a slot may have; none for what has no list of them.
fn value(evaluator: &Evaluator<'_>, survey: &Survey, slot: Slot, filling: Filling) -> Option<Value> {
    let instance = evaluator.inputs.instances.iter().rev().find(|instance| instance.base <= slot)?;
    let index = slot - instance.base;
    // A score that is given wins over what it is worked out from, which tells more about it than its definition does.
    let is_score = evaluator.document.scores.iter().any(|score| {
        score.given.is_some_and(|given| {
            evaluator.document.vars[given.var.0].kind == instance.kind && given.index == index
        })
    });
    if is_score {
        return None;
    }
    let leaning = survey.leaning(instance.kind, index);
    let is_up = leaning.map_or(filling.otherwise, |leaning| leaning == filling.is_in_favour);
    match &evaluator.slot_value(slot).thing {
        Thing::Truth(Truth::Unknown) if !evaluator.inputs.is_collection(slot) => {
            Some(Value::certain(Thing::Truth(Truth::known(is_up))))
        }
        Thing::Numbers(numbers) => number(numbers, is_up, filling.is_extreme).map(Value::exact),
        Thing::Texts(Some(texts), _) if texts.len() > 1 => {
            let text = if filling.is_in_favour { texts.first() } else { texts.last() };
            Some(Value::certain(Thing::Texts(Some([text?.clone()].into()), Absence::NEVER)))
        }
        _ => None,
    }
}

/// A number at one end of the stretch.
fn number(numbers: &Numbers, is_up: bool, is_extreme: bool) -> Option<Number> {
    let hull = numbers.hull()?;
    let end = |end: &End| match end {
        End::Closed(number) => Some(Some(number.clone())),
        End::Open => Some(None),
        End::Excluded(_) => None,
    };
    let (low, high) = (end(&hull.low)?, end(&hull.high)?);
    let great = Number::from(if is_extreme { HUGE } else { GREAT });
    let wanted = if is_up {
        let wanted = low.map_or(great.clone(), |low| low.max(great));
        high.map_or(wanted.clone(), |high| high.min(wanted))
    } else {
        low.unwrap_or_else(|| high.unwrap_or_default().min(-great))
    };
    numbers.pieces().iter().any(|piece| piece.contains(&wanted)).then_some(wanted)
}
