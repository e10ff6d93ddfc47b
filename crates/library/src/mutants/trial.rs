//! Trying a mutant out: check its document again, put it into the rulebook, run the examples that hang on it.

use std::collections::{BTreeMap, BTreeSet};

use engine::point::Rulebook;
use facts::{Severity, Source};
use lang::Catalog;
use lang::ir::{Document, InputKind};

use super::{Mutant, Verdict, same};
use crate::cases::{Case, CaseFile};
use crate::{Checked, Library, across, cases};

/// A mutant that was tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    /// What became of it.
    pub verdict: Verdict,
    /// What stood in the place of the old text.
    pub new: String,
}

/// A library into which one mutant after another is put. Each thread has its own.
#[derive(Debug)]
pub struct Trial<'l> {
    sources: &'l [Source],
    catalog: Catalog,
    book: Rulebook,
    /// By document id: the examples that hang on it, its own first.
    examples: BTreeMap<String, Vec<(&'l CaseFile, &'l Case)>>,
}

impl<'l> Trial<'l> {
    /// A trial over the library of a check; none where its vocabulary is wrong.
    pub fn new(checked: &'l Checked) -> Option<Self> {
        let library = checked.library.as_ref()?;
        Some(Self {
            sources: &checked.sources,
            catalog: crate::catalog_of(&checked.sources),
            book: library.rulebook.clone(),
            examples: examples(library),
        })
    }

    /// What becomes of a mutant, and which of its texts was tried. None where its document has errors as it stands.
    pub fn run(&mut self, mutant: &Mutant) -> Option<Tried> {
        let source = &self.sources[mutant.source];
        let at = self.book.entries().iter().position(|entry| entry.document.path == source.path)?;
        let mut refused = None;
        for new in &mutant.new {
            match self.compile(source, mutant, new) {
                Ok(document) => {
                    let original = self.book.replace(at, document);
                    let verdict = self.judge(&mutant.id, &original, at);
                    self.book.replace(at, original);
                    return Some(Tried { verdict, new: new.clone() });
                }
                Err(code) => refused = Some(Tried { verdict: Verdict::Refused(code), new: new.clone() }),
            }
        }
        refused
    }

    /// The document with the mistake in it, or the code of the first error.
    fn compile(&self, source: &Source, mutant: &Mutant, new: &str) -> Result<Document, &'static str> {
        let (before, after) = (&source.text[..mutant.span.start], &source.text[mutant.span.end..]);
        let source = Source::new(source.path.clone(), format!("{before}{new}{after}"));
        let (document, found) = lang::compile(&source, &self.book.vocabulary, &self.catalog);
        let error = found.iter().find(|found| found.severity == Severity::Error);
        document.ok_or(error.map_or("E0200", |found| found.code))
    }

    fn judge(&self, id: &str, original: &Document, at: usize) -> Verdict {
        let versions: Vec<&Document> = self.book.versions(id).map(|entry| &entry.document).collect();
        if versions.windows(2).any(|pair| across::is_overlapping(pair[0], pair[1])) {
            return Verdict::Refused("E0501");
        }
        for (file, case) in self.examples.get(id).into_iter().flatten() {
            if cases::differs(&self.book, case) {
                return Verdict::Caught { path: file.path.clone(), line: case.line };
            }
        }
        let mutant = &self.book.entries()[at].document;
        if same::decides_the_same(original, mutant, &self.book.vocabulary) {
            return Verdict::Same;
        }
        Verdict::Survived
    }
}

/// By document, the examples of it and then of every document that hangs on what it decides.
fn examples(library: &Library) -> BTreeMap<String, Vec<(&CaseFile, &Case)>> {
    let mut own: BTreeMap<&str, Vec<(&CaseFile, &Case)>> = BTreeMap::new();
    for file in &library.cases {
        for case in &file.cases {
            own.entry(&case.id).or_default().push((file, case));
        }
    }
    let above = readers(library);
    let of = |id: &str| {
        let mut ids = vec![id];
        let mut seen = BTreeSet::from([id]);
        let mut next = 0;
        while let Some(id) = ids.get(next).copied() {
            next += 1;
            let readers = above.get(id).into_iter().flatten().copied();
            ids.extend(readers.filter(|reader| seen.insert(*reader)));
        }
        ids.iter().filter_map(|id| own.get(*id)).flatten().copied().collect()
    };
    library.rulebook.ids().into_iter().map(|id| (id.to_owned(), of(id))).collect()
}

/// By document, those that read what it decides: whether it is met, or the fact that it ranks.
fn readers(library: &Library) -> BTreeMap<&str, BTreeSet<&str>> {
    let documents = || library.rulebook.entries().iter().map(|entry| &entry.document);
    let mut out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for reader in documents() {
        for input in reader.kinds.iter().flat_map(|kind| &kind.inputs) {
            let decides = |document: &&Document| match &input.kind {
                InputKind::Document(id) => document.id == *id,
                InputKind::Fact(fact, _) => {
                    document.gives.rank.as_ref().is_some_and(|rank| rank.fact == *fact)
                }
                _ => false,
            };
            for decided in documents().filter(decides).filter(|decided| decided.id != reader.id) {
                out.entry(&decided.id).or_default().insert(&reader.id);
            }
        }
    }
    out
}
