//! Knowing more never contradicts: whatever was definite stays, whatever comes out lay within what was possible.

use engine::point::{Decision, Engine, Money, Numbers, Outcome, Rulebook, Thing, Truth};
use facts::Fen;
use proptest::prelude::*;

use super::choices::{Choices, Scatter, streams};
use super::document::{Grower, Soil, body, compiled, vocabulary};
use super::subject::{DAY, Subject, keys_read};

/// The answer for a subject on the day of all decisions.
pub fn decide<'r>(rulebook: &'r Rulebook, subject: &Subject) -> Decision<'r> {
    let profile = subject.profile(&rulebook.vocabulary);
    Engine::new(rulebook).decide("x-law", &profile, DAY).expect("the document is there")
}

/// A rulebook of one grown document, and its text.
pub fn rulebook(stream: &[u16], soil: Soil) -> (Rulebook, String) {
    let vocabulary = vocabulary();
    let text = Grower::new(stream, soil).document();
    let document = compiled(&text, &vocabulary);
    (Rulebook::new(vocabulary, vec![document]), text)
}

fn fen_within(fen: Fen, money: &Money) -> bool {
    match money {
        Money::Exact(known) => fen == *known,
        Money::Options(options) => options.contains(&fen),
        Money::Range(low, high) => low.is_none_or(|low| low <= fen) && high.is_none_or(|high| fen <= high),
        Money::Undetermined => true,
    }
}

fn numbers_within(inner: &Numbers, outer: &Numbers) -> bool {
    let within =
        |piece: &engine::point::Interval| outer.pieces().iter().any(|wider| wider.intersect(piece) == *piece);
    inner.pieces().iter().all(within) && inner.absence.or(outer.absence) == outer.absence
}

fn thing_within(inner: &Thing, outer: &Thing) -> bool {
    match (inner, outer) {
        (Thing::Truth(inner), Thing::Truth(outer)) => *outer == Truth::Unknown || inner == outer,
        (Thing::Numbers(inner), Thing::Numbers(outer)) => {
            inner.as_exact().is_none() || numbers_within(inner, outer)
        }
        _ => true,
    }
}

/// What the answer of somebody of whom more is known contradicts, if anything. What is not definite yet is a bound, which
/// need not be as narrow in one place as in another.
pub fn contradiction(less: &Decision<'_>, more: &Decision<'_>) -> Option<String> {
    let definite = matches!(less.outcome, Outcome::Eligible | Outcome::Ineligible);
    if definite && less.outcome != more.outcome {
        return Some(format!("{:?} became {:?}", less.outcome, more.outcome));
    }
    for (less, more) in less.scores.iter().zip(&more.scores) {
        if more.points.as_exact().is_some() && !numbers_within(&more.points, &less.points) {
            return Some(format!("the score {:?} became {:?}", less.points, more.points));
        }
    }
    for (less, more) in less.values.iter().zip(&more.values) {
        if !thing_within(&more.value.thing, &less.value.thing) {
            return Some(format!("{} was {:?}, became {:?}", less.name, less.value.thing, more.value.thing));
        }
    }
    if more.outcome == Outcome::Ineligible {
        return None;
    }
    if let (Some(less), Some(more)) = (&less.amount_if_eligible, &more.amount_if_eligible)
        && let Money::Exact(fen) = more
        && !fen_within(*fen, less)
    {
        return Some(format!("the amount {less:?} became {more:?}"));
    }
    if more.ranks.len() == 1 && !less.ranks.contains(&more.ranks[0]) {
        return Some(format!("the ranks {:?} became {:?}", less.ranks, more.ranks));
    }
    None
}

proptest! {
    #![proptest_config(super::cases(200))]

    #[test]
    fn knowing_everything_never_contradicts_what_followed_from_less(
        document in streams(), subject in streams(), seed in any::<u64>(),
    ) {
        let (rulebook, text) = rulebook(&document, Soil::Rich);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let less = decide(&rulebook, &subject);
        for completion in subject.completions(&keys_read(&text), 32, &mut Scatter(seed)) {
            let more = decide(&rulebook, &completion);
            let wrong = contradiction(&less, &more);
            prop_assert!(wrong.is_none(), "{}\n{}\n{subject:?}\n{completion:?}", wrong.unwrap_or_default(), body(&text));
        }
    }

    #[test]
    fn knowing_one_thing_more_never_contradicts_what_followed_from_less(
        document in streams(), subject in streams(), seed in any::<u64>(),
    ) {
        let (rulebook, text) = rulebook(&document, Soil::Rich);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let less = decide(&rulebook, &subject);
        for key in keys_read(&text) {
            for completion in subject.completions(&[key], 3, &mut Scatter(seed)) {
                let more = decide(&rulebook, &completion);
                // Where much is still open, an answer can come out as a wider bound, never as another answer.
                if more.outcome == Outcome::Unknown {
                    continue;
                }
                let wrong = contradiction(&less, &more);
                prop_assert!(wrong.is_none(), "{}\n{}\n{subject:?}\n{key} {completion:?}", wrong.unwrap_or_default(), body(&text));
            }
        }
    }

    #[test]
    fn what_everybody_agrees_on_is_definite_where_everything_can_be_tried(document in streams(), subject in streams()) {
        let (rulebook, text) = rulebook(&document, Soil::Small);
        let subject = Subject::grow(&mut Choices::new(&subject));
        let less = decide(&rulebook, &subject);
        let answers: Vec<Decision<'_>> = subject
            .completions(&keys_read(&text), 4_096, &mut Scatter(0))
            .iter()
            .map(|completion| decide(&rulebook, completion))
            .collect();
        let outcome = answers[0].outcome;
        // Several ranks make the outcome unknown, though everybody is eligible for one of them.
        if answers.iter().all(|answer| answer.outcome == outcome && answer.ranks == answers[0].ranks) {
            prop_assert_eq!(less.outcome, outcome, "{}\n{:?}", body(&text), subject);
        }
        let mut due = answers.iter().filter(|answer| answer.outcome == Outcome::Eligible).map(|answer| &answer.amount);
        if let Some(first) = due.next()
            && due.all(|amount| amount == first)
        {
            prop_assert_eq!(&less.amount_if_eligible, first, "{}\n{:?}", body(&text), subject);
        }
    }
}
