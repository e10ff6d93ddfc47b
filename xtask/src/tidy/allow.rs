//! Excuses: `xtask/tidy-allow.txt`, one a line, `rule path item: reason` (files as a whole have no item).
//!
//! A ratchet: an excuse that excuses nothing any more is a finding, so the list only shrinks by itself.

use super::Finding;
use super::sources::TextFile;

/// The rules that can be excused. The others have no exception.
const EXCUSABLE: [&str; 4] = ["file-size", "function-size", "library-word", "parse"];

struct Excuse {
    line: usize,
    rule: String,
    path: String,
    item: String,
}

impl Excuse {
    fn covers(&self, finding: &Finding) -> bool {
        finding.rule == self.rule && finding.path == self.path && finding.item == self.item
    }
}

/// The findings without the excused, and with one for each line of the list that is wrong or no longer needed.
pub fn apply(list: &TextFile, findings: Vec<Finding>) -> Vec<Finding> {
    let mut left = Vec::new();
    let mut excuses = Vec::new();
    for (index, line) in list.text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match parse(index + 1, line) {
            Some(excuse) => excuses.push(excuse),
            None => left.push(wrong(
                list,
                index + 1,
                format!("“{line}” is no excuse"),
                format!("write `rule path item: reason` with one of the rules {}", EXCUSABLE.join(", ")),
            )),
        }
    }
    for excuse in &excuses {
        if !findings.iter().any(|finding| excuse.covers(finding)) {
            let what = format!("{} {} {} is no longer needed", excuse.rule, excuse.path, excuse.item);
            left.push(wrong(list, excuse.line, what, "delete the line".to_owned()));
        }
    }
    left.extend(findings.into_iter().filter(|finding| !excuses.iter().any(|excuse| excuse.covers(finding))));
    left
}

fn parse(line: usize, text: &str) -> Option<Excuse> {
    let (head, reason) = text.split_once(": ")?;
    let mut words = head.split_whitespace();
    let rule = words.next().filter(|rule| EXCUSABLE.contains(rule))?.to_owned();
    let path = words.next()?.to_owned();
    let item = words.collect::<Vec<_>>().join(" ");
    (!reason.trim().is_empty()).then_some(Excuse { line, rule, path, item })
}

fn wrong(list: &TextFile, line: usize, what: String, todo: String) -> Finding {
    Finding {
        path: list.path.clone(),
        line,
        rule: "excuse",
        item: String::new(),
        what,
        why: "the list holds only exceptions that are needed today, each with its reason",
        todo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_file() -> Finding {
        Finding {
            path: "crates/a/src/b.rs".to_owned(),
            line: 0,
            rule: "file-size",
            item: String::new(),
            what: "501 lines".to_owned(),
            why: "",
            todo: String::new(),
        }
    }

    fn left_with(list: &str) -> Vec<&'static str> {
        let list = TextFile::new("xtask/tidy-allow.txt", list);
        apply(&list, vec![long_file()]).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_finding_stays_unless_it_is_excused_with_a_reason() {
        assert_eq!(left_with("# nothing\n"), ["file-size"]);
        assert!(left_with("file-size crates/a/src/b.rs: one table\n").is_empty());
        assert_eq!(left_with("file-size crates/a/src/b.rs:\n"), ["excuse", "file-size"]);
    }

    #[test]
    fn an_excuse_that_excuses_nothing_is_a_finding() {
        assert_eq!(left_with("file-size crates/a/src/c.rs: one table\n"), ["excuse", "file-size"]);
    }

    #[test]
    fn a_rule_without_exceptions_cannot_be_excused() {
        assert_eq!(left_with("kernel crates/a/src/b.rs: please\n"), ["excuse", "file-size"]);
    }
}
