//! Types at run time: `instance of`, and what happens to an argument whose parameter has a type.

use super::calendar::DateTime;
use super::value::{Function, List, Value};
use lang::syntax::Type;

/// Whether a value belongs to a type; `None` if there is no such type. Null belongs to `Null` only.
pub fn is_instance(value: &Value, of: &Type) -> Option<bool> {
    let result = match of {
        Type::Named(name) => return is_named(value, name),
        Type::List(item) => match value {
            Value::List(list) => all(list.items().iter().map(|value| is_member(value, item)))?,
            _ => is_member(&Value::Null, item).map(|_| false)?,
        },
        Type::Range(end) => match value {
            Value::Range(range) => {
                let ends = [&range.low, &range.high].into_iter().flatten();
                all(ends.map(|value| is_instance(value, end)))?
            }
            _ => false,
        },
        Type::Context(members) => match value {
            Value::Context(context) => all(members.iter().map(|(key, of)| match context.get(key) {
                Some(value) => is_member(value, of),
                None => Some(false),
            }))?,
            _ => false,
        },
        Type::Function(parameters, result) => match value {
            Value::Function(function) => fits(function, parameters, result),
            _ => false,
        },
    };
    Some(result)
}

/// Inside lists and contexts null may stand for a value of any type.
fn is_member(value: &Value, of: &Type) -> Option<bool> {
    let known = is_instance(value, of)?;
    Some(known || value.is_null())
}

fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut every = true;
    for result in results {
        every &= result?;
    }
    Some(every)
}

fn is_named(value: &Value, name: &str) -> Option<bool> {
    Some(match name {
        "Any" => !value.is_null(),
        "Null" => value.is_null(),
        "boolean" => matches!(value, Value::Boolean(_)),
        "number" => matches!(value, Value::Number(_)),
        "string" => matches!(value, Value::Text(_)),
        "date" => matches!(value, Value::Date(_)),
        "time" => matches!(value, Value::Time(_)),
        "date and time" => matches!(value, Value::DateTime(_)),
        "years and months duration" => matches!(value, Value::Months(_)),
        "days and time duration" => matches!(value, Value::Nanos(_)),
        "list" => matches!(value, Value::List(_)),
        "context" => matches!(value, Value::Context(_)),
        "range" => matches!(value, Value::Range(_)),
        "function" => matches!(value, Value::Function(_)),
        _ => return None,
    })
}

/// Whether a function takes such arguments. What it returns is not known before it runs, so only `Any` fits there,
/// unless the function is one of the standard's.
fn fits(function: &Function, parameters: &[Type], result: &Type) -> bool {
    let any = Type::Named("Any".to_owned());
    match function {
        Function::Builtin(builtin) => builtin.takes_count(parameters.len()),
        Function::Written(written) => {
            let takes = written.parameters.iter().zip(parameters);
            written.parameters.len() == parameters.len()
                && takes
                    .into_iter()
                    .all(|((_, own), given)| own.as_ref().is_none_or(|own| own == given || *own == any))
                && *result == any
        }
    }
}

/// The value as a parameter of that type takes it: as it is, unpacked from a list of one, packed into a list of one, a
/// day as its midnight; `None` if it does not fit. Null fits every parameter.
pub fn coerce(value: &Value, to: &Type) -> Option<Value> {
    if value.is_null() || is_member(value, to)? {
        return Some(value.clone());
    }
    if let Value::List(list) = value
        && let [item] = list.items()
        && is_instance(item, to) == Some(true)
    {
        return Some(item.clone());
    }
    if let Type::List(item) = to
        && is_instance(value, item) == Some(true)
    {
        return Some(Value::List(List::of_one(value.clone())));
    }
    match (value, to) {
        (Value::Date(day), Type::Named(name)) if name == "date and time" => {
            Some(Value::DateTime(DateTime::midnight(*day)))
        }
        _ => None,
    }
}
