//! Which values bear on a decision, and whether two decisions are the same. Pure.

use std::collections::{BTreeMap, BTreeSet};

use engine::batch::Plan;
use engine::point::{Decision, Engine, Options, Standing};
use facts::{Date, Profile, Vocabulary, write};
use population::Wanted;
use serde_json::{Value, json};

use super::model::Difference;
use super::verdict::Verdict;
use crate::policies::Shelved;
use crate::registry::{Held, Item};

/// Most differences that are told.
const DIFFERENCES_MAX: usize = 100;

/// Keys of a decision that are words about it, in both languages, or about the subject's name: they may be put better later, and
/// say nothing else.
const WORDS: [&str; 9] =
    ["says", "shown", "title", "source", "subject", "open_points", "notes", "next_question", "window"];

/// All documents in force for that kind of subject, in short.
pub fn decide_all(shelved: &Shelved, profile: &Profile, day: Date) -> Vec<Verdict> {
    in_force(shelved, profile, day, false).iter().map(Verdict::of).collect()
}

/// All documents in force for that kind of subject, with how far off each is or without.
pub fn in_force<'l>(shelved: &'l Shelved, profile: &Profile, day: Date, gaps: bool) -> Vec<Decision<'l>> {
    let rulebook = &shelved.library.rulebook;
    let engine = Engine::new(rulebook).with(Options { gaps });
    let ids = rulebook.ids().into_iter();
    let entries = ids.filter_map(|id| match rulebook.on(id, day)? {
        Standing::InForce(entry) if entry.document.subject == profile.kind => Some(entry),
        _ => None,
    });
    entries.map(|entry| engine.decide_entry(entry, profile, day, &None)).collect()
}

/// What of a subject's values could bear on a document, with their sources, by key.
pub fn inputs(shelved: &Shelved, policy: &str, day: Date, held: &Held) -> Value {
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let wanted = Plan::new(&shelved.library.rulebook, [policy], day).wanted();
    let written = write::to_json(&held.profile, vocabulary);
    let bearing = held.standings.iter().filter(|(item, _)| bears(&wanted, item));
    let by_key: BTreeMap<String, Value> = bearing
        .map(|(item, standing)| {
            let key = item.key(vocabulary);
            let stated = &standing.stated;
            let input = json!({
                "key": key,
                "value": written.get(&key),
                "source": stated.source,
                "observed": stated.observed.to_string(),
                "statement": stated.id.to_string(),
                "position": stated.position,
                "contested": standing.contest.is_some(),
            });
            (key, input)
        })
        .collect();
    by_key.into_values().collect()
}

fn bears(wanted: &Wanted, item: &Item) -> bool {
    match item {
        Item::Fact(fact, _) => wanted.facts.as_ref().is_none_or(|facts| facts.contains(fact)),
        Item::Status(name) => wanted.statuses.as_ref().is_none_or(|names| names.contains(name)),
        Item::Condition(id) => wanted.manual.as_ref().is_none_or(|ids| ids.contains(id)),
        Item::Collection(name) => wanted.collections.as_ref().is_none_or(|names| names.contains_key(name)),
        Item::Role(name) => wanted.roles.as_ref().is_none_or(|names| names.contains_key(name)),
    }
}

/// Which statements a decision's inputs rest on, with their keys.
pub fn statements(inputs: &Value) -> BTreeSet<(String, String)> {
    let text = |input: &Value, key: &str| input[key].as_str().unwrap_or_default().to_owned();
    let inputs = inputs.as_array().into_iter().flatten();
    inputs.map(|input| (text(input, "statement"), text(input, "key"))).collect()
}

/// Everything in which two decisions differ but for words.
pub fn differences(then: &Value, now: &Value, place: &str) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(then, now, place, &mut found);
    found
}

fn compare(then: &Value, now: &Value, place: &str, found: &mut Vec<Difference>) {
    if found.len() >= DIFFERENCES_MAX {
        return;
    }
    match (then, now) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys.into_iter().filter(|key| !WORDS.contains(&key.as_str())) {
                let (one, other) = (one.get(key), other.get(key));
                let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                let key = key.replace('~', "~0").replace('/', "~1");
                compare(one, other, &format!("{place}/{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                compare(one, other, &format!("{place}/{at}"), found);
            }
        }
        (then, now) if then == now => {}
        (then, now) => {
            found.push(Difference { place: place.to_owned(), then: then.clone(), now: now.clone() });
        }
    }
}

/// The names of facts, and keys of everything else, of which the register holds a value that it did not show: on top, or within
/// collections and related parties.
pub fn hidden(shown: &BTreeMap<String, Value>, held: &Held, shelved: &Shelved) -> BTreeSet<String> {
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let mut seen = BTreeSet::new();
    shown.iter().for_each(|(key, value)| collect(key, value, &mut seen));
    let mut hidden = BTreeSet::new();
    let inner = held.profile.collections.values().flatten().chain(held.profile.roles.values());
    inner.for_each(|profile| names_of(profile, vocabulary, &mut hidden));
    hidden.retain(|name| !seen.contains(name));
    for item in held.standings.keys().filter(|item| !shown.contains_key(&item.key(vocabulary))) {
        hidden.insert(match item {
            Item::Fact(fact, _) => vocabulary.get(*fact).name.clone(),
            item => item.key(vocabulary),
        });
    }
    hidden
}

fn names_of(profile: &Profile, vocabulary: &Vocabulary, names: &mut BTreeSet<String>) {
    names.extend(profile.facts.keys().map(|fact| vocabulary.get(*fact).name.clone()));
    let inner = profile.collections.values().flatten().chain(profile.roles.values());
    inner.for_each(|profile| names_of(profile, vocabulary, names));
}

/// The names of facts that stand in what was shown, whatever their period.
fn collect(key: &str, value: &Value, names: &mut BTreeSet<String>) {
    names.insert(key.split_once('.').map_or(key, |(name, _)| name).to_owned());
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| collect(key, value, names)),
        Value::Array(items) => {
            let entries = items.iter().filter_map(Value::as_object).flatten();
            entries.for_each(|(key, value)| collect(key, value, names));
        }
        _ => {}
    }
}
