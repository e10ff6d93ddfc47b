//! How far off is true: what is suggested cures the condition, one step short of it does not.

use engine::point::{Cure, Decision, Engine, Reason, Rulebook, Thing, Truth};
use facts::{Date, Number, Profile, Value};
use proptest::prelude::*;

use super::choices::{Choices, streams};
use super::document::{Soil, body};
use super::refining::rulebook;
use super::subject::{DAY, Subject, set};

/// The truth of the condition with that id.
fn truth_of(decision: &Decision<'_>, id: &str) -> Option<Truth> {
    let mut found = None;
    let mut visit = |reason: &Reason<'_>| {
        if reason.condition.id == id {
            found = Some(reason.truth);
        }
    };
    decision.reasons.iter().for_each(|reason| walk(reason, &mut visit));
    found
}

fn walk(reason: &Reason<'_>, visit: &mut dyn FnMut(&Reason<'_>)) {
    visit(reason);
    reason.members.iter().for_each(|member| walk(member, visit));
}

/// The profile with another value of what a document calls by that key.
fn with(rulebook: &Rulebook, profile: &Profile, key: &str, value: &Value) -> Profile {
    let mut other = profile.clone();
    match key.strip_prefix("投资[") {
        Some(rest) => {
            let (number, name) = rest.split_once("].").expect("an item's key");
            let items = other.collections.get_mut("投资").expect("the items are known");
            let item = &mut items[number.parse::<usize>().expect("a number") - 1];
            set(item, &rulebook.vocabulary, name, value.clone());
        }
        None => set(&mut other, &rulebook.vocabulary, key, value.clone()),
    }
    other
}

/// One step short of the suggested value, if it is a number.
fn short(rulebook: &Rulebook, fact: facts::FactId, from: &Thing, to: &Value) -> Option<Value> {
    let (Thing::Numbers(from), Value::Number(to)) = (from, to) else { return None };
    let (from, step) = (from.as_exact()?, rulebook.vocabulary.get(fact).grain_step());
    let short: Number = if to > from { to - &step } else { to + &step };
    Some(Value::Number(short))
}

fn check_gaps(rulebook: &Rulebook, profile: &Profile) -> Result<usize, String> {
    let engine = Engine::new(rulebook);
    let decide =
        |profile: &Profile, day: Date| engine.decide("x-law", profile, day).expect("the document is there");
    let decision = decide(profile, DAY);
    for gap in &decision.gaps {
        let id = gap.condition.as_str();
        match &gap.cure {
            Cure::Value { key, fact, from, to, .. } => {
                let cured = decide(&with(rulebook, profile, key, to), DAY);
                if truth_of(&cured, id) != Some(Truth::True) {
                    return Err(format!("{id} does not hold with {key} = {to:?}, from {from:?}"));
                }
                if let Some(short) = short(rulebook, *fact, &from.thing, to) {
                    let uncured = decide(&with(rulebook, profile, key, &short), DAY);
                    if truth_of(&uncured, id) == Some(Truth::True) {
                        return Err(format!("{id} holds with {key} = {short:?} already, short of {to:?}"));
                    }
                }
            }
            Cure::Day(day) => {
                if truth_of(&decide(profile, *day), id) != Some(Truth::True) {
                    return Err(format!("{id} does not hold on {day}"));
                }
                let before = day.add_days(-1).expect("the day before");
                if truth_of(&decide(profile, before), id) == Some(Truth::True) {
                    return Err(format!("{id} holds on {before} already"));
                }
            }
            Cure::Nothing => {}
        }
    }
    Ok(decision.gaps.len())
}

proptest! {
    #![proptest_config(super::cases(300))]

    #[test]
    fn what_is_suggested_cures_and_one_step_short_does_not(document in streams(), subject in streams()) {
        let (rulebook, text) = rulebook(&document, Soil::Rich);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let profile = subject.profile(&rulebook.vocabulary);
        let checked = check_gaps(&rulebook, &profile);
        prop_assert!(checked.is_ok(), "{}\n{}\n{:?}", checked.unwrap_err(), body(&text), subject);
    }
}
