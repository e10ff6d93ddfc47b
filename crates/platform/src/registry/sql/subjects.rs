//! Subjects, and which are merged into which.

use store::{Row, StoreError, Transaction, Write, sql};

use super::super::model::{MergeId, Subject, SubjectId};
use super::{MergeSpan, Merges, id, id_or_none, position, read_position};
use crate::ground::{Fault, Moment};
use crate::identity::OrganisationId;

pub async fn insert(
    write: &mut Write,
    subject: &Subject,
    name_key: &str,
    now: Moment,
) -> Result<(), StoreError> {
    let statement =
        sql("INSERT INTO subject (id, kind, code, name, name_key, organisation_id, merged_into, \
                         created_ms, erased_ms) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, NULL)")
        .bind(subject.id.to_string())
        .bind(&subject.kind)
        .bind(subject.code.clone())
        .bind(&subject.name)
        .bind(name_key)
        .bind(subject.organisation.map(|it| it.to_string()))
        .bind(now.0);
    write.execute(statement).await.map(|_| ())
}

pub async fn get(transaction: &mut Transaction, subject: SubjectId) -> Result<Option<Subject>, Fault> {
    let statement = sql("SELECT id, kind, code, name, organisation_id, merged_into, erased_ms FROM subject \
                         WHERE id = $1")
    .bind(subject.to_string());
    transaction.fetch_optional(statement).await?.map(|row| read(&row)).transpose()
}

/// Whoever bears a code, whether anything counts of it yet or not.
pub async fn with_code(
    transaction: &mut Transaction,
    kind: &str,
    code: &str,
) -> Result<Option<Subject>, Fault> {
    let statement = sql("SELECT id, kind, code, name, organisation_id, merged_into, erased_ms FROM subject \
                         WHERE kind = $1 AND code = $2")
    .bind(kind)
    .bind(code);
    transaction.fetch_optional(statement).await?.map(|row| read(&row)).transpose()
}

/// Subjects of a kind behind an id, in order.
pub async fn after(
    transaction: &mut Transaction,
    kind: &str,
    behind: Option<SubjectId>,
    limit: i64,
) -> Result<Vec<Subject>, Fault> {
    let statement = sql("SELECT id, kind, code, name, organisation_id, merged_into, erased_ms FROM subject \
                         WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3")
    .bind(kind)
    .bind(behind.map(|it| it.to_string()).unwrap_or_default())
    .bind(limit);
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

/// Those of a stretch of ids that were put into the register by a position, other than by what was said about them.
pub async fn created(
    transaction: &mut Transaction,
    (first, last): (SubjectId, SubjectId),
    at: u64,
) -> Result<Vec<SubjectId>, Fault> {
    let statement = sql("SELECT reference FROM ledger_entry WHERE kind = 'create' \
                         AND reference >= $1 AND reference <= $2 AND position <= $3")
    .bind(first.to_string())
    .bind(last.to_string())
    .bind(position(at));
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| id(SubjectId::parse, row, "reference")).collect()
}

pub(super) fn read(row: &Row) -> Result<Subject, Fault> {
    let erased: Option<i64> = row.get("erased_ms")?;
    Ok(Subject {
        id: id(SubjectId::parse, row, "id")?,
        kind: row.get("kind")?,
        code: row.get("code")?,
        name: row.get("name")?,
        organisation: id_or_none(OrganisationId::parse, row, "organisation_id")?,
        merged_into: id_or_none(SubjectId::parse, row, "merged_into")?,
        erased: erased.map(Moment),
    })
}

pub async fn set_organisation(
    write: &mut Write,
    subject: SubjectId,
    organisation: Option<OrganisationId>,
) -> Result<(), Fault> {
    let statement = sql("UPDATE subject SET organisation_id = $2 WHERE id = $1")
        .bind(subject.to_string())
        .bind(organisation.map(|it| it.to_string()));
    write.execute(statement).await?;
    Ok(())
}

/// Which subject is merged into which at a position.
pub async fn merges(transaction: &mut Transaction, at: u64) -> Result<Merges, Fault> {
    Ok(Merges::at(&merge_spans(transaction).await?, at))
}

