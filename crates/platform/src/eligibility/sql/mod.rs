//! The statements of this slice: decisions here, bulk runs in `runs`.

pub mod runs;

use facts::Date;
use serde_json::Value;
use store::{Row, Transaction, Write, sql};

use super::model::{Content, DecisionNumber, StoredDecision};
use crate::ground::{Fault, Moment};
use crate::policies::TextDigest;
use crate::registry::SubjectId;

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row, column: &str) -> Result<u64, Fault> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Fault::Damaged(format!("{column} is negative")))
}

fn digest(row: &Row, column: &str) -> Result<[u8; 32], Fault> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| Fault::Damaged(format!("{column} is no digest")))
}

fn json(text: &str, column: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Damaged(format!("{column} is no JSON")))
}

/// The number of the last decision; nought before the first.
pub async fn last_number(transaction: &mut Transaction) -> Result<u64, Fault> {
    let row = transaction.fetch_one(sql("SELECT COALESCE(MAX(number), 0) AS last FROM decision")).await?;
    unsigned(&row, "last")
}

pub async fn insert_decision(write: &mut Write, decision: &StoredDecision) -> Result<(), Fault> {
    let content = decision.content.as_ref();
    let statement = sql("INSERT INTO decision (number, subject_id, policy, version, text_digest, release, \
                         release_digest, day, position, semantics, outcome, inputs, content, digest, salt, \
                         decided_ms, decided_by) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
    .bind(whole(decision.number.0))
    .bind(decision.subject.to_string())
    .bind(&decision.policy)
    .bind(&decision.version)
    .bind(decision.text_digest.0)
    .bind(whole(decision.release))
    .bind(decision.release_digest.0)
    .bind(decision.day.to_epoch_days())
    .bind(whole(decision.position))
    .bind(i64::from(decision.semantics))
    .bind(&decision.outcome)
    .bind(content.map(|content| content.inputs.to_string()))
    .bind(content.map(|content| content.decision.to_string()))
    .bind(decision.digest)
    .bind(content.map(|content| content.salt.clone()))
    .bind(decision.decided.0)
    .bind(&decision.decided_by);
    write.execute(statement).await?;
    Ok(())
}

pub async fn decision(
    transaction: &mut Transaction,
    number: DecisionNumber,
) -> Result<Option<StoredDecision>, Fault> {
    let statement =
        sql("SELECT number, subject_id, policy, version, text_digest, release, release_digest, day, \
                         position, semantics, outcome, inputs, content, digest, salt, decided_ms, decided_by \
                         FROM decision WHERE number = $1")
        .bind(whole(number.0));
    transaction.fetch_optional(statement).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<StoredDecision, Fault> {
    let subject: String = row.get("subject_id")?;
    let (inputs, content): (Option<String>, Option<String>) = (row.get("inputs")?, row.get("content")?);
    let salt: Option<Vec<u8>> = row.get("salt")?;
    let content = match (inputs, content, salt) {
        (Some(inputs), Some(decision), Some(salt)) => {
            Some(Content { inputs: json(&inputs, "inputs")?, decision: json(&decision, "content")?, salt })
        }
        _ => None,
    };
    let day: i64 = row.get("day")?;
    let semantics: i64 = row.get("semantics")?;
    Ok(StoredDecision {
        number: DecisionNumber(unsigned(row, "number")?),
        subject: SubjectId::parse(&subject)
            .ok_or_else(|| Fault::Damaged("a decision's subject is no id".to_owned()))?,
        policy: row.get("policy")?,
        version: row.get("version")?,
        text_digest: TextDigest(digest(row, "text_digest")?),
        release: unsigned(row, "release")?,
        release_digest: TextDigest(digest(row, "release_digest")?),
        day: Date::from_epoch_days(day)
            .ok_or_else(|| Fault::Damaged("a decision's day is none".to_owned()))?,
        position: unsigned(row, "position")?,
        semantics: u32::try_from(semantics)
            .map_err(|_| Fault::Damaged("a decision's semantics are no number".to_owned()))?,
        outcome: row.get("outcome")?,
        content,
        digest: digest(row, "digest")?,
        decided: Moment(row.get("decided_ms")?),
        decided_by: row.get("decided_by")?,
    })
}

/// Decisions about subjects that were erased whose content is still there.
pub async fn decisions_of_erased(
    transaction: &mut Transaction,
    limit: i64,
) -> Result<Vec<DecisionNumber>, Fault> {
    let statement = sql("SELECT d.number FROM decision d JOIN subject s ON s.id = d.subject_id \
                         WHERE s.erased_ms IS NOT NULL AND d.content IS NOT NULL ORDER BY d.number LIMIT $1")
    .bind(limit);
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| unsigned(row, "number").map(DecisionNumber)).collect()
}

pub async fn erase_content(write: &mut Write, number: DecisionNumber) -> Result<(), Fault> {
    let statement = sql("UPDATE decision SET inputs = NULL, content = NULL, salt = NULL WHERE number = $1")
        .bind(whole(number.0));
    write.execute(statement).await?;
    Ok(())
}
