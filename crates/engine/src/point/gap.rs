//! How far off a failed condition is: what one fact would have to be, or the day from which time alone cures it.
//!
//! Candidates come from where the comparison turns, then by doubling and halving; each is verified by deciding the
//! condition again with it, and one step short of it. Nothing is suggested that was not seen to hold.

use facts::{Change, Date, FactDefinition, FactId, FactType, Number, Unit};
use lang::ir::{Condition, Expr, InputKind, Test};

use super::causes::Slot;
use super::condition::Reason;
use super::critical::critical_points_of;
use super::eval::Evaluator;
use super::inputs::Known;
use super::refine::allowed;
use super::value::{Thing, Truth, Value};

/// Furthest that time is searched for a cure, in years.
const YEARS_MAX: i64 = 30;
/// Most doublings of a step in the search without a known turning point.
const DOUBLINGS_MAX: u32 = 56;

/// What would make a failed condition hold, with everything else as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// Id of the condition.
    pub condition: String,
    /// What would have to happen.
    pub cure: Cure,
}

/// Ways out of a failed condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Cure {
    /// The fact would have to have that value.
    Value {
        /// As the document writes it.
        key: String,
        /// The fact.
        fact: FactId,
        /// What it is.
        from: Box<Value>,
        /// What it would have to be.
        to: facts::Value,
        /// The year that can no longer change, and the first day on which a later year can serve.
        closed: Option<(i32, Date)>,
    },
    /// Time alone cures it, from that day on.
    Day(Date),
    /// Nothing that the subject does cures it.
    Nothing,
}

/// The gaps of all failed rules, in the order of the document.
pub(super) fn gaps<'a>(evaluator: &mut Evaluator<'a>, reasons: &[Reason<'a>]) -> Vec<Gap> {
    let mut rules: Vec<(&Reason<'a>, &'a Expr)> = Vec::new();
    reasons.iter().for_each(|reason| failed_rules(reason, &mut rules));
    let mut out = Vec::new();
    for (reason, rule) in rules {
        let target = Target { rule, condition: reason.condition };
        let cures = evaluator.bound_all(&reason.bound, |evaluator| cures(evaluator, reason, target));
        out.extend(cures.into_iter().map(|cure| Gap { condition: reason.condition.id.clone(), cure }));
    }
    out
}

/// What has to come to hold.
#[derive(Clone, Copy)]
struct Target<'a> {
    /// The rule that failed.
    rule: &'a Expr,
    /// Its condition: where tiers decide which rule applies, another value can bring another tier.
    condition: &'a Condition,
}

impl<'a> Target<'a> {
    fn truth(self, evaluator: &mut Evaluator<'a>) -> Truth {
        match &self.condition.test {
            Test::First(..) => super::condition::reason(evaluator, self.condition).truth,
            _ => evaluator.truth(self.rule).0,
        }
    }

    fn holds(self, evaluator: &mut Evaluator<'a>) -> bool {
        self.truth(evaluator) == Truth::True
    }

    /// Every expression that has a say.
    fn expressions(self) -> Vec<&'a Expr> {
        let Test::First(tiers, otherwise) = &self.condition.test else { return vec![self.rule] };
        let rule = |tier: &'a Condition| match &tier.test {
            Test::Rule(rule) => Some(rule),
            _ => None,
        };
        let tiers = tiers.iter().flat_map(|(when, tier)| std::iter::once(when).chain(rule(tier)));
        tiers.chain(otherwise.as_deref().and_then(rule)).collect()
    }
}

/// Everything that would cure a failed rule by itself; that nothing does is said too.
fn cures<'a>(evaluator: &mut Evaluator<'a>, reason: &Reason<'a>, target: Target<'a>) -> Vec<Cure> {
    let mut out: Vec<Cure> =
        reason.used.iter().filter_map(|used| cure_by(evaluator, target, used.slot)).collect();
    out.extend(cured_by_time(evaluator, target, reason).map(Cure::Day));
    if out.is_empty() {
        out.push(Cure::Nothing);
    }
    out
}

