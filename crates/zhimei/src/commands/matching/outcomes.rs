//! The result of bulk decisions as CSV or Parquet. `docs/bulk.md` describes the columns.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use arrow_array::builder::{Decimal128Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, DictionaryArray, Int8Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use engine::batch::{DocumentOutcomes, Outcomes};
use engine::point::{Entry, Money, Outcome};
use facts::{Date, Fen};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use population::Population;

use super::bulk::Sink;
use super::row::{BETWEEN, amounts};
use super::text::{self, Sink as Place, io_error};
use crate::load::parquet::EXAMPLE_KEY;
use crate::output::{self, WholeFile, plain};

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 20;

/// Digits of an amount in 万元: those of the largest number of fen.
const WAN_DIGITS: u8 = 20;

/// Decimal places of an amount in 万元: a fen is a millionth of it.
const WAN_PLACES: i8 = 6;

/// What a file of results says about itself.
#[derive(Clone, Debug)]
pub struct About {
    /// Day of decision.
    pub day: Date,
    /// Fingerprint of the library's texts.
    pub digest: String,
    /// What the input says of itself if it is made up.
    pub example: Option<String>,
}

/// The columns of a CSV; `failed` and `missing` are left out where only outcomes and amounts are wanted.
const COLUMNS: [&str; 13] = [
    "subject",
    "name",
    "policy",
    "title",
    "on",
    "outcome",
    "amount_wan",
    "amount_low_wan",
    "amount_high_wan",
    "nature",
    "rank",
    "failed",
    "missing",
];

/// Rows of the population that are of its own kind.
fn own_rows(population: &Population) -> Vec<usize> {
    (0..population.rows()).filter(|row| !population.other_kinds().contains_key(row)).collect()
}

/// What is due: nothing for the ineligible of a document that pays.
fn due(entry: &Entry, outcomes: &DocumentOutcomes, row: usize) -> Option<Money> {
    entry.document.gives.amount.as_ref()?;
    match outcomes.outcome(row) {
        Outcome::Eligible => outcomes.amount(row).cloned(),
        Outcome::Ineligible => Some(Money::Exact(Fen::ZERO)),
        Outcome::Unknown | Outcome::NotInForce => None,
    }
}

/// One line a decision, subject after subject.
pub struct Csv {
    writer: csv::Writer<Place>,
    file: Option<PathBuf>,
    day: Date,
    is_brief: bool,
}

impl Csv {
    /// To a file, or to standard output.
    pub fn new(file: Option<&Path>, day: Date, is_brief: bool) -> Result<Self> {
        let mut writer = text::csv_writer(file)?;
        let columns = if is_brief { &COLUMNS[..11] } else { &COLUMNS[..] };
        writer.write_record(columns).map_err(io_error)?;
        Ok(Self { writer, file: file.map(Path::to_owned), day, is_brief })
    }

    fn rows(&mut self, population: &Population, outcomes: &Outcomes, entries: &[&Entry]) -> csv::Result<()> {
        let day = self.day.to_string();
        for row in own_rows(population) {
            for (entry, decided) in entries.iter().zip(&outcomes.documents) {
                let document = &entry.document;
                let due = due(entry, decided, row);
                let (exact, low, high) = amounts(due.as_ref());
                let id = plain(population.id(row));
                let name = plain(population.name(row));
                let nature = document.gives.nature.map_or("", lang::ir::Nature::as_code);
                let mut record = csv::StringRecord::new();
                let amount = |text: &Option<String>| text.clone().unwrap_or_default();
                record.push_field(&id);
                record.push_field(&name);
                record.push_field(&document.id);
                record.push_field(&plain(&document.short.zh));
                record.push_field(&day);
                record.push_field(decided.outcome(row).as_code());
                record.push_field(&amount(&exact));
                record.push_field(&amount(&low));
                record.push_field(&amount(&high));
                record.push_field(nature);
                record.push_field(&plain(decided.rank(row).unwrap_or_default()));
                if !self.is_brief {
                    record.push_field(&plain(&decided.failed(row).join(BETWEEN)));
                    record.push_field(&plain(&decided.missing(row).join(BETWEEN)));
                }
                self.writer.write_record(&record)?;
            }
        }
        Ok(())
    }
}

