//! Null mode: the `.feel` files beside this test are the specification, one line an expression and its value.
//!
//! A line is `expression => value`, the value as compact JSON. Lines that begin with `#` are headings. The expressions are
//! evaluated on 2026-11-23 with the names of `NAMES` in scope.

mod limits;
mod random;

use engine::feel::{Scope, Value, evaluate, from_json, to_json_text};
use lang::syntax::{NoNames, parse};
use std::path::Path;

const NAMES: &str = r#"{
    "unit price": 12.5,
    "企业": {"名称": "甲公司", "收入": [300, 250, 400], "上市": false},
    "rows": [{"id": 1, "size": 30}, {"id": 2, "size": 10}, {"id": 3, "size": 20}],
    "nothing": null
}"#;

/// The names of several words in [`NAMES`].
fn declared() -> lang::syntax::NameList {
    lang::syntax::NameList(vec!["unit price".to_owned()])
}

fn scope() -> Scope {
    let names = from_json(&serde_json::from_str(NAMES).expect("NAMES is JSON"));
    let Value::Context(names) = names else { panic!("NAMES is an object") };
    Scope::of(names).on("2026-11-23".parse().expect("a day"))
}

/// The value as JSON text.
pub fn value_of(text: &str) -> String {
    let (tree, errors) = parse(text, 0, &declared());
    match tree {
        Some(tree) if errors.is_empty() => to_json_text(&evaluate(&tree, &scope()).0),
        _ => format!(
            "syntax error: {}",
            errors.iter().map(|e| e.kind.message_en()).collect::<Vec<_>>().join("; ")
        ),
    }
}

/// The messages of all problems.
pub fn problems_of(text: &str) -> Vec<String> {
    let (tree, errors) = parse(text, 0, &NoNames);
    let tree = tree.unwrap_or_else(|| panic!("{text}: {errors:?}"));
    evaluate(&tree, &scope()).1.iter().map(|problem| problem.kind.to_string()).collect()
}

#[test]
fn every_line_of_every_feel_file_has_its_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/feel");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "feel"))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).expect("readable");
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((expression, expected)) = line.rsplit_once(" => ") else {
                panic!("{name}:{}: no ` => `", number + 1);
            };
            count += 1;
            let found = value_of(expression);
            if found != expected.trim() {
                wrong.push(format!(
                    "{name}:{}: {expression}\n    expected {expected}\n    found    {found}",
                    number + 1
                ));
            }
        }
    }
    assert!(count > 900, "only {count} lines found in {} files", files.len());
    assert!(wrong.is_empty(), "{} of {count} lines are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_kind_of_problem_says_what_went_wrong() {
    for (text, message) in [
        ("missing", "nothing is called `missing`"),
        ("1 + \"a\"", "`+` does not take number and string"),
        ("-\"a\"", "`-` does not take a string"),
        ("1 = \"a\"", "`=` does not take number and string"),
        ("1 < \"a\"", "`<` does not take number and string"),
        ("1(2)", "a number cannot be called"),
        ("abs(1, 2)", "`abs` does not take these arguments"),
        ("abs(wrong: 1)", "`abs` does not take these arguments"),
        ("(function(a) a)(b: 1)", "`function` does not take these arguments"),
        ("upper case(1)", "`upper case` takes a string, not a number"),
        ("date(\"2026-02-30\")", "`date` cannot use \"2026-02-30\""),
        ("@\"x\"", "`x` is no date, time or duration"),
        ("{a: 1}.b", "a context has no `b`"),
        ("if 1 then 2 else 3", "a condition must be true or false, not a number"),
        ("for i in null return i", "cannot go through a null"),
        ("[1..\"a\"]", "a number and a string do not make a range"),
        ("{a: 1, a: 2}", "the key `a` stands twice"),
        ("1 / 0", "division by nought"),
        ("10 ** 7000", "the result is out of range"),
        ("1 instance of Unheard", "there is no type `Unheard`"),
        ("for i in 1..2000000 return i", "limit exceeded: rounds"),
    ] {
        assert_eq!(problems_of(text).first().map(String::as_str), Some(message), "{text}");
    }
}

#[test]
fn without_a_day_in_scope_there_is_no_today() {
    let (tree, _) = parse("today()", 0, &NoNames);
    let (value, problems) = evaluate(&tree.expect("right"), &Scope::default());
    assert!(value.is_null());
    assert_eq!(problems[0].kind.to_string(), "there is no clock; the day is an argument");
    assert_eq!(problems[0].kind.message_zh(), "这里没有时钟,日期须作为参数给出");
}

#[test]
fn a_problem_marks_the_place_in_the_source() {
    let (tree, _) = parse("[1, 2 + \"a\"]", 10, &NoNames);
    let (_, problems) = evaluate(&tree.expect("right"), &Scope::default());
    assert_eq!((problems[0].span.start, problems[0].span.end), (14, 21));
}

#[test]
fn json_goes_in_and_comes_out() {
    let text = r#"{"a":[1,2.5,-0.001,"x",true,null],"b":{}}"#;
    let value = from_json(&serde_json::from_str(text).expect("JSON"));
    assert_eq!(to_json_text(&value), text);
    assert_eq!(engine::feel::to_json(&value).to_string(), text);
}
