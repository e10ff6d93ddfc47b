//! Subjects from Parquet files: in batches, with only the columns that are wanted, so that memory does not hang on how
//! many subjects there are.
//!
//! Several files are read one after another as one population; a file given ten times counts ten times.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Result;
use facts::read::{COLUMNS_MAX, ROWS_MAX};
use facts::{Origin, Profile, Severity, Text, Vocabulary};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use population::{BatchPlace, Header, Population, Problems, Wanted};

use super::strange::StrangeCodes;
use super::{SHOWN_PROBLEMS_MAX, cannot_read};
use crate::context::Context;
use crate::output::note;
use crate::problem::Problem;

/// Rows of a batch: the row groups of most writers are multiples of it.
const BATCH_ROWS: usize = 32_768;

/// Most columns that a message names.
const NAMED_MAX: usize = 8;

/// The key under which a file of made-up subjects says so.
pub const EXAMPLE_KEY: &str = "zhimei.example";

/// Whether the name says that it is a Parquet file.
pub fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
}

/// Parquet files with subjects of one kind, opened and their columns understood.
pub struct Zone<'v> {
    vocabulary: &'v Vocabulary,
    kind: String,
    files: Vec<OneFile>,
}

struct OneFile {
    name: String,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    header: Header,
    rows: u64,
}

/// Some rows of a zone.
#[derive(Debug)]
pub struct Batch {
    /// The rows.
    pub population: Population,
    /// Number of the first among the rows of all files, from 0.
    pub first: u64,
}

impl<'v> Zone<'v> {
    /// Opens the files. Columns that nobody understands are told and left out; one of the wrong type, a file that is not
    /// Parquet and a zone without subjects are errors.
    pub fn open(
        paths: &[PathBuf],
        vocabulary: &'v Vocabulary,
        kind: &str,
        context: &Context,
    ) -> Result<Self> {
        let mut files: Vec<OneFile> = Vec::with_capacity(paths.len());
        for path in paths {
            let known = files.iter().find(|file| file.path == *path);
            let file = match known {
                Some(file) => file.again(),
                None => OneFile::open(path, vocabulary, kind, context)?,
            };
            files.push(file);
        }
        let zone = Self { vocabulary, kind: kind.to_owned(), files };
        if zone.rows() == 0 {
            let name = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
            return Err(Problem::new(format!("{name} 里没有主体"), format!("there is no subject in {name}"))
                .with_help("文件里要至少有一行", "the file must have at least one row")
                .into());
        }
        Ok(zone)
    }

    /// Number of rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Kind of the rows.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What a file of made-up subjects says of itself.
    pub fn example(&self) -> Option<String> {
        let said = |file: &OneFile| {
            let entries = file.metadata.metadata().file_metadata().key_value_metadata()?;
            entries.iter().find(|entry| entry.key == EXAMPLE_KEY)?.value.clone()
        };
        self.files.iter().find_map(said)
    }