impl Sink for Csv {
    fn add(&mut self, population: &Population, outcomes: &Outcomes, entries: &[&Entry]) -> Result<()> {
        let written = self.rows(population, outcomes, entries);
        written.map_err(|error| match (error.into_kind(), &self.file) {
            (csv::ErrorKind::Io(error), Some(place)) => output::cannot_write(place, &error),
            (csv::ErrorKind::Io(error), None) => error.into(),
            (other, _) => anyhow::anyhow!("{other:?}"),
        })
    }

    fn finish(self: Box<Self>) -> Result<()> {
        text::finish(self.writer, self.file.as_deref())
    }
}

/// One row a decision, policy after policy within a batch of subjects.
pub struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    place: PathBuf,
    is_brief: bool,
    end: fn(W) -> Result<()>,
}

/// The columns of a Parquet file of results.
fn schema(is_brief: bool) -> SchemaRef {
    let codes = || DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let wan = || DataType::Decimal128(WAN_DIGITS, WAN_PLACES);
    let list = || DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let mut fields = vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, false),
        Field::new("policy", codes(), false),
        Field::new("outcome", codes(), false),
        Field::new("amount_low", wan(), true),
        Field::new("amount_high", wan(), true),
        Field::new("amount_low_fen", DataType::Int64, true),
        Field::new("amount_high_fen", DataType::Int64, true),
        Field::new("nature", codes(), true),
        Field::new("rank", codes(), true),
    ];
    if !is_brief {
        fields.push(Field::new("failed", list(), false));
        fields.push(Field::new("missing", list(), false));
    }
    Arc::new(Schema::new(fields))
}

impl Parquet<WholeFile> {
    /// Begins a file that will stand at that place.
    pub fn create(place: &Path, about: &About, is_brief: bool) -> Result<Self> {
        Self::new(WholeFile::create(place)?, place, about, is_brief, WholeFile::finish)
    }
}

impl<W: Write + Send> Parquet<W> {
    fn new(file: W, place: &Path, about: &About, is_brief: bool, end: fn(W) -> Result<()>) -> Result<Self> {
        let schema = schema(is_brief);
        let mut entries = vec![
            KeyValue::new("zhimei.day".to_owned(), about.day.to_string()),
            KeyValue::new("zhimei.library".to_owned(), about.digest.clone()),
            KeyValue::new("zhimei.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ];
        let example = about.example.clone();
        entries.extend(example.map(|example| KeyValue::new(EXAMPLE_KEY.to_owned(), example)));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("zhimei {}", env!("CARGO_PKG_VERSION")))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(entries))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|error| output::cannot_encode(place, error))?;
        Ok(Self { writer, schema, place: place.to_owned(), is_brief, end })
    }

    fn arrays(&self, rows: &[usize], entry: &Entry, decided: &DocumentOutcomes) -> Vec<ArrayRef> {
        let document = &entry.document;
        let outcomes = rows.iter().map(|row| {
            let outcome = decided.outcome(*row);
            Outcome::CODES.iter().position(|(_, known)| *known == outcome).map(|at| at as i8)
        });
        let codes = Outcome::CODES.iter().map(|(code, _)| Some(*code));
        let outcome = dictionary(outcomes.collect(), codes.collect());
        let nature = document.gives.nature.map(lang::ir::Nature::as_code);
        let mut arrays = vec![one(Some(&document.id), rows.len()), outcome];
        arrays.extend(money(rows, entry, decided));
        arrays.push(one(nature, rows.len()));
        let rank = |row: &usize| {
            let name = decided.rank(*row)?;
            let at = decided.rank_names.iter().position(|known| known == name)?;
            i8::try_from(at).ok()
        };
        let names = decided.rank_names.iter().take(i8::MAX as usize).map(|name| Some(name.as_str()));
        arrays.push(dictionary(rows.iter().map(rank).collect(), names.collect()));
        if !self.is_brief {
            arrays.push(lists(rows, |row| decided.failed(row)));
            arrays.push(lists(rows, |row| decided.missing(row)));
        }
        arrays
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn add(&mut self, population: &Population, outcomes: &Outcomes, entries: &[&Entry]) -> Result<()> {
        let rows = own_rows(population);
        let ids: ArrayRef =
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| population.id(*row))));
        let names: ArrayRef =
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| population.name(*row))));
        for (entry, decided) in entries.iter().zip(&outcomes.documents) {
            let mut arrays = vec![Arc::clone(&ids), Arc::clone(&names)];
            arrays.extend(self.arrays(&rows, entry, decided));
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
                .expect("each array has the type of its field and a cell a row");
            self.writer.write(&batch).map_err(|error| output::cannot_encode(&self.place, error))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Self { writer, place, end, .. } = *self;
        end(writer.into_inner().map_err(|error| output::cannot_encode(&place, error))?)
    }
}

