//! Random expressions: evaluation never panics, and formatting an expression does not change its value.

use super::value_of;
use lang::syntax::{NoNames, format, parse};
use proptest::prelude::*;

/// Expressions over all kinds of value, mostly ill-typed.
fn expression() -> impl Strategy<Value = String> {
    let atoms: &[&str] = &[
        "0",
        "1",
        "-2",
        "2.5",
        "1000000000000000000000000000000000000",
        "\"a\"",
        "\"\"",
        "\"(a)\"",
        "null",
        "true",
        "false",
        "[]",
        "[1, 2, 3]",
        "{a: 1}",
        "@\"2024-02-29\"",
        "@\"10:30:00\"",
        "@\"10:30:00+08:00\"",
        "@\"2024-02-29T23:59:59@Asia/Shanghai\"",
        "@\"P1Y2M\"",
        "@\"P1DT2H\"",
        "@\"999999999-12-31\"",
        "[1..3]",
        "(< 5)",
        "abs",
        "function(x) x",
        "企业",
        "rows",
        "5%",
        "2000万元",
        "3个月",
    ];
    let leaf = prop::sample::select(atoms).prop_map(str::to_owned);
    leaf.prop_recursive(4, 30, 3, |inner| {
        let forms: &[&str] = &[
            "A + B",
            "A - B",
            "A * B",
            "A / B",
            "A ** B",
            "A = B",
            "A < B",
            "A and B",
            "A or B",
            "-A",
            "[A, B]",
            "A[B]",
            "A[item = B]",
            "{a: A, b: B}",
            "A.year",
            "A between B and C",
            "A in (B, C)",
            "if A then B else C",
            "for i in A return B",
            "for i in A..B return i",
            "some i in A satisfies B",
            "[A..B]",
            "sum(A)",
            "min(A, B)",
            "count(A)",
            "string(A)",
            "date(A)",
            "date and time(A, B)",
            "time(A)",
            "duration(A)",
            "substring(A, B)",
            "matches(A, B)",
            "replace(A, B, C)",
            "split(A, B)",
            "append(A, B)",
            "remove(A, B)",
            "sublist(A, B, C)",
            "sort(A)",
            "sort(A, B)",
            "get value(A, B)",
            "context put(A, B, C)",
            "before(A, B)",
            "includes(A, B)",
            "round up(A, B)",
            "modulo(A, B)",
            "sqrt(A)",
            "log(A)",
            "exp(A)",
            "median(A)",
            "mode(A)",
            "stddev(A)",
            "flatten(A)",
            "range(A)",
            "years and months duration(A, B)",
            "week of year(A)",
            "(A)(B)",
            "A instance of list<number>",
            "list replace(A, B, C)",
            "string join(A, B)",
            "distinct values(A)",
            "index of(A, B)",
            "number(A, B, C)",
            "is(A, B)",
        ];
        (prop::sample::select(forms), inner.clone(), inner.clone(), inner).prop_map(|(form, a, b, c)| {
            form.chars()
                .map(|letter| match letter {
                    'A' => format!("({a})"),
                    'B' => format!("({b})"),
                    'C' => format!("({c})"),
                    other => other.to_string(),
                })
                .collect::<String>()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn evaluation_never_panics_and_formatting_keeps_the_value(text in expression()) {
        let (tree, errors) = parse(&text, 0, &NoNames);
        prop_assert!(errors.is_empty(), "{text}: {errors:?}");
        let formatted = format(&tree.expect("no errors, so a tree"));
        prop_assert_eq!(value_of(&formatted), value_of(&text), "{} became {}", text, formatted);
    }
}
