//! Profiles from files that people fill in: XLSX, CSV, JSON, YAML.
//!
//! The caller hands over bytes and a name; nothing here touches a disk. Whatever cannot be understood is reported with
//! the place where a person finds it again, and the rest is read all the same: one bad cell never costs a sheet.
//! A cell that is not understood leaves its fact unknown. It never becomes nought, "no" or a guess.
//!
//! ```
//! use facts::read::{ReadOptions, read};
//! use facts::{Source, vocabulary};
//! let (words, _) = vocabulary::load(&[Source::new("facts.yaml", "facts: [{name: 研发费用, type: money, grain: year}]")]);
//! let csv = "名称,研发费用.上年(元)\n甲公司,\"2,100,000\"\n乙公司,很多\n";
//! let outcome = read("企业.csv", csv.as_bytes(), &words, &ReadOptions::default()).unwrap();
//! assert_eq!(outcome.profiles.len(), 2);
//! assert_eq!(outcome.problems[0].place.zh, "企业.csv 第 3 行 B 列(研发费用.上年(元))");
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `file` | the entry: format, encoding, limits |
//! | `table`, `csv`, `xlsx` | one row a subject |
//! | `rows` | the same for who says himself what columns mean |
//! | `zip` | workbooks that would grow too large |
//! | `tree`, `json` | one object a subject |
//! | `key` | what a column header or an object's key means |
//! | `cell`, `quantity`, `day` | what a cell means |
//! | `sink` | the profile being filled |
//! | `problem`, `place`, `error` | what is told to the person |
//!
//! The functions behind single headers and cells are public for those who read the same things from columns of values.
//!
//! Codes are stable: E0030–E0049 are about a single cell (no number, unknown or unfitting unit, ratio above 1, finer than
//! a fen, outside the bounds, not whole, neither yes nor no, no date, unknown code, 无 where it cannot be, range the
//! wrong way round, doubtful comma), E0060–E0069 about what a key names and what stands under it, E0070–E0079 about
//! rows, sheets and files. `tests/it/data/bad-cells.txt` has an example of each of the first kind.

mod cell;
mod csv;
mod day;
mod error;
mod file;
mod json;
mod key;
mod place;
mod problem;
mod quantity;
mod rows;
mod sink;
mod table;
mod tree;
mod xlsx;
mod zip;

pub use cell::{NOTHING, TEXT_CHARS_MAX, is_unknown, parse_value, parse_yes_no};
pub use day::YEARS;
pub use error::ReadError;
pub use file::{CollectionFile, FILE_BYTES_MAX, PROBLEMS_MAX, ReadOptions, attach_collection, read};
pub use json::parse as parse_json;
pub use key::{Key, RESERVED_KEYS, StatusPart, parse_header};
pub use problem::{CellProblem, ReadOutcome, ReadProblem};
pub use quantity::MAGNITUDE_EXPONENT_MAX;
pub use rows::{Heading, RowOptions, TableFormat, TableRow, Tables};
pub use sink::{
    StatusValue, check_credit_code, check_empty_collection, contradiction, normal_id, parse_kind,
    quarters_in_one,
};
pub use table::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX};
pub use tree::profile_from_node;
pub use zip::{GROWTH_MAX, UNPACKED_BYTES_MAX};
