//! Contexts.

use super::arguments::{Builtin, Call};
use crate::feel::problem::ProblemKind;
use crate::feel::value::{Context, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "get value", forms: &[&["m", "key"], &["context", "key"]], body: get_value },
    Builtin { name: "get entries", forms: &[&["m"], &["context"]], body: get_entries },
    Builtin { name: "context", forms: &[&["entries"]], body: context },
    Builtin {
        name: "context put",
        forms: &[&["context", "key", "value"], &["context", "keys", "value"]],
        body: context_put,
    },
    Builtin { name: "context merge", forms: &[&["contexts"]], body: context_merge },
];

fn get_value(call: &mut Call<'_>) -> Option<Value> {
    let (context, key) = (call.context(0)?, call.text(1)?);
    context.get(&key).cloned()
}

fn get_entries(call: &mut Call<'_>) -> Option<Value> {
    let context = call.context(0)?;
    call.spend(2 * context.entries().len())?;
    let mut items = Vec::with_capacity(context.entries().len());
    for (key, value) in context.entries() {
        let mut entry = Context::default();
        set(call, &mut entry, "key", Value::Text(key.clone()))?;
        set(call, &mut entry, "value", value.clone())?;
        items.push(Value::Context(entry));
    }
    call.list_result(items)
}

fn set(call: &mut Call<'_>, context: &mut Context, key: &str, value: Value) -> Option<()> {
    call.spend(1)?;
    if !context.set(key, value) {
        return call.refuse(ProblemKind::Limit("nesting"));
    }
    Some(())
}

/// From entries `{key, value}`; a key twice is null.
fn context(call: &mut Call<'_>) -> Option<Value> {
    let entries = call.list(0)?;
    let mut context = Context::default();
    for entry in entries.items() {
        let Value::Context(entry) = entry else {
            return call.unusable(0);
        };
        let (Some(Value::Text(key)), Some(value)) = (entry.get("key"), entry.get("value")) else {
            return call.unusable(0);
        };
        if context.get(key).is_some() {
            return call.refuse(ProblemKind::DuplicateKey(key.to_string()));
        }
        set(call, &mut context, key, value.clone())?;
    }
    Some(Value::Context(context))
}

/// With a list of keys, the value is put into the inner context that they lead to.
fn context_put(call: &mut Call<'_>) -> Option<Value> {
    let context = call.context(0)?;
    let value = call.value(2);
    let keys = match call.value(1) {
        Value::Text(key) => vec![Value::Text(key)],
        Value::List(list) => list.items().to_vec(),
        _ => return call.wrong_kind(1, "string or list of strings"),
    };
    put_at(call, context, &keys, value).map(Value::Context)
}

fn put_at(call: &mut Call<'_>, mut context: Context, keys: &[Value], value: Value) -> Option<Context> {
    let Some((Value::Text(key), rest)) = keys.split_first() else {
        return call.unusable(1);
    };
    if keys.len() > crate::feel::limits::VALUE_DEPTH_MAX {
        return call.refuse(ProblemKind::Limit("nesting"));
    }
    let value = if rest.is_empty() {
        value
    } else {
        let inner = match context.get(key) {
            Some(Value::Context(inner)) => inner.clone(),
            None => Context::default(),
            Some(_) => return call.unusable(1),
        };
        Value::Context(put_at(call, inner, rest, value)?)
    };
    call.spend(context.entries().len())?;
    set(call, &mut context, key, value)?;
    Some(context)
}

/// Later contexts win.
fn context_merge(call: &mut Call<'_>) -> Option<Value> {
    let contexts = call.list(0)?;
    let mut merged = Context::default();
    for context in contexts.items() {
        let Value::Context(context) = context else {
            return call.unusable(0);
        };
        for (key, value) in context.entries() {
            set(call, &mut merged, key, value.clone())?;
        }
    }
    Some(Value::Context(merged))
}
