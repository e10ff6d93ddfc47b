//! Bulk answers are the exact ones: on the hand-computed examples, on grown documents and subjects, on every row.

use std::collections::BTreeMap;

use demo::{Settings, Zone};
use engine::batch::{Holds, Plan, Request};
use engine::point::{Engine, Options, Outcome, Rulebook, group_bands};
use facts::{Date, Profile};
use population::{BatchPlace, Header, Population, Problems};
use proptest::prelude::*;
use rayon::prelude::*;

use super::laws::{Choices, DAY, Grower, Soil, Subject, cases, compiled, streams, vocabulary};
use super::support::{real_library, test_library};

/// What differs between bulk and exact answers, row by row.
fn differences(rulebook: &Rulebook, ids: &[&str], profiles: &[&Profile], day: Date) -> Vec<String> {
    let kind = profiles.first().map_or("enterprise", |profile| profile.kind.as_str());
    let population = Population::from_profiles(kind, profiles, &rulebook.vocabulary);
    let plan = Plan::new(rulebook, ids.iter().copied(), day);
    let bulk = plan.decide(&population, Request { amounts: true, details: true });
    let plain = plan.decide(&population, Request::default());
    let engine = Engine::new(rulebook).with(Options { gaps: false });
    let mut out = Vec::new();
    for ((id, counted), plain) in ids.iter().zip(plan.count(&population)).zip(&plain.documents) {
        let plain = plain.totals();
        if plain.eligible + plain.ineligible > 0 && counted != plain {
            out.push(format!("{id}: counted {counted:?}, decided {plain:?}"));
        }
    }
    for ((id, document), plain) in ids.iter().zip(&bulk.documents).zip(&plain.documents) {
        let bands = group_bands(&engine, id, profiles, day);
        for (row, profile) in profiles.iter().enumerate() {
            let band = bands.as_ref().and_then(|bands| bands[row].clone());
            let Some(exact) = engine.decide_ranked(id, profile, day, &band) else { continue };
            if exact.document.subject != profile.kind {
                continue;
            }
            let mut differs = |what: &str, bulk: String, exact: String| {
                if bulk != exact {
                    out.push(format!(
                        "{id} row {row} {}: {what} {bulk} in bulk, {exact} exactly",
                        profile.name
                    ));
                }
            };
            differs("outcome", format!("{:?}", document.outcome(row)), format!("{:?}", exact.outcome));
            differs("outcome alone", format!("{:?}", plain.outcome(row)), format!("{:?}", exact.outcome));
            if exact.outcome == Outcome::Eligible {
                differs(
                    "amount",
                    format!("{:?}", document.amount(row)),
                    format!("{:?}", exact.amount.as_ref()),
                );
                let rank = exact.ranks.first().map(String::as_str);
                differs("rank", format!("{:?}", document.rank(row)), format!("{rank:?}"));
            }
            if exact.outcome == Outcome::Ineligible {
                differs("failed", format!("{:?}", document.failed(row)), format!("{:?}", exact.failed));
            }
            if exact.outcome != Outcome::Ineligible {
                let missing: Vec<&String> = exact.missing.iter().map(|missing| &missing.key).collect();
                differs("missing", format!("{:?}", document.missing(row)), format!("{missing:?}"));
            }
        }
    }
    out
}

/// All examples of a library, those of one day and kind together, against all documents of their kind.
fn check_examples(library: &library::Library) {
    let mut groups: BTreeMap<(Date, String), Vec<&Profile>> = BTreeMap::new();
    for case in library.cases.iter().flat_map(|file| &file.cases) {
        groups.entry((case.on, case.profile.kind.clone())).or_default().push(&case.profile);
    }
    let mut found = Vec::new();
    for ((day, _), profiles) in &groups {
        found.extend(differences(&library.rulebook, &library.rulebook.ids(), profiles, *day));
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_example_of_the_library_comes_out_the_same_in_bulk() {
    check_examples(&real_library());
}

#[test]
fn every_shape_of_the_language_comes_out_the_same_in_bulk() {
    check_examples(&test_library("shapes"));
}

#[test]
fn a_share_that_is_met_exactly_is_reached_and_not_passed_when_counted_together() {
    let library = test_library("shapes");
    let ids = ["x-share-reached", "x-share-passed"];
    let cases = library.cases.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case)));
    let of_shares = cases.filter(|(file, _)| ids.contains(&file.id.as_str())).map(|(_, case)| case);
    let profiles: Vec<&Profile> = of_shares.map(|case| &case.profile).collect();
    let population = Population::from_profiles("enterprise", &profiles, &library.rulebook.vocabulary);
    let counter = Plan::new(&library.rulebook, ids, DAY).into_counter();
    let eligible: Vec<usize> = counter.count(&population).iter().map(|totals| totals.eligible).collect();
    // Each document has the same three: exactly met, a fen more, a fen less.
    assert_eq!((profiles.len(), counter.share(), eligible), (6, 1.0, vec![4, 2]));
}

#[test]
fn nine_in_ten_of_the_librarys_conditions_are_decided_on_planes() {
    let library = real_library();
    let report = Plan::new(&library.rulebook, library.rulebook.ids(), DAY).report();
    let mut conditions: BTreeMap<usize, Holds> = BTreeMap::new();
    for condition in report.iter().flat_map(|document| &document.conditions) {
        conditions.insert(condition.number, condition.holds);
    }
    let held = conditions.values().filter(|holds| !matches!(holds, Holds::Exact(_))).count();
    assert!(conditions.len() > 80, "{} conditions", conditions.len());
    assert!(held * 10 >= conditions.len() * 9, "{held} of {} conditions", conditions.len());
}

