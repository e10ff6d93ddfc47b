//! The queue: nothing is lost, nothing is done twice, nothing is tried for ever.

use std::collections::BTreeSet;
use std::time::Duration;

use store::jobs::{self, Failed, Lease, NewJob};
use store::testing::{NOW_MS, TestStore};
use store::{Schema, Store, StoreError};

const LEASE: Duration = Duration::from_secs(60);
const LEASE_MS: i64 = 60_000;

fn schema() -> Schema {
    Schema::new([jobs::MIGRATION])
}

store::on_both_databases!(schema;
    a_job_is_made_with_the_change_that_calls_for_it_or_not_at_all,
    the_job_that_is_due_longest_comes_first_and_none_before_its_time,
    a_job_of_a_worker_that_died_goes_to_another_and_the_first_cannot_finish_it,
    a_lease_can_be_kept_for_longer,
    a_job_that_fails_is_tried_again_after_a_growing_pause_and_then_given_up,
    a_job_whose_worker_dies_every_time_is_given_up_too,
    a_person_lets_a_dead_job_run_again,
    no_job_is_run_twice_by_two_servers,
);

fn job(id: &str) -> NewJob<'_> {
    NewJob { id, kind: "mail", payload: "{}", due_ms: NOW_MS, attempts_max: 3 }
}

async fn enqueue(store: &Store, job: &NewJob<'_>) {
    let mut write = store.write().await.unwrap();
    jobs::enqueue(&mut write, job).await.unwrap();
    write.commit().await.unwrap();
}

async fn claim(store: &Store, now_ms: i64) -> Option<Lease> {
    jobs::claim(store, "worker", now_ms, LEASE).await.unwrap()
}

async fn finish(store: &Store, held: &Lease) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    jobs::finish(&mut write, held).await?;
    write.commit().await
}

async fn a_job_is_made_with_the_change_that_calls_for_it_or_not_at_all(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    jobs::enqueue(&mut write, &job("dropped")).await.unwrap();
    drop(write);
    assert_eq!(claim(&test.store, NOW_MS).await, None);
    enqueue(&test.store, &job("kept")).await;
    let mut write = test.store.write().await.unwrap();
    let twice = jobs::enqueue(&mut write, &job("kept")).await;
    assert!(matches!(twice, Err(StoreError::AlreadyThere { .. })), "{twice:?}");
    drop(write);
    let held = claim(&test.store, NOW_MS).await.unwrap();
    assert_eq!((held.id.as_str(), held.kind.as_str(), held.attempt), ("kept", "mail", 1));
    finish(&test.store, &held).await.unwrap();
    assert_eq!(jobs::counts(&mut test.store.read().await.unwrap()).await.unwrap(), (0, 0));
}

async fn the_job_that_is_due_longest_comes_first_and_none_before_its_time(test: TestStore) {
    enqueue(&test.store, &NewJob { due_ms: NOW_MS + 2, ..job("third") }).await;
    enqueue(&test.store, &NewJob { due_ms: NOW_MS + 1, ..job("second") }).await;
    enqueue(&test.store, &job("first")).await;
    assert_eq!(claim(&test.store, NOW_MS + 1).await.unwrap().id, "first");
    assert_eq!(claim(&test.store, NOW_MS + 1).await.unwrap().id, "second");
    assert_eq!(claim(&test.store, NOW_MS + 1).await, None);
    assert_eq!(claim(&test.store, NOW_MS + 2).await.unwrap().id, "third");
}

async fn a_job_of_a_worker_that_died_goes_to_another_and_the_first_cannot_finish_it(test: TestStore) {
    enqueue(&test.store, &job("a")).await;
    let first = claim(&test.store, NOW_MS).await.unwrap();
    assert_eq!(claim(&test.store, NOW_MS + LEASE_MS - 1).await, None, "the lease holds");
    let second = claim(&test.store, NOW_MS + LEASE_MS).await.unwrap();
    assert_eq!((second.id.as_str(), second.attempt), ("a", 2));
    let late = finish(&test.store, &first).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(_))), "{late:?}");
    assert!(jobs::fail(&test.store, &first, "late", NOW_MS).await.is_err());
    assert!(jobs::renew(&test.store, &first, NOW_MS, LEASE).await.is_err());
    finish(&test.store, &second).await.unwrap();
}

