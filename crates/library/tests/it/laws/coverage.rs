//! What the laws are tried on: grown documents have every shape, and their answers are of every kind.

use std::collections::BTreeSet;

use engine::point::{Cure, Money, Outcome};

use super::choices::{Choices, Scatter};
use super::document::{Soil, body};
use super::refining::{decide, rulebook};
use super::subject::Subject;

/// Bits of text that stand for a shape each.
const SHAPES: [&str; 26] = [
    "any:",
    "all:",
    "first:",
    "manual:",
    "else:",
    "milestones:",
    "amount:",
    "at_most:",
    "up_to: true",
    "rank:",
    "best_of:",
    "at_least:",
    "not(",
    " and ",
    " or ",
    "if ",
    "between",
    "every ",
    "some ",
    "sum(",
    "count(",
    "min(",
    "分段累进",
    "查表",
    "全部达到",
    "申请日",
];

#[test]
fn grown_documents_have_every_shape_and_give_every_kind_of_answer() {
    let mut scatter = Scatter(1);
    let mut stream = |length: usize| -> Vec<u16> {
        (0..length).map(|_| u16::try_from(scatter.below(5_040)).expect("below 2^16")).collect()
    };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..300 {
        let (rulebook, text) = rulebook(&stream(120), Soil::Rich);
        seen.extend(
            SHAPES.iter().filter(|shape| body(&text).contains(**shape)).map(|shape| (*shape).to_owned()),
        );
        let choices = stream(60);
        let subject = Subject::grow(&mut Choices::new(&choices));
        let decision = decide(&rulebook, &subject);
        seen.insert(decision.outcome.as_code().to_owned());
        seen.insert(format!("{} ranks", decision.ranks.len()));
        seen.extend(decision.gaps.iter().map(|gap| kind_of_cure(&gap.cure).to_owned()));
        seen.extend(decision.amount_if_eligible.iter().map(|money| kind_of_money(money).to_owned()));
        let is_open = decision.missing.len() > 1;
        seen.extend(is_open.then(|| "several missing".to_owned()));
    }
    let answers = [Outcome::Eligible, Outcome::Ineligible, Outcome::Unknown]
        .map(|outcome| outcome.as_code().to_owned());
    let kinds = [
        "to a value",
        "by time",
        "by nothing",
        "exact",
        "options",
        "range",
        "undetermined",
        "1 ranks",
        "3 ranks",
    ];
    let wanted = SHAPES.iter().chain(&kinds).map(|text| (*text).to_owned()).chain(answers);
    let absent: Vec<String> =
        wanted.chain(["several missing".to_owned()]).filter(|text| !seen.contains(text)).collect();
    assert!(absent.is_empty(), "never grown: {absent:?}");
}

fn kind_of_cure(cure: &Cure) -> &'static str {
    match cure {
        Cure::Value { .. } => "to a value",
        Cure::Day(_) => "by time",
        Cure::Nothing => "by nothing",
    }
}

fn kind_of_money(money: &Money) -> &'static str {
    match money {
        Money::Exact(_) => "exact",
        Money::Options(_) => "options",
        Money::Range(..) => "range",
        Money::Undetermined => "undetermined",
    }
}