    /// Says once which wanted facts no column gives: they are unknown of everybody.
    pub fn say_missing(&self, wanted: &Wanted, context: &Context) {
        let mut missing: Vec<&str> = Vec::new();
        for file in &self.files {
            let names = file.header.missing_facts(wanted);
            missing.extend(names.into_iter().map(|fact| self.vocabulary.get(fact).name.as_str()));
        }
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return;
        }
        let count = missing.len();
        let shown = missing.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(context.say("、", ", "));
        let more = if count > NAMED_MAX { context.say("……", " …") } else { "" };
        note(context.say(
            &format!("注意:要用到的事实有 {count} 项在文件里没有列,一律按未知:{shown}{more}"),
            &format!(
                "note: {count} facts that are needed have no column and are unknown of all: {shown}{more}"
            ),
        ));
    }

    /// The rows in batches, with what is wanted of them.
    pub fn batches<'z>(&'z self, wanted: &Wanted) -> Batches<'z> {
        Batches {
            zone: self,
            wanted: wanted.clone(),
            next_file: 0,
            open: None,
            first: 0,
            problems: Problems::default(),
            told: Vec::new(),
            strange: StrangeCodes::default(),
        }
    }

    /// All rows as one population, for a zone that is to be kept in memory.
    pub fn whole(&self, wanted: &Wanted, context: &Context) -> Result<Population> {
        let [file] = self.files.as_slice() else {
            return Err(Problem::new("只能给一个 .parquet 文件", "give only one .parquet file").into());
        };
        let (indices, header) = file.header.select(wanted);
        let rows = usize::try_from(file.rows).unwrap_or(usize::MAX);
        let mut reader = file.reader(&indices, rows, None)?;
        let mut problems = Problems::default();
        let schema = parquet_schema(&reader);
        let mut batches = Vec::new();
        for batch in &mut reader {
            batches.push(batch.map_err(|error| file.broken(&error))?);
        }
        let batch =
            arrow_select::concat::concat_batches(&schema, &batches).map_err(|error| file.broken(&error))?;
        let place = BatchPlace { vocabulary: self.vocabulary, first_row: 0 };
        let population = Population::from_batch(&batch, &header, place, &mut problems)
            .map_err(|finding| refused(&finding.at(&file.name)))?;
        say_problems(&file.name, problems, context);
        let mut strange = StrangeCodes::default();
        strange.look_at_columns(&population, self.vocabulary);
        strange.say(self.vocabulary, context);
        Ok(population)
    }

    /// The row of the subject with that id or name, counted over all files; with none asked for, the only row. More than
    /// one found are all given, so that the caller can say so.
    pub fn find(&self, wanted: Option<&str>) -> Result<Found> {
        let mut found = Found::default();
        for batch in self.batches(&Wanted::nothing()) {
            let Batch { population, first } = batch?;
            for row in 0..population.rows() {
                let (id, name) = (population.id(row), population.name(row));
                let is_it = wanted.is_none_or(|wanted| id.eq_ignore_ascii_case(wanted) || name == wanted);
                if is_it && found.rows.len() < 2 {
                    found.rows.push(first + row as u64);
                }
                if found.names.len() < NAMED_MAX {
                    found.names.push(if name.is_empty() { id.to_owned() } else { name.to_owned() });
                }
            }
        }
        Ok(found)
    }

    /// One row as a profile whose values say where they stand.
    pub fn profile(&self, row: u64) -> Result<Profile> {
        let mut before = 0;
        for file in &self.files {
            if row < before + file.rows {
                let at = usize::try_from(row - before).unwrap_or(usize::MAX);
                return self.profile_in(file, at);
            }
            before += file.rows;
        }
        Err(anyhow::anyhow!("row {row} is past the end"))
    }

    fn profile_in(&self, file: &OneFile, at: usize) -> Result<Profile> {
        let (indices, header) = file.header.select(&Wanted::all());
        let selection = RowSelection::from(vec![RowSelector::skip(at), RowSelector::select(1)]);
        let mut reader = file.reader(&indices, 1, Some(selection))?;
        let batch = reader.next().ok_or_else(|| anyhow::anyhow!("{} has no row {at}", file.name))?;
        let batch = batch.map_err(|error| file.broken(&error))?;
        let place = BatchPlace { vocabulary: self.vocabulary, first_row: at };
        let population = Population::from_batch(&batch, &header, place, &mut Problems::default())
            .map_err(|finding| refused(&finding.at(&file.name)))?;
        Ok(with_origins(population.profile(0, &Wanted::all()), &file.name, at, self.vocabulary))
    }

    /// All rows as profiles, as the other formats give them, within their limit.
    pub fn profiles(&self, context: &Context) -> Result<Vec<Profile>> {
        let rows = self.rows();
        if rows > ROWS_MAX as u64 {
            return Err(Problem::new(
                format!("有 {rows} 个主体,逐个给出全部理由最多 {ROWS_MAX} 个"),
                format!("{rows} subjects; with every reason at most {ROWS_MAX} can be decided"),
            )
            .with_help(
                "用 match --out 结果.parquet 或 .csv,或加 --subject 只看一个",
                "use match --out result.parquet or .csv, or --subject for a single one",
            )
            .into());
        }
        let mut profiles = Vec::new();
        let mut batches = self.batches(&Wanted::all());
        while let Some(batch) = batches.next() {
            let Batch { population, .. } = batch?;
            let (name, first) = batches.place();
            for row in 0..population.rows() {
                let profile = population.profile(row, &Wanted::all());
                profiles.push(with_origins(profile, &name, first + row, self.vocabulary));
            }
        }
        batches.say_problems(context);
        Ok(profiles)
    }
}

