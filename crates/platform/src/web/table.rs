//! Tables by what the reader accepts: JSON, CSV, a workbook or Parquet.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use facts::{Language, Text};
use parquet::arrow::ArrowWriter;
use serde_json::{Map, Value};

use super::{Json, Problem};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";
const PARQUET: &str = "application/vnd.apache.parquet";

/// With which a spreadsheet program may begin a formula, also in the wide forms of a Chinese keyboard; and what it may skip
/// before one.
const FORMULA_SIGNS: [char; 11] =
    ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\t', '\r', '\n'];

/// What may stand in a cell.
#[derive(Clone, PartialEq, Debug)]
pub enum TableCell {
    /// Nothing.
    Empty,
    /// Words.
    Words(String),
    /// A whole number: a count, an amount of fen.
    Whole(i64),
    /// Yes or no.
    Truth(bool),
}

/// Rows under named columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it is about, as the file is called: letters, digits and dashes.
    pub name: &'static str,
    /// The columns: key for programs, heading for people.
    pub columns: Vec<(&'static str, Text)>,
    /// The rows, each as long as there are columns.
    pub rows: Vec<Vec<TableCell>>,
}

/// The head of a column.
pub fn heading(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

impl Table {
    /// As the reader wants it; a problem if it is none of what we have.
    pub fn reply(&self, accept: &HeaderMap, language: Language) -> Result<Response, Problem> {
        self.reply_or(self.to_json(), accept, language)
    }

    /// The same where programs are told more than the rows.
    pub fn reply_or(&self, json: Value, accept: &HeaderMap, language: Language) -> Result<Response, Problem> {
        let accepted = accept.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
        let wanted = accepted.split(',').filter_map(|part| part.split(';').next()).map(str::trim);
        for kind in wanted {
            return match kind {
                JSON | "*/*" | "application/*" => Ok(Json(json).into_response()),
                CSV | "text/*" => self.file(CSV, "csv", self.to_csv(language)),
                XLSX => self.file(XLSX, "xlsx", self.to_xlsx(language)),
                PARQUET => self.file(PARQUET, "parquet", self.to_parquet()),
                _ => continue,
            };
        }
        let what = Text {
            zh: format!("可用的格式:{JSON}、{CSV}、{XLSX}、{PARQUET}"),
            en: format!("the formats are {JSON}, {CSV}, {XLSX} and {PARQUET}"),
        };
        let mut problem = Problem::at("header:accept", what);
        problem.status = StatusCode::NOT_ACCEPTABLE;
        problem.code = "no-such-format";
        Err(problem)
    }

    /// Whether the reader wants a file rather than JSON.
    pub fn is_file_wanted(accept: &HeaderMap) -> bool {
        let accepted = accept.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
        let mut wanted = accepted.split(',').filter_map(|part| part.split(';').next()).map(str::trim);
        let files = [CSV, XLSX, PARQUET, "text/*"];
        let known = |kind: &&str| files.contains(kind) || [JSON, "*/*", "application/*"].contains(kind);
        wanted.find(known).is_some_and(|kind| files.contains(&kind))
    }

    fn to_json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let pairs = self.columns.iter().zip(row);
            Value::Object(
                pairs.map(|((key, _), cell)| ((*key).to_owned(), cell.to_json())).collect::<Map<_, _>>(),
            )
        });
        rows.collect()
    }

    fn to_csv(&self, language: Language) -> Result<Vec<u8>, Problem> {
        // A mark that lets spreadsheet programs see that it is UTF-8.
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        let headings = self.columns.iter().map(|(_, heading)| heading.get(language));
        let mut written = writer.write_record(headings);
        for row in &self.rows {
            written = written.and_then(|()| writer.write_record(row.iter().map(TableCell::to_words)));
        }
        written.ok().and_then(|()| writer.into_inner().ok()).ok_or_else(cannot_write)
    }

    fn to_xlsx(&self, language: Language) -> Result<Vec<u8>, Problem> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let fill = |sheet: &mut rust_xlsxwriter::Worksheet| -> Result<(), rust_xlsxwriter::XlsxError> {
            for (column, (_, heading)) in (0..).zip(&self.columns) {
                sheet.write_string(0, column, heading.get(language))?;
            }
            for (line, row) in (1..).zip(&self.rows) {
                for (column, cell) in (0..).zip(row) {
                    // Numbers past what a float keeps exactly stay words.
                    match cell {
                        TableCell::Whole(number) if number.unsigned_abs() < 1 << 53 =>
                        {
                            #[allow(clippy::cast_precision_loss, reason = "within 53 bits")]
                            sheet.write_number(line, column, *number as f64)?
                        }
                        cell => sheet.write_string(line, column, cell.to_words())?,
                    };
                }
            }
            sheet.set_freeze_panes(1, 0).map(|_| ())
        };
        fill(sheet).and_then(|()| book.save_to_buffer()).map_err(|_| cannot_write())
    }

    /// By the keys of the columns; whole numbers and truths as such where a column has nothing else.
    fn to_parquet(&self) -> Result<Vec<u8>, Problem> {
        let columns = self.columns.iter().enumerate().map(|(column, (key, _))| {
            let cells = || self.rows.iter().map(move |row| &row[column]);
            let array: ArrayRef = if cells()
                .all(|cell| matches!(cell, TableCell::Whole(_) | TableCell::Empty))
            {
                let whole = |cell: &TableCell| if let TableCell::Whole(it) = cell { Some(*it) } else { None };
                Arc::new(cells().map(whole).collect::<Int64Array>())
            } else if cells().all(|cell| matches!(cell, TableCell::Truth(_) | TableCell::Empty)) {
                let truth = |cell: &TableCell| if let TableCell::Truth(it) = cell { Some(*it) } else { None };
                Arc::new(cells().map(truth).collect::<BooleanArray>())
            } else {
                let words = |cell: &TableCell| match cell {
                    TableCell::Empty => None,
                    TableCell::Words(words) => Some(words.clone()),
                    cell => Some(cell.to_words()),
                };
                Arc::new(cells().map(words).collect::<StringArray>())
            };
            (*key, array, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(columns).map_err(|_| cannot_write())?;
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), None).map_err(|_| cannot_write())?;
        writer.write(&batch).map_err(|_| cannot_write())?;
        writer.into_inner().map_err(|_| cannot_write())
    }

    fn file(
        &self,
        kind: &'static str,
        ending: &str,
        bytes: Result<Vec<u8>, Problem>,
    ) -> Result<Response, Problem> {
        let disposition = format!("attachment; filename=\"{}.{ending}\"", self.name);
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
        Ok((headers, bytes?).into_response())
    }
}

