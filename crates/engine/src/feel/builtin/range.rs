//! Ranges and points on one axis: which lies before, inside or over the other. And `range()`, from text.

use std::cmp::Ordering;

use super::arguments::{Builtin, Call};
use crate::feel::compare::order;
use crate::feel::problem::ProblemKind;
use crate::feel::ranges;
use crate::feel::run::temporal;
use crate::feel::value::{Range, Value};
use lang::ast::{Bound, Expr, ExprKind};
use lang::syntax::{NoNames, parse};

const RANGES: &[&[&str]] = &[&["range1", "range2"]];
const POINT_OR_RANGE: &[&[&str]] =
    &[&["point1", "point2"], &["point", "range"], &["range", "point"], &["range1", "range2"]];
const RANGE_FIRST: &[&[&str]] = &[&["range", "point"], &["range1", "range2"]];
const POINT_FIRST: &[&[&str]] = &[&["point", "range"], &["range1", "range2"]];

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "before", forms: POINT_OR_RANGE, body: |call| relate(call, before) },
    Builtin { name: "after", forms: POINT_OR_RANGE, body: |call| relate(call, |a, b| before(b, a)) },
    Builtin { name: "meets", forms: RANGES, body: |call| relate_ranges(call, meets) },
    Builtin { name: "met by", forms: RANGES, body: |call| relate_ranges(call, |a, b| meets(b, a)) },
    Builtin { name: "overlaps", forms: RANGES, body: |call| relate_ranges(call, overlaps) },
    Builtin { name: "overlaps before", forms: RANGES, body: |call| relate_ranges(call, overlaps_before) },
    Builtin {
        name: "overlaps after",
        forms: RANGES,
        body: |call| relate_ranges(call, |a, b| overlaps_before(b, a)),
    },
    Builtin { name: "finishes", forms: POINT_FIRST, body: |call| relate(call, finishes) },
    Builtin { name: "finished by", forms: RANGE_FIRST, body: |call| relate(call, |a, b| finishes(b, a)) },
    Builtin { name: "includes", forms: RANGE_FIRST, body: |call| relate(call, includes) },
    Builtin { name: "during", forms: POINT_FIRST, body: |call| relate(call, |a, b| includes(b, a)) },
    Builtin { name: "starts", forms: POINT_FIRST, body: |call| relate(call, starts) },
    Builtin { name: "started by", forms: RANGE_FIRST, body: |call| relate(call, |a, b| starts(b, a)) },
    Builtin {
        name: "coincides",
        forms: &[&["point1", "point2"], &["range1", "range2"]],
        body: |call| relate(call, coincides),
    },
    Builtin { name: "range", forms: &[&["from"]], body: range_from },
];

/// A point is a closed range from itself to itself.
struct Side {
    low: Option<Value>,
    low_bound: Bound,
    high: Option<Value>,
    high_bound: Bound,
    is_point: bool,
}

impl Side {
    fn of(value: &Value) -> Self {
        match value {
            Value::Range(range) => {
                let Range { low, low_bound, high, high_bound } = &**range;
                Self {
                    low: low.clone(),
                    low_bound: *low_bound,
                    high: high.clone(),
                    high_bound: *high_bound,
                    is_point: false,
                }
            }
            point => Self {
                low: Some(point.clone()),
                low_bound: Bound::Closed,
                high: Some(point.clone()),
                high_bound: Bound::Closed,
                is_point: true,
            },
        }
    }
}

/// `None` where ends cannot be compared.
type Relation = fn(&Side, &Side) -> Option<bool>;

fn relate(call: &mut Call<'_>, relation: Relation) -> Option<Value> {
    let (left, right) = (call.single(0), call.single(1));
    if left.is_null() || right.is_null() {
        let missing = usize::from(!left.is_null());
        return call.wrong_kind(missing, "point or range");
    }
    match relation(&Side::of(&left), &Side::of(&right)) {
        Some(holds) => Some(Value::Boolean(holds)),
        None => {
            let kind = ProblemKind::RangeEnds { low: left.kind(), high: right.kind() };
            call.refuse(kind)
        }
    }
}

fn relate_ranges(call: &mut Call<'_>, relation: Relation) -> Option<Value> {
    for index in 0..2 {
        if !matches!(call.single(index), Value::Range(_)) {
            return call.wrong_kind(index, "range");
        }
    }
    relate(call, relation)
}

/// The order of two lower ends: an absent one lies below all, an open one above the same closed one.
fn order_lows(left: &Side, right: &Side) -> Option<Ordering> {
    let order = match (&left.low, &right.low) {
        (None, None) => return Some(Ordering::Equal),
        (None, Some(_)) => return Some(Ordering::Less),
        (Some(_), None) => return Some(Ordering::Greater),
        (Some(left), Some(right)) => order(left, right)?,
    };
    let is_open = |side: &Side| side.low_bound == Bound::Open;
    Some(order.then(is_open(left).cmp(&is_open(right))))
}

/// The order of two upper ends: an absent one lies above all, an open one below the same closed one.
fn order_highs(left: &Side, right: &Side) -> Option<Ordering> {
    let order = match (&left.high, &right.high) {
        (None, None) => return Some(Ordering::Equal),
        (None, Some(_)) => return Some(Ordering::Greater),
        (Some(_), None) => return Some(Ordering::Less),
        (Some(left), Some(right)) => order(left, right)?,
    };
    let is_closed = |side: &Side| side.high_bound == Bound::Closed;
    Some(order.then(is_closed(left).cmp(&is_closed(right))))
}

