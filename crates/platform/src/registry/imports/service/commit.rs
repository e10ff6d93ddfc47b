//! Saying that a batch shall count, or that it shall not.

use std::time::Duration;

use serde_json::json;
use store::jobs::{self, NewJob};

use super::super::model::{BatchId, BatchState, Takes};
use super::super::{sql, workflow};
use super::job::{JOB_KIND, Order};
use super::{about, found};
use crate::ground::{Caller, Ground, to_hex};
use crate::identity::{Action, Answer, Principal, Refusal, agreed, begin};

/// How often staging is begun at most, before it waits for a person.
const ATTEMPTS_MAX: i64 = 10;

/// How long what was given up is left alone, so that whoever still stages it hears of that first.
const CLEAR_AFTER: Duration = Duration::from_secs(1);

/// Has the rows of a batch staged and then made visible, all at once, by a job.
pub async fn commit_import(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    id: BatchId,
    takes: Takes,
) -> Answer<()> {
    const ACTION: Action = Action::ImportFacts;
    let (record, batch) = found(ground, id).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let digest = agreed!(verb, ACTION.as_code(), batch.map(|batch| batch.same_as).ok_or(Refusal::NotThere));
    verb.write().lock(&about(id)).await?;
    // Two uploads of one file are decided one after the other.
    verb.write().lock(&format!("import same {}", to_hex(&digest))).await?;
    let batch = sql::batch(verb.write(), id).await?.ok_or(Refusal::NotThere);
    let mut batch = agreed!(verb, ACTION.as_code(), batch);
    let earlier = sql::same_as(verb.write(), batch.same_as).await?.filter(|earlier| earlier.id != id);
    let decided = match earlier {
        Some(earlier) => Err(Refusal::AlreadyImported(earlier.since.day())),
        None => workflow::may_commit(batch.state, &batch.counts, takes),
    };
    agreed!(verb, ACTION.as_code(), decided);
    let now = verb.now();
    (batch.state, batch.takes, batch.since, batch.done) = (BatchState::Staging, Some(takes), now, 0);
    sql::update_batch(verb.write(), &batch).await?;
    sql::remember(verb.write(), &batch, now).await?;
    let order = Order {
        batch: id.to_string(),
        account: principal.account.to_string(),
        acting_for: caller.acting_for.clone(),
        request: caller.request.as_str().to_owned(),
    };
    let (name, payload) = (format!("import {id}"), order.to_json());
    let job =
        NewJob { id: &name, kind: JOB_KIND, payload: &payload, due_ms: now.0, attempts_max: ATTEMPTS_MAX };
    jobs::enqueue(verb.write(), &job).await?;
    verb.record("registry.commit-import", about(id), None, Some(json!({ "takes": takes.as_code() })));
    verb.commit().await?;
    Ok(Ok(()))
}

/// Gives a batch up before any of it counts. What was staged is cleared by a job.
pub async fn cancel_import(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    id: BatchId,
) -> Answer<()> {
    const ACTION: Action = Action::ImportFacts;
    let (record, _) = found(ground, id).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(&about(id)).await?;
    let batch = sql::batch(verb.write(), id).await?.ok_or(Refusal::NotThere);
    let mut batch = agreed!(verb, ACTION.as_code(), batch);
    agreed!(verb, ACTION.as_code(), workflow::may_cancel(batch.state));
    let now = verb.now();
    (batch.state, batch.since) = (BatchState::Cancelled, now);
    batch.samples.clear();
    sql::update_batch(verb.write(), &batch).await?;
    let order = Order { batch: id.to_string(), ..Order::default() };
    let (name, payload) = (format!("import {id} clear"), order.to_json());
    let due_ms = now.plus(CLEAR_AFTER).0;
    let job = NewJob { id: &name, kind: JOB_KIND, payload: &payload, due_ms, attempts_max: ATTEMPTS_MAX };
    jobs::enqueue(verb.write(), &job).await?;
    verb.record("registry.cancel-import", about(id), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}
