//! Nothing makes the parser panic, hang or run out of stack.

use lang::syntax::limits::{DEPTH_MAX, NODES_MAX, SOURCE_BYTES_MAX};
use lang::syntax::{NoNames, SyntaxErrorKind, parse};

/// Parses on a small stack, as a worker thread has it, and returns the first error's kind.
fn first_error(text: String) -> Option<SyntaxErrorKind> {
    let worker = std::thread::Builder::new().stack_size(1 << 20);
    let run = move || parse(&text, 0, &NoNames).1.first().map(|error| error.kind.clone());
    worker.spawn(run).expect("a thread starts").join().expect("the parser does not panic")
}

#[test]
fn nesting_of_every_kind_stops_at_the_limit() {
    let deep = 50_000 / 4;
    let nested = [
        "(".repeat(deep),
        "[".repeat(deep),
        "-".repeat(deep),
        "{a:".repeat(deep),
        "f(".repeat(deep),
        "x[".repeat(deep),
        "]".repeat(deep),
        "if ".repeat(deep),
        "if a then b else ".repeat(deep / 4),
        "for i in ".repeat(deep / 2),
        "for i in l return ".repeat(deep / 4),
        "function() ".repeat(deep / 2),
        "1 in (".repeat(deep / 2),
        "a in ".repeat(deep),
        "[1..".repeat(deep),
        "(< ".repeat(deep),
        "1 ** ".repeat(deep) + "1",
        "1 + ".repeat(deep) + "1",
        "a or ".repeat(deep) + "a",
        "a".to_owned() + &".b".repeat(deep),
        "a".to_owned() + &"[1]".repeat(deep),
        "a".to_owned() + &"()".repeat(deep),
        "a".to_owned() + &" instance of number".repeat(deep / 4),
        "a".to_owned() + &" between 1 and 2".repeat(deep / 4),
        "a".to_owned() + &" in 1".repeat(deep),
    ];
    for text in nested {
        let start: String = text.chars().take(20).collect();
        let kind = first_error(text);
        assert_eq!(kind, Some(SyntaxErrorKind::TooDeep), "{start}");
    }
}

#[test]
fn what_is_just_deep_enough_is_read() {
    let inner = DEPTH_MAX - 2;
    assert_eq!(first_error("(".repeat(inner) + "1" + &")".repeat(inner)), None);
    assert_eq!(first_error("1".to_owned() + &" + 1".repeat(inner)), None);
    assert_eq!(first_error("-".repeat(inner) + "1"), None);
}

#[test]
fn length_and_size_have_their_own_messages() {
    assert_eq!(first_error("1".repeat(SOURCE_BYTES_MAX + 1)), Some(SyntaxErrorKind::TooLong));
    assert_eq!(first_error("1".repeat(SOURCE_BYTES_MAX)), Some(SyntaxErrorKind::NumberTooLong));
    let long_list = format!("[{}1]", "1,".repeat(NODES_MAX));
    assert_eq!(first_error(long_list), Some(SyntaxErrorKind::TooManyNodes));
    let list = format!("[{}1]", "1,".repeat(NODES_MAX - 2));
    assert_eq!(first_error(list), None);
}

#[test]
fn a_range_that_copies_its_end_counts_the_copy() {
    let doubling = "(= ".repeat(100) + "1" + &")".repeat(100);
    assert_eq!(first_error(doubling), Some(SyntaxErrorKind::TooManyNodes));
}

#[test]
fn many_mistakes_are_cut_off() {
    let (_, errors) = parse(&"§".repeat(1_000), 0, &NoNames);
    assert!(errors.len() <= lang::syntax::limits::ERRORS_MAX);
}

#[test]
fn odd_inputs_end_in_errors() {
    let corpus = [
        "\0",
        "\u{feff}",
        "\\",
        "@",
        "@@",
        "\"\\",
        "\"\\u",
        "\"\\ud800\\u",
        "“",
        "”",
        "/",
        "/*",
        "*/",
        "//",
        ".",
        "..",
        "...",
        "1..",
        "..1",
        "1...2",
        ".5.5",
        "[..]",
        "[1..]",
        "]",
        "][",
        "]1..",
        "]1..2",
        "()",
        "( )",
        "{}.",
        "{:}",
        "{\"\"",
        "f(:)",
        "f(a:)",
        "not",
        "not(",
        "in",
        "x in",
        "x in (",
        "x in (-",
        "x in (-,",
        "instance",
        "x instance",
        "x instance of",
        "x instance of list<list<",
        "function",
        "function(",
        "function(a",
        "function(a:",
        "for",
        "for x",
        "for x in",
        "some",
        "every x in y",
        "if",
        "if x then",
        "1人2",
        "1%%",
        "％",
        "‰",
        "５",
        "．５",
        "·",
        "a·",
        "Ⅰ",
        "🐎",
        "a\u{301}",
        "\u{202e}a",
        "date and time",
        "date and time(",
        "time offset",
        "x.time",
        "x.date and time",
        "-",
        "--",
        "+",
        "1 2 3",
        "a.2025a",
        "a.2025.2026",
        "a.20256",
        "1.2.3",
        "！",
        "！＝",
        "≥",
        "a ≥",
        "(≥ 5)",
        "(= )",
        "between",
        "a between",
        "a between 1 and",
        "partial",
        "item",
        "?",
        "{a b: 1}.a b",
        "{a: 1, a: 2}",
        "1人/",
        "-人",
        "if if if",
        "[[[",
        "((((",
    ];
    for text in corpus {
        let (_, errors) = parse(text, 0, &NoNames);
        for error in errors {
            assert!(error.span.start <= error.span.end && error.span.end <= text.len(), "{text}: {error:?}");
        }
    }
}
