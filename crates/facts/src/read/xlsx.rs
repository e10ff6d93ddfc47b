//! XLSX workbooks as sheets. Cells are read one after another, so a single cell far away costs nothing.

use std::io::Cursor;

use calamine::{CellErrorType, DataRef, Reader, SheetVisible, Xlsx};

use super::error::ReadError;
use super::problem::CellProblem;
use super::table::{CELLS_MAX, COLUMNS_MAX, Cell, ROWS_MAX, Row, Sheet};
use crate::Date;

/// Significant digits that Excel keeps and shows; what a float holds beyond them is the noise of a formula.
const EXCEL_DIGITS: usize = 15;

/// Most sheets of a workbook.
const SHEETS_MAX: usize = 100;

/// All worksheets with their names, in order.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    super::zip::check(bytes)?;
    let refuse = |error: calamine::XlsxError| ReadError::NotAWorkbook { reason: error.to_string() };
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(refuse)?;
    // Templates keep the choices of their drop-down lists on hidden sheets.
    let visible = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    if names.len() > SHEETS_MAX {
        return Err(ReadError::TooManyCells);
    }
    let mut sheets = Vec::new();
    for name in names {
        match read_sheet(&mut workbook, &name) {
            Ok(sheet) => sheets.push(sheet),
            // A chart has a sheet of its own.
            Err(SheetError::Xlsx(calamine::XlsxError::NotAWorksheet(_))) => {}
            Err(SheetError::Xlsx(error)) => return Err(refuse(error)),
            Err(SheetError::TooManyCells) => return Err(ReadError::TooManyCells),
        }
    }
    Ok(sheets)
}

enum SheetError {
    Xlsx(calamine::XlsxError),
    TooManyCells,
}

impl From<calamine::XlsxError> for SheetError {
    fn from(error: calamine::XlsxError) -> Self {
        Self::Xlsx(error)
    }
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Sheet, SheetError> {
    let mut rows: std::collections::BTreeMap<usize, Vec<(usize, Cell)>> = std::collections::BTreeMap::new();
    let mut cells = workbook.worksheet_cells_reader(name)?;
    let mut cells_read = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let is_percent = format.is_some_and(|format| format.format_code.contains('%'));
        let Some(content) = content(cell.get_value(), is_percent) else {
            continue;
        };
        let (row, column) = (row as usize, column as usize);
        cells_read += 1;
        if row >= ROWS_MAX || column >= COLUMNS_MAX || cells_read > CELLS_MAX {
            return Err(SheetError::TooManyCells);
        }
        rows.entry(row).or_default().push((column, content));
    }
    let rows = rows
        .into_iter()
        .map(|(index, mut cells)| {
            cells.sort_by_key(|(column, _)| *column);
            Row { index, cells }
        })
        .collect();
    Ok(Sheet { name: name.to_owned(), rows, has_open_quote: false })
}

/// What a cell holds, as the text that a person would have typed; `None` if it is empty.
fn content(value: &DataRef<'_>, is_percent: bool) -> Option<Cell> {
    let text = match value {
        DataRef::Empty => return None,
        // A ratio above 1 is only believed where per cent stands beside it, and here it does.
        DataRef::Float(number) if is_percent && number.abs() > 1.0 => percent_text(*number),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => moment_text(moment),
        DataRef::DateTime(duration) => decimal_text(duration.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Some(Cell::Broken(formula_error(error))),
    };
    (!text.trim().is_empty()).then_some(Cell::Text(text))
}

/// The shortest decimal that is the same float. A formula leaves noise behind the fifteenth digit
/// (`0.1 + 0.2` is 0.30000000000000004); Excel shows 0.3, so 0.3 is what the person meant.
fn decimal_text(number: f64) -> String {
    let shortest = number.to_string();
    let digits = shortest.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let trailing = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    if digits.len().saturating_sub(leading + trailing) <= EXCEL_DIGITS || !number.is_finite() {
        return shortest;
    }
    let rounded = format!("{number:.places$e}", places = EXCEL_DIGITS - 1);
    rounded.parse::<crate::Number>().map_or(shortest, |number| number.to_string())
}

/// `1.5` in a cell that shows per cent is `150%`.
fn percent_text(number: f64) -> String {
    let text = decimal_text(number);
    let percent = text.parse::<crate::Number>().map(|ratio| (&ratio * &crate::Number::from(100)).to_string());
    percent.map_or(text, |percent| format!("{percent}%"))
}

/// A day; with its time of day where it is no midnight, which a date then refuses.
fn moment_text(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    match Date::new(i32::from(year), month, day) {
        Some(date) if (hour, minute, second) == (0, 0, 0) => date.to_string(),
        Some(date) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        None => decimal_text(moment.as_f64()),
    }
}

fn formula_error(error: &CellErrorType) -> CellProblem {
    CellProblem::new("E0077", format!("公式出错:{error}"), format!("the formula failed: {error}"))
        .with_help("改正公式,或直接写值", "correct the formula, or write the value itself")
}
