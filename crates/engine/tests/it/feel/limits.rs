//! Whatever is asked, the evaluation ends: with a value or with the limit that was hit.

use super::{problems_of, value_of};

/// Runs on a small stack, as a worker thread has it.
fn first_problem(text: &str) -> Option<String> {
    let text = text.to_owned();
    let worker = std::thread::Builder::new().stack_size(1 << 20);
    worker.spawn(move || problems_of(&text).into_iter().next()).expect("a thread").join().expect("no panic")
}

#[test]
fn loops_end_at_the_limit_of_rounds() {
    for text in [
        "for i in 1..1000000000000 return i",
        "for i in 1..10000, j in 1..10000 return i",
        "every i in 1..100000000 satisfies i > 0",
        "count(for i in 1..2000 return (for j in 1..2000 return j)[item > 5])",
        "for d in @\"0001-01-01\"..@\"999999999-01-01\" return 1",
    ] {
        assert_eq!(first_problem(text).as_deref(), Some("limit exceeded: rounds"), "{text}");
    }
}

#[test]
fn recursion_ends_at_the_limit_of_nested_calls() {
    for text in [
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) 1 + (if true then [f(n + 1)][1] else 0), r: f(1)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
    ] {
        assert_eq!(first_problem(text).as_deref(), Some("limit exceeded: nested calls"), "{text}");
    }
    assert_eq!(value_of("{f: function(n) if n = 0 then 0 else n + f(n - 1), r: f(150)}.r"), "11325");
}

#[test]
fn growing_texts_lists_and_nesting_end_at_their_limits() {
    let doubling =
        "{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: string length(f(\"ab\", 30))}.r";
    assert_eq!(first_problem(doubling).as_deref(), Some("limit exceeded: text length"));
    let lists =
        "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), r: count(f([1], 40))}.r";
    assert_eq!(first_problem(lists).as_deref(), Some("limit exceeded: list length or nesting"));
    let nested = "count(for i in 1..100000 return [partial])";
    assert_eq!(first_problem(nested).as_deref(), Some("limit exceeded: list length or nesting"));
    let closures = "count(for i in 1..100000 return function() partial)";
    assert_eq!(first_problem(closures).as_deref(), Some("limit exceeded: list length or nesting"));
    let quadratic = "count(distinct values(for i in 1..100000 return i))";
    assert_eq!(first_problem(quadratic).as_deref(), Some("limit exceeded: work"));
}

#[test]
fn numbers_stay_small() {
    assert_eq!(first_problem("10 ** 6145").as_deref(), Some("the result is out of range"));
    assert_eq!(first_problem("9 ** 9 ** 9 ** 9 ** 9").as_deref(), Some("the result is out of range"));
    assert_eq!(value_of("10 ** -7000"), "0");
    assert_eq!(first_problem("exp(100000)").as_deref(), Some("`exp` cannot use 100000"));
    assert_eq!(
        first_problem("duration(\"P999999999999Y\") * 1000000").as_deref(),
        Some("the result is out of range")
    );
    assert_eq!(
        first_problem("@\"999999999-12-31\" + @\"P1D\"").as_deref(),
        Some("the result is out of range")
    );
}

#[test]
fn a_regular_expression_that_explodes_is_null() {
    let text = "matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\", \"(a|aa)+\\1$\")";
    assert_eq!(value_of(text), "null");
    assert_eq!(value_of("matches(\"a\", \"a{1001}\")"), "null");
}

#[test]
fn the_deepest_tree_the_parser_accepts_is_evaluated() {
    let depth = lang::syntax::limits::DEPTH_MAX - 2;
    let sum = "1".to_owned() + &" + 1".repeat(depth);
    assert_eq!(value_of(&sum), (depth + 1).to_string());
    let lists = "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(first_problem(&lists), None);
    let sources: Vec<String> = (0..3_000).map(|i| format!("x{i} in [1]")).collect();
    assert_eq!(first_problem(&format!("for {} return 1", sources.join(", "))), None);
}
