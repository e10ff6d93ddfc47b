//! The file of the draft, and which version it is held against.

use std::path::{Path, PathBuf};

use anyhow::Result;
use effect::draft::OtherSubject;
use effect::in_force;
use engine::point::Entry;
use facts::{Date, Severity, Source};
use lang::ir::Document;
use library::Library;

use crate::context::Context;
use crate::load;
use crate::output::note;
use crate::problem::Problem;

/// Reads and checks the draft within the library; what is wrong is told, and ends the command.
pub fn read(path: &Path, library: &Library, context: &Context) -> Result<Document> {
    let mut texts = load::read_texts(&[PathBuf::from(path)])?;
    for (source, diagnostic) in &texts.broken {
        note(&source.render(diagnostic, context.language));
    }
    let (Some(file), true) = (texts.files.pop(), texts.files.is_empty()) else {
        let shown = path.display();
        return Err(Problem::new(
            format!("--draft 要一个政策文件,{shown} 不是"),
            format!("--draft takes one policy file, which {shown} is not"),
        )
        .into());
    };
    let source = Source::new(file.path, file.text);
    let (document, found) = effect::draft::check(&source, &library.rulebook);
    for diagnostic in found.iter().filter(|found| found.severity == Severity::Error) {
        note(&source.render(diagnostic, context.language));
    }
    document.ok_or_else(|| {
        let shown = path.display();
        Problem::new(
            format!("草案 {shown} 有错误,不能模拟"),
            format!("the draft {shown} has errors and cannot be simulated"),
        )
        .with_help(format!("改好后用 zhimei check {shown} 复查"), format!("see zhimei check {shown}"))
        .into()
    })
}

/// What the draft is held against: what was asked for, else the version of its id in force on the day, if any.
pub fn against<'l>(
    library: &'l Library,
    id: &str,
    wanted: Option<&str>,
    day: Date,
) -> Result<Option<&'l Entry>> {
    match wanted {
        Some(text) => version(library, text, day).map(Some),
        None => Ok(in_force(&library.rulebook, id, day)),
    }
}

/// A draft cannot be held against a policy for others.
pub fn other_subject(wrong: OtherSubject) -> anyhow::Error {
    let OtherSubject { draft, against } = wrong;
    Problem::new(
        format!("草案针对 {draft},对照的政策针对 {against},不能比较"),
        format!("the draft is for {draft}, what it is held against for {against}"),
    )
    .into()
}

/// The version that `ID` or `ID@DATE` names.
fn version<'l>(library: &'l Library, text: &str, day: Date) -> Result<&'l Entry> {
    let rulebook = &library.rulebook;
    let Some((id, from)) = text.split_once('@') else {
        let newest = load::versions(library, text)?;
        return Ok(in_force(rulebook, text, day).unwrap_or(newest));
    };
    load::versions(library, id)?;
    let is_it = |entry: &&Entry| entry.document.from.to_string() == from;
    rulebook.versions(id).find(is_it).ok_or_else(|| {
        let known: Vec<String> =
            rulebook.versions(id).map(|entry| format!("{id}@{}", entry.document.from)).collect();
        let known = known.join("、");
        Problem::new(format!("{id} 没有自 {from} 起的版本"), format!("{id} has no version from {from}"))
            .with_help(format!("可写:{known}"), format!("one of: {known}"))
            .into()
    })
}
