//! The entry: which format a file has, how its text is encoded, how large it may be.

use std::borrow::Cow;

use super::error::ReadError;
use super::place::{Place, line_text};
use super::problem::{CellProblem, ReadOutcome, ReadProblem, shown};
use super::table::{Sheet, TableReader, is_note};
use super::tree::profiles_from_node;
use super::{csv, json, xlsx};
use crate::{Diagnostic, Profile, Source, Vocabulary, nearest, yaml};

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 64 << 20;

/// Most problems that are listed; a person corrects these first.
pub const PROBLEMS_MAX: usize = 1_000;

/// How to read a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadOptions {
    /// Kind of a subject that does not state its own.
    pub kind: String,
}

impl Default for ReadOptions {
    /// Enterprises.
    fn default() -> Self {
        Self { kind: "enterprise".to_owned() }
    }
}

/// Reads the subjects of a file; the ending of its name decides the format: `.xlsx` `.csv` `.tsv` `.json` `.yaml`.
///
/// In a workbook the first sheet that is neither remark nor collection holds the subjects; each sheet named after a
/// collection holds its items, with the owner's credit code, id or name in a column.
pub fn read(
    name: &str,
    bytes: &[u8],
    vocabulary: &Vocabulary,
    options: &ReadOptions,
) -> Result<ReadOutcome, ReadError> {
    let mut outcome = match format_of(name, bytes)? {
        Format::Csv => {
            let sheet = csv::parse(&decode(bytes)?)?;
            let table = TableReader { file: name, sheet: &sheet, vocabulary };
            let (profiles, problems) = table.read_subjects(&options.kind)?;
            ReadOutcome { profiles, problems }
        }
        Format::Xlsx => read_workbook(name, &xlsx::parse(bytes)?, vocabulary, options)?,
        format => read_objects(name, &decode(bytes)?, format, vocabulary, options)?,
    };
    limit(&mut outcome.problems, name);
    Ok(outcome)
}

/// A CSV file with the items of a collection.
#[derive(Clone, Copy, Debug)]
pub struct CollectionFile<'a> {
    /// Name of the collection.
    pub collection: &'a str,
    /// File name, for messages.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// Adds the items of a CSV file to the subjects that own them, by credit code, id or name.
pub fn attach_collection(
    profiles: &mut [Profile],
    file: CollectionFile,
    vocabulary: &Vocabulary,
) -> Result<Vec<ReadProblem>, ReadError> {
    check_size(file.bytes)?;
    let sheet = csv::parse(&decode(file.bytes)?)?;
    let table = TableReader { file: file.name, sheet: &sheet, vocabulary };
    let mut problems = table.read_items(file.collection, profiles)?;
    limit(&mut problems, file.name);
    Ok(problems)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Xlsx,
    Json,
    Yaml,
}

fn format_of(name: &str, bytes: &[u8]) -> Result<Format, ReadError> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let format = match ending.as_str() {
        "csv" | "tsv" => Format::Csv,
        "xlsx" | "xlsm" => Format::Xlsx,
        "json" => Format::Json,
        "yaml" | "yml" => Format::Yaml,
        _ => return Err(ReadError::UnknownFormat { name: shown(name) }),
    };
    check_size(bytes).map(|()| format)
}

pub(super) fn check_size(bytes: &[u8]) -> Result<(), ReadError> {
    match bytes.len() {
        0 => Err(ReadError::Empty),
        length if length > FILE_BYTES_MAX => Err(ReadError::TooLarge { bytes: length }),
        _ => Ok(()),
    }
}

/// Text of a file: UTF-8, UTF-16 with its mark, else GB 18030, which Excel writes in China.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])
        }
        None => encoding_rs::UTF_8
            .decode_without_bom_handling_and_without_replacement(bytes)
            .or_else(|| encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)),
    };
    let text = text.filter(|text| !text.contains('\0')).ok_or(ReadError::Encoding)?;
    if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

