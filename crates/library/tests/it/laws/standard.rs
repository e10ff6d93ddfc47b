//! Printed as standard FEEL and evaluated as the standard says, a rule over known facts comes out as it does here.

use engine::feel::{Scope, Value as Standard, evaluate};
use engine::point::{Rulebook, Thing, Truth};
use facts::{Number, Value};
use lang::ir::{Amount, Test};
use lang::syntax::{NoNames, format, parse};
use proptest::prelude::*;

use super::choices::{Choices, Scatter, streams};
use super::document::{Soil, body};
use super::refining::{decide, rulebook};
use super::subject::{DAY, KEYS, Subject};

/// A number as FEEL text; all numbers of the small vocabulary end after a few places.
fn literal(value: &Value) -> String {
    match value {
        Value::Bool(known) => known.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Code(code) => format!("\"{code}\""),
        Value::Date(date) => format!("date(\"{}\")", date.start),
        other => panic!("{other:?} is not in the small vocabulary"),
    }
}

/// The facts of a subject as a FEEL context.
fn context(subject: &Subject) -> String {
    let value = |key: &str| literal(&subject.value(key).expect("everything is known"));
    let plain = ["甲", "乙", "丙", "丁", "人数", "专利", "收入", "利润", "占比", "规模", "成立"];
    let mut entries: Vec<String> = plain.iter().map(|key| format!("{key}: {}", value(key))).collect();
    let (last, before, third) = (value("研发.上年"), value("研发.前年"), value("研发.大前年"));
    entries.push(format!(
        "研发: {{上年: {last}, 前年: {before}, 大前年: {third}, 近3年: [{third}, {before}, {last}]}}"
    ));
    entries.push(format!("申请日: date(\"{DAY}\")"));
    format!("{{{}}}", entries.join(", "))
}

fn evaluated(text: &str, scope: &Scope) -> Standard {
    let (tree, errors) = parse(text, 0, &NoNames);
    assert!(errors.is_empty(), "what is printed parses: {text}\n{errors:?}");
    evaluate(&tree.expect("without errors there is a tree"), scope).0
}

fn same(ours: &Thing, theirs: &Standard) -> bool {
    match (ours, theirs) {
        (Thing::Truth(Truth::True), Standard::Boolean(true)) => true,
        (Thing::Truth(Truth::False), Standard::Boolean(false)) => true,
        // No tier fits.
        (Thing::Numbers(ours), Standard::Null) => ours.pieces().is_empty(),
        (Thing::Numbers(ours), Standard::Number(theirs)) => {
            // The standard has 34 digits, of which a difference can lose some; here everything is exact.
            let nearly = Number::power_of_ten(-18);
            ours.as_exact().is_some_and(|ours| (ours - theirs).abs() <= nearly)
        }
        _ => false,
    }
}

fn printed_again(text: &str) -> String {
    let (tree, _) = parse(text, 0, &NoNames);
    tree.map_or_else(String::new, |tree| format(&tree))
}

/// Compares every named value, rule and amount.
fn compare(rulebook: &Rulebook, subject: &Subject) -> Result<(), String> {
    let document = &rulebook.entries()[0].document;
    let vocabulary = &rulebook.vocabulary;
    let decision = decide(rulebook, subject);
    let Standard::Context(facts) = evaluated(&context(subject), &Scope::default()) else {
        return Err("the facts make no context".to_owned());
    };
    let mut scope = Scope::of(facts);
    for named in &document.lets {
        let text = lang::feel::expression(&named.value, document, vocabulary);
        let theirs = evaluated(&text, &scope);
        let ours =
            decision.values.iter().find(|value| value.name == named.name).expect("every let has a value");
        if !same(&ours.value.thing, &theirs) {
            return Err(format!("{}: {:?}, but {theirs:?}\n{text}", named.name, ours.value.thing));
        }
        scope = scope.with(&named.name.as_str().into(), theirs);
    }
    let mut rules = Vec::new();
    decision.reasons.iter().for_each(|reason| {
        reason.walk(&mut |reason| {
            if let Test::Rule(rule) = &reason.condition.test {
                rules.push((reason.condition.id.clone(), rule, Thing::Truth(reason.truth)));
            }
        })
    });
    if let (Some(Amount::Value(amount)), Some(ours)) = (&document.gives.amount, &decision.amount_unrounded)
        && document.gives.at_most.is_none()
    {
        rules.push(("amount".to_owned(), amount, Thing::Numbers(ours.clone())));
    }
    for (name, rule, ours) in rules {
        let text = lang::feel::expression(rule, document, vocabulary);
        if printed_again(&text) != text {
            return Err(format!("{text}\nis printed again as\n{}", printed_again(&text)));
        }
        let theirs = evaluated(&text, &scope);
        if !same(&ours, &theirs) {
            return Err(format!("{name}: {ours:?}, but {theirs:?}\n{text}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(super::cases(150))]

    #[test]
    fn a_rule_over_known_facts_is_what_standard_feel_says(document in streams(), subject in streams(), seed in any::<u64>()) {
        let (rulebook, text) = rulebook(&document, Soil::Standard);
        let partial = Subject::grow(&mut Choices::new(&subject));
        for subject in partial.completions(&KEYS, 2, &mut Scatter(seed)) {
            let compared = compare(&rulebook, &subject);
            prop_assert!(compared.is_ok(), "{}\n{}\n{:?}", compared.unwrap_err(), body(&text), subject);
        }
    }
}
