//! A population from profiles.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Entry, FactId, Period, Profile, Value, Vocabulary};

use crate::builder::ColumnBuilder;
use crate::strings::Strings;
use crate::{Bits, Column, Items, Key, Parties, Population, Values};

/// The values of one period of one fact, by row.
type Series<'p> = (Period, Vec<(usize, &'p Value)>);

impl Population {
    /// Profiles of one kind as a population, a row each; nothing is lost but the origins of the values. A profile of
    /// another kind keeps it ([`Population::kind_of`]).
    ///
    /// Panics on a fact that is not in the vocabulary, and past 2^32 items of a collection.
    ///
    /// ```
    /// # let text = "facts: [{name: 研发费用, type: money, grain: year}]";
    /// # let (words, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
    /// use facts::read::{ReadOptions, read};
    /// use population::{Key, Population, Values, Wanted};
    /// let csv = "名称,研发费用.上年\n甲公司,21.5\n乙公司,12..19\n";
    /// let read = read("企业.csv", csv.as_bytes(), &words, &ReadOptions::default()).unwrap();
    /// let population = Population::from_profiles("enterprise", &read.profiles.iter().collect::<Vec<_>>(), &words);
    /// let (key, column) = &population.columns()[0];
    /// assert_eq!(column.values, Values::Numbers { scale: 0, mantissas: vec![215_000, 0] });
    /// assert_eq!(population.profile(1, &Wanted::all()).facts.len(), 1);
    /// ```
    pub fn from_profiles(kind: &str, profiles: &[&Profile], vocabulary: &Vocabulary) -> Self {
        let profiles: Vec<Option<&Profile>> = profiles.iter().copied().map(Some).collect();
        Self::of(kind, &profiles, vocabulary)
    }

    /// The same, where a row need not have a profile at all.
    fn of(kind: &str, profiles: &[Option<&Profile>], vocabulary: &Vocabulary) -> Self {
        let mut population = Self::blank(kind, profiles.len());
        let text = |pick: fn(&Profile) -> &str| -> Strings {
            profiles.iter().map(|profile| profile.map_or("", pick)).collect()
        };
        population.ids = text(|profile| &profile.id);
        population.names = text(|profile| &profile.name);
        for (row, profile) in given(profiles).filter(|(_, profile)| profile.kind != kind) {
            population.other_kinds.insert(row, profile.kind.clone());
        }
        push_facts(&mut population, profiles, vocabulary);
        push_manual(&mut population, profiles);
        push_statuses(&mut population, profiles);
        for name in names(profiles, |profile| &profile.collections) {
            let items = items(profiles, name, vocabulary);
            population.collections.insert(name.to_owned(), items);
        }
        for role in names(profiles, |profile| &profile.roles) {
            let parties: Vec<Option<&Profile>> =
                profiles.iter().map(|profile| profile.and_then(|profile| profile.roles.get(role))).collect();
            let known = parties.iter().map(Option::is_some).collect();
            let kind = common_kind(parties.iter().flatten().copied());
            let parties = Self::of(&kind, &parties, vocabulary);
            population.roles.insert(role.to_owned(), Parties { known, parties });
        }
        population
    }
}

/// The rows that have a profile.
fn given<'p>(profiles: &[Option<&'p Profile>]) -> impl Iterator<Item = (usize, &'p Profile)> {
    profiles.iter().enumerate().filter_map(|(row, profile)| Some((row, (*profile)?)))
}

/// All keys of one of the profiles' maps.
fn names<'p, V: 'p>(
    profiles: &[Option<&'p Profile>],
    map: fn(&'p Profile) -> &'p BTreeMap<String, V>,
) -> BTreeSet<&'p str> {
    given(profiles).flat_map(|(_, profile)| map(profile).keys().map(String::as_str)).collect()
}

/// A kind that most of few different ones share: the first, since they hardly ever differ.
fn common_kind<'p>(mut profiles: impl Iterator<Item = &'p Profile>) -> String {
    profiles.next().map(|profile| profile.kind.clone()).unwrap_or_default()
}

fn push_facts(population: &mut Population, profiles: &[Option<&Profile>], vocabulary: &Vocabulary) {
    let mut facts: BTreeMap<FactId, Vec<Series>> = BTreeMap::new();
    for (row, profile) in given(profiles) {
        for (fact, entries) in &profile.facts {
            place(facts.entry(*fact).or_default(), row, entries);
        }
    }
    for (fact, columns) in facts {
        for (period, values) in columns {
            let mut builder = ColumnBuilder::new(vocabulary.get(fact).fact_type, profiles.len());
            values.into_iter().for_each(|(row, value)| builder.set(row, value.clone()));
            population.push(Key::Fact(fact, period), builder.finish());
        }
    }
}

/// Puts the entries of a row into columns that stand in the same order: which entry answers for a period hangs on it.
/// A period has several columns where rows give their periods in different orders.
fn place<'p>(columns: &mut Vec<Series<'p>>, row: usize, entries: &'p [Entry]) {
    let mut next = 0;
    for entry in entries {
        let behind = columns[next..].iter().position(|(period, _)| *period == entry.period);
        let at = behind.map_or(columns.len(), |behind| next + behind);
        if at == columns.len() {
            columns.push((entry.period.clone(), Vec::new()));
        }
        columns[at].1.push((row, &entry.value));
        next = at + 1;
    }
}

fn push_manual(population: &mut Population, profiles: &[Option<&Profile>]) {
    for id in names(profiles, |profile| &profile.manual) {
        let mut column = Column::plain(Bits::new(profiles.len()), Values::Bools(Bits::new(profiles.len())));
        let rows = given(profiles).filter_map(|(row, profile)| Some((row, *profile.manual.get(id)?)));
        for (row, decided) in rows {
            column.known.set(row, true);
            if let Values::Bools(bits) = &mut column.values {
                bits.set(row, decided);
            }
        }
        population.push(Key::Manual(id.to_owned()), column);
    }
}

fn push_statuses(population: &mut Population, profiles: &[Option<&Profile>]) {
    for name in names(profiles, |profile| &profile.holdings) {
        let holdings: Vec<_> = profiles
            .iter()
            .map(|profile| profile.and_then(|profile| profile.holdings.get(name).cloned()))
            .collect();
        let known = holdings.iter().map(Option::is_some).collect();
        population.push(Key::Status(name.to_owned()), Column::plain(known, Values::Holdings(holdings)));
    }
}

fn items(profiles: &[Option<&Profile>], name: &str, vocabulary: &Vocabulary) -> Items {
    let list = |profile: &Option<&'_ Profile>| profile.is_some_and(|it| it.collections.contains_key(name));
    let known = profiles.iter().map(list).collect();
    let mut items: Vec<&Profile> = Vec::new();
    let mut offsets = vec![0];
    for profile in profiles {
        items.extend(profile.and_then(|profile| profile.collections.get(name)).into_iter().flatten());
        offsets.push(u32::try_from(items.len()).expect("a population has fewer than 2^32 items"));
    }
    let declared = vocabulary.collection(name).map(|collection| collection.item.clone());
    let kind = declared.unwrap_or_else(|| common_kind(items.iter().copied()));
    Items { known, offsets, items: Population::from_profiles(&kind, &items, vocabulary) }
}