/// The rules below a failed condition that failed themselves. What failed inside a group that holds needs no cure.
fn failed_rules<'r, 'a>(reason: &'r Reason<'a>, out: &mut Vec<(&'r Reason<'a>, &'a Expr)>) {
    if reason.truth != Truth::False {
        return;
    }
    let rule = match (&reason.condition.test, reason.applied) {
        (Test::Rule(rule), _) => Some(rule),
        (Test::First(..), Some(applied)) => match &applied.test {
            Test::Rule(rule) => Some(rule),
            _ => None,
        },
        _ => None,
    };
    out.extend(rule.map(|rule| (reason, rule)));
    reason.members.iter().for_each(|member| failed_rules(member, out));
}

fn cure_by<'a>(evaluator: &mut Evaluator<'a>, target: Target<'a>, slot: Slot) -> Option<Cure> {
    let state = &evaluator.inputs.slots[slot];
    let InputKind::Fact(fact, period) = state.kind.clone() else { return None };
    let definition = evaluator.inputs.vocabulary.get(fact);
    state.known.as_ref()?;
    if definition.change != Change::Subject {
        return None;
    }
    let key = state.key.clone();
    let from = state.value.clone();
    // If the rule fails whatever the fact may be, no value of it is worth trying.
    let anything =
        Value { thing: super::domain::unknown(definition), causes: super::causes::Causes::one(slot) };
    evaluator.set(slot, anything);
    let is_hopeless = target.truth(evaluator) == Truth::False;
    evaluator.reset();
    if is_hopeless {
        return None;
    }
    let to = match &from.thing {
        Thing::Truth(known) => flipped(evaluator, target, slot, *known)?,
        Thing::Numbers(numbers) => {
            let current = numbers.as_exact()?.clone();
            facts::Value::Number(nearest(evaluator, target, slot, definition, &current)?)
        }
        Thing::Texts(..) => other_code(evaluator, target, slot, definition)?,
        _ => return None,
    };
    let year = evaluator.inputs.calendar.complete_year(&period);
    let later = Date::new(evaluator.inputs.calendar.day.year + 1, 1, 1);
    Some(Cure::Value { key, fact, from: Box::new(from), to, closed: year.zip(later) })
}

fn holds_with<'a>(evaluator: &mut Evaluator<'a>, target: Target<'a>, slot: Slot, value: Value) -> bool {
    evaluator.set(slot, value);
    let result = target.holds(evaluator);
    evaluator.reset();
    result
}

fn flipped<'a>(
    evaluator: &mut Evaluator<'a>,
    target: Target<'a>,
    slot: Slot,
    known: Truth,
) -> Option<facts::Value> {
    let other = known.negate();
    let value = Value::certain(Thing::Truth(other));
    holds_with(evaluator, target, slot, value).then_some(facts::Value::Bool(other == Truth::True))
}

/// The first code of the definition with which the rule holds.
fn other_code<'a>(
    evaluator: &mut Evaluator<'a>,
    target: Target<'a>,
    slot: Slot,
    definition: &FactDefinition,
) -> Option<facts::Value> {
    let codes: Vec<facts::Value> =
        definition.codes.iter().map(|code| facts::Value::Code(code.code.clone())).collect();
    codes.into_iter().find(|code| {
        let thing = super::domain::of_value(definition, code);
        holds_with(evaluator, target, slot, Value::certain(thing))
    })
}

/// The value nearest to the current one, in whole steps of the fact, with which the rule holds while one step short
/// of it does not.
fn nearest<'a>(
    evaluator: &mut Evaluator<'a>,
    target: Target<'a>,
    slot: Slot,
    definition: &FactDefinition,
    current: &Number,
) -> Option<Number> {
    let step = definition.grain_step();
    let mut turns = Vec::new();
    for expr in target.expressions() {
        critical_points_of(evaluator, expr, slot, &mut turns);
    }
    turns.sort_by_key(|turn| (turn - current).abs());
    let has_turns = !turns.is_empty();
    for turn in turns {
        let steps = turn.checked_div(&step)?;
        for whole in around(&steps, turn < *current) {
            let candidate = &whole * &step;
            if serves(evaluator, target, slot, definition, current, &candidate, &step) {
                return Some(candidate);
            }
        }
    }
    if has_turns {
        return None;
    }
    let up = search(evaluator, target, slot, definition, current, &step);
    let down = search(evaluator, target, slot, definition, current, &-step.clone());
    match (up, down) {
        (Some(up), Some(down)) => {
            Some(if (&up - current).abs() <= (&down - current).abs() { up } else { down })
        }
        (up, down) => up.or(down),
    }
}

/// The whole steps at and around a turning point, those nearer to where one comes from first.
fn around(steps: &Number, from_above: bool) -> Vec<Number> {
    let one = Number::one();
    let mut whole = vec![steps.floor(), steps.ceiling()];
    if steps.is_integer() {
        whole = vec![steps - &one, steps.clone(), steps + &one];
    }
    if from_above {
        whole.reverse();
    }
    whole
}

