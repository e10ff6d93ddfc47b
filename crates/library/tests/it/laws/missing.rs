//! `missing` is what can still change the answer: nothing outside it can, and everything in it can.

use std::collections::BTreeSet;

use engine::point::{Decision, Money, Outcome};
use proptest::prelude::*;

use super::choices::{Choices, Scatter, streams};
use super::document::{Soil, body};
use super::refining::{decide, rulebook};
use super::subject::{Known, Subject, domain_size, keys_read};

/// What is answered, as far as it matters to somebody.
#[derive(PartialEq, Debug)]
enum Answer {
    No,
    Other(Outcome, Option<Money>, Vec<String>),
}

fn answer(decision: &Decision<'_>) -> Answer {
    match decision.outcome {
        Outcome::Ineligible => Answer::No,
        outcome => Answer::Other(outcome, decision.amount_if_eligible.clone(), decision.ranks.clone()),
    }
}

/// Whether a thing is missing: under its own name, as an event in one of its spans, or as the total of its years.
fn is_missing(key: &str, missing: &BTreeSet<String>) -> bool {
    match key {
        "违法" => missing.iter().any(|name| name.starts_with("违法")),
        _ if key.starts_with("研发") => {
            let is_span = |name: &String| name.starts_with("研发.") && name.ends_with(['计', '值']);
            missing.contains(key) || missing.iter().any(is_span)
        }
        _ => missing.contains(key),
    }
}

fn missing(decision: &Decision<'_>) -> BTreeSet<String> {
    decision.missing.iter().map(|missing| missing.key.clone()).collect()
}

/// The things of a subject that nobody knows and that the document reads.
fn unknown(subject: &Subject, text: &str) -> Vec<&'static str> {
    let items_are_known = subject.of("投资") != Known::No;
    let counts = |key: &&str| subject.of(key) == Known::No && (items_are_known || !key.starts_with("投资["));
    keys_read(text).into_iter().filter(counts).collect()
}

proptest! {
    #![proptest_config(super::cases(120))]

    #[test]
    fn what_is_not_missing_changes_nothing(document in streams(), subject in streams(), seed in any::<u64>()) {
        let (rulebook, text) = rulebook(&document, Soil::Rich);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let before = decide(&rulebook, &subject);
        let missing = missing(&before);
        let mut scatter = Scatter(seed);
        for key in unknown(&subject, &text) {
            if is_missing(key, &missing) {
                continue;
            }
            for _ in 0..3 {
                let known = subject.with(key, Known::Exactly(scatter.below(domain_size(key))));
                let after = decide(&rulebook, &known);
                // Where much is still open, an answer can come out as a wider bound, never as another answer.
                if before.outcome != Outcome::Unknown && after.outcome == Outcome::Unknown {
                    continue;
                }
                prop_assert_eq!(
                    answer(&before), answer(&after),
                    "{} = {:?} was not missing\n{}\n{:?}\n{:?}", key, known.of(key), body(&text), subject, missing
                );
            }
        }
    }

    #[test]
    fn what_is_missing_can_change_the_answer_where_everything_can_be_tried(
        document in streams(), subject in streams(),
    ) {
        let (rulebook, text) = rulebook(&document, Soil::Small);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let missing = missing(&decide(&rulebook, &subject));
        let keys = unknown(&subject, &text);
        let completions = subject.completions(&keys, 4_096, &mut Scatter(0));
        let answers: Vec<Answer> = completions.iter().map(|one| answer(&decide(&rulebook, one))).collect();
        let at = |subject: &Subject| completions.iter().position(|one| one == subject).expect("all are tried");
        for key in keys {
            let changes = completions.iter().enumerate().any(|(number, one)| {
                (0..domain_size(key)).any(|value| answers[at(&one.with(key, Known::Exactly(value)))] != answers[number])
            });
            prop_assert_eq!(
                missing.contains(key), changes, "{} of {:?}\n{}\n{:?}", key, missing, body(&text), subject
            );
        }
    }
}
