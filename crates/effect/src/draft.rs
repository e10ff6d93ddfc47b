//! A draft and what it is held against. Each is decided in a library of its own, so that policies which hang on this one see the version
//! that is in force there, and never both.

use engine::point::{Entry, Rulebook};
use facts::{Date, Diagnostic, PartialDate, Precision, Source};
use lang::Catalog;
use lang::ir::Document;

/// Checks a draft within a library. With one error there is no document.
pub fn check(source: &Source, rulebook: &Rulebook) -> (Option<Document>, Vec<Diagnostic>) {
    let mut catalog = Catalog::default();
    catalog.documents.extend(rulebook.ids().into_iter().map(str::to_owned));
    let granted = rulebook.entries().iter().filter_map(|entry| entry.document.gives.status.clone());
    catalog.statuses.extend(granted);
    lang::compile(source, &rulebook.vocabulary, &catalog)
}

/// A draft for one kind of subject is held against a policy for another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherSubject {
    /// Whom the draft is for.
    pub draft: String,
    /// Whom the other is for.
    pub against: String,
}

/// The library as it is, and the library with the draft in place of all versions of its policy.
#[derive(Debug)]
pub struct Worlds<'l> {
    id: String,
    against: Option<&'l Entry>,
    /// The library as it is.
    pub as_is: &'l Rulebook,
    /// The library with the draft.
    pub with_draft: Rulebook,
}

impl<'l> Worlds<'l> {
    /// Puts the draft into force on the day, whenever it would begin by its own words, beside what it is held against. Without that it
    /// is held against nothing: see [`crate::in_force`].
    pub fn new(
        as_is: &'l Rulebook,
        draft: Document,
        against: Option<&'l Entry>,
        day: Date,
    ) -> Result<Self, OtherSubject> {
        if let Some(entry) = against.filter(|entry| entry.document.subject != draft.subject) {
            return Err(OtherSubject { draft: draft.subject, against: entry.document.subject.clone() });
        }
        let id = draft.id.clone();
        let others = as_is.entries().iter().map(|entry| &entry.document).filter(|known| known.id != id);
        let mut documents: Vec<Document> = others.cloned().collect();
        let is_in_force = draft.from.start <= day && draft.to.is_none_or(|to| day <= to.end());
        documents.push(match is_in_force {
            true => draft,
            false => {
                Document { from: PartialDate { start: day, precision: Precision::Day }, to: None, ..draft }
            }
        });
        let with_draft = Rulebook::new(as_is.vocabulary.clone(), documents);
        Ok(Self { id, against, as_is, with_draft })
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
