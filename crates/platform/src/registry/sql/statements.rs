//! What was said: statements, and contests as far as they bear on what is in force.

use std::sync::Arc;

use store::{Row, Transaction, Write, sql};

use super::super::model::{ContestId, Outcome, Stated, StatementId, SubjectId};
use super::{code, day, day_or_none, id, position, read_position};
use crate::ground::{Fault, Moment};

/// A statement as it is written; it counts from the entry of its act on.
#[derive(Clone, Debug)]
pub struct NewRow<'a> {
    pub id: StatementId,
    /// The statement's own id, or the batch's.
    pub act: &'a str,
    pub subject: SubjectId,
    pub source: &'a str,
    pub observed: facts::Date,
    pub valid_until: Option<facts::Date>,
    pub recorded: Moment,
    pub recorded_by: &'a str,
    pub evidence: Option<&'a str>,
    pub ground: Option<&'a str>,
    pub salt: &'a [u8],
    pub digest: [u8; 32],
    pub content: &'a str,
}

/// A statement as it is read.
#[derive(Clone, Debug)]
pub struct StatementRow {
    pub stated: Arc<Stated>,
    /// `None`: erased.
    pub content: Option<String>,
}

/// A contest that was raised by a position, and how it stands there.
#[derive(Clone, Debug)]
pub struct ObjectionRow {
    pub contest: ContestId,
    pub statement: StatementId,
    pub item: String,
    pub outcome: Option<Outcome>,
}

pub async fn insert(write: &mut Write, row: &NewRow<'_>) -> Result<(), Fault> {
    let statement = sql("INSERT INTO statement (id, act_id, subject_id, source, observed_on, valid_until, \
                         recorded_ms, recorded_by, evidence, ground, digest, salt, content) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(row.id.to_string())
    .bind(row.act)
    .bind(row.subject.to_string())
    .bind(row.source)
    .bind(row.observed.to_epoch_days())
    .bind(row.valid_until.map(facts::Date::to_epoch_days))
    .bind(row.recorded.0)
    .bind(row.recorded_by)
    .bind(row.evidence)
    .bind(row.ground)
    .bind(row.digest)
    .bind(row.salt)
    .bind(row.content);
    write.execute(statement).await?;
    Ok(())
}

/// What counts at a position about the subjects of a kind in a stretch of ids, by subject.
pub async fn counting(
    transaction: &mut Transaction,
    kind: &str,
    (first, last): (SubjectId, SubjectId),
    at: u64,
) -> Result<Vec<StatementRow>, Fault> {
    let statement = sql("SELECT s.id, s.subject_id, s.source, s.observed_on, s.valid_until, s.recorded_ms, \
                         s.recorded_by, s.evidence, s.ground, s.content, e.position FROM statement s \
                         JOIN subject u ON u.id = s.subject_id \
                         JOIN ledger_entry e ON e.reference = s.act_id \
                         AND e.kind IN ('record', 'import', 'condition') \
                         WHERE s.subject_id >= $1 AND s.subject_id <= $2 AND u.kind = $3 AND e.position <= $4 \
                         AND NOT EXISTS (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id \
                         AND w.kind = 'withdrawal' AND w.position <= $4) \
                         ORDER BY s.subject_id, e.position, s.id")
    .bind(first.to_string())
    .bind(last.to_string())
    .bind(kind)
    .bind(position(at));
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<StatementRow, Fault> {
    let stated = Stated {
        id: id(StatementId::parse, row, "id")?,
        subject: id(SubjectId::parse, row, "subject_id")?,
        source: row.get("source")?,
        observed: day(row, "observed_on")?,
        valid_until: day_or_none(row, "valid_until")?,
        recorded: Moment(row.get("recorded_ms")?),
        recorded_by: row.get("recorded_by")?,
        evidence: row.get("evidence")?,
        ground: row.get("ground")?,
        position: read_position(row, "position")?,
    };
    Ok(StatementRow { stated: Arc::new(stated), content: row.get("content")? })
}

/// Contests about the subjects in a stretch of ids, with how each stands at a position.
pub async fn objections(
    transaction: &mut Transaction,
    (first, last): (SubjectId, SubjectId),
    at: u64,
) -> Result<Vec<ObjectionRow>, Fault> {
    let statement = sql("SELECT c.id, c.statement_id, c.item, (SELECT a.outcome FROM contest_answer a \
                         JOIN ledger_entry g ON g.reference = a.contest_id AND g.kind = 'answer' \
                         WHERE a.contest_id = c.id AND g.position <= $3) AS outcome \
                         FROM contest c JOIN ledger_entry e ON e.reference = c.id AND e.kind = 'contest' \
                         WHERE c.subject_id >= $1 AND c.subject_id <= $2 AND e.position <= $3 \
                         ORDER BY e.position")
    .bind(first.to_string())
    .bind(last.to_string())
    .bind(position(at));
    let rows = transaction.fetch_all(statement).await?;
    let read = rows.iter().map(|row| {
        let outcome: Option<String> = row.get("outcome")?;
        Ok(ObjectionRow {
            contest: id(ContestId::parse, row, "id")?,
            statement: id(StatementId::parse, row, "statement_id")?,
            item: row.get("item")?,
            outcome: outcome.map(|_| code(Outcome::parse_code, row, "outcome")).transpose()?,
        })
    });
    read.collect()
}
