//! Profiles into columns and back.

use facts::{FactId, Holding, Profile};
use population::{Population, Wanted};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::random::{profile, some_of};
use crate::{profiles, without_origins, words};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn profiles_come_back_as_they_were(given in vec(profile(words(), "enterprise", 2), 0..12)) {
        let words = words();
        let population = Population::from_profiles("enterprise", &given.iter().collect::<Vec<_>>(), words);
        prop_assert_eq!(population.rows(), given.len());
        let expected: Vec<Profile> = given.into_iter().map(without_origins).collect();
        prop_assert_eq!(profiles(&population), expected);
    }

    #[test]
    fn a_row_comes_back_with_what_is_wanted_alone(
        given in vec(profile(words(), "enterprise", 1), 1..5),
        facts in some_of((0..19).map(FactId).collect()),
        items in some_of((0..19).map(FactId).collect()),
    ) {
        let words = words();
        let population = Population::from_profiles("enterprise", &given.iter().collect::<Vec<_>>(), words);
        let mut wanted = Wanted::nothing();
        facts.iter().for_each(|fact| wanted.add_fact(*fact));
        let wanted_items = wanted.collection("投资").unwrap();
        items.iter().for_each(|fact| wanted_items.add_fact(*fact));
        wanted.add_status("高新技术企业");
        wanted.add_manual("甲");
        for (row, profile) in given.iter().enumerate() {
            let mut expected = without_origins(profile.clone());
            expected.facts.retain(|fact, _| facts.contains(fact));
            expected.holdings.retain(|name, _: &mut Holding| name == "高新技术企业");
            expected.manual.retain(|id, _| id == "甲");
            expected.roles.clear();
            expected.collections.retain(|name, _| name == "投资");
            for item in expected.collections.values_mut().flatten() {
                item.facts.retain(|fact, _| items.contains(fact));
                item.holdings.clear();
                item.manual.clear();
            }
            prop_assert_eq!(population.profile(row, &wanted), expected);
        }
    }
}

#[test]
fn the_order_of_a_rows_entries_is_kept_where_rows_differ_in_it() {
    let words = words();
    let cost = words.find("研发费用").unwrap();
    let periods = [crate::year(2024), crate::year(2025), crate::year(2023)];
    let given: Vec<Profile> = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 1, 2]]
        .into_iter()
        .map(|order| {
            let mut profile = Profile::new("enterprise");
            for at in order {
                let value = facts::Value::Number((at as i64).into());
                profile.set(cost, periods[at].clone(), value, Default::default());
            }
            profile
        })
        .collect();
    let population = Population::from_profiles("enterprise", &given.iter().collect::<Vec<_>>(), words);
    assert_eq!(profiles(&population), given);
    assert!(population.columns().len() <= 7, "{} columns", population.columns().len());
}

#[test]
fn no_profiles_make_a_population_without_rows() {
    let population = Population::from_profiles("enterprise", &[], words());
    assert_eq!((population.rows(), population.columns().len()), (0, 0));
}
