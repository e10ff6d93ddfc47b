//! Looking: which organisations, members and accounts there are.

use super::super::model::{AccountId, OrganisationId, Principal};
use super::super::sql::{self, ListedAccount, ListedMember, ListedOrganisation};
use super::super::{Action, Record, Refusal, authorise};
use super::Answer;
use crate::ground::Ground;

/// Organisations after one, in the order of their ids: all of them for whoever may see any, else one's own.
pub async fn list_organisations(
    ground: &Ground,
    principal: &Principal,
    after: Option<OrganisationId>,
    limit: usize,
) -> Answer<Vec<ListedOrganisation>> {
    const ACTION: Action = Action::ReadOrganisation;
    let sees_all = authorise(principal, ACTION, &Record::PLATFORM);
    if sees_all == Err(Refusal::Forbidden) {
        return Ok(Err(Refusal::Forbidden));
    }
    let mut read = ground.read().await?;
    if sees_all.is_ok() {
        return Ok(Ok(sql::organisations_after(&mut read, after, limit).await?));
    }
    let mut own: Vec<OrganisationId> = principal.memberships.iter().map(|one| one.organisation).collect();
    own.sort();
    own.dedup();
    let mut listed = Vec::new();
    for id in own.into_iter().filter(|id| after.is_none_or(|after| *id > after)).take(limit) {
        listed.extend(sql::organisation(&mut read, id).await?);
    }
    Ok(Ok(listed))
}

/// One organisation.
pub async fn organisation(
    ground: &Ground,
    principal: &Principal,
    id: OrganisationId,
) -> Answer<ListedOrganisation> {
    if let Err(refusal) = authorise(principal, Action::ReadOrganisation, &Record::of_organisation(id)) {
        return Ok(Err(refusal));
    }
    Ok(sql::organisation(&mut ground.read().await?, id).await?.ok_or(Refusal::NotThere))
}

/// Members of an organisation after one, in the order of their memberships.
pub async fn list_members(
    ground: &Ground,
    principal: &Principal,
    id: OrganisationId,
    after: Option<&str>,
    limit: usize,
) -> Answer<Vec<ListedMember>> {
    if let Err(refusal) = authorise(principal, Action::ReadOrganisation, &Record::of_organisation(id)) {
        return Ok(Err(refusal));
    }
    let mut read = ground.read().await?;
    if sql::organisation(&mut read, id).await?.is_none() {
        return Ok(Err(Refusal::NotThere));
    }
    Ok(Ok(sql::members_after(&mut read, id, after, limit).await?))
}

/// Accounts after one, in the order of their ids.
pub async fn list_accounts(
    ground: &Ground,
    principal: &Principal,
    after: Option<AccountId>,
    limit: usize,
) -> Answer<Vec<ListedAccount>> {
    if let Err(refusal) = authorise(principal, Action::ReadAccounts, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    Ok(Ok(sql::accounts_after(&mut ground.read().await?, after, limit).await?))
}