fn dictionary(keys: Int8Array, values: StringArray) -> ArrayRef {
    let array = DictionaryArray::<Int8Type>::try_new(keys, Arc::new(values));
    Arc::new(array.expect("each key is the place of a value"))
}

/// The same text, or none, in all rows.
fn one(text: Option<&str>, rows: usize) -> ArrayRef {
    let keys: Int8Array = std::iter::repeat_n(text.map(|_| 0i8), rows).collect();
    dictionary(keys, std::iter::once(text.or(Some(""))).collect())
}

/// Least and most, in 万元 and in fen; empty where there is none or it cannot be told.
fn money(rows: &[usize], entry: &Entry, decided: &DocumentOutcomes) -> Vec<ArrayRef> {
    let wan = || {
        let builder = Decimal128Builder::with_capacity(rows.len());
        builder.with_precision_and_scale(WAN_DIGITS, WAN_PLACES).expect("twenty digits, six of them decimal")
    };
    let (mut low_wan, mut high_wan) = (wan(), wan());
    let (mut low_fen, mut high_fen) =
        (Int64Builder::with_capacity(rows.len()), Int64Builder::with_capacity(rows.len()));
    for row in rows {
        let (low, high) = match due(entry, decided, *row) {
            Some(Money::Exact(fen)) => (Some(fen), Some(fen)),
            Some(Money::Options(options)) => (options.first().copied(), options.last().copied()),
            Some(Money::Range(low, high)) => (low, high),
            Some(Money::Undetermined) | None => (None, None),
        };
        let (low, high) = (low.map(|fen| fen.0), high.map(|fen| fen.0));
        low_wan.append_option(low.map(i128::from));
        high_wan.append_option(high.map(i128::from));
        low_fen.append_option(low);
        high_fen.append_option(high);
    }
    vec![
        Arc::new(low_wan.finish()),
        Arc::new(high_wan.finish()),
        Arc::new(low_fen.finish()),
        Arc::new(high_fen.finish()),
    ]
}

fn lists<'d>(rows: &[usize], of_row: impl Fn(usize) -> &'d [String]) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for row in rows {
        for entry in of_row(*row) {
            builder.values().append_value(entry);
        }
        builder.append(true);
    }
    Arc::new(builder.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;

    /// A disk with room for so many bytes.
    struct Disk(usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| {
                std::io::Error::new(std::io::ErrorKind::StorageFull, "no space left on device")
            })?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_with_the_place_and_what_to_do() {
        let day = Date::new(2026, 6, 30).unwrap();
        let about = About { day, digest: "fnv1a64:0".to_owned(), example: None };
        let sink = Parquet::new(Disk(16), Path::new("out.parquet"), &about, true, |_| Ok(())).unwrap();
        let error = Box::new(sink).finish().unwrap_err();
        let problem =
            error.downcast_ref::<crate::problem::Problem>().expect("a problem told in both languages");
        assert!(problem.to_string().contains("cannot write out.parquet"), "{problem}");
        let context =
            Context { reader: wording::Reader::of(facts::Language::Chinese), columns: None, library: None };
        crate::problem::print(&error, &context);
    }
}
