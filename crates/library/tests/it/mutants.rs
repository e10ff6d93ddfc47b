//! Examples notice mistakes: on a small document whose table is complete or not, and on a sample of the library.

use facts::Language;
use library::mutants::{Mutant, MutantKind, Trial, Tried, Verdict};
use library::{Checked, File};

use super::support::real_files;

const WORDS: &str = "facts:\n\
    - {name: 居民企业, type: bool}\n\
    - {name: 停业, type: bool}\n\
    - {name: 人数, type: count, unit: 人}\n\
    - {name: 投入, type: money}\n\
    - {name: 收入, type: money}\n\
    - {name: 成立日, type: date}\n";

/// A document with these conditions and this amount.
fn document(needs: &str, amount: &str) -> File {
    let text = format!(
        "id: zz-demo-2026\ntitle: {{zh: 示例}}\nkind: subsidy\nsubject: enterprise\n\
         source: {{issuer: [示例机关], document: [], grade: none, read: 2026-01-02}}\n\
         in_force: {{from: 2026-01-01}}\nneeds:\n{needs}\ngives: {{amount: {amount}, nature: grant}}\n"
    );
    File::new("policies/city/zz-demo-2026/2026-01-01.yaml", text)
}

fn checked(needs: &str, amount: &str, cases: &str) -> Checked {
    let cases = File::new("policies/city/zz-demo-2026/cases.yaml", format!("cases:\n{cases}"));
    let checked = library::check(vec![File::new("facts/words.yaml", WORDS), document(needs, amount), cases]);
    let shown = |finding: &library::Finding| {
        checked.sources[finding.source].render(&finding.diagnostic, Language::English)
    };
    let found: Vec<String> = checked.findings.iter().map(shown).collect();
    assert!(!checked.has_errors(), "{}", found.join("\n"));
    for result in checked.library.as_ref().expect("a library without errors").run_cases(None) {
        assert!(result.differences.is_empty(), "{}: {:?}", result.name, result.differences);
    }
    checked
}

/// Each mutant of the document as `old → new`, with what became of it.
fn tried(checked: &Checked) -> Vec<(String, MutantKind, Verdict)> {
    let mut trial = Trial::new(checked).expect("the vocabulary is sound");
    let all = checked.mutants(Some("zz-demo-2026"));
    let shown = |mutant: &Mutant, tried: Tried| {
        let old = mutant.old.lines().next().unwrap_or_default();
        (format!("{old} → {}", tried.new), mutant.kind, tried.verdict)
    };
    all.iter().map(|mutant| shown(mutant, trial.run(mutant).expect("the document is sound"))).collect()
}

/// Those that no example noticed, the day in force aside.
fn survivors(checked: &Checked) -> Vec<String> {
    let survived = tried(checked).into_iter().filter(|(_, _, verdict)| *verdict == Verdict::Survived);
    survived.map(|(shown, ..)| shown).collect()
}

fn case(facts: &str, expect: &str) -> String {
    format!("- {{case: 例, on: 2026-06-30, facts: {{{facts}}}, expect: {{{expect}}}}}\n")
}

const STAFF: &str = "- {id: staff, clause: 待核, rule: 人数 <= 300人}";

#[test]
fn a_bound_met_exactly_and_missed_by_one_catches_every_mistake_in_it() {
    let cases = case("人数: 300人", "outcome: eligible") + &case("人数: 301人", "outcome: ineligible");
    let checked = checked(STAFF, "1元", &(cases + &case("人数: 300人", "amount: 1元")));
    assert_eq!(survivors(&checked), Vec::<String>::new());
    let kinds: Vec<(String, MutantKind)> =
        tried(&checked).into_iter().map(|(shown, kind, _)| (shown, kind)).collect();
    assert!(kinds.contains(&("<= → <".to_owned(), MutantKind::Bound)), "{kinds:?}");
    assert!(kinds.contains(&("300人 → 301人".to_owned(), MutantKind::Grain)), "{kinds:?}");
    assert!(
        kinds.contains(&("rule: 人数 <= 300人 → rule: true".to_owned(), MutantKind::Removal)),
        "{kinds:?}"
    );
}

#[test]
fn examples_far_from_a_bound_leave_its_mistakes_standing() {
    let cases = case("人数: 10人", "outcome: eligible") + &case("人数: 999人", "outcome: ineligible");
    let checked = checked(STAFF, "1元", &(cases + &case("人数: 10人", "amount: 1元")));
    assert_eq!(survivors(&checked), ["<= → <", "300人 → 301人", "300人 → 299人"]);
}

