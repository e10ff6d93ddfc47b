//! Statements about who an account is elsewhere.

use store::{StoreError, Transaction, Write, sql};

use super::super::model::AccountId;
use super::id;
use crate::ground::{Fault, Moment};

pub async fn external_account(
    transaction: &mut Transaction,
    issuer: &str,
    subject: &str,
) -> Result<Option<AccountId>, Fault> {
    let statement = sql("SELECT account_id FROM external_identity WHERE issuer = $1 AND subject = $2")
        .bind(issuer)
        .bind(subject);
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| id(AccountId::parse, &row, "account_id")).transpose()
}

pub async fn insert_external(
    write: &mut Write,
    issuer: &str,
    subject: &str,
    account: AccountId,
    now: Moment,
) -> Result<(), StoreError> {
    let statement =
        sql("INSERT INTO external_identity (issuer, subject, account_id, linked_ms) VALUES ($1, $2, $3, $4)")
            .bind(issuer)
            .bind(subject)
            .bind(account.to_string())
            .bind(now.0);
    write.execute(statement).await.map(|_| ())
}

pub async fn delete_external(write: &mut Write, issuer: &str, account: AccountId) -> Result<bool, Fault> {
    let statement = sql("DELETE FROM external_identity WHERE issuer = $1 AND account_id = $2")
        .bind(issuer)
        .bind(account.to_string());
    Ok(write.execute(statement).await? > 0)
}
