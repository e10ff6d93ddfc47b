//! The statements that stage a batch's rows, and take them back.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use store::{Rows, Statement, Transaction, Write, rows_into, sql, sql_of_each};

use super::super::super::model::{SubjectId, name_key};
use super::super::model::BatchId;
use super::super::rows::Who;
use super::{count, digest, read, whole};
use crate::ground::{Fault, Moment};

/// A subject that some row names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub id: SubjectId,
    pub is_erased: bool,
}

/// The subjects of a kind that rows name. A name that several subjects have finds several.
pub async fn find_subjects(
    transaction: &mut Transaction,
    kind: &str,
    wanted: &[&Who],
) -> Result<BTreeMap<String, Vec<Found>>, Fault> {
    let list = |pick: fn(&Who) -> Option<String>| -> Vec<String> {
        wanted.iter().copied().filter_map(pick).collect()
    };
    let codes = list(|who| if let Who::Code(code) = who { Some(code.clone()) } else { None });
    let ids = list(|who| if let Who::Subject(id) = who { Some(id.to_string()) } else { None });
    let names = list(|who| if let Who::Name(name) = who { Some(name.clone()) } else { None });
    let mut found: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for (keys, statement) in [(codes, by_code()), (ids, by_id()), (names, by_name())] {
        if keys.is_empty() {
            continue;
        }
        let statement = statement.bind(Json::from(keys).to_string()).bind(kind);
        for row in transaction.fetch_all(statement).await? {
            let erased: Option<i64> = row.get("erased_ms")?;
            let subject = Found { id: read(&row, "id", SubjectId::parse)?, is_erased: erased.is_some() };
            found.entry(row.get("found_by")?).or_default().push(subject);
        }
    }
    Ok(found)
}

// A list of values of any length is one bound text; the two databases unpack JSON by functions of different names.
fn by_code() -> Statement {
    sql_of_each(
        "SELECT id, code AS found_by, erased_ms FROM subject \
         WHERE kind = $2 AND code IN (SELECT value FROM json_each($1))",
        "SELECT id, code AS found_by, erased_ms FROM subject \
         WHERE kind = $2 AND code IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb)))",
    )
}

fn by_id() -> Statement {
    sql_of_each(
        "SELECT id, id AS found_by, erased_ms FROM subject \
         WHERE kind = $2 AND id IN (SELECT value FROM json_each($1))",
        "SELECT id, id AS found_by, erased_ms FROM subject \
         WHERE kind = $2 AND id IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb)))",
    )
}

/// By name only those that the register knows: a batch that is being staged has subjects that nobody may see yet.
fn by_name() -> Statement {
    sql_of_each(
        "SELECT u.id, u.name_key AS found_by, u.erased_ms FROM subject u WHERE u.kind = $2 AND u.merged_into IS NULL \
         AND u.name_key IN (SELECT value FROM json_each($1)) \
         AND (EXISTS (SELECT 1 FROM ledger_entry c WHERE c.reference = u.id AND c.kind = 'create') \
         OR EXISTS (SELECT 1 FROM statement s JOIN ledger_entry e ON e.reference = s.act_id \
         AND e.kind IN ('record', 'import', 'condition') WHERE s.subject_id = u.id AND NOT EXISTS \
         (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id AND w.kind = 'withdrawal')))",
        "SELECT u.id, u.name_key AS found_by, u.erased_ms FROM subject u WHERE u.kind = $2 AND u.merged_into IS NULL \
         AND u.name_key IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))) \
         AND (EXISTS (SELECT 1 FROM ledger_entry c WHERE c.reference = u.id AND c.kind = 'create') \
         OR EXISTS (SELECT 1 FROM statement s JOIN ledger_entry e ON e.reference = s.act_id \
         AND e.kind IN ('record', 'import', 'condition') WHERE s.subject_id = u.id AND NOT EXISTS \
         (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id AND w.kind = 'withdrawal')))",
    )
}

/// What a source has said of subjects and still counts, in the order in which it said it.
pub async fn said_before(
    transaction: &mut Transaction,
    source: &str,
    subjects: &[SubjectId],
) -> Result<Vec<(SubjectId, String)>, Fault> {
    let ids: Vec<String> = subjects.iter().map(ToString::to_string).collect();
    // As above: a list is one bound text.
    let statement = sql_of_each(
        "SELECT s.subject_id, s.content FROM statement s JOIN ledger_entry e ON e.reference = s.act_id \
         AND e.kind IN ('record', 'import', 'condition') WHERE s.source = $1 AND s.content IS NOT NULL \
         AND s.subject_id IN (SELECT value FROM json_each($2)) AND NOT EXISTS (SELECT 1 FROM ledger_entry w \
         WHERE w.reference = s.act_id AND w.kind = 'withdrawal') \
         ORDER BY s.subject_id, s.observed_on, e.position, s.id",
        "SELECT s.subject_id, s.content FROM statement s JOIN ledger_entry e ON e.reference = s.act_id \
         AND e.kind IN ('record', 'import', 'condition') WHERE s.source = $1 AND s.content IS NOT NULL \
         AND s.subject_id IN (SELECT jsonb_array_elements_text(CAST($2 AS jsonb))) AND NOT EXISTS \
         (SELECT 1 FROM ledger_entry w WHERE w.reference = s.act_id AND w.kind = 'withdrawal') \
         ORDER BY s.subject_id, s.observed_on, e.position, s.id",
    )
    .bind(source)
    .bind(Json::from(ids).to_string());
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| Ok((read(row, "subject_id", SubjectId::parse)?, row.get("content")?))).collect()
}