/// What a search came upon.
#[derive(Debug, Default)]
pub struct Found {
    /// At most two rows.
    pub rows: Vec<u64>,
    /// The first names of the zone.
    pub names: Vec<String>,
}

impl OneFile {
    fn open(path: &Path, vocabulary: &Vocabulary, kind: &str, context: &Context) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| not_parquet(&name, &error))?;
        let (header, findings) = Header::parse(metadata.schema(), vocabulary, kind);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|finding| finding.severity == Severity::Error);
        if let Some(first) = errors.into_iter().next() {
            return Err(refused(&first.at(&name)));
        }
        let understood = header.select(&Wanted::all()).0.len();
        if understood == header.select(&Wanted::nothing()).0.len() {
            let columns = metadata.schema().fields().len();
            return Err(Problem::new(
                format!("{name} 的 {columns} 列里没有一列是词汇表里的事实"),
                format!("none of the {columns} columns of {name} is a fact of the vocabulary"),
            )
            .with_help(
                format!("列名写成事实和时段,如 研发费用.2025;zhimei facts list 列出全部事实(最多 {COLUMNS_MAX} 列)"),
                format!("name columns by fact and period, as 研发费用.2025; zhimei facts list lists the facts (at most {COLUMNS_MAX} columns)"),
            )
            .into());
        }
        let told = warnings.len();
        for finding in warnings.into_iter().take(SHOWN_PROBLEMS_MAX) {
            note(&finding.at(&name).render(context.language));
        }
        say_more(told, context);
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        Ok(Self { name, path: path.to_owned(), metadata, header, rows })
    }

    /// The same file once more.
    fn again(&self) -> Self {
        Self {
            name: self.name.clone(),
            path: self.path.clone(),
            metadata: self.metadata.clone(),
            header: self.header.clone(),
            rows: self.rows,
        }
    }

    fn reader(
        &self,
        columns: &[usize],
        batch_rows: usize,
        selection: Option<RowSelection>,
    ) -> Result<ParquetRecordBatchReader> {
        let file = File::open(&self.path).map_err(|error| cannot_read(&self.path, &error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        let builder = builder.with_projection(mask).with_batch_size(batch_rows.max(1));
        let builder = match selection {
            Some(selection) => builder.with_row_selection(selection),
            None => builder,
        };
        builder.build().map_err(|error| not_parquet(&self.name, &error))
    }

    /// Inside, the file is not what its end says.
    fn broken(&self, error: &dyn std::fmt::Display) -> anyhow::Error {
        let name = &self.name;
        Problem::new(
            format!("{name} 读到一半读不下去:{error}"),
            format!("{name} cannot be read to the end: {error}"),
        )
        .with_help("文件可能损坏,请重新导出", "the file may be damaged; export it again")
        .into()
    }
}

fn parquet_schema(reader: &ParquetRecordBatchReader) -> arrow_schema::SchemaRef {
    arrow_array::RecordBatchReader::schema(reader)
}

/// The batches of a zone, in order.
pub struct Batches<'z> {
    zone: &'z Zone<'z>,
    wanted: Wanted,
    next_file: usize,
    open: Option<Open>,
    /// Number of the next row over all files.
    first: u64,
    problems: Problems,
    told: Vec<(String, Problems)>,
    strange: StrangeCodes,
}

struct Open {
    file: usize,
    reader: ParquetRecordBatchReader,
    header: Header,
    /// Number of the next row in the file.
    next_row: usize,
    /// Number of the first row of the batch given last.
    batch_row: usize,
}