/// All merges that ever were; there are few.
pub async fn merge_spans(transaction: &mut Transaction) -> Result<Vec<MergeSpan>, Fault> {
    let statement = sql("SELECT m.id, m.from_id, m.into_id, e.position, u.position AS undone \
                         FROM subject_merge m \
                         JOIN ledger_entry e ON e.reference = m.id AND e.kind = 'merge' \
                         LEFT JOIN ledger_entry u ON u.reference = m.id AND u.kind = 'unmerge' \
                         ORDER BY e.position");
    let rows = transaction.fetch_all(statement).await?;
    let read = rows.iter().map(|row| {
        let undone: Option<i64> = row.get("undone")?;
        Ok(MergeSpan {
            id: id(MergeId::parse, row, "id")?,
            from: id(SubjectId::parse, row, "from_id")?,
            into: id(SubjectId::parse, row, "into_id")?,
            since: read_position(row, "position")?,
            undone: undone.map(|_| read_position(row, "undone")).transpose()?,
        })
    });
    read.collect()
}

/// Whether the register knows a subject now: it was put into it, or something counts about it.
pub async fn is_known(transaction: &mut Transaction, subject: SubjectId) -> Result<bool, Fault> {
    let statement = sql("SELECT position FROM ledger_entry WHERE reference = $1 AND kind = 'create' \
                         UNION ALL SELECT e.position FROM statement s \
                         JOIN ledger_entry e ON e.reference = s.act_id \
                         AND e.kind IN ('record', 'import', 'condition') WHERE s.subject_id = $1 \
                         AND NOT EXISTS (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id \
                         AND w.kind = 'withdrawal') LIMIT 1")
    .bind(subject.to_string());
    Ok(transaction.fetch_optional(statement).await?.is_some())
}

pub async fn rename(write: &mut Write, subject: SubjectId, name: &str, key: &str) -> Result<(), Fault> {
    let statement = sql("UPDATE subject SET name = $2, name_key = $3 WHERE id = $1")
        .bind(subject.to_string())
        .bind(name)
        .bind(key);
    write.execute(statement).await?;
    Ok(())
}

/// Subjects whose name holds a text or whose code ends with it, behind an id, in order.
pub async fn search(
    transaction: &mut Transaction,
    kind: Option<&str>,
    text: &str,
    behind: Option<SubjectId>,
    limit: usize,
) -> Result<Vec<Subject>, Fault> {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let statement = sql("SELECT u.id, u.kind, u.code, u.name, u.organisation_id, u.merged_into, u.erased_ms \
                         FROM subject u WHERE u.id > $1 AND u.merged_into IS NULL AND u.erased_ms IS NULL \
                         AND ($2 = '' OR u.kind = $2) \
                         AND (u.name_key LIKE $3 ESCAPE '\\' OR LOWER(u.code) LIKE $4 ESCAPE '\\') \
                         AND (EXISTS (SELECT 1 FROM ledger_entry c WHERE c.reference = u.id AND c.kind = 'create') \
                         OR EXISTS (SELECT 1 FROM statement s JOIN ledger_entry e ON e.reference = s.act_id \
                         AND e.kind IN ('record', 'import', 'condition') WHERE s.subject_id = u.id \
                         AND NOT EXISTS (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id \
                         AND w.kind = 'withdrawal'))) ORDER BY u.id LIMIT $5")
    .bind(behind.map(|it| it.to_string()).unwrap_or_default())
    .bind(kind.unwrap_or_default())
    .bind(format!("%{plain}%"))
    .bind(format!("%{plain}"))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

/// Subjects whose own people are an organisation's members.
pub async fn of_organisation(
    transaction: &mut Transaction,
    organisation: OrganisationId,
) -> Result<Vec<Subject>, Fault> {
    let statement = sql("SELECT id, kind, code, name, organisation_id, merged_into, erased_ms FROM subject \
                         WHERE organisation_id = $1 AND merged_into IS NULL AND erased_ms IS NULL \
                         ORDER BY id LIMIT 1000")
    .bind(organisation.to_string());
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

/// That a subject is merged into another now, or stands for itself again.
pub async fn set_merged(write: &mut Write, subject: SubjectId, into: Option<SubjectId>) -> Result<(), Fault> {
    let statement = sql("UPDATE subject SET merged_into = $2 WHERE id = $1")
        .bind(subject.to_string())
        .bind(into.map(|it| it.to_string()));
    write.execute(statement).await?;
    Ok(())
}
