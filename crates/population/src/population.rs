//! A population, and any row of it as a profile.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Entry, FactId, Holding, Origin, Profile};

use crate::strings::Strings;
use crate::{Bits, Column, Key};

/// Many subjects or items of one kind: a table with a column for each thing that is known of some of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Population {
    pub(crate) kind: String,
    pub(crate) rows: usize,
    pub(crate) ids: Strings,
    pub(crate) names: Strings,
    /// Rows that say they are of another kind than most.
    pub(crate) other_kinds: BTreeMap<usize, String>,
    columns: Vec<(Key, Column)>,
    /// Places in `columns`: a fact is looked up for single rows, and a vocabulary has hundreds of them.
    facts: BTreeMap<FactId, Vec<usize>>,
    statuses: BTreeMap<String, usize>,
    manual: BTreeMap<String, usize>,
    pub(crate) collections: BTreeMap<String, Items>,
    pub(crate) roles: BTreeMap<String, Parties>,
}

/// A collection of all rows: the items of row `r` are `offsets[r]..offsets[r + 1]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Items {
    /// The collection is known for this subject (maybe empty); a row where it is not has no items.
    pub known: Bits,
    /// One more than there are rows, never falling; the last is the number of items.
    pub offsets: Vec<u32>,
    /// The items of all rows, row after row.
    pub items: Population,
}

impl Items {
    /// The places of a row's items.
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }
}

/// The related party of each row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parties {
    /// Rows that have one.
    pub known: Bits,
    /// As many rows as the population; those without a party know nothing.
    pub parties: Population,
}

/// What of a row is wanted; `None` is all of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Facts, in all periods.
    pub facts: Option<BTreeSet<FactId>>,
    /// Statuses by name.
    pub statuses: Option<BTreeSet<String>>,
    /// Decisions by a person, by condition id.
    pub manual: Option<BTreeSet<String>>,
    /// Collections, and what of their items.
    pub collections: Option<BTreeMap<String, Wanted>>,
    /// Related parties, and what of them.
    pub roles: Option<BTreeMap<String, Wanted>>,
}

impl Wanted {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Nothing but id and name; add to it what is wanted.
    pub fn nothing() -> Self {
        Self {
            facts: Some(BTreeSet::new()),
            statuses: Some(BTreeSet::new()),
            manual: Some(BTreeSet::new()),
            collections: Some(BTreeMap::new()),
            roles: Some(BTreeMap::new()),
        }
    }

    /// Adds a fact.
    pub fn add_fact(&mut self, fact: FactId) {
        if let Some(facts) = &mut self.facts {
            facts.insert(fact);
        }
    }

    /// Adds a status.
    pub fn add_status(&mut self, name: &str) {
        if let Some(statuses) = &mut self.statuses {
            statuses.insert(name.to_owned());
        }
    }

    /// Adds a condition that a person decides.
    pub fn add_manual(&mut self, id: &str) {
        if let Some(manual) = &mut self.manual {
            manual.insert(id.to_owned());
        }
    }

    /// What is wanted of the items of a collection, which from now on is wanted itself; `None` where all is wanted.
    pub fn collection(&mut self, name: &str) -> Option<&mut Wanted> {
        let collections = self.collections.as_mut()?;
        Some(collections.entry(name.to_owned()).or_insert_with(Wanted::nothing))
    }

    /// What is wanted of the party in a role, which from now on is wanted itself; `None` where all is wanted.
    pub fn role(&mut self, name: &str) -> Option<&mut Wanted> {
        let roles = self.roles.as_mut()?;
        Some(roles.entry(name.to_owned()).or_insert_with(Wanted::nothing))
    }
}

impl Population {
    /// Rows of a kind of which nothing is known yet.
    pub(crate) fn blank(kind: &str, rows: usize) -> Self {
        let none = || std::iter::repeat_n("", rows).collect();
        Self { kind: kind.to_owned(), rows, ids: none(), names: none(), ..Self::default() }
    }

    /// Adds a column behind the others.
    pub(crate) fn push(&mut self, key: Key, column: Column) {
        debug_assert_eq!(column.rows(), self.rows, "a value or none for each row");
        let at = self.columns.len();
        match &key {
            Key::Fact(fact, _) => self.facts.entry(*fact).or_default().push(at),
            Key::Status(name) => drop(self.statuses.insert(name.clone(), at)),
            Key::Manual(id) => drop(self.manual.insert(id.clone(), at)),
        }
        self.columns.push((key, column));
    }

    /// Sets the kind of one row.
    pub(crate) fn set_kind(&mut self, row: usize, kind: &str) {
        if kind == self.kind {
            self.other_kinds.remove(&row);
        } else {
            self.other_kinds.insert(row, kind.to_owned());
        }
    }

    /// The columns alone.
    pub(crate) fn into_columns(self) -> Vec<(Key, Column)> {
        self.columns
    }

