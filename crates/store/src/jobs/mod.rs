//! Background work as rows of a table, so that a job is made in the same transaction as the change that calls for it, and
//! is finished in the same transaction as what it did.
//!
//! A worker takes a [`Lease`]. If it dies, the lease runs out and another worker takes the job; the first, should it only
//! have been slow, can no longer finish it. A job that fails is tried again after a growing pause, a bounded number of
//! times; then it lies in the dead list with its reason until a person lets it run again.
//!
//! INVARIANT: what a job does inside the transaction that finishes it happens once, however often it was begun.

mod sql;

use std::time::Duration;

use crate::{Migration, Store, StoreError, Transaction, Write};

/// The queue's table.
pub const MIGRATION: Migration = Migration { name: "store-jobs-1", text: include_str!("0001.sql") };

/// Pause after the first failure; it doubles with each further one.
const PAUSE_FIRST: Duration = Duration::from_secs(5);

/// Longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(6 * 60 * 60);

/// Longest reason that is kept, in characters.
const REASON_CHARACTERS_MAX: usize = 2_000;

/// Most rows that a list gives at once.
pub const LIST_MAX: i64 = 200;

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// Its id, of the caller's making; a second job of the same id is refused, so an event makes its job once.
    pub id: &'a str,
    /// What is to be done: the name under which a worker knows it.
    pub kind: &'a str,
    /// What with: JSON.
    pub payload: &'a str,
    /// Not before then.
    pub due_ms: i64,
    /// How often it is begun at most.
    pub attempts_max: i64,
}

/// The right to do a job for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// The job.
    pub id: String,
    /// What is to be done.
    pub kind: String,
    /// What with.
    pub payload: String,
    /// The how-manieth attempt this is, from 1. It tells this lease from a later one of the same job.
    pub attempt: i64,
    /// Until when nobody else takes it.
    pub until_ms: i64,
}

/// A job that is given up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dead {
    /// The job.
    pub id: String,
    /// What was to be done.
    pub kind: String,
    /// How often it was begun.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub reason: String,
    /// Since when.
    pub since_ms: i64,
}

/// What became of a job that failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failed {
    /// It is tried again then.
    Again {
        /// When.
        due_ms: i64,
    },
    /// It is in the dead list.
    Dead,
}

/// Puts a job into the queue, as part of the transaction that calls for it.
pub async fn enqueue(write: &mut Write, job: &NewJob<'_>) -> Result<(), StoreError> {
    sql::insert(write, job).await
}

/// Takes the job that has been due for longest, if there is one, for as long as the lease lasts.
///
/// Jobs whose last attempt was cut short, so that nobody could say why it failed, go to the dead list here.
pub async fn claim(
    store: &Store,
    worker: &str,
    now_ms: i64,
    lease: Duration,
) -> Result<Option<Lease>, StoreError> {
    let mut write = store.write().await?;
    sql::bury_cut_short(&mut write, now_ms).await?;
    let taken = sql::claim(&mut write, worker, now_ms, now_ms.saturating_add(ms(lease))).await?;
    write.commit().await?;
    Ok(taken)
}

/// Keeps a lease for longer. An error if it has run out and another worker has the job.
pub async fn renew(store: &Store, held: &Lease, now_ms: i64, lease: Duration) -> Result<Lease, StoreError> {
    let mut write = store.write().await?;
    let renewed = renew_in(&mut write, held, now_ms, lease).await?;
    write.commit().await?;
    Ok(renewed)
}

/// Keeps a lease for longer as part of a transaction that does a step of the job: what somebody who lost it would write
/// then, never happens. An error if another worker has the job; that transaction must be dropped.
pub async fn renew_in(
    write: &mut Write,
    held: &Lease,
    now_ms: i64,
    lease: Duration,
) -> Result<Lease, StoreError> {
    let until_ms = now_ms.saturating_add(ms(lease));
    if sql::renew(write, held, until_ms).await? {
        Ok(Lease { until_ms, ..held.clone() })
    } else {
        Err(StoreError::LeaseLost(held.id.clone()))
    }
}

/// Finishes a job as part of the transaction that holds what it did. An error if another worker has it by now; then that
/// transaction must be dropped.
pub async fn finish(write: &mut Write, held: &Lease) -> Result<(), StoreError> {
    if sql::delete_held(write, held).await? { Ok(()) } else { Err(StoreError::LeaseLost(held.id.clone())) }
}

/// Says that an attempt failed and why. The job is tried again after a pause, or given up.
pub async fn fail(store: &Store, held: &Lease, reason: &str, now_ms: i64) -> Result<Failed, StoreError> {
    let reason: String = reason.chars().take(REASON_CHARACTERS_MAX).collect();
    let due_ms = now_ms.saturating_add(ms(pause_after(held.attempt)));
    let mut write = store.write().await?;
    let failed = sql::fail(&mut write, held, &reason, due_ms, now_ms).await?;
    write.commit().await?;
    failed.ok_or_else(|| StoreError::LeaseLost(held.id.clone()))
}

/// The jobs that were given up, the latest first, from the one after `after` on.
pub async fn dead(transaction: &mut Transaction, after: Option<&Dead>) -> Result<Vec<Dead>, StoreError> {
    sql::dead(transaction, after).await
}

/// Lets a job that was given up run again, with all its attempts. `false` if it is not in the dead list.
pub async fn revive(write: &mut Write, id: &str, now_ms: i64) -> Result<bool, StoreError> {
    sql::revive(write, id, now_ms).await
}

/// How many jobs wait or run, and how many are dead.
pub async fn counts(transaction: &mut Transaction) -> Result<(i64, i64), StoreError> {
    sql::counts(transaction).await
}

/// Doubles with each attempt, up to the longest.
fn pause_after(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).expect("at most thirty");
    PAUSE_FIRST.saturating_mul(1 << doublings).min(PAUSE_MAX)
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_six_hours() {
        assert_eq!([1, 2, 3].map(|attempt| pause_after(attempt).as_secs()), [5, 10, 20]);
        assert_eq!(pause_after(i64::MAX), PAUSE_MAX);
    }
}
