//! The draft and what it is held against. Each is decided in a library of its own, so that policies which hang on this
//! one see the version that is in force there, and never both.

use std::path::{Path, PathBuf};

use anyhow::Result;
use engine::point::{Entry, Rulebook};
use facts::{Date, PartialDate, Precision, Severity, Source};
use lang::Catalog;
use lang::ir::Document;
use library::Library;

use super::in_force;
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
    let rulebook = &library.rulebook;
    let mut catalog = Catalog::default();
    catalog.documents.extend(rulebook.ids().into_iter().map(str::to_owned));
    let granted = rulebook.entries().iter().filter_map(|entry| entry.document.gives.status.clone());
    catalog.statuses.extend(granted);
    let source = Source::new(file.path, file.text);
    let (document, found) = lang::compile(&source, &rulebook.vocabulary, &catalog);
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

/// The library as it is, and the library with the draft in place of all versions of its policy.
pub struct Worlds<'l> {
    id: String,
    against: Option<&'l Entry>,
    /// The library with the draft.
    pub with_draft: Rulebook,
}

impl<'l> Worlds<'l> {
    /// Puts the draft into force on the day, whenever it would begin by its own words.
    pub fn new(library: &'l Library, draft: Document, against: Option<&str>, day: Date) -> Result<Self> {
        let rulebook = &library.rulebook;
        let against = match against {
            Some(text) => Some(version(library, text, day)?),
            None => in_force(rulebook, &draft.id, day),
        };
        if let Some(entry) = against.filter(|entry| entry.document.subject != draft.subject) {
            let (one, other) = (&draft.subject, &entry.document.subject);
            return Err(Problem::new(
                format!("草案针对 {one},对照的政策针对 {other},不能比较"),
                format!("the draft is for {one}, what it is held against for {other}"),
            )
            .into());
        }
        let id = draft.id.clone();
        let others = rulebook.entries().iter().map(|entry| &entry.document).filter(|known| known.id != id);
        let mut documents: Vec<Document> = others.cloned().collect();
        let is_in_force = draft.from.start <= day && draft.to.is_none_or(|to| day <= to.end());
        documents.push(match is_in_force {
            true => draft,
            false => {
                Document { from: PartialDate { start: day, precision: Precision::Day }, to: None, ..draft }
            }
        });
        let with_draft = Rulebook::new(rulebook.vocabulary.clone(), documents);
        Ok(Self { id, against, with_draft })
    }

    /// The draft.
    pub fn draft(&self) -> &Entry {
        self.with_draft.versions(&self.id).last().expect("the draft was put into this library")
    }

    /// What it is held against; `None` for a policy that is new.
    pub fn against(&self) -> Option<&'l Entry> {
        self.against
    }
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
