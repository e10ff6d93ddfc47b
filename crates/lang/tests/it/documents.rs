//! Documents seen from outside: what the formatter touches, and what a check gives.

use facts::{Severity, Source, Vocabulary};
use lang::document::format;
use lang::{Catalog, compile};

const HEAD: &str = "id: x\ntitle: 题\nkind: subsidy\nsubject: enterprise\nsource: {issuer: 厅, document: [], grade: none, read: 2026}\nin_force: {from: 2020}\n";

fn words() -> Vocabulary {
    let text = "facts:\n- {name: 人数, type: count, unit: 人, grain: year, least: 0}\n- {name: 甲, type: bool}\n- {name: 乙, type: bool}\n";
    let (vocabulary, found) = facts::vocabulary::load(&[Source::new("facts.yaml", text)]);
    assert!(found.iter().all(|(_, diagnostic)| diagnostic.severity != Severity::Error), "{found:?}");
    vocabulary
}

fn document(rules: &[&str]) -> String {
    let mut text = format!("{HEAD}needs:\n");
    for (number, rule) in rules.iter().enumerate() {
        text.push_str(&format!("  - {{id: c{number}, clause: 待核, rule: '{rule}'}}\n"));
    }
    text + "gives: {status: 称号}\n"
}

#[test]
fn formatting_keeps_comments_order_and_everything_that_is_no_rule() {
    let text = "# why this is here\nneeds:   # all of them\n  - id: a\n    rule: 甲  and   乙   # both\n    says: {zh: 甲  和  乙}\n";
    let wanted = "# why this is here\nneeds:   # all of them\n  - id: a\n    rule: 甲 and 乙   # both\n    says: {zh: 甲  和  乙}\n";
    assert_eq!(format(text), wanted);
}

#[test]
fn formatting_writes_what_an_input_method_left_behind_as_the_language_has_it() {
    let formatted = format("needs: [{id: a, rule: '人数．上年 ≥ ５００人　and　（甲）'}]\n");
    assert_eq!(formatted, "needs: [{id: a, rule: '人数.上年 >= 500人 and 甲'}]\n");
}

#[test]
fn formatting_leaves_alone_what_does_not_parse() {
    for text in ["needs: [{id: a, rule: '甲  and'}]\n", "needs: [\n", "rule: [\"甲\n", "only words\n"] {
        assert_eq!(format(text), text);
    }
}

#[test]
fn formatting_ends_lines_and_the_file_in_one_way() {
    assert_eq!(format("id: x  \r\ntitle: 题\t\n\n\n"), "id: x\ntitle: 题\n");
    assert_eq!(format("id: x"), "id: x\n");
}

#[test]
fn a_document_with_an_error_gives_none_and_one_without_gives_itself() {
    let check = |text: &str| compile(&Source::new("x.yaml", text), &words(), &Catalog::default());
    let (sound, found) = check(&document(&["甲", "人数.上年 >= 5人"]));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(sound.expect("a sound document").needs.len(), 2);
    let (broken, found) = check(&document(&["甲", "人数.上年 >= 5元"]));
    assert!(broken.is_none());
    assert_eq!(found.len(), 1);
}

#[test]
fn everything_wrong_is_reported_at_once_in_the_order_of_the_text() {
    let text = document(&["丙", "人数 >= 5人", "人数.上年 >= 5元", "甲 >= 乙", "甲 and"])
        .replace("kind: subsidy", "kind: gift");
    let (_, found) = compile(&Source::new("x.yaml", text), &words(), &Catalog::default());
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["E0204", "E0301", "E0303", "E0406", "E0409", "E0110"]);
    assert!(found.windows(2).all(|pair| pair[0].span.start < pair[1].span.start));
}

#[test]
fn one_mistake_gives_one_message_however_many_rules_read_it() {
    let rules = ["量 >= 5人", "量 >= 6人", "not(量 < 7人)"];
    let text = document(&rules).replace("needs:", "let: {量: 人树.上年 + 1人}\nneeds:");
    let (_, found) = compile(&Source::new("x.yaml", text), &words(), &Catalog::default());
    let messages: Vec<&str> = found.iter().map(|diagnostic| diagnostic.message.en.as_str()).collect();
    assert_eq!(messages, ["unknown name “人树”"]);
}
