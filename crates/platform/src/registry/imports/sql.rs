//! The statements of imports.

use std::collections::BTreeMap;

use facts::{Date, Text};
use serde_json::{Value as Json, json};
use store::{Row, Rows, Statement, Transaction, Write, rows_into, sql, sql_of_each};

use super::super::model::{SubjectId, name_key};
use super::file::FileKind;
use super::mapping::Mapping;
use super::model::{Batch, BatchId, BatchState, Counts, Problem, Sample, Takes};
use super::rows::Who;
use crate::ground::{Fault, Moment};

/// Bytes of the file that one row holds.
pub const PART_BYTES: usize = 256 << 10;

/// The columns of a batch, in the order of [`read_batch`].
macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "SELECT id, subject_kind, source, observed_on, file_name, file_kind, file_bytes, file_digest, mapping, \
             same_as, state, takes, rows_total, rows_new, rows_changed, rows_same, rows_bad, problems, samples, \
             rows_done, root, uploaded_ms, uploaded_by, since_ms FROM import_batch ",
            $rest
        )
    };
}

pub async fn insert_batch(write: &mut Write, batch: &Batch) -> Result<(), Fault> {
    let counts = &batch.counts;
    let statement = sql("INSERT INTO import_batch (id, subject_kind, source, observed_on, file_name, file_kind, \
                         file_bytes, file_digest, header_row, mapping, same_as, state, takes, rows_total, rows_new, \
                         rows_changed, rows_same, rows_bad, problems, samples, rows_done, root, uploaded_ms, \
                         uploaded_by, since_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, \
                         $13, $14, $15, $16, $17, $18, $19, 0, NULL, $20, $21, $20)")
    .bind(batch.id.to_string())
    .bind(&batch.subject_kind)
    .bind(&batch.source)
    .bind(batch.observed.to_epoch_days())
    .bind(&batch.file_name)
    .bind(batch.file_kind.as_code())
    .bind(whole(batch.file_bytes))
    .bind(batch.file_digest)
    .bind(whole(batch.mapping.header_row as u64))
    .bind(to_json(&batch.mapping))
    .bind(batch.same_as)
    .bind(batch.state.as_code())
    .bind(whole(counts.total))
    .bind(whole(counts.new))
    .bind(whole(counts.changed))
    .bind(whole(counts.same))
    .bind(whole(counts.bad))
    .bind(whole(counts.problems))
    .bind(to_json(&batch.samples))
    .bind(batch.uploaded.0)
    .bind(&batch.uploaded_by);
    write.execute(statement).await?;
    Ok(())
}

/// Writes what may change of a batch.
pub async fn update_batch(write: &mut Write, batch: &Batch) -> Result<(), Fault> {
    let counts = &batch.counts;
    let statement = sql("UPDATE import_batch SET header_row = $2, mapping = $3, same_as = $4, state = $5, takes = $6, \
                         rows_total = $7, rows_new = $8, rows_changed = $9, rows_same = $10, rows_bad = $11, \
                         problems = $12, samples = $13, rows_done = $14, root = $15, since_ms = $16 WHERE id = $1")
    .bind(batch.id.to_string())
    .bind(whole(batch.mapping.header_row as u64))
    .bind(to_json(&batch.mapping))
    .bind(batch.same_as)
    .bind(batch.state.as_code())
    .bind(batch.takes.map(Takes::as_code))
    .bind(whole(counts.total))
    .bind(whole(counts.new))
    .bind(whole(counts.changed))
    .bind(whole(counts.same))
    .bind(whole(counts.bad))
    .bind(whole(counts.problems))
    .bind(to_json(&batch.samples))
    .bind(whole(batch.done))
    .bind(batch.root)
    .bind(batch.since.0);
    write.execute(statement).await?;
    Ok(())
}

/// Says how far staging has come. `false` if the batch is no longer being staged.
pub async fn set_done(write: &mut Write, batch: BatchId, done: u64) -> Result<bool, Fault> {
    let statement = sql("UPDATE import_batch SET rows_done = $2 WHERE id = $1 AND state = 'staging'")
        .bind(batch.to_string())
        .bind(whole(done));
    Ok(write.execute(statement).await? == 1)
}

pub async fn batch(transaction: &mut Transaction, id: BatchId) -> Result<Option<Batch>, Fault> {
    let statement = sql(select_batches!("WHERE id = $1")).bind(id.to_string());
    transaction.fetch_optional(statement).await?.map(|row| read_batch(&row)).transpose()
}

