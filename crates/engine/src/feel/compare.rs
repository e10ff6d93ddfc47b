//! Equality, order and identity.

use std::cmp::Ordering;

use super::value::{Context, Function, List, Range, Value};

/// `left = right`: null equals only null; values of different kinds cannot be compared, which is `None`.
pub fn equal(left: &Value, right: &Value) -> Option<bool> {
    Some(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Date(left), Value::Date(right)) => left == right,
        (Value::Time(left), Value::Time(right)) => left.equals(*right),
        (Value::DateTime(left), Value::DateTime(right)) => left.equals(*right),
        (Value::Months(left), Value::Months(right)) => left == right,
        (Value::Nanos(left), Value::Nanos(right)) => left == right,
        (Value::List(left), Value::List(right)) => return lists_equal(left, right),
        (Value::Context(left), Value::Context(right)) => return contexts_equal(left, right),
        (Value::Range(left), Value::Range(right)) => return ranges_equal(left, right),
        (Value::Function(left), Value::Function(right)) => same_function(left, right),
        _ => return None,
    })
}

/// Equal for the purposes of lists: what cannot be compared is different.
pub fn matches(left: &Value, right: &Value) -> bool {
    equal(left, right) == Some(true)
}

/// False where one pair differs; otherwise unknown where one pair cannot be compared.
fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut result = Some(true);
    for (left, right) in pairs {
        match equal(left, right) {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn lists_equal(left: &List, right: &List) -> Option<bool> {
    if left.items().len() != right.items().len() {
        return Some(false);
    }
    all_equal(left.items().iter().zip(right.items()))
}

fn contexts_equal(left: &Context, right: &Context) -> Option<bool> {
    if left.entries().len() != right.entries().len() {
        return Some(false);
    }
    let mut pairs = Vec::with_capacity(left.entries().len());
    for (key, value) in left.entries() {
        match right.get(key) {
            Some(other) => pairs.push((value, other)),
            None => return Some(false),
        }
    }
    all_equal(pairs.into_iter())
}

fn ranges_equal(left: &Range, right: &Range) -> Option<bool> {
    let end = |end: &Option<Value>| end.clone().unwrap_or_default();
    if (left.low_bound, left.high_bound) != (right.low_bound, right.high_bound) {
        return Some(false);
    }
    let (lows, highs) = ((end(&left.low), end(&right.low)), (end(&left.high), end(&right.high)));
    all_equal([(&lows.0, &lows.1), (&highs.0, &highs.1)].into_iter())
}

fn same_function(left: &Function, right: &Function) -> bool {
    match (left, right) {
        (Function::Builtin(left), Function::Builtin(right)) => std::ptr::eq(*left, *right),
        (Function::Written(left), Function::Written(right)) => std::sync::Arc::ptr_eq(left, right),
        _ => false,
    }
}

/// Order of two values of one kind that has an order.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.chars().cmp(right.chars())),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => left.order(*right),
        (Value::DateTime(left), Value::DateTime(right)) => left.order(*right),
        (Value::Months(left), Value::Months(right)) => Some(left.cmp(right)),
        (Value::Nanos(left), Value::Nanos(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// `is(left, right)`: the same kind and the same element of its domain, the zone of a time included.
pub fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Time(left), Value::Time(right)) => left == right,
        (Value::DateTime(left), Value::DateTime(right)) => left == right,
        _ => matches(left, right),
    }
}
