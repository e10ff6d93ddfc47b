//! From an empty database to three administrators, and from a link to an account.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use store::StoreError;

use super::super::model::{
    AccountId, Login, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Role,
    parse_name,
};
use super::super::password::{Hasher, weakness};
use super::super::sql::{self, Account, LinkFor};
use super::super::{Action, Record, Refusal};
use super::{Answer, LINK_GOOD, Secret, about, agreed, begin, make_link};
use crate::ground::{Caller, Fault, Ground, Verb};

/// How long the very first link is good.
const FIRST_LINK_GOOD: Duration = Duration::from_secs(60 * 60);

/// What the first start gives.
pub type FirstLink = Option<Secret>;

/// Somebody who gets an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Newcomer {
    /// What they sign in with.
    pub login: Login,
    /// How they are called.
    pub name: String,
}

/// A link to name the three administrators, while there is no account at all; a link that was given out before is void.
pub async fn first_link(ground: &Ground, caller: &Caller) -> Result<FirstLink, Fault> {
    let mut verb = ground.begin(caller).await?;
    verb.write().lock(super::GRANTS).await?;
    if sql::has_accounts(verb.write()).await? {
        return Ok(None);
    }
    let now = verb.now();
    sql::void_links(verb.write(), None, now).await?;
    let link = make_link(&mut verb, LinkFor::SetUp, FIRST_LINK_GOOD).await?;
    verb.record("identity.first-link", "platform", None, None);
    verb.commit().await?;
    Ok(Some(link))
}

/// Whether somebody can sign in, with both factors, in each of the three roles. Until then only setting up is possible.
pub async fn is_set_up(ground: &Ground) -> Result<bool, Fault> {
    let roles = sql::roles_in_service(&mut ground.read().await?).await?;
    Ok(Role::SEPARATE.iter().all(|role| roles.contains(role)))
}

/// Names three different people, in the order of [`Role::SEPARATE`], in a department of that name. A link for each of them
/// to set a password.
pub async fn name_administrators(
    ground: &Ground,
    caller: &Caller,
    link: &Secret,
    department: &str,
    administrators: [Newcomer; 3],
) -> Answer<[Secret; 3]> {
    const WHAT: &str = "identity.name-administrators";
    let mut verb = ground.begin(caller).await?;
    verb.write().lock(super::GRANTS).await?;
    let now = verb.now();
    let used = sql::use_link(verb.write(), link.digest(), now).await?;
    let is_first = matches!(used, Some(LinkFor::SetUp)) && !sql::has_accounts(verb.write()).await?;
    agreed!(verb, WHAT, if is_first { Ok(()) } else { Err(Refusal::Link) });
    let department = agreed!(verb, WHAT, parse_name(department).ok_or(Refusal::Name));
    let logins: BTreeSet<&str> = administrators.iter().map(|one| one.login.as_str()).collect();
    let names: BTreeSet<&str> = administrators.iter().map(|one| one.name.trim()).collect();
    let are_three = logins.len() == 3 && names.len() == 3;
    agreed!(verb, WHAT, if are_three { Ok(()) } else { Err(Refusal::Separation) });

    let organisation = OrganisationId::new(now, ground.chance());
    sql::insert_organisation(verb.write(), organisation, OrganisationKind::Department, &department, now)
        .await?;
    verb.record(
        "identity.create-organisation",
        format!("organisation:{organisation}"),
        None,
        Some(json!({ "kind": OrganisationKind::Department.as_code(), "name": department })),
    );
    let mut links = Vec::new();
    for (administrator, role) in administrators.into_iter().zip(Role::SEPARATE) {
        let name = agreed!(verb, WHAT, parse_name(&administrator.name).ok_or(Refusal::Name));
        let made = insert_newcomer(&mut verb, &administrator.login, &name, None).await?;
        let account = agreed!(verb, WHAT, made);
        let joined = join(&mut verb, account, organisation, role).await?;
        agreed!(verb, WHAT, joined);
        links.push(make_link(&mut verb, LinkFor::Account(account), LINK_GOOD).await?);
    }
    verb.commit().await?;
    Ok(Ok(links.try_into().expect("there is a link for each of three")))
}

/// An account of a person of its own. Refused where the login is taken.
pub(super) async fn insert_newcomer(
    verb: &mut Verb,
    login: &Login,
    name: &str,
    password_hash: Option<String>,
) -> Answer<AccountId> {
    let (now, ground) = (verb.now(), verb.ground().clone());
    let account = Account {
        id: AccountId::new(now, ground.chance()),
        login: login.to_string(),
        name: name.to_owned(),
        person: PersonId::new(now, ground.chance()),
        password_hash,
        must_change: false,
        totp_secret: None,
        totp_is_confirmed: false,
        totp_step: 0,
        is_disabled: false,
    };
    match sql::insert_account(verb.write(), &account, now).await {
        Ok(()) => {}
        Err(StoreError::AlreadyThere { .. }) => return Ok(Err(Refusal::Name)),
        Err(error) => return Err(error.into()),
    }
    verb.record(
        "identity.create-account",
        about(account.id),
        None,
        Some(json!({ "login": account.login, "name": account.name })),
    );
    Ok(Ok(account.id))
}

