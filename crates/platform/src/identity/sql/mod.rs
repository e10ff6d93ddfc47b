//! The statements of this slice.

mod directory;
mod external;

use std::collections::BTreeSet;

use store::{Row, StoreError, Transaction, Write, sql};

use super::Scope;
use super::model::{
    AccountId, Login, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Role, SessionId,
    TokenId,
};
use super::workflow::Failures;
use crate::ground::{Fault, Moment};

pub use directory::{
    ListedAccount, ListedMember, ListedOrganisation, accounts_after, members_after, organisation,
    organisations_after,
};
pub use external::{delete_external, external_account, insert_external};

type Digest = [u8; 32];

/// An account as it stands in its table.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub person: PersonId,
    pub password_hash: Option<String>,
    pub must_change: bool,
    pub totp_secret: Option<Vec<u8>>,
    pub totp_is_confirmed: bool,
    pub totp_step: i64,
    pub is_disabled: bool,
}

pub async fn insert_account(write: &mut Write, account: &Account, now: Moment) -> Result<(), StoreError> {
    let statement = sql("INSERT INTO account (id, login, name, person_id, password_hash, must_change, \
                         totp_secret, totp_is_confirmed, totp_step, is_disabled, created_ms) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(account.id.to_string())
    .bind(&account.login)
    .bind(&account.name)
    .bind(account.person.to_string())
    .bind(account.password_hash.clone())
    .bind(account.must_change)
    .bind(account.totp_secret.clone())
    .bind(account.totp_is_confirmed)
    .bind(account.totp_step)
    .bind(account.is_disabled)
    .bind(now.0);
    write.execute(statement).await.map(|_| ())
}

/// Writes what may change of an account.
pub async fn update_account(write: &mut Write, account: &Account) -> Result<(), Fault> {
    let statement = sql("UPDATE account SET person_id = $2, password_hash = $3, must_change = $4, \
                         totp_secret = $5, totp_is_confirmed = $6, totp_step = $7, is_disabled = $8 \
                         WHERE id = $1")
    .bind(account.id.to_string())
    .bind(account.person.to_string())
    .bind(account.password_hash.clone())
    .bind(account.must_change)
    .bind(account.totp_secret.clone())
    .bind(account.totp_is_confirmed)
    .bind(account.totp_step)
    .bind(account.is_disabled);
    write.execute(statement).await?;
    Ok(())
}

pub async fn account(transaction: &mut Transaction, id: AccountId) -> Result<Option<Account>, Fault> {
    let statement = sql("SELECT id, login, name, person_id, password_hash, must_change, totp_secret, \
                         totp_is_confirmed, totp_step, is_disabled FROM account WHERE id = $1")
    .bind(id.to_string());
    transaction.fetch_optional(statement).await?.map(|row| read_account(&row)).transpose()
}

pub async fn account_by_login(
    transaction: &mut Transaction,
    login: &Login,
) -> Result<Option<Account>, Fault> {
    let statement = sql("SELECT id, login, name, person_id, password_hash, must_change, totp_secret, \
                         totp_is_confirmed, totp_step, is_disabled FROM account WHERE login = $1")
    .bind(login.as_str());
    transaction.fetch_optional(statement).await?.map(|row| read_account(&row)).transpose()
}

pub async fn has_accounts(transaction: &mut Transaction) -> Result<bool, Fault> {
    Ok(transaction.fetch_optional(sql("SELECT id FROM account LIMIT 1")).await?.is_some())
}

fn read_account(row: &Row) -> Result<Account, Fault> {
    Ok(Account {
        id: id(AccountId::parse, row, "id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        person: id(PersonId::parse, row, "person_id")?,
        password_hash: row.get("password_hash")?,
        must_change: row.get("must_change")?,
        totp_secret: row.get("totp_secret")?,
        totp_is_confirmed: row.get("totp_is_confirmed")?,
        totp_step: row.get("totp_step")?,
        is_disabled: row.get("is_disabled")?,
    })
}

pub async fn insert_organisation(
    write: &mut Write,
    id: OrganisationId,
    kind: OrganisationKind,
    name: &str,
    now: Moment,
) -> Result<(), Fault> {
    let statement = sql("INSERT INTO organisation (id, kind, name, created_ms) VALUES ($1, $2, $3, $4)")
        .bind(id.to_string())
        .bind(kind.as_code())
        .bind(name)
        .bind(now.0);
    write.execute(statement).await?;
    Ok(())
}

pub async fn organisation_kind(
    transaction: &mut Transaction,
    id: OrganisationId,
) -> Result<Option<OrganisationKind>, Fault> {
    let statement = sql("SELECT kind FROM organisation WHERE id = $1").bind(id.to_string());
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| code(OrganisationKind::parse_code, &row, "kind")).transpose()
}

pub async fn insert_membership(
    write: &mut Write,
    account: AccountId,
    membership: &Membership,
    now: Moment,
) -> Result<(), StoreError> {
    let statement = sql("INSERT INTO membership (id, account_id, organisation_id, role, granted_ms) \
                         VALUES ($1, $2, $3, $4, $5)")
    .bind(membership.id.to_string())
    .bind(account.to_string())
    .bind(membership.organisation.to_string())
    .bind(membership.role.as_code())
    .bind(now.0);
    write.execute(statement).await.map(|_| ())
}

pub async fn memberships(
    transaction: &mut Transaction,
    account: AccountId,
) -> Result<Vec<Membership>, Fault> {
    let statement = sql("SELECT id, organisation_id, role FROM membership \
                         WHERE account_id = $1 AND ended_ms IS NULL ORDER BY id")
    .bind(account.to_string());
    transaction.fetch_all(statement).await?.iter().map(read_membership).collect()
}

/// A membership that goes on, and whose it is.
pub async fn membership(
    transaction: &mut Transaction,
    wanted: MembershipId,
) -> Result<Option<(AccountId, Membership)>, Fault> {
    let statement = sql("SELECT id, account_id, organisation_id, role FROM membership \
                         WHERE id = $1 AND ended_ms IS NULL")
    .bind(wanted.to_string());
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| Ok((id(AccountId::parse, &row, "account_id")?, read_membership(&row)?))).transpose()
}

