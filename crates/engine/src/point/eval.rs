//! Evaluation of typed expressions over what is known: exact where everything is, all possibilities where not.

use std::collections::BTreeSet;

use facts::Number;
use lang::ir::{Arithmetic, Compare, Constant, Document, Expr, InputRef, Kind, ScopeVar};

use super::causes::{Causes, Slot};
use super::compare::{code_in_values, compare_values};
use super::inputs::Inputs;
use super::numbers::{Absence, Interval, Numbers};
use super::readers::Readers;
use super::value::{Days, Element, Presence, Thing, Truth, Value};

/// Evaluates one document over one set of inputs. Slots can be set to other values, as in "what if".
pub(super) struct Evaluator<'a> {
    pub document: &'a Document,
    pub inputs: Inputs<'a>,
    /// Values in place of a slot's own.
    overrides: Vec<Option<Value>>,
    /// The instance each scope variable is bound to.
    env: Vec<Option<usize>>,
    locals: Vec<Value>,
    /// Who reads what, where that is known: what else was worked out then survives a change.
    pub(super) readers: Option<&'a Readers>,
    pub(super) lets: Vec<Option<Value>>,
    pub(super) lists: Vec<Option<Value>>,
    pub(super) needs: Vec<Option<(Truth, Causes)>>,
    pub(super) scores: Vec<super::score::Memo>,
    pub(super) passing: Option<Value>,
    /// Conditions say what they read only while reasons are asked for.
    pub(super) with_reasons: bool,
}

impl<'a> Evaluator<'a> {
    pub fn new(inputs: Inputs<'a>, readers: Option<&'a Readers>) -> Self {
        let document = inputs.document;
        let mut env = vec![None; document.vars.len()];
        env[0] = Some(0);
        Self {
            document,
            inputs,
            overrides: Vec::new(),
            env,
            locals: Vec::new(),
            readers,
            lets: vec![None; document.lets.len()],
            lists: vec![None; document.lists.len()],
            needs: vec![None; document.needs.len()],
            scores: vec![super::score::Memo::default(); document.scores.len()],
            passing: None,
            with_reasons: false,
        }
    }

    /// Sets a slot to another value until [`Evaluator::reset`].
    pub fn set(&mut self, slot: Slot, value: Value) {
        if self.overrides.len() <= slot {
            self.overrides.resize(slot + 1, None);
        }
        self.overrides[slot] = Some(value);
        self.forget(slot);
    }

    /// Takes all set values back.
    pub fn reset(&mut self) {
        let set = std::mem::take(&mut self.overrides);
        for (slot, _) in set.iter().enumerate().filter(|(_, value)| value.is_some()) {
            self.forget(slot);
        }
    }

    /// The items that are bound now, the subject aside.
    pub fn bound_items(&self) -> Vec<(ScopeVar, usize)> {
        let bound = self.env.iter().enumerate().skip(1);
        bound.filter_map(|(var, instance)| Some((ScopeVar(var), (*instance)?))).collect()
    }

    /// Binds several variables while the body runs.
    pub fn bound_all<T>(&mut self, bound: &[(ScopeVar, usize)], body: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.env.clone();
        for (var, instance) in bound {
            self.env[var.0] = Some(*instance);
        }
        let value = body(self);
        self.env = before;
        value
    }

    /// Whether the variable, or the one whose party it is, is bound to something.
    pub fn is_bound(&self, var: ScopeVar) -> bool {
        self.env[var.0].is_some()
            || self.document.vars[var.0].role_of.is_some_and(|owner| self.is_bound(owner))
    }

    pub fn slot_of(&self, input: InputRef) -> Slot {
        self.inputs.slot(self.instance_of(input.var), input.index)
    }

    pub fn slot_value(&self, slot: Slot) -> &Value {
        match self.overrides.get(slot) {
            Some(Some(value)) => value,
            _ => &self.inputs.slots[slot].value,
        }
    }

    pub fn input(&self, input: InputRef) -> &Value {
        self.slot_value(self.slot_of(input))
    }

    /// The instance a variable is bound to; a related party follows the variable whose party it is.
    pub fn instance_of(&self, var: ScopeVar) -> usize {
        if let Some(instance) = self.env[var.0] {
            return instance;
        }
        let binding = self.document.vars[var.0];
        let owner = binding.role_of.map_or(0, |owner| self.instance_of(owner));
        let roles = &self.inputs.instances[owner].roles;
        let of_kind = roles.values().find(|instance| self.inputs.instances[**instance].kind == binding.kind);
        *of_kind.expect("inputs make an instance for every related party that the document reads")
    }

    /// Binds a variable while the body runs.
    pub fn bound<T>(&mut self, var: ScopeVar, instance: usize, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.env[var.0].replace(instance);
        let value = body(self);
        self.env[var.0] = before;
        value
    }