/// Batches before one of them, the latest first.
pub async fn batches(
    transaction: &mut Transaction,
    before: Option<BatchId>,
    limit: usize,
) -> Result<Vec<Batch>, Fault> {
    // Above every id: they are hexadecimal digits and dashes.
    let before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
    let statement = sql(select_batches!("WHERE id < $1 ORDER BY id DESC LIMIT $2"));
    let rows = transaction.fetch_all(statement.bind(before).bind(whole(limit as u64))).await?;
    rows.iter().map(read_batch).collect()
}

/// A batch of the same content that counts, or is about to.
pub async fn same_as(transaction: &mut Transaction, digest: [u8; 32]) -> Result<Option<Batch>, Fault> {
    let statement =
        sql(select_batches!("WHERE same_as = $1 AND state IN ('visible', 'staging') ORDER BY id LIMIT 1"));
    transaction.fetch_optional(statement.bind(digest)).await?.map(|row| read_batch(&row)).transpose()
}

/// Batches that were uploaded before a moment and nobody confirmed.
pub async fn forgotten(
    transaction: &mut Transaction,
    before: Moment,
    limit: usize,
) -> Result<Vec<Batch>, Fault> {
    let statement =
        sql(select_batches!("WHERE state = 'uploaded' AND since_ms < $1 ORDER BY since_ms, id LIMIT $2"));
    let rows = transaction.fetch_all(statement.bind(before.0).bind(whole(limit as u64))).await?;
    rows.iter().map(read_batch).collect()
}

fn read_batch(row: &Row) -> Result<Batch, Fault> {
    let takes: Option<String> = row.get("takes")?;
    let root: Option<Vec<u8>> = row.get("root")?;
    Ok(Batch {
        id: read(row, "id", BatchId::parse)?,
        subject_kind: row.get("subject_kind")?,
        source: row.get("source")?,
        observed: day(row, "observed_on")?,
        file_name: row.get("file_name")?,
        file_kind: read(row, "file_kind", FileKind::parse_code)?,
        file_bytes: count(row, "file_bytes")?,
        file_digest: digest(row.get("file_digest")?)?,
        mapping: from_json(&row.get::<String>("mapping")?)?,
        same_as: digest(row.get("same_as")?)?,
        state: read(row, "state", BatchState::parse_code)?,
        takes: takes.map(|_| read(row, "takes", Takes::parse_code)).transpose()?,
        counts: Counts {
            total: count(row, "rows_total")?,
            new: count(row, "rows_new")?,
            changed: count(row, "rows_changed")?,
            same: count(row, "rows_same")?,
            bad: count(row, "rows_bad")?,
            problems: count(row, "problems")?,
        },
        samples: from_json::<Vec<Sample>>(&row.get::<String>("samples")?)?,
        done: count(row, "rows_done")?,
        root: root.map(digest).transpose()?,
        uploaded: Moment(row.get("uploaded_ms")?),
        uploaded_by: row.get("uploaded_by")?,
        since: Moment(row.get("since_ms")?),
    })
}

/// One part of a file.
pub async fn insert_part(write: &mut Write, batch: BatchId, number: u64, bytes: &[u8]) -> Result<(), Fault> {
    let statement = sql("INSERT INTO import_part (batch_id, number, bytes) VALUES ($1, $2, $3)")
        .bind(batch.to_string())
        .bind(whole(number))
        .bind(bytes);
    write.execute(statement).await?;
    Ok(())
}

/// The whole file; empty if it was put away.
pub async fn file(transaction: &mut Transaction, batch: BatchId) -> Result<Vec<u8>, Fault> {
    let statement = sql("SELECT bytes FROM import_part WHERE batch_id = $1 ORDER BY number");
    let mut file = Vec::new();
    for row in transaction.fetch_all(statement.bind(batch.to_string())).await? {
        file.extend(row.get::<Vec<u8>>("bytes")?);
    }
    Ok(file)
}

/// Puts away some parts of files that no batch needs any more: finished, given up, or uploaded by a server that died before
/// the batch was there. The number of parts.
pub async fn delete_parts(write: &mut Write, orphans_before: &str, limit: usize) -> Result<u64, Fault> {
    let statement = sql("DELETE FROM import_part WHERE batch_id IN (SELECT p.batch_id FROM import_part p \
                         LEFT JOIN import_batch b ON b.id = p.batch_id \
                         WHERE (b.id IS NULL AND p.batch_id < $1) OR b.state NOT IN ('uploaded', 'staging') \
                         GROUP BY p.batch_id ORDER BY p.batch_id LIMIT $2)");
    Ok(write.execute(statement.bind(orphans_before).bind(whole(limit as u64))).await?)
}

