//! Tables: one row a subject, or one row an item of a subject's collection.

use std::collections::HashMap;

use super::cell::is_unknown;
use super::error::ReadError;
use super::key::{Key, parse_header};
use super::place::Place;
use super::problem::{CellProblem, ReadProblem, shown};
use super::sink::{Given, Sink, normal_id};
use crate::{Profile, Unit, Vocabulary};

/// Most rows of a sheet.
pub const ROWS_MAX: usize = 200_000;

/// Most columns of a sheet.
pub const COLUMNS_MAX: usize = 1_000;

/// Most cells of a sheet that hold something.
pub const CELLS_MAX: usize = 5_000_000;

/// How far down the header row is looked for.
const HEADER_ROWS_MAX: usize = 20;

/// What a row or a sheet of remarks begins with.
const NOTE_STARTS: [&str; 2] = ["#", "说明"];

/// A sheet as it was read: rows that hold something, in order.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Its name; empty for a file without sheets.
    pub(super) name: String,
    /// Rows with their index from 0, as Excel counts them.
    pub(super) rows: Vec<Row>,
    /// A quote was opened and never closed, so the last cell may have swallowed rows.
    pub(super) has_open_quote: bool,
}

/// A row of a sheet.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Index from 0.
    pub(super) index: usize,
    /// Cells that hold something, by column, in order.
    pub(super) cells: Vec<(usize, Cell)>,
}

/// A cell that holds something.
#[derive(Debug)]
pub(super) enum Cell {
    /// Its text; numbers and days already written out.
    Text(String),
    /// It cannot be read at all: a formula that failed.
    Broken(CellProblem),
}

impl Cell {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Broken(_) => "",
        }
    }
}

/// Whether a row or sheet that begins so is a remark for people.
pub(super) fn is_note(text: &str) -> bool {
    NOTE_STARTS.iter().any(|start| text.trim_start().starts_with(start))
}

/// A sheet with what is needed to read it.
pub(super) struct TableReader<'a> {
    /// File name.
    pub(super) file: &'a str,
    /// The sheet.
    pub(super) sheet: &'a Sheet,
    /// Known names.
    pub(super) vocabulary: &'a Vocabulary,
}

/// A column whose header was understood.
pub(super) struct Column<'a> {
    pub(super) key: Key,
    pub(super) unit: Option<&'static Unit>,
    pub(super) header: &'a str,
}

/// The header row: its position among the rows and its columns; `None` where the header was not understood.
pub(super) struct Header<'a> {
    pub(super) at: usize,
    pub(super) columns: HashMap<usize, Option<Column<'a>>>,
}

/// A column in which an item's owner is named; a credit code or id tells more than a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum OwnerKey {
    CreditCode(usize),
    Id(usize),
    Name(usize),
}

impl<'a> TableReader<'a> {
    /// One row a subject.
    pub(super) fn read_subjects(&self, kind: &str) -> Result<(Vec<Profile>, Vec<ReadProblem>), ReadError> {
        let mut problems = Vec::new();
        let header = self.header(&mut problems)?;
        let mut profiles: Vec<Profile> = Vec::new();
        let mut rows_by_id: HashMap<String, usize> = HashMap::new();
        for row in self.data_rows(&header) {
            let profile = self.read_row(row, &header, kind, &mut problems);
            if profile.id.is_empty() {
                profiles.push(profile);
                continue;
            }
            match rows_by_id.get(&profile.id) {
                Some(first) => {
                    problems.push(twice(&profile.id, first + 1).at(self.place().row(row.index).text()))
                }
                None => {
                    rows_by_id.insert(profile.id.clone(), row.index);
                    profiles.push(profile);
                }
            }
        }
        Ok((profiles, problems))
    }

