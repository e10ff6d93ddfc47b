//! The law of the lint: what it calls impossible is impossible. Grown conditions are held against exact decisions of grown
//! subjects.

use engine::point::{Engine, Rulebook, Thing, Truth};
use facts::{
    Date, Number, Origin, PartialDate, Period, Precision, Profile, Source, Value, Vocabulary, vocabulary,
};
use lang::Catalog;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed};

use super::{Logic, Mode};
use crate::lint::sets::Beyond;

const DAY: Date = Date { year: 2026, month: 6, day: 30 };

/// Subjects that each condition is decided for.
const SUBJECTS: usize = 40;

const WORDS: &str = "
facts:
  - {name: 人数, type: count, unit: 人}
  - {name: 收入, type: money, least: 0}
  - {name: 利润, type: money}
  - {name: 占比, type: ratio, least: 0, most: 1}
  - {name: 名次, type: number, unit: 分, least: 1, none_allowed: true}
  - {name: 等级, type: code, codes: [甲, 乙, 丙]}
  - {name: 行业, type: code, hierarchy: true}
  - {name: 领域, type: codes, codes: [子, 丑]}
  - {name: 入驻, type: bool}
  - {name: 规上, type: bool}
  - {name: 成立, type: date}
";

fn words() -> Vocabulary {
    let (vocabulary, found) = vocabulary::load(&[Source::new("facts.yaml", WORDS)]);
    assert!(found.is_empty(), "{found:?}");
    vocabulary
}

/// Amounts of money, as terms of a comparison.
fn money() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("收入".to_owned()),
        Just("利润".to_owned()),
        (0..4).prop_map(|yuan| format!("{yuan}元")),
        (0..3).prop_map(|people| format!("人数 / 1人 * {people}元")),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two.clone(), prop_oneof![Just("+"), Just("-")])
                .prop_map(|((l, r), op)| format!("({l} {op} {r})")),
            (inner, -2..3).prop_map(|(one, factor)| format!("({one} * {factor})")),
            (two.clone(), prop_oneof![Just("min"), Just("max")])
                .prop_map(|((l, r), name)| format!("{name}({l}, {r})")),
            (two.clone(), condition_leaf())
                .prop_map(|((l, r), when)| format!("(if {when} then {l} else {r})")),
            two.prop_map(|(l, r)| format!("(({l}) / 1元 * ({r}))")),
        ]
    })
}

fn op() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("="), Just("!=")]
}

fn condition_leaf() -> impl Strategy<Value = String> {
    let code = prop_oneof![Just("甲"), Just("乙"), Just("丙")];
    let industry = prop_oneof![Just("C"), Just("C3"), Just("I6"), Just("C39")];
    prop_oneof![
        (op(), 0..4).prop_map(|(op, people)| format!("人数 {op} {people}人")),
        (op(), -1..4).prop_map(|(op, yuan)| format!("收入 {op} {yuan}元")),
        (op(), 0..5).prop_map(|(op, quarter)| format!("占比 {op} {}%", quarter * 25)),
        (op(), 0..3).prop_map(|(op, place)| format!("名次 {op} {place}分")),
        Just("名次 = 无".to_owned()),
        (prop_oneof![Just("="), Just("!=")], code).prop_map(|(op, code)| format!("等级 {op} \"{code}\"")),
        Just("等级 in (\"甲\", \"乙\")".to_owned()),
        industry.clone().prop_map(|code| format!("行业 in (\"{code}\")")),
        industry.prop_map(|code| format!("行业 = \"{code}\"")),
        Just("领域 in (\"子\")".to_owned()),
        Just("入驻".to_owned()),
        Just("规上 = false".to_owned()),
        (op(), 0..3).prop_map(|(op, years)| format!("成立 {op} 申请日 - {years}年")),
        (op(), 0..3).prop_map(|(op, days)| format!("成立 {op} 申请日 - {days}天")),
        (op(), 0..3).prop_map(|(op, year)| format!("成立 {op} date(\"202{year}-06-30\")")),
        (op(), 0..3).prop_map(|(op, count)| format!("计数真(入驻, 规上) {op} {count}")),
    ]
}

