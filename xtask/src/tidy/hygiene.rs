//! What a finished file has (a heading) and does not have (anything left for later).

use regex::Regex;

use super::Finding;
use super::rust::{RustFile, TokenKind};

/// Macros that stand for something not done.
const UNFINISHED: [&str; 3] = ["todo", "unimplemented", "dbg"];

/// Looks at every Rust file.
pub fn check(files: &[RustFile]) -> Vec<Finding> {
    // Written apart so that this very line is not found.
    let later = Regex::new(r"\b(FIX[M]E|TO[D]O|XX[X])\b").expect("the pattern is valid");
    files.iter().flat_map(|file| heading(file).into_iter().chain(unfinished(file, &later))).collect()
}

fn heading(file: &RustFile) -> Option<Finding> {
    let has_heading = file.text.starts_with("//!");
    (!has_heading && !file.is_test).then(|| Finding {
        path: file.path.clone(),
        line: 1,
        rule: "module-doc",
        item: String::new(),
        what: "does not begin with `//!`".to_owned(),
        why: "the first line tells a stranger what the file is for",
        todo: "say in one sentence what it is and what is always true of it".to_owned(),
    })
}

fn unfinished(file: &RustFile, later: &Regex) -> Vec<Finding> {
    let finding = |line, what| Finding {
        path: file.path.clone(),
        line,
        rule: "unfinished",
        item: String::new(),
        what,
        why: "what stands in the tree works; what does not work yet does not stand in the tree",
        todo: "finish it or take it out".to_owned(),
    };
    let mut findings: Vec<Finding> = file
        .text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| later.find(line).map(|word| (index + 1, word.as_str())))
        .map(|(line, word)| finding(line, format!("says {word}")))
        .collect();
    findings.extend(marks(&file.text).into_iter().map(|(line, what)| finding(line, what)));
    findings
}

/// Calls of unfinished macros and ignored tests. Test code counts too, so the whole text is read again.
fn marks(text: &str) -> Vec<(usize, String)> {
    let tokens = super::rust::all_tokens(text);
    let sign =
        |at: usize, wanted: char| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Sign(wanted));
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenKind::Word(word) = &token.kind else {
            continue;
        };
        if UNFINISHED.contains(&word.as_str()) && sign(index + 1, '!') {
            found.push((token.line, format!("calls `{word}!`")));
        }
        if word == "ignore" && index >= 2 && sign(index - 1, '[') && sign(index - 2, '#') {
            found.push((token.line, "ignores a test".to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::rust::parse_one;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let files = parse_one(path, text);
        check(&files).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_file_without_a_heading_is_found_unless_it_is_a_test() {
        assert_eq!(found("crates/lang/src/a.rs", "fn a() {}"), [("module-doc", 1)]);
        assert!(found("crates/lang/tests/it/a.rs", "fn a() {}").is_empty());
    }

    #[test]
    fn what_was_left_for_later_is_found_in_tests_too() {
        let path = "crates/lang/tests/it/a.rs";
        assert_eq!(found(path, "fn a() {\n todo!()\n}"), [("unfinished", 2)]);
        assert_eq!(found(path, "#[test]\n#[ignore]\nfn a() {}"), [("unfinished", 2)]);
        assert_eq!(found(path, &format!("// {}ME later\n", "FIX")), [("unfinished", 1)]);
        assert!(found(path, "const A: &str = \"todo!\"; // ignore\n").is_empty());
    }
}