    pub fn truth(&mut self, expr: &Expr) -> (Truth, Causes) {
        let value = self.eval(expr);
        (value.as_truth(), value.causes)
    }

    pub fn numbers(&mut self, expr: &Expr) -> (Numbers, Causes) {
        let value = self.eval(expr);
        (value.as_numbers(), value.causes)
    }

    pub fn eval(&mut self, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Constant(constant) => constant_value(constant),
            Kind::Input(input) => self.input(*input).clone(),
            Kind::Span { years, .. } => {
                let known = years.iter().map(|input| self.input(*input).clone());
                let counted = known.filter(|value| !self.document.actual_years || !is_before_founding(value));
                Value::certain(Thing::List(counted.map(certain_element).collect()))
            }
            Kind::QuarterMean(cells, mean) => self.quarter_mean(cells, *mean),
            Kind::Today => Value::certain(Thing::Days(Days::exact(self.inputs.calendar.day))),
            Kind::Let(index) => self.let_value(*index),
            Kind::Param(index) => {
                let (low, high) = self.document.params[*index].between.clone();
                Value::numbers(Numbers::interval(Interval::closed(low, high)), Causes::NONE)
            }
            Kind::Score(index, path) => self.score_value(*index, path),
            Kind::Local(index) => self.locals[*index].clone(),
            Kind::Collection(input, _) => self.collection(*input),
            Kind::List(index) => self.item_list(*index),
            Kind::Passing => self.passing_items(),
            Kind::Not(inner) => {
                let (truth, causes) = self.truth(inner);
                Value::truth(truth.negate(), causes)
            }
            Kind::And(parts) => self.all_of(parts, Truth::False),
            Kind::Or(parts) => self.all_of(parts, Truth::True),
            Kind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right),
            Kind::Compare(op, left, right) => self.compare(*op, left, right),
            Kind::CodeIn(code, codes) => self.code_in(code, codes),
            Kind::First(branches, otherwise) => self.first(branches, otherwise.as_deref()),
            Kind::Items(items) => {
                let items = items.iter().map(|item| certain_element(self.eval(item))).collect();
                Value::certain(Thing::List(items))
            }
            Kind::Call(builtin, arguments) => self.call(*builtin, arguments),
            Kind::ForItems(list, var, body) => self.for_items(list, *var, body),
            Kind::ForValues(list, local, body) => self.for_values(list, *local, body),
            Kind::FilterItems(list, var, body) => {
                let list = self.eval(list);
                self.filter_items(list, *var, body)
            }
            Kind::FilterValues(list, local, body) => self.filter_values(list, *local, body),
            Kind::Index(list, place) => self.index(list, *place),
            Kind::TableMatch(table) => self.table_match(*table),
            Kind::TableReached(table, column) => self.table_reached(*table, column),
            Kind::TableValue(table, column) => self.table_value(*table, column),
            Kind::Progressive(base, brackets) => self.progressive(base, *brackets),
        }
    }

    fn let_value(&mut self, index: usize) -> Value {
        if let Some(known) = &self.lets[index] {
            return known.clone();
        }
        let document: &'a Document = self.document;
        let value = self.eval(&document.lets[index].value);
        self.lets[index] = Some(value.clone());
        value
    }

    /// Kleene over a list; `settles` is the truth that decides at once.
    fn all_of(&mut self, parts: &[Expr], settles: Truth) -> Value {
        let mut causes = Causes::NONE;
        let mut is_unknown = false;
        for part in parts {
            let (truth, why) = self.truth(part);
            if truth == settles {
                return Value::truth(settles, Causes::NONE);
            }
            if truth == Truth::Unknown {
                is_unknown = true;
                causes.add(&why);
            }
        }
        Value::truth(if is_unknown { Truth::Unknown } else { settles.negate() }, causes)
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &Expr, right: &Expr) -> Value {
        let (left_value, right_value) = (self.eval(left), self.eval(right));
        let causes = left_value.causes.clone().union(&right_value.causes);
        if let Thing::Days(days) = &left_value.thing {
            return super::days::arithmetic(op, days, &right_value.thing, &right.ty, causes);
        }
        let (a, b) = (left_value.as_numbers(), right_value.as_numbers());
        let result = match op {
            Arithmetic::Add => a.add(&b),
            Arithmetic::Sub => a.sub(&b),
            Arithmetic::Mul => a.mul(&b),
            Arithmetic::Div => a.div(&b),
            Arithmetic::Pow => power(&a, &b),
        };
        Value::numbers(result, causes)
    }

    fn compare(&mut self, op: Compare, left: &Expr, right: &Expr) -> Value {
        let (left_value, right_value) = (self.eval(left), self.eval(right));
        compare_values(op, &left_value, &right_value)
    }

    /// The code is, or lies under, one of these; a coarser code leaves open which finer one it is.
    fn code_in(&mut self, code: &Expr, codes: &[String]) -> Value {
        let value = self.eval(code);
        let slot = match &code.kind {
            Kind::Input(input) => Some(self.slot_of(*input)),
            _ => None,
        };
        let is_hierarchy = self.is_hierarchy(code);
        let truth = code_in_values(&value.thing, codes, is_hierarchy);
        match &value.thing {
            Thing::Texts(Some(_), _) => {
                let coarse = slot.map_or(Causes::NONE, Causes::one);
                Value::truth(truth, value.causes.clone().union(&coarse))
            }
            _ => Value::truth(truth, value.causes),
        }
    }

    pub(super) fn is_hierarchy(&self, code: &Expr) -> bool {
        match &code.ty {
            lang::types::Type::Code(fact) => self.inputs.vocabulary.get(*fact).hierarchy,
            _ => false,
        }
    }

    /// The union of the branches that can still be reached.
    fn first(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Value {
        let mut reached: Option<Value> = None;
        for (condition, then) in branches {
            let (truth, causes) = self.truth(condition);
            if truth == Truth::False {
                continue;
            }
            let mut value = self.eval(then);
            if truth == Truth::Unknown {
                value.causes.add(&causes);
            }
            reached = Some(join(reached, value));
            if truth == Truth::True {
                return settle(reached);
            }
            if let Some(value) = &mut reached {
                value.causes.add(&causes);
            }
        }
        let last = match otherwise {
            Some(last) => self.eval(last),
            None => Value::certain(Thing::Numbers(Numbers::absent(Absence::NO_TIER))),
        };
        settle(Some(join(reached, last)))
    }

    /// Mean over four quarters of (opening + closing) / 2, or the mean given as a figure of its own.
    fn quarter_mean(&mut self, cells: &[InputRef], mean: InputRef) -> Value {
        let mean = self.input(mean).clone();
        if mean.causes.is_empty() {
            return mean;
        }
        let mut sum = Numbers::exact(Number::zero());
        let mut causes = Causes::NONE;
        for cell in cells {
            let value = self.input(*cell);
            sum = sum.add(&value.as_numbers());
            causes.add(&value.causes);
        }
        let eight = Numbers::exact(Number::from(8));
        Value::numbers(sum.div(&eight), causes)
    }

    fn for_values(&mut self, list: &Expr, local: usize, body: &Expr) -> Value {
        let Thing::List(elements) = self.eval(list).thing else { return self.no_list() };
        let mut out = Vec::with_capacity(elements.len());
        for Element { value, presence } in elements {
            let value = self.with_local(local, value, |evaluator| evaluator.eval(body));
            out.push(Element { value, presence });
        }
        Value::certain(Thing::List(out))
    }

    fn filter_values(&mut self, list: &Expr, local: usize, body: &Expr) -> Value {
        let Thing::List(elements) = self.eval(list).thing else { return self.no_list() };
        let mut out = Vec::new();
        for Element { value, presence } in elements {
            let (truth, causes) = self.with_local(local, value.clone(), |evaluator| evaluator.truth(body));
            if let Some(presence) = present_if(presence, truth, causes) {
                out.push(Element { value, presence });
            }
        }
        Value::certain(Thing::List(out))
    }

    pub(super) fn no_list(&self) -> Value {
        Value::certain(Thing::List(Vec::new()))
    }

    fn with_local<T>(&mut self, local: usize, value: Value, body: impl FnOnce(&mut Self) -> T) -> T {
        if self.locals.len() <= local {
            self.locals.resize(local + 1, Value::truth(Truth::Unknown, Causes::NONE));
        }
        let before = std::mem::replace(&mut self.locals[local], value);
        let result = body(self);
        self.locals[local] = before;
        result
    }

    fn index(&mut self, list: &Expr, place: i64) -> Value {
        let Thing::List(elements) = self.eval(list).thing else { return self.no_list() };
        let is_certain = elements.iter().all(|element| element.presence == Presence::Certain);
        let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
        let at = if place > 0 { place - 1 } else { length + place };
        match usize::try_from(at).ok().and_then(|at| elements.get(at)) {
            Some(element) if is_certain => element.value.clone(),
            Some(_) => {
                let causes = super::collections::list_causes(&elements);
                let union =
                    elements.into_iter().fold(None, |known, element| Some(join(known, element.value)));
                let mut value = union.unwrap_or_else(|| self.no_list());
                value.causes.add(&causes);
                value
            }
            None => Value::certain(Thing::Numbers(Numbers::absent(Absence::NOTHING))),
        }
    }

    /// Each band's rate on the part of the base that lies in it. It never falls, so the ends of the base decide.
    fn progressive(&mut self, base: &Expr, index: usize) -> Value {
        let document: &'a Document = self.document;
        let bands = &document.brackets[index].bands;
        let (base, causes) = self.numbers(base);
        let sum = |number: &Number| {
            let mut low = Number::zero();
            let mut total = Number::zero();
            for (up_to, rate) in bands {
                let top = match up_to {
                    Some(up_to) if up_to < number => up_to.clone(),
                    _ => number.clone(),
                };
                if top > low {
                    total = &total + &(&(&top - &low) * rate);
                    low = top;
                }
            }
            total
        };
        Value::numbers(base.map_rising(sum), causes)
    }
}

