//! Laws over random acts: what is in force is what a plain replay of all acts gives, at every position, and every change
//! names whom it changed.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::ground::Chance;
use crate::ground::testing::Drawn;

store::on_both_databases!(schema;
    what_is_in_force_is_what_a_replay_gives_and_changes_name_whom_they_change,
);

const SOURCES: [&str; 4] = ["taxation", "statistics", "zone", "service-partner"];
const ITEMS: [&str; 3] = ["研发费用.2023", "研发费用.2024", "研发费用.2025"];
const ACTS: usize = 70;

/// An act as the replay sees it.
enum Act {
    Say { subject: usize, id: StatementId, source: &'static str, day: Date, item: &'static str, value: u64 },
    Contest { id: ContestId, statement: StatementId },
    Answer { id: ContestId, is_right: bool },
    Rank { source: &'static str, rank: i64 },
    Merge { from: usize, into: usize },
    Unmerge { from: usize },
}

struct Random(Drawn);

impl Random {
    fn below(&self, end: u64) -> u64 {
        u64::from_be_bytes((&self.0 as &dyn Chance).bytes::<8>()) % end
    }

    fn of<T: Copy>(&self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// What the acts up to a position give for each subject and item: value, source, whether it is contested.
fn replayed(
    acts: &[(u64, Act)],
    at: u64,
    subjects: usize,
) -> BTreeMap<(usize, &'static str), (u64, &'static str, bool)> {
    let mut ranks: BTreeMap<&str, i64> =
        [("taxation", 90), ("statistics", 80), ("zone", 70), ("service-partner", 30)].into();
    let mut merged: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open: BTreeMap<ContestId, StatementId> = BTreeMap::new();
    let mut out: BTreeSet<StatementId> = BTreeSet::new();
    for (_, act) in acts.iter().filter(|(position, _)| *position <= at) {
        match act {
            Act::Say { .. } => {}
            Act::Contest { id, statement } => drop(open.insert(*id, *statement)),
            Act::Answer { id, is_right } => {
                let statement = open.remove(id).unwrap();
                if *is_right {
                    out.insert(statement);
                }
            }
            Act::Rank { source, rank } => drop(ranks.insert(source, *rank)),
            Act::Merge { from, into } => drop(merged.insert(*from, *into)),
            Act::Unmerge { from } => drop(merged.remove(from)),
        }
    }
    let last = |mut subject: usize| {
        while let Some(into) = merged.get(&subject) {
            subject = *into;
        }
        subject
    };
    let mut values = BTreeMap::new();
    for wanted in 0..subjects {
        for wanted_item in ITEMS {
            let said = acts.iter().filter_map(|(position, act)| match act {
                Act::Say { subject, id, source, day, item, value }
                    if *position <= at
                        && last(*subject) == last(wanted)
                        && *item == wanted_item
                        && !out.contains(id) =>
                {
                    Some((
                        (ranks[source], *day, *position),
                        (*value, *source, open.values().any(|it| it == id)),
                    ))
                }
                _ => None,
            });
            if let Some((_, value)) = said.max_by_key(|(weight, _)| *weight) {
                values.insert((wanted, wanted_item), value);
            }
        }
    }
    values
}

async fn what_is_in_force_is_what_a_replay_gives_and_changes_name_whom_they_change(test: TestStore) {
    let world = World::new(test).await;
    let mut subjects = vec![world.firm];
    for name in ["乙", "丙", "丁"] {
        subjects.push(world.subject("enterprise", None, name).await.unwrap());
    }
    let random = Random(Drawn::new(7));
    let first = world.position().await;
    let mut acts: Vec<(u64, Act)> = Vec::new();
    while acts.len() < ACTS {
        if let Some(act) = act(&world, &random, &subjects, &acts).await {
            acts.push((world.position().await, act));
        }
    }
    let mut read = world.read().await.unwrap();
    let mut before = None;
    for at in first..=world.position().await {
        let mut after = Vec::new();
        for subject in &subjects {
            let held = profile(&mut read, &world.words, *subject, Some(at)).await.unwrap().unwrap();
            after.push((*subject, held));
        }
        compare(&world, &replayed(&acts, at, subjects.len()), &after, at);
        let page = profiles(&mut read, &world.words, "enterprise", None, 2, Some(at)).await.unwrap();
        let mut whole = page.clone();
        while let Some(last) = whole.last().map(|held| held.subject.id) {
            let more =
                profiles(&mut read, &world.words, "enterprise", Some(last), 2, Some(at)).await.unwrap();
            if more.is_empty() {
                break;
            }
            whole.extend(more);
        }
        let alone: BTreeMap<SubjectId, Held> =
            after.iter().map(|(_, held)| (held.subject.id, held.clone())).collect();
        assert_eq!(whole, alone.into_values().collect::<Vec<_>>(), "pages at {at}");
        if let Some(before) = before.replace(after.clone()) {
            let changes = changes_after(&mut read, at - 1, 1).await.unwrap();
            assert_eq!(changes[0].position, at);
            for (old, new) in std::iter::zip::<Vec<(SubjectId, Held)>, _>(before, after) {
                let is_named = changes[0].subjects.contains(&new.0);
                let bears = changes[0].subjects.contains(&new.1.subject.id);
                assert!(old.1 == new.1 || is_named || bears, "{at} changes {} unnamed", new.0);
            }
        }
    }
}

fn compare(
    world: &World,
    wanted: &BTreeMap<(usize, &'static str), (u64, &'static str, bool)>,
    held: &[(SubjectId, Held)],
    at: u64,
) {
    let fact = world.words.find("研发费用").unwrap();
    for (index, (_, held)) in held.iter().enumerate() {
        for key in ITEMS {
            let item = world.item(key);
            let Item::Fact(_, period) = &item else { panic!("{key}") };
            let found = held.standings.get(&item).map(|standing| {
                let entries = &held.profile.facts[&fact];
                let entry = entries.iter().find(|entry| entry.period == *period).unwrap();
                let written = facts::write::written(world.words.get(fact), &entry.value);
                (written, standing.stated.source.clone(), standing.contest.is_some())
            });
            let wanted = wanted
                .get(&(index, key))
                .map(|(value, source, is_open)| (format!("{value}万元"), (*source).to_owned(), *is_open));
            assert_eq!(found, wanted, "subject {index}, {key}, position {at}");
        }
    }
}

/// Does something at random; `None` where it was refused, as a contest of nothing.
async fn act(world: &World, random: &Random, subjects: &[SubjectId], acts: &[(u64, Act)]) -> Option<Act> {
    let pick = || usize::try_from(random.below(subjects.len() as u64)).unwrap();
    let open = || {
        let answered =
            |wanted| acts.iter().any(|(_, act)| matches!(act, Act::Answer { id, .. } if *id == wanted));
        acts.iter().find_map(|(_, act)| match act {
            Act::Contest { id, .. } if !answered(*id) => Some(*id),
            _ => None,
        })
    };
    match random.below(12) {
        0..6 => {
            let (subject, source, item) = (pick(), random.of(&SOURCES), random.of(&ITEMS));
            let (observed, value) =
                (random.of(&["2026-09-01", "2026-10-01", "2026-11-01"]), 1 + random.below(3));
            let facts = format!(r#"{{"{item}": "{value}万元"}}"#);
            let said = world.says_of(&world.office, subjects[subject], (source, observed), &facts).await;
            Some(Act::Say { subject, id: said.unwrap().0, source, day: day(observed), item, value })
        }
        6 => {
            let (subject, key) = (subjects[pick()], random.of(&ITEMS));
            let held = world.held(subject, None).await?;
            let statement = held.standings.get(&world.item(key))?.stated.id;
            let reason = "不对".to_owned();
            let wanted = NewContest { subject, item: key.to_owned(), statement, reason, evidence: None };
            let raised = contest_value(world, &visitor(), &world.tax, &world.words, &wanted).await.unwrap();
            raised.ok().map(|(id, _)| Act::Contest { id, statement })
        }
        7 => {
            let (id, is_right) = (open()?, random.below(2) == 0);
            let outcome = if is_right { Outcome::Upheld } else { Outcome::Refused };
            let wanted = NewAnswer { contest: id, outcome, reason: "核对".to_owned(), correction: None };
            let answered = answer_contest(world, &visitor(), &world.office, &world.words, &wanted).await;
            answered.unwrap().ok().map(|()| Act::Answer { id, is_right })
        }
        8 => {
            let (source, rank) = (random.of(&SOURCES), i64::try_from(random.below(100)).unwrap());
            let ranked = rank_source(world, &visitor(), &world.office, (source, rank), "调整").await.unwrap();
            ranked.ok().map(|_| Act::Rank { source, rank })
        }
        9 | 10 => {
            let (from, into) = (pick(), pick());
            let pair = (subjects[from], subjects[into]);
            let merged = merge_subjects(world, &visitor(), &world.office, pair, "重复").await.unwrap();
            merged.ok().map(|_| Act::Merge { from, into })
        }
        _ => {
            let from = pick();
            let mut read = world.read().await.unwrap();
            let merges = super::super::sql::subjects::merges(&mut read, u64::MAX).await.unwrap();
            let (_, merge) = *merges.0.get(&subjects[from])?;
            drop(read);
            unmerge_subjects(world, &visitor(), &world.office, merge).await.unwrap().unwrap();
            Some(Act::Unmerge { from })
        }
    }
}
