//! Ranges: how they are made, what lies in them, and what `in` finds.

use std::cmp::Ordering;
use std::sync::Arc;

use super::compare::{equal, order};
use super::problem::ProblemKind;
use super::value::{Range, Value};
use lang::ast::Bound;

/// The range, if its ends can be compared.
pub fn make(
    low: Option<Value>,
    low_bound: Bound,
    high: Option<Value>,
    high_bound: Bound,
) -> Result<Value, ProblemKind> {
    let refuse = |low: &Value, high: &Value| ProblemKind::RangeEnds { low: low.kind(), high: high.kind() };
    match (&low, &high) {
        (Some(low), Some(high)) if order(low, high).is_none() => return Err(refuse(low, high)),
        (Some(end), None) | (None, Some(end)) if order(end, end).is_none() => return Err(refuse(end, end)),
        _ => {}
    }
    Ok(Value::Range(Arc::new(Range { low, low_bound, high, high_bound })))
}

/// Whether a value lies in a range; `None` where it cannot be compared with the ends.
///
/// `(!= x)` reads as an open range from x to x, as the test kit has it. Nothing could lie in that range, so asking is
/// an error rather than a silent no.
pub fn contains(range: &Range, value: &Value) -> Option<bool> {
    if let (Some(low), Some(high), Bound::Open, Bound::Open) =
        (&range.low, &range.high, range.low_bound, range.high_bound)
        && equal(low, high) == Some(true)
    {
        return None;
    }
    let above = match &range.low {
        None => true,
        Some(low) => match order(value, low)? {
            Ordering::Greater => true,
            Ordering::Equal => range.low_bound == Bound::Closed,
            Ordering::Less => false,
        },
    };
    let below = match &range.high {
        None => true,
        Some(high) => match order(value, high)? {
            Ordering::Less => true,
            Ordering::Equal => range.high_bound == Bound::Closed,
            Ordering::Greater => false,
        },
    };
    Some(above && below)
}

/// `value in candidate`: it lies in a range, is or lies in an item of a list, or is equal.
pub fn is_in(value: &Value, candidate: &Value) -> Option<bool> {
    match candidate {
        Value::Range(range) if !matches!(value, Value::Range(_)) => contains(range, value),
        Value::List(list) => {
            if matches!(value, Value::List(_)) && equal(value, candidate) == Some(true) {
                return Some(true);
            }
            let hit = |item: &Value| match item {
                Value::Range(range) if !matches!(value, Value::Range(_)) => {
                    contains(range, value) == Some(true)
                }
                _ => equal(value, item) == Some(true),
            };
            Some(list.items().iter().any(hit))
        }
        _ => equal(value, candidate),
    }
}
