//! Facts from files: CSV, workbooks and Parquet, from a department's source, for many subjects at once.
//!
//! A file is uploaded, its columns are given meanings (suggested from headers, remembered for the next file with the same
//! ones), and a preview tells which rows are new, changed, the same or bad, with every cell that was not understood. Then a
//! job stages the rows in short transactions, and one small transaction makes all of them count.
//!
//! | module | what |
//! | --- | --- |
//! | `model` | the words of this part |
//! | `file` | kinds of files by their content, their columns and rows |
//! | `mapping` | what columns mean |
//! | `rows` | rows as they are staged, on a thread of their own |
//! | `workflow` | what a batch may become; what a row changes |
//! | `service` | the verbs, and the job |
//! | `export` | what is in force, in the form that an import reads back |
//! | `sql` | the statements |
//!
//! - INVARIANT: before its entry stands in the ledger, nothing of a batch is visible; from then on all of it is.
//! - INVARIANT: a row is taken whole or not at all, and only if every cell of it was understood.
//! - INVARIANT: the same file with the same meaning from the same source is imported once, unless it was withdrawn.

mod file;
mod mapping;
mod model;
mod rows;
mod service;
mod sql;
#[cfg(test)]
mod tests;
mod workflow;

use store::Migration;

pub use file::{FileKind, UPLOAD_BYTES_MAX};
pub use mapping::{MappedColumn, Mapping, Suggestion};
pub use model::{
    Batch, BatchId, BatchState, Counts, Problem, Sample, Standing as RowStanding, Takes, Upload, ValueChange,
};
pub use service::commit::{cancel_import, commit_import};
pub use service::examine::map_columns;
pub use service::job::{Importer, JOB_KIND, run_import, tidy_up};
pub use service::list::{PAGE_MAX, batch, batches, problems, root_of, suggestions};
pub use service::upload::upload;
pub use service::withdraw::{withdraw_import, would_change};

/// This part's tables.
pub const MIGRATION: Migration = Migration { name: "registry-imports-1", text: include_str!("0001.sql") };