/// Whether the rule holds with the candidate and fails one step nearer to the current value.
fn serves<'a>(
    evaluator: &mut Evaluator<'a>,
    target: Target<'a>,
    slot: Slot,
    definition: &FactDefinition,
    current: &Number,
    candidate: &Number,
    step: &Number,
) -> bool {
    if candidate == current || !allowed(definition, candidate) {
        return false;
    }
    let short = if candidate > current { candidate - step } else { candidate + step };
    holds_with(evaluator, target, slot, Value::exact(candidate.clone()))
        && !holds_with(evaluator, target, slot, Value::exact(short))
}

/// Doubles the distance until the rule holds, then halves the stretch to where it turns.
fn search<'a>(
    evaluator: &mut Evaluator<'a>,
    target: Target<'a>,
    slot: Slot,
    definition: &FactDefinition,
    current: &Number,
    step: &Number,
) -> Option<Number> {
    let at = |steps: i128| {
        let steps: Number = steps.to_string().parse().unwrap_or_default();
        current + &(&steps * step)
    };
    let steps = first_step(1i128 << (DOUBLINGS_MAX - 1), |steps| {
        if !allowed(definition, &at(steps)) {
            return None;
        }
        Some(holds_with(evaluator, target, slot, Value::exact(at(steps))))
    })?;
    Some(at(steps))
}

/// The step at which something begins to hold: the distance is doubled until it does, then the stretch to where it
/// turns is halved. `None` from the test ends the doubling.
fn first_step(limit: i128, mut holds: impl FnMut(i128) -> Option<bool>) -> Option<i128> {
    let (mut fails, mut works) = (0, 1);
    while !holds(works)? {
        fails = works;
        works *= 2;
        if works > limit {
            return None;
        }
    }
    while works - fails > 1 {
        let middle = fails + (works - fails) / 2;
        if holds(middle) == Some(true) {
            works = middle;
        } else {
            fails = middle;
        }
    }
    Some(works)
}

/// The first day on which the rule holds with every fact as it is, or with what only time changes grown older.
fn cured_by_time<'a>(evaluator: &mut Evaluator<'a>, target: Target<'a>, reason: &Reason<'a>) -> Option<Date> {
    let day = evaluator.inputs.calendar.day;
    let ageing: Vec<(Slot, Number, Option<&'static Unit>)> = reason
        .used
        .iter()
        .filter_map(|used| {
            let definition = evaluator.inputs.vocabulary.get(used.fact?);
            let Some(Known { value: facts::Value::Number(number), .. }) = &used.known else { return None };
            let ages = definition.change == Change::Time && definition.fact_type == FactType::Number;
            ages.then(|| (used.slot, number.clone(), definition.unit))
        })
        .collect();
    let reads_today = {
        let mut found = false;
        for expr in target.expressions() {
            super::survey::expressions(evaluator.document, expr, &mut |expr| {
                found |= matches!(expr.kind, lang::ir::Kind::Today);
            });
        }
        found
    };
    if ageing.is_empty() && !reads_today {
        return None;
    }
    let holds_on = |evaluator: &mut Evaluator<'a>, later: i64| {
        let Some(then) = day.add_days(later) else { return false };
        for (slot, number, unit) in &ageing {
            evaluator.set(*slot, Value::exact(number + &aged(day, then, *unit)));
        }
        evaluator.inputs.calendar.day = then;
        evaluator.forget_all();
        let result = target.holds(evaluator);
        evaluator.inputs.calendar.day = day;
        evaluator.reset();
        evaluator.forget_all();
        result
    };
    let days = |steps: i128| i64::try_from(steps).unwrap_or(i64::MAX);
    let steps = first_step(i128::from(YEARS_MAX * 366), |steps| Some(holds_on(evaluator, days(steps))))?;
    day.add_days(days(steps))
}

/// How much older something is on a later day, in the base of its unit: days, or whole months.
pub(crate) fn aged(day: Date, then: Date, unit: Option<&'static Unit>) -> Number {
    let is_months = unit.is_some_and(|unit| unit.dimension == facts::Dimension::of(facts::Quantity::Months));
    if is_months {
        let months = day.months_until(then);
        let in_years = unit.is_some_and(|unit| unit.name == "年");
        return Number::from(if in_years { months / 12 * 12 } else { months });
    }
    Number::from(then.to_epoch_days() - day.to_epoch_days())
}