/// Subjects that a batch brings with it; who is there already is passed over.
pub async fn insert_subjects(
    write: &mut Write,
    kind: &str,
    subjects: &[(SubjectId, &str, &str)],
    now: Moment,
) -> Result<u64, Fault> {
    let mut rows = rows_into(
        "INSERT INTO subject (id, kind, code, name, name_key, created_ms)",
        "ON CONFLICT (kind, code) WHERE code IS NOT NULL DO NOTHING",
        6,
    );
    for (id, code, name) in subjects {
        rows.push([
            id.to_string().into(),
            kind.into(),
            (*code).into(),
            (*name).into(),
            name_key(name).into(),
            now.0.into(),
        ]);
    }
    Ok(write.insert_rows(rows).await?)
}

/// Rows for `statement`, without any yet.
pub fn statement_rows() -> Rows {
    rows_into(
        "INSERT INTO statement (id, act_id, subject_id, source, observed_on, recorded_ms, recorded_by, digest, salt, content)",
        "",
        10,
    )
}

/// Takes back some of what a batch staged, and the subjects that came with it and of whom nothing else is known. The number of
/// statements; nought when nothing is left.
pub async fn delete_staged(write: &mut Write, batch: BatchId, limit: usize) -> Result<u64, Fault> {
    let some = sql("SELECT id, subject_id FROM statement WHERE act_id = $1 ORDER BY id LIMIT $2")
        .bind(batch.to_string())
        .bind(whole(limit as u64));
    let rows = write.fetch_all(some).await?;
    let (mut statements, mut subjects) = (Vec::new(), Vec::new());
    for row in &rows {
        statements.push(Json::from(row.get::<String>("id")?));
        subjects.push(Json::from(row.get::<String>("subject_id")?));
    }
    if statements.is_empty() {
        return Ok(0);
    }
    // As above: a list is one bound text. What stands in the ledger is never taken back.
    let gone = sql_of_each(
        "DELETE FROM statement WHERE id IN (SELECT value FROM json_each($1)) \
         AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.reference = statement.act_id)",
        "DELETE FROM statement WHERE id IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))) \
         AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.reference = statement.act_id)",
    );
    let gone = write.execute(gone.bind(json!(statements).to_string())).await?;
    let alone = sql_of_each(
        "DELETE FROM subject WHERE id IN (SELECT value FROM json_each($1)) AND organisation_id IS NULL \
         AND merged_into IS NULL AND erased_ms IS NULL \
         AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject_id = subject.id) \
         AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.subject_id = subject.id OR e.reference = subject.id)",
        "DELETE FROM subject WHERE id IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))) \
         AND organisation_id IS NULL AND merged_into IS NULL AND erased_ms IS NULL \
         AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject_id = subject.id) \
         AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.subject_id = subject.id OR e.reference = subject.id)",
    );
    write.execute(alone.bind(json!(subjects).to_string())).await?;
    Ok(gone)
}

/// The digests of a batch's statements, in the order of their ids.
pub async fn digests(transaction: &mut Transaction, batch: BatchId) -> Result<Vec<[u8; 32]>, Fault> {
    let statement = sql("SELECT digest FROM statement WHERE act_id = $1 ORDER BY id").bind(batch.to_string());
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| digest(row.get("digest")?)).collect()
}

/// Subjects of a batch behind one of them, in order.
pub async fn subjects_of(
    transaction: &mut Transaction,
    batch: BatchId,
    after: Option<SubjectId>,
    limit: usize,
) -> Result<Vec<SubjectId>, Fault> {
    let statement = sql("SELECT DISTINCT subject_id FROM statement WHERE act_id = $1 AND subject_id > $2 \
                         ORDER BY subject_id LIMIT $3")
    .bind(batch.to_string())
    .bind(after.map(|it| it.to_string()).unwrap_or_default())
    .bind(whole(limit as u64));
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| read(row, "subject_id", SubjectId::parse)).collect()
}

/// From which position a batch counts.
pub async fn position(transaction: &mut Transaction, batch: BatchId) -> Result<Option<u64>, Fault> {
    let statement = sql("SELECT position FROM ledger_entry WHERE reference = $1 AND kind = 'import'");
    let row = transaction.fetch_optional(statement.bind(batch.to_string())).await?;
    row.map(|row| count(&row, "position")).transpose()
}
