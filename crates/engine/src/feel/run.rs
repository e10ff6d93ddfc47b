//! One evaluation: what it may still do, what went wrong so far, and which form is evaluated how.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arithmetic;
use super::builtin;
use super::calendar::{DateTime, NANOS_PER_DAY, Time};
use super::compare::{equal, order};
use super::conform::is_instance;
use super::decimal;
use super::duration;
use super::limits::{PROBLEMS_MAX, ROUNDS_MAX, TEXT_BYTES_MAX, WORK_MAX};
use super::problem::{Problem, ProblemKind};
use super::property::property;
use super::ranges;
use super::scope::Scope;
use super::value::{Function, List, Value};
use facts::{Date, Number, Quantity, Unit};
use lang::ast::{BinaryOp, Bound, Expr, ExprKind, Name, Span, Test};
use lang::syntax::parse_type;

/// Stack that must be left before a step goes on; below it, the stack is extended on the heap.
const STACK_RESERVE: usize = 128 * 1_024;
/// By how much it is extended.
const STACK_SEGMENT: usize = 4 * 1_024 * 1_024;

/// Evaluates an expression. What went wrong made the value, or a part of it, null.
pub fn evaluate(expr: &Expr, scope: &Scope) -> (Value, Vec<Problem>) {
    let mut run = Run { day: scope.day(), ..Run::default() };
    let value = run.eval(expr, scope);
    (value, run.problems)
}

/// The state of one evaluation.
#[derive(Default)]
pub(super) struct Run {
    problems: Vec<Problem>,
    rounds: u64,
    work: u64,
    /// The day that the scope carries.
    pub day: Option<Date>,
    /// Nesting of calls of written functions.
    pub calls: usize,
    /// Bodies of function literals by their address in the tree, so that each is copied once.
    ///
    /// INVARIANT: an address stays taken while the run lasts. It lies either in the tree that is evaluated or in a body
    /// that this map or a value in scope keeps alive.
    pub bodies: BTreeMap<usize, Arc<Expr>>,
    is_over: bool,
}

impl Run {
    // --- bookkeeping ---

    /// Whether a limit was hit; whatever is still to be evaluated is null.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Records a problem; the value is null.
    pub fn null(&mut self, span: Span, kind: ProblemKind) -> Value {
        if self.problems.len() < PROBLEMS_MAX && !self.is_over {
            self.problems.push(Problem { span, kind });
        }
        Value::Null
    }

    /// How many problems there are.
    pub fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Forgets the problems recorded since there were `count`.
    pub fn forget_problems_after(&mut self, count: usize) {
        self.problems.truncate(count);
    }

    /// The value, or null and the reason.
    pub fn value_or_null(&mut self, span: Span, outcome: Result<Value, ProblemKind>) -> Value {
        outcome.unwrap_or_else(|kind| self.null(span, kind))
    }

    /// Ends the run.
    pub fn exceed(&mut self, span: Span, limit: &'static str) -> Value {
        self.null(span, ProblemKind::Limit(limit));
        self.is_over = true;
        Value::Null
    }

    /// Counts a round of a loop or a call; false when there were too many.
    pub fn round(&mut self, span: Span) -> bool {
        self.rounds += 1;
        if self.rounds > ROUNDS_MAX && !self.is_over {
            self.exceed(span, "rounds");
        }
        !self.is_over
    }

    /// Counts work on elements or bytes; false when it was too much.
    pub fn spend(&mut self, span: Span, units: usize) -> bool {
        self.work = self.work.saturating_add(units as u64);
        if self.work > WORK_MAX && !self.is_over {
            self.exceed(span, "work");
        }
        !self.is_over
    }

    /// A list of these items.
    pub fn list(&mut self, span: Span, items: Vec<Value>) -> Value {
        if !self.spend(span, items.len()) {
            return Value::Null;
        }
        match List::new(items) {
            Some(list) => Value::List(list),
            None => self.exceed(span, "list length or nesting"),
        }
    }

    /// A text, unless it is too long.
    pub fn text(&mut self, span: Span, text: &str) -> Value {
        if text.len() > TEXT_BYTES_MAX {
            return self.exceed(span, "text length");
        }
        if self.spend(span, text.len() / 8) { Value::text(text) } else { Value::Null }
    }

    // --- evaluation ---

    /// The value of an expression.
    pub fn eval(&mut self, expr: &Expr, scope: &Scope) -> Value {
        if self.is_over {
            return Value::Null;
        }
        stacker::maybe_grow(STACK_RESERVE, STACK_SEGMENT, || self.eval_kind(expr, scope))
    }