fn read_objects(
    name: &str,
    text: &str,
    format: Format,
    vocabulary: &Vocabulary,
    options: &ReadOptions,
) -> Result<ReadOutcome, ReadError> {
    let (root, found) = if format == Format::Json { json::parse(text) } else { yaml::parse(text) };
    let source = Source::new(name, text);
    let Some(root) = root else {
        return Err(malformed(&source, found));
    };
    let (profiles, more) = profiles_from_node(&root, &source, vocabulary, &options.kind);
    let mut found: Vec<Diagnostic> = found.into_iter().chain(more).collect();
    found.sort_by_key(|finding| finding.span);
    // Beyond the limit nothing is shown, so nothing is located.
    found.truncate(PROBLEMS_MAX + 1);
    let problems = found.into_iter().map(|finding| locate(&source, finding)).collect();
    Ok(ReadOutcome { profiles, problems })
}

fn locate(source: &Source, finding: Diagnostic) -> ReadProblem {
    let (line, column) = source.line_column(finding.span.start);
    let place = line_text(&source.path, line, column);
    ReadProblem { place, code: finding.code, message: finding.message, help: finding.help }
}

fn malformed(source: &Source, found: Vec<Diagnostic>) -> ReadError {
    match found.into_iter().next() {
        Some(finding) => {
            let (line, column) = source.line_column(finding.span.start);
            ReadError::Malformed { line, column, reason: finding.message }
        }
        None => ReadError::Empty,
    }
}

fn read_workbook(
    name: &str,
    sheets: &[Sheet],
    vocabulary: &Vocabulary,
    options: &ReadOptions,
) -> Result<ReadOutcome, ReadError> {
    let collection_of = |sheet: &Sheet| vocabulary.collection(sheet.name.trim());
    let filled = || sheets.iter().filter(|sheet| !sheet.rows.is_empty() && !is_note(&sheet.name));
    if filled().next().is_none() {
        return Err(ReadError::Empty);
    }
    let Some(main) = filled().find(|sheet| collection_of(sheet).is_none()) else {
        return Err(ReadError::NoHeader);
    };
    let table = |sheet| TableReader { file: name, sheet, vocabulary };
    let (mut profiles, mut problems) = table(main).read_subjects(&options.kind)?;
    for sheet in filled().filter(|sheet| !std::ptr::eq(*sheet, main)) {
        let place = Place::whole(name, Some(&sheet.name));
        let Some(collection) = collection_of(sheet) else {
            let known = vocabulary.collections.iter().map(|collection| collection.name.as_str());
            problems.push(unread_sheet(&sheet.name, nearest(&sheet.name, known)).at(place.text()));
            continue;
        };
        match table(sheet).read_items(&collection.name, &mut profiles) {
            Ok(more) => problems.extend(more),
            // The subjects are read; a sheet without a header costs only itself.
            Err(error) => {
                let (message, help) = (error.message(), error.help());
                problems.push(CellProblem { code: "E0076", message, help }.at(place.text()));
            }
        }
    }
    Ok(ReadOutcome { profiles, problems })
}

fn unread_sheet(name: &str, guess: Option<&str>) -> CellProblem {
    CellProblem::new(
        "E0076",
        format!("没有名为“{}”的集合,这张工作表没有读", shown(name)),
        format!("there is no collection “{}”, so this sheet was not read", shown(name)),
    )
    .with_help(
        "表名写集合名;说明页的表名以“说明”或 # 开头",
        "name it after a collection, or begin with 说明 or # for remarks",
    )
    .with_guess(guess)
}

/// Keeps the first problems and says how many there are.
fn limit(problems: &mut Vec<ReadProblem>, name: &str) {
    let count = problems.len();
    if count <= PROBLEMS_MAX {
        return;
    }
    problems.truncate(PROBLEMS_MAX);
    let rest = CellProblem::new(
        "E0079",
        format!("问题太多,只列出前 {PROBLEMS_MAX} 个"),
        format!("only the first {PROBLEMS_MAX} problems are listed"),
    )
    .with_help("改正后再读一次", "correct these and read again");
    problems.push(rest.at(Place::whole(name, None).text()));
}
