//! Comparison of possibilities: what can hold, and what can fail.

use std::collections::BTreeSet;

use lang::ir::Compare;

use super::numbers::{Absence, End, Interval, Numbers};
use super::value::{Thing, Truth, Value};

/// Compares whatever the checker allows to be compared.
pub(crate) fn compare_values(op: Compare, left: &Value, right: &Value) -> Value {
    let causes = left.causes.clone().union(&right.causes);
    let truth = match (&left.thing, &right.thing) {
        (Thing::Truth(a), Thing::Truth(b)) => {
            let same = if *a == Truth::Unknown || *b == Truth::Unknown {
                Truth::Unknown
            } else {
                Truth::known(a == b)
            };
            if op == Compare::Ne { same.negate() } else { same }
        }
        (Thing::Days(a), Thing::Days(b)) => super::days::compare(op, a, b),
        (Thing::Texts(..), _) | (_, Thing::Texts(..)) => compare_texts(op, &left.thing, &right.thing),
        (Thing::CodeSet(a), Thing::CodeSet(b)) => match (a, b) {
            (Some(a), Some(b)) => Truth::known((a == b) == (op == Compare::Eq)),
            _ => Truth::Unknown,
        },
        _ => compare_numbers(op, &left.as_numbers(), &right.as_numbers()),
    };
    Value::truth(truth, causes)
}

fn compare_texts(op: Compare, left: &Thing, right: &Thing) -> Truth {
    let parts = |thing: &Thing| match thing {
        Thing::Texts(texts, absence) => (texts.clone(), *absence),
        Thing::Numbers(numbers) => (Some(BTreeSet::new()), numbers.absence),
        _ => (None, Absence::NEVER),
    };
    let ((a, a_absent), (b, b_absent)) = (parts(left), parts(right));
    let (Some(a), Some(b)) = (a, b) else { return Truth::Unknown };
    let nothing = |absence: Absence| usize::from(absence.has(Absence::NOTHING));
    let can_equal = a.intersection(&b).next().is_some() || (nothing(a_absent) + nothing(b_absent) == 2);
    let sizes = (a.len() + nothing(a_absent), b.len() + nothing(b_absent));
    let can_differ = sizes != (1, 1) || !can_equal;
    let equal = Truth::possible(can_equal, can_differ);
    if op == Compare::Ne { equal.negate() } else { equal }
}

/// Compares all pairs; 无, a missing tier and a year before founding make order comparisons false both ways.
pub(crate) fn compare_numbers(op: Compare, left: &Numbers, right: &Numbers) -> Truth {
    if let (Some(a), Some(b)) = (left.as_exact(), right.as_exact()) {
        return Truth::known(op.holds(a.cmp(b)));
    }
    let (mut can_true, mut can_false) = (false, false);
    for a in left.pieces() {
        for b in right.pieces() {
            let (yes, no) = compare_intervals(op, a, b);
            can_true |= yes;
            can_false |= no;
        }
    }
    let absence = left.absence.or(right.absence);
    if absence.has(Absence::ZERO_DENOMINATOR) {
        return Truth::Unknown;
    }
    if absence.is_possible() {
        let both = left.absence.has(Absence::NOTHING) && right.absence.has(Absence::NOTHING);
        match op {
            Compare::Eq => {
                can_true |= both;
                can_false |= !(both && left.pieces().is_empty() && right.pieces().is_empty());
            }
            Compare::Ne => {
                can_true |= !(both && left.pieces().is_empty() && right.pieces().is_empty());
                can_false |= both;
            }
            _ => can_false = true,
        }
    }
    Truth::possible(can_true, can_false)
}

/// Whether the comparison can hold, and whether it can fail, for some pair of numbers.
fn compare_intervals(op: Compare, a: &Interval, b: &Interval) -> (bool, bool) {
    let can_less = reaches_below(&a.low, &b.high);
    let can_greater = reaches_below(&b.low, &a.high);
    let can_equal = !a.intersect(b).is_empty();
    match op {
        Compare::Lt => (can_less, can_equal || can_greater),
        Compare::Le => (can_less || can_equal, can_greater),
        Compare::Gt => (can_greater, can_equal || can_less),
        Compare::Ge => (can_greater || can_equal, can_less),
        Compare::Eq => (can_equal, can_less || can_greater),
        Compare::Ne => (can_less || can_greater, can_equal),
    }
}

/// Whether some number from the lower end on lies below some number up to the upper end.
fn reaches_below(low: &End, high: &End) -> bool {
    match (low.value(), high.value()) {
        (Some(low), Some(high)) => low < high,
        _ => true,
    }
}

/// Whether a code is one of these, or lies under one; a coarser code leaves it open.
pub(crate) fn under(text: &str, codes: &[String], is_hierarchy: bool) -> Truth {
    if !is_hierarchy {
        return Truth::known(codes.iter().any(|code| code == text));
    }
    if codes.iter().any(|code| text.starts_with(code.as_str())) {
        Truth::True
    } else if codes.iter().any(|code| code.starts_with(text)) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Whether what a code may be is, or lies under, one of these; of a set of codes, whether one of them is.
pub(crate) fn code_in_values(thing: &Thing, codes: &[String], is_hierarchy: bool) -> Truth {
    match thing {
        Thing::Texts(Some(possible), absence) => {
            let mut truths = possible.iter().map(|text| under(text, codes, is_hierarchy));
            let mut result = truths.next();
            for truth in truths {
                result = result.map(|before| if before == truth { truth } else { Truth::Unknown });
            }
            match (result, absence.is_possible()) {
                (Some(truth), false) => truth,
                (None | Some(Truth::False), _) => Truth::False,
                (Some(_), true) => Truth::Unknown,
            }
        }
        Thing::CodeSet(Some(known)) => Truth::known(codes.iter().any(|code| known.contains(code))),
        _ => Truth::Unknown,
    }
}

/// Whether what a text may be passes a test; 无 passes none.
pub(crate) fn text_holds(thing: &Thing, holds: impl Fn(&str) -> bool) -> Truth {
    let Thing::Texts(Some(texts), absence) = thing else { return Truth::Unknown };
    let can_hold = texts.iter().any(|text| holds(text));
    let can_fail = absence.is_possible() || texts.iter().any(|text| !holds(text));
    Truth::possible(can_hold, can_fail)
}
