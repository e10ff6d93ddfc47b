//! Values from and to JSON. Days, times and durations become their ISO texts; functions become null; ranges their
//! FEEL text.

use super::decimal;
use super::duration;
use super::value::{Context, List, Range, Value};
use facts::Number;
use lang::ast::Bound;
use serde_json::Value as Json;

/// Numbers that a JSON number of 64 bits holds exactly become one; longer ones become the nearest.
/// [`to_json_text`] keeps every digit.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Function(_) => Json::Null,
        Value::Boolean(value) => Json::Bool(*value),
        Value::Number(number) => match number.to_i64() {
            Some(whole) => Json::from(whole),
            None => Json::from(number.to_f64()),
        },
        Value::List(list) => Json::Array(list.items().iter().map(to_json).collect()),
        Value::Context(context) => {
            let entries = context.entries().iter().map(|(key, value)| (key.to_string(), to_json(value)));
            Json::Object(entries.collect())
        }
        other => Json::String(plain_text(other).unwrap_or_default()),
    }
}

/// Compact JSON text with all digits of every number.
pub fn to_json_text(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, &mut text);
    text
}

fn write_json(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Function(_) => text.push_str("null"),
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&decimal::to_text(number)),
        Value::List(list) => {
            text.push('[');
            for (index, item) in list.items().iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_json(item, text);
            }
            text.push(']');
        }
        Value::Context(context) => {
            text.push('{');
            for (index, (key, item)) in context.entries().iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Json::from(&**key).to_string());
                text.push(':');
                write_json(item, text);
            }
            text.push('}');
        }
        other => text.push_str(&Json::String(plain_text(other).unwrap_or_default()).to_string()),
    }
}

/// The value of a JSON document. Texts stay texts, whatever they look like. What is nested or long past the limits
/// becomes null.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => {
            let number = number.to_string().parse::<Number>().ok();
            number.and_then(decimal::settle).map_or(Value::Null, Value::Number)
        }
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            List::new(items.iter().map(from_json).collect()).map_or(Value::Null, Value::List)
        }
        Json::Object(entries) => {
            let mut context = Context::default();
            let fits = entries.iter().all(|(key, value)| context.set(key, from_json(value)));
            if fits { Value::Context(context) } else { Value::Null }
        }
    }
}

/// The text of a value that is neither null, list, context nor function: what `string()` gives.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(value) => value.to_string(),
        Value::Number(number) => decimal::to_text(number),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::DateTime(moment) => moment.to_string(),
        Value::Months(months) => duration::months_text(*months),
        Value::Nanos(nanos) => duration::nanos_text(*nanos),
        Value::Range(range) => range_text(range),
        Value::Null | Value::List(_) | Value::Context(_) | Value::Function(_) => return None,
    })
}

fn range_text(range: &Range) -> String {
    let end = |end: &Value| inner_text(end);
    match (&range.low, &range.high) {
        (Some(low), Some(high)) => {
            let open = if range.low_bound == Bound::Closed { '[' } else { '(' };
            let close = if range.high_bound == Bound::Closed { ']' } else { ')' };
            format!("{open}{}..{}{close}", end(low), end(high))
        }
        (Some(low), None) if range.low_bound == Bound::Closed => format!("(>={})", end(low)),
        (Some(low), None) => format!("(>{})", end(low)),
        (None, Some(high)) if range.high_bound == Bound::Closed => format!("(<={})", end(high)),
        (None, Some(high)) => format!("(<{})", end(high)),
        (None, None) => "(null..null)".to_owned(),
    }
}

/// The text of a value inside a list, context or range, as `string()` writes it: texts stand in quotes.
pub(super) fn inner_text(value: &Value) -> String {
    match value {
        Value::Null | Value::Function(_) => "null".to_owned(),
        Value::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Value::List(list) => {
            let items: Vec<String> = list.items().iter().map(inner_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Context(context) => {
            let entry = |(key, value): &(std::sync::Arc<str>, Value)| format!("{key}: {}", inner_text(value));
            let entries: Vec<String> = context.entries().iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => plain_text(other).unwrap_or_default(),
    }
}
