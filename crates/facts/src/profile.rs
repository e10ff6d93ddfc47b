//! What is known about one subject: a row.

use std::collections::BTreeMap;

use crate::{Date, FactId, Period, Text, Value};

/// Where a value was read: a file, a sheet, a cell.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Origin {
    /// As a person finds it again: `zone.xlsx 工作表“企业”第 12 行 F 列`; empty if it was not read from anywhere.
    pub text: Text,
}

impl Origin {
    /// An origin that reads the same in both languages, as a file name or a document's id.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { text: Text { zh: text.clone(), en: text } }
    }
}

/// A value for a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Which period, as given.
    pub period: Period,
    /// The value.
    pub value: Value,
    /// Where it was read.
    pub origin: Origin,
}

/// A certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Held on the day of decision where no dates are given.
    pub held: bool,
    /// Number on it; may be empty.
    pub number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Holding {
    /// Whether it is valid on that day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.held && self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// Everything known about one subject or item. Absent facts are unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    /// Kind of subject: `enterprise` … or the item kind of a collection.
    pub kind: String,
    /// Credit code or another key; empty if not given.
    pub id: String,
    /// Name; empty if not given.
    pub name: String,
    /// Facts with their periods.
    pub facts: BTreeMap<FactId, Vec<Entry>>,
    /// Named collections; absent is unknown, empty is none.
    pub collections: BTreeMap<String, Vec<Profile>>,
    /// Related parties by role.
    pub roles: BTreeMap<String, Profile>,
    /// Decisions a person made on `manual` conditions, by condition id.
    pub manual: BTreeMap<String, bool>,
    /// Statuses by name.
    pub holdings: BTreeMap<String, Holding>,
}

impl Profile {
    /// An empty profile of a kind.
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..Self::default() }
    }

    /// Sets a value for a period, replacing one for the same period.
    pub fn set(&mut self, fact: FactId, period: Period, value: Value, origin: Origin) {
        let entries = self.facts.entry(fact).or_default();
        entries.retain(|entry| entry.period != period);
        entries.push(Entry { period, value, origin });
    }
}
