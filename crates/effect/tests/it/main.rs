//! Chunks put together are everybody at once; the planes say who.

use effect::sweep::Varied;
use effect::{Effect, Privacy, Simulation, Sweep, Worlds};
use facts::{Date, Number, Period, Profile, Source, Value, Vocabulary};
use library::{File, Library};
use population::Population;

const WORDS: &str = "
facts:
  - {name: 研发费用, type: money, unit: 万元, grain: year, of: [enterprise], change: subject, ask: {zh: 多少?, en: How much?}}
  - {name: 注册县区, type: text, grain: once, of: [enterprise], change: subject, marks: [place, breakdown], ask: {zh: 哪里?, en: Where?}}
";

const GRANT: &str = "
id: demo-grant-2026
title: {zh: 示例补助办法, en: Example grant}
kind: subsidy
subject: enterprise
source: {issuer: [示例机关], document: [], grade: none, read: 2026-01-02}
in_force: {from: 2026-01-01}
default_period: 上年
needs:
  - {id: effort, clause: 待核, rule: 研发费用.上年 >= 100万元, says: {zh: 研发不低于 100 万元, en: At least a million}}
gives: {amount: 研发费用.上年 * 10%, nature: grant}
";

fn day() -> Date {
    Date::new(2026, 6, 30).expect("a day of the calendar")
}

fn library() -> Library {
    let files = vec![
        File::new("facts/words.yaml", WORDS),
        File::new("policies/city/demo-grant-2026/2026-01-01.yaml", GRANT),
    ];
    let checked = library::check(files);
    let shown: Vec<String> = checked
        .findings
        .iter()
        .map(|found| checked.sources[found.source].render(&found.diagnostic, facts::Language::English))
        .collect();
    assert!(!checked.has_errors(), "{}", shown.join("\n"));
    checked.library.expect("a library without errors")
}

/// Sixty subjects: each tenth is not known to spend anything, the others spend a little more each; three counties.
fn subjects(vocabulary: &Vocabulary) -> Vec<Profile> {
    let spent = vocabulary.find("研发费用").expect("a fact of the words");
    let place = vocabulary.find("注册县区").expect("a fact of the words");
    let one = |at: i64| {
        let mut profile = Profile::new("enterprise");
        profile.id = at.to_string();
        if at % 10 != 0 {
            let year = Period::parse("2025").expect("a year");
            profile.set(
                spent,
                year,
                Value::Number(Number::from((60 + 2 * at) * 10_000)),
                facts::Origin::default(),
            );
        }
        let county = ["示例甲区", "示例乙区", "示例丙区"][usize::try_from(at % 3).expect("0, 1 or 2")];
        profile.set(place, Period::Unstated, Value::Text(county.to_owned()), facts::Origin::default());
        profile
    };
    (0..60).map(one).collect()
}

fn chunk(profiles: &[Profile], vocabulary: &Vocabulary) -> Population {
    Population::from_profiles("enterprise", &profiles.iter().collect::<Vec<_>>(), vocabulary)
}

fn draft(text: &str, library: &Library) -> lang::ir::Document {
    let (document, found) = effect::draft::check(&Source::new("draft.yaml", text), &library.rulebook);
    document.unwrap_or_else(|| panic!("{found:?}"))
}

fn figures(effect: &Effect) -> String {
    let Effect { all, groups, missing, others, flags } = effect;
    let groups: Vec<_> = groups.iter().map(|groups| format!("{:?}", groups.tallies)).collect();
    format!("{all:?} {groups:?} {missing:?} {others:?} {flags:?}")
}

#[test]
fn chunks_put_together_are_everybody_at_once() {
    let library = library();
    let vocabulary = &library.rulebook.vocabulary;
    let lower = draft(&GRANT.replace("100万元", "80万元").replace("10%", "12%"), &library);
    let against = effect::in_force(&library.rulebook, "demo-grant-2026", day());
    let worlds = Worlds::new(&library.rulebook, lower, against, day()).unwrap();
    let dimensions = effect::simulation::marked_dimensions(vocabulary, "enterprise");
    let simulation = Simulation::new(&worlds, dimensions, day());
    assert!(!simulation.needs_everybody());
    let profiles = subjects(vocabulary);
    let of_chunks = |size: usize| {
        let mut sum = simulation.begin();
        profiles.chunks(size).for_each(|profiles| sum.decide(&chunk(profiles, vocabulary), 2_000));
        sum.finish()
    };
    let whole = of_chunks(60);
    for size in [1, 7, 59] {
        assert_eq!(figures(&of_chunks(size)), figures(&whole), "chunks of {size}");
    }
    // Spending 60万 + 2万 a place: 80万 from the tenth on, 100万 from the twentieth; each tenth is open.
    assert_eq!((whole.all.subjects, whole.all.open()), (60, 6));
    assert_eq!((whole.all.gain(), whole.all.lose(), whole.all.more), (9, 0, 36));
    assert_eq!(whole.missing.facts, [("研发费用.上年".to_owned(), 6)]);
}

