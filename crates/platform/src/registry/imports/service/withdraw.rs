//! Taking a batch back whole: shown first, then one entry of the ledger from which on none of it counts.

use std::collections::BTreeSet;

use facts::{Vocabulary, write};
use serde_json::{Value as Json, json};

use super::super::super::ledger::View;
use super::super::super::model::{EntryKind, Held, SubjectId};
use super::super::super::sql as registry;
use super::super::model::{BatchId, BatchState, ValueChange};
use super::super::{sql, workflow};
use super::{about, found, needed};
use crate::ground::{Caller, Ground};
use crate::identity::{Action, Answer, Principal, Refusal, agreed, authorise, begin};

/// Most subjects that are looked at for one page.
pub const SUBJECTS_MAX: usize = 200;

/// Which values in force would be others without a batch, subject by subject behind one of them; and the subject behind which
/// the next page begins, if there are more.
pub async fn would_change(
    ground: &Ground,
    principal: &Principal,
    vocabulary: &Vocabulary,
    id: BatchId,
    after: Option<SubjectId>,
    limit: usize,
) -> Answer<(Vec<ValueChange>, Option<SubjectId>)> {
    let (record, batch) = found(ground, id).await?;
    let may = authorise(principal, Action::WithdrawImport, &record);
    let batch = match may.and_then(|()| batch.ok_or(Refusal::NotThere)) {
        Ok(batch) => batch,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = workflow::may_withdraw(batch.state) {
        return Ok(Err(refusal));
    }
    let limit = limit.clamp(1, SUBJECTS_MAX);
    let mut read = ground.read().await?;
    let position = sql::position(&mut read, id).await?;
    let mut subjects = sql::subjects_of(&mut read, id, after, limit + 1).await?;
    let has_more = subjects.len() > limit;
    subjects.truncate(limit);
    let next = subjects.last().copied().filter(|_| has_more);
    let view = View::at(&mut read, vocabulary, u64::MAX).await?;
    let mut changes = Vec::new();
    let mut survivors = BTreeSet::new();
    for subject in subjects {
        let survivor = view.merges.survivor(subject);
        if !survivors.insert(survivor) {
            continue;
        }
        let Some(subject) = registry::subjects::get(&mut read, survivor).await? else { continue };
        let kind = subject.kind.clone();
        let now = view.gather(&mut read, &kind, &[survivor]).await?;
        let mut then = view.gather(&mut read, &kind, &[survivor]).await?;
        then.statements.retain(|row| Some(row.stated.position) != position);
        let (now, then) = (view.held(subject.clone(), now), view.held(subject, then));
        changes.extend(differences(vocabulary, &now, &then));
    }
    Ok(Ok((changes, next)))
}

/// Key by key.
fn differences(vocabulary: &Vocabulary, now: &Held, then: &Held) -> Vec<ValueChange> {
    let (Json::Object(before), Json::Object(after)) =
        (write::to_json(&now.profile, vocabulary), write::to_json(&then.profile, vocabulary))
    else {
        return Vec::new();
    };
    let said = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let others = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    others
        .map(|key| ValueChange {
            subject: now.subject.id,
            name: now.subject.name.clone(),
            key: key.clone(),
            now: before.get(key).map(said),
            then: after.get(key).map(said),
        })
        .collect()
}

/// Takes a batch back whole. The position of the entry.
pub async fn withdraw_import(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    id: BatchId,
    reason: &str,
) -> Answer<u64> {
    const ACTION: Action = Action::WithdrawImport;
    let (record, _) = found(ground, id).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(&about(id)).await?;
    let batch = sql::batch(verb.write(), id).await?.ok_or(Refusal::NotThere);
    let mut batch = agreed!(verb, ACTION.as_code(), batch);
    agreed!(verb, ACTION.as_code(), workflow::may_withdraw(batch.state));
    let reason = agreed!(verb, ACTION.as_code(), needed(reason));
    let now = verb.now();
    (batch.state, batch.since) = (BatchState::Withdrawn, now);
    sql::update_batch(verb.write(), &batch).await?;
    verb.record(ACTION.as_code(), about(id), None, Some(json!({ "reason": reason })));
    let kind = EntryKind::Withdrawal;
    let position = registry::ledger::append(verb.write(), now, kind, &id.to_string(), None).await?;
    verb.commit().await?;
    Ok(Ok(position))
}
