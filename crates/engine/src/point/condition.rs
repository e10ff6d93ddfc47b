//! Conditions decided one by one, each with its reason.

use facts::{FactId, FactType};
use lang::ir::{Condition, Expr, InputKind, InputRef, ScopeVar, Test};

use super::causes::Causes;
use super::eval::{Evaluator, present_if};
use super::inputs::Known;
use super::value::{Element, Presence, Thing, Truth, Value};

/// A decided condition.
#[derive(Clone, Debug)]
pub struct Reason<'a> {
    /// The condition; for one item of `each` the `each` condition itself.
    pub condition: &'a Condition,
    /// Which item of `each`, from 1.
    pub item: Option<usize>,
    /// The outcome.
    pub truth: Truth,
    /// The unknown inputs that it hangs on.
    pub causes: Causes,
    /// What a rule read.
    pub used: Vec<Used>,
    /// For a tier: the rule that applied.
    pub applied: Option<&'a Condition>,
    /// Members of a group.
    pub members: Vec<Reason<'a>>,
    /// The items that were bound when the rule was decided.
    pub(super) bound: Vec<(ScopeVar, usize)>,
}

/// A value that a rule read.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// As the document writes it.
    pub key: String,
    /// The fact, if it is one.
    pub fact: Option<FactId>,
    /// The period with its years; empty where there is none.
    pub period: String,
    /// The value with its source; none if it is not known.
    pub known: Option<Known>,
    pub(super) slot: usize,
}

impl Reason<'_> {
    /// The ids of what failed: of a group with alternatives those of the near miss, the one with the fewest failures.
    pub fn failed(&self) -> Vec<String> {
        if self.truth != Truth::False {
            return Vec::new();
        }
        let all = || self.members.iter().flat_map(Reason::failed).collect::<Vec<_>>();
        let nearest = || {
            let mut lists = self.members.iter().map(Reason::failed);
            let first = lists.next().unwrap_or_default();
            lists.fold(first, |best, list| if list.len() < best.len() { list } else { best })
        };
        let is_choice =
            matches!((&self.condition.test, self.item), (Test::Any(_), _) | (Test::Each(..), None));
        let below = if is_choice { nearest() } else { all() };
        if below.is_empty() { vec![self.condition.id.clone()] } else { below }
    }

    /// All reasons below and including this one, groups first.
    pub fn walk<'r>(&'r self, visit: &mut dyn FnMut(&'r Self)) {
        visit(self);
        self.members.iter().for_each(|member| member.walk(visit));
    }
}

/// Decides a condition.
pub(super) fn reason<'a>(evaluator: &mut Evaluator<'a>, condition: &'a Condition) -> Reason<'a> {
    match &condition.test {
        Test::Rule(rule) => {
            let (truth, causes) = evaluator.truth(rule);
            let used = used(evaluator, rule);
            Reason { used, bound: evaluator.bound_items(), ..plain(condition, truth, causes) }
        }
        Test::Manual(_, input) | Test::Include(_, input) => {
            let value = evaluator.input(*input).clone();
            plain(condition, value.as_truth(), value.causes)
        }
        Test::All(inner) | Test::About(_, _, inner) => {
            let members: Vec<Reason<'a>> = inner.iter().map(|inner| reason(evaluator, inner)).collect();
            let (truth, causes) = kleene(&members, Truth::False);
            Reason { members, ..plain(condition, truth, causes) }
        }
        Test::Any(inner) => {
            let members: Vec<Reason<'a>> = inner.iter().map(|inner| reason(evaluator, inner)).collect();
            let (truth, causes) = kleene(&members, Truth::True);
            Reason { members, ..plain(condition, truth, causes) }
        }
        Test::First(tiers, otherwise) => tiered(evaluator, condition, tiers, otherwise.as_deref()),
        Test::Each(list, var, inner) => each(evaluator, condition, list, *var, inner),
    }
}

fn plain(condition: &Condition, truth: Truth, causes: Causes) -> Reason<'_> {
    let causes = if truth == Truth::Unknown { causes } else { Causes::NONE };
    Reason {
        condition,
        item: None,
        truth,
        causes,
        used: Vec::new(),
        applied: None,
        members: Vec::new(),
        bound: Vec::new(),
    }
}

/// All of (`settles` false) or one of (`settles` true) the members.
pub(super) fn kleene(members: &[Reason<'_>], settles: Truth) -> (Truth, Causes) {
    let mut causes = Causes::NONE;
    let mut is_unknown = false;
    for member in members {
        if member.truth == settles {
            return (settles, Causes::NONE);
        }
        is_unknown |= member.truth == Truth::Unknown;
        causes.add(&member.causes);
    }
    (if is_unknown { Truth::Unknown } else { settles.negate() }, causes)
}

/// The first tier whose condition holds decides; while several can still be the first, all of them have a say.
fn tiered<'a>(
    evaluator: &mut Evaluator<'a>,
    condition: &'a Condition,
    tiers: &'a [(Expr, Condition)],
    otherwise: Option<&'a Condition>,
) -> Reason<'a> {
    let mut causes = Causes::NONE;
    let (mut can_true, mut can_false, mut is_open) = (false, false, false);
    let mut used_by = Vec::new();
    let mut applied = None;
    let mut decided = false;
    for (when, tier) in tiers {
        let (truth, why) = evaluator.truth(when);
        used_by.extend(used(evaluator, when));
        if truth == Truth::False {
            continue;
        }
        let inner = reason(evaluator, tier);
        can_true |= inner.truth.can_be_true();
        can_false |= inner.truth.can_be_false();
        causes.add(&inner.causes);
        used_by.extend(inner.used);
        if truth == Truth::True {
            decided = true;
            applied = (!is_open).then_some(tier);
            break;
        }
        is_open = true;
        causes.add(&why);
    }
    if !decided {
        match otherwise {
            Some(last) => {
                let inner = reason(evaluator, last);
                can_true |= inner.truth.can_be_true();
                can_false |= inner.truth.can_be_false();
                causes.add(&inner.causes);
                used_by.extend(inner.used);
                applied = (!is_open).then_some(last);
            }
            None => can_false = true,
        }
    }
    let truth = Truth::possible(can_true, can_false);
    let bound = evaluator.bound_items();
    Reason { used: distinct(used_by), applied, bound, ..plain(condition, truth, causes) }
}

