//! Random input: the parser never panics, and whatever it accepts survives formatting.

use super::shape::shape;
use lang::syntax::{NameList, format, parse};
use proptest::prelude::*;

/// Pieces that make interesting sentences when thrown together.
const PIECES: &[&str] = &[
    "a",
    "b",
    "x",
    "item",
    "partial",
    "研发费用",
    ".",
    ".上年",
    ".2025",
    "1",
    "2.5",
    ".5",
    "500人",
    "2000万元",
    "5%",
    "\"t\"",
    "\"\\u4e2d\"",
    "“字”",
    "@\"P1D\"",
    "null",
    "true",
    "无",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "≥",
    "and",
    "or",
    "in",
    "between",
    "instance of",
    "number",
    "list<number>",
    "date and time",
    "if",
    "then",
    "else",
    "for",
    "some",
    "every",
    "return",
    "satisfies",
    "function",
    "not",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "..",
    "（",
    "）",
    "，",
    "－",
    "day of week",
    "annual income",
    "//c\n",
    "/*c*/",
    "\"",
    "@",
    "§",
    "1e3",
];

fn names() -> NameList {
    NameList(vec!["annual income".to_owned(), "x-y".to_owned(), "a.b c".to_owned()])
}

/// What is true of every text.
fn check(text: &str) {
    let (tree, errors) = parse(text, 7, &names());
    for error in &errors {
        assert!(error.span.start >= 7 && error.span.end <= text.len() + 7, "{text}: {error:?}");
        assert!(!error.kind.message_zh().is_empty());
    }
    assert!(tree.is_some() || !errors.is_empty(), "{text}: neither tree nor error");
    let Some(tree) = tree.filter(|_| errors.is_empty()) else {
        return;
    };
    let formatted = format(&tree);
    let (again, errors) = parse(&formatted, 0, &names());
    assert!(errors.is_empty(), "{text} became {formatted}: {errors:?}");
    let again = again.expect("no errors, so a tree");
    assert_eq!(shape(&again), shape(&tree), "{text} became {formatted}");
    assert_eq!(format(&again), formatted);
}

/// Expressions that are right by construction, so that formatting is tried on deep trees.
fn expression() -> impl Strategy<Value = String> {
    let atoms: &[&str] = &[
        "a", "b.上年", "1", "2.5", "5%", "30亩", "\"t\"", "null", "true", "date", "time", "@\"P1D\"",
        "x.2025",
    ];
    let leaf = prop::sample::select(atoms).prop_map(str::to_owned);
    leaf.prop_recursive(6, 60, 4, |inner| {
        let operators: &[&str] = &["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"];
        let pair = (inner.clone(), prop::sample::select(operators), inner.clone(), any::<bool>());
        let forms: &[&str] = &[
            "-A",
            "(A)",
            "[A, B]",
            "A[B]",
            "f(A, B)",
            "not(A)",
            "(A).k",
            "A between B and C",
            "(A) in (B, C)",
            "(A) in (< B)",
            "(A) in (B..C)",
            "(A) in B",
            "(A) in ((< B))",
            "[A..B]",
            "(A..B]",
            "(>= A)",
            "if A then B else C",
            "for i in A return B",
            "for i in A..B return C",
            "some i in A, j in B satisfies C",
            "{k: A, \"m n\": B}",
            "function(p) A",
            "(A) instance of date",
            "(A)(x: B)",
            "time(A)",
            "(A) and time(B)",
        ];
        let form = (prop::sample::select(forms), inner.clone(), inner.clone(), inner);
        prop_oneof![
            pair.prop_map(|(left, op, right, is_grouped)| {
                if is_grouped { format!("({left}) {op} ({right})") } else { format!("{left} {op} {right}") }
            }),
            form.prop_map(|(form, a, b, c)| {
                // The letters are replaced in one pass, since the parts contain letters of their own.
                form.chars()
                    .map(|letter| match letter {
                        'A' => a.clone(),
                        'B' => b.clone(),
                        'C' => c.clone(),
                        other => other.to_string(),
                    })
                    .collect::<String>()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_soup_of_tokens_is_survived(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        glue in prop::sample::select(&["", " "][..]),
    ) {
        check(&pieces.join(glue));
    }

    #[test]
    fn formatting_keeps_the_meaning(text in expression()) {
        check(&text);
    }
}
