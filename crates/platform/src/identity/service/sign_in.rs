//! Signing in with login and password, and changing the password.

use serde_json::json;

use super::super::Refusal;
use super::super::model::{AccountId, Login, Role, SessionId};
use super::super::password::Hasher;
use super::super::sql::{self, Account, SessionRow};
use super::super::workflow::{Failures, Stage, Standing};
use super::setup::strong;
use super::{Answer, Secret, Session, about, lock_account, refused};
use crate::ground::{Actor, Caller, Fault, Ground, Verb};

/// Longest name of a browser that is kept, in characters.
const AGENT_CHARACTERS_MAX: usize = 200;

/// Somebody who gave the right password.
#[derive(Debug)]
pub struct SignedIn {
    /// What the browser keeps.
    pub secret: Secret,
    /// What is still wanted of them.
    pub stage: Stage,
}

/// Signs in. Unknown, wrong, disabled and "must wait" are one answer after the same work.
pub async fn sign_in(
    ground: &Ground,
    caller: &Caller,
    hasher: &Hasher,
    login: &str,
    password: &str,
    agent: &str,
) -> Answer<SignedIn> {
    let parsed = Login::parse(login);
    let known = match &parsed {
        Some(login) => sql::account_by_login(&mut ground.read().await?, login).await?,
        None => None,
    };
    let hash = known.as_ref().and_then(|account| account.password_hash.as_deref());
    let is_right = hasher.is_password(password, hash).await;

    let mut verb = ground.begin(caller).await?;
    let typed = parsed.as_ref().map_or(login, Login::as_str);
    let digest = ground.keys().digest("sign-in", &[typed, &caller.address]);
    let failures = locked_failures(&mut verb, digest).await?;
    let now = verb.now();
    // Looked at again under the lock: what changed while the password was hashed counts.
    let account = match &known {
        Some(account) => sql::account(verb.write(), account.id).await?,
        None => None,
    };
    let good = account.filter(|account| {
        let is_same = known.as_ref().is_some_and(|known| known.password_hash == account.password_hash);
        is_right && is_same && !account.is_disabled && !failures.must_wait(now)
    });
    let Some(account) = good else {
        sql::set_failures(verb.write(), digest, failures.and_one(now)).await?;
        let subject = known.map_or_else(|| "account:unknown".to_owned(), |account| about(account.id));
        verb.record("identity.sign-in-failed", subject, None, Some(json!({ "address": caller.address })));
        verb.commit().await?;
        return Ok(Err(Refusal::SignIn));
    };
    sql::set_failures(verb.write(), digest, Failures::NONE).await?;
    verb.is_by(Caller { actor: Actor::Account(account.id.to_string()), ..caller.clone() });
    let (secret, session) = begin_session(&mut verb, account.id, caller, agent).await?;
    let stage = standing(&mut verb, &account, false).await?.stage();
    let after = json!({ "session": session.to_string(), "address": caller.address });
    verb.record("identity.sign-in", about(account.id), None, Some(after));
    verb.commit().await?;
    Ok(Ok(SignedIn { secret, stage }))
}

/// A session that begins now, with the secret that its browser keeps.
pub(super) async fn begin_session(
    verb: &mut Verb,
    account: AccountId,
    caller: &Caller,
    agent: &str,
) -> Result<(Secret, SessionId), Fault> {
    let (now, ground) = (verb.now(), verb.ground().clone());
    let secret = Secret::new("", &ground);
    let session = SessionRow {
        id: SessionId::new(now, ground.chance()),
        account,
        created: now,
        seen: now,
        address: caller.address.clone(),
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARACTERS_MAX).collect(),
        has_second_factor: false,
    };
    sql::insert_session(verb.write(), secret.digest(), &session).await?;
    Ok((secret, session.id))
}

/// Failures, held until the verb ends, so that many attempts at once count one after another.
pub(super) async fn locked_failures(verb: &mut Verb, digest: [u8; 32]) -> Result<Failures, Fault> {
    let name = format!("failures {}", crate::ground::to_hex(&digest));
    verb.write().lock(&name).await?;
    sql::failures(verb.write(), digest).await
}

/// What decides the stage of a session of that account.
pub(super) async fn standing(
    verb: &mut Verb,
    account: &Account,
    has_second_factor: bool,
) -> Result<Standing, Fault> {
    let memberships = sql::memberships(verb.write(), account.id).await?;
    let is_staff = memberships.iter().map(|membership| membership.role).any(Role::is_staff);
    Ok(Standing {
        must_change: account.must_change,
        totp_is_confirmed: account.totp_is_confirmed,
        has_second_factor,
        is_staff,
    })
}

/// Changes the password of whoever is signed in, who says the old one once more. Their other sessions are over.
pub async fn change_password(
    ground: &Ground,
    caller: &Caller,
    hasher: &Hasher,
    session: &Session,
    old: &str,
    new: &str,
) -> Answer<()> {
    const WHAT: &str = "identity.change-password";
    let id = session.account;
    let known = sql::account(&mut ground.read().await?, id).await?;
    let hash = known.as_ref().and_then(|account| account.password_hash.clone());
    let is_right = hasher.is_password(old, hash.as_deref()).await;
    let new_hash = hasher.hash(new, ground.chance()).await;
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let digest = ground.keys().digest("change-password", &[&id.to_string()]);
    let failures = locked_failures(&mut verb, digest).await?;
    lock_account(&mut verb, id).await?;
    let now = verb.now();
    let account = sql::account(verb.write(), id).await?.filter(|account| account.password_hash == hash);
    let is_far_enough = session.stage != Stage::SecondFactor;
    let Some(mut account) = account.filter(|_| is_right && is_far_enough && !failures.must_wait(now)) else {
        sql::set_failures(verb.write(), digest, failures.and_one(now)).await?;
        verb.record("identity.change-password-failed", about(id), None, None);
        verb.commit().await?;
        return Ok(Err(Refusal::SignIn));
    };
    if let Err(refusal) = strong(new, &account.login) {
        return refused(verb, WHAT, refusal).await;
    }
    if old == new {
        return refused(verb, WHAT, Refusal::NothingToDo).await;
    }
    account.password_hash = Some(new_hash);
    account.must_change = false;
    sql::update_account(verb.write(), &account).await?;
    sql::end_sessions_but(verb.write(), id, Some(session.id), now).await?;
    sql::set_failures(verb.write(), digest, Failures::NONE).await?;
    verb.record(WHAT, about(id), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}