#[test]
fn the_planes_name_the_rows_that_are_counted() {
    let library = library();
    let vocabulary = &library.rulebook.vocabulary;
    let higher = draft(&GRANT.replace("100万元", "120万元"), &library);
    let against = effect::in_force(&library.rulebook, "demo-grant-2026", day());
    let worlds = Worlds::new(&library.rulebook, higher, against, day()).unwrap();
    let simulation = Simulation::new(&worlds, Vec::new(), day());
    let everybody = chunk(&subjects(vocabulary), vocabulary);
    let base = simulation.base(&everybody);
    let part = simulation.compare(&everybody, &base);
    assert_eq!(part.planes.lose.iter_ones().collect::<Vec<_>>(), (21..30).collect::<Vec<_>>());
    assert_eq!(part.planes.open.iter_ones().collect::<Vec<_>>(), [0, 10, 20, 30, 40, 50]);
    assert_eq!(part.comparison.all.lose(), 9);
}

#[test]
fn a_draft_made_to_fit_one_subject_tells_nothing_of_it() {
    let library = library();
    let vocabulary = &library.rulebook.vocabulary;
    // Only the fifty-ninth spends as much.
    let text = GRANT.replace("id: demo-grant-2026", "id: demo-trap-2026").replace("100万元", "178万元");
    let worlds = Worlds::new(&library.rulebook, draft(&text, &library), None, day()).unwrap();
    let dimensions = effect::simulation::marked_dimensions(vocabulary, "enterprise");
    let simulation = Simulation::new(&worlds, dimensions, day());
    let mut sum = simulation.begin();
    sum.decide(&chunk(&subjects(vocabulary), vocabulary), 2_000);
    let effect = sum.finish();
    assert_eq!(effect.all.gain(), 1);
    let seen = effect.seen(Privacy::Suppressed);
    let told = effect::json::effect(&simulation, &seen, &[]);
    assert!(told["all"].is_null() && told["missing"].is_null(), "{told}");
    assert_eq!(told["by"].as_array().map(Vec::len), Some(0));
    assert_eq!(told["suppressed"]["subjects"], 60);
    assert!(effect::table::effect(&seen, vocabulary).is_empty());
}

#[test]
fn a_curve_is_the_same_in_chunks_and_leaves_out_what_tells_of_a_few() {
    let library = library();
    let vocabulary = &library.rulebook.vocabulary;
    let document = &effect::in_force(&library.rulebook, "demo-grant-2026", day()).unwrap().document;
    let varied = Varied { condition: "effort", constant: None, from: "60万元", to: "180万元", steps: 31 };
    let sweep = Sweep::new(&library.rulebook, document, varied, day()).unwrap();
    let profiles = subjects(vocabulary);
    let curve = |size: usize| {
        let mut running = sweep.begin();
        profiles.chunks(size).for_each(|profiles| running.decide(&chunk(profiles, vocabulary)));
        running.finish()
    };
    assert_eq!(effect::json::curve(&curve(60)), effect::json::curve(&curve(11)));
    let told = |privacy| {
        let seen = curve(60).seen(privacy);
        seen.points.iter().filter_map(|point| point.totals.as_ref()).map(|totals| totals.eligible).collect()
    };
    let all: Vec<usize> = told(Privacy::Full);
    let few: Vec<usize> = told(Privacy::Suppressed);
    assert_eq!((all.len(), all[0], all[30]), (31, 54, 0));
    assert!(few.len() > 3 && few.len() < all.len(), "{few:?}");
    for (at, one) in few.iter().enumerate() {
        for other in &few[..at] {
            assert!(one == other || one.abs_diff(*other) >= effect::privacy::FEWEST, "{few:?}");
        }
    }
}

#[test]
fn what_cannot_be_varied_is_told() {
    let library = library();
    let document = &effect::in_force(&library.rulebook, "demo-grant-2026", day()).unwrap().document;
    let wrong = |condition, to| {
        let varied = Varied { condition, constant: None, from: "1万元", to, steps: 3 };
        Sweep::new(&library.rulebook, document, varied, day()).unwrap_err().message().en
    };
    assert_eq!(wrong("efort", "2万元"), "demo-grant-2026 has no condition “efort”");
    assert!(wrong("effort", "2人").contains("unit"), "{}", wrong("effort", "2人"));
}
