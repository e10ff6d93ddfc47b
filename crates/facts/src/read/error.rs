//! Files that cannot be read at all.

use super::{CELLS_MAX, COLUMNS_MAX, FILE_BYTES_MAX, GROWTH_MAX, ROWS_MAX, UNPACKED_BYTES_MAX};
use crate::Text;

/// Why a file could not be read at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", self.message().en)]
pub enum ReadError {
    /// The name ends in nothing that is known.
    UnknownFormat {
        /// File name.
        name: String,
    },
    /// Nothing in it.
    Empty,
    /// More than [`FILE_BYTES_MAX`] bytes.
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Neither UTF-8 nor GB 18030 text.
    Encoding,
    /// Not well-formed JSON or YAML.
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Character in the line, from 1.
        column: usize,
        /// What is wrong.
        reason: Text,
    },
    /// The workbook cannot be opened.
    NotAWorkbook {
        /// What the reader says, in English.
        reason: String,
    },
    /// Unpacked, the workbook would grow past [`UNPACKED_BYTES_MAX`] or [`GROWTH_MAX`] times.
    Bomb,
    /// A table without a header row.
    NoHeader,
    /// More than [`ROWS_MAX`] rows, [`COLUMNS_MAX`] columns or [`CELLS_MAX`] cells.
    TooManyCells,
    /// The collection is not declared.
    UnknownCollection {
        /// The name given.
        name: String,
    },
}

impl ReadError {
    /// What is wrong, for a person.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::UnknownFormat { name } => {
                (format!("不认识的文件格式:{name}"), format!("unknown kind of file: {name}"))
            }
            Self::Empty => ("文件是空的".to_owned(), "the file is empty".to_owned()),
            Self::TooLarge { bytes } => (
                format!("文件有 {bytes} 字节,最多 {FILE_BYTES_MAX} 字节"),
                format!("the file has {bytes} bytes, at most {FILE_BYTES_MAX} are read"),
            ),
            Self::Encoding => (
                "文件的文字编码既不是 UTF-8 也不是 GB18030".to_owned(),
                "the text is neither UTF-8 nor GB 18030".to_owned(),
            ),
            Self::Malformed { line, column, reason } => (
                format!("第 {line} 行第 {column} 字:{}", reason.zh),
                format!("line {line}, character {column}: {}", reason.en),
            ),
            Self::NotAWorkbook { reason } => {
                (format!("打不开这个工作簿:{reason}"), format!("the workbook cannot be opened: {reason}"))
            }
            Self::Bomb => (
                format!(
                    "工作簿解压后过大:最多 {} MB,且不超过原大小的 {GROWTH_MAX} 倍",
                    UNPACKED_BYTES_MAX >> 20
                ),
                format!(
                    "unpacked, the workbook is too large: at most {} MB, and {GROWTH_MAX} times its size",
                    UNPACKED_BYTES_MAX >> 20
                ),
            ),
            Self::NoHeader => ("没有表头行".to_owned(), "there is no header row".to_owned()),
            Self::TooManyCells => (
                format!("表太大:最多 {ROWS_MAX} 行、{COLUMNS_MAX} 列、{CELLS_MAX} 个单元格"),
                format!(
                    "the table is too large: at most {ROWS_MAX} rows, {COLUMNS_MAX} columns, {CELLS_MAX} cells"
                ),
            ),
            Self::UnknownCollection { name } => {
                (format!("没有名为“{name}”的集合"), format!("there is no collection “{name}”"))
            }
        };
        Text { zh, en }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        let (zh, en) = match self {
            Self::UnknownFormat { .. } => (
                "可用 .xlsx .csv .json .yaml;旧的 .xls 请在 Excel 里另存为 .xlsx",
                "use .xlsx .csv .json .yaml; save an old .xls as .xlsx in Excel",
            ),
            Self::Empty | Self::NoHeader => (
                "第一行写事实名称,如:名称,研发费用.上年",
                "the first row names the facts: 名称,研发费用.上年",
            ),
            Self::Bomb => (
                "请另存为只含数据的新工作簿,或拆成几个文件",
                "save the data alone as a new workbook, or split it",
            ),
            Self::TooLarge { .. } | Self::TooManyCells => ("请拆成几个文件", "split it into several files"),
            Self::Encoding => ("请在 Excel 里另存为“CSV UTF-8”", "save it as “CSV UTF-8” in Excel"),
            Self::Malformed { .. } => ("请改正后重新读取", "correct it and read again"),
            Self::NotAWorkbook { .. } => {
                ("请确认文件没有密码,并另存为 .xlsx", "see that it has no password, and save it as .xlsx")
            }
            Self::UnknownCollection { .. } => {
                ("集合在词汇表的 collections 下声明", "collections are declared in the vocabulary")
            }
        };
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}
