//! Two subjects that an open one may be, one eligible and one not: proof that the outcome is open.
//!
//! A definite answer never changes when more becomes known, so if everything open is filled in twice and the answers
//! differ, no trying of cases can make the outcome definite. That takes a few evaluations instead of hundreds.

use facts::Number;

use super::causes::{Causes, Slot};
use super::eval::Evaluator;
use super::numbers::{Absence, End, Numbers};
use super::value::{Thing, Truth, Value};
use super::verdict::{Band, Verdict};

/// How the open unknowns are filled in.
struct Filling {
    /// Yes or no.
    truth: bool,
    /// Which of the numbers that it may be.
    number: Pick,
}

/// Which number of a stretch.
#[derive(Clone, Copy)]
enum Pick {
    Least,
    Most,
    Some(i64),
}

/// What is tried, what most often tells first.
const FILLINGS: [Filling; 6] = [
    Filling { truth: false, number: Pick::Least },
    Filling { truth: true, number: Pick::Some(1_000_000_000) },
    Filling { truth: true, number: Pick::Least },
    Filling { truth: false, number: Pick::Most },
    Filling { truth: true, number: Pick::Some(1) },
    Filling { truth: false, number: Pick::Some(1_000_000_000) },
];

/// Stands for a number without end.
const HUGE: i64 = 1_000_000_000_000;

/// Whether fillings were found whose answers differ, or one that stays open with nothing left to fill in.
pub(super) fn both_answers(evaluator: &mut Evaluator<'_>, band: &Band, plain: &Verdict) -> bool {
    let (mut can_true, mut can_false) = (false, false);
    let found = FILLINGS.iter().any(|filling| {
        let mut filled = Causes::NONE;
        let verdict = fill(evaluator, band, plain.causes.clone(), filling, &mut filled);
        match verdict.truth {
            Truth::True => can_true = true,
            Truth::False => can_false = true,
            Truth::Unknown => {
                let is_filled = verdict.causes.iter().all(|slot| filled.has(slot));
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
    band: &Band,
    mut open: Causes,
    filling: &Filling,
    filled: &mut Causes,
) -> Verdict {
    loop {
        for slot in open.iter() {
            if !filled.has(slot)
                && let Some(value) = value(evaluator, slot, filling)
            {
                evaluator.set(slot, value);
                filled.insert(slot);
            }
        }
        let verdict = Verdict::of(evaluator, band);
        let has_more = verdict.causes.iter().any(|slot| {
            !filled.has(slot) && value(evaluator, slot, filling).is_some()
        });
        if verdict.truth != Truth::Unknown || !has_more {
            return verdict;
        }
        open = verdict.causes;
    }
}

/// One of the values that a slot may have; none for what has no list of them.
fn value(evaluator: &Evaluator<'_>, slot: Slot, filling: &Filling) -> Option<Value> {
    match &evaluator.slot_value(slot).thing {
        Thing::Truth(Truth::Unknown) if !evaluator.inputs.is_collection(slot) => {
            Some(Value::certain(Thing::Truth(Truth::known(filling.truth))))
        }
        Thing::Numbers(numbers) => number(numbers, filling.number).map(Value::exact),
        Thing::Texts(Some(texts), _) if !texts.is_empty() => {
            let text = if filling.truth { texts.first() } else { texts.last() };
            let text = text?.clone();
            let is_open = texts.len() > 1;
            is_open.then(|| Value::certain(Thing::Texts(Some([text].into()), Absence::NEVER)))
        }
        _ => None,
    }
}

/// A whole number of the stretch; its end where there is none.
fn number(numbers: &Numbers, pick: Pick) -> Option<Number> {
    let hull = numbers.hull()?;
    let low = match &hull.low {
        End::Closed(low) => Some(low.clone()),
        End::Excluded(_) => return None,
        End::Open => None,
    };
    let high = match &hull.high {
        End::Closed(high) => Some(high.clone()),
        End::Excluded(_) => return None,
        End::Open => None,
    };
    let wanted = match pick {
        Pick::Least => low.clone().unwrap_or_else(|| Number::from(-HUGE)),
        Pick::Most => high.clone().unwrap_or_else(|| Number::from(HUGE)),
        Pick::Some(number) => Number::from(number),
    };
    let wanted = low.map_or(wanted.clone(), |low| wanted.clone().max(low));
    let wanted = high.map_or(wanted.clone(), |high| wanted.clone().min(high));
    numbers.pieces().iter().any(|piece| piece.contains(&wanted)).then_some(wanted)
}
