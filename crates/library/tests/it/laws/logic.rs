//! Three-valued logic: Kleene's tables, and what has to hold of documents because of them.

use std::collections::BTreeSet;

use engine::point::{Decision, Engine, Rulebook, Truth};
use proptest::prelude::*;

use super::choices::{Choices, streams};
use super::document::{Grower, Soil, body, compiled, vocabulary};
use super::refining::{decide, rulebook};
use super::subject::{DAY, Subject};

const ALL: [Truth; 3] = [Truth::True, Truth::False, Truth::Unknown];

/// The truths that a truth stands for.
fn meant(truth: Truth) -> Vec<bool> {
    match truth {
        Truth::True => vec![true],
        Truth::False => vec![false],
        Truth::Unknown => vec![true, false],
    }
}

/// The truth that stands for the outcomes of all pairs.
fn of_pairs(left: Truth, right: Truth, combine: impl Fn(bool, bool) -> bool) -> Truth {
    let outcomes: Vec<bool> = meant(left)
        .into_iter()
        .flat_map(|a| meant(right).into_iter().map(move |b| (a, b)))
        .map(|(a, b)| combine(a, b))
        .collect();
    Truth::possible(outcomes.contains(&true), outcomes.contains(&false))
}

#[test]
fn and_or_and_not_are_what_all_that_is_possible_says() {
    for a in ALL {
        assert_eq!(a.negate(), of_pairs(a, Truth::True, |a, _| !a));
        assert_eq!(Truth::possible(a.can_be_true(), a.can_be_false()), a);
        for b in ALL {
            assert_eq!(a.and(b), of_pairs(a, b, |a, b| a && b), "{a:?} and {b:?}");
            assert_eq!(a.or(b), of_pairs(a, b, |a, b| a || b), "{a:?} or {b:?}");
        }
    }
}

#[test]
fn the_laws_of_kleene_hold_for_all_truths() {
    for a in ALL {
        assert_eq!(a.negate().negate(), a);
        assert_eq!(a.and(a), a);
        assert_eq!(a.or(a), a);
        assert_eq!(a.and(Truth::True), a);
        assert_eq!(a.and(Truth::False), Truth::False);
        assert_eq!(a.or(Truth::False), a);
        assert_eq!(a.or(Truth::True), Truth::True);
        for b in ALL {
            assert_eq!(a.and(b), b.and(a));
            assert_eq!(a.or(b), b.or(a));
            assert_eq!(a.and(b).negate(), a.negate().or(b.negate()));
            assert_eq!(a.or(b).negate(), a.negate().and(b.negate()));
            assert_eq!(a.and(a.or(b)), a);
            assert_eq!(a.or(a.and(b)), a);
            for c in ALL {
                assert_eq!(a.and(b.and(c)), a.and(b).and(c));
                assert_eq!(a.or(b.or(c)), a.or(b).or(c));
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
                assert_eq!(a.or(b.and(c)), a.or(b).and(a.or(c)));
            }
        }
    }
}

/// What has to be the same whatever way a document is written.
fn gist(decision: &Decision<'_>) -> impl PartialEq + std::fmt::Debug + use<> {
    (decision.outcome, decision.amount_if_eligible.clone(), decision.ranks.clone())
}

/// The answer to a document whose conditions are these lines.
fn answered(text: &str, subject: &Subject) -> (String, BTreeSet<String>) {
    let vocabulary = vocabulary();
    let document = compiled(text, &vocabulary);
    let rulebook = Rulebook::new(vocabulary, vec![document]);
    let decision = decide(&rulebook, subject);
    let failed = decision.failed.iter().cloned().collect();
    (format!("{:?}", gist(&decision)), failed)
}

/// The same text with its conditions in another order.
fn reordered(text: &str, turn: usize) -> String {
    let is_condition = |line: &&str| line.starts_with("  - {id: c");
    let mut conditions: Vec<&str> = text.lines().filter(is_condition).collect();
    let count = conditions.len();
    conditions.rotate_left(turn % count);
    conditions.reverse();
    let mut next = conditions.into_iter();
    let line = |line: &str| match is_condition(&line) {
        true => format!("{}\n", next.next().expect("as many as before")),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

proptest! {
    #![proptest_config(super::cases(120))]

    #[test]
    fn the_order_of_conditions_changes_nothing(document in streams(), subject in streams(), turn in 0..4usize) {
        let text = Grower::new(&document, Soil::Rich).document();
        let subject = Subject::grow(&mut Choices::new(&subject));
        let other = reordered(&text, turn);
        prop_assert_eq!(answered(&text, &subject), answered(&other, &subject), "{}\n{:?}", body(&text), subject);
    }

    #[test]
    fn a_rule_denied_twice_or_turned_by_de_morgan_says_the_same(document in streams(), subject in streams()) {
        let vocabulary = vocabulary();
        let subject = Subject::grow(&mut Choices::new(&subject));
        let rules = Grower::new(&document, Soil::Rich).rules(2);
        let (a, b) = (&rules[0], &rules[1]);
        let same = [
            vec![a.clone(), format!("not(not({a}))"), format!("({a}) and true"), format!("if {a} then true else false")],
            vec![format!("({a}) and ({b})"), format!("not(not({a}) or not({b}))"), format!("({b}) and ({a})")],
            vec![format!("({a}) or ({b})"), format!("not(not({a}) and not({b}))"), format!("all([{a}, true]) or ({b})")],
        ];
        let head = Grower::new(&[], Soil::Small).document();
        let profile = subject.profile(&vocabulary);
        for group in same {
            let mut first: Option<String> = None;
            for rule in group {
                let text = head.replace("rule: '甲'", &format!("rule: '{rule}'"));
                let rulebook = Rulebook::new(vocabulary.clone(), vec![compiled(&text, &vocabulary)]);
                let decision = Engine::new(&rulebook).decide("x-law", &profile, DAY).expect("the document is there");
                let answer = format!("{:?}", gist(&decision));
                match &first {
                    None => first = Some(answer),
                    Some(first) => prop_assert_eq!(first, &answer, "{}\n{}\n{:?}", a, rule, subject),
                }
            }
        }
    }

    #[test]
    fn deciding_twice_gives_the_same(document in streams(), subject in streams()) {
        let (rulebook, _) = rulebook(&document, Soil::Rich);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let (one, other) = (decide(&rulebook, &subject), decide(&rulebook, &subject));
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}
