//! What the laws once found, each by its symptom.

use engine::point::{Cure, Decision, Money, Outcome, Rulebook};
use facts::Fen;

use super::document::{Grower, Soil, compiled, vocabulary};
use super::refining::decide;
use super::subject::{Known, Subject, domain_size};

const YES: Known = Known::Exactly(0);
const NO: Known = Known::Exactly(1);

/// A rulebook of one document with these conditions and this gift.
fn book(needs: &str, gives: &str) -> Rulebook {
    let simplest = Grower::new(&[], Soil::Small).document();
    let head = &simplest[..simplest.find("needs:").expect("every document has conditions")];
    let vocabulary = vocabulary();
    let document = compiled(&format!("{head}needs:\n{needs}\ngives:\n{gives}\n"), &vocabulary);
    Rulebook::new(vocabulary, vec![document])
}

fn subject(known: &[(&str, Known)]) -> Subject {
    known.iter().fold(Subject::blank(), |subject, (key, known)| subject.with(key, *known))
}

fn missing(decision: &Decision<'_>) -> Vec<String> {
    decision.missing.iter().map(|missing| missing.key.clone()).collect()
}

fn yuan(yuan: i64) -> Fen {
    Fen(yuan * 100)
}

const STAGES: &str = "  milestones: {received: 已获, reached: [{when: 甲, plus: 10万元}, {when: 乙, plus: 20万元}, {when: 丙, to: 80万元}]}";
const ALWAYS: &str = "  - {id: c0, clause: 待核, rule: 'true'}";

#[test]
fn a_total_reached_is_not_added_to_stages_that_may_have_been_reached() {
    let book = book(ALWAYS, STAGES);
    let received_nothing = ("已获", Known::Exactly(1));
    let decision = decide(&book, &subject(&[("丙", YES), received_nothing]));
    assert_eq!(decision.amount, Some(Money::Exact(yuan(800_000))));
    assert!(missing(&decision).is_empty());
    let decision = decide(&book, &subject(&[("乙", YES), received_nothing]));
    let either = [200_000, 300_000, 800_000].map(yuan).to_vec();
    assert_eq!(decision.amount, Some(Money::Options(either)));
    assert_eq!(missing(&decision), ["甲", "丙"]);
}

#[test]
fn an_amount_received_that_is_known_within_bounds_is_not_cut_to_what_earlier_stages_give() {
    // Between 0 and 100万元 was received; the stages before the third come to 30万元.
    let known = [("甲", YES), ("乙", YES), ("丙", YES), ("已获", Known::Between(1, 11))];
    let book = book(ALWAYS, STAGES);
    let decision = decide(&book, &subject(&known));
    assert_eq!(decision.amount, Some(Money::Range(Some(yuan(0)), Some(yuan(800_000)))));
}

#[test]
fn up_to_an_amount_is_bounded_where_perhaps_no_tier_fits() {
    let needs = "  - {id: c0, clause: 待核, rule: '甲 or not(甲)'}";
    let book = book(needs, "  amount: {first: [{when: 甲, then: 10万元}]}\n  up_to: true");
    let decision = decide(&book, &subject(&[]));
    assert_eq!(decision.amount_if_eligible, Some(Money::Range(Some(yuan(0)), Some(yuan(100_000)))));
}

#[test]
fn who_turns_out_ineligible_whatever_is_missing_is_due_nothing_rather_than_no_amount() {
    let needs = "  - {id: c0, clause: 待核, rule: '甲 and 乙'}\n  - {id: c1, clause: 待核, rule: 'not(甲) or not(乙)'}";
    let decision = |known: &[(&str, Known)]| {
        let book = book(needs, "  amount: 10万元");
        let decision = decide(&book, &subject(known));
        (decision.outcome, decision.amount)
    };
    assert_eq!(decision(&[]), (Outcome::Ineligible, Some(Money::Exact(yuan(0)))));
    assert_eq!(decision(&[("甲", YES), ("乙", NO)]), (Outcome::Ineligible, Some(Money::Exact(yuan(0)))));
}

#[test]
fn a_fact_read_twice_stays_missing_where_others_are_missing_with_it() {
    let book = book(
        "  - {id: c0, clause: 待核, rule: '计数真(甲, 乙, 丙) >= 2'}",
        "  amount: 'if 甲 then 10万元 else 10万元'",
    );
    let decision = decide(&book, &subject(&[]));
    assert_eq!(missing(&decision), ["甲", "乙", "丙"]);
    // With one of the others known, the fact and the last one decide.
    assert_eq!(missing(&decide(&book, &subject(&[("乙", YES)]))), ["甲", "丙"]);
}

#[test]
fn an_industry_that_may_lie_in_no_row_of_a_table_reaches_nothing_for_certain() {
    // 8 people and 50万元 reach 高 in every row, but an industry outside the table has no row.
    let known = [("人数", Known::Exactly(8)), ("收入", Known::Exactly(10))];
    let reached = "  - {id: c0, clause: 待核, rule: '全部达到(表, \"高\")'}";
    let book = book(reached, "  status: 称号");
    assert_eq!(decide(&book, &subject(&known)).outcome, Outcome::Unknown);
    assert_eq!(missing(&decide(&book, &subject(&known))), ["行业"]);
    let with = |industry: usize| subject(&known).with("行业", Known::Exactly(industry));
    assert_eq!(decide(&book, &with(0)).outcome, Outcome::Eligible, "C391 lies in a row");
    assert_eq!(decide(&book, &with(4)).outcome, Outcome::Ineligible, "K lies in none");
}

#[test]
fn a_coarse_industry_read_twice_is_tried_code_by_code() {
    // 5 people reach 高 in the row of C39, not in that of C, which all other industries under C have.
    let coarse = subject(&[("人数", Known::Exactly(5)), ("行业", Known::Exactly(5))]);
    let outcome = |rule: &str| {
        let book = book(&format!("  - {{id: c0, clause: 待核, rule: '{rule}'}}"), "  status: 称号");
        decide(&book, &coarse).outcome
    };
    assert_eq!(outcome("全部达到(表, \"高\")"), Outcome::Unknown);
    assert_eq!(outcome("全部达到(表, \"高\") and not(行业 in (\"C39\"))"), Outcome::Ineligible);
    assert_eq!(outcome("全部达到(表, \"高\") or not(行业 in (\"C39\"))"), Outcome::Eligible);
}

#[test]
fn a_suggestion_that_would_bring_another_tier_whose_rule_fails_is_not_made() {
    let book = book(
        "  - {id: c0, clause: 待核, first: [{when: 甲, rule: '占比 >= 50%'}, {else: 甲}]}",
        "  status: 称号",
    );
    let share = |percent: Known| subject(&[("甲", NO), ("占比", percent)]);
    let cures = |subject: &Subject| -> Vec<Cure> {
        decide(&book, subject).gaps.into_iter().map(|gap| gap.cure).collect()
    };
    let (five_percent, whole) = (Known::Exactly(0), Known::Exactly(domain_size("占比") - 1));
    assert_eq!(cures(&share(five_percent)), [Cure::Nothing]);
    assert!(matches!(cures(&share(whole)).as_slice(), [Cure::Value { key, .. }] if key == "甲"));
}
