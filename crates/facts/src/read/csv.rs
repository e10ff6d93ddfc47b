//! CSV text as a sheet. Row numbers are those that Excel shows, also where a cell holds line breaks.

use super::error::ReadError;
use super::table::{CELLS_MAX, COLUMNS_MAX, Cell, ROWS_MAX, Row, Sheet};

/// What may separate cells; the first wins where a first line holds none of them.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

/// Splits a text into rows and cells. Nothing in a CSV text is malformed: a stray quote is text.
pub(super) fn parse(text: &str) -> Result<Sheet, ReadError> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let has_open_quote = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    let mut sheet = Sheet { has_open_quote, ..Sheet::default() };
    let mut record = ::csv::ByteRecord::new();
    let mut row_index = 0;
    let mut cells_read = 0;
    let mut end_of_last = 0;
    loop {
        let is_read = reader.read_byte_record(&mut record).map_err(|_| ReadError::Encoding)?;
        if !is_read {
            return Ok(sheet);
        }
        // The reader skips empty lines; Excel counts them.
        let rest = &text.as_bytes()[end_of_last.min(text.len())..];
        row_index += empty_lines(rest, end_of_last > 0 && text.as_bytes()[end_of_last - 1] == b'\r');
        end_of_last = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let cells: Vec<(usize, Cell)> = record
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.trim_ascii().is_empty())
            .map(|(column, cell)| (column, Cell::Text(String::from_utf8_lossy(cell).into_owned())))
            .collect();
        cells_read += cells.len();
        if record.len() > COLUMNS_MAX || row_index >= ROWS_MAX || cells_read > CELLS_MAX {
            return Err(ReadError::TooManyCells);
        }
        if !cells.is_empty() {
            sheet.rows.push(Row { index: row_index, cells });
        }
        row_index += 1;
    }
}

/// The sign that separates the cells of the first line that is no remark.
fn separator(text: &str) -> u8 {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !super::table::is_note(line));
    let first = lines.next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    SEPARATORS.into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// How many empty lines stand at the start of `rest`; `after_return` if a line's `\r` was just before it, so that a
/// `\n` at once belongs to that line.
fn empty_lines(rest: &[u8], after_return: bool) -> usize {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut blanks = &rest[..blanks];
    if after_return && blanks.first() == Some(&b'\n') {
        blanks = &blanks[1..];
    }
    let mut lines = 0;
    while let Some((first, more)) = blanks.split_first() {
        lines += 1;
        let is_pair = *first == b'\r' && more.first() == Some(&b'\n');
        blanks = if is_pair { &more[1..] } else { more };
    }
    lines
}
