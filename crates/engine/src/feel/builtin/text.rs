//! Texts. Positions and lengths count code points.

use super::arguments::{Builtin, Call};
use super::regex;
use crate::feel::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "substring",
        forms: &[&["string", "start position"], &["string", "start position", "length"]],
        body: substring,
    },
    Builtin { name: "string length", forms: &[&["string"]], body: string_length },
    Builtin { name: "upper case", forms: &[&["string"]], body: upper_case },
    Builtin { name: "lower case", forms: &[&["string"]], body: lower_case },
    Builtin { name: "substring before", forms: &[&["string", "match"]], body: substring_before },
    Builtin { name: "substring after", forms: &[&["string", "match"]], body: substring_after },
    Builtin { name: "contains", forms: &[&["string", "match"]], body: contains },
    Builtin { name: "starts with", forms: &[&["string", "match"]], body: starts_with },
    Builtin { name: "ends with", forms: &[&["string", "match"]], body: ends_with },
    Builtin {
        name: "replace",
        forms: &[&["input", "pattern", "replacement"], &["input", "pattern", "replacement", "flags"]],
        body: replace,
    },
    Builtin {
        name: "matches",
        forms: &[&["input", "pattern"], &["input", "pattern", "flags"]],
        body: matches,
    },
    Builtin { name: "split", forms: &[&["string", "delimiter"]], body: split },
    Builtin {
        name: "string join",
        forms: &[&["list"], &["list", "delimiter"], &["list", "delimiter", "prefix", "suffix"]],
        body: string_join,
    },
];

/// A negative start counts from the end.
fn substring(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?;
    let start = call.integer(1)?;
    let length = if call.form == 1 { Some(call.integer(2)?) } else { None };
    if start == 0 {
        return call.unusable(1);
    }
    if length.is_some_and(|length| length < 1) {
        return call.unusable(2);
    }
    let count = i64::try_from(text.chars().count()).ok()?;
    let from = if start > 0 { start - 1 } else { count + start };
    if from < 0 || from > count {
        return call.unusable(1);
    }
    let kept = usize::try_from(length.unwrap_or(count)).ok()?;
    let part: String = text.chars().skip(usize::try_from(from).ok()?).take(kept).collect();
    call.text_result(&part)
}

fn string_length(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?;
    i64::try_from(text.chars().count()).ok().map(Value::integer)
}

fn upper_case(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?.to_uppercase();
    call.text_result(&text)
}

fn lower_case(call: &mut Call<'_>) -> Option<Value> {
    let text = call.text(0)?.to_lowercase();
    call.text_result(&text)
}

fn substring_before(call: &mut Call<'_>) -> Option<Value> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    let before = text.find(&*part).map_or("", |at| &text[..at]);
    call.text_result(before)
}

fn substring_after(call: &mut Call<'_>) -> Option<Value> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    let after = text.find(&*part).map_or("", |at| &text[at + part.len()..]);
    call.text_result(after)
}

fn contains(call: &mut Call<'_>) -> Option<Value> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    Some(Value::Boolean(text.contains(&*part)))
}

fn starts_with(call: &mut Call<'_>) -> Option<Value> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    Some(Value::Boolean(text.starts_with(&*part)))
}

fn ends_with(call: &mut Call<'_>) -> Option<Value> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    Some(Value::Boolean(text.ends_with(&*part)))
}

/// The compiled pattern at argument `index`. Compiling and matching count as work.
fn pattern(call: &mut Call<'_>, index: usize, flags: &str) -> Option<regex::Pattern> {
    let source = call.text(index)?;
    call.spend(200 + source.len())?;
    match regex::compile(&source, flags) {
        Some(pattern) => Some(pattern),
        None => call.unusable(index),
    }
}

/// Flags may be absent or null.
fn flags(call: &mut Call<'_>, index: usize) -> Option<String> {
    if call.is_given(index) { Some(call.text(index)?.to_string()) } else { Some(String::new()) }
}

fn replace(call: &mut Call<'_>) -> Option<Value> {
    let input = call.text(0)?;
    let replacement = call.text(2)?;
    let flags = flags(call, 3)?;
    let pattern = pattern(call, 1, &flags)?;
    call.spend(input.len())?;
    match pattern.replace_all(&input, &replacement) {
        Some(result) => call.text_result(&result),
        None => call.unusable(1),
    }
}

fn matches(call: &mut Call<'_>) -> Option<Value> {
    let input = call.text(0)?;
    let flags = flags(call, 2)?;
    let pattern = pattern(call, 1, &flags)?;
    call.spend(input.len())?;
    match pattern.is_match(&input) {
        Some(is_match) => Some(Value::Boolean(is_match)),
        None => call.unusable(1),
    }
}

fn split(call: &mut Call<'_>) -> Option<Value> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, "")?;
    call.spend(input.len())?;
    match pattern.split(&input) {
        Some(parts) => {
            let parts = parts.into_iter().map(Value::text).collect();
            call.list_result(parts)
        }
        None => call.unusable(1),
    }
}

/// Nulls are left out.
fn string_join(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let part = |call: &mut Call<'_>, index: usize| {
        if call.is_given(index) { call.text(index) } else { Some(std::sync::Arc::from("")) }
    };
    let (delimiter, prefix, suffix) = (part(call, 1)?, part(call, 2)?, part(call, 3)?);
    let mut result = prefix.to_string();
    let mut is_first = true;
    for item in list.items() {
        let Value::Text(item) = item else {
            if item.is_null() {
                continue;
            }
            return call.unusable(0);
        };
        if !is_first {
            result.push_str(&delimiter);
        }
        is_first = false;
        result.push_str(item);
        if result.len() > crate::feel::limits::TEXT_BYTES_MAX {
            break;
        }
    }
    result.push_str(&suffix);
    call.text_result(&result)
}