    /// One row an item; each is added to the subject whose code or name stands in its row.
    pub(super) fn read_items(
        &self,
        collection: &str,
        owners: &mut [Profile],
    ) -> Result<Vec<ReadProblem>, ReadError> {
        let mut problems = Vec::new();
        let Some(known) = self.vocabulary.collection(collection) else {
            return Err(ReadError::UnknownCollection { name: collection.to_owned() });
        };
        let mut header = self.header(&mut problems)?;
        let owner_keys = header.take_owner_columns();
        if owner_keys.is_empty() {
            problems.push(
                no_owner_column(&known.name).at(self.place().row(self.sheet.rows[header.at].index).text()),
            );
            return Ok(problems);
        }
        let index = OwnerIndex::new(owners);
        for row in self.data_rows(&header) {
            let owner = match index.find(&owner_keys, row) {
                Ok(owner) => owner,
                Err(problem) => {
                    problems.push(problem.at(self.place().row(row.index).text()));
                    continue;
                }
            };
            let item = self.read_row(row, &header, &known.item, &mut problems);
            owners[owner].collections.entry(known.name.clone()).or_default().push(item);
        }
        Ok(problems)
    }

    fn place(&self) -> Place<'a> {
        let sheet = &self.sheet.name;
        Place::whole(self.file, (!sheet.is_empty()).then_some(sheet))
    }

    pub(super) fn data_rows(&self, header: &Header) -> impl Iterator<Item = &'a Row> {
        let rows = &self.sheet.rows[header.at + 1..];
        // Below the header only `#` marks a remark: a subject may be called 说明书公司.
        rows.iter().filter(|row| row.cells.first().is_some_and(|(_, cell)| !cell.text().starts_with('#')))
    }

    fn read_row(&self, row: &Row, header: &Header, kind: &str, problems: &mut Vec<ReadProblem>) -> Profile {
        self.read_cells(row, header, kind, &mut |place, _, problem| problems.push(problem.at(place.text())))
    }

    /// Reads a row; what is not understood is told with its place and column.
    pub(super) fn read_cells(
        &self,
        row: &Row,
        header: &Header,
        kind: &str,
        tell: &mut dyn FnMut(Place, usize, CellProblem),
    ) -> Profile {
        let mut sink = Sink::new(self.vocabulary, kind);
        for (index, cell) in &row.cells {
            let place = self.place().row(row.index);
            let Some(column) = header.columns.get(index) else {
                if !is_unknown(cell.text()) {
                    tell(place.column(*index, ""), *index, no_header());
                }
                continue;
            };
            let Some(column) = column else { continue };
            let place = place.column(*index, column.header);
            let outcome = match cell {
                Cell::Broken(problem) => Err(problem.clone()),
                Cell::Text(text) => {
                    let origin = place.without_header();
                    sink.put(&column.key, Given { text, unit: column.unit, origin: &origin })
                }
            };
            if let Err(problem) = outcome {
                tell(place, *index, problem);
            }
        }
        sink.profile
    }

    /// The header is the first row in which some cell names something that is known; titles above it are passed over.
    /// If there is none, the first row that is no remark, so that every name in it is reported.
    fn header(&self, problems: &mut Vec<ReadProblem>) -> Result<Header<'a>, ReadError> {
        if self.sheet.has_open_quote {
            problems.push(open_quote().at(self.place().text()));
        }
        let at = self.header_at()?;
        let row = &self.sheet.rows[at];
        let mut columns = HashMap::new();
        for (index, cell) in &row.cells {
            let header = cell.text();
            if header.trim().is_empty() {
                continue;
            }
            let column = match parse_header(self.vocabulary, header) {
                Ok((key, unit)) => Some(Column { key, unit, header }),
                Err(problem) => {
                    problems.push(problem.at(self.place().row(row.index).column(*index, "").text()));
                    None
                }
            };
            columns.insert(*index, column);
        }
        Ok(Header { at, columns })
    }

    /// Which of the rows is the header.
    pub(super) fn header_at(&self) -> Result<usize, ReadError> {
        let rows = &self.sheet.rows;
        let is_remark = |row: &Row| row.cells.first().is_none_or(|(_, cell)| is_note(cell.text()));
        let mut candidates = (0..rows.len().min(HEADER_ROWS_MAX)).filter(|at| !is_remark(&rows[*at]));
        let first = candidates.clone().next().ok_or(ReadError::NoHeader)?;
        let names_something = |at: &usize| {
            rows[*at].cells.iter().any(|(_, cell)| parse_header(self.vocabulary, cell.text()).is_ok())
        };
        Ok(candidates.find(names_something).unwrap_or(first))
    }
}

