//! Dates: moved by durations, compared, subtracted.

use facts::{Date, Dimension, Number, Quantity};
use lang::ir::{Arithmetic, Compare};
use lang::types::{Measure, Type};

use super::causes::Causes;
use super::numbers::{End, Interval, Numbers};
use super::value::{Days, Thing, Truth, Value};

/// A day plus or minus months or days, or the days between two days.
pub(super) fn arithmetic(op: Arithmetic, left: &Days, right: &Thing, ty: &Type, causes: Causes) -> Value {
    if let Thing::Days(right) = right {
        return Value::numbers(Numbers::interval(difference(left, right)), causes);
    }
    let Thing::Numbers(numbers) = right else { return unknown(causes) };
    let months = *ty == Type::Number(Measure::Of(Dimension::of(Quantity::Months)));
    let Some(hull) = numbers.hull() else { return unknown(causes) };
    let sign = if op == Arithmetic::Sub { -1 } else { 1 };
    let (low, high) = if sign < 0 { (&hull.high, &hull.low) } else { (&hull.low, &hull.high) };
    let moved = |day: Option<i64>, by: &End| {
        let by = by.value()?.floor().to_i64()?.checked_mul(sign)?;
        let day = Date::from_epoch_days(day?)?;
        let moved = if months { day.add_months(by) } else { day.add_days(by) };
        moved.map(Date::to_epoch_days)
    };
    let days = Days { from: moved(left.from, low), to: moved(left.to, high) };
    let causes = if days.as_exact().is_some() { Causes::NONE } else { causes };
    Value { thing: Thing::Days(days), causes }
}

fn unknown(causes: Causes) -> Value {
    Value { thing: Thing::Days(Days { from: None, to: None }), causes }
}

fn difference(left: &Days, right: &Days) -> Interval {
    let end = |a: Option<i64>, b: Option<i64>| match (a, b) {
        (Some(a), Some(b)) => End::Closed(Number::from(a - b)),
        _ => End::Open,
    };
    Interval { low: end(left.from, right.to), high: end(left.to, right.from) }
}

/// Whole months from a day to another.
pub(super) fn months_between(from: &Days, to: &Days, causes: Causes) -> Value {
    let exact = |days: &Days| days.as_exact().and_then(Date::from_epoch_days);
    match (exact(from), exact(to)) {
        (Some(from), Some(to)) => Value::exact(Number::from(from.months_until(to))),
        _ => Value::numbers(Numbers::interval(Interval::all()), causes),
    }
}

/// Compares possible days.
pub(super) fn compare(op: Compare, left: &Days, right: &Days) -> Truth {
    let interval = |days: &Days| {
        let end = |day: Option<i64>| day.map_or(End::Open, |day| End::Closed(Number::from(day)));
        Numbers::interval(Interval { low: end(days.from), high: end(days.to) })
    };
    super::compare::compare_numbers(op, &interval(left), &interval(right))
}
