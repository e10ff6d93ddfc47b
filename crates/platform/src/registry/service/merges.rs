//! Duplicates: a person merges two subjects, and can undo it. Statements stay where they were said, so that undoing it gives
//! back exactly what was.

use serde_json::json;

use super::super::model::{EntryKind, MergeId, SubjectId};
use super::super::sql;
use super::super::sql::merges::NewMergeRow;
use super::record::verb_actor;
use super::{about, enter, living, needed, record_of_office};
use crate::ground::{Caller, Fault, Ground, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};

/// The name under which merges wait for each other.
const MERGES: &str = "registry merges";

/// Two subjects that may be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The one.
    pub one: SubjectId,
    /// The other.
    pub other: SubjectId,
    /// They bear the same name; else their credit codes hold the same organisation code.
    pub is_by_name: bool,
}

/// Merges a subject into another: from here on what was said about the one counts for the other. The merge, and its position.
pub async fn merge_subjects(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    (from, into): (SubjectId, SubjectId),
    reason: &str,
) -> Answer<(MergeId, u64)> {
    const ACTION: Action = Action::MergeSubjects;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(MERGES).await?;
    let decided = mergeable(&mut verb, from, into).await?.and_then(|()| needed(reason));
    let reason = agreed!(verb, ACTION.as_code(), decided);
    let now = verb.now();
    let id = MergeId::new(now, ground.chance());
    let by = verb_actor(principal, caller);
    let row = NewMergeRow { id, from, into, reason: &reason, by: &by, now };
    sql::merges::insert(verb.write(), &row).await?;
    sql::subjects::set_merged(verb.write(), from, Some(into)).await?;
    let before = sql::ledger::last(verb.write()).await?;
    let after = json!({ "merge": id.to_string(), "into": into.to_string(), "reason": reason });
    verb.record(ACTION.as_code(), about(from), Some(json!({ "position": before })), Some(after));
    let position = enter(&mut verb, EntryKind::Merge, &id.to_string(), Some(into)).await?;
    verb.commit().await?;
    Ok(Ok((id, position)))
}

async fn mergeable(verb: &mut Verb, from: SubjectId, into: SubjectId) -> Result<Result<(), Refusal>, Fault> {
    let one = living(verb.write(), from).await?;
    let other = living(verb.write(), into).await?;
    let (Some(one), Some(other)) = (one, other) else { return Ok(Err(Refusal::NotThere)) };
    let is_one_kind = one.kind == other.kind;
    let merges = sql::subjects::merges(verb.write(), u64::MAX).await?;
    let are_linked = |a: Option<_>, b: Option<_>| matches!((a, b), (Some(a), Some(b)) if a != b);
    Ok(if merges.survivor(from) == merges.survivor(into) || one.merged_into.is_some() {
        Err(Refusal::NothingToDo)
    } else if !is_one_kind || other.merged_into.is_some() {
        Err(Refusal::NotThere)
    } else if are_linked(one.organisation, other.organisation) {
        Err(Refusal::Linked)
    } else {
        Ok(())
    })
}

/// Undoes a merge. The position from which the two stand for themselves again.
pub async fn unmerge_subjects(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    merge: MergeId,
) -> Answer<u64> {
    const ACTION: Action = Action::MergeSubjects;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(MERGES).await?;
    let merges = sql::subjects::merges(verb.write(), u64::MAX).await?;
    let standing = merges.0.iter().find(|(_, (_, id))| *id == merge).map(|(from, (into, _))| (*from, *into));
    let was = sql::merges::parties(verb.write(), &merge.to_string()).await?;
    let decided = match (standing, was.is_empty()) {
        (Some(standing), _) => Ok(standing),
        (None, false) => Err(Refusal::NothingToDo),
        (None, true) => Err(Refusal::NotThere),
    };
    let (from, into) = agreed!(verb, ACTION.as_code(), decided);
    sql::subjects::set_merged(verb.write(), from, None).await?;
    let before = sql::ledger::last(verb.write()).await?;
    let before = json!({ "merge": merge.to_string(), "into": into.to_string(), "position": before });
    verb.record("registry.unmerge", about(from), Some(before), None);
    let position = enter(&mut verb, EntryKind::Unmerge, &merge.to_string(), Some(into)).await?;
    verb.commit().await?;
    Ok(Ok(position))
}

/// Subjects that may be one, behind a pair of them, at most `limit`.
pub async fn suggest_merges(
    ground: &Ground,
    principal: &Principal,
    after: Option<(SubjectId, SubjectId)>,
    limit: usize,
) -> Answer<Vec<Suggestion>> {
    let mut read = ground.read().await?;
    let record: Record = record_of_office(&mut read).await?;
    if let Err(refusal) = authorise(principal, Action::MergeSubjects, &record) {
        return Ok(Err(refusal));
    }
    let found = sql::merges::suggestions(&mut read, after, limit).await?;
    let suggestion = |(one, other, is_by_name)| Suggestion { one, other, is_by_name };
    Ok(Ok(found.into_iter().map(suggestion).collect()))
}