#[test]
fn money_is_mistyped_by_a_fen_and_a_rate_by_a_hundredth_of_a_percent() {
    let needs = "- {id: effort, clause: 待核, rule: 投入 / 收入 >= 5%}\n- {id: size, clause: 待核, rule: 收入 >= 2000万元}";
    let exactly = "投入: 100万元, 收入: 2000万元";
    let cases = case(exactly, "outcome: eligible, amount: 10万元")
        + &case("投入: 999999.99元, 收入: 2000万元", "outcome: ineligible, failed: [effort]")
        + &case("投入: 100万元, 收入: 19999999.99元", "outcome: ineligible, failed: [size]");
    assert_eq!(survivors(&checked(needs, "投入 * 10%", &cases)), Vec::<String>::new());
    let coarse = case(exactly, "outcome: eligible")
        + &case("投入: 90万元, 收入: 2000万元", "outcome: ineligible, failed: [effort]")
        + &case("投入: 100万元, 收入: 1900万元", "outcome: ineligible, failed: [size]");
    let left = survivors(&checked(needs, "投入 * 10%", &coarse));
    assert_eq!(left, ["5% → 4.99%", "2000万元 → 1999.999999万元", "10% → 10.01%", "10% → 9.99%"]);
}

#[test]
fn a_span_that_is_taken_from_a_day_is_mistyped_by_a_day() {
    let needs = "- {id: age, clause: 待核, rule: 成立日 <= 申请日 - 1年}";
    let cases = case("成立日: 2025-06-30", "outcome: eligible, amount: 1元")
        + &case("成立日: 2025-07-01", "outcome: ineligible, failed: [age]");
    let checked = checked(needs, "1元", &cases);
    assert_eq!(survivors(&checked), Vec::<String>::new());
    let shown: Vec<String> = tried(&checked).into_iter().map(|(shown, ..)| shown).collect();
    assert!(shown.contains(&"1年 → 1年 + 1天".to_owned()), "{shown:?}");
}

#[test]
fn a_day_is_mistyped_by_a_day() {
    let needs = r#"- {id: age, clause: 待核, rule: 成立日 >= date("2020-03-01")}"#;
    let cases = case("成立日: 2020-03-01", "outcome: eligible, amount: 1元")
        + &case("成立日: 2020-02-29", "outcome: ineligible, failed: [age]");
    let checked = checked(needs, "1元", &cases);
    assert_eq!(survivors(&checked), Vec::<String>::new());
    let shown: Vec<String> = tried(&checked).into_iter().map(|(shown, ..)| shown).collect();
    assert!(shown.contains(&"\"2020-03-01\" → \"2020-02-29\"".to_owned()), "{shown:?}");
}

#[test]
fn a_forgotten_condition_or_branch_survives_where_nothing_hangs_on_it_alone() {
    let needs = "- {id: resident, clause: 待核, rule: 居民企业}\n- id: way\n  any:\n  - {id: open, clause: 待核, rule: not(停业)}\n  - {id: many, clause: 待核, rule: 人数 >= 10人}";
    let cases = case("居民企业: true, 停业: false, 人数: 10人", "outcome: eligible, amount: 1元")
        + &case("居民企业: false, 停业: false, 人数: 10人", "outcome: ineligible, failed: [resident]");
    let left = survivors(&checked(needs, "1元", &cases));
    assert!(left.contains(&"rule: not(停业) → rule: false".to_owned()), "{left:?}");
    assert!(left.contains(&"rule: 人数 >= 10人 → rule: false".to_owned()), "{left:?}");
    assert!(left.iter().any(|shown| shown.starts_with("any: → all: [{")), "{left:?}");
    assert!(!left.contains(&"rule: 居民企业 → rule: true".to_owned()), "{left:?}");
}

#[test]
fn what_the_checker_refuses_is_told_apart_from_what_an_example_notices() {
    let cases =
        case("人数: 300人", "outcome: eligible, amount: 1元") + &case("人数: 301人", "outcome: ineligible");
    let verdicts = tried(&checked(STAFF, "1元", &cases));
    // The file is named after its first day, so that another day is an error.
    let day = verdicts.iter().find(|(shown, ..)| shown.starts_with("2026-01-01 → 2026-01-02")).unwrap();
    assert!(matches!(day.2, Verdict::Refused(_)), "{day:?}");
    let caught = verdicts.iter().find(|(shown, ..)| shown == "300人 → 299人").unwrap();
    assert!(matches!(&caught.2, Verdict::Caught { line: 2, .. }), "{caught:?}");
}

/// Every how many mutants of the library one is tried: few enough for every day, many enough to see the examples thin out.
const SAMPLED: usize = 61;

#[test]
fn the_examples_of_the_library_notice_nine_of_ten_mistakes() {
    let checked = library::check(real_files());
    let mut trial = Trial::new(&checked).expect("the vocabulary is sound");
    let (mut noticed, mut survived) = (0, Vec::new());
    for mutant in checked.mutants(None).iter().step_by(SAMPLED) {
        match trial.run(mutant).expect("the library is sound") {
            Tried { verdict: Verdict::Same, .. } => {}
            Tried { verdict: Verdict::Survived, new } => {
                survived.push(format!("{}: {} → {new}", mutant.id, mutant.old));
            }
            Tried { .. } => noticed += 1,
        }
    }
    assert!(noticed > 50, "only {noticed} were tried");
    assert!(survived.len() * 9 <= noticed, "{noticed} noticed, not these:\n{}", survived.join("\n"));
}
