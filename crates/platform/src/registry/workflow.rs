//! Which of several values is in force. Nothing here touches the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::classification::Classifications;
use facts::{Date, Profile};

use super::model::{ContestId, Item, Standing, Stated, StatementId, Told};

/// A statement as it was read.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Who said it and when.
    pub stated: Arc<Stated>,
    /// What was said.
    pub items: Vec<(Item, Told)>,
}

/// A contest of a value, as far as it bears on what is in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Objection {
    /// The contest.
    pub contest: ContestId,
    /// The statement that the value is of.
    pub statement: StatementId,
    /// Which of its values.
    pub item: Item,
    /// The contest was found right, so the value does not count.
    pub is_set_aside: bool,
}

/// Ranks of sources by code. A source that is not in it, comes last.
pub type Ranks = BTreeMap<String, i64>;

/// What puts one value before another: rank of the source, day, position, and between two of one batch the id.
fn weight(stated: &Stated, ranks: &Ranks) -> (i64, Date, u64, StatementId) {
    let rank = ranks.get(&stated.source).copied().unwrap_or(i64::MIN);
    (rank, stated.observed, stated.position, stated.id)
}

/// The value in force of each item. `objections` are those that stand at the time: open ones, and those found right.
pub fn in_force(
    spoken: Vec<Spoken>,
    ranks: &Ranks,
    objections: &[Objection],
) -> BTreeMap<Item, (Told, Standing)> {
    let mut by_item: BTreeMap<Item, Vec<(Told, Arc<Stated>)>> = BTreeMap::new();
    for statement in spoken {
        for (item, told) in statement.items {
            let is_out = objections
                .iter()
                .any(|it| it.is_set_aside && it.statement == statement.stated.id && it.item == item);
            if !is_out {
                by_item.entry(item).or_default().push((told, statement.stated.clone()));
            }
        }
    }
    let mut out = BTreeMap::new();
    for (item, mut values) in by_item {
        values.sort_by_key(|(_, stated)| std::cmp::Reverse(weight(stated, ranks)));
        let mut values = values.into_iter();
        let Some((told, stated)) = values.next() else { continue };
        let mut conflicts: Vec<(Told, Arc<Stated>)> = Vec::new();
        let mut heard = vec![stated.source.clone()];
        // Sorted by weight, so the first of a source is its last word.
        for (other, by) in values {
            if heard.contains(&by.source) {
                continue;
            }
            heard.push(by.source.clone());
            if other != told {
                conflicts.push((other, by));
            }
        }
        let is_open = |it: &&Objection| !it.is_set_aside && it.statement == stated.id && it.item == item;
        let contest = objections.iter().find(is_open).map(|it| it.contest);
        out.insert(item, (told, Standing { stated, conflicts, contest }));
    }
    out
}

/// The items of a profile.
pub fn items_of(profile: Profile) -> Vec<(Item, Told)> {
    let facts = profile.facts.into_iter().flat_map(|(fact, entries)| {
        entries.into_iter().map(move |entry| (Item::Fact(fact, entry.period), Told::Value(entry.value)))
    });
    let statuses = profile.holdings.into_iter().map(|(name, it)| (Item::Status(name), Told::Holding(it)));
    let lists = profile.collections.into_iter();
    let parties = profile.roles.into_iter();
    let decisions = profile.manual.into_iter();
    facts
        .chain(statuses)
        .chain(lists.map(|(name, items)| (Item::Collection(name), Told::Collection(items))))
        .chain(parties.map(|(role, party)| (Item::Role(role), Told::Party(Box::new(party)))))
        .chain(decisions.map(|(id, decided)| (Item::Condition(id), Told::Decision(decided))))
        .collect()
}

/// Puts an item into a profile.
pub fn put(profile: &mut Profile, item: &Item, told: Told, origin: facts::Origin) {
    match (item, told) {
        (Item::Fact(fact, period), Told::Value(value)) => profile.set(*fact, period.clone(), value, origin),
        (Item::Status(name), Told::Holding(holding)) => {
            profile.holdings.insert(name.clone(), holding);
        }
        (Item::Collection(name), Told::Collection(items)) => {
            profile.collections.insert(name.clone(), items);
        }
        (Item::Role(role), Told::Party(party)) => {
            profile.roles.insert(role.clone(), *party);
        }
        (Item::Condition(id), Told::Decision(decided)) => {
            profile.manual.insert(id.clone(), decided);
        }
        (item, told) => unreachable!("{item:?} was read as {told:?}"),
    }
}

/// The day that lies so many working days after another. In years whose holidays are not known yet, Monday to Friday are
/// worked.
pub fn working_days_after(classifications: &Classifications, day: Date, count: u32) -> Date {
    let mut left = count;
    let mut day = day;
    while left > 0 {
        let Some(next) = day.add_days(1) else { return day };
        day = next;
        let is_worked = match classifications.years.get(&day.year).and_then(|year| year.kind(day)) {
            Some(kind) => kind.is_worked(),
            // The first of January 1970 was a Thursday.
            None => (day.to_epoch_days() + 3).rem_euclid(7) < 5,
        };
        left -= u32::from(is_worked);
    }
    day
}