    fn eval_kind(&mut self, expr: &Expr, scope: &Scope) -> Value {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Null | ExprKind::Nothing => Value::Null,
            ExprKind::Bool(value) => Value::Boolean(*value),
            ExprKind::Number(number) => self.number(span, decimal::settle(number.clone())),
            ExprKind::Quantity(number, unit) => self.quantity(span, number, &unit.text),
            ExprKind::Text(text) => Value::text(text),
            ExprKind::At(text) => {
                temporal(text).unwrap_or_else(|| self.null(span, ProblemKind::NotTemporal(text.clone())))
            }
            ExprKind::Name(name) => self.name(span, name, scope),
            ExprKind::Path(left, name) => self.path(left, name, scope),
            ExprKind::Filter(left, condition) => self.filter(left, condition, scope),
            ExprKind::Call(callee, arguments) => self.call(span, callee, arguments, scope),
            ExprKind::Negate(inner) => {
                let value = self.eval(inner, scope);
                self.value_or_null(span, arithmetic::negate(&value))
            }
            ExprKind::Binary(op, left, right) => self.binary(span, *op, (left, right), scope),
            ExprKind::Between(value, low, high) => self.between(span, (value, low, high), scope),
            ExprKind::In(left, tests) => self.membership(left, tests, scope),
            ExprKind::If(condition, then, other) => self.conditional(condition, then, other, scope),
            ExprKind::For(iterations, body) => self.for_each(span, iterations, body, scope),
            ExprKind::Quantified(quantifier, iterations, condition) => {
                self.quantified(*quantifier, iterations, condition, scope)
            }
            ExprKind::List(items) => {
                let items = items.iter().map(|item| self.eval(item, scope)).collect();
                self.list(span, items)
            }
            ExprKind::Range(low, low_bound, high, high_bound) => {
                self.range(span, (low, *low_bound), (high, *high_bound), scope)
            }
            ExprKind::Context(entries) => self.context(span, entries, scope),
            ExprKind::Function(parameters, body) => self.function(parameters, body, None, scope),
            ExprKind::InstanceOf(value, of) => self.instance_of(span, value, of, scope),
        }
    }

    fn number(&mut self, span: Span, number: Option<Number>) -> Value {
        self.value_or_null(span, number.map(Value::Number).ok_or(ProblemKind::OutOfRange))
    }

    /// Our own addition to the language, in the base unit: money in yuan, years and months as a duration.
    fn quantity(&mut self, span: Span, number: &Number, unit: &str) -> Value {
        let Some(unit) = Unit::find(unit) else {
            return self.null(span, ProblemKind::UnknownName(unit.to_owned()));
        };
        let size = number * &unit.scale();
        let duration = |one: i128| size.to_i64().map(|count| i128::from(count) * one);
        let value = if unit.dimension == facts::Dimension::of(Quantity::Months) {
            duration(1).and_then(|months| i64::try_from(months).ok()).map(Value::Months)
        } else if unit.dimension == facts::Dimension::of(Quantity::Days) {
            duration(NANOS_PER_DAY).map(Value::Nanos)
        } else {
            decimal::settle(size).map(Value::Number)
        };
        self.value_or_null(span, value.ok_or(ProblemKind::OutOfRange))
    }

    fn name(&mut self, span: Span, name: &str, scope: &Scope) -> Value {
        if let Some(value) = scope.get(name) {
            return value.clone();
        }
        match builtin::find(name) {
            Some(builtin) => Value::Function(Function::Builtin(builtin)),
            None => self.null(span, ProblemKind::UnknownName(name.to_owned())),
        }
    }

    fn path(&mut self, left: &Expr, name: &Name, scope: &Scope) -> Value {
        let value = self.eval(left, scope);
        self.property_of(&value, name)
    }

    fn property_of(&mut self, value: &Value, name: &Name) -> Value {
        if let Value::List(list) = value {
            let items = list.items().iter().map(|item| self.property_of(item, name)).collect();
            return self.list(name.span, items);
        }
        property(value, &name.text).unwrap_or_else(|| {
            let kind = value.kind();
            self.null(name.span, ProblemKind::NoProperty { kind, name: name.text.clone() })
        })
    }

    fn binary(&mut self, span: Span, op: BinaryOp, (left, right): (&Expr, &Expr), scope: &Scope) -> Value {
        let left = self.eval(left, scope);
        match (op, &left) {
            (BinaryOp::And, Value::Boolean(false)) => return Value::Boolean(false),
            (BinaryOp::Or, Value::Boolean(true)) => return Value::Boolean(true),
            _ => {}
        }
        let right = self.eval(right, scope);
        match op {
            BinaryOp::And | BinaryOp::Or => logic(op, &left, &right),
            BinaryOp::Eq | BinaryOp::Ne => match equal(&left, &right) {
                Some(is_equal) => Value::Boolean(is_equal == (op == BinaryOp::Eq)),
                None => self.refuse(span, op, &left, &right),
            },
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                compared(op, &left, &right).unwrap_or_else(|| self.refuse(span, op, &left, &right))
            }
            _ => match arithmetic::compute(op, &left, &right) {
                Ok(Value::Text(text)) => self.text(span, &text),
                outcome => self.value_or_null(span, outcome),
            },
        }
    }

    fn refuse(&mut self, span: Span, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let operation = match op {
            BinaryOp::Eq => "=",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            _ => ">=",
        };
        self.null(span, ProblemKind::Operands { operation, left: left.kind(), right: right.kind() })
    }

    fn between(&mut self, span: Span, parts: (&Expr, &Expr, &Expr), scope: &Scope) -> Value {
        let value = self.eval(parts.0, scope);
        let (low, high) = (self.eval(parts.1, scope), self.eval(parts.2, scope));
        let above = compared(BinaryOp::Ge, &value, &low);
        let below = compared(BinaryOp::Le, &value, &high);
        match (above, below) {
            (Some(above), Some(below)) => logic(BinaryOp::And, &above, &below),
            (None, _) => self.refuse(span, BinaryOp::Ge, &value, &low),
            (_, None) => self.refuse(span, BinaryOp::Le, &value, &high),
        }
    }

    /// True if one test holds; null if none does and none could be decided.
    fn membership(&mut self, left: &Expr, tests: &[Test], scope: &Scope) -> Value {
        let value = self.eval(left, scope);
        let mut result = Value::Null;
        for test in tests {
            let holds = match test {
                Test::Any => Some(true),
                Test::Value(candidate) => {
                    let candidate = self.eval(candidate, scope);
                    ranges::is_in(&value, &candidate)
                }
                Test::Compare(op, end) => {
                    let end = self.eval(end, scope);
                    match op {
                        BinaryOp::Eq => equal(&value, &end),
                        BinaryOp::Ne => equal(&value, &end).map(|is_equal| !is_equal),
                        _ => compared(*op, &value, &end).map(|holds| matches!(holds, Value::Boolean(true))),
                    }
                }
            };
            match holds {
                Some(true) => return Value::Boolean(true),
                Some(false) => result = Value::Boolean(false),
                None => {}
            }
        }
        result
    }

    fn conditional(&mut self, condition: &Expr, then: &Expr, other: &Expr, scope: &Scope) -> Value {
        match self.eval(condition, scope) {
            Value::Boolean(true) => self.eval(then, scope),
            Value::Boolean(false) | Value::Null => self.eval(other, scope),
            value => {
                self.null(condition.span, ProblemKind::NotACondition(value.kind()));
                self.eval(other, scope)
            }
        }
    }

    fn range(
        &mut self,
        span: Span,
        (low, low_bound): (&Option<Box<Expr>>, Bound),
        (high, high_bound): (&Option<Box<Expr>>, Bound),
        scope: &Scope,
    ) -> Value {
        let low = low.as_ref().map(|end| self.eval(end, scope));
        let high = high.as_ref().map(|end| self.eval(end, scope));
        self.value_or_null(span, ranges::make(low, low_bound, high, high_bound))
    }

    fn instance_of(&mut self, span: Span, value: &Expr, of: &str, scope: &Scope) -> Value {
        let value = self.eval(value, scope);
        match parse_type(of).and_then(|of| is_instance(&value, &of)) {
            Some(is_instance) => Value::Boolean(is_instance),
            None => self.null(span, ProblemKind::UnknownType(of.to_owned())),
        }
    }
}

/// The order of two values as a boolean, if they have one.
fn compared(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    let order = order(left, right)?;
    Some(Value::Boolean(match op {
        BinaryOp::Lt => order.is_lt(),
        BinaryOp::Le => order.is_le(),
        BinaryOp::Gt => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// Three-valued `and` and `or`; whatever is not a boolean counts as null.
fn logic(op: BinaryOp, left: &Value, right: &Value) -> Value {
    let decisive = op == BinaryOp::Or;
    let is_decisive = |value: &Value| matches!(value, Value::Boolean(value) if *value == decisive);
    if is_decisive(left) || is_decisive(right) {
        return Value::Boolean(decisive);
    }
    match (left, right) {
        (Value::Boolean(_), Value::Boolean(_)) => Value::Boolean(!decisive),
        _ => Value::Null,
    }
}

/// What `@"…"` means.
pub(super) fn temporal(text: &str) -> Option<Value> {
    if text.starts_with(['P', '-']) && text.contains('P') {
        return duration::parse(text);
    }
    if text.contains('T') {
        return DateTime::parse(text).map(Value::DateTime);
    }
    if text.get(2..3) == Some(":") {
        return Time::parse(text).map(Value::Time);
    }
    text.parse().ok().map(Value::Date)
}
