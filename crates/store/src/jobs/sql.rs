//! The statements of the queue.

use super::{Dead, Failed, LIST_MAX, Lease, NewJob};
use crate::{StoreError, Transaction, Write, sql, sql_of_each};

pub async fn insert(write: &mut Write, job: &NewJob<'_>) -> Result<(), StoreError> {
    let statement =
        sql("INSERT INTO job (id, kind, payload, due_ms, attempts, attempts_max, allowance, reason) \
                         VALUES ($1, $2, $3, $4, 0, $5, $5, '')")
        .bind(job.id)
        .bind(job.kind)
        .bind(job.payload)
        .bind(job.due_ms)
        .bind(job.attempts_max);
    write.execute(statement).await.map(|_| ())
}

/// A lease that ran out on the last attempt: the worker died or hangs, and left no reason.
pub async fn bury_cut_short(write: &mut Write, now_ms: i64) -> Result<(), StoreError> {
    let statement = sql("UPDATE job SET due_ms = NULL, worker = NULL, dead_since_ms = $1, \
                         reason = CASE WHEN reason = '' THEN 'the worker ended without a word' ELSE reason END \
                         WHERE due_ms <= $1 AND attempts >= attempts_max")
        .bind(now_ms);
    write.execute(statement).await.map(|_| ())
}

pub async fn claim(
    write: &mut Write,
    worker: &str,
    now_ms: i64,
    until_ms: i64,
) -> Result<Option<Lease>, StoreError> {
    // PostgreSQL has several writers: each passes over what another is just taking. SQLite has one.
    let statement = sql_of_each(
        "UPDATE job SET worker = $1, due_ms = $2, attempts = attempts + 1 WHERE id = (\
         SELECT id FROM job WHERE due_ms <= $3 AND attempts < attempts_max ORDER BY due_ms, id LIMIT 1) \
         RETURNING id, kind, payload, attempts, due_ms",
        "UPDATE job SET worker = $1, due_ms = $2, attempts = attempts + 1 WHERE id = (\
         SELECT id FROM job WHERE due_ms <= $3 AND attempts < attempts_max ORDER BY due_ms, id LIMIT 1 \
         FOR UPDATE SKIP LOCKED) \
         RETURNING id, kind, payload, attempts, due_ms",
    );
    let statement = statement.bind(worker).bind(until_ms).bind(now_ms);
    let Some(row) = write.fetch_optional(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Lease {
        id: row.get("id")?,
        kind: row.get("kind")?,
        payload: row.get("payload")?,
        attempt: row.get("attempts")?,
        until_ms: row.get("due_ms")?,
    }))
}

pub async fn renew(write: &mut Write, held: &Lease, until_ms: i64) -> Result<bool, StoreError> {
    let statement = sql("UPDATE job SET due_ms = $1 WHERE id = $2 AND attempts = $3 AND worker IS NOT NULL")
        .bind(until_ms)
        .bind(&held.id)
        .bind(held.attempt);
    Ok(write.execute(statement).await? == 1)
}

pub async fn delete_held(write: &mut Write, held: &Lease) -> Result<bool, StoreError> {
    let statement = sql("DELETE FROM job WHERE id = $1 AND attempts = $2 AND worker IS NOT NULL")
        .bind(&held.id)
        .bind(held.attempt);
    Ok(write.execute(statement).await? == 1)
}

/// `None` if somebody else has the job.
pub async fn fail(
    write: &mut Write,
    held: &Lease,
    reason: &str,
    due_ms: i64,
    now_ms: i64,
) -> Result<Option<Failed>, StoreError> {
    let statement = sql("UPDATE job SET worker = NULL, reason = $1, \
                         due_ms = CASE WHEN attempts < attempts_max THEN $2 ELSE NULL END, \
                         dead_since_ms = CASE WHEN attempts < attempts_max THEN NULL ELSE $3 END \
                         WHERE id = $4 AND attempts = $5 AND worker IS NOT NULL RETURNING due_ms")
    .bind(reason)
    .bind(due_ms)
    .bind(now_ms)
    .bind(&held.id)
    .bind(held.attempt);
    let Some(row) = write.fetch_optional(statement).await? else {
        return Ok(None);
    };
    let due_ms: Option<i64> = row.get("due_ms")?;
    Ok(Some(due_ms.map_or(Failed::Dead, |due_ms| Failed::Again { due_ms })))
}

pub async fn dead(transaction: &mut Transaction, after: Option<&Dead>) -> Result<Vec<Dead>, StoreError> {
    let statement = sql("SELECT id, kind, attempts, reason, dead_since_ms FROM job \
                         WHERE dead_since_ms < $1 OR (dead_since_ms = $1 AND id > $2) \
                         ORDER BY dead_since_ms DESC, id LIMIT $3")
    .bind(after.map_or(i64::MAX, |dead| dead.since_ms))
    .bind(after.map_or("", |dead| &dead.id))
    .bind(LIST_MAX);
    let rows = transaction.fetch_all(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(Dead {
                id: row.get("id")?,
                kind: row.get("kind")?,
                attempts: row.get("attempts")?,
                reason: row.get("reason")?,
                since_ms: row.get("dead_since_ms")?,
            })
        })
        .collect()
}

pub async fn revive(write: &mut Write, id: &str, now_ms: i64) -> Result<bool, StoreError> {
    // Attempts count on, so that no lease from before the job died equals one from after.
    let statement =
        sql("UPDATE job SET due_ms = $1, dead_since_ms = NULL, attempts_max = attempts + allowance \
                         WHERE id = $2 AND dead_since_ms IS NOT NULL")
        .bind(now_ms)
        .bind(id);
    Ok(write.execute(statement).await? == 1)
}

pub async fn counts(transaction: &mut Transaction) -> Result<(i64, i64), StoreError> {
    let statement = sql("SELECT COUNT(due_ms) AS living, COUNT(dead_since_ms) AS dead FROM job");
    let row = transaction.fetch_one(statement).await?;
    Ok((row.get("living")?, row.get("dead")?))
}