/// Puts the problems of a new preview in place of those of the last.
pub async fn put_problems(write: &mut Write, batch: BatchId, problems: &[Problem]) -> Result<(), Fault> {
    let old = sql("DELETE FROM import_problem WHERE batch_id = $1").bind(batch.to_string());
    write.execute(old).await?;
    let mut rows = rows_into(
        "INSERT INTO import_problem (batch_id, number, sheet, at_row, at_column, header, code, zh, en, help_zh, help_en)",
        "",
        11,
    );
    for (number, problem) in (1_u64..).zip(problems) {
        rows.push([
            batch.to_string().into(),
            whole(number).into(),
            problem.sheet.as_str().into(),
            whole(problem.row).into(),
            problem.column.map(whole).into(),
            problem.header.as_str().into(),
            problem.code.as_str().into(),
            problem.message.zh.as_str().into(),
            problem.message.en.as_str().into(),
            problem.help.zh.as_str().into(),
            problem.help.en.as_str().into(),
        ]);
    }
    write.insert_rows(rows).await?;
    Ok(())
}

/// Problems behind a number, in order.
pub async fn problems(
    transaction: &mut Transaction,
    batch: BatchId,
    after: u64,
    limit: usize,
) -> Result<Vec<Problem>, Fault> {
    let statement = sql("SELECT number, sheet, at_row, at_column, header, code, zh, en, help_zh, help_en \
                         FROM import_problem WHERE batch_id = $1 AND number > $2 ORDER BY number LIMIT $3")
    .bind(batch.to_string())
    .bind(whole(after))
    .bind(whole(limit as u64));
    let rows = transaction.fetch_all(statement).await?;
    let read = rows.iter().map(|row| {
        let column: Option<i64> = row.get("at_column")?;
        Ok(Problem {
            number: count(row, "number")?,
            sheet: row.get("sheet")?,
            row: count(row, "at_row")?,
            column: column.and_then(|column| u64::try_from(column).ok()),
            header: row.get("header")?,
            code: row.get("code")?,
            message: Text { zh: row.get("zh")?, en: row.get("en")? },
            help: Text { zh: row.get("help_zh")?, en: row.get("help_en")? },
        })
    });
    read.collect()
}

/// What columns of these headers meant last.
pub async fn remembered(
    transaction: &mut Transaction,
    source: &str,
    kind: &str,
    headers: [u8; 32],
) -> Result<Option<Mapping>, Fault> {
    let statement =
        sql("SELECT mapping FROM import_mapping WHERE source = $1 AND subject_kind = $2 AND headers = $3")
            .bind(source)
            .bind(kind)
            .bind(headers);
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| from_json(&row.get::<String>("mapping")?)).transpose()
}

pub async fn remember(write: &mut Write, batch: &Batch, now: Moment) -> Result<(), Fault> {
    let statement = sql("INSERT INTO import_mapping (source, subject_kind, headers, mapping, used_ms) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, subject_kind, headers) \
                         DO UPDATE SET mapping = excluded.mapping, used_ms = excluded.used_ms")
    .bind(&batch.source)
    .bind(&batch.subject_kind)
    .bind(batch.mapping.headers_digest())
    .bind(to_json(&batch.mapping))
    .bind(now.0);
    write.execute(statement).await?;
    Ok(())
}

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

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(row: &Row, column: &str) -> Result<u64, Fault> {
    u64::try_from(row.get::<i64>(column)?).map_err(|_| Fault::Damaged(format!("{column} is negative")))
}

fn day(row: &Row, column: &str) -> Result<Date, Fault> {
    Date::from_epoch_days(row.get(column)?).ok_or_else(|| Fault::Damaged(format!("{column} is no day")))
}

fn digest(bytes: Vec<u8>) -> Result<[u8; 32], Fault> {
    <[u8; 32]>::try_from(bytes).map_err(|_| Fault::Damaged("a digest of an import".to_owned()))
}

fn read<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| Fault::Damaged(format!("{column} is “{text}”")))
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and lists of them are always written as JSON")
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Damaged(format!("an import: {error}")))
}
