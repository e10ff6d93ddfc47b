//! Filters, contexts, `for`, `some` and `every`.

use std::sync::Arc;

use super::problem::ProblemKind;
use super::run::Run;
use super::scope::Scope;
use super::value::{Context, List, Value};
use facts::Date;
use lang::ast::{Bound, ContextEntry, Expr, ExprKind, Iteration, Quantifier, Span};

impl Run {
    /// `list[position]` or `list[condition]`. A value that is no list is filtered as a list of one.
    pub fn filter(&mut self, left: &Expr, condition: &Expr, scope: &Scope) -> Value {
        let list = match self.eval(left, scope) {
            Value::List(list) => list,
            Value::Null => return self.filter_null(condition, scope),
            value => List::of_one(value),
        };
        let item_name: Arc<str> = Arc::from("item");
        let mut kept = Vec::new();
        for (index, item) in list.items().iter().enumerate() {
            if !self.round(condition.span) {
                return Value::Null;
            }
            let inner = item_scope(scope, &item_name, item);
            match self.eval(condition, &inner) {
                Value::Boolean(true) => kept.push(item.clone()),
                Value::Boolean(false) | Value::Null => {}
                // A position does not depend on the item, so the first answer settles it.
                Value::Number(position) if index == 0 => {
                    return at_position(&list, position.to_i64());
                }
                other => return self.null(condition.span, ProblemKind::NotACondition(other.kind())),
            }
        }
        if list.items().is_empty() {
            // Nothing lies at any position of an empty list, and nothing fulfils a condition.
            let inner = item_scope(scope, &item_name, &Value::Null);
            if let Value::Number(_) = self.quietly(|run| run.eval(condition, &inner)) {
                return Value::Null;
            }
        }
        self.list(left.span, kept)
    }

    /// Null at a position is null; null under a condition is no item.
    fn filter_null(&mut self, condition: &Expr, scope: &Scope) -> Value {
        let inner = item_scope(scope, &Arc::from("item"), &Value::Null);
        match self.quietly(|run| run.eval(condition, &inner)) {
            Value::Boolean(_) => self.list(condition.span, Vec::new()),
            _ => Value::Null,
        }
    }

    /// `{key: value, …}`; each value may use the keys before it.
    pub fn context(&mut self, span: Span, entries: &[ContextEntry], scope: &Scope) -> Value {
        let mut context = Context::default();
        let mut inner = scope.clone();
        for entry in entries {
            let key: Arc<str> = Arc::from(entry.key.text.as_str());
            if context.get(&key).is_some() {
                return self.null(entry.key.span, ProblemKind::DuplicateKey(key.to_string()));
            }
            let value = match &entry.value.kind {
                ExprKind::Function(parameters, body) => self.function(parameters, body, Some(&key), &inner),
                _ => self.eval(&entry.value, &inner),
            };
            inner = inner.with(&key, value.clone());
            if !context.set(&key, value) {
                return self.exceed(span, "nesting");
            }
        }
        Value::Context(context)
    }

    /// `for … return body`. The body may use `partial`, the results so far.
    pub fn for_each(&mut self, span: Span, iterations: &[Iteration], body: &Expr, scope: &Scope) -> Value {
        let partial: Arc<str> = Arc::from("partial");
        let mut results = List::default();
        let whole = self.each(iterations, scope, &mut |run, scope| {
            // The list so far is lent, not copied: the scope is gone again before the next result is added.
            let value = run.eval(body, &scope.with(&partial, Value::List(results.clone())));
            let fits = results.push(value);
            if !fits {
                run.exceed(span, "list length or nesting");
            }
            fits
        });
        if whole.is_none() || self.is_over() {
            return Value::Null;
        }
        Value::List(results)
    }

    /// `some` and `every`. A condition that is neither true nor false leaves the answer open, unless another decides.
    pub fn quantified(
        &mut self,
        quantifier: Quantifier,
        iterations: &[Iteration],
        condition: &Expr,
        scope: &Scope,
    ) -> Value {
        let decisive = quantifier == Quantifier::Some;
        let mut result = Value::Boolean(!decisive);
        let whole = self.each(iterations, scope, &mut |run, scope| match run.eval(condition, scope) {
            Value::Boolean(value) if value == decisive => {
                result = Value::Boolean(decisive);
                false
            }
            Value::Boolean(_) => true,
            _ => {
                result = Value::Null;
                true
            }
        });
        if whole.is_none() || self.is_over() { Value::Null } else { result }
    }

    /// Runs `body` once for every combination of the iterations' items, until it returns false. `None` if a source
    /// cannot be gone through; the inner value is false if `body` ended it.
    fn each(
        &mut self,
        iterations: &[Iteration],
        scope: &Scope,
        body: &mut dyn FnMut(&mut Run, &Scope) -> bool,
    ) -> Option<bool> {
        let Some((first, rest)) = iterations.split_first() else {
            return Some(body(self, scope));
        };
        let name: Arc<str> = Arc::from(first.name.text.as_str());
        let source = self.source(&first.source, scope)?;
        for index in 0..source.length() {
            if !self.round(first.source.span) {
                return Some(false);
            }
            let inner = scope.with(&name, source.item(index));
            let goes_on = if rest.is_empty() {
                body(self, &inner)
            } else {
                // One frame a source; the stack must hold however many stand side by side.
                stacker::maybe_grow(64 * 1_024, 1_024 * 1_024, || self.each(rest, &inner, body))?
            };
            if !goes_on {
                return Some(false);
            }
        }
        Some(true)
    }