fn distinct(used: Vec<Used>) -> Vec<Used> {
    let mut out: Vec<Used> = Vec::with_capacity(used.len());
    for value in used {
        if !out.iter().any(|known| known.slot == value.slot) {
            out.push(value);
        }
    }
    out
}

/// The conditions on each item; one item has to pass all of them.
fn each<'a>(
    evaluator: &mut Evaluator<'a>,
    condition: &'a Condition,
    list: &'a Expr,
    var: ScopeVar,
    inner: &'a [Condition],
) -> Reason<'a> {
    let Thing::List(elements) = evaluator.eval(list).thing else {
        return plain(condition, Truth::Unknown, Causes::NONE);
    };
    let mut members = Vec::new();
    for (place, Element { value, presence }) in elements.iter().enumerate() {
        let Thing::Item(item) = value.thing else { continue };
        let parts: Vec<Reason<'a>> = evaluator
            .bound(var, item, |evaluator| inner.iter().map(|inner| reason(evaluator, inner)).collect());
        let (mut truth, mut causes) = kleene(&parts, Truth::False);
        match presence {
            Presence::Certain => {}
            Presence::Possible(why) => {
                truth = truth.and(Truth::Unknown);
                causes.add(why);
            }
            Presence::Many(why) => {
                // Nothing is known of any item: the collection is missing, not each of its facts.
                truth = truth.and(Truth::Unknown);
                members.push(Reason { item: Some(0), ..plain(condition, truth, why.clone()) });
                continue;
            }
        }
        members.push(Reason { item: Some(place + 1), members: parts, ..plain(condition, truth, causes) });
    }
    let (truth, causes) = kleene(&members, Truth::True);
    Reason { members, ..plain(condition, truth, causes) }
}

/// The items that pass every `each` of the conditions.
pub(super) fn passing<'a>(evaluator: &mut Evaluator<'a>, needs: &'a [Condition]) -> Value {
    let mut result: Option<Vec<Element>> = None;
    for need in needs {
        let Test::Each(list, var, inner) = &need.test else { continue };
        let elements = match result.take() {
            Some(elements) => elements,
            None => match evaluator.eval(list).thing {
                Thing::List(elements) => elements,
                _ => Vec::new(),
            },
        };
        let mut kept = Vec::new();
        for Element { value, presence } in elements {
            let Thing::Item(item) = value.thing else { continue };
            let (truth, mut causes) = evaluator.bound(*var, item, |evaluator| {
                let parts: Vec<Reason<'a>> = inner.iter().map(|inner| reason(evaluator, inner)).collect();
                kleene(&parts, Truth::False)
            });
            if let Presence::Many(why) = &presence {
                causes = why.clone();
            }
            if let Some(presence) = present_if(presence, truth, causes) {
                kept.push(Element { value, presence });
            }
        }
        result = Some(kept);
    }
    Value::certain(Thing::List(result.unwrap_or_default()))
}

/// Everything a rule reads, in the order of reading.
fn used(evaluator: &Evaluator<'_>, rule: &Expr) -> Vec<Used> {
    if !evaluator.with_reasons {
        return Vec::new();
    }
    let mut out: Vec<Used> = Vec::new();
    let is_given =
        |input: InputRef| evaluator.is_bound(input.var) && evaluator.input(input).causes.is_empty();
    super::survey::inputs(evaluator.document, rule, &is_given, &mut |input| {
        if !evaluator.is_bound(input.var) {
            return;
        }
        let slot = evaluator.slot_of(input);
        let state = &evaluator.inputs.slots[slot];
        if out.iter().any(|known| known.slot == slot) {
            return;
        }
        let (fact, period) = match &state.kind {
            InputKind::Fact(fact, period) => {
                let calendar = evaluator.inputs.calendar;
                let is_event = evaluator.inputs.vocabulary.get(*fact).fact_type == FactType::Event;
                let default = evaluator.document.default_period.as_ref();
                let shown =
                    if is_event { calendar.shown_event(period, default) } else { calendar.shown(period) };
                (Some(*fact), shown)
            }
            InputKind::Collection(_) => return,
            _ => (None, String::new()),
        };
        out.push(Used { key: state.key.clone(), fact, period, known: state.known.clone(), slot });
    });
    // A total or mean of a span that nobody gave says nothing where its years stand beside it.
    let any_known = out.iter().any(|value| value.known.is_some());
    out.retain(|value| {
        value.known.is_some() || !any_known || !evaluator.inputs.slots[value.slot].value.causes.is_empty()
    });
    out
}
