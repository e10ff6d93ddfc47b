//! Files by what they hold, whatever their names say; their columns and their rows.

mod parquet;

use std::ops::ControlFlow;

use facts::Vocabulary;
use facts::read::{CellProblem, Heading, ReadError, ReadProblem, RowOptions, TableFormat, Tables};
use facts::{Profile, Text};

use super::mapping::Mapping;
use super::model::Problem;
use crate::identity::coded;

/// Largest file that is uploaded, in bytes. What is larger is imported at the server's command line.
pub const UPLOAD_BYTES_MAX: usize = 10 << 20;

coded! {
    /// What a file is.
    FileKind {
        /// Text with separators.
        Csv = "csv", "CSV", "CSV";
        /// A workbook.
        Xlsx = "xlsx", "Excel 工作簿", "workbook";
        /// Columns.
        Parquet = "parquet", "Parquet", "Parquet";
    }
}

/// A row as it was read.
pub struct FileRow {
    /// Row, from 1, as people see it.
    pub row: u64,
    /// What was understood.
    pub profile: Profile,
    /// What was not.
    pub problems: Vec<Problem>,
}

/// Why a file cannot be imported at all.
pub type Refused = Vec<ReadProblem>;

/// What a file is, by its first bytes.
pub fn kind_of(file: &str, bytes: &[u8]) -> Result<FileKind, Refused> {
    let starts = |sign: &[u8]| bytes.starts_with(sign);
    if bytes.is_empty() {
        return Err(whole(file, &ReadError::Empty));
    }
    if starts(b"PK\x03\x04") {
        return Ok(FileKind::Xlsx);
    }
    if starts(b"PAR1") {
        return Ok(FileKind::Parquet);
    }
    if starts(b"\xD0\xCF\x11\xE0") {
        let help =
            ("请去掉密码,在 Excel 里另存为 .xlsx", "remove the password, and save it as .xlsx in Excel");
        return Err(unknown(
            file,
            ("旧的 .xls 或加密的工作簿", "an old .xls or an encrypted workbook"),
            help,
        ));
    }
    let text = bytes.trim_ascii_start();
    let is_markup = text.starts_with(b"<") || text.starts_with(b"\xEF\xBB\xBF<");
    let signs: [&[u8]; 5] = [b"%PDF", b"\x1F\x8B", b"Rar!", b"7z\xBC\xAF", b"{"];
    if is_markup || signs.iter().any(|sign| text.starts_with(sign)) {
        let help = ("请另存为 .xlsx 或 CSV", "save it as .xlsx or CSV");
        return Err(unknown(
            file,
            ("不是 CSV、Excel 工作簿或 Parquet", "neither CSV nor a workbook nor Parquet"),
            help,
        ));
    }
    Ok(FileKind::Csv)
}

/// The row of the header and what stands in it.
pub fn headings(
    file: &str,
    kind: FileKind,
    bytes: &[u8],
    vocabulary: &Vocabulary,
    row: Option<usize>,
) -> Result<(usize, Vec<Heading>), Refused> {
    match table_format(kind) {
        None => parquet::headings(file, bytes).map(|headings| (0, headings)),
        Some(format) => {
            let tables = Tables::open(format, bytes, vocabulary).map_err(|error| whole(file, &error))?;
            tables.headings(vocabulary, row).map_err(|error| whole(file, &error))
        }
    }
}

/// Hands over row after row, until there are no more or the visitor has enough.
pub fn each_row(
    file: &str,
    kind: FileKind,
    bytes: &[u8],
    vocabulary: &Vocabulary,
    subject_kind: &str,
    mapping: &Mapping,
    visit: &mut dyn FnMut(FileRow) -> ControlFlow<()>,
) -> Result<(), Refused> {
    let Some(format) = table_format(kind) else {
        return parquet::each_row(file, bytes, vocabulary, subject_kind, mapping, visit);
    };
    let tables = Tables::open(format, bytes, vocabulary).map_err(|error| whole(file, &error))?;
    if tables.has_open_quote() {
        let problem = CellProblem::new(
            "E0078",
            "双引号不成对,引号之后的行可能没有读到",
            "a double quote is never closed, so rows after it may be missing",
        );
        let help =
            ("补上或去掉那个引号;引号本身写成两个", "close or remove it; a quote itself is written twice");
        return Err(vec![problem.with_help(help.0, help.1).at(place(file))]);
    }
    let meanings = mapping.meanings();
    let options =
        RowOptions { vocabulary, kind: subject_kind, header_row: mapping.header_row, meanings: &meanings };
    let sheet = tables.sheet();
    let outcome = tables.each_row(&options, &mut |row| {
        let number = row.row as u64 + 1;
        let problems = row.problems.into_iter().map(|(column, problem)| {
            Problem::new(sheet, number, Some((column, mapping.header(column))), problem)
        });
        visit(FileRow { row: number, profile: row.profile, problems: problems.collect() })
    });
    outcome.map_err(|problems| {
        problems
            .into_iter()
            .map(|(column, problem)| problem.at(column_place(file, mapping.header(column))))
            .collect()
    })
}

fn table_format(kind: FileKind) -> Option<TableFormat> {
    match kind {
        FileKind::Csv => Some(TableFormat::Csv),
        FileKind::Xlsx => Some(TableFormat::Xlsx),
        FileKind::Parquet => None,
    }
}

/// A file as a whole, as a place.
pub fn place(file: &str) -> Text {
    Text { zh: file.to_owned(), en: file.to_owned() }
}

/// A column of it, as a place.
pub fn column_place(file: &str, header: &str) -> Text {
    Text { zh: format!("{file} 列“{header}”"), en: format!("{file}, column “{header}”") }
}

fn whole(file: &str, error: &ReadError) -> Refused {
    vec![CellProblem { code: "E0083", message: error.message(), help: error.help() }.at(place(file))]
}

fn unknown(file: &str, (zh, en): (&str, &str), (zh_help, en_help): (&str, &str)) -> Refused {
    let problem = CellProblem::new("E0083", format!("这个文件是{zh}"), format!("the file is {en}"));
    vec![problem.with_help(zh_help, en_help).at(place(file))]
}

/// A file that ends the thread that reads it.
pub fn unreadable(file: &str) -> Refused {
    let problem =
        CellProblem::new("E0083", "这个文件损坏,读不下去", "the file is damaged and cannot be read");
    vec![
        problem
            .with_help("请重新导出或另存后再上传", "export or save it again, then upload it")
            .at(place(file)),
    ]
}
