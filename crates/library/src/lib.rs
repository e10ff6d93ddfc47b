//! The policy library: checks and compiles a set of texts into a rulebook, and runs the examples that stand beside them.
//!
//! It takes paths and texts; whoever calls it does the reading. Everything wrong in any file is reported at once.
//!
//! ```
//! let files = vec![library::File::new("facts/demo.yaml", "facts:\n- {name: 职工总数, type: count, unit: 人}\n")];
//! let checked = library::check(files);
//! assert!(checked.findings.is_empty());
//! assert_eq!(checked.library.unwrap().rulebook.vocabulary.len(), 1);
//! ```

mod across;
mod cases;
mod expect;
pub mod lint;
pub mod mutants;
mod reads;

use engine::point::Rulebook;
use facts::{Diagnostic, Severity, Source};
use lang::Catalog;

pub use cases::{Case, CaseFile, CaseResult};

/// A text of the library with its path, as `facts/finance.yaml` or `policies/city/zz-listing-2024/2024-04-08.yaml`.
#[derive(Clone, Debug)]
pub struct File {
    /// Path as a person finds it.
    pub path: String,
    /// Contents.
    pub text: String,
}

impl File {
    /// A file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// What a file is for, told from its path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Vocabulary: lies in a folder `facts`.
    Facts,
    /// Classifications, groupings, working days: lies in a folder `classifications`, or in one below it.
    Classification,
    /// A policy document.
    Policy,
    /// Examples: `cases.yaml`.
    Cases,
    /// Not YAML, or of no use here.
    Other,
}

/// So many folders a file may lie below `classifications`, that one counted: `classifications/working-days/2025.yaml`.
const CLASSIFICATION_DEPTH: usize = 2;

/// What the file of that path is for.
pub fn role(path: &str) -> Role {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let file = parts.last().copied().unwrap_or_default();
    if !file.ends_with(".yaml") && !file.ends_with(".yml") {
        return Role::Other;
    }
    if file == "cases.yaml" {
        return Role::Cases;
    }
    let folders = || parts.iter().rev().skip(1);
    if folders().take(CLASSIFICATION_DEPTH).any(|folder| *folder == "classifications") {
        return Role::Classification;
    }
    if folders().next() == Some(&"facts") { Role::Facts } else { Role::Policy }
}

/// A finding in one of the files.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index into [`Checked::sources`].
    pub source: usize,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// A library that can be decided by.
#[derive(Debug)]
pub struct Library {
    /// Documents and vocabulary.
    pub rulebook: Rulebook,
    /// Examples, by file.
    pub cases: Vec<CaseFile>,
}

/// The result of a check.
#[derive(Debug)]
pub struct Checked {
    /// The files, for showing findings.
    pub sources: Vec<Source>,
    /// Everything found, by file and place.
    pub findings: Vec<Finding>,
    /// The library; files with errors are left out of it. None where the vocabulary itself is wrong.
    pub library: Option<Library>,
}

impl Checked {
    /// Whether something is wrong, warnings aside.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error)
    }
}

/// Checks all files together.
pub fn check(files: Vec<File>) -> Checked {
    let sources: Vec<Source> = files.into_iter().map(|file| Source::new(file.path, file.text)).collect();
    let mut findings = Vec::new();
    let of = |wanted: Role| -> Vec<usize> {
        (0..sources.len()).filter(|index| role(&sources[*index].path) == wanted).collect()
    };
    let texts = |files: &[usize]| files.iter().map(|index| sources[*index].clone()).collect::<Vec<Source>>();
    let (fact_files, list_files) = (of(Role::Facts), of(Role::Classification));
    let (lists, found_in_lists) = facts::classification::load(&texts(&list_files));
    let (vocabulary, found) = facts::vocabulary::load_with(&texts(&fact_files), lists);
    let is_sound = |found: &[(usize, Diagnostic)]| {
        found.iter().all(|(_, diagnostic)| diagnostic.severity != Severity::Error)
    };
    let can_decide = is_sound(&found) && is_sound(&found_in_lists);
    let in_files = |files: Vec<usize>, found: Vec<(usize, Diagnostic)>| {
        found.into_iter().map(move |(index, diagnostic)| Finding { source: files[index], diagnostic })
    };
    findings.extend(in_files(fact_files, found));
    findings.extend(in_files(list_files, found_in_lists));
    let policies = of(Role::Policy);
    let catalog = catalog_of(&sources);
    let mut documents = Vec::new();
    for index in policies {
        let (document, found) = lang::compile(&sources[index], &vocabulary, &catalog);
        findings.extend(found.into_iter().map(|diagnostic| Finding { source: index, diagnostic }));
        documents.extend(document.map(|document| (index, document)));
    }
    let found = across::check(&documents, &sources);
    let is_sound = |index: &usize| found.iter().all(|finding| finding.source != *index);
    let documents =
        documents.into_iter().filter(|(index, _)| is_sound(index)).map(|(_, document)| document).collect();
    findings.extend(found);
    let rulebook = Rulebook::new(vocabulary, documents);
    let mut case_files = Vec::new();
    for index in of(Role::Cases) {
        let (file, found) = cases::read(&sources[index], &rulebook, &catalog);
        findings.extend(found.into_iter().map(|diagnostic| Finding { source: index, diagnostic }));
        case_files.extend(file);
    }
    findings.sort_by_key(|finding| (finding.source, finding.diagnostic.span, finding.diagnostic.code));
    let library = can_decide.then_some(Library { rulebook, cases: case_files });
    Checked { sources, findings, library }
}

/// The ids and statuses that documents declare, read before any of them is checked, since they refer to each other. The
/// folder of a document that cannot be read still tells its id.
fn catalog_of(sources: &[Source]) -> Catalog {
    let mut catalog = Catalog::default();
    for source in sources.iter().filter(|source| role(&source.path) == Role::Policy) {
        let parts: Vec<&str> = source.path.split(['/', '\\']).collect();
        if let [.., "policies", _, id, _] = parts.as_slice() {
            catalog.documents.insert((*id).to_owned());
        }
        let (Some(root), _) = facts::yaml::parse(&source.text) else {
            continue;
        };
        if let Some(id) = root.get("id").and_then(|node| node.as_text()) {
            catalog.documents.insert(id.to_owned());
        }
        if let Some(status) =
            root.get("gives").and_then(|gives| gives.get("status")).and_then(|node| node.as_text())
        {
            catalog.statuses.insert(status.to_owned());
        }
    }
    catalog
}

impl Library {
    /// Runs all examples, or those of one document.
    pub fn run_cases(&self, id: Option<&str>) -> Vec<CaseResult> {
        let files = self.cases.iter().filter(|file| id.is_none_or(|id| file.id == id));
        files.flat_map(|file| file.cases.iter().map(|case| cases::run(&self.rulebook, file, case))).collect()
    }
}
