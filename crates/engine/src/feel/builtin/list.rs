//! Lists. Positions count from 1, or from -1 at the end.

use super::arguments::{Builtin, Call};
use crate::feel::compare::matches;
use crate::feel::value::{Function, List, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "list contains", forms: &[&["list", "element"]], body: list_contains },
    Builtin { name: "count", forms: &[&["list"]], body: count },
    Builtin {
        name: "sublist",
        forms: &[&["list", "start position"], &["list", "start position", "length"]],
        body: sublist,
    },
    Builtin { name: "append", forms: &[&["list", "item…"]], body: append },
    Builtin { name: "concatenate", forms: &[&["list…"]], body: concatenate },
    Builtin { name: "insert before", forms: &[&["list", "position", "newItem"]], body: insert_before },
    Builtin { name: "remove", forms: &[&["list", "position"]], body: remove },
    Builtin {
        name: "list replace",
        forms: &[&["list", "position", "newItem"], &["list", "match", "newItem"]],
        body: list_replace,
    },
    Builtin { name: "reverse", forms: &[&["list"]], body: reverse },
    Builtin { name: "index of", forms: &[&["list", "match"]], body: index_of },
    Builtin { name: "union", forms: &[&["list…"]], body: union },
    Builtin { name: "distinct values", forms: &[&["list"]], body: distinct_values },
    Builtin { name: "flatten", forms: &[&["list"]], body: flatten },
    Builtin { name: "sort", forms: &[&["list", "precedes"], &["list"]], body: sort },
];

fn list_contains(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let element = call.value(1);
    call.spend(list.items().len())?;
    Some(Value::Boolean(list.items().iter().any(|item| matches(item, &element))))
}

fn count(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    i64::try_from(list.items().len()).ok().map(Value::integer)
}

/// The index that a position means in a list of `length`; `None` for 0 and beyond.
fn index_at(position: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if position > 0 { position - 1 } else { length.checked_add(position)? };
    let is_inside = position != 0 && (0..length).contains(&index);
    if is_inside { usize::try_from(index).ok() } else { None }
}

fn sublist(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let start = call.integer(1)?;
    let Some(from) = index_at(start, list.items().len()) else {
        return call.unusable(1);
    };
    let mut to = list.items().len();
    if call.form == 1 {
        let length = call.integer(2)?;
        let end = usize::try_from(length).ok().and_then(|length| from.checked_add(length));
        match end.filter(|end| length > 0 && *end <= to) {
            Some(end) => to = end,
            None => return call.unusable(2),
        }
    }
    call.list_result(list.items()[from..to].to_vec())
}

fn append(call: &mut Call<'_>) -> Option<Value> {
    let mut items = call.list(0)?.items().to_vec();
    items.extend_from_slice(&call.values[1..]);
    call.list_result(items)
}

/// All arguments as lists, one behind the other.
fn joined(call: &mut Call<'_>) -> Option<Vec<Value>> {
    let mut items = Vec::new();
    for index in 0..call.values.len() {
        let list = call.list(index)?;
        call.spend(list.items().len())?;
        items.extend_from_slice(list.items());
    }
    Some(items)
}

fn concatenate(call: &mut Call<'_>) -> Option<Value> {
    let items = joined(call)?;
    call.list_result(items)
}

fn insert_before(call: &mut Call<'_>) -> Option<Value> {
    let mut items = call.list(0)?.items().to_vec();
    let position = call.integer(1)?;
    let Some(index) = index_at(position, items.len()) else {
        return call.unusable(1);
    };
    items.insert(index, call.value(2));
    call.list_result(items)
}

fn remove(call: &mut Call<'_>) -> Option<Value> {
    let mut items = call.list(0)?.items().to_vec();
    let position = call.integer(1)?;
    let Some(index) = index_at(position, items.len()) else {
        return call.unusable(1);
    };
    items.remove(index);
    call.list_result(items)
}

/// At a position, or wherever `match(item, newItem)` holds.
fn list_replace(call: &mut Call<'_>) -> Option<Value> {
    let mut items = call.list(0)?.items().to_vec();
    let new_item = call.value(2);
    if !matches!(call.single(1), Value::Function(_)) {
        let position = call.integer(1)?;
        let Some(index) = index_at(position, items.len()) else {
            return call.unusable(1);
        };
        items[index] = new_item;
        return call.list_result(items);
    }
    let function = call.function(1)?;
    for item in &mut items {
        match call.run.call_value(call.span, &function, vec![item.clone(), new_item.clone()]) {
            Value::Boolean(true) => *item = new_item.clone(),
            Value::Boolean(false) => {}
            _ => return call.unusable(1),
        }
    }
    call.list_result(items)
}

fn reverse(call: &mut Call<'_>) -> Option<Value> {
    let mut items = call.list(0)?.items().to_vec();
    items.reverse();
    call.list_result(items)
}

fn index_of(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let element = call.value(1);
    call.spend(list.items().len())?;
    let hits = list.items().iter().zip(1..).filter(|(item, _)| matches(item, &element));
    let positions = hits.map(|(_, position)| Value::integer(position)).collect();
    call.list_result(positions)
}

/// Each value once, where it first occurs.
fn without_repeats(call: &mut Call<'_>, items: Vec<Value>) -> Option<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        call.spend(kept.len() + 1)?;
        if !kept.iter().any(|known| matches(known, &item)) {
            kept.push(item);
        }
    }
    call.list_result(kept)
}

fn union(call: &mut Call<'_>) -> Option<Value> {
    let items = joined(call)?;
    without_repeats(call, items)
}

fn distinct_values(call: &mut Call<'_>) -> Option<Value> {
    let items = call.list(0)?.items().to_vec();
    without_repeats(call, items)
}

fn flatten(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let mut items = Vec::new();
    gather(call, &list, &mut items)?;
    call.list_result(items)
}

fn gather(call: &mut Call<'_>, list: &List, items: &mut Vec<Value>) -> Option<()> {
    call.spend(list.items().len() + 1)?;
    for item in list.items() {
        match item {
            Value::List(inner) => gather(call, inner, items)?,
            other => items.push(other.clone()),
        }
    }
    Some(())
}

/// Stable; by `precedes(x, y)`, or by the values' own order.
fn sort(call: &mut Call<'_>) -> Option<Value> {
    let list = call.list(0)?;
    let precedes = if call.form == 0 { Some(call.function(1)?) } else { None };
    let sorted = merge_sorted(call, list.items(), precedes.as_ref())?;
    call.list_result(sorted)
}

fn merge_sorted(call: &mut Call<'_>, items: &[Value], precedes: Option<&Function>) -> Option<Vec<Value>> {
    if items.len() < 2 {
        return Some(items.to_vec());
    }
    call.spend(items.len())?;
    let (left, right) = items.split_at(items.len() / 2);
    let left = merge_sorted(call, left, precedes)?;
    let right = merge_sorted(call, right, precedes)?;
    let mut merged = Vec::with_capacity(items.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let takes_right = comes_first(call, second, first, precedes)?;
        merged.extend(if takes_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Some(merged)
}

fn comes_first(
    call: &mut Call<'_>,
    first: &Value,
    second: &Value,
    precedes: Option<&Function>,
) -> Option<bool> {
    match precedes {
        None => match crate::feel::compare::order(first, second) {
            Some(order) => Some(order.is_lt()),
            None => call.unusable(0),
        },
        Some(function) => match call.run.call_value(call.span, function, vec![first.clone(), second.clone()])
        {
            Value::Boolean(answer) => Some(answer),
            _ => call.unusable(1),
        },
    }
}
