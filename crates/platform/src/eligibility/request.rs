//! A subject that is handed in with a question, read by the same reader as every file of facts. Pure.

use facts::read::{ReadProblem, parse_json, profile_from_node};
use facts::yaml::Node;
use facts::{Date, Diagnostic, Profile, Source, Text, Vocabulary};

/// Most bytes of a request.
pub const BYTES_MAX: usize = 256 << 10;

/// Most documents that are named.
const POLICIES_MAX: usize = 500;

/// Most problems that are told.
const PROBLEMS_MAX: usize = 200;

/// What a request may hold.
const KEYS: [&str; 4] = ["subject", "on", "policies", "reasons"];

/// What is asked about a subject that is handed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What is known of it.
    pub profile: Profile,
    /// On which day; today, if none is named.
    pub on: Option<Date>,
    /// About which documents; all in force, if none is named.
    pub policies: Vec<String>,
    /// With reasons.
    pub with_reasons: bool,
    /// What was not understood of the subject and counts as unknown.
    pub problems: Vec<ReadProblem>,
}

/// Reads a request. What cannot be understood of the subject's facts is left unknown and told beside the answer; anything else
/// wrong refuses the request.
pub fn read_check(text: &str, vocabulary: &Vocabulary) -> Result<Check, Vec<ReadProblem>> {
    let source = Source::new("subject", text);
    if text.len() > BYTES_MAX {
        return Err(vec![problem("", "E0003", "请求超过 256 KiB", "the request is past 256 KiB")]);
    }
    let (root, found) = parse_json(text);
    let Some(root) = root.filter(|_| found.is_empty()) else {
        let told = found.iter().map(|finding| told(finding, source.line_column(finding.span.start)));
        return Err(told.collect());
    };
    let mut wrong = Vec::new();
    let entries = root.as_map().unwrap_or_default();
    for (key, _) in entries.iter().filter(|(key, _)| !KEYS.contains(&key.as_text().unwrap_or_default())) {
        let key = key.as_text().unwrap_or_default();
        let known = KEYS.join(", ");
        wrong.push(problem(
            &format!("/{}", escaped(key)),
            "E0060",
            &format!("没有这一项;可用 {known}"),
            &format!("there is no such key; it is one of {known}"),
        ));
    }
    let on = day(&root, &mut wrong);
    let policies = policies(&root, &mut wrong);
    let with_reasons = match root.get("reasons").map(|node| (node.as_text(), node.as_scalar())) {
        None => false,
        Some((Some("true"), Some(scalar))) if !scalar.quoted => true,
        Some((Some("false"), Some(scalar))) if !scalar.quoted => false,
        Some(_) => {
            wrong.push(problem("/reasons", "E0064", "应为 true 或 false", "this is true or false"));
            false
        }
    };
    let subject = root.get("subject").filter(|node| node.as_map().is_some());
    let Some(subject) = subject.filter(|_| wrong.is_empty()) else {
        if subject.is_none() {
            wrong.push(problem(
                "/subject",
                "E0064",
                "缺少主体:应为“事实: 值”的对象",
                "the subject is missing: an object of “fact: value”",
            ));
        }
        return Err(wrong);
    };
    let (profile, found) = profile_from_node(subject, &source, vocabulary, "enterprise");
    let problems = found.into_iter().take(PROBLEMS_MAX).map(|finding| {
        let place = format!("/subject{}", subject.pointer_of(finding.span));
        ReadProblem {
            place: Text { zh: place.clone(), en: place },
            code: finding.code,
            message: finding.message,
            help: finding.help,
        }
    });
    Ok(Check { profile, on, policies, with_reasons, problems: problems.collect() })
}

fn day(root: &Node, wrong: &mut Vec<ReadProblem>) -> Option<Date> {
    let node = root.get("on")?;
    let day = node.as_text().and_then(|text| text.parse().ok());
    if day.is_none() {
        wrong.push(problem("/on", "E0034", "应为日期,如 2026-06-30", "a day, such as 2026-06-30"));
    }
    day
}

fn policies(root: &Node, wrong: &mut Vec<ReadProblem>) -> Vec<String> {
    let Some(node) = root.get("policies") else { return Vec::new() };
    let list = node.as_list().filter(|list| list.len() <= POLICIES_MAX).unwrap_or_default();
    let ids: Vec<String> = list.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect();
    if ids.is_empty() || ids.len() != list.len() {
        wrong.push(problem(
            "/policies",
            "E0064",
            "应为政策编号的列表,1 至 500 个;不限定时不写这一项",
            "a list of 1 to 500 ids of policies; leave it out to ask about all",
        ));
    }
    ids
}

fn told(finding: &Diagnostic, (line, column): (usize, usize)) -> ReadProblem {
    let message = Text {
        zh: format!("第 {line} 行第 {column} 列:{}", finding.message.zh),
        en: format!("line {line}, column {column}: {}", finding.message.en),
    };
    ReadProblem { place: Text::default(), code: finding.code, message, help: finding.help.clone() }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Something wrong at a place of the request.
pub fn problem(place: &str, code: &'static str, zh: &str, en: &str) -> ReadProblem {
    ReadProblem {
        place: Text { zh: place.to_owned(), en: place.to_owned() },
        code,
        message: Text { zh: zh.to_owned(), en: en.to_owned() },
        help: Text::default(),
    }
}