/// Whether all of `left` lies below all of `right`.
fn before(left: &Side, right: &Side) -> Option<bool> {
    let (Some(high), Some(low)) = (&left.high, &right.low) else {
        return Some(false);
    };
    Some(match order(high, low)? {
        Ordering::Less => true,
        Ordering::Equal => left.high_bound == Bound::Open || right.low_bound == Bound::Open,
        Ordering::Greater => false,
    })
}

/// Whether `left` ends where `right` begins, both including the end.
fn meets(left: &Side, right: &Side) -> Option<bool> {
    let (Some(high), Some(low)) = (&left.high, &right.low) else {
        return Some(false);
    };
    let touch = order(high, low)? == Ordering::Equal;
    Some(touch && left.high_bound == Bound::Closed && right.low_bound == Bound::Closed)
}

fn overlaps(left: &Side, right: &Side) -> Option<bool> {
    Some(!before(left, right)? && !before(right, left)?)
}

/// Whether they overlap and `left` begins and ends earlier, or ends with `right`.
fn overlaps_before(left: &Side, right: &Side) -> Option<bool> {
    let begins = order_lows(left, right)? == Ordering::Less;
    let ends = order_highs(left, right)? != Ordering::Greater;
    Some(begins && ends && !before(left, right)?)
}

/// Whether `left` ends with `right` and lies in it.
fn finishes(left: &Side, right: &Side) -> Option<bool> {
    if right.is_point {
        return None;
    }
    Some(order_highs(left, right)? == Ordering::Equal && order_lows(left, right)? != Ordering::Less)
}

/// Whether `left` begins with `right` and lies in it.
fn starts(left: &Side, right: &Side) -> Option<bool> {
    if right.is_point {
        return None;
    }
    Some(order_lows(left, right)? == Ordering::Equal && order_highs(left, right)? != Ordering::Greater)
}

/// Whether `right` lies in `left`.
fn includes(left: &Side, right: &Side) -> Option<bool> {
    if left.is_point {
        return None;
    }
    Some(order_lows(left, right)? != Ordering::Greater && order_highs(left, right)? != Ordering::Less)
}

fn coincides(left: &Side, right: &Side) -> Option<bool> {
    if left.is_point != right.is_point {
        return None;
    }
    Some(order_lows(left, right)? == Ordering::Equal && order_highs(left, right)? == Ordering::Equal)
}

/// `range("[1..5)")`: a range whose ends are literals. An open end may be left out: `range("[1..)")`.
fn range_from(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?;
    let (tree, errors) = parse(&with_absent_ends(&text), 0, &NoNames);
    let Some(ExprKind::Range(low, low_bound, high, high_bound)) =
        tree.filter(|_| errors.is_empty()).map(|tree| tree.kind)
    else {
        return call.unusable(0);
    };
    let (Some(low), Some(high)) = (end(low, low_bound), end(high, high_bound)) else {
        return call.unusable(0);
    };
    let is_unbounded = low.is_none() && high.is_none();
    let is_backward = match (&low, &high) {
        (Some(low), Some(high)) => order(low, high).is_some_and(Ordering::is_gt),
        _ => false,
    };
    match ranges::make(low, low_bound, high, high_bound) {
        Ok(range) if !is_unbounded && !is_backward => Some(range),
        _ => call.unusable(0),
    }
}

/// The text with `null` in place of an end that is left out.
fn with_absent_ends(text: &str) -> String {
    let trimmed = text.trim();
    let mut inner = trimmed.chars();
    let (Some(open), Some(close)) = (inner.next(), inner.next_back()) else {
        return String::new();
    };
    let inner = inner.as_str().trim();
    let low = if inner.starts_with("..") { "null" } else { "" };
    let high = if inner.ends_with("..") { "null" } else { "" };
    format!("{open}{low}{inner}{high}{close}")
}

/// The end of a range: the inner `None` is an end left out, which only an open one may be.
fn end(end: Option<Box<Expr>>, bound: Bound) -> Option<Option<Value>> {
    let Some(end) = end else { return Some(None) };
    match literal(&end)? {
        Value::Null if bound == Bound::Open => Some(None),
        Value::Null => None,
        value => Some(Some(value)),
    }
}

/// The value of a literal: a constant, `@"…"`, or a constructor of a day, time or duration from a text.
fn literal(expr: &Expr) -> Option<Value> {
    Some(match &expr.kind {
        ExprKind::Null => Value::Null,
        ExprKind::Number(number) => Value::Number(number.clone()),
        ExprKind::Text(text) => Value::text(text),
        ExprKind::At(text) => temporal(text)?,
        ExprKind::Negate(inner) => crate::feel::arithmetic::negate(&literal(inner)?).ok()?,
        ExprKind::Call(callee, arguments) => {
            let (ExprKind::Name(name), [argument]) = (&callee.kind, arguments.as_slice()) else {
                return None;
            };
            let ExprKind::Text(text) = &argument.value.kind else {
                return None;
            };
            let value = temporal(text)?;
            let fits = match name.as_str() {
                "date" => matches!(value, Value::Date(_)),
                "time" => matches!(value, Value::Time(_)),
                "date and time" => matches!(value, Value::DateTime(_)),
                "duration" => matches!(value, Value::Months(_) | Value::Nanos(_)),
                _ => false,
            };
            return fits.then_some(value);
        }
        _ => return None,
    })
}
