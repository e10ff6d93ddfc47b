//! The words of imports: batches, what becomes of them, what a row changes.

use facts::Date;
use facts::read::CellProblem;
use serde::{Deserialize, Serialize};

use super::super::model::SubjectId;
use super::file::FileKind;
use super::mapping::Mapping;
use crate::ground::{Moment, id_type};
use crate::identity::coded;

id_type! {
    /// Of a batch.
    BatchId
}

coded! {
    /// What became of a batch.
    BatchState {
        /// It can be looked at, and nothing counts.
        Uploaded = "uploaded", "待确认", "to be confirmed";
        /// Its rows are being staged; none counts.
        Staging = "staging", "导入中", "being imported";
        /// Its rows count.
        Visible = "visible", "已导入", "imported";
        /// Its rows no longer count.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
        /// It was given up before anything counted.
        Cancelled = "cancelled", "已取消", "cancelled";
        /// While it was staged, the register changed so that rows became bad; nothing counts.
        Failed = "failed", "未导入", "not imported";
    }
}

coded! {
    /// Which rows are taken.
    Takes {
        /// All of them; nothing if any is bad.
        All = "all", "全部成功才导入", "all or nothing";
        /// Those in which nothing is wrong.
        Good = "good", "只导入无误的行", "good rows only";
    }
}

coded! {
    /// What a row would change.
    Standing {
        /// The source says something of this subject for the first time.
        New = "new", "新增", "new";
        /// The source says something else than last, or more.
        Changed = "changed", "有变化", "changed";
        /// The source says what it said last.
        Same = "same", "无变化", "the same";
    }
}

/// A file to be uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What its rows are: `enterprise` …
    pub subject_kind: String,
    /// Who says so, by code.
    pub source: String,
    /// On which day it was so.
    pub observed: Date,
    /// Name of the file, for people; it decides nothing.
    pub file_name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// How many rows would do what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All rows.
    pub total: u64,
    /// Of subjects of which the source says something for the first time.
    pub new: u64,
    /// That say something else than the source said last.
    pub changed: u64,
    /// That say nothing else.
    pub same: u64,
    /// In which something is wrong.
    pub bad: u64,
    /// Cells and rows that are wrong, listed or not.
    pub problems: u64,
}

/// A file on its way into the ledger, or there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// What its rows are.
    pub subject_kind: String,
    /// Who says so.
    pub source: String,
    /// On which day it was so.
    pub observed: Date,
    /// Name of the file.
    pub file_name: String,
    /// What kind of file.
    pub file_kind: FileKind,
    /// How large.
    pub file_bytes: u64,
    /// SHA-256 of the file.
    pub file_digest: [u8; 32],
    /// What its columns mean.
    pub mapping: Mapping,
    /// Digest of file, meaning, source and kind.
    pub same_as: [u8; 32],
    /// What became of it.
    pub state: BatchState,
    /// Which rows are taken, once that was chosen.
    pub takes: Option<Takes>,
    /// As of the last preview.
    pub counts: Counts,
    /// A few rows as they would be taken.
    pub samples: Vec<Sample>,
    /// Rows staged so far; at the end the rows that were taken.
    pub done: u64,
    /// Merkle root over its statements.
    pub root: Option<[u8; 32]>,
    /// When it was uploaded.
    pub uploaded: Moment,
    /// By which account.
    pub uploaded_by: String,
    /// Since when it is in its state.
    pub since: Moment,
}

/// A row as it would be taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Row, from 1.
    pub row: u64,
    /// Code or id of the subject.
    pub code: String,
    /// Its name in the file.
    pub name: String,
    /// What it would change.
    pub standing: String,
    /// What would be recorded.
    pub content: String,
}

/// Something in the file that was not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Its number, from 1, in order of the file.
    pub number: u64,
    /// Sheet; empty where there are none.
    pub sheet: String,
    /// Row, from 1.
    pub row: u64,
    /// Column, from 1; `None` for the row as a whole.
    pub column: Option<u64>,
    /// What the column is headed.
    pub header: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: facts::Text,
    /// What to do about it.
    pub help: facts::Text,
}

impl Problem {
    pub(super) fn new(sheet: &str, row: u64, column: Option<(usize, &str)>, problem: CellProblem) -> Self {
        Self {
            number: 0,
            sheet: sheet.to_owned(),
            row,
            column: column.map(|(at, _)| at as u64 + 1),
            header: column.map(|(_, header)| header.to_owned()).unwrap_or_default(),
            code: problem.code.to_owned(),
            message: problem.message,
            help: problem.help,
        }
    }
}

/// A value in force that is another without a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueChange {
    /// Whose.
    pub subject: SubjectId,
    /// How the subject is called.
    pub name: String,
    /// Under which key.
    pub key: String,
    /// What is in force now.
    pub now: Option<String>,
    /// What would be in force then.
    pub then: Option<String>,
}