fn read_membership(row: &Row) -> Result<Membership, Fault> {
    Ok(Membership {
        id: id(MembershipId::parse, row, "id")?,
        organisation: id(OrganisationId::parse, row, "organisation_id")?,
        role: code(Role::parse_code, row, "role")?,
    })
}

pub async fn end_membership(write: &mut Write, membership: MembershipId, now: Moment) -> Result<(), Fault> {
    let statement = sql("UPDATE membership SET ended_ms = $2 WHERE id = $1 AND ended_ms IS NULL");
    write.execute(statement.bind(membership.to_string()).bind(now.0)).await?;
    let tokens = sql("UPDATE api_token SET ended_ms = $2 WHERE membership_id = $1 AND ended_ms IS NULL");
    write.execute(tokens.bind(membership.to_string()).bind(now.0)).await?;
    Ok(())
}

/// All roles of a person, over all their accounts.
pub async fn roles_of_person(
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<BTreeSet<Role>, Fault> {
    let statement = sql("SELECT DISTINCT m.role AS role FROM membership m \
                         JOIN account a ON a.id = m.account_id \
                         WHERE a.person_id = $1 AND m.ended_ms IS NULL")
    .bind(person.to_string());
    transaction.fetch_all(statement).await?.iter().map(|row| code(Role::parse_code, row, "role")).collect()
}

/// Roles that somebody has who can sign in with both factors.
pub async fn roles_in_service(transaction: &mut Transaction) -> Result<BTreeSet<Role>, Fault> {
    let statement = sql("SELECT DISTINCT m.role AS role FROM membership m \
                         JOIN account a ON a.id = m.account_id \
                         WHERE m.ended_ms IS NULL AND a.password_hash IS NOT NULL \
                         AND a.totp_is_confirmed = TRUE AND a.is_disabled = FALSE");
    transaction.fetch_all(statement).await?.iter().map(|row| code(Role::parse_code, row, "role")).collect()
}

/// What a link is for.
#[derive(Clone, Copy, Debug)]
pub enum LinkFor {
    /// Naming the three administrators.
    SetUp,
    /// Setting the password of an account.
    Account(AccountId),
    /// Becoming a member.
    Member(OrganisationId, Role),
}

pub async fn insert_link(
    write: &mut Write,
    id: &str,
    digest: Digest,
    link: LinkFor,
    expires: Moment,
) -> Result<(), Fault> {
    let (account, organisation, role) = match link {
        LinkFor::SetUp => (None, None, None),
        LinkFor::Account(account) => (Some(account.to_string()), None, None),
        LinkFor::Member(organisation, role) => (None, Some(organisation.to_string()), Some(role.as_code())),
    };
    let statement =
        sql("INSERT INTO invitation (id, digest, account_id, organisation_id, role, expires_ms) \
                         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(digest)
        .bind(account)
        .bind(organisation)
        .bind(role)
        .bind(expires.0);
    write.execute(statement).await?;
    Ok(())
}

/// Uses a link up, if it is still good; what it is for.
pub async fn use_link(write: &mut Write, digest: Digest, now: Moment) -> Result<Option<LinkFor>, Fault> {
    let statement = sql("UPDATE invitation SET used_ms = $2 \
                         WHERE digest = $1 AND used_ms IS NULL AND expires_ms > $2 \
                         RETURNING account_id, organisation_id, role")
    .bind(digest)
    .bind(now.0);
    let Some(row) = write.fetch_optional(statement).await? else {
        return Ok(None);
    };
    let account: Option<String> = row.get("account_id")?;
    let organisation: Option<String> = row.get("organisation_id")?;
    Ok(Some(match (account, organisation) {
        (Some(_), _) => LinkFor::Account(id(AccountId::parse, &row, "account_id")?),
        (None, Some(_)) => LinkFor::Member(
            id(OrganisationId::parse, &row, "organisation_id")?,
            code(Role::parse_code, &row, "role")?,
        ),
        (None, None) => LinkFor::SetUp,
    }))
}

/// Makes all open links of an account void; with none, those for setting up.
pub async fn void_links(write: &mut Write, account: Option<AccountId>, now: Moment) -> Result<(), Fault> {
    let statement = match account {
        Some(account) => sql("UPDATE invitation SET used_ms = $1 WHERE account_id = $2 AND used_ms IS NULL")
            .bind(now.0)
            .bind(account.to_string()),
        None => sql("UPDATE invitation SET used_ms = $1 \
                     WHERE account_id IS NULL AND organisation_id IS NULL AND used_ms IS NULL")
        .bind(now.0),
    };
    write.execute(statement).await?;
    Ok(())
}

pub async fn set_recovery_codes(
    write: &mut Write,
    account: AccountId,
    digests: &[Digest],
) -> Result<(), Fault> {
    let clear = sql("DELETE FROM recovery_code WHERE account_id = $1").bind(account.to_string());
    write.execute(clear).await?;
    for digest in digests {
        let statement = sql("INSERT INTO recovery_code (account_id, digest) VALUES ($1, $2)");
        write.execute(statement.bind(account.to_string()).bind(*digest)).await?;
    }
    Ok(())
}

pub async fn use_recovery_code(write: &mut Write, account: AccountId, digest: Digest) -> Result<bool, Fault> {
    let statement = sql("DELETE FROM recovery_code WHERE account_id = $1 AND digest = $2");
    Ok(write.execute(statement.bind(account.to_string()).bind(digest)).await? == 1)
}

pub async fn failures(transaction: &mut Transaction, digest: Digest) -> Result<Failures, Fault> {
    let statement = sql("SELECT failures, last_ms FROM sign_in_failure WHERE digest = $1").bind(digest);
    match transaction.fetch_optional(statement).await? {
        None => Ok(Failures::NONE),
        Some(row) => Ok(Failures { count: row.get("failures")?, last: Moment(row.get("last_ms")?) }),
    }
}

pub async fn set_failures(write: &mut Write, digest: Digest, failures: Failures) -> Result<(), Fault> {
    let statement = sql("INSERT INTO sign_in_failure (digest, failures, last_ms) VALUES ($1, $2, $3) \
                         ON CONFLICT (digest) DO UPDATE SET failures = excluded.failures, \
                         last_ms = excluded.last_ms")
    .bind(digest)
    .bind(failures.count)
    .bind(failures.last.0);
    write.execute(statement).await?;
    Ok(())
}

/// A session as it stands in its table.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    pub account: AccountId,
    pub created: Moment,
    pub seen: Moment,
    pub address: String,
    pub agent: String,
    pub has_second_factor: bool,
}

pub async fn insert_session(write: &mut Write, digest: Digest, session: &SessionRow) -> Result<(), Fault> {
    let statement = sql("INSERT INTO session (id, digest, account_id, created_ms, seen_ms, address, agent, \
                         has_second_factor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(session.id.to_string())
    .bind(digest)
    .bind(session.account.to_string())
    .bind(session.created.0)
    .bind(session.seen.0)
    .bind(&session.address)
    .bind(&session.agent)
    .bind(session.has_second_factor);
    write.execute(statement).await?;
    Ok(())
}

pub async fn session(transaction: &mut Transaction, digest: Digest) -> Result<Option<SessionRow>, Fault> {
    let statement = sql("SELECT id, account_id, created_ms, seen_ms, address, agent, has_second_factor \
                         FROM session WHERE digest = $1 AND ended_ms IS NULL")
    .bind(digest);
    transaction.fetch_optional(statement).await?.map(|row| read_session(&row)).transpose()
}

pub async fn sessions_of(
    transaction: &mut Transaction,
    account: AccountId,
) -> Result<Vec<SessionRow>, Fault> {
    let statement = sql("SELECT id, account_id, created_ms, seen_ms, address, agent, has_second_factor \
                         FROM session WHERE account_id = $1 AND ended_ms IS NULL ORDER BY seen_ms DESC, id")
    .bind(account.to_string());
    transaction.fetch_all(statement).await?.iter().map(read_session).collect()
}

fn read_session(row: &Row) -> Result<SessionRow, Fault> {
    Ok(SessionRow {
        id: id(SessionId::parse, row, "id")?,
        account: id(AccountId::parse, row, "account_id")?,
        created: Moment(row.get("created_ms")?),
        seen: Moment(row.get("seen_ms")?),
        address: row.get("address")?,
        agent: row.get("agent")?,
        has_second_factor: row.get("has_second_factor")?,
    })
}

/// A session that has passed the second factor gets a new secret, so that one overheard before is worth nothing.
pub async fn renew_session(write: &mut Write, session: SessionId, digest: Digest) -> Result<(), Fault> {
    let statement = sql("UPDATE session SET digest = $2, has_second_factor = TRUE WHERE id = $1");
    write.execute(statement.bind(session.to_string()).bind(digest)).await?;
    Ok(())
}

pub async fn touch_session(write: &mut Write, session: SessionId, now: Moment) -> Result<(), Fault> {
    let statement = sql("UPDATE session SET seen_ms = $2 WHERE id = $1 AND seen_ms < $2");
    write.execute(statement.bind(session.to_string()).bind(now.0)).await?;
    Ok(())
}

/// Ends sessions of an account: one, or all but one. How many.
pub async fn end_session(
    write: &mut Write,
    account: AccountId,
    session: SessionId,
    now: Moment,
) -> Result<u64, Fault> {
    let statement = sql("UPDATE session SET ended_ms = $3 \
                         WHERE account_id = $1 AND id = $2 AND ended_ms IS NULL");
    Ok(write.execute(statement.bind(account.to_string()).bind(session.to_string()).bind(now.0)).await?)
}

pub async fn end_sessions_but(
    write: &mut Write,
    account: AccountId,
    kept: Option<SessionId>,
    now: Moment,
) -> Result<u64, Fault> {
    let statement = sql("UPDATE session SET ended_ms = $3 \
                         WHERE account_id = $1 AND id <> $2 AND ended_ms IS NULL")
    .bind(account.to_string())
    .bind(kept.map(|kept| kept.to_string()).unwrap_or_default())
    .bind(now.0);
    Ok(write.execute(statement).await?)
}

/// A token as it stands in its table.
#[derive(Clone, Debug)]
pub struct TokenRow {
    pub id: TokenId,
    pub membership: MembershipId,
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    pub created: Moment,
    pub expires: Moment,
}

pub async fn insert_token(write: &mut Write, digest: Digest, token: &TokenRow) -> Result<(), Fault> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_code()).collect();
    let statement =
        sql("INSERT INTO api_token (id, digest, membership_id, name, scopes, created_ms, expires_ms) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(token.id.to_string())
        .bind(digest)
        .bind(token.membership.to_string())
        .bind(&token.name)
        .bind(scopes.join(" "))
        .bind(token.created.0)
        .bind(token.expires.0);
    write.execute(statement).await?;
    Ok(())
}

/// A token that was not taken back, by its digest.
pub async fn token(transaction: &mut Transaction, digest: Digest) -> Result<Option<TokenRow>, Fault> {
    let statement = sql("SELECT id, membership_id, name, scopes, created_ms, expires_ms \
                         FROM api_token WHERE digest = $1 AND ended_ms IS NULL")
    .bind(digest);
    transaction.fetch_optional(statement).await?.map(|row| read_token(&row)).transpose()
}

pub async fn tokens_of(transaction: &mut Transaction, account: AccountId) -> Result<Vec<TokenRow>, Fault> {
    let statement = sql("SELECT t.id, t.membership_id, t.name, t.scopes, t.created_ms, t.expires_ms \
                         FROM api_token t JOIN membership m ON m.id = t.membership_id \
                         WHERE m.account_id = $1 AND t.ended_ms IS NULL ORDER BY t.id")
    .bind(account.to_string());
    transaction.fetch_all(statement).await?.iter().map(read_token).collect()
}

fn read_token(row: &Row) -> Result<TokenRow, Fault> {
    let scopes: String = row.get("scopes")?;
    let scopes = scopes.split_whitespace().map(|code| {
        Scope::parse_code(code).ok_or_else(|| Fault::Damaged(format!("api_token.scopes {code}")))
    });
    Ok(TokenRow {
        id: id(TokenId::parse, row, "id")?,
        membership: id(MembershipId::parse, row, "membership_id")?,
        name: row.get("name")?,
        scopes: scopes.collect::<Result<_, Fault>>()?,
        created: Moment(row.get("created_ms")?),
        expires: Moment(row.get("expires_ms")?),
    })
}

pub async fn end_token(
    write: &mut Write,
    account: AccountId,
    token: TokenId,
    now: Moment,
) -> Result<bool, Fault> {
    let statement = sql("UPDATE api_token SET ended_ms = $3 WHERE id = $2 AND ended_ms IS NULL \
                         AND membership_id IN (SELECT id FROM membership WHERE account_id = $1)");
    let statement = statement.bind(account.to_string()).bind(token.to_string()).bind(now.0);
    Ok(write.execute(statement).await? == 1)
}

fn id<T>(parse: impl Fn(&str) -> Option<T>, row: &Row, column: &str) -> Result<T, Fault> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| Fault::Damaged(format!("{column} {text}")))
}

fn code<T>(parse: impl Fn(&str) -> Option<T>, row: &Row, column: &str) -> Result<T, Fault> {
    id(parse, row, column)
}