impl TableCell {
    fn to_json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Words(words) => Value::from(words.as_str()),
            Self::Whole(number) => Value::from(*number),
            Self::Truth(truth) => Value::from(*truth),
        }
    }

    /// As words that no spreadsheet program takes for a formula.
    fn to_words(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Words(words) if words.starts_with(FORMULA_SIGNS) => format!("'{words}"),
            Self::Words(words) => words.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }
}

fn cannot_write() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "fault",
        "无法生成文件。请换一种格式,或把请求编号告诉管理员。",
        "The file could not be made. Try another format, or give the request's number to the administrator.",
    )
}

#[cfg(test)]
mod tests {
    use arrow_array::Array as _;

    use super::*;

    fn table() -> Table {
        let heading = |text: &str| Text { zh: text.to_owned(), en: text.to_owned() };
        Table {
            name: "t",
            columns: vec![("a", heading("甲")), ("b", heading("乙"))],
            rows: vec![vec![TableCell::Words("=1+1".to_owned()), TableCell::Whole(i64::MAX)]],
        }
    }

    #[test]
    fn the_reader_gets_what_they_accept_and_hears_what_there_is() {
        let reply = |accept: &str| {
            let headers = [(header::ACCEPT, accept.parse().unwrap())].into_iter().collect();
            table().reply(&headers, Language::Chinese)
        };
        let kind = |accept: &str| {
            reply(accept).unwrap().headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned()
        };
        assert_eq!(kind("text/csv"), CSV);
        assert_eq!(kind("text/html, application/json;q=0.9"), JSON);
        assert_eq!(kind(XLSX), XLSX);
        assert_eq!(kind(PARQUET), PARQUET);
        assert_eq!(reply("image/png").unwrap_err().status, StatusCode::NOT_ACCEPTABLE);
    }

    #[test]
    fn a_cell_never_becomes_a_formula_and_no_digit_is_lost() {
        let csv = String::from_utf8(table().to_csv(Language::Chinese).unwrap()).unwrap();
        assert_eq!(csv, format!("\u{feff}甲,乙\n'=1+1,{}\n", i64::MAX));
        let bytes = table().to_xlsx(Language::Chinese).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
        assert_eq!(sheet.get_value((1, 0)).unwrap().to_string(), "'=1+1");
        assert_eq!(sheet.get_value((1, 1)).unwrap().to_string(), i64::MAX.to_string());
    }

    #[test]
    fn parquet_keeps_whole_numbers_and_truths_as_such() {
        let heading = |text: &str| Text { zh: text.to_owned(), en: text.to_owned() };
        let row = |words: &str, whole, truth| vec![TableCell::Words(words.to_owned()), whole, truth];
        let table = Table {
            name: "t",
            columns: vec![("a", heading("甲")), ("b", heading("乙")), ("c", heading("丙"))],
            rows: vec![
                row("=1+1", TableCell::Whole(i64::MIN), TableCell::Truth(true)),
                row("示例", TableCell::Empty, TableCell::Empty),
            ],
        };
        let bytes = axum::body::Bytes::from(table.to_parquet().unwrap());
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
        let batch = reader.build().unwrap().next().unwrap().unwrap();
        let words = batch.column(0).as_any().downcast_ref::<StringArray>().unwrap();
        let whole = batch.column(1).as_any().downcast_ref::<Int64Array>().unwrap();
        let truth = batch.column(2).as_any().downcast_ref::<BooleanArray>().unwrap();
        assert_eq!((words.value(0), words.value(1)), ("=1+1", "示例"), "no program takes these for formulas");
        assert_eq!((whole.value(0), whole.is_null(1)), (i64::MIN, true));
        assert_eq!((truth.value(0), truth.is_null(1)), (true, true));
        assert_eq!(batch.schema().field(0).name(), "a");
    }
}
