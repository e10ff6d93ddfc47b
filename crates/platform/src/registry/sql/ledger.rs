//! Entries of the ledger: their positions, and whose values each may have changed.

use store::{Row, Transaction, Write, sql};

use super::super::model::{EntryKind, SubjectId};
use super::{code, id, id_or_none, position, read_position};
use crate::ground::{Fault, Moment};

/// The name under which acts on the ledger wait for each other.
const LEDGER: &str = "registry ledger";

/// An entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub position: u64,
    pub at: Moment,
    pub kind: EntryKind,
    pub reference: String,
    pub subject: Option<SubjectId>,
}

/// Puts an act into the ledger. It is the last thing that a verb writes: from here on other acts wait for its commit, so
/// that whoever reads up to a position has read everything before it.
pub async fn append(
    write: &mut Write,
    at: Moment,
    kind: EntryKind,
    reference: &str,
    subject: Option<SubjectId>,
) -> Result<u64, Fault> {
    write.lock(LEDGER).await?;
    let statement = sql("INSERT INTO ledger_entry (position, at_ms, kind, reference, subject_id) \
                         SELECT COALESCE(MAX(position), 0) + 1, $1, $2, $3, $4 FROM ledger_entry \
                         RETURNING position")
    .bind(at.0)
    .bind(kind.as_code())
    .bind(reference)
    .bind(subject.map(|subject| subject.to_string()));
    read_position(&write.fetch_one(statement).await?, "position")
}

/// The position of the last entry; nought before the first.
pub async fn last(transaction: &mut Transaction) -> Result<u64, Fault> {
    let statement = sql("SELECT COALESCE(MAX(position), 0) AS position FROM ledger_entry");
    read_position(&transaction.fetch_one(statement).await?, "position")
}

/// Entries behind a position, in order.
pub async fn after(transaction: &mut Transaction, behind: u64, limit: i64) -> Result<Vec<Entry>, Fault> {
    let statement = sql("SELECT position, at_ms, kind, reference, subject_id FROM ledger_entry \
                         WHERE position > $1 ORDER BY position LIMIT $2")
    .bind(position(behind))
    .bind(limit);
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        position: read_position(row, "position")?,
        at: Moment(row.get("at_ms")?),
        kind: code(EntryKind::parse_code, row, "kind")?,
        reference: row.get("reference")?,
        subject: id_or_none(SubjectId::parse, row, "subject_id")?,
    })
}

/// Subjects of which a batch says something.
pub async fn subjects_of_act(transaction: &mut Transaction, act: &str) -> Result<Vec<SubjectId>, Fault> {
    let statement = sql("SELECT DISTINCT subject_id FROM statement WHERE act_id = $1 ORDER BY subject_id");
    let rows = transaction.fetch_all(statement.bind(act)).await?;
    rows.iter().map(|row| id(SubjectId::parse, row, "subject_id")).collect()
}

/// Subjects of which a source says something.
pub async fn subjects_of_rank(transaction: &mut Transaction, rank: &str) -> Result<Vec<SubjectId>, Fault> {
    let statement = sql("SELECT DISTINCT s.subject_id FROM statement s \
                         JOIN source_rank r ON r.source = s.source WHERE r.id = $1 ORDER BY s.subject_id");
    let rows = transaction.fetch_all(statement.bind(rank)).await?;
    rows.iter().map(|row| id(SubjectId::parse, row, "subject_id")).collect()
}
