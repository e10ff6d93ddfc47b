//! Signing in as somebody whom the provider of OpenID Connect knows, and linking that to an account.

use serde_json::json;
use store::StoreError;

use super::super::model::Principal;
use super::super::oidc::Arrival;
use super::super::sql;
use super::super::{Action, Record, Refusal};
use super::sign_in::{begin_session, standing};
use super::{Answer, SignedIn, about, agreed, begin};
use crate::ground::{Actor, Caller, Ground};

/// Signs in whoever came back from the provider. Nobody gets an account by that: it must have been linked before.
pub async fn sign_in_external(
    ground: &Ground,
    caller: &Caller,
    arrival: &Arrival,
    agent: &str,
) -> Answer<SignedIn> {
    let mut verb = ground.begin(caller).await?;
    let linked = sql::external_account(verb.write(), &arrival.issuer, &arrival.subject).await?;
    let account = match linked {
        Some(id) => sql::account(verb.write(), id).await?.filter(|account| !account.is_disabled),
        None => None,
    };
    let Some(account) = account else {
        let subject = linked.map_or_else(|| "account:unknown".to_owned(), about);
        let after = json!({ "address": caller.address, "issuer": arrival.issuer });
        verb.record("identity.sign-in-failed", subject, None, Some(after));
        verb.commit().await?;
        return Ok(Err(Refusal::SignIn));
    };
    verb.is_by(Caller { actor: Actor::Account(account.id.to_string()), ..caller.clone() });
    let (secret, session) = begin_session(&mut verb, account.id, caller, agent).await?;
    let stage = standing(&mut verb, &account, false).await?.stage();
    let after =
        json!({ "session": session.to_string(), "address": caller.address, "issuer": arrival.issuer });
    verb.record("identity.sign-in", about(account.id), None, Some(after));
    verb.commit().await?;
    Ok(Ok(SignedIn { secret, stage }))
}

/// Links the one who came back to the account of whoever sent them out.
pub async fn link_external(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    arrival: &Arrival,
) -> Answer<()> {
    const ACTION: Action = Action::LinkExternal;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(principal.account));
    let is_theirs = arrival.links.as_deref() == Some(principal.account.to_string().as_str());
    agreed!(verb, ACTION.as_code(), if is_theirs { Ok(()) } else { Err(Refusal::NotThere) });
    let now = verb.now();
    let (issuer, subject) = (&arrival.issuer, &arrival.subject);
    match sql::insert_external(verb.write(), issuer, subject, principal.account, now).await {
        Ok(()) => {}
        Err(StoreError::AlreadyThere { .. }) => {
            return super::refused(verb, ACTION.as_code(), Refusal::NothingToDo).await;
        }
        Err(error) => return Err(error.into()),
    }
    let after = json!({ "issuer": issuer, "subject": subject });
    verb.record(ACTION.as_code(), about(principal.account), None, Some(after));
    verb.commit().await?;
    Ok(Ok(()))
}

/// Takes the link back; from then on the password alone opens.
pub async fn unlink_external(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    issuer: &str,
) -> Answer<()> {
    const ACTION: Action = Action::LinkExternal;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(principal.account));
    let was_there = sql::delete_external(verb.write(), issuer, principal.account).await?;
    agreed!(verb, ACTION.as_code(), if was_there { Ok(()) } else { Err(Refusal::NothingToDo) });
    let before = json!({ "issuer": issuer });
    verb.record("identity.unlink-external", about(principal.account), Some(before), None);
    verb.commit().await?;
    Ok(Ok(()))
}
