//! A request with a subject: what is read, and where something is wrong.

use super::*;
use crate::policies::tests::library::files;

fn places(text: &str) -> Vec<String> {
    let vocabulary = ::library::check(files()).library.unwrap().rulebook.vocabulary;
    let found = read_check(text, &vocabulary).unwrap_err();
    found.into_iter().map(|problem| format!("{} {}", problem.code, problem.place.zh)).collect()
}

#[test]
fn no_digit_of_a_figure_is_lost() {
    let vocabulary = ::library::check(files()).library.unwrap().rulebook.vocabulary;
    let text = r#"{"subject": {"营业收入.2025": 900719925474.099301, "id": "x"}, "on": "2026-06-30"}"#;
    let check = read_check(text, &vocabulary).unwrap();
    let revenue = vocabulary.find("营业收入").unwrap();
    // A bare number is of the fact's unit, 万元.
    assert_eq!(check.profile.facts[&revenue][0].value.to_string(), "9007199254740993.01");
    assert_eq!((check.on, check.with_reasons, check.problems.len()), (Some(day("2026-06-30")), false, 0));
}

#[test]
fn what_is_not_understood_of_a_subject_is_unknown_and_told_at_its_place() {
    let vocabulary = ::library::check(files()).library.unwrap().rulebook.vocabulary;
    let text = r#"{"subject": {"营业收入.2025": "很多", "facts": {"甲/乙": 1}, "居民企业": true}}"#;
    let check = read_check(text, &vocabulary).unwrap();
    let places: Vec<&str> = check.problems.iter().map(|problem| problem.place.zh.as_str()).collect();
    assert_eq!(places, ["/subject/营业收入.2025", "/subject/facts/甲~1乙"]);
    assert_eq!(check.profile.facts.len(), 1);
}

#[test]
fn anything_else_wrong_refuses_the_request_at_its_place() {
    assert_eq!(places("{"), ["E0001 "]);
    assert_eq!(places("[]"), ["E0064 /subject"]);
    assert_eq!(places(r#"{"subject": 1}"#), ["E0064 /subject"]);
    let many = r#"{"subject": {}, "on": "2026-02-30", "policies": [], "reasons": "yes", "colour": 1}"#;
    assert_eq!(places(many), ["E0060 /colour", "E0034 /on", "E0064 /policies", "E0064 /reasons"]);
    assert_eq!(places(r#"{"subject": {}, "subject": {}}"#), ["E0006 "]);
    assert_eq!(places(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))), ["E0001 "]);
    assert_eq!(places(&" ".repeat(300 << 10)), ["E0003 "]);
}
