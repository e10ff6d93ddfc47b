//! Sources: which goes before which, and who answers for them.

use serde_json::json;

use super::super::model::{ActId, EntryKind, Source};
use super::super::sql;
use super::{enter, needed, record_of_office};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{
    Action, Answer, OrganisationId, OrganisationKind, Principal, Record, Refusal, agreed, begin,
    organisation_kind,
};

/// The name under which changes of sources wait for each other.
const SOURCES: &str = "registry sources";

/// Ranks lie between nought and this.
const RANK_MAX: i64 = 1_000;

/// All sources with their ranks at a position, or now; the highest first. They are no secret.
pub async fn sources(ground: &Ground, at: Option<u64>) -> Result<Vec<Source>, Fault> {
    sql::sources::all(&mut ground.read().await?, at.unwrap_or(u64::MAX)).await
}

/// Gives a source another rank, from here on. The position of the entry.
pub async fn rank_source(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    (source, rank): (&str, i64),
    reason: &str,
) -> Answer<u64> {
    const ACTION: Action = Action::RankSources;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(SOURCES).await?;
    let known = sql::sources::find(verb.write(), source).await?;
    let decided = match known {
        None => Err(Refusal::NotThere),
        Some(_) if !(0..=RANK_MAX).contains(&rank) => Err(Refusal::PastLimit),
        Some(known) if known.rank == rank => Err(Refusal::NothingToDo),
        Some(known) => needed(reason).map(|reason| (known, reason)),
    };
    let (known, reason) = agreed!(verb, ACTION.as_code(), decided);
    let id = ActId::new(verb.now(), ground.chance()).to_string();
    sql::sources::insert_rank(verb.write(), &id, source, rank, &reason).await?;
    let (before, after) = (json!({ "rank": known.rank }), json!({ "rank": rank, "reason": reason }));
    verb.record(ACTION.as_code(), format!("source:{source}"), Some(before), Some(after));
    let position = enter(&mut verb, EntryKind::Rank, &id, None).await?;
    verb.commit().await?;
    Ok(Ok(position))
}

/// Says which department answers for a source; without one it is the one that keeps the register.
pub async fn name_department_of_source(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    source: &str,
    department: Option<OrganisationId>,
) -> Answer<()> {
    const ACTION: Action = Action::NameDepartment;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    verb.write().lock(SOURCES).await?;
    let known = sql::sources::find(verb.write(), source).await?;
    let known = agreed!(verb, ACTION.as_code(), known.ok_or(Refusal::NotThere));
    if let Some(department) = department {
        let kind = organisation_kind(verb.write(), department).await?;
        agreed!(verb, ACTION.as_code(), is_department(kind));
    }
    sql::sources::set_department(verb.write(), source, department).await?;
    let named = |it: Option<OrganisationId>| json!({ "department": it.map(|it| it.to_string()) });
    let subject = format!("source:{source}");
    verb.record(ACTION.as_code(), subject, Some(named(known.department)), Some(named(department)));
    verb.commit().await?;
    Ok(Ok(()))
}

/// Says which department keeps the register.
pub async fn name_office(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    department: OrganisationId,
) -> Answer<()> {
    const ACTION: Action = Action::NameDepartment;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    verb.write().lock(SOURCES).await?;
    let kind = organisation_kind(verb.write(), department).await?;
    agreed!(verb, ACTION.as_code(), is_department(kind));
    let before = sql::sources::office(verb.write()).await?;
    sql::sources::set_office(verb.write(), department).await?;
    let named = |it: OrganisationId| json!({ "department": it.to_string() });
    verb.record(ACTION.as_code(), "registry", before.map(named), Some(named(department)));
    verb.commit().await?;
    Ok(Ok(()))
}

fn is_department(kind: Option<OrganisationKind>) -> Result<(), Refusal> {
    match kind {
        Some(OrganisationKind::Department) => Ok(()),
        Some(_) => Err(Refusal::RoleDoesNotFit),
        None => Err(Refusal::NotThere),
    }
}
