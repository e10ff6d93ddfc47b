//! Tables row by row, for who says himself what each column means: an import whose file has other words in its header.
//!
//! A column is given a meaning in the words of [`parse_header`](super::parse_header); cells are then understood as
//! [`read`](super::read()) understands them. A profile is handed over as soon as its row is read, so a large table is
//! never held as profiles.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use super::error::ReadError;
use super::file::{check_size, decode};
use super::key::{Key, parse_header};
use super::problem::CellProblem;
use super::table::{Column, Header, Sheet, TableReader, is_note};
use super::{csv, xlsx};
use crate::{Profile, Vocabulary};

/// How a table is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TableFormat {
    /// Text with separators.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A file of tables, opened: its first sheet that is no remark and no collection holds the subjects.
#[derive(Debug)]
pub struct Tables {
    sheets: Vec<Sheet>,
    /// Which of them holds the subjects.
    main: usize,
}

/// The header of a column as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// Column, from 0.
    pub column: usize,
    /// What stands there, without line breaks.
    pub text: String,
}

/// What columns mean.
#[derive(Clone, Debug)]
pub struct RowOptions<'a> {
    /// Known names.
    pub vocabulary: &'a Vocabulary,
    /// Kind of a subject that does not state its own.
    pub kind: &'a str,
    /// Row of the header, from 0, as [`Tables::headings`] tells it.
    pub header_row: usize,
    /// Meaning by column, in the words of a header of ours. Columns that are not here are passed over.
    pub meanings: &'a BTreeMap<usize, String>,
}

/// A row that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableRow {
    /// Its index from 0, as Excel counts from 1.
    pub row: usize,
    /// What was understood.
    pub profile: Profile,
    /// What was not, with the column.
    pub problems: Vec<(usize, CellProblem)>,
}

impl Tables {
    /// Opens a file, whatever its name.
    pub fn open(format: TableFormat, bytes: &[u8], vocabulary: &Vocabulary) -> Result<Self, ReadError> {
        check_size(bytes)?;
        let sheets = match format {
            TableFormat::Csv => vec![csv::parse(&decode(bytes)?)?],
            TableFormat::Xlsx => xlsx::parse(bytes)?,
        };
        let mut filled = sheets.iter().enumerate().filter(|(_, sheet)| is_filled(sheet)).peekable();
        if filled.peek().is_none() {
            return Err(ReadError::Empty);
        }
        let is_main = |(_, sheet): &(usize, &Sheet)| vocabulary.collection(sheet.name.trim()).is_none();
        let (main, _) = filled.find(is_main).ok_or(ReadError::NoHeader)?;
        Ok(Self { sheets, main })
    }

    /// Name of the sheet that holds the subjects; empty for a file without sheets.
    pub fn sheet(&self) -> &str {
        &self.sheets[self.main].name
    }

    /// The other sheets that hold something; they are not read.
    pub fn other_sheets(&self) -> impl Iterator<Item = &str> {
        let others =
            self.sheets.iter().enumerate().filter(|(at, sheet)| *at != self.main && is_filled(sheet));
        others.map(|(_, sheet)| sheet.name.as_str())
    }

    /// Whether a quote was opened and never closed, so that the last cell may have swallowed rows.
    pub fn has_open_quote(&self) -> bool {
        self.sheets[self.main].has_open_quote
    }

    /// How many rows hold something below that row.
    pub fn rows_below(&self, row: usize) -> usize {
        self.sheets[self.main].rows.iter().filter(|it| it.index > row).count()
    }

    /// The row of the header and what stands in it: the row asked for, else the first in which some cell names something
    /// that is known, else the first that is no remark.
    pub fn headings(
        &self,
        vocabulary: &Vocabulary,
        row: Option<usize>,
    ) -> Result<(usize, Vec<Heading>), ReadError> {
        let table = self.reader(vocabulary);
        let rows = &self.sheets[self.main].rows;
        let at = match row {
            Some(row) => rows.iter().position(|it| it.index == row).ok_or(ReadError::NoHeader)?,
            None => table.header_at()?,
        };
        let headings = rows[at].cells.iter().map(|(column, cell)| {
            let text = cell.text().split(['\r', '\n']).map(str::trim).collect();
            Heading { column: *column, text }
        });
        Ok((rows[at].index, headings.filter(|heading| !heading.text.trim().is_empty()).collect()))
    }

    /// Hands over row after row, until there are no more or the visitor has enough.
    ///
    /// Errors: meanings that are not understood, by column.
    pub fn each_row(
        &self,
        options: &RowOptions,
        visit: &mut dyn FnMut(TableRow) -> ControlFlow<()>,
    ) -> Result<(), Vec<(usize, CellProblem)>> {
        let table = self.reader(options.vocabulary);
        let rows = &self.sheets[self.main].rows;
        let at = rows.partition_point(|row| row.index < options.header_row);
        let header = header(options, at, rows.get(at).map(|row| row.cells.as_slice()).unwrap_or_default())?;
        for row in table.data_rows(&header) {
            let mut problems = Vec::new();
            let profile = table.read_cells(row, &header, options.kind, &mut |_, column, problem| {
                problems.push((column, problem));
            });
            if visit(TableRow { row: row.index, profile, problems }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn reader<'a>(&'a self, vocabulary: &'a Vocabulary) -> TableReader<'a> {
        TableReader { file: "", sheet: &self.sheets[self.main], vocabulary }
    }
}

fn is_filled(sheet: &Sheet) -> bool {
    !sheet.rows.is_empty() && !is_note(&sheet.name)
}

/// Columns by their meanings; those that have a header and no meaning are passed over.
fn header<'a>(
    options: &'a RowOptions,
    at: usize,
    cells: &'a [(usize, super::table::Cell)],
) -> Result<Header<'a>, Vec<(usize, CellProblem)>> {
    let mut columns: HashMap<usize, Option<Column<'a>>> =
        cells.iter().filter(|(_, cell)| !cell.text().trim().is_empty()).map(|(at, _)| (*at, None)).collect();
    let mut problems = Vec::new();
    for (column, meaning) in options.meanings {
        match parse_header(options.vocabulary, meaning) {
            Ok((Key::Role(role, _), _)) => {
                problems.push((*column, super::sink::party_is_no_word(&role)));
            }
            Ok((key, unit)) => {
                columns.insert(*column, Some(Column { key, unit, header: meaning }));
            }
            Err(problem) => problems.push((*column, problem)),
        }
    }
    if problems.is_empty() { Ok(Header { at, columns }) } else { Err(problems) }
}
