//! All subjects in columns, and one document for all of them.

use std::sync::Arc;

use population::Wanted;

use super::super::columns::{self, Columns};
use super::*;
use crate::registry::merge_subjects;

store::on_both_databases!(schema;
    columns_follow_the_ledger_and_are_those_that_are_read_anew,
    a_value_that_its_source_no_longer_stands_by_does_not_count_in_bulk_either,
    another_release_and_another_server_see_the_same,
    a_run_is_kept_and_two_runs_tell_who_flipped,
);

impl World {
    async fn firm(&self, number: u32) -> SubjectId {
        let name = format!("示例{number}");
        let wanted = NewSubject { kind: "企业".to_owned(), code: Some(code(number)), name };
        create_subject(&self.ground.ground, &visitor(), &self.office, &wanted).await.unwrap().unwrap()
    }

    async fn columns(&self, engines: &Engines) -> Arc<Columns> {
        let shelved = engines.shelf().current().unwrap();
        columns::current(&self.ground.ground, engines, &shelved).await.unwrap()
    }

    fn another_server(&self) -> Engines {
        Engines::new(self.engines.shelf(), NonZeroUsize::MIN)
    }

    async fn runs(&self, on: &str) -> Run {
        let wanted = ("zz-demo-rd-2026", Some(day(on)));
        let (ground, by) = (&self.ground.ground, &self.publisher);
        run_for_all(ground, &self.engines, &visitor(), by, wanted).await.unwrap().unwrap()
    }

    /// Every row of a run against the decision of that subject alone.
    async fn agrees_with_single_decisions(&self, run: &Run) {
        for (row, subject) in run.subjects.iter().enumerate() {
            let question = Question {
                subject: *subject,
                at: Some(run.position),
                on: Some(run.day),
                policy: Some(run.policy.clone()),
            };
            let alone = self.asks(&self.office, &question).await.unwrap();
            let bulk = run.outcomes.outcome(row).as_code();
            assert_eq!(alone.verdicts[0].outcome, bulk, "{subject} at {}", run.position);
        }
    }
}

/// Everything that columns hold, row by row.
fn rows(columns: &Columns) -> Vec<(SubjectId, facts::Profile, Option<Date>)> {
    let of_chunk = |chunk: &Arc<columns::Chunk>| {
        let row =
            |(row, id): (usize, &SubjectId)| (*id, chunk.rows.profile(row, &Wanted::all()), chunk.until[row]);
        chunk.ids.iter().enumerate().map(row).collect::<Vec<_>>()
    };
    columns.chunks.iter().flat_map(of_chunk).collect()
}