/// Conditions of some depth.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => condition_leaf().boxed(),
        1 => (money(), op(), money()).prop_map(|(l, op, r)| format!("{l} {op} {r}")).boxed(),
        1 => (money(), op(), 0..3).prop_map(|(l, op, r)| format!("{l} / 收入 {op} {r}")).boxed(),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(|all| format!("({})", all.join(" and "))),
            several.prop_map(|all| format!("({})", all.join(" or "))),
            inner.clone().prop_map(|one| format!("not({one})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

/// A subject of whom everything is known, from a seed.
fn subject(vocabulary: &Vocabulary, mut seed: u64) -> Profile {
    let mut pick = |count: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % count
    };
    let number = |value: u64| Number::from(i64::try_from(value).expect("a small number"));
    let mut profile = Profile::new("enterprise");
    let text = |all: &[&str], at: u64| all[usize::try_from(at).expect("a small number")].to_owned();
    let half = Number::ratio(1, 2).expect("two is not nought");
    let values = [
        ("人数", Value::Number(number(pick(5)))),
        ("收入", Value::Number(&number(pick(7)) * &half)),
        ("利润", Value::Number(&(&number(pick(9)) * &half) - &number(2))),
        ("占比", Value::Number(&number(pick(9)) * &Number::ratio(1, 8).expect("eight is not nought"))),
        ("名次", if pick(3) == 0 { Value::Nothing } else { Value::Number(number(1 + pick(3))) }),
        ("等级", Value::Code(text(&["甲", "乙", "丙"], pick(3)))),
        ("行业", Value::Code(text(&["C391", "C312", "C40", "I65", "A01"], pick(5)))),
        (
            "领域",
            Value::Codes(text(&["子", "丑", ""], pick(3)).split_terminator(',').map(str::to_owned).collect()),
        ),
        ("入驻", Value::Bool(pick(2) == 0)),
        ("规上", Value::Bool(pick(2) == 0)),
        ("成立", {
            let start = DAY
                .add_days(-i64::try_from(pick(1_500)).expect("a small number"))
                .expect("a day not long ago");
            Value::Date(PartialDate { start, precision: Precision::Day })
        }),
    ];
    for (name, value) in values {
        let fact = vocabulary.find(name).expect("it is among the words");
        profile.set(fact, Period::Unstated, value, Origin::default());
    }
    profile
}

fn config() -> Config {
    Config { cases: 400, rng_seed: RngSeed::Fixed(0x11_17), failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_called_impossible_comes_out_so_for_no_subject(text in condition(), seed in any::<u64>()) {
        let vocabulary = words();
        let (standalone, found) = lang::compile_expression(&text, &vocabulary, &Catalog::default());
        prop_assert!(standalone.is_some(), "{text}: {found:?}");
        let document = standalone.expect("it was just looked at").document;
        let logic = Logic::new(&document, &vocabulary);
        let formula = logic.truth(&document.lets[0].value);
        let never = [Mode::True, Mode::False, Mode::NotTrue, Mode::NotFalse]
            .map(|mode| (mode, logic.is_impossible_of(&[(&formula, mode)], Beyond::ALL)));
        let rulebook = Rulebook::new(vocabulary.clone(), Vec::new());
        let engine = Engine::new(&rulebook);
        for at in 0..SUBJECTS {
            let profile = subject(&vocabulary, seed.wrapping_add(at as u64));
            let value = engine.value(&document, &profile, DAY);
            let Thing::Truth(truth) = value.thing else { panic!("{text} is no condition") };
            for (mode, is_never) in &never {
                let comes_out = match mode {
                    Mode::True => truth == Truth::True,
                    Mode::False => truth == Truth::False,
                    Mode::NotTrue => truth != Truth::True,
                    Mode::NotFalse => truth != Truth::False,
                };
                prop_assert!(!(*is_never && comes_out), "{text} never comes out {mode:?}, and did for {profile:?}");
            }
        }
    }
}

/// A law about what is found holds of nothing if nothing is found.
#[test]
fn many_grown_conditions_are_impossible_one_way_or_another() {
    let mut runner = proptest::test_runner::TestRunner::new(config());
    let vocabulary = words();
    let mut found = 0;
    for _ in 0..400 {
        let text = condition().new_tree(&mut runner).expect("a condition grows").current();
        let (standalone, _) = lang::compile_expression(&text, &vocabulary, &Catalog::default());
        let document = standalone.expect("grown conditions are sound").document;
        let logic = Logic::new(&document, &vocabulary);
        let formula = logic.truth(&document.lets[0].value);
        found += usize::from(logic.is_impossible(&[(&formula, Mode::True)]));
        found += usize::from(logic.is_impossible(&[(&formula, Mode::NotTrue)]));
    }
    assert!(found >= 20, "{found} of 400");
}
