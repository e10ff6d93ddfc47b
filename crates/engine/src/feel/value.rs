//! Values of FEEL.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::builtin::Builtin;
use super::calendar::{DateTime, Time};
use super::limits::{LIST_ITEMS_MAX, VALUE_DEPTH_MAX};
use super::scope::Scope;
use facts::{Date, Number};
use lang::ast::{Bound, Expr};
use lang::syntax::Type;

/// A value. Clones are cheap.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number of at most 34 significant digits.
    Number(Number),
    /// A text.
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time of day.
    DateTime(DateTime),
    /// A years and months duration, in months.
    Months(i64),
    /// A days and time duration, in nanoseconds.
    Nanos(i128),
    /// A list.
    List(List),
    /// A context.
    Context(Context),
    /// A range.
    Range(Arc<Range>),
    /// A function.
    Function(Function),
}

/// What sort of value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `number`
    Number,
    /// `string`
    Text,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `date and time`
    DateTime,
    /// `years and months duration`
    Months,
    /// `days and time duration`
    Nanos,
    /// `list`
    List,
    /// `context`
    Context,
    /// `range`
    Range,
    /// `function`
    Function,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::Text => "string",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "date and time",
            Kind::Months => "years and months duration",
            Kind::Nanos => "days and time duration",
            Kind::List => "list",
            Kind::Context => "context",
            Kind::Range => "range",
            Kind::Function => "function",
        })
    }
}

impl Value {
    /// A text.
    pub fn text(text: &str) -> Self {
        Value::Text(Arc::from(text))
    }

    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Value::Number(Number::from(value))
    }

    /// What sort of value this is.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Boolean(_) => Kind::Boolean,
            Value::Number(_) => Kind::Number,
            Value::Text(_) => Kind::Text,
            Value::Date(_) => Kind::Date,
            Value::Time(_) => Kind::Time,
            Value::DateTime(_) => Kind::DateTime,
            Value::Months(_) => Kind::Months,
            Value::Nanos(_) => Kind::Nanos,
            Value::List(_) => Kind::List,
            Value::Context(_) => Kind::Context,
            Value::Range(_) => Kind::Range,
            Value::Function(_) => Kind::Function,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Nesting of lists, contexts and functions.
    pub(super) fn depth(&self) -> usize {
        match self {
            Value::List(list) => list.depth,
            Value::Context(context) => context.0.depth,
            Value::Function(Function::Written(function)) => function.scope.depth() + 1,
            _ => 0,
        }
    }
}

/// A list.
#[derive(Clone, Debug, Default)]
pub struct List {
    items: Arc<Vec<Value>>,
    depth: usize,
}

impl List {
    /// The list, unless it would be too long or too deeply nested.
    pub fn new(items: Vec<Value>) -> Option<Self> {
        let depth = 1 + items.iter().map(Value::depth).max().unwrap_or(0);
        let fits = items.len() <= LIST_ITEMS_MAX && depth <= VALUE_DEPTH_MAX;
        fits.then(|| Self { items: Arc::new(items), depth })
    }

    /// A list of one value.
    pub(super) fn of_one(value: Value) -> Self {
        Self { depth: 1 + value.depth(), items: Arc::new(vec![value]) }
    }

    /// The items.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// Adds an item at the end, in place where nobody else holds the list; false if it no longer fits.
    pub(super) fn push(&mut self, value: Value) -> bool {
        let depth = 1 + value.depth();
        if depth > VALUE_DEPTH_MAX || self.items.len() >= LIST_ITEMS_MAX {
            return false;
        }
        self.depth = self.depth.max(depth);
        Arc::make_mut(&mut self.items).push(value);
        true
    }
}

/// A context: entries in order, each key once.
#[derive(Clone, Debug, Default)]
pub struct Context(Arc<Entries>);

#[derive(Clone, Debug, Default)]
struct Entries {
    order: Vec<(Arc<str>, Value)>,
    index: BTreeMap<Arc<str>, usize>,
    depth: usize,
}

impl Context {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.index.get(key).map(|at| &self.0.order[*at].1)
    }

    /// The entries in order.
    pub fn entries(&self) -> &[(Arc<str>, Value)] {
        &self.0.order
    }

    /// Sets a key, at the end if it is new; false if the value is too deeply nested.
    pub fn set(&mut self, key: &str, value: Value) -> bool {
        let depth = 1 + value.depth();
        if depth > VALUE_DEPTH_MAX {
            return false;
        }
        let entries = Arc::make_mut(&mut self.0);
        entries.depth = entries.depth.max(depth);
        match entries.index.get(key) {
            Some(at) => entries.order[*at].1 = value,
            None => {
                let key: Arc<str> = Arc::from(key);
                entries.index.insert(key.clone(), entries.order.len());
                entries.order.push((key, value));
            }
        }
        true
    }
}

/// A range; an absent end is unbounded.
#[derive(Clone, Debug)]
pub struct Range {
    /// The lower end.
    pub low: Option<Value>,
    /// Whether it belongs to the range.
    pub low_bound: Bound,
    /// The upper end.
    pub high: Option<Value>,
    /// Whether it belongs to the range.
    pub high_bound: Bound,
}

/// A function.
#[derive(Clone, Debug)]
pub enum Function {
    /// One of the standard's.
    Builtin(&'static Builtin),
    /// One written in FEEL.
    Written(Arc<WrittenFunction>),
}

/// A function written in FEEL, with the scope it was written in.
#[derive(Debug)]
pub struct WrittenFunction {
    pub(super) parameters: Vec<(Arc<str>, Option<Type>)>,
    pub(super) body: Arc<Expr>,
    pub(super) scope: Scope,
    /// The key it stands under, by which it may call itself. Kept as a name, for a reference would be a cycle.
    pub(super) own_name: Option<Arc<str>>,
}
