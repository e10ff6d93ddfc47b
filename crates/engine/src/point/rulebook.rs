//! The documents that can be decided, with their versions in time.

use std::collections::HashMap;

use facts::{Date, FactId, Vocabulary};
use lang::ir::Document;

use super::survey::Survey;

/// All versions of all documents, and the words they use.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// The vocabulary the documents were checked against.
    pub vocabulary: Vocabulary,
    entries: Vec<Entry>,
    by_id: HashMap<String, Vec<usize>>,
    deriving: HashMap<FactId, Vec<usize>>,
}

/// A document with what can be said of it before any subject is known.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The document.
    pub document: Document,
    pub(crate) survey: Survey,
}

/// Which version of a document holds on a day.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// This one.
    InForce(&'a Entry),
    /// None: the nearest version, and whether it is still to come.
    NotInForce {
        /// The version that was, or will be.
        nearest: &'a Entry,
        /// It is still to come.
        is_future: bool,
    },
}

impl<'a> Standing<'a> {
    /// The version in force, or the nearest.
    pub fn entry(self) -> &'a Entry {
        match self {
            Standing::InForce(entry) | Standing::NotInForce { nearest: entry, .. } => entry,
        }
    }
}

impl Rulebook {
    /// A rulebook of checked documents; versions of one id in any order.
    pub fn new(vocabulary: Vocabulary, documents: Vec<Document>) -> Self {
        let entries = documents.into_iter().map(Entry::new).collect();
        let mut book = Self { vocabulary, entries, ..Self::default() };
        book.order();
        book
    }

    /// Puts another document in the place of the one at that index of [`Rulebook::entries`]; gives back what was there.
    pub fn replace(&mut self, at: usize, document: Document) -> Document {
        let before = std::mem::replace(&mut self.entries[at], Entry::new(document));
        self.order();
        before.document
    }

    /// Works out which entries are the versions of an id, and which decide a fact.
    fn order(&mut self) {
        self.by_id.clear();
        self.deriving.clear();
        for (index, entry) in self.entries.iter().enumerate() {
            self.by_id.entry(entry.document.id.clone()).or_default().push(index);
            if let Some(rank) = &entry.document.gives.rank {
                self.deriving.entry(rank.fact).or_default().push(index);
            }
        }
        let entries = &self.entries;
        for versions in self.by_id.values_mut() {
            versions.sort_by_key(|index| entries[*index].document.from.start);
        }
    }

    /// All versions of all documents, in the order given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The ids, in order.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.by_id.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// The versions of an id, oldest first.
    pub fn versions(&self, id: &str) -> impl Iterator<Item = &Entry> {
        self.by_id.get(id).into_iter().flatten().map(|index| &self.entries[*index])
    }

    /// The version that holds on a day; `None` if there is no such document.
    pub fn on(&self, id: &str, day: Date) -> Option<Standing<'_>> {
        let mut nearest: Option<(&Entry, bool)> = None;
        for entry in self.versions(id) {
            if entry.is_in_force_on(day) {
                return Some(Standing::InForce(entry));
            }
            let is_future = entry.document.from.start > day;
            match nearest {
                Some((_, false)) if is_future => {}
                Some((_, true)) if is_future => {}
                _ => nearest = Some((entry, is_future)),
            }
        }
        nearest.map(|(nearest, is_future)| Standing::NotInForce { nearest, is_future })
    }

    /// The document that decides a fact on a day, if one does.
    pub(crate) fn deriving(&self, fact: FactId, day: Date) -> Option<&Entry> {
        let versions = self.deriving.get(&fact)?;
        let mut on_day =
            versions.iter().map(|index| &self.entries[*index]).filter(|entry| entry.is_in_force_on(day));
        let first = on_day.next();
        // Where several documents decide the same fact, no one of them is the fact's own.
        first.filter(|_| on_day.next().is_none())
    }
}

impl Entry {
    fn new(document: Document) -> Self {
        let survey = Survey::of(&document);
        Self { document, survey }
    }

    /// Whether the version is in force on a day. A last day known only to the month or year is that period's last.
    pub fn is_in_force_on(&self, day: Date) -> bool {
        let document = &self.document;
        document.from.start <= day && document.to.is_none_or(|to| day <= last_day(to))
    }
}

/// The last day of a date known to the day, month or year.
fn last_day(date: facts::PartialDate) -> Date {
    let Date { year, month, .. } = date.start;
    match date.precision {
        facts::Precision::Day => date.start,
        facts::Precision::Month => Date { year, month, day: facts::days_in_month(year, month) },
        facts::Precision::Year => Date { year, month: 12, day: 31 },
    }
}
