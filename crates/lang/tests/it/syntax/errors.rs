//! Mistakes: each has its code, marks the right place, says what to do, and does not hide the next one.

use super::{assert_mistakes, errors_in, mistakes_in};
use lang::syntax::{NoNames, SyntaxErrorKind, parse};

#[test]
fn each_mistake_has_its_code_and_marks_its_place() {
    assert_mistakes(&[
        ("a § b", "E0101", "§"),
        ("\"open", "E0102", "\"open"),
        ("1 /* open", "E0103", "/*"),
        ("500火箭", "E0104", "火箭"),
        ("3年以上", "E0104", "年以上"),
        ("2000 万元", "E0105", "万元"),
        ("(2000 万元)", "E0105", "万元"),
        ("1e3", "E0106", "e3"),
        (r#""\u12""#, "E0108", r"\u"),
        (r#""\ud83d""#, "E0108", r"\u"),
        (r#""\U110000""#, "E0108", r"\U"),
        ("@", "E0109", "@"),
        ("1 +", "E0110", ""),
        ("1 + * 2", "E0110", "*"),
        ("if a then b", "E0111", ""),
        ("for i l return i", "E0111", "return"),
        ("a b", "E0112", "b"),
        ("a 且 b", "E0112", "且"),
        ("(a", "E0113", "("),
        ("f(a", "E0113", "("),
        ("[1, 2", "E0113", "["),
        ("{a: 1", "E0113", "{"),
        ("l[1", "E0113", "["),
        ("a)", "E0114", ")"),
        ("a.1", "E0112", ".1"),
        ("a.", "E0115", ""),
        ("{1: 2}", "E0115", "1"),
        ("x instance of list<", "E0116", "list"),
        ("x instance of 1", "E0116", "1"),
        ("f(1, a: 2)", "E0117", "f(1, a: 2)"),
        ("not x", "E0118", "not"),
        ("function(a) external {}", "E0119", "external"),
        ("", "E0120", ""),
        (" // only a comment", "E0120", ""),
        ("x in ()", "E0110", ")"),
        ("[1,]", "E0110", "]"),
        ("f(1,)", "E0110", ")"),
        ("a == b", "E0110", "="),
        ("and", "E0110", "and"),
    ]);
}

#[test]
fn several_mistakes_in_one_list_are_all_reported() {
    let expected = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect()
    };
    assert_eq!(
        mistakes_in("f(1 +, 2 3, 500火箭, (4 5))"),
        expected(&[("E0110", ","), ("E0112", "3"), ("E0104", "火箭"), ("E0112", "5")])
    );
    assert_eq!(mistakes_in("[1 2, {a 3}, x in (<, 4)]").len(), 3);
}

#[test]
fn a_mistake_inside_a_literal_still_leaves_a_tree() {
    let (tree, errors) = parse("a >= 500火箭", 0, &NoNames);
    assert_eq!(errors.len(), 1);
    assert!(tree.is_some());
    let (tree, errors) = parse("a >= ", 0, &NoNames);
    assert_eq!(errors.len(), 1);
    assert!(tree.is_none());
}

#[test]
fn spans_count_from_the_start_of_the_file() {
    let (_, errors) = parse("研发 且", 100, &NoNames);
    assert_eq!((errors[0].span.start, errors[0].span.end), (107, 110));
    let (tree, _) = parse(" 研发 + 1", 100, &NoNames);
    let tree = tree.expect("the text is right");
    assert_eq!((tree.span.start, tree.span.end), (101, 111));
}

#[test]
fn a_chinese_operator_word_is_answered_with_the_right_one() {
    let error = &errors_in("a 并且 b")[0];
    assert_eq!(error.kind, SyntaxErrorKind::MissingOperator("并且".to_owned()));
    assert_eq!(error.kind.message_zh(), "“并且”之前缺少运算符");
    assert_eq!(error.kind.help_zh().as_deref(), Some("运算符写作 and"));
    assert_eq!(error.kind.message_en(), "an operator is missing before `并且`");
    assert_eq!(error.kind.help_en().as_deref(), Some("the operator is written and"));
}

#[test]
fn every_code_is_used_once_and_every_message_is_in_both_languages() {
    let word = || "x".to_owned();
    let kinds = [
        SyntaxErrorKind::UnexpectedCharacter('、'),
        SyntaxErrorKind::UnterminatedText,
        SyntaxErrorKind::UnterminatedComment,
        SyntaxErrorKind::UnknownUnit(word()),
        SyntaxErrorKind::BlankBeforeUnit(word()),
        SyntaxErrorKind::ExponentNotation,
        SyntaxErrorKind::NumberTooLong,
        SyntaxErrorKind::BadEscape,
        SyntaxErrorKind::AtWithoutText,
        SyntaxErrorKind::ExpectedExpression(word()),
        SyntaxErrorKind::Expected { expected: "else", found: word() },
        SyntaxErrorKind::MissingOperator(word()),
        SyntaxErrorKind::Unclosed('('),
        SyntaxErrorKind::UnexpectedClosing(word()),
        SyntaxErrorKind::ExpectedName(word()),
        SyntaxErrorKind::ExpectedType(word()),
        SyntaxErrorKind::MixedArguments,
        SyntaxErrorKind::NotWithoutParentheses,
        SyntaxErrorKind::ExternalFunction,
        SyntaxErrorKind::Empty,
        SyntaxErrorKind::TooDeep,
        SyntaxErrorKind::TooLong,
        SyntaxErrorKind::TooManyNodes,
    ];
    for (index, kind) in kinds.iter().enumerate() {
        assert_eq!(kind.code(), format!("E01{:02}", index + 1));
        assert!(!kind.message_zh().is_ascii(), "{kind:?}");
        assert!(!kind.message_en().is_empty());
        assert_eq!(kind.help_zh().is_some(), kind.help_en().is_some(), "{kind:?}");
    }
}