impl Header<'_> {
    /// Sets the columns that name the owner apart from those that describe the item.
    fn take_owner_columns(&mut self) -> Vec<OwnerKey> {
        let mut found = Vec::new();
        for (index, column) in &mut self.columns {
            found.push(match column.as_ref().map(|column| &column.key) {
                Some(Key::CreditCode) => OwnerKey::CreditCode(*index),
                Some(Key::Id) => OwnerKey::Id(*index),
                Some(Key::Name) => OwnerKey::Name(*index),
                _ => continue,
            });
            *column = None;
        }
        found.sort_unstable();
        found
    }
}

/// Owners by key and by name.
struct OwnerIndex {
    ids: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
}

impl OwnerIndex {
    fn new(owners: &[Profile]) -> Self {
        let mut index = Self { ids: HashMap::new(), names: HashMap::new() };
        for (at, owner) in owners.iter().enumerate() {
            index.ids.entry(owner.id.clone()).or_insert(at);
            index.names.entry(owner.name.clone()).or_default().push(at);
        }
        index
    }

    /// The owner named in the first of the columns that is filled in.
    fn find(&self, keys: &[OwnerKey], row: &Row) -> Result<usize, CellProblem> {
        let written = |key: &OwnerKey| {
            let (OwnerKey::CreditCode(column) | OwnerKey::Id(column) | OwnerKey::Name(column)) = key;
            let cell = row.cells.iter().find(|(index, _)| index == column);
            cell.map(|(_, cell)| cell.text().trim()).filter(|text| !text.is_empty())
        };
        let Some((key, written)) = keys.iter().find_map(|key| Some((key, written(key)?))) else {
            return Err(no_owner("这一行没有写属于谁", "this row does not say whose it is"));
        };
        let owners: &[usize] = match key {
            OwnerKey::Name(_) => self.names.get(written).map(Vec::as_slice).unwrap_or_default(),
            _ => self.ids.get(&normal_id(written)).map(std::slice::from_ref).unwrap_or_default(),
        };
        match owners {
            [] => Err(no_owner(
                &format!("没有主体“{}”", shown(written)),
                &format!("there is no subject “{}”", shown(written)),
            )),
            [owner] => Ok(*owner),
            _ => Err(CellProblem::new(
                "E0072",
                format!("有几个主体都叫“{}”", shown(written)),
                format!("several subjects are called “{}”", shown(written)),
            )
            .with_help("请用统一社会信用代码", "use the unified social credit code")),
        }
    }
}

fn no_owner(zh: &str, en: &str) -> CellProblem {
    CellProblem::new("E0070", zh, en).with_help(
        "写主表里的统一社会信用代码、id 或名称",
        "give the credit code, id or name that stands in the main table",
    )
}

fn no_owner_column(collection: &str) -> CellProblem {
    CellProblem::new(
        "E0071",
        format!("“{collection}”表没有说明每行属于谁的列"),
        format!("the table “{collection}” has no column that says whose each row is"),
    )
    .with_help("加一列 统一社会信用代码、id 或 名称", "add a column 统一社会信用代码, id or 名称")
}

fn twice(id: &str, first_row: usize) -> CellProblem {
    CellProblem::new(
        "E0073",
        format!("“{id}”在第 {first_row} 行已经有了,这一行没有采用"),
        format!("“{id}” already stands in row {first_row}; this row is not used"),
    )
    .with_help("一个主体一行", "one row a subject")
}

fn open_quote() -> CellProblem {
    CellProblem::new(
        "E0078",
        "双引号不成对,引号之后的行可能没有读到",
        "a double quote is never closed, so rows after it may be missing",
    )
    .with_help("补上或去掉那个引号;引号本身写成两个", "close or remove it; a quote itself is written twice")
}

fn no_header() -> CellProblem {
    CellProblem::new("E0075", "这一列没有表头", "this column has no header").with_help(
        "在表头行写上事实名称,或清空这一列",
        "name the fact in the header row, or clear the column",
    )
}
