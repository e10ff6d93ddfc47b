//! Erasing, holds, and whether statements are what they were.

use store::{Row, Transaction, Write, sql};

use super::super::model::{Hold, HoldId, StatementId, SubjectId};
use super::id;
use crate::ground::{Fault, Moment};

/// A statement with what its digest is of.
#[derive(Clone, Debug)]
pub struct DigestRow {
    pub id: StatementId,
    pub digest: Vec<u8>,
    pub salt: Option<Vec<u8>>,
    pub content: Option<String>,
    /// Its subject was erased.
    pub is_erased: bool,
}

/// The words of everything that was said about a subject, gone, with their salts.
pub async fn erase_statements(write: &mut Write, subject: SubjectId) -> Result<u64, Fault> {
    let statement = sql("UPDATE statement SET content = NULL, salt = NULL, evidence = NULL, ground = NULL \
                         WHERE subject_id = $1");
    Ok(write.execute(statement.bind(subject.to_string())).await?)
}

/// A subject without name, code and people of its own.
pub async fn erase_subject(write: &mut Write, subject: SubjectId, now: Moment) -> Result<(), Fault> {
    let statement = sql("UPDATE subject SET name = '', name_key = '', code = NULL, organisation_id = NULL, \
                         erased_ms = $2 WHERE id = $1");
    write.execute(statement.bind(subject.to_string()).bind(now.0)).await?;
    let merges = sql("UPDATE subject_merge SET reason = '' WHERE from_id = $1 OR into_id = $1");
    write.execute(merges.bind(subject.to_string())).await?;
    Ok(())
}

pub async fn insert_erasure(
    write: &mut Write,
    id: &str,
    subject: SubjectId,
    ground: &str,
    (by, now): (&str, Moment),
) -> Result<(), Fault> {
    let statement = sql("INSERT INTO erasure (id, subject_id, ground, erased_by, erased_ms) \
                         VALUES ($1, $2, $3, $4, $5)")
    .bind(id)
    .bind(subject.to_string())
    .bind(ground)
    .bind(by)
    .bind(now.0);
    write.execute(statement).await?;
    Ok(())
}

pub async fn insert_hold(
    write: &mut Write,
    hold: HoldId,
    subject: SubjectId,
    ground: &str,
    (by, now): (&str, Moment),
) -> Result<(), Fault> {
    let statement = sql("INSERT INTO legal_hold (id, subject_id, ground, placed_by, placed_ms) \
                         VALUES ($1, $2, $3, $4, $5)")
    .bind(hold.to_string())
    .bind(subject.to_string())
    .bind(ground)
    .bind(by)
    .bind(now.0);
    write.execute(statement).await?;
    Ok(())
}

/// Lifts a hold that stands. Whom it was about.
pub async fn lift_hold(
    write: &mut Write,
    hold: HoldId,
    (by, now): (&str, Moment),
) -> Result<Option<SubjectId>, Fault> {
    let statement = sql("UPDATE legal_hold SET lifted_by = $2, lifted_ms = $3 \
                         WHERE id = $1 AND lifted_ms IS NULL RETURNING subject_id")
    .bind(hold.to_string())
    .bind(by)
    .bind(now.0);
    let row = write.fetch_optional(statement).await?;
    row.map(|row| id(SubjectId::parse, &row, "subject_id")).transpose()
}

/// Holds on a subject, also those that were lifted.
pub async fn holds(transaction: &mut Transaction, subject: SubjectId) -> Result<Vec<Hold>, Fault> {
    let statement = sql("SELECT id, ground, placed_by, placed_ms, lifted_ms FROM legal_hold \
                         WHERE subject_id = $1 ORDER BY id")
    .bind(subject.to_string());
    let read = |row: &Row| {
        let lifted: Option<i64> = row.get("lifted_ms")?;
        Ok(Hold {
            id: id(HoldId::parse, row, "id")?,
            ground: row.get("ground")?,
            placed_by: row.get("placed_by")?,
            placed: Moment(row.get("placed_ms")?),
            lifted: lifted.map(Moment),
        })
    };
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

/// Statements behind an id, with what their digests are of.
pub async fn digests(
    transaction: &mut Transaction,
    behind: Option<StatementId>,
    limit: i64,
) -> Result<Vec<DigestRow>, Fault> {
    let statement = sql("SELECT s.id, s.digest, s.salt, s.content, u.erased_ms FROM statement s \
                         JOIN subject u ON u.id = s.subject_id WHERE s.id > $1 ORDER BY s.id LIMIT $2")
    .bind(behind.map(|it| it.to_string()).unwrap_or_default())
    .bind(limit);
    let read = |row: &Row| {
        let erased: Option<i64> = row.get("erased_ms")?;
        Ok(DigestRow {
            id: id(StatementId::parse, row, "id")?,
            digest: row.get("digest")?,
            salt: row.get("salt")?,
            content: row.get("content")?,
            is_erased: erased.is_some(),
        })
    };
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}
