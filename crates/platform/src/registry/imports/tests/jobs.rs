//! The job: cut short anywhere, given up, done by two.

use super::super::service::job;
use super::*;
use crate::ground::chain::{FiledHeads, verify};

store::on_both_databases!(schema;
    an_attempt_that_was_cut_short_is_taken_back_and_done_anew,
    what_is_given_up_while_it_is_staged_never_counts_and_leaves_nothing,
    whoever_lost_the_lease_writes_nothing_more,
    a_file_that_nobody_confirms_is_put_away_in_time,
);

/// More rows than are staged at once.
fn many(rows: u32) -> String {
    let lines = (1..=rows).map(|number| format!("{},企业{number},{number}\n", code(number)));
    format!("统一社会信用代码,名称,研发费用.2025\n{}", lines.collect::<String>())
}

async fn count(world: &World, what: &'static str) -> i64 {
    let mut read = world.read().await.unwrap();
    read.fetch_one(store::sql(what)).await.unwrap().get("count").unwrap()
}

const STATEMENTS: &str = "SELECT COUNT(*) AS count FROM statement";
const SUBJECTS: &str = "SELECT COUNT(*) AS count FROM subject";
const PARTS: &str = "SELECT COUNT(*) AS count FROM import_part";

/// Stages as a worker does that dies before the end.
async fn staged_halfway(world: &World, rows: u32) -> (Batch, Lease) {
    let batch = world.upload(&many(rows)).await;
    world.commit(batch.id, Takes::All).await.unwrap();
    let held = world.claim().await.unwrap();
    job::stage_for_test(world, &world.words, &held).await;
    (batch, held)
}

async fn an_attempt_that_was_cut_short_is_taken_back_and_done_anew(test: TestStore) {
    let world = World::new(test).await;
    let (batch, _dead) = staged_halfway(&world, 1_201).await;
    assert_eq!((count(&world, STATEMENTS).await, world.in_force().await.len()), (1_201, 0));
    assert_eq!(world.batch(batch.id).await.done, 1_201, "how far it has come can be read");
    assert_eq!(world.claim().await, None, "the lease is still held");
    world.ground.clock.advance(Duration::from_secs(61));
    world.work().await;
    assert_eq!((count(&world, STATEMENTS).await, count(&world, SUBJECTS).await), (1_201, 1_201));
    assert_eq!(world.in_force().await.len(), 1_201);
    assert_eq!(world.batch(batch.id).await.root.unwrap(), root_of(&world, batch.id).await.unwrap());
    let mut read = world.read().await.unwrap();
    let key = world.keys().verifying_key();
    assert_eq!(verify(&mut read, &FiledHeads::default(), &key).await.unwrap().finding, None);
}

async fn what_is_given_up_while_it_is_staged_never_counts_and_leaves_nothing(test: TestStore) {
    let world = World::new(test).await;
    world.subject(1, "企业1").await;
    let before = world.in_force().await;
    let (batch, held) = staged_halfway(&world, 600).await;
    cancel_import(&world, &visitor(), &world.tax, batch.id).await.unwrap().unwrap();
    // The worker that was about to make it visible finds that it may not.
    run_import(&world, &world.words, &held).await.unwrap();
    world.ground.clock.advance(Duration::from_secs(2));
    world.work().await;
    tidy_up(&world).await.unwrap();
    assert_eq!(world.in_force().await, before);
    let left = (count(&world, STATEMENTS).await, count(&world, SUBJECTS).await, count(&world, PARTS).await);
    assert_eq!(left, (0, 1, 0));
    let again = cancel_import(&world, &visitor(), &world.tax, batch.id).await.unwrap();
    assert_eq!(again.unwrap_err(), Refusal::NothingToDo);
    // What was given up does not stand in the way of the same file.
    assert_eq!(world.import(&many(600)).await.state, BatchState::Visible);
}

async fn whoever_lost_the_lease_writes_nothing_more(test: TestStore) {
    let world = World::new(test).await;
    let (batch, slow) = staged_halfway(&world, 3).await;
    world.ground.clock.advance(Duration::from_secs(61));
    let quick = world.claim().await.unwrap();
    assert!(run_import(&world, &world.words, &slow).await.is_err());
    run_import(&world, &world.words, &quick).await.unwrap();
    assert!(run_import(&world, &world.words, &slow).await.is_err());
    assert_eq!((world.batch(batch.id).await.done, count(&world, STATEMENTS).await), (3, 3));
    assert_eq!(world.in_force().await.len(), 3);
}

async fn a_file_that_nobody_confirms_is_put_away_in_time(test: TestStore) {
    let world = World::new(test).await;
    let batch = world.upload(&many(2)).await;
    assert_eq!(tidy_up(&world).await.unwrap(), 0);
    assert_eq!(count(&world, PARTS).await, 1);
    world.ground.clock.advance(Duration::from_secs(8 * 24 * 60 * 60));
    assert_eq!(tidy_up(&world).await.unwrap(), 1);
    assert_eq!((world.batch(batch.id).await.state, count(&world, PARTS).await), (BatchState::Cancelled, 0));
    assert_eq!(world.commit(batch.id, Takes::All).await, Err(Refusal::WrongState));
}
