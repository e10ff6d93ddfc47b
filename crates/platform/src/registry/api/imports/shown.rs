//! Imports and their bad cells as they are shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::super::imports::{Batch, Problem as BadCell, Suggestion, Takes};
use super::super::facts::TextBody;
use crate::ground::to_hex;

/// A file on its way into the ledger, or there.
#[derive(Serialize, ToSchema)]
pub struct ImportBody {
    id: String,
    /// `uploaded`, `staging`, `visible`, `withdrawn`, `cancelled` or `failed`.
    state: &'static str,
    since_ms: i64,
    kind: String,
    source: String,
    observed_on: String,
    file_name: String,
    /// `csv`, `xlsx` or `parquet`, by its content.
    file_kind: &'static str,
    file_bytes: u64,
    file_sha256: String,
    /// The row of the header, from 0.
    header_row: usize,
    columns: Vec<ColumnBody>,
    /// `all` or `good`, once that was chosen.
    takes: Option<&'static str>,
    counts: CountsBody,
    /// A few rows as they would be taken.
    samples: Vec<SampleBody>,
    /// Rows staged so far; at the end the rows that were taken.
    done: u64,
    /// Merkle root over its statements, once they count.
    root: Option<String>,
    uploaded_ms: i64,
    uploaded_by: String,
}

/// A column of a file.
#[derive(Serialize, ToSchema)]
pub struct ColumnBody {
    /// Column, from 0.
    column: usize,
    /// Its header in the file.
    header: String,
    /// What it means, as a header of ours; `null`: it is not imported.
    meaning: Option<String>,
    /// What its header may mean; a person has to say so.
    maybe: Option<String>,
}

/// How many rows would do what.
#[derive(Serialize, ToSchema)]
pub struct CountsBody {
    total: u64,
    /// Of subjects of which the source says something for the first time.
    new: u64,
    /// That say something else than the source said last.
    changed: u64,
    same: u64,
    bad: u64,
    /// Cells and rows that are wrong, listed or not.
    problems: u64,
}

/// A row as it would be taken.
#[derive(Serialize, ToSchema)]
pub struct SampleBody {
    row: u64,
    code: String,
    name: String,
    /// `new`, `changed` or `same`.
    standing: String,
    content: String,
}

impl ImportBody {
    pub fn of(batch: Batch, suggestions: Vec<Suggestion>) -> Self {
        let columns =
            batch.mapping.columns.into_iter().zip(suggestions).map(|(column, suggestion)| ColumnBody {
                column: column.column,
                header: column.header,
                meaning: column.meaning,
                maybe: suggestion.maybe,
            });
        let samples = batch.samples.into_iter().map(|it| SampleBody {
            row: it.row,
            code: it.code,
            name: it.name,
            standing: it.standing,
            content: it.content,
        });
        let counts = batch.counts;
        Self {
            id: batch.id.to_string(),
            state: batch.state.as_code(),
            since_ms: batch.since.0,
            kind: batch.subject_kind,
            source: batch.source,
            observed_on: batch.observed.to_string(),
            file_name: batch.file_name,
            file_kind: batch.file_kind.as_code(),
            file_bytes: batch.file_bytes,
            file_sha256: to_hex(&batch.file_digest),
            header_row: batch.mapping.header_row,
            columns: columns.collect(),
            takes: batch.takes.map(Takes::as_code),
            counts: CountsBody {
                total: counts.total,
                new: counts.new,
                changed: counts.changed,
                same: counts.same,
                bad: counts.bad,
                problems: counts.problems,
            },
            samples: samples.collect(),
            done: batch.done,
            root: batch.root.map(|root| to_hex(&root)),
            uploaded_ms: batch.uploaded.0,
            uploaded_by: batch.uploaded_by,
        }
    }
}

/// A cell or row that was not understood.
#[derive(Serialize, ToSchema)]
pub struct BadCellBody {
    /// From 1, in order of the file.
    number: u64,
    /// Empty where there are no sheets.
    sheet: String,
    /// From 1.
    row: u64,
    /// From 1; `null` for the row as a whole.
    column: Option<u64>,
    header: String,
    #[schema(example = "E0034")]
    code: String,
    what: TextBody,
    help: TextBody,
}

impl From<BadCell> for BadCellBody {
    fn from(it: BadCell) -> Self {
        Self {
            number: it.number,
            sheet: it.sheet,
            row: it.row,
            column: it.column,
            header: it.header,
            code: it.code,
            what: it.message.into(),
            help: it.help.into(),
        }
    }
}
