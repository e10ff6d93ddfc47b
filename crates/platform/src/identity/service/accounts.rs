//! What administrators and owners do to accounts, organisations and roles.

use serde_json::json;

use super::super::model::{
    AccountId, Login, MembershipId, OrganisationId, OrganisationKind, Principal, Role, parse_name,
};
use super::super::sql::{self, LinkFor};
use super::super::{Action, Record, Refusal, workflow};
use super::setup::{insert_newcomer, join};
use super::{Answer, GRANTS, LINK_GOOD, Secret, about, agreed, begin, lock_account, make_link, refused};
use crate::ground::{Caller, Ground};

/// Creates an account without any role. The link is for its owner, to set a password.
pub async fn create_account(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    login: &Login,
    name: &str,
) -> Answer<(AccountId, Secret)> {
    const ACTION: Action = Action::CreateAccount;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let name = agreed!(verb, ACTION.as_code(), parse_name(name).ok_or(Refusal::Name));
    let made = insert_newcomer(&mut verb, login, &name, None).await?;
    let account = agreed!(verb, ACTION.as_code(), made);
    let link = make_link(&mut verb, LinkFor::Account(account), LINK_GOOD).await?;
    verb.commit().await?;
    Ok(Ok((account, link)))
}

/// Registers an organisation.
pub async fn create_organisation(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    kind: OrganisationKind,
    name: &str,
) -> Answer<OrganisationId> {
    const ACTION: Action = Action::CreateOrganisation;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let name = agreed!(verb, ACTION.as_code(), parse_name(name).ok_or(Refusal::Name));
    let (now, id) = (verb.now(), OrganisationId::new(verb.now(), ground.chance()));
    sql::insert_organisation(verb.write(), id, kind, &name, now).await?;
    let after = json!({ "kind": kind.as_code(), "name": name });
    verb.record(ACTION.as_code(), format!("organisation:{id}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(id))
}

/// Grants a role in an organisation.
pub async fn grant_role(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    account: AccountId,
    organisation: OrganisationId,
    role: Role,
) -> Answer<MembershipId> {
    const ACTION: Action = Action::GrantRole;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_organisation(organisation));
    verb.write().lock(GRANTS).await?;
    let (known, kind) = (
        sql::account(verb.write(), account).await?,
        sql::organisation_kind(verb.write(), organisation).await?,
    );
    let (known, kind) = agreed!(verb, ACTION.as_code(), known.zip(kind).ok_or(Refusal::NotThere));
    let held = sql::roles_of_person(verb.write(), known.person).await?;
    agreed!(verb, ACTION.as_code(), workflow::may_grant(role, kind, principal.person, known.person, &held));
    let joined = join(&mut verb, account, organisation, role).await?;
    let membership = agreed!(verb, ACTION.as_code(), joined);
    verb.commit().await?;
    Ok(Ok(membership))
}

/// Ends a membership. Its tokens end with it; what its sessions may do, they may no longer.
pub async fn end_membership(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    membership: MembershipId,
) -> Answer<()> {
    const ACTION: Action = Action::EndMembership;
    let known = sql::membership(&mut ground.read().await?, membership).await?;
    // Of which organisation it is, is looked up before anybody is asked whether they may know.
    let record =
        known.as_ref().map_or(Record::PLATFORM, |(_, known)| Record::of_organisation(known.organisation));
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(GRANTS).await?;
    let now = verb.now();
    let Some((account, known)) = sql::membership(verb.write(), membership).await? else {
        return refused(verb, ACTION.as_code(), Refusal::NotThere).await;
    };
    // An owner is no judge over the zone's staff, nor anybody over themselves.
    let is_own = account == principal.account;
    agreed!(verb, ACTION.as_code(), if is_own { Err(Refusal::Oneself) } else { Ok(()) });
    sql::end_membership(verb.write(), membership, now).await?;
    let before = json!({ "organisation": known.organisation.to_string(), "role": known.role.as_code() });
    verb.record(ACTION.as_code(), about(account), Some(before), None);
    verb.commit().await?;
    Ok(Ok(()))
}

/// A link by which a colleague becomes owner or clerk. Whether they have an account already, the inviter does not learn.
pub async fn invite_member(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    organisation: OrganisationId,
    role: Role,
) -> Answer<Secret> {
    const ACTION: Action = Action::InviteMember;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_organisation(organisation));
    let is_fine = matches!(role, Role::Owner | Role::Clerk);
    agreed!(verb, ACTION.as_code(), if is_fine { Ok(()) } else { Err(Refusal::RoleDoesNotFit) });
    let link = make_link(&mut verb, LinkFor::Member(organisation, role), LINK_GOOD).await?;
    let after = json!({ "role": role.as_code() });
    verb.record(ACTION.as_code(), format!("organisation:{organisation}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(link))
}

/// Takes an account out of service: no sign-in, no session, no link.
pub async fn disable_account(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    account: AccountId,
) -> Answer<()> {
    const ACTION: Action = Action::DisableAccount;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(account));
    lock_account(&mut verb, account).await?;
    let Some(mut known) = sql::account(verb.write(), account).await? else {
        return refused(verb, ACTION.as_code(), Refusal::NotThere).await;
    };
    let decided = match (known.person == principal.person, known.is_disabled) {
        (true, _) => Err(Refusal::Oneself),
        (_, true) => Err(Refusal::NothingToDo),
        _ => Ok(()),
    };
    agreed!(verb, ACTION.as_code(), decided);
    known.is_disabled = true;
    let now = verb.now();
    sql::update_account(verb.write(), &known).await?;
    sql::end_sessions_but(verb.write(), account, None, now).await?;
    sql::void_links(verb.write(), Some(account), now).await?;
    verb.record(ACTION.as_code(), about(account), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}

/// Takes password and second factor back, for somebody who lost them and was recognised in person, and gives a new link.
pub async fn reset_account(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    account: AccountId,
) -> Answer<Secret> {
    const ACTION: Action = Action::ResetAccount;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(account));
    lock_account(&mut verb, account).await?;
    let Some(mut known) = sql::account(verb.write(), account).await? else {
        return refused(verb, ACTION.as_code(), Refusal::NotThere).await;
    };
    let is_own = known.person == principal.person;
    agreed!(verb, ACTION.as_code(), if is_own { Err(Refusal::Oneself) } else { Ok(()) });
    (known.password_hash, known.totp_secret, known.totp_is_confirmed) = (None, None, false);
    let now = verb.now();
    sql::update_account(verb.write(), &known).await?;
    sql::set_recovery_codes(verb.write(), account, &[]).await?;
    sql::end_sessions_but(verb.write(), account, None, now).await?;
    sql::void_links(verb.write(), Some(account), now).await?;
    let link = make_link(&mut verb, LinkFor::Account(account), LINK_GOOD).await?;
    verb.record(ACTION.as_code(), about(account), None, None);
    verb.commit().await?;
    Ok(Ok(link))
}

/// States that two accounts are of one person, so that separate roles stay separate over both. The first keeps its person.
pub async fn link_person(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    kept: AccountId,
    other: AccountId,
) -> Answer<()> {
    const ACTION: Action = Action::LinkPerson;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(other));
    verb.write().lock(GRANTS).await?;
    let (one, two) = (sql::account(verb.write(), kept).await?, sql::account(verb.write(), other).await?);
    let (one, mut two) = agreed!(verb, ACTION.as_code(), one.zip(two).ok_or(Refusal::NotThere));
    let is_same = one.person == two.person;
    agreed!(verb, ACTION.as_code(), if is_same { Err(Refusal::NothingToDo) } else { Ok(()) });
    let mut roles = sql::roles_of_person(verb.write(), one.person).await?;
    roles.extend(sql::roles_of_person(verb.write(), two.person).await?);
    agreed!(verb, ACTION.as_code(), workflow::are_separate(&roles));
    let before = json!({ "person": two.person.to_string() });
    two.person = one.person;
    sql::update_account(verb.write(), &two).await?;
    verb.record(
        ACTION.as_code(),
        about(other),
        Some(before),
        Some(json!({ "person": one.person.to_string() })),
    );
    verb.commit().await?;
    Ok(Ok(()))
}
