//! Files and functions that are too long to be read in one sitting.

use super::Finding;
use super::rust::RustFile;

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// Looks at every Rust file, tests included.
pub fn check(files: &[RustFile]) -> Vec<Finding> {
    files.iter().flat_map(check_file).collect()
}

fn check_file(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.lines() > FILE_LINES_MAX {
        findings.push(Finding {
            path: file.path.clone(),
            line: 0,
            rule: "file-size",
            item: String::new(),
            what: format!("has {} lines, more than {FILE_LINES_MAX}", file.lines()),
            why: "a file holds one meaning, and the next reader has one evening",
            todo: "split it by meaning, or excuse it in xtask/tidy-allow.txt with the reason".to_owned(),
        });
    }
    for function in file.functions.iter().filter(|function| function.lines > FUNCTION_LINES_MAX) {
        findings.push(Finding {
            path: file.path.clone(),
            line: function.line,
            rule: "function-size",
            item: function.name.clone(),
            what: format!("`{}` has {} lines, more than {FUNCTION_LINES_MAX}", function.name, function.lines),
            why: "a function does one thing, seen at one glance",
            todo: "give its parts names of their own, or excuse it in xtask/tidy-allow.txt with the reason"
                .to_owned(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::rust::parse_one;
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, String)> {
        let files = parse_one("crates/lang/src/a.rs", text);
        check(&files).into_iter().map(|finding| (finding.rule, finding.item)).collect()
    }

    fn function_of(lines: usize) -> String {
        format!("impl A {{\n/// Doc.\nfn long() {{{}}}\n}}\n", "\n".repeat(lines - 1))
    }

    #[test]
    fn a_function_may_have_seventy_lines_and_not_one_more() {
        assert!(found(&function_of(70)).is_empty());
        assert_eq!(found(&function_of(71)), [("function-size", "long".to_owned())]);
    }

    #[test]
    fn a_file_may_have_five_hundred_lines_and_not_one_more() {
        assert!(found(&"// a\n".repeat(500)).is_empty());
        assert_eq!(found(&"// a\n".repeat(501)), [("file-size", String::new())]);
    }
}
