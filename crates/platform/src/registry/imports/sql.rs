//! The statements of imports.

use facts::{Date, Text};
use store::{Row, Transaction, Write, rows_into, sql};

use super::file::FileKind;
use super::mapping::Mapping;
use super::model::{Batch, BatchId, BatchState, Counts, Problem, Sample, Takes};
use crate::ground::{Fault, Moment};

mod staged;

pub use staged::{
    Found, delete_staged, digests, find_subjects, insert_subjects, position, said_before, statement_rows,
    subjects_of,
};

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