fn constant_value(constant: &Constant) -> Value {
    Value::certain(match constant {
        Constant::Nothing => Thing::Numbers(Numbers::absent(Absence::NOTHING)),
        Constant::Bool(value) => Thing::Truth(Truth::known(*value)),
        Constant::Number(number) => Thing::Numbers(Numbers::exact(number.clone())),
        Constant::Text(text) => Thing::Texts(Some([text.clone()].into()), Absence::NEVER),
        Constant::Date(day) => Thing::Days(Days::exact(*day)),
    })
}

fn certain_element(value: Value) -> Element {
    Element { value, presence: Presence::Certain }
}

fn is_before_founding(value: &Value) -> bool {
    matches!(&value.thing, Thing::Numbers(numbers) if numbers.absence.has(Absence::BEFORE_FOUNDING))
}

/// Everything that either value may be.
pub(super) fn join(known: Option<Value>, other: Value) -> Value {
    let Some(known) = known else { return other };
    let causes = known.causes.union(&other.causes);
    let thing = match (known.thing, other.thing) {
        (Thing::Truth(a), Thing::Truth(b)) => Thing::Truth(if a == b { a } else { Truth::Unknown }),
        (Thing::Texts(a, x), Thing::Texts(b, y)) => {
            let both = a.zip(b).map(|(a, b)| a.union(&b).cloned().collect::<BTreeSet<_>>());
            Thing::Texts(both, x.or(y))
        }
        (Thing::Texts(a, x), Thing::Numbers(b)) | (Thing::Numbers(b), Thing::Texts(a, x)) => {
            Thing::Texts(a, x.or(b.absence))
        }
        (Thing::Days(a), Thing::Days(b)) => Thing::Days(Days {
            from: a.from.zip(b.from).map(|(a, b)| a.min(b)),
            to: a.to.zip(b.to).map(|(a, b)| a.max(b)),
        }),
        (Thing::Numbers(a), Thing::Numbers(b)) => Thing::Numbers(a.union(&b)),
        (a, b) if a == b => a,
        (a, _) => a,
    };
    Value { thing, causes }
}

