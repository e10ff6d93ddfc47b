//! What an import would do, and whether texts may be released. Pure.

use facts::read::ReadProblem;
use facts::{Diagnostic, Severity, Source, Text};
use library::{File, Library, Role};

use super::model::{Effect, Files, Import, Plan, PlanLine, TextDigest};

/// Most files of a release.
pub const FILES_MAX: usize = 20_000;

/// Most bytes of one text.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// Longest path, in bytes.
const PATH_BYTES_MAX: usize = 200;

/// Most problems that are told.
const PROBLEMS_MAX: usize = 200;

/// Compares three sides: what the importer began with, what holds now, what the import brings.
pub fn plan(base: &Files, (onto, ours): (u64, &Files), import: &Import) -> Plan {
    let mut files = ours.clone();
    let mut lines = Vec::new();
    for (path, text) in &import.changes {
        let theirs = text.as_deref().map(TextDigest::of);
        let (base, ours) = (base.0.get(path).copied(), ours.0.get(path).copied());
        let effect = match (theirs, ours) {
            (theirs, ours) if theirs == ours => Effect::Same,
            _ if ours != base => Effect::Conflict,
            (Some(_), None) => Effect::Added,
            (Some(_), Some(_)) => Effect::Changed,
            (None, _) => Effect::Removed,
        };
        match (effect, theirs) {
            (Effect::Added | Effect::Changed, Some(theirs)) => drop(files.0.insert(path.clone(), theirs)),
            (Effect::Removed, _) => drop(files.0.remove(path)),
            _ => {}
        }
        lines.push(PlanLine { path: path.clone(), effect, base, ours, theirs });
    }
    Plan { onto, lines, files }
}

/// What is wrong with an import before anybody reads its texts: paths and sizes.
pub fn check_shape(import: &Import) -> Vec<ReadProblem> {
    let mut found = Vec::new();
    for (path, text) in &import.changes {
        if !is_path(path) {
            found.push(problem(
                "/changes",
                "E0003",
                "路径应形如 policies/zone/id/2026-01-01.yaml:不以斜杠开头,不含“..”、反斜杠或控制字符,以 .yaml 结尾,不超过 200 字节",
                "a path looks like policies/zone/id/2026-01-01.yaml: no leading slash, no “..”, backslash or control character, ending in .yaml, at most 200 bytes",
            ));
        }
        if text.as_ref().is_some_and(|text| text.len() > TEXT_BYTES_MAX || text.contains('\0')) {
            found.push(problem(
                &format!("/changes/{path}"),
                "E0003",
                "文本超过 1 MiB,或含有空字符",
                "the text is past 1 MiB, or has a NUL in it",
            ));
        }
    }
    if import.changes.is_empty() || import.changes.len() > FILES_MAX {
        found.push(problem(
            "/changes",
            "E0003",
            "应有 1 至 20000 处修改",
            "there are from 1 to 20,000 changes",
        ));
    }
    found
}

fn is_path(path: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.contains('\\')
            && !part.chars().any(char::is_control)
    };
    path.len() <= PATH_BYTES_MAX && path.split('/').all(is_part) && library::role(path) != Role::Other
}

/// Checks and compiles all texts together; every error with its file, line and column.
pub fn compile(files: Vec<File>) -> Result<Library, Vec<ReadProblem>> {
    let checked = library::check(files);
    let errors = checked.findings.iter().filter(|finding| finding.diagnostic.severity == Severity::Error);
    let found: Vec<ReadProblem> = errors
        .take(PROBLEMS_MAX)
        .map(|finding| problem_of(&checked.sources[finding.source], &finding.diagnostic))
        .collect();
    match checked.library {
        Some(library) if found.is_empty() => Ok(library),
        _ => Err(found),
    }
}

/// A finding in a text, with its file, line and column.
pub fn problem_of(source: &Source, found: &Diagnostic) -> ReadProblem {
    let (line, column) = source.line_column(found.span.start);
    let place = format!("{}:{line}:{column}", source.path);
    ReadProblem {
        place: Text { zh: place.clone(), en: place },
        code: found.code,
        message: found.message.clone(),
        help: found.help.clone(),
    }
}

/// Runs the examples; those that come out otherwise, each with its place.
pub fn failing_cases(library: &Library) -> Vec<ReadProblem> {
    let failing = library.run_cases(None).into_iter().filter(|result| !result.differences.is_empty());
    failing
        .take(PROBLEMS_MAX)
        .map(|result| {
            let place = format!("{}:{}", result.path, result.line);
            let all = |pick: fn(&Text) -> &str, between: &str| {
                result.differences.iter().map(pick).collect::<Vec<_>>().join(between)
            };
            let message = Text {
                zh: format!("例子“{}”不符:{}", result.name, all(|text| &text.zh, ";")),
                en: format!(
                    "the example “{}” comes out otherwise: {}",
                    result.name,
                    all(|text| &text.en, "; ")
                ),
            };
            let help = Text {
                zh: "改正文件或例子后重新导入".to_owned(),
                en: "correct the document or the example, and import again".to_owned(),
            };
            ReadProblem { place: Text { zh: place.clone(), en: place }, code: "E0610", message, help }
        })
        .collect()
}

fn problem(place: &str, code: &'static str, zh: &str, en: &str) -> ReadProblem {
    ReadProblem {
        place: Text { zh: place.to_owned(), en: place.to_owned() },
        code,
        message: Text { zh: zh.to_owned(), en: en.to_owned() },
        help: Text::default(),
    }
}
