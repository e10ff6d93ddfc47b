//! What is told to whom, on rows of figures made for it.

use super::*;
use facts::FactId;

/// So many ineligible under both, eligible under both, and gaining.
fn tally(none: usize, both: usize, gain: usize) -> Tally {
    let mut moves = [[0; 3]; 3];
    moves[0][0] = none;
    moves[2][2] = both;
    moves[0][2] = gain;
    let subjects = none + both + gain;
    Tally { subjects, moves, payees_now: both, payees_then: both + gain, ..Tally::default() }
}

fn groups(tallies: Vec<Tally>) -> Groups {
    let named = tallies.into_iter().enumerate().map(|(at, tally)| (Some(format!("{at}")), tally));
    Groups { fact: FactId(0), tallies: named.collect() }
}

fn effect(tallies: Vec<Tally>) -> Effect {
    let mut all = Tally::default();
    tallies.iter().for_each(|tally| all.merge(tally));
    Effect {
        all,
        groups: vec![groups(tallies)],
        missing: Missing::default(),
        others: Vec::new(),
        flags: Vec::new(),
    }
}

fn names(seen: &SeenGroups) -> Vec<&str> {
    seen.told.tallies.iter().filter_map(|(name, _)| name.as_deref()).collect()
}

#[test]
fn whoever_may_read_the_facts_is_told_groups_of_one() {
    let seen = effect(vec![tally(1, 0, 0), tally(0, 30, 0)]).seen(Privacy::Full);
    assert_eq!(names(&seen.groups[0]), ["0", "1"]);
    assert!(seen.groups[0].rest.is_none() && seen.all.is_some());
}

#[test]
fn a_group_of_four_is_not_told() {
    assert!(!can_be_told(&tally(4, 0, 0)));
    assert!(can_be_told(&tally(5, 0, 0)));
}

#[test]
fn a_few_of_many_are_not_told_nor_are_all_but_a_few() {
    assert!(!can_be_told(&tally(100, 0, 1)), "one gains");
    assert!(!can_be_told(&tally(4, 100, 0)), "all but four are eligible");
    assert!(!can_be_told(&Tally { more: 2, ..tally(0, 50, 0) }), "two get more");
    assert!(!can_be_told(&Tally { more: 48, ..tally(0, 50, 0) }), "all but two get more");
    assert!(!can_be_told(&Tally { moved: 1, ..tally(0, 50, 0) }), "the amount of one is another");
    assert!(!can_be_told(&Tally { payees_then: 1, ..tally(0, 50, 0) }), "the sum is what one gets");
    let one_cannot_be_told = Sum { undetermined: 1, ..Sum::default() };
    assert!(!can_be_told(&Tally { then: one_cannot_be_told, ..tally(0, 50, 0) }));
}

#[test]
fn one_hidden_group_takes_the_smallest_told_one_with_it() {
    // Were groups 0 and 2 told, the whole less these would be the group of three.
    let seen = effect(vec![tally(40, 0, 0), tally(3, 0, 0), tally(20, 0, 0)]).seen(Privacy::Suppressed);
    assert_eq!(names(&seen.groups[0]), ["0"]);
    let (count, rest) = seen.groups[0].rest.as_ref().expect("two groups were put together");
    assert_eq!((*count, rest.subjects), (2, 23));
}

#[test]
fn hidden_groups_that_are_enough_together_take_nobody_with_them() {
    let seen = effect(vec![tally(40, 0, 0), tally(3, 0, 0), tally(4, 0, 0)]).seen(Privacy::Suppressed);
    assert_eq!(names(&seen.groups[0]), ["0"]);
    assert_eq!(seen.groups[0].rest.as_ref().map(|(count, rest)| (*count, rest.subjects)), Some((2, 7)));
}

#[test]
fn where_one_gains_in_all_only_the_number_of_subjects_is_told() {
    let mut effect = effect(vec![tally(40, 0, 0), tally(60, 0, 1)]);
    effect.missing = Missing { open: 9, asked: 9, facts: vec![("研发费用".to_owned(), 9)] };
    let seen = effect.seen(Privacy::Suppressed);
    assert!(seen.all.is_none() && seen.groups.is_empty() && seen.missing.is_none());
    assert_eq!(seen.subjects, 101);
}

#[test]
fn what_is_told_adds_up_to_the_whole_and_every_row_can_be_told() {
    let mut seed = 7_u64;
    let mut below = |end: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % end).expect("a small number")
    };
    let mut told = 0;
    for _ in 0..2_000 {
        let count = 1 + below(6);
        let tallies: Vec<Tally> = (0..count)
            .map(|_| {
                let size = [1, 9, 60][below(3)];
                tally(below(size + 1), below(size + 1), below(size + 1))
            })
            .collect();
        let whole = effect(tallies);
        let all = whole.all.clone();
        let seen = whole.seen(Privacy::Suppressed);
        if let Some(all) = &seen.all {
            assert!(can_be_told(all));
        }
        for groups in &seen.groups {
            let rest = groups.rest.iter().map(|(_, tally)| tally);
            let rows: Vec<&Tally> = groups.told.tallies.iter().map(|(_, tally)| tally).chain(rest).collect();
            assert!(rows.iter().all(|row| can_be_told(row)), "{rows:?}");
            assert_eq!(rows.iter().map(|row| row.subjects).sum::<usize>(), all.subjects);
            assert!(seen.all.is_some(), "rows that can be told add up to a whole that can");
            told += 1;
        }
    }
    assert!(told > 500, "the test tells something: {told}");
}

#[test]
fn another_policy_that_a_few_gainers_have_is_named_only_if_the_draft_names_it() {
    let other = |gainers, is_exclusive| Other {
        id: "x".to_owned(),
        gainers,
        paid: Sum { least: 7, most: 7, ..Sum::default() },
        payees: gainers,
        is_exclusive,
        is_known: true,
    };
    assert!(other_seen(other(2, false), 50, true).is_none());
    assert!(other_seen(other(48, false), 50, true).is_none(), "all gainers but two have it");
    let named = other_seen(other(2, true), 50, true).expect("the text names it");
    assert!(named.gainers.is_none() && named.paid.is_none());
    assert_eq!((named.other.gainers, named.other.paid.most), (0, 0));
    assert_eq!(other_seen(other(20, false), 50, true).and_then(|seen| seen.gainers), Some(20));
}

#[test]
fn what_a_few_lack_is_not_told() {
    let facts = [("甲", 2), ("乙", 30), ("丙", 99)].map(|(key, count)| (key.to_owned(), count));
    let told = few_missing(Missing { open: 100, asked: 100, facts: facts.to_vec() });
    assert_eq!(told.facts, [("乙".to_owned(), 30)]);
}

#[test]
fn a_point_that_differs_by_a_few_from_one_that_is_told_is_left_out() {
    let point = |eligible: usize, most: i128| Point {
        value: facts::Number::from(1),
        totals: Some(Totals {
            eligible,
            ineligible: 100 - eligible,
            open: 0,
            amount: Sum { least: most, most, ..Sum::default() },
        }),
    };
    let mut points =
        [point(50, 5), point(51, 6), point(55, 9), point(55, 9), point(55, 8), point(3, 1), point(98, 1)];
    let mut told = Vec::new();
    points.iter_mut().for_each(|point| hide_unless_apart(point, &mut told));
    let seen: Vec<Option<usize>> =
        points.iter().map(|point| point.totals.as_ref().map(|totals| totals.eligible)).collect();
    assert_eq!(seen, [Some(50), None, Some(55), Some(55), None, None, None]);
}
