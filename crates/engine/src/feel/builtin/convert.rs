//! Conversions between kinds, `not`, and `is`.

use super::arguments::{Builtin, Call};
use crate::feel::compare::identical;
use crate::feel::decimal;
use crate::feel::json::{inner_text, plain_text};
use crate::feel::value::Value;
use facts::Number;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "number",
        forms: &[&["from"], &["from", "grouping separator", "decimal separator"]],
        body: number,
    },
    Builtin { name: "string", forms: &[&["from"]], body: string },
    Builtin { name: "not", forms: &[&["negand"]], body: not },
    Builtin { name: "is", forms: &[&["value1", "value2"]], body: is },
];

/// `number("1 234,5", " ", ",")`. The separators may be null.
fn number(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?;
    let grouping = separator(call, 1, &[" ", ",", "."])?;
    let point = separator(call, 2, &[",", "."])?;
    if grouping.is_some() && grouping == point {
        return call.unusable(2);
    }
    let mut plain = text.to_string();
    if let Some(grouping) = grouping {
        plain = plain.replace(&grouping, "");
    }
    if let Some(point) = point.filter(|point| point == ",") {
        plain = if plain.contains('.') { String::new() } else { plain.replace(&point, ".") };
    }
    let parsed = plain.parse::<Number>().ok().and_then(decimal::settle);
    match parsed {
        Some(number) => Some(Value::Number(number)),
        None => call.unusable(0),
    }
}

/// The separator, if one is given.
fn separator(call: &mut Call<'_>, index: usize, allowed: &[&str]) -> Option<Option<String>> {
    if !call.is_given(index) {
        return Some(None);
    }
    let text = call.text(index)?;
    if allowed.contains(&&*text) { Some(Some(text.to_string())) } else { call.unusable(index) }
}

fn string(call: &mut Call<'_>) -> Option<Value> {
    let value = call.value(0);
    let text = match &value {
        Value::Null | Value::Function(_) => return None,
        Value::List(_) | Value::Context(_) => inner_text(&value),
        other => plain_text(other)?,
    };
    call.text_result(&text)
}

/// Null for whatever is not a boolean.
fn not(call: &mut Call<'_>) -> Option<Value> {
    if call.single(0).is_null() {
        return None;
    }
    call.boolean(0).map(|value| Value::Boolean(!value))
}

fn is(call: &mut Call<'_>) -> Option<Value> {
    Some(Value::Boolean(identical(&call.value(0), &call.value(1))))
}
