//! API tokens: made by a person for a program, of one membership, with a scope and an end.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::super::model::{MembershipId, Principal, Through, TokenId, parse_name};
use super::super::sql::{self, TokenRow};
use super::super::{Action, Record, Refusal, Scope, authorise};
use super::{Answer, Secret, agreed, begin};
use crate::ground::{Caller, Fault, Ground, Moment};

/// Before every token, so that a search for leaked secrets recognises it.
const PREFIX: &str = "zhimei_";

/// Longest life of a token.
const LIFE_MAX: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Most tokens that an account has at a time.
const TOKENS_MAX: usize = 20;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What for, as its owner will recognise it.
    pub name: String,
    /// Of which of one's memberships.
    pub membership: MembershipId,
    /// What it is good for.
    pub scopes: BTreeSet<Scope>,
    /// How long.
    pub life: Duration,
}

/// A token as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedToken {
    /// Its id, to end it by.
    pub id: TokenId,
    /// What for.
    pub name: String,
    /// What it is good for.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created: Moment,
    /// When it ends by itself.
    pub expires: Moment,
}

/// Makes a token. It is shown once.
pub async fn create_token(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    wanted: &NewToken,
) -> Answer<(TokenId, Secret)> {
    const ACTION: Action = Action::ManageTokens;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(principal.account));
    super::lock_account(&mut verb, principal.account).await?;
    let name = agreed!(verb, ACTION.as_code(), parse_name(&wanted.name).ok_or(Refusal::Name));
    let now = verb.now();
    let (is_own, is_staff) = sql::membership(verb.write(), wanted.membership)
        .await?
        .filter(|(account, _)| *account == principal.account)
        .map_or((false, false), |(_, membership)| (true, membership.role.is_staff()));
    let count = sql::tokens_of(verb.write(), principal.account).await?.len();
    let is_within = count < TOKENS_MAX && wanted.life <= LIFE_MAX && !wanted.life.is_zero();
    let decided = match (is_own, is_within && !wanted.scopes.is_empty()) {
        (false, _) => Err(Refusal::NotThere),
        (true, false) => Err(Refusal::PastLimit),
        (true, true) => Ok(()),
    };
    agreed!(verb, ACTION.as_code(), decided);
    let token = TokenRow {
        id: TokenId::new(now, ground.chance()),
        membership: wanted.membership,
        name,
        scopes: wanted.scopes.clone(),
        created: now,
        expires: now.plus(wanted.life),
    };
    let secret = Secret::new(PREFIX, ground);
    sql::insert_token(verb.write(), secret.digest(), &token).await?;
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_code()).collect();
    let after =
        json!({ "name": token.name, "scopes": scopes, "expires_ms": token.expires.0, "staff": is_staff });
    verb.record("identity.create-token", format!("token:{}", token.id), None, Some(after));
    verb.commit().await?;
    Ok(Ok((token.id, secret)))
}

/// One's own tokens that are not over.
pub async fn list_tokens(ground: &Ground, principal: &Principal) -> Answer<Vec<ListedToken>> {
    if let Err(refusal) = authorise(principal, Action::ManageTokens, &Record::of_account(principal.account)) {
        return Ok(Err(refusal));
    }
    let now = ground.now();
    let rows = sql::tokens_of(&mut ground.read().await?, principal.account).await?;
    let living = rows.into_iter().filter(|row| row.expires > now);
    Ok(Ok(living
        .map(|row| ListedToken {
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            created: row.created,
            expires: row.expires,
        })
        .collect()))
}

/// Ends one of one's own tokens.
pub async fn end_token(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    token: TokenId,
) -> Answer<()> {
    const ACTION: Action = Action::ManageTokens;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::of_account(principal.account));
    let now = verb.now();
    if !sql::end_token(verb.write(), principal.account, token, now).await? {
        return super::refused(verb, ACTION.as_code(), Refusal::NotThere).await;
    }
    verb.record("identity.end-token", format!("token:{token}"), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}

/// Whoever a token is of, with that one membership and no more; `None` once the token, the membership or the account is
/// over.
pub async fn authenticate_token(ground: &Ground, secret: &Secret) -> Result<Option<Principal>, Fault> {
    let mut read = ground.read().await?;
    let token = sql::token(&mut read, secret.digest()).await?.filter(|token| token.expires > ground.now());
    let Some(token) = token else {
        return Ok(None);
    };
    let Some((account, membership)) = sql::membership(&mut read, token.membership).await? else {
        return Ok(None);
    };
    let account = sql::account(&mut read, account).await?.filter(|account| !account.is_disabled);
    Ok(account.map(|account| Principal {
        account: account.id,
        person: account.person,
        name: account.name,
        memberships: vec![membership],
        through: Through::Token(token.id, token.scopes),
    }))
}
