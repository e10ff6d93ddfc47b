//! Expressions: precedence, shapes, Chinese input, mistakes and their places, limits, round trips, and random input.

mod errors;
mod forms;
mod limits;
mod names;
mod precedence;
mod random;
mod round_trip;
mod shape;

use lang::syntax::{NameList, SyntaxError, parse};

/// The tree in prefix notation, which shows structure and hides spans. Panics where there are errors.
fn shape_of(text: &str) -> String {
    shape_with(text, &[])
}

/// The same with declared names of several words.
fn shape_with(text: &str, names: &[&str]) -> String {
    let names = NameList(names.iter().map(|name| (*name).to_owned()).collect());
    let (tree, errors) = parse(text, 0, &names);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    shape::shape(&tree.unwrap_or_else(|| panic!("no tree for {text}")))
}

/// What is wrong with the text: code and the marked source, one mistake an entry.
fn mistakes_in(text: &str) -> Vec<(String, String)> {
    errors_in(text)
        .into_iter()
        .map(|error| (error.kind.code().to_owned(), text[error.span.start..error.span.end].to_owned()))
        .collect()
}

fn errors_in(text: &str) -> Vec<SyntaxError> {
    parse(text, 0, &NameList(Vec::new())).1
}

/// Asserts each line's shape and names the line that differs.
fn assert_shapes(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shape_of(text), *expected, "{text}");
    }
}

/// Asserts each text's only mistake.
fn assert_mistakes(cases: &[(&str, &str, &str)]) {
    for (text, code, marked) in cases {
        let expected = vec![((*code).to_owned(), (*marked).to_owned())];
        assert_eq!(mistakes_in(text), expected, "{text}");
    }
}
