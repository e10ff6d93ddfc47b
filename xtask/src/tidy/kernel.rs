//! What the kernel crates must not name: clocks, chance, the outside world; floats near money; text where trees belong.

use super::Finding;
use super::rust::{RustFile, TokenKind};

const KERNEL: [&str; 8] = ["facts", "lang", "population", "engine", "library", "wording", "effect", "demo"];

/// Paths that reach out of the process, read a clock or draw a number, by their beginning.
const OUTSIDE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "io", "stderr"],
    &["std", "time", "SystemTime"],
    &["std", "time", "Instant"],
    &["std", "time", "*"],
    &["io", "stdin"],
    &["io", "stdout"],
    &["io", "stderr"],
    &["time", "SystemTime"],
    &["time", "Instant"],
];

/// Macros that write to the process's own streams.
const PRINTING: [&str; 4] = ["print", "println", "eprint", "eprintln"];

/// How text is turned into trees.
const PARSING: &[&[&str]] = &[
    &["lang", "syntax", "parse"],
    &["lang", "syntax", "*"],
    &["lang", "compile"],
    &["lang", "compile_expression"],
];

/// Checks the sources of the kernel crates, their tests aside.
pub fn check(files: &[RustFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_source_of(&KERNEL)) {
        findings.extend(outside(file));
        if file.is_source_of(&["engine"]) {
            findings.extend(parsing(file));
        }
        if file.path.starts_with("crates/engine/src/point") || file.path == "crates/facts/src/fen.rs" {
            findings.extend(floats(file));
        }
    }
    findings
}

fn outside(file: &RustFile) -> Vec<Finding> {
    let why = "the kernel is a function of its arguments: same input, same bytes, on any machine and any day";
    let todo = "take the value as an argument; crates/zhimei is where the outside world is asked";
    let mut findings: Vec<Finding> = named(file, OUTSIDE)
        .into_iter()
        .map(|(line, path)| file.finding(line, "kernel", format!("names `{path}`"), why, todo))
        .collect();
    for (index, token) in file.tokens.iter().enumerate() {
        let TokenKind::Word(word) = &token.kind else {
            continue;
        };
        let is_call = matches!(file.tokens.get(index + 1).map(|next| &next.kind), Some(TokenKind::Sign('!')));
        if word == "async" || word == "await" {
            findings.push(file.finding(token.line, "kernel", format!("is `{word}`"), why, todo));
        }
        if is_call && PRINTING.contains(&word.as_str()) {
            findings.push(file.finding(token.line, "kernel", format!("prints by `{word}!`"), why, todo));
        }
    }
    findings
}

fn parsing(file: &RustFile) -> Vec<Finding> {
    let why = "the engine sees checked trees, never text, so that nothing is decided that was not checked";
    let todo = "let the caller parse and hand over the tree";
    let found = named(file, PARSING).into_iter();
    found
        .map(|(line, path)| {
            let what = format!("names `{path}`");
            Finding { item: path, ..file.finding(line, "parse", what, why, todo) }
        })
        .collect()
}

fn floats(file: &RustFile) -> Vec<Finding> {
    let why = "money and thresholds are exact: a float loses the tie that decides";
    let todo = "use facts::Number or facts::Fen";
    let found = file.tokens.iter().filter_map(|token| match &token.kind {
        TokenKind::Word(word) if word == "f64" || word == "f32" => Some((token.line, word)),
        TokenKind::Float(number) => Some((token.line, number)),
        _ => None,
    });
    found
        .map(|(line, text)| file.finding(line, "float", format!("holds the float `{text}`"), why, todo))
        .collect()
}

/// The paths in the file that begin with one of these, each line and path once.
fn named(file: &RustFile, beginnings: &[&[&str]]) -> Vec<(usize, String)> {
    let begins = |path: &[String]| {
        beginnings.iter().any(|beginning| {
            path.len() >= beginning.len() && path.iter().zip(*beginning).all(|(part, wanted)| part == wanted)
        })
    };
    let mut found: Vec<(usize, String)> = file
        .paths()
        .into_iter()
        .filter(|(_, path)| begins(path))
        .map(|(line, path)| (line, path.join("::")))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::super::rust::{parse_all, parse_one};
    use super::super::sources::TextFile;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let files = parse_one(path, text);
        check(&files).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn files_clocks_and_streams_are_found_however_they_are_named() {
        assert_eq!(found("crates/lang/src/a.rs", "use std::{fmt, fs};"), [("kernel", 1)]);
        assert_eq!(found("crates/lang/src/a.rs", "fn a() {\n std::env::var(\"A\");\n}"), [("kernel", 2)]);
        assert_eq!(found("crates/facts/src/a.rs", "fn a() { println!(\"a\"); }"), [("kernel", 1)]);
        assert_eq!(
            found("crates/facts/src/a.rs", "fn a() { format!(\"{:?}\", std::time::Instant::now()); }"),
            [("kernel", 1)]
        );
        assert_eq!(found("crates/library/src/a.rs", "async fn a() {}"), [("kernel", 1)]);
    }

    #[test]
    fn tests_documentation_and_the_binary_may_do_so() {
        assert!(found("crates/lang/src/a.rs", "#[cfg(test)]\nmod tests { use std::fs; }").is_empty());
        assert!(found("crates/lang/src/a.rs", "//! println!(\"a\")\n/// std::fs\nfn a() {}").is_empty());
        assert!(found("crates/lang/tests/it/main.rs", "use std::fs;").is_empty());
        assert!(found("crates/zhimei/src/main.rs", "use std::fs;").is_empty());
    }

    #[test]
    fn a_file_that_only_tests_include_is_test_code() {
        let files = [
            TextFile::new("crates/lang/src/lib.rs", "#[cfg(test)]\nmod samples;"),
            TextFile::new("crates/lang/src/samples.rs", "use std::fs;"),
        ];
        assert!(check(&parse_all(&files).0).is_empty());
    }

    #[test]
    fn an_engine_that_parses_is_found() {
        assert_eq!(found("crates/engine/src/feel/a.rs", "use lang::{ast, syntax::parse};"), [("parse", 1)]);
        assert!(found("crates/engine/src/feel/a.rs", "use lang::ast::Expr;").is_empty());
        assert!(found("crates/library/src/lib.rs", "fn a() { lang::compile(); }").is_empty());
    }

    #[test]
    fn a_float_near_money_is_found() {
        assert_eq!(
            found("crates/engine/src/point/gap.rs", "fn a() -> f64 { 0.5 }"),
            [("float", 1), ("float", 1)]
        );
        assert_eq!(found("crates/facts/src/fen.rs", "const A: u8 = 1f64 as u8;"), [("float", 1)]);
        assert!(found("crates/facts/src/number.rs", "fn a() -> f64 { 0.5 }").is_empty());
    }
}