/// A joined value whose branches all agree hangs on nothing.
fn settle(value: Option<Value>) -> Value {
    let Some(value) = value else {
        return Value::certain(Thing::Numbers(Numbers::absent(Absence::NO_TIER)));
    };
    match value.thing {
        Thing::Numbers(numbers) => Value::numbers(numbers, value.causes),
        Thing::Truth(truth) => Value::truth(truth, value.causes),
        Thing::Texts(Some(texts), absence) if texts.len() == 1 && !absence.is_possible() => {
            Value::certain(Thing::Texts(Some(texts), absence))
        }
        _ => value,
    }
}

/// The presence of an element that is kept only if something holds.
pub(super) fn present_if(presence: Presence, truth: Truth, causes: Causes) -> Option<Presence> {
    match (truth, presence) {
        (Truth::False, _) => None,
        (Truth::True, presence) => Some(presence),
        (Truth::Unknown, Presence::Certain) => Some(Presence::Possible(causes)),
        (Truth::Unknown, Presence::Possible(before)) => Some(Presence::Possible(before.union(&causes))),
        (Truth::Unknown, Presence::Many(before)) => Some(Presence::Many(before.union(&causes))),
    }
}

/// A whole power; the exponent is a constant, the checker sees to it.
pub(crate) fn power(base: &Numbers, exponent: &Numbers) -> Numbers {
    let Some(exponent) = exponent.as_exact().and_then(Number::to_i64) else {
        return Numbers::interval(Interval::all());
    };
    if let Some(base) = base.as_exact() {
        return match base.checked_powi(exponent) {
            Some(power) => Numbers::exact(power),
            None => Numbers::absent(Absence::ZERO_DENOMINATOR),
        };
    }
    let mut power = Numbers::exact(Number::one());
    for _ in 0..exponent.unsigned_abs() {
        power = power.mul(base);
    }
    if exponent < 0 { Numbers::exact(Number::one()).div(&power) } else { power }
}