/// How many made-up enterprises are decided both ways; `BULK_ENTERPRISES=1000000` asks for more.
#[allow(clippy::disallowed_methods, reason = "how long a test run takes is for who starts it to say")]
fn enterprises() -> u64 {
    std::env::var("BULK_ENTERPRISES").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000)
}

/// Rows that are compared at a time.
const ROWS: u64 = 10_000;

#[test]
fn a_made_up_zone_comes_out_the_same_in_bulk_on_every_row() {
    let library = real_library();
    let rulebook = &library.rulebook;
    let vocabulary = &rulebook.vocabulary;
    let (asked, judgements) = (library.reads(DAY), Vec::new());
    let settings = Settings { seed: 7, enterprises: enterprises(), day: DAY, asked, judgements };
    let zone = Zone::new(vocabulary, settings);
    let ids: Vec<&str> = rulebook.ids();
    let plan = Plan::new(rulebook, ids.iter().copied(), DAY);
    let engine = Engine::new(rulebook).with(Options { gaps: false });
    let wanted = plan.wanted();
    let found: Vec<String> = (0..enterprises())
        .step_by(usize::try_from(ROWS).expect("it is small"))
        .flat_map(|start| {
            let rows = start..enterprises().min(start + ROWS);
            let batch = zone.batch("enterprise", rows).expect("a zone has enterprises");
            let (header, _) = Header::parse(&batch.schema(), vocabulary, "enterprise");
            let place = BatchPlace { vocabulary, first_row: 0 };
            let mut problems = Problems::default();
            let population = Population::from_batch(&batch, &header, place, &mut problems).expect("it reads");
            let bands = plan.bands(&plan.members(&population));
            let bulk = plan.decide_ranked(&population, Request { amounts: true, details: false }, &bands);
            for ((id, counted), document) in ids.iter().zip(plan.count(&population)).zip(&bulk.documents) {
                let decided = document.totals();
                if document.is_in_force {
                    let counts = (decided.eligible, decided.ineligible, decided.open);
                    assert_eq!((counted.eligible, counted.ineligible, counted.open), counts, "{id}");
                }
            }
            let differs = |row: usize| {
                let profile = population.profile(row, &wanted);
                let mut out = Vec::new();
                for (id, document) in ids.iter().zip(&bulk.documents) {
                    let band = bands.get(*id).and_then(|bands| bands[row].clone());
                    let exact =
                        engine.decide_ranked(id, &profile, DAY, &band).expect("the document is there");
                    if exact.document.subject != "enterprise" {
                        continue;
                    }
                    let is_paid = exact.outcome == Outcome::Eligible;
                    let amount = exact.amount.as_ref().filter(|_| is_paid);
                    if document.outcome(row) != exact.outcome || document.amount(row) != amount {
                        out.push(format!(
                            "{id} row {}: {:?} {:?} in bulk, {:?} {amount:?} exactly, missing {:?}",
                            start + row as u64,
                            document.outcome(row),
                            document.amount(row),
                            exact.outcome,
                            exact.missing.iter().map(|missing| &missing.key).collect::<Vec<_>>(),
                        ));
                    }
                }
                out
            };
            (0..population.rows()).into_par_iter().flat_map_iter(differs).collect::<Vec<String>>()
        })
        .collect();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found[..found.len().min(20)].join("\n"));
}

#[test]
fn a_population_of_nobody_has_no_outcomes() {
    let library = real_library();
    let population = Population::from_profiles("enterprise", &[], &library.rulebook.vocabulary);
    let plan = Plan::new(&library.rulebook, library.rulebook.ids(), DAY);
    let outcomes = plan.decide(&population, Request { amounts: true, details: true });
    assert_eq!(outcomes.rows, 0);
    assert!(outcomes.documents.iter().all(|document| document.totals().eligible == 0));
}

/// How many subjects each grown document is tried on.
const SUBJECTS: usize = 150;

fn agree(stream: &[u16], soil: Soil, seeds: &[u16]) -> Result<(), TestCaseError> {
    let vocabulary = vocabulary();
    let text = Grower::new(stream, soil).document();
    let document = compiled(&text, &vocabulary);
    let rulebook = Rulebook::new(vocabulary, vec![document]);
    let mut scatter = super::laws::Scatter(u64::from(seeds.first().copied().unwrap_or(1)));
    let profiles: Vec<Profile> = (0..SUBJECTS)
        .map(|_| {
            let stream: Vec<u16> =
                (0..80).map(|_| u16::try_from(scatter.below(5_040)).unwrap_or(0)).collect();
            Subject::grow(&mut Choices::new(&stream)).profile(&rulebook.vocabulary)
        })
        .collect();
    let profiles: Vec<&Profile> = profiles.iter().collect();
    let found = differences(&rulebook, &["x-law"], &profiles, DAY);
    prop_assert!(
        found.is_empty(),
        "{}\n{}",
        text,
        found.iter().take(5).cloned().collect::<Vec<_>>().join("\n")
    );
    Ok(())
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn bulk_answers_equal_exact_answers_on_every_row(stream in streams(), seeds in streams()) {
        agree(&stream, Soil::Rich, &seeds)?;
    }

    #[test]
    fn bulk_answers_equal_exact_answers_where_all_is_yes_and_no(stream in streams(), seeds in streams()) {
        agree(&stream, Soil::Small, &seeds)?;
    }
}

#[test]
fn a_total_of_years_is_not_filled_in_where_a_range_of_one_of_them_is_known() {
    let document = [
        1158, 29, 3107, 493, 1544, 847, 3897, 0, 759, 0, 69, 585, 4433, 531, 4966, 3434, 3225, 18, 1983, 351,
        857, 2477, 585, 42,
    ];
    agree(&document, Soil::Rich, &[3353]).expect("the answers are alike");
}
