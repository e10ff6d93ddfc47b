//! Merges of duplicates.

use store::{Transaction, Write, sql};

use super::super::model::{MergeId, SubjectId};
use super::id;
use crate::ground::{Fault, Moment};

/// The two subjects of a merge.
pub async fn parties(transaction: &mut Transaction, merge: &str) -> Result<Vec<SubjectId>, Fault> {
    let statement = sql("SELECT from_id, into_id FROM subject_merge WHERE id = $1").bind(merge);
    let Some(row) = transaction.fetch_optional(statement).await? else { return Ok(Vec::new()) };
    Ok(vec![id(SubjectId::parse, &row, "from_id")?, id(SubjectId::parse, &row, "into_id")?])
}

/// A merge to be written.
#[derive(Clone, Debug)]
pub struct NewMergeRow<'a> {
    pub id: MergeId,
    pub from: SubjectId,
    pub into: SubjectId,
    pub reason: &'a str,
    pub by: &'a str,
    pub now: Moment,
}

pub async fn insert(write: &mut Write, row: &NewMergeRow<'_>) -> Result<(), Fault> {
    let statement = sql("INSERT INTO subject_merge (id, from_id, into_id, reason, merged_by, merged_ms) \
                         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(row.id.to_string())
    .bind(row.from.to_string())
    .bind(row.into.to_string())
    .bind(row.reason)
    .bind(row.by)
    .bind(row.now.0);
    write.execute(statement).await?;
    Ok(())
}

/// Two subjects of one kind that may be one: of the same name, or whose credit codes hold the same organisation code.
pub async fn suggestions(
    transaction: &mut Transaction,
    behind: Option<(SubjectId, SubjectId)>,
    limit: usize,
) -> Result<Vec<(SubjectId, SubjectId, bool)>, Fault> {
    let (one, other) =
        behind.map_or((String::new(), String::new()), |(one, other)| (one.to_string(), other.to_string()));
    let statement = sql("SELECT a.id AS one, b.id AS other, CAST(CASE WHEN a.name_key = b.name_key THEN 1 ELSE 0 END AS BIGINT) \
                         AS by_name FROM subject a JOIN subject b ON b.kind = a.kind AND b.id > a.id \
                         AND (b.name_key = a.name_key OR (a.kind IN ('enterprise', 'institution') \
                         AND SUBSTR(b.code, 9, 9) = SUBSTR(a.code, 9, 9))) \
                         WHERE a.merged_into IS NULL AND b.merged_into IS NULL \
                         AND a.erased_ms IS NULL AND b.erased_ms IS NULL AND a.name_key <> '' \
                         AND (a.id > $1 OR (a.id = $1 AND b.id > $2)) ORDER BY a.id, b.id LIMIT $3")
    .bind(one)
    .bind(other)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = transaction.fetch_all(statement).await?;
    let read = rows.iter().map(|row| {
        let by_name: i64 = row.get("by_name")?;
        Ok((id(SubjectId::parse, row, "one")?, id(SubjectId::parse, row, "other")?, by_name == 1))
    });
    read.collect()
}
