//! The lint: each rule fires where it should and is silent where it cannot tell, and the library passes.
//!
//! `tests/data/lint/sound` is a library in which the lint finds nothing. The list of a rule, `L0101.txt` …, changes one thing
//! at a time, as the lists of [`broken`](crate::broken) do; an entry that expects nothing is a near miss.

use std::collections::BTreeSet;

use facts::{Date, Language, Severity};
use library::lint::{Linted, RULES, lint};
use library::{Checked, Finding};

use crate::broken::{files_of, lists};

const FOLDER: &str = "tests/data/lint";

/// The day on which the lists are looked at.
const DAY: Date = Date { year: 2026, month: 6, day: 30 };

#[test]
fn nothing_is_found_in_the_library_that_the_lists_change() {
    let checked = library::check(files_of(FOLDER));
    let linted = lint(&checked, DAY);
    assert!(linted.findings.is_empty(), "{}", shown(&checked, &linted.findings));
    assert!(linted.silenced.is_empty());
}

#[test]
fn every_rule_fires_in_its_list_and_is_silent_at_near_misses() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (mut fired, mut silent) = (0, 0);
        for entry in lists::read(FOLDER, rule.code) {
            let checked = entry.check();
            let found = lint(&checked, DAY).findings;
            fired += usize::from(found.iter().any(|finding| finding.diagnostic.code == rule.code));
            silent += usize::from(found.is_empty());
            if let Err(why) = judge(&entry, &checked, &found) {
                wrong.push(format!("{}: {}: {why}\n{}", rule.code, entry.title, shown(&checked, &found)));
            }
        }
        assert!(fired >= 1, "{} fires nowhere in its list", rule.code);
        assert!(silent >= 2, "{} has fewer than two near misses", rule.code);
    }
    assert!(wrong.is_empty(), "{} entries\n{}", wrong.len(), wrong.join("\n"));
}

/// Exactly what is expected was found, inside the files and in both languages.
fn judge(entry: &lists::Breakage, checked: &Checked, found: &[Finding]) -> Result<(), String> {
    let mut open: Vec<&lists::Expected> = entry.expected.iter().collect();
    for finding in found {
        let (source, diagnostic) = (&checked.sources[finding.source], &finding.diagnostic);
        let is_lint = diagnostic.code.starts_with('L');
        if is_lint != (diagnostic.severity == Severity::Warning) {
            return Err(format!("{} is of the wrong severity", diagnostic.code));
        }
        if is_lint
            && [&diagnostic.message, &diagnostic.help]
                .iter()
                .any(|text| text.zh.is_empty() || text.en.is_empty())
        {
            return Err(format!("{} lacks a language", diagnostic.code));
        }
        let span = diagnostic.span;
        let text = source.text.get(span.start..span.end).ok_or("a place outside its file")?;
        if is_lint && text.is_empty() {
            return Err(format!("{} points at nothing", diagnostic.code));
        }
        let fits = |expected: &&lists::Expected| expected.matches(diagnostic.code, text, &source.path, entry);
        let Some(at) = open.iter().position(fits) else {
            return Err(format!("{} under “{text}” in {} was not expected", diagnostic.code, source.path));
        };
        open.remove(at);
    }
    open.first().map_or(Ok(()), |expected| Err(format!("{expected:?} is missing")))
}

#[test]
fn what_is_printed_names_the_place_and_what_to_do() {
    let mut text = String::new();
    for rule in RULES {
        let entries = lists::read(FOLDER, rule.code);
        let fires = |entry: &&lists::Breakage| {
            lint(&entry.check(), DAY).findings.iter().any(|finding| finding.diagnostic.code == rule.code)
        };
        let entry = entries.iter().find(fires).expect("every rule fires in its list");
        let checked = entry.check();
        text.push_str(&format!("# {}\n", entry.title));
        for finding in lint(&checked, DAY).findings {
            let source = &checked.sources[finding.source];
            text.push_str(&source.render(&finding.diagnostic, Language::Chinese));
            text.push_str(&source.render(&finding.diagnostic, Language::English));
        }
        text.push('\n');
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots"}, {
        insta::assert_snapshot!("lint", text);
    });
}

#[test]
fn a_silenced_finding_is_given_back_with_its_reason() {
    let entries = lists::read(FOLDER, "L0501");
    let entry =
        entries.iter().find(|entry| entry.title == "a silence with its reason").expect("it is in the list");
    let Linted { findings, silenced } = lint(&entry.check(), DAY);
    assert!(findings.is_empty());
    assert_eq!(silenced.len(), 1);
    assert_eq!(silenced[0].finding.diagnostic.code, "L0101");
    assert_eq!(
        (silenced[0].reason.zh.as_str(), silenced[0].reason.en.as_str()),
        ("原文如此", "So it is written")
    );
}

#[test]
fn a_document_that_has_ended_is_found_once_the_day_is_past() {
    let checked = library::check(files_of(FOLDER));
    let after = Date { year: 2029, month: 1, day: 1 };
    let codes: Vec<&str> =
        lint(&checked, after).findings.iter().map(|finding| finding.diagnostic.code).collect();
    assert_eq!(codes, ["L0303", "L0303"]);
    let last = Date { year: 2028, month: 12, day: 31 };
    assert!(lint(&checked, last).findings.is_empty());
}

#[test]
fn all_rules_but_the_one_on_silences_can_be_silenced() {
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).filter(|code| *code != "L0501").collect();
    let silenceable: BTreeSet<&str> =
        facts::diagnostic::SILENCEABLE.into_iter().filter(|code| code.starts_with('L')).collect();
    assert_eq!(rules, silenceable);
    assert!(
        RULES.windows(2).all(|pair| pair[0].code < pair[1].code),
        "rules stand in the order of their codes"
    );
}

#[test]
fn the_table_in_the_documentation_is_the_list_of_rules() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
    let page = std::fs::read_to_string(path).expect("docs/lint.md can be read");
    for rule in RULES {
        let row = format!(
            "| {} | {} | `{}` | {} |",
            rule.code,
            rule.what.en,
            rule.example.replace('|', "\\|"),
            rule.mend.en
        );
        assert!(page.contains(&row), "docs/lint.md lacks this row:\n{row}");
    }
    assert_eq!(page.matches("\n| L").count(), RULES.len(), "docs/lint.md has a row too many");
}

#[test]
fn the_library_of_the_repository_passes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let checked = library::check(crate::support::files(&folder));
    // A day in the past, so that documents that end later do not make this test fail when they do.
    let linted = lint(&checked, Date { year: 2026, month: 11, day: 30 });
    assert!(linted.findings.is_empty(), "{}", shown(&checked, &linted.findings));
    assert!(
        linted.silenced.iter().all(|silenced| !silenced.reason.en.is_empty()),
        "a reason lacks its English"
    );
}

fn shown(checked: &Checked, findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|one| checked.sources[one.source].render(&one.diagnostic, Language::English))
        .collect()
}