async fn a_lease_can_be_kept_for_longer(test: TestStore) {
    enqueue(&test.store, &job("long")).await;
    let held = claim(&test.store, NOW_MS).await.unwrap();
    let held = jobs::renew(&test.store, &held, NOW_MS + LEASE_MS / 2, LEASE).await.unwrap();
    assert_eq!(held.until_ms, NOW_MS + LEASE_MS / 2 + LEASE_MS);
    assert_eq!(claim(&test.store, NOW_MS + LEASE_MS).await, None);
    finish(&test.store, &held).await.unwrap();
}

async fn a_job_that_fails_is_tried_again_after_a_growing_pause_and_then_given_up(test: TestStore) {
    enqueue(&test.store, &job("a")).await;
    let mut now_ms = NOW_MS;
    for pause_ms in [5_000, 10_000] {
        let held = claim(&test.store, now_ms).await.unwrap();
        let failed = jobs::fail(&test.store, &held, "no answer", now_ms).await.unwrap();
        assert_eq!(failed, Failed::Again { due_ms: now_ms + pause_ms });
        now_ms += pause_ms;
        assert_eq!(claim(&test.store, now_ms - 1).await, None);
    }
    let held = claim(&test.store, now_ms).await.unwrap();
    let long = "长".repeat(3_000);
    assert_eq!(jobs::fail(&test.store, &held, &long, now_ms).await.unwrap(), Failed::Dead);
    assert_eq!(claim(&test.store, i64::MAX).await, None);
    let dead = jobs::dead(&mut test.store.read().await.unwrap(), None).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts, dead[0].since_ms), (1, 3, now_ms));
    assert_eq!(dead[0].reason.chars().count(), 2_000);
    let next = jobs::dead(&mut test.store.read().await.unwrap(), dead.first()).await.unwrap();
    assert!(next.is_empty());
}

async fn a_job_whose_worker_dies_every_time_is_given_up_too(test: TestStore) {
    enqueue(&test.store, &job("poison")).await;
    for attempt in 0..3 {
        assert!(claim(&test.store, NOW_MS + attempt * LEASE_MS).await.is_some());
    }
    assert_eq!(claim(&test.store, NOW_MS + 3 * LEASE_MS).await, None);
    let dead = jobs::dead(&mut test.store.read().await.unwrap(), None).await.unwrap();
    assert_eq!(dead[0].reason, "the worker ended without a word");
}

async fn a_person_lets_a_dead_job_run_again(test: TestStore) {
    enqueue(&test.store, &NewJob { attempts_max: 1, ..job("a") }).await;
    let before = claim(&test.store, NOW_MS).await.unwrap();
    jobs::fail(&test.store, &before, "refused", NOW_MS).await.unwrap();
    let revive = async || {
        let mut write = test.store.write().await.unwrap();
        let revived = jobs::revive(&mut write, "a", NOW_MS).await.unwrap();
        write.commit().await.unwrap();
        revived
    };
    assert!(revive().await);
    assert!(!revive().await, "it lives");
    let after = claim(&test.store, NOW_MS).await.unwrap();
    assert!(finish(&test.store, &before).await.is_err(), "a lease from before it died is void");
    finish(&test.store, &after).await.unwrap();
}

async fn no_job_is_run_twice_by_two_servers(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    for number in 0..200 {
        jobs::enqueue(&mut write, &job(&format!("job {number:03}"))).await.unwrap();
    }
    write.commit().await.unwrap();
    let other = Store::open_beside(&test.location, &schema()).await.unwrap();
    let workers: Vec<_> = [&test.store, &other, &test.store, &other]
        .into_iter()
        .cloned()
        .map(|store| {
            tokio::spawn(async move {
                let mut done = Vec::new();
                // PostgreSQL passes over a job that another worker is just taking, so nothing once is not the end.
                while jobs::counts(&mut store.read().await.unwrap()).await.unwrap().0 > 0 {
                    if let Some(held) = claim(&store, NOW_MS).await {
                        finish(&store, &held).await.unwrap();
                        done.push(held.id);
                    }
                }
                done
            })
        })
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    assert_eq!((done.len(), done.iter().collect::<BTreeSet<_>>().len()), (200, 200));
    other.close().await;
}