/// Makes an account a member. Refused where it is one already.
pub(super) async fn join(
    verb: &mut Verb,
    account: AccountId,
    organisation: OrganisationId,
    role: Role,
) -> Answer<MembershipId> {
    let now = verb.now();
    let membership =
        Membership { id: MembershipId::new(now, verb.ground().clone().chance()), organisation, role };
    match sql::insert_membership(verb.write(), account, &membership, now).await {
        Ok(()) => {}
        Err(StoreError::AlreadyThere { .. }) => return Ok(Err(Refusal::NothingToDo)),
        Err(error) => return Err(error.into()),
    }
    verb.record(
        "identity.grant-role",
        about(account),
        None,
        Some(json!({ "organisation": organisation.to_string(), "role": role.as_code() })),
    );
    Ok(Ok(membership.id))
}

/// Sets the password of the account that a link is for. Its sessions, if it has any, are over.
pub async fn accept_link(
    ground: &Ground,
    caller: &Caller,
    hasher: &Hasher,
    link: &Secret,
    password: &str,
) -> Answer<AccountId> {
    const WHAT: &str = "identity.set-password";
    let hash = hasher.hash(password, ground.chance()).await;
    let mut verb = ground.begin(caller).await?;
    let now = verb.now();
    let Some(LinkFor::Account(id)) = sql::use_link(verb.write(), link.digest(), now).await? else {
        return super::refused(verb, WHAT, Refusal::Link).await;
    };
    super::lock_account(&mut verb, id).await?;
    let Some(mut account) = sql::account(verb.write(), id).await?.filter(|account| !account.is_disabled)
    else {
        return super::refused(verb, WHAT, Refusal::Link).await;
    };
    // Refused here, the link stays good: nothing of this verb is written.
    agreed!(verb, WHAT, strong(password, &account.login));
    account.password_hash = Some(hash);
    account.must_change = false;
    sql::update_account(verb.write(), &account).await?;
    sql::end_sessions_but(verb.write(), id, None, now).await?;
    sql::void_links(verb.write(), Some(id), now).await?;
    verb.record(WHAT, about(id), None, None);
    verb.commit().await?;
    Ok(Ok(id))
}

pub(super) fn strong(password: &str, login: &str) -> Result<(), Refusal> {
    weakness(password, login).map_or(Ok(()), |weak| Err(Refusal::Password(weak)))
}

/// Becomes a member by a link, as somebody who has an account.
pub async fn accept_as_member(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    link: &Secret,
) -> Answer<OrganisationId> {
    const WHAT: &str = "identity.accept-invitation";
    let mut verb = begin!(ground, principal, caller, Action::Join, &Record::of_account(principal.account));
    let now = verb.now();
    let Some(LinkFor::Member(organisation, role)) = sql::use_link(verb.write(), link.digest(), now).await?
    else {
        return super::refused(verb, WHAT, Refusal::Link).await;
    };
    let joined = join(&mut verb, principal.account, organisation, role).await?;
    agreed!(verb, WHAT, joined);
    verb.commit().await?;
    Ok(Ok(organisation))
}

/// Becomes a member by a link, as somebody who has no account yet.
pub async fn accept_as_newcomer(
    ground: &Ground,
    caller: &Caller,
    hasher: &Hasher,
    link: &Secret,
    newcomer: &Newcomer,
    password: &str,
) -> Answer<AccountId> {
    const WHAT: &str = "identity.accept-invitation";
    let hash = hasher.hash(password, ground.chance()).await;
    let mut verb = ground.begin(caller).await?;
    let now = verb.now();
    let Some(LinkFor::Member(organisation, role)) = sql::use_link(verb.write(), link.digest(), now).await?
    else {
        return super::refused(verb, WHAT, Refusal::Link).await;
    };
    agreed!(verb, WHAT, strong(password, newcomer.login.as_str()));
    let name = agreed!(verb, WHAT, parse_name(&newcomer.name).ok_or(Refusal::Name));
    let made = insert_newcomer(&mut verb, &newcomer.login, &name, Some(hash)).await?;
    let account = agreed!(verb, WHAT, made);
    let joined = join(&mut verb, account, organisation, role).await?;
    agreed!(verb, WHAT, joined);
    verb.commit().await?;
    Ok(Ok(account))
}
