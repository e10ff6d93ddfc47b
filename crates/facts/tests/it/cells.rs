//! What a single cell says.

use facts::read::parse_value;
use facts::{Language, Unit};

use crate::{rows, words};

fn outcome_of(row: &[&str]) -> String {
    let vocabulary = words();
    let [fact, cell, unit, _] = row else { panic!("a row has four parts: {row:?}") };
    let definition = vocabulary.get(vocabulary.find(fact).unwrap_or_else(|| panic!("no fact {fact}")));
    let unit = (!unit.is_empty()).then(|| Unit::find(unit).expect("a known unit"));
    match parse_value(definition, cell, unit) {
        Ok(None) => "unknown".to_owned(),
        Ok(Some(value)) => value.to_string(),
        Err(problem) => {
            assert!(!problem.message.zh.is_empty() && !problem.message.en.is_empty(), "{row:?}");
            problem.code.to_owned()
        }
    }
}

fn wrong_rows(table: &'static str) -> Vec<String> {
    let outcomes = rows(table).map(|row| (outcome_of(&row), row));
    let wrong = outcomes.filter(|(outcome, row)| outcome != row[3]);
    wrong.map(|(outcome, row)| format!("{row:?} gave {outcome}")).collect()
}

#[test]
fn every_good_cell_has_its_value() {
    assert_eq!(wrong_rows(include_str!("data/good-cells.txt")), Vec::<String>::new());
}

#[test]
fn every_bad_cell_has_its_code() {
    let table = include_str!("data/bad-cells.txt");
    assert!(rows(table).count() >= 60);
    assert_eq!(wrong_rows(table), Vec::<String>::new());
}

#[test]
fn codes_may_be_separated_by_a_bar() {
    let vocabulary = words();
    let definition = vocabulary.get(vocabulary.find("知识产权类型").expect("declared"));
    let value = parse_value(definition, "发明|实用新型", None).expect("two codes").expect("known");
    assert_eq!(value.to_string(), "发明、实用新型");
}

#[test]
fn full_width_signs_are_read_like_plain_ones() {
    let vocabulary = words();
    let read = |fact: &str, cell: &str| {
        let definition = vocabulary.get(vocabulary.find(fact).expect("declared"));
        parse_value(definition, cell, None).expect("a good cell").expect("known").to_string()
    };
    assert_eq!(read("研发费用", "\u{FF11}\u{FF0C}\u{FF12}\u{FF13}\u{FF14}\u{FF0E}\u{FF15}"), "12345000");
    assert_eq!(read("研发占比", "\u{FF15}\u{FF05}"), "0.05");
    assert_eq!(read("研发费用", "\u{FFE5}800"), "800");
    assert_eq!(read("知识产权类型", "发明\u{FF0C}实用新型\u{FF1B}软件著作权"), "发明、实用新型、软件著作权");
    assert_eq!(read("行业代码", "\u{FF43}\u{FF13}\u{FF19}"), "C39");
    assert_eq!(
        read("成立日期", "\u{FF12}\u{FF10}\u{FF12}\u{FF13}\u{FF0F}\u{FF16}\u{FF0F}\u{FF13}"),
        "2023-06-03"
    );
}

#[test]
fn help_names_what_was_probably_meant() {
    let vocabulary = words();
    let help = |fact: &str, cell: &str| {
        let definition = vocabulary.get(vocabulary.find(fact).expect("declared"));
        parse_value(definition, cell, None).expect_err("a bad cell").help
    };
    assert_eq!(help("研发占比", "5").zh, "写成 5% 或 0.05");
    assert_eq!(help("研发占比", "5").en, "write 5% or 0.05");
    assert_eq!(help("知识产权类型", "软件著作").zh, "是不是“软件著作权”?");
    assert_eq!(help("技术先进程度", "不清楚").zh, "可写:强、较强、无");
}

#[test]
fn a_bound_is_told_in_the_words_of_the_fact() {
    let vocabulary = words();
    let definition = vocabulary.get(vocabulary.find("研发费用").expect("declared"));
    let problem = parse_value(definition, "-5", None).expect_err("below least");
    assert_eq!(problem.message.get(Language::Chinese), "“研发费用”不会小于0元,这里是“-5”");
    assert_eq!(problem.message.get(Language::English), "“研发费用” is never below 0 yuan, this is “-5”");
}

#[test]
fn a_text_longer_than_any_remark_is_refused() {
    let vocabulary = words();
    let definition = vocabulary.get(vocabulary.find("主导产品").expect("declared"));
    let long = "字".repeat(facts::read::TEXT_CHARS_MAX + 1);
    assert_eq!(parse_value(definition, &long, None).expect_err("too long").code, "E0047");
}