async fn columns_follow_the_ledger_and_are_those_that_are_read_anew(test: TestStore) {
    let world = World::new(test).await;
    let mut firms = vec![world.firm];
    for step in 0..24_u32 {
        match step % 6 {
            // New firms come behind all others, into the last chunk, until it is divided.
            0 | 1 | 3 => {
                world.ground.clock.advance(std::time::Duration::from_millis(1));
                firms.push(world.firm(100 + step).await);
            }
            2 => {
                let facts = format!(r#"{{"居民企业": true, "营业收入.2025": "{}万元"}}"#, 1_000 + step);
                world.says_of(firms[step as usize % firms.len()], "zone", "2026-03-01", &facts).await;
            }
            4 => {
                let facts = format!(r#"{{"研发费用.2025": "{}万元", "居民企业": true}}"#, 40 + step);
                world
                    .says_of(firms[(step as usize * 7) % firms.len()], "taxation", "2026-03-01", &facts)
                    .await;
            }
            _ => {
                let (from, into) = (firms.remove(1), firms[0]);
                let pair = (from, into);
                let (ground, by) = (&world.ground.ground, &world.office);
                merge_subjects(ground, &visitor(), by, pair, "重复登记").await.unwrap().unwrap();
            }
        }
        let kept = world.columns(&world.engines).await;
        let anew = world.columns(&world.another_server()).await;
        assert_eq!(rows(&kept), rows(&anew), "after step {step}");
        assert_eq!(kept.position, anew.position);
        assert_eq!(kept.ids().collect::<Vec<_>>(), {
            firms.sort();
            firms.clone()
        });
    }
    let run = world.runs("2026-06-30").await;
    world.agrees_with_single_decisions(&run).await;
    assert!(world.columns(&world.engines).await.chunks.len() > 1, "there are several chunks");
}

async fn a_value_that_its_source_no_longer_stands_by_does_not_count_in_bulk_either(test: TestStore) {
    let world = World::new(test).await;
    world.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4000万元"}"#).await;
    let shelved = world.engines.shelf().current().unwrap();
    let wanted = NewStatement {
        subject: world.firm,
        source: "taxation".to_owned(),
        observed: day("2026-03-01"),
        valid_until: Some(day("2026-12-31")),
        evidence: None,
        facts: r#"{"研发费用.2025": "240万元"}"#.to_owned(),
    };
    let words = &shelved.library.rulebook.vocabulary;
    let said = record_statement(&world.ground.ground, &visitor(), &world.office, words, &wanted).await;
    said.unwrap().unwrap();
    let within = world.runs("2026-12-31").await;
    assert_eq!(within.outcomes.totals.eligible, 1);
    world.agrees_with_single_decisions(&within).await;
    // Columns that were made on an earlier day know nothing of a later one.
    let beyond = world.runs("2027-01-01").await;
    assert_eq!((beyond.outcomes.totals.eligible, beyond.outcomes.totals.open), (0, 1));
    world.agrees_with_single_decisions(&beyond).await;
}

async fn another_release_and_another_server_see_the_same(test: TestStore) {
    let world = World::new(test).await;
    let other = world.another_server();
    world.columns(&other).await;
    // 240 of 4800 is 5 %.
    world.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4800万元"}"#).await;
    world.says("self", "2026-03-01", r#"{"研发费用.2025": "240万元"}"#).await;
    // Whoever asks the other server after the write sees it, whatever it knew before.
    let (of_other, of_own) = (world.columns(&other).await, world.columns(&world.engines).await);
    assert_eq!(rows(&of_other), rows(&of_own));
    let before = world.runs("2026-06-30").await;
    world.releases(1, "6%").await;
    let after = world.runs("2026-06-30").await;
    assert_eq!((before.outcomes.totals.eligible, after.outcomes.totals.eligible), (1, 0));
    assert_eq!((before.release, after.release), (1, 2));
    warm(&world.ground.ground, &other).await.unwrap();
    assert_eq!(world.columns(&other).await.release, 2);
}

async fn a_run_is_kept_and_two_runs_tell_who_flipped(test: TestStore) {
    let world = World::new(test).await;
    world.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4000万元"}"#).await;
    world.says("self", "2026-03-01", r#"{"研发费用.2025": "240万元"}"#).await;
    let first = world.runs("2026-06-30").await;
    assert_eq!((first.number, first.outcomes.totals.amount.least), (1, 24_000_000));
    world.ground.clock.advance(std::time::Duration::from_millis(1));
    let second_firm = world.firm(2).await;
    world.says("taxation", "2026-03-01", r#"{"研发费用.2025": "160万元"}"#).await;
    let second = world.runs("2026-06-30").await;
    let ground = &world.ground.ground;
    let kept = run(ground, &world.office, 1).await.unwrap().unwrap();
    assert_eq!(kept, first, "what is kept comes out as it went in");
    let flips = differences(ground, &world.office, (1, 2)).await.unwrap().unwrap();
    let of = |subject, before, after| Flip { subject, before, after };
    let turned = of(world.firm, Some(Outcome::Eligible), Some(Outcome::Ineligible));
    assert_eq!(flips, [turned, of(second_firm, None, Some(Outcome::Unknown))]);
    assert!(differences(ground, &world.office, (2, 2)).await.unwrap().unwrap().is_empty());
    assert_eq!(second.number, 2);
    for (by, refusal) in [(&world.owner, Refusal::Forbidden), (&world.auditor, Refusal::Forbidden)] {
        assert_eq!(run(ground, by, 1).await.unwrap().unwrap_err(), refusal);
        let wanted = ("zz-demo-rd-2026", None);
        let refused = run_for_all(ground, &world.engines, &visitor(), by, wanted).await.unwrap();
        assert_eq!(refused.unwrap_err(), refusal);
    }
    for (policy, on) in [("nothing", None), ("zz-demo-rd-2026", Some(day("2025-01-01")))] {
        let wanted = (policy, on);
        let refused = run_for_all(ground, &world.engines, &visitor(), &world.office, wanted).await.unwrap();
        assert_eq!(refused.unwrap_err(), Refusal::NotThere);
    }
}
