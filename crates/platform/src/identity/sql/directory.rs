//! Statements that list.

use store::{Row, Transaction, sql};

use super::super::model::{AccountId, Membership, OrganisationId, OrganisationKind};
use super::{Account, code, id, read_account, read_membership};
use crate::ground::{Fault, Moment};

/// An organisation as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedOrganisation {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    pub created: Moment,
}

/// Somebody's role in an organisation, as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedMember {
    pub membership: Membership,
    pub account: AccountId,
    pub name: String,
    pub granted: Moment,
}

/// An account as it is listed.
#[derive(Clone, Debug)]
pub struct ListedAccount {
    pub account: Account,
    pub created: Moment,
}

fn read_organisation(row: &Row) -> Result<ListedOrganisation, Fault> {
    Ok(ListedOrganisation {
        id: id(OrganisationId::parse, row, "id")?,
        kind: code(OrganisationKind::parse_code, row, "kind")?,
        name: row.get("name")?,
        created: Moment(row.get("created_ms")?),
    })
}

/// How many rows, as a value that is bound.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub async fn organisation(
    transaction: &mut Transaction,
    wanted: OrganisationId,
) -> Result<Option<ListedOrganisation>, Fault> {
    let statement =
        sql("SELECT id, kind, name, created_ms FROM organisation WHERE id = $1").bind(wanted.to_string());
    transaction.fetch_optional(statement).await?.map(|row| read_organisation(&row)).transpose()
}

pub async fn organisations_after(
    transaction: &mut Transaction,
    after: Option<OrganisationId>,
    limit: usize,
) -> Result<Vec<ListedOrganisation>, Fault> {
    // Every id sorts behind the empty text.
    let statement =
        sql("SELECT id, kind, name, created_ms FROM organisation WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(after.map_or_else(String::new, |after| after.to_string()))
            .bind(rows(limit));
    transaction.fetch_all(statement).await?.iter().map(read_organisation).collect()
}

pub async fn members_after(
    transaction: &mut Transaction,
    organisation: OrganisationId,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<ListedMember>, Fault> {
    let statement = sql("SELECT m.id AS id, m.organisation_id AS organisation_id, m.role AS role, \
                         m.granted_ms AS granted_ms, a.id AS account_id, a.name AS name \
                         FROM membership m JOIN account a ON a.id = m.account_id \
                         WHERE m.organisation_id = $1 AND m.ended_ms IS NULL AND m.id > $2 ORDER BY m.id LIMIT $3")
    .bind(organisation.to_string())
    .bind(after.unwrap_or_default())
    .bind(rows(limit));
    let found = transaction.fetch_all(statement).await?;
    let read = |row: &Row| {
        Ok(ListedMember {
            membership: read_membership(row)?,
            account: id(AccountId::parse, row, "account_id")?,
            name: row.get("name")?,
            granted: Moment(row.get("granted_ms")?),
        })
    };
    found.iter().map(read).collect()
}

pub async fn accounts_after(
    transaction: &mut Transaction,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<ListedAccount>, Fault> {
    let statement = sql("SELECT id, login, name, person_id, password_hash, must_change, totp_secret, \
                         totp_is_confirmed, totp_step, is_disabled, created_ms FROM account \
                         WHERE id > $1 ORDER BY id LIMIT $2")
    .bind(after.map_or_else(String::new, |after| after.to_string()))
    .bind(rows(limit));
    let found = transaction.fetch_all(statement).await?;
    let read = |row: &Row| {
        Ok(ListedAccount { account: read_account(row)?, created: Moment(row.get("created_ms")?) })
    };
    found.iter().map(read).collect()
}