impl Batches<'_> {
    /// In which file the batch given last stands, and from which of its rows on.
    pub fn place(&self) -> (String, usize) {
        let open = self.open.as_ref();
        open.map_or_else(Default::default, |open| (self.zone.files[open.file].name.clone(), open.batch_row))
    }

    /// Tells which cells were not understood, and which codes nobody knows.
    pub fn say_problems(mut self, context: &Context) {
        self.close();
        let mut told = std::mem::take(&mut self.told);
        told.dedup_by(|later, earlier| later.0 == earlier.0);
        for (name, problems) in told {
            say_problems(&name, problems, context);
        }
        self.strange.say(self.zone.vocabulary, context);
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let name = self.zone.files[open.file].name.clone();
            let problems = std::mem::take(&mut self.problems);
            if problems.count() > 0 && self.told.iter().all(|(known, _)| *known != name) {
                self.told.push((name, problems));
            }
        }
    }

    fn advance(&mut self) -> Result<Option<Batch>> {
        loop {
            if self.open.is_none() {
                let Some(file) = self.zone.files.get(self.next_file) else { return Ok(None) };
                let (indices, header) = file.header.select(&self.wanted);
                let reader = file.reader(&indices, BATCH_ROWS, None)?;
                self.open = Some(Open { file: self.next_file, reader, header, next_row: 0, batch_row: 0 });
                self.next_file += 1;
            }
            let Some(open) = &mut self.open else { return Ok(None) };
            let file = &self.zone.files[open.file];
            match open.reader.next() {
                None => self.close(),
                Some(batch) => {
                    let batch = batch.map_err(|error| file.broken(&error))?;
                    let place = BatchPlace { vocabulary: self.zone.vocabulary, first_row: open.next_row };
                    let population = Population::from_batch(&batch, &open.header, place, &mut self.problems)
                        .map_err(|finding| refused(&finding.at(&file.name)))?;
                    self.strange.look_at_columns(&population, self.zone.vocabulary);
                    let first = self.first;
                    self.first += population.rows() as u64;
                    open.batch_row = open.next_row;
                    open.next_row += population.rows();
                    return Ok(Some(Batch { population, first }));
                }
            }
        }
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

/// The values of a profile with the file, row and column they were read from.
fn with_origins(mut profile: Profile, file: &str, row: usize, vocabulary: &Vocabulary) -> Profile {
    for (fact, entries) in &mut profile.facts {
        for entry in entries {
            let column = wording::period::key(vocabulary.get(*fact), &entry.period);
            let row = row + 1;
            entry.origin = Origin {
                text: Text {
                    zh: format!("{file} 第 {row} 行({column})"),
                    en: format!("{file}, row {row} ({column})"),
                },
            };
        }
    }
    profile
}

fn say_problems(name: &str, problems: Problems, context: &Context) {
    for problem in problems.listed().iter().take(SHOWN_PROBLEMS_MAX) {
        note(&problem.clone().at(name).render(context.language));
    }
    say_more(problems.count(), context);
}

fn say_more(count: usize, context: &Context) {
    if let Some(more) = count.checked_sub(SHOWN_PROBLEMS_MAX).filter(|more| *more > 0) {
        note(context.say(&format!("……还有 {more} 处"), &format!("… and {more} more")));
    }
}

fn refused(problem: &facts::read::ReadProblem) -> anyhow::Error {
    Problem::new(
        format!("{}:{}", problem.place.zh, problem.message.zh),
        format!("{}: {}", problem.place.en, problem.message.en),
    )
    .with_help(&problem.help.zh, &problem.help.en)
    .into()
}

fn not_parquet(name: &str, error: &ParquetError) -> anyhow::Error {
    Problem::new(
        format!("{name} 不是完整的 Parquet 文件:{error}"),
        format!("{name} is no whole Parquet file: {error}"),
    )
    .with_help(
        "文件可能没有传完,或不是 Parquet;请重新导出",
        "it may have been cut short, or be of another format; export it again",
    )
    .into()
}
