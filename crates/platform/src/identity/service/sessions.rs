//! Sessions: whose they are, what they are good for so far, listing and ending them.

use std::time::Duration;

use super::super::model::{AccountId, PersonId, Principal, Role, SessionId, Through};
use super::super::sql::{self, Account, SessionRow};
use super::super::workflow::{Stage, Standing, is_session_over};
use super::super::{Action, Record, Refusal, authorise};
use super::{Answer, Secret, about, begin};
use crate::ground::{Actor, Caller, Fault, Ground, Moment};

/// A sign of life is written at most so often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// A session that is not over.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// What is still wanted of them.
    pub stage: Stage,
    principal: Principal,
}

impl Session {
    /// Whoever it is, once nothing more is wanted of them.
    pub fn principal(&self) -> Option<&Principal> {
        (self.stage == Stage::Full).then_some(&self.principal)
    }

    /// As entries name them, also while something is still wanted.
    pub(super) fn caller(&self, visitor: &Caller) -> Caller {
        Caller { actor: Actor::Account(self.account.to_string()), ..visitor.clone() }
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.principal.person
    }
}

/// A session as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedSession {
    /// Its id, to end it by.
    pub id: SessionId,
    /// When they signed in.
    pub created: Moment,
    /// The last sign of life.
    pub seen: Moment,
    /// From where.
    pub address: String,
    /// With which browser.
    pub agent: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// The session of a secret, unless it has ended, lay idle for too long, or its account is out of service. What its
/// account may do is read anew each time, so a role that was taken back is gone at once.
pub async fn authenticate(ground: &Ground, secret: &Secret) -> Result<Option<Session>, Fault> {
    let now = ground.now();
    let mut read = ground.read().await?;
    let Some(row) = sql::session(&mut read, secret.digest()).await? else {
        return Ok(None);
    };
    let account = sql::account(&mut read, row.account).await?.filter(|account| !account.is_disabled);
    let Some(account) = account else {
        return Ok(None);
    };
    let memberships = sql::memberships(&mut read, account.id).await?;
    drop(read);
    let is_staff = memberships.iter().map(|membership| membership.role).any(Role::is_staff);
    if is_session_over(row.created, row.seen, now, is_staff) {
        return Ok(None);
    }
    if now.since(row.seen) >= TOUCH_EVERY {
        let mut write = ground.housekeeping().await?;
        sql::touch_session(&mut write, row.id, now).await?;
        write.commit().await?;
    }
    let stage = stage_of(&account, &row, is_staff);
    let principal = Principal {
        account: account.id,
        person: account.person,
        name: account.name,
        memberships,
        through: Through::Session(row.id),
    };
    Ok(Some(Session { id: row.id, account: account.id, stage, principal }))
}

fn stage_of(account: &Account, row: &SessionRow, is_staff: bool) -> Stage {
    Standing {
        must_change: account.must_change,
        totp_is_confirmed: account.totp_is_confirmed,
        has_second_factor: row.has_second_factor,
        is_staff,
    }
    .stage()
}

/// One's own sessions that are not over, the liveliest first.
pub async fn list_sessions(ground: &Ground, principal: &Principal) -> Answer<Vec<ListedSession>> {
    if let Err(refusal) = authorise(principal, Action::ManageSessions, &Record::of_account(principal.account))
    {
        return Ok(Err(refusal));
    }
    let now = ground.now();
    let is_staff = principal.memberships.iter().map(|membership| membership.role).any(Role::is_staff);
    let rows = sql::sessions_of(&mut ground.read().await?, principal.account).await?;
    let living = rows.into_iter().filter(|row| !is_session_over(row.created, row.seen, now, is_staff));
    Ok(Ok(living
        .map(|row| ListedSession {
            is_this: principal.through == Through::Session(row.id),
            id: row.id,
            created: row.created,
            seen: row.seen,
            address: row.address,
            agent: row.agent,
        })
        .collect()))
}

/// Ends one of one's own sessions.
pub async fn end_session(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    session: SessionId,
) -> Answer<()> {
    const ACTION: Action = Action::ManageSessions;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(principal.account));
    let now = verb.now();
    if sql::end_session(verb.write(), principal.account, session, now).await? == 0 {
        return super::refused(verb, ACTION.as_code(), Refusal::NotThere).await;
    }
    verb.record("identity.end-session", format!("session:{session}"), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}

/// Ends the session that asks, at whatever stage it is.
pub async fn sign_out(ground: &Ground, caller: &Caller, session: &Session) -> Result<(), Fault> {
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let now = verb.now();
    sql::end_session(verb.write(), session.account, session.id, now).await?;
    verb.record("identity.sign-out", about(session.account), None, None);
    verb.commit().await?;
    Ok(())
}
