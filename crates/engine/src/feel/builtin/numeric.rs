//! Numbers.

use super::arguments::{Builtin, Call};
use crate::feel::decimal::{self, Rounding};
use crate::feel::problem::ProblemKind;
use crate::feel::value::Value;
use facts::Number;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "decimal", forms: &[&["n", "scale"]], body: |call| round(call, Rounding::HalfEven) },
    Builtin { name: "floor", forms: &[&["n"], &["n", "scale"]], body: |call| round(call, Rounding::Floor) },
    Builtin {
        name: "ceiling",
        forms: &[&["n"], &["n", "scale"]],
        body: |call| round(call, Rounding::Ceiling),
    },
    Builtin { name: "round up", forms: &[&["n", "scale"]], body: |call| round(call, Rounding::Up) },
    Builtin { name: "round down", forms: &[&["n", "scale"]], body: |call| round(call, Rounding::Down) },
    Builtin { name: "round half up", forms: &[&["n", "scale"]], body: |call| round(call, Rounding::HalfUp) },
    Builtin {
        name: "round half down",
        forms: &[&["n", "scale"]],
        body: |call| round(call, Rounding::HalfDown),
    },
    Builtin { name: "abs", forms: &[&["n"]], body: abs },
    Builtin { name: "modulo", forms: &[&["dividend", "divisor"]], body: modulo },
    Builtin { name: "sqrt", forms: &[&["number"]], body: |call| apply(call, decimal::square_root) },
    Builtin { name: "log", forms: &[&["number"]], body: |call| apply(call, decimal::logarithm) },
    Builtin { name: "exp", forms: &[&["number"]], body: |call| apply(call, decimal::exponential) },
    Builtin { name: "odd", forms: &[&["number"]], body: |call| is_odd(call, true) },
    Builtin { name: "even", forms: &[&["number"]], body: |call| is_odd(call, false) },
];

/// Work that a root, power or logarithm counts for.
const TRANSCENDENTAL_WORK: usize = 100;

fn round(call: &mut Call<'_>, rounding: Rounding) -> Option<Value> {
    let number = call.number(0)?;
    let scale = if call.values.len() > 1 { call.number(1)?.floor() } else { Number::zero() };
    let rounded = scale.to_i64().and_then(|scale| decimal::round(&number, scale, rounding));
    if rounded.is_none() {
        return call.unusable(1);
    }
    rounded.map(Value::Number)
}

/// Of a number or a duration.
fn abs(call: &mut Call<'_>) -> Option<Value> {
    match call.single(0) {
        Value::Number(number) => Some(Value::Number(number.abs())),
        Value::Months(months) => Some(Value::Months(months.abs())),
        Value::Nanos(nanos) => Some(Value::Nanos(nanos.abs())),
        _ => call.wrong_kind(0, "number or duration"),
    }
}

/// With the sign of the divisor.
fn modulo(call: &mut Call<'_>) -> Option<Value> {
    let (dividend, divisor) = (call.number(0)?, call.number(1)?);
    let Some(quotient) = dividend.checked_div(&divisor) else {
        return call.refuse(ProblemKind::DivisionByZero);
    };
    let remainder = decimal::settle(&dividend + &-(&divisor * &quotient.floor()));
    call.number_result(remainder)
}

fn apply(call: &mut Call<'_>, function: fn(&Number) -> Option<Number>) -> Option<Value> {
    let number = call.number(0)?;
    call.spend(TRANSCENDENTAL_WORK)?;
    match function(&number) {
        Some(result) => Some(Value::Number(result)),
        None => call.unusable(0),
    }
}

fn is_odd(call: &mut Call<'_>, odd: bool) -> Option<Value> {
    let number = call.number(0)?;
    if !number.is_integer() {
        return call.unusable(0);
    }
    let half = number.checked_div(&Number::from(2))?;
    Some(Value::Boolean(half.is_integer() != odd))
}
