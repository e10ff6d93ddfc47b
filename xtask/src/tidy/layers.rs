//! Inside `platform`: slices call only what is listed before them, statements stand in `sql.rs`, verbs in `service.rs`.
//!
//! The ground is what every slice stands on; it knows none of them.

use super::Finding;
use super::rust::{RustFile, TokenKind};

/// The slices in their order, as `crates/platform/src/lib.rs` lists them. Each calls only those before it.
const SLICES: [&str; 8] =
    ["identity", "audit", "operations", "registry", "policies", "eligibility", "notices", "desk"];

/// What every slice stands on; it knows none of them.
const BELOW: [&str; 2] = ["ground", "web"];

const SOURCE: &str = "crates/platform/src/";

/// What makes a statement, in `store`.
const STATEMENTS: [&str; 2] = ["sql", "sql_of_each"];

/// Checks the sources of `platform`, its tests aside.
pub fn check(files: &[RustFile]) -> Vec<Finding> {
    let sources = files.iter().filter(|file| file.is_source_of(&["platform"]));
    sources.flat_map(|file| [order(file), statements(file), writes(file)].concat()).collect()
}

/// The folder or file that a path of `platform` begins with: a slice, `ground`, or a file at the root.
fn part(path: &str) -> &str {
    let rest = path.strip_prefix(SOURCE).unwrap_or_default();
    rest.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn order(file: &RustFile) -> Vec<Finding> {
    let here = part(&file.path);
    let place = match SLICES.iter().position(|slice| *slice == here) {
        Some(place) => place,
        None if BELOW.contains(&here) => 0,
        None => return Vec::new(),
    };
    let why = "a slice can be read, tested and changed with only those before it in mind";
    let todo =
        "let the earlier slice write an event that the later one takes, or move what both need to the ground";
    let mut findings: Vec<Finding> = file
        .paths()
        .into_iter()
        .filter(|(_, path)| path.len() >= 2 && path[0] == "crate")
        .filter(|(_, path)| {
            SLICES
                .iter()
                .position(|slice| *slice == path[1])
                .is_some_and(|named| named >= place && path[1] != here)
        })
        .map(|(line, path)| {
            let what = format!("`{here}` names `{}`", path.join("::"));
            file.finding(line, "slices", what, why, todo)
        })
        .collect();
    findings.sort();
    findings.dedup();
    findings
}

/// Whether it is that file, or lies in a folder of that name.
fn is_called(path: &str, name: &str) -> bool {
    path.ends_with(&format!("/{name}.rs")) || path.contains(&format!("/{name}/"))
}

fn statements(file: &RustFile) -> Vec<Finding> {
    if is_called(&file.path, "sql") {
        return Vec::new();
    }
    let why = "all that a slice asks of the database is seen in one file, and prepared on both databases by one test";
    let todo = "move it to the `sql.rs` beside this file";
    calls(file, |before, word| before != Some(&TokenKind::Sign('.')) && STATEMENTS.contains(&word))
        .map(|line| file.finding(line, "statements", "makes an SQL statement".to_owned(), why, todo))
        .collect()
}

fn writes(file: &RustFile) -> Vec<Finding> {
    if is_called(&file.path, "service") || part(&file.path) == "ground" {
        return Vec::new();
    }
    let why = "a verb is one transaction that authorises, decides, stores and leaves an entry; its place is the service";
    let todo = "make it a verb of `service.rs`";
    let is_begin = |before: Option<&TokenKind>, word: &str| {
        (before == Some(&TokenKind::Sign('.')) && word == "begin") || word == "begin_allowed"
    };
    calls(file, is_begin)
        .map(|line| file.finding(line, "verbs", "begins to write".to_owned(), why, todo))
        .collect()
}

/// Lines on which such a word is called, `fn` definitions aside.
fn calls<'a>(
    file: &'a RustFile,
    is_meant: impl Fn(Option<&TokenKind>, &str) -> bool + 'a,
) -> impl Iterator<Item = usize> + 'a {
    file.tokens.iter().enumerate().filter_map(move |(index, token)| {
        let TokenKind::Word(word) = &token.kind else {
            return None;
        };
        let before = index.checked_sub(1).map(|before| &file.tokens[before].kind);
        let is_defined = before == Some(&TokenKind::Word("fn".to_owned()));
        let is_called =
            matches!(file.tokens.get(index + 1).map(|next| &next.kind), Some(TokenKind::Sign('(')));
        (is_called && !is_defined && is_meant(before, word)).then_some(token.line)
    })
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
    fn a_slice_that_calls_a_later_one_is_found_and_the_ground_calls_none() {
        let later = "use crate::audit::entries;";
        assert_eq!(found("crates/platform/src/identity/service.rs", later), [("slices", 1)]);
        assert_eq!(found("crates/platform/src/ground/chain/mod.rs", later), [("slices", 1)]);
        assert!(found("crates/platform/src/audit/service.rs", later).is_empty());
        assert!(found("crates/platform/src/audit/service.rs", "use crate::identity::Principal;").is_empty());
        assert!(found("crates/platform/src/lib.rs", "pub use crate::audit::A;").is_empty());
    }

    #[test]
    fn a_statement_outside_of_sql_is_found() {
        let text = "fn a() { store::sql(\"SELECT 1\"); }";
        assert_eq!(found("crates/platform/src/audit/service.rs", text), [("statements", 1)]);
        assert!(found("crates/platform/src/audit/sql.rs", text).is_empty());
        assert!(found("crates/platform/src/identity/sql/token.rs", text).is_empty());
    }

    #[test]
    fn a_write_outside_of_a_service_is_found() {
        let text = "fn a(ground: &Ground) { ground.begin(caller); }";
        assert_eq!(found("crates/platform/src/audit/pages.rs", text), [("verbs", 1)]);
        let allowed = "fn a() { begin_allowed(ground, principal); }";
        assert_eq!(found("crates/platform/src/audit/api.rs", allowed), [("verbs", 1)]);
        assert!(found("crates/platform/src/audit/service.rs", text).is_empty());
        assert!(found("crates/platform/src/identity/service/token.rs", text).is_empty());
    }
}
