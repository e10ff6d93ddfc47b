//! Figures over lists: least, greatest, sum, mean and their like, and all or any of a list of booleans.

use super::arguments::{Builtin, Call};
use crate::feel::compare::order;
use crate::feel::decimal;
use crate::feel::value::Value;
use facts::Number;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "min", forms: &[&["list"], &["c1…"]], body: min },
    Builtin { name: "max", forms: &[&["list"], &["c1…"]], body: max },
    Builtin { name: "sum", forms: &[&["list"], &["n1…"]], body: sum },
    Builtin { name: "product", forms: &[&["list"], &["n1…"]], body: product },
    Builtin { name: "mean", forms: &[&["list"], &["n1…"]], body: mean },
    Builtin { name: "median", forms: &[&["list"], &["n1…"]], body: median },
    Builtin { name: "stddev", forms: &[&["list"], &["n1…"]], body: stddev },
    Builtin { name: "mode", forms: &[&["list"], &["n1…"]], body: mode },
    Builtin { name: "all", forms: &[&["list"], &["b1…"]], body: all },
    Builtin { name: "any", forms: &[&["list"], &["b1…"]], body: any },
];

fn extreme(call: &mut Call<'_>, is_better: fn(std::cmp::Ordering) -> bool) -> Option<Value> {
    let items = call.spread()?;
    call.spend(items.len())?;
    let mut best = items.first()?.clone();
    for item in &items {
        match order(item, &best) {
            Some(order) if is_better(order) => best = item.clone(),
            Some(_) => {}
            None => return call.unusable(0),
        }
    }
    Some(best)
}

fn min(call: &mut Call<'_>) -> Option<Value> {
    extreme(call, std::cmp::Ordering::is_lt)
}

fn max(call: &mut Call<'_>) -> Option<Value> {
    extreme(call, std::cmp::Ordering::is_gt)
}

/// The arguments as numbers; null if one is not.
fn numbers(call: &mut Call<'_>) -> Option<Vec<Number>> {
    let items = call.spread()?;
    call.spend(items.len())?;
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::Number(number) => numbers.push(number),
            _ => return call.unusable(0),
        }
    }
    Some(numbers)
}

fn total(numbers: &[Number]) -> Option<Number> {
    numbers.iter().try_fold(Number::zero(), |sum, number| decimal::settle(&sum + number))
}

fn average(numbers: &[Number]) -> Option<Number> {
    let count = Number::from(i64::try_from(numbers.len()).ok()?);
    decimal::divide(&total(numbers)?, &count)
}

/// Numbers, or durations of one sort.
fn sum(call: &mut Call<'_>) -> Option<Value> {
    let items = call.spread()?;
    call.spend(items.len())?;
    let mut sum = items.first()?.clone();
    if !matches!(sum, Value::Number(_) | Value::Months(_) | Value::Nanos(_)) {
        return call.unusable(0);
    }
    for item in &items[1..] {
        match crate::feel::arithmetic::compute(lang::ast::BinaryOp::Add, &sum, item) {
            Ok(next) if next.kind() == sum.kind() => sum = next,
            _ => return call.unusable(0),
        }
    }
    Some(sum)
}

fn product(call: &mut Call<'_>) -> Option<Value> {
    let numbers = numbers(call)?;
    if numbers.is_empty() {
        return None;
    }
    let product =
        numbers.iter().try_fold(Number::one(), |product, number| decimal::settle(&product * number));
    call.number_result(product)
}

fn mean(call: &mut Call<'_>) -> Option<Value> {
    let numbers = numbers(call)?;
    if numbers.is_empty() {
        return None;
    }
    call.number_result(average(&numbers))
}

fn median(call: &mut Call<'_>) -> Option<Value> {
    let mut numbers = numbers(call)?;
    if numbers.is_empty() {
        return None;
    }
    numbers.sort();
    let middle = numbers.len() / 2;
    let is_odd = numbers.len() % 2 == 1;
    let median = if is_odd { Some(numbers[middle].clone()) } else { average(&numbers[middle - 1..=middle]) };
    call.number_result(median)
}

/// Of a sample: the divisor is one less than the count.
fn stddev(call: &mut Call<'_>) -> Option<Value> {
    let numbers = numbers(call)?;
    if numbers.len() < 2 {
        return call.unusable(0);
    }
    let deviation = || {
        let mean = average(&numbers)?;
        let mut squares = Number::zero();
        for number in &numbers {
            let distance = number + &-mean.clone();
            squares = decimal::settle(&squares + &decimal::settle(&distance * &distance)?)?;
        }
        let count = Number::from(i64::try_from(numbers.len()).ok()? - 1);
        decimal::square_root(&decimal::divide(&squares, &count)?)
    };
    let deviation = deviation();
    call.number_result(deviation)
}

/// The most frequent numbers, in order.
fn mode(call: &mut Call<'_>) -> Option<Value> {
    let mut numbers = numbers(call)?;
    numbers.sort();
    let runs: Vec<&[Number]> = numbers.chunk_by(|left, right| left == right).collect();
    let most = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    let modes =
        runs.iter().filter(|run| run.len() == most).map(|run| Value::Number(run[0].clone())).collect();
    call.list_result(modes)
}

/// True if every item is, false if one is false, otherwise null; the same for `any` with true and false swapped.
fn all_or_any(call: &mut Call<'_>, decisive: bool) -> Option<Value> {
    let items = call.spread()?;
    call.spend(items.len())?;
    let is_decisive = |item: &Value| matches!(item, Value::Boolean(value) if *value == decisive);
    if items.iter().any(is_decisive) {
        return Some(Value::Boolean(decisive));
    }
    let all_known = items.iter().all(|item| matches!(item, Value::Boolean(_)));
    all_known.then_some(Value::Boolean(!decisive))
}

fn all(call: &mut Call<'_>) -> Option<Value> {
    all_or_any(call, false)
}

fn any(call: &mut Call<'_>) -> Option<Value> {
    all_or_any(call, true)
}