    fn source(&mut self, expr: &Expr, scope: &Scope) -> Option<Source> {
        // The ends of a range written in place may be in either order; as a value, a range goes upwards.
        let value = match &expr.kind {
            ExprKind::Range(Some(low), Bound::Closed, Some(high), Bound::Closed) => {
                let (low, high) = (self.eval(low, scope), self.eval(high, scope));
                let Some(source) = Source::between(&low, &high) else {
                    self.null(expr.span, ProblemKind::RangeEnds { low: low.kind(), high: high.kind() });
                    return None;
                };
                return Some(source);
            }
            _ => self.eval(expr, scope),
        };
        let found = match &value {
            Value::List(list) => Some(Source::Items(list.clone())),
            Value::Null => None,
            Value::Range(range) => match (&range.low, &range.high) {
                (Some(low), Some(high)) => Source::inside(low, range.low_bound, high, range.high_bound),
                _ => None,
            },
            _ => Some(Source::Items(List::of_one(value.clone()))),
        };
        if found.is_none() {
            self.null(expr.span, ProblemKind::NotIterable(value.kind()));
        }
        found
    }

    /// Runs `look` without keeping its problems.
    fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let kept = self.problem_count();
        let result = look(self);
        if !self.is_over() {
            self.forget_problems_after(kept);
        }
        result
    }
}

/// Inside a filter the members of an item are names, and `item` is the item.
fn item_scope(scope: &Scope, name: &Arc<str>, item: &Value) -> Scope {
    match item {
        Value::Context(context) if context.get(name).is_some() => scope.with_all(context.clone()),
        Value::Context(context) => scope.with_all(context.clone()).with(name, item.clone()),
        _ => scope.with(name, item.clone()),
    }
}

/// Positions count from 1, or from -1 at the end.
fn at_position(list: &List, position: Option<i64>) -> Value {
    let length = i64::try_from(list.items().len()).unwrap_or(i64::MAX);
    let index = match position {
        Some(position) if position > 0 => position - 1,
        Some(position) if position < 0 => length.saturating_add(position),
        _ => return Value::Null,
    };
    usize::try_from(index).ok().and_then(|index| list.items().get(index)).cloned().unwrap_or_default()
}

/// What an iteration goes through.
enum Source {
    Items(List),
    Numbers(i64, i64),
    Days(i64, i64),
}

impl Source {
    /// From `low` to `high`, upwards or downwards, both included.
    fn between(low: &Value, high: &Value) -> Option<Self> {
        match (low, high) {
            (Value::Number(low), Value::Number(high)) => Some(Source::Numbers(low.to_i64()?, high.to_i64()?)),
            (Value::Date(low), Value::Date(high)) => {
                Some(Source::Days(low.to_epoch_days(), high.to_epoch_days()))
            }
            _ => None,
        }
    }

    /// The whole numbers or days inside a range.
    fn inside(low: &Value, low_bound: Bound, high: &Value, high_bound: Bound) -> Option<Self> {
        let inner = |first: i64, last: i64| {
            let first = first.saturating_add(i64::from(low_bound == Bound::Open));
            let last = last.saturating_sub(i64::from(high_bound == Bound::Open));
            (first <= last).then_some((first, last))
        };
        let empty = || Source::Items(List::default());
        match Self::between(low, high)? {
            Source::Numbers(first, last) => {
                Some(inner(first, last).map_or_else(empty, |(first, last)| Source::Numbers(first, last)))
            }
            Source::Days(first, last) => {
                Some(inner(first, last).map_or_else(empty, |(first, last)| Source::Days(first, last)))
            }
            items @ Source::Items(_) => Some(items),
        }
    }

    fn length(&self) -> u64 {
        match self {
            Source::Items(list) => list.items().len() as u64,
            Source::Numbers(first, last) | Source::Days(first, last) => {
                last.abs_diff(*first).saturating_add(1)
            }
        }
    }

    fn item(&self, index: u64) -> Value {
        let step = |first: i64, last: i64| {
            let index = i64::try_from(index).unwrap_or(i64::MAX);
            if last >= first { first.saturating_add(index) } else { first.saturating_sub(index) }
        };
        match self {
            Source::Items(list) => {
                let index = usize::try_from(index).ok();
                index.and_then(|index| list.items().get(index)).cloned().unwrap_or_default()
            }
            Source::Numbers(first, last) => Value::integer(step(*first, *last)),
            Source::Days(first, last) => {
                Date::from_epoch_days(step(*first, *last)).map_or(Value::Null, Value::Date)
            }
        }
    }
}