    /// Kind of the rows: `enterprise` … or the item kind of a collection.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Credit code or another key of a row; empty where none was given.
    pub fn id(&self, row: usize) -> &str {
        self.ids.get(row)
    }

    /// Name of a row; empty where none was given.
    pub fn name(&self, row: usize) -> &str {
        self.names.get(row)
    }

    /// The kind of one row, which may say of itself that it is of another than [`Population::kind`].
    pub fn kind_of(&self, row: usize) -> &str {
        self.other_kinds.get(&row).map_or(&self.kind, String::as_str)
    }

    /// Rows that are of another kind than [`Population::kind`], with their kind.
    pub fn other_kinds(&self) -> &BTreeMap<usize, String> {
        &self.other_kinds
    }

    /// In the order given (a later column of the same period wins, as in a profile).
    pub fn columns(&self) -> &[(Key, Column)] {
        &self.columns
    }

    /// The columns of a fact, in the order given; none if nothing is known of it.
    pub fn fact(&self, fact: FactId) -> impl DoubleEndedIterator<Item = &(Key, Column)> {
        let places = self.facts.get(&fact).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|at| &self.columns[*at])
    }

    /// The certificates of a status.
    pub fn status(&self, name: &str) -> Option<&Column> {
        self.statuses.get(name).map(|at| &self.columns[*at].1)
    }

    /// The decisions on a condition.
    pub fn manual(&self, id: &str) -> Option<&Column> {
        self.manual.get(id).map(|at| &self.columns[*at].1)
    }

    /// Collections by name; one that is not here is known of no row.
    pub fn collections(&self) -> &BTreeMap<String, Items> {
        &self.collections
    }

    /// Related parties by role.
    pub fn roles(&self) -> &BTreeMap<String, Parties> {
        &self.roles
    }

    /// A row as a profile, with what is wanted of it; panics past the end. Its values have no origin.
    pub fn profile(&self, row: usize, wanted: &Wanted) -> Profile {
        assert!(row < self.rows, "row {row} of {} rows", self.rows);
        let mut profile = Profile::new(self.kind_of(row));
        profile.id = self.id(row).to_owned();
        profile.name = self.name(row).to_owned();
        for (fact, places) in chosen(&self.facts, wanted.facts.as_ref()) {
            let entries = self.entries(places, row);
            if !entries.is_empty() {
                profile.facts.insert(*fact, entries);
            }
        }
        for (name, at) in chosen(&self.statuses, wanted.statuses.as_ref()) {
            if let Some(holding) = self.columns[*at].1.holding(row) {
                profile.holdings.insert(name.clone(), Holding::clone(holding));
            }
        }
        for (id, at) in chosen(&self.manual, wanted.manual.as_ref()) {
            if let Some(facts::Value::Bool(decided)) = self.columns[*at].1.value(row) {
                profile.manual.insert(id.clone(), decided);
            }
        }
        for (name, items, wanted) in nested(&self.collections, wanted.collections.as_ref()) {
            if items.known.get(row) {
                let list = items.range(row).map(|item| items.items.profile(item, wanted)).collect();
                profile.collections.insert(name.clone(), list);
            }
        }
        for (role, parties, wanted) in nested(&self.roles, wanted.roles.as_ref()) {
            if parties.known.get(row) {
                profile.roles.insert(role.clone(), parties.parties.profile(row, wanted));
            }
        }
        profile
    }

    fn entries(&self, places: &[usize], row: usize) -> Vec<Entry> {
        let columns = places.iter().map(|at| &self.columns[*at]);
        let entry = |(key, column): &(Key, Column)| match key {
            Key::Fact(_, period) => {
                let value = column.value(row)?;
                Some(Entry { period: period.clone(), value, origin: Origin::default() })
            }
            _ => None,
        };
        columns.filter_map(entry).collect()
    }
}

/// The entries of a map that are wanted: looked up one by one where few are named.
fn chosen<'m, K: Ord, V>(
    map: &'m BTreeMap<K, V>,
    wanted: Option<&'m BTreeSet<K>>,
) -> impl Iterator<Item = (&'m K, &'m V)> {
    let some = wanted.map(|keys| keys.iter().filter_map(|key| map.get_key_value(key)));
    let all = wanted.is_none().then(|| map.iter());
    some.into_iter().flatten().chain(all.into_iter().flatten())
}

const ALL: &Wanted = &Wanted { facts: None, statuses: None, manual: None, collections: None, roles: None };

fn nested<'m, V>(
    map: &'m BTreeMap<String, V>,
    wanted: Option<&'m BTreeMap<String, Wanted>>,
) -> impl Iterator<Item = (&'m String, &'m V, &'m Wanted)> {
    let some = wanted.map(|wanted| {
        wanted.iter().filter_map(|(name, inside)| map.get(name).map(|value| (name, value, inside)))
    });
    let all = wanted.is_none().then(|| map.iter().map(|(name, value)| (name, value, ALL)));
    some.into_iter().flatten().chain(all.into_iter().flatten())
}
