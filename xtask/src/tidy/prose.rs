//! The README in its two languages says the same, and links between the texts lead somewhere.

use std::collections::BTreeSet;

use regex::Regex;

use super::Finding;
use super::sources::TextFile;

const ENGLISH: &str = "README.md";
const CHINESE: &str = "README.zh-CN.md";

/// Compares the two READMEs and follows the links of every Markdown file.
pub fn check(texts: &[TextFile]) -> Vec<Finding> {
    twins(texts).into_iter().chain(links(texts)).collect()
}

fn twins(texts: &[TextFile]) -> Option<Finding> {
    let of = |path: &str| texts.iter().find(|file| file.path == path);
    let what = match (of(ENGLISH), of(CHINESE)) {
        (Some(english), Some(chinese)) => {
            let (there, here) = first_difference(&outline(&english.text), &outline(&chinese.text))?;
            format!("differs from {ENGLISH}: there “{there}”, here “{here}”")
        }
        (None, _) => format!("has no {ENGLISH} beside it"),
        (_, None) => "is missing".to_owned(),
    };
    Some(Finding {
        path: CHINESE.to_owned(),
        line: 0,
        rule: "readme",
        item: String::new(),
        what,
        why: "the two say the same, so that nobody reads the poorer one",
        todo: "bring headings and commands of both into the same order".to_owned(),
    })
}

/// The first lines that differ; where one outline ends before the other, its line is "nothing".
fn first_difference(a: &[String], b: &[String]) -> Option<(String, String)> {
    let at = |lines: &[String], index: usize| lines.get(index).map_or("nothing", String::as_str).to_owned();
    let index = (0..a.len().max(b.len())).find(|index| a.get(*index) != b.get(*index))?;
    Some((at(a, index), at(b, index)))
}

/// What both languages share: the levels of headings, and the commands in fenced blocks marked `sh` or `console`
/// (there after `$ `), but for the language that they ask for.
fn outline(text: &str) -> Vec<String> {
    let mut outline = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match (fence, line.strip_prefix("```")) {
            (None, Some(language)) => fence = Some(language.trim()),
            (Some(_), Some(_)) => fence = None,
            (Some(language), None) => {
                let command = match language {
                    "sh" => line.split(" #").next(),
                    "console" => line.strip_prefix("$ "),
                    _ => None,
                };
                let command = command.unwrap_or_default().replace(" --lang en", "");
                if !command.trim().is_empty() {
                    outline.push(command.trim().to_owned());
                }
            }
            (None, None) => {
                let level = line.chars().take_while(|c| *c == '#').count();
                if level > 0 && line[level..].starts_with(' ') {
                    outline.push(format!("{} a heading", &line[..level]));
                }
            }
        }
    }
    outline
}

fn links(texts: &[TextFile]) -> Vec<Finding> {
    let link = Regex::new(r"\]\(([^)\s#]+)(?:#[^)]*)?\)").expect("the pattern is valid");
    let known: BTreeSet<&str> = texts.iter().map(|file| file.path.as_str()).collect();
    let exists = |path: &str| {
        let folder = format!("{path}/");
        known.contains(path) || known.iter().any(|file| file.starts_with(&folder))
    };
    let mut findings = Vec::new();
    for file in texts.iter().filter(|file| file.extension() == "md") {
        for (index, line) in file.text.lines().enumerate() {
            for captures in link.captures_iter(line) {
                let target = &captures[1];
                if !target.contains("://")
                    && !target.starts_with("mailto:")
                    && !exists(&joined(&file.path, target))
                {
                    findings.push(Finding {
                        path: file.path.clone(),
                        line: index + 1,
                        rule: "links",
                        item: String::new(),
                        what: format!("links to `{target}`, which is not there"),
                        why: "a reader who follows it stands before nothing",
                        todo: "correct the link, counted from the folder of this file".to_owned(),
                    });
                }
            }
        }
    }
    findings
}

/// The target of a relative link as a path from the root.
fn joined(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let texts: Vec<TextFile> = texts.iter().map(|(path, text)| TextFile::new(path, text)).collect();
        check(&texts).into_iter().map(|finding| (finding.rule, finding.what)).collect()
    }

    #[test]
    fn readmes_with_the_same_headings_and_commands_agree() {
        let english =
            "# A\n```sh\nzhimei check  # checks\n```\n## B\n```console\n$ zhimei test --lang en\nfine\n```\n";
        let chinese =
            "# 甲\n```sh\nzhimei check  # 检查\n```\n## 乙\n文字\n```console\n$ zhimei test\n好\n```\n";
        assert!(found(&[("README.md", english), ("README.zh-CN.md", chinese)]).is_empty());
    }

    #[test]
    fn a_command_or_a_heading_that_only_one_has_is_found() {
        let english = "# A\n```sh\nzhimei check\n```\n";
        for chinese in
            ["# 甲\n```sh\nzhimei test\n```\n", "# 甲\n", "# 甲\n```sh\nzhimei check\n```\n## 乙\n"]
        {
            let found = found(&[("README.md", english), ("README.zh-CN.md", chinese)]);
            assert_eq!(found.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), ["readme"], "{chinese}");
        }
    }

    #[test]
    fn a_link_to_nothing_is_found() {
        let same = ("README.zh-CN.md", "");
        let texts = [
            ("README.md", ""),
            same,
            ("docs/a.md", "[b](b.md) [r](../README.md#top) [w](https://example.org)"),
        ];
        assert_eq!(found(&texts), [("links", "links to `b.md`, which is not there".to_owned())]);
    }
}
