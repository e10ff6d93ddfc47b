//! A kind of subject into a Parquet file: columns are made and encoded on all cores, while the group before is written.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use arrow_array::Array as _;
use arrow_schema::{DataType, FieldRef, SchemaRef};
use demo::{Rows, Zone};
use facts::Date;
use indicatif::ProgressBar;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::output::{self, WholeFile};
use crate::problem::Problem;

/// Rows of a row group: few enough to hold some groups in memory, enough to compress well.
const GROUP_ROWS: u64 = 65_536;

/// Rows that are made at a time; they stay in the cache while their columns are made.
const PART_ROWS: usize = 8_192;

/// What the file says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    /// The zone's seed.
    pub seed: u64,
    /// The day of decision that it was made for.
    pub day: Date,
}

/// What was written.
#[derive(Clone, Copy, Default, Debug)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Top-level columns.
    pub columns: usize,
    /// Empty cells of those columns.
    pub empty: u64,
}

/// A row group that is encoded and not yet in the file.
struct Group {
    rows: u64,
    empty: u64,
    chunks: Vec<ArrowColumnChunk>,
}

/// Writes all subjects of a kind. The file has no name yet when this returns; whoever gave it finishes it.
pub fn write(
    zone: &Zone,
    kind: &str,
    note: Note,
    file: WholeFile,
    place: &Path,
    bar: &ProgressBar,
) -> Result<(WholeFile, Written)> {
    let schema = zone.schema(kind).ok_or_else(|| anyhow::anyhow!("{kind} is no kind of subject"))?;
    let fail = |error: ParquetError| failure(place, error);
    let properties = properties(&schema, note);
    let root = ArrowSchemaConverter::new().convert(&schema).map_err(fail)?.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(file, root, Arc::new(properties)).map_err(fail)?;
    let factory = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema));
    let mut written = Written { columns: schema.fields().len(), ..Written::default() };
    let mut ready: Option<Group> = None;
    for (index, range) in groups(zone.count(kind)).enumerate() {
        let encode = || encode(zone, kind, range, &factory, index);
        let (next, appended) = rayon::join(encode, || append(&mut writer, ready.take(), &mut written, bar));
        appended.map_err(fail)?;
        ready = Some(next.map_err(fail)?.ok_or_else(interrupted)?);
    }
    append(&mut writer, ready, &mut written, bar).map_err(fail)?;
    Ok((writer.into_inner().map_err(fail)?, written))
}

fn groups(rows: u64) -> impl Iterator<Item = Range<u64>> {
    (0..rows.div_ceil(GROUP_ROWS)).map(move |group| group * GROUP_ROWS..((group + 1) * GROUP_ROWS).min(rows))
}

/// Makes and encodes a row group; `None` when somebody pressed Ctrl-C.
fn encode(
    zone: &Zone,
    kind: &str,
    range: Range<u64>,
    factory: &ArrowRowGroupWriterFactory,
    index: usize,
) -> Result<Option<Group>, ParquetError> {
    let starts: Vec<u64> = range.clone().step_by(PART_ROWS).collect();
    let part = |start: u64| zone.rows(kind, start..(start + PART_ROWS as u64).min(range.end));
    let parts: Vec<Rows> = starts.into_par_iter().filter_map(part).collect();
    let schema = zone.schema(kind).unwrap_or_else(|| SchemaRef::new(arrow_schema::Schema::empty()));
    let mut writers = factory.create_column_writers(index)?.into_iter();
    let columns: Vec<(usize, &FieldRef, Vec<ArrowColumnWriter>)> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(place, field)| (place, field, writers.by_ref().take(leaves(field.data_type())).collect()))
        .collect();
    let encoded = |(place, field, writers)| column(zone, &parts, place, field, writers);
    let columns: Vec<Option<(u64, Vec<ArrowColumnChunk>)>> =
        columns.into_par_iter().map(encoded).collect::<Result<_, ParquetError>>()?;
    let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
    let empty = columns.iter().map(|(empty, _)| empty).sum();
    let chunks = columns.into_iter().flat_map(|(_, chunks)| chunks).collect();
    Ok(Some(Group { rows: range.end - range.start, empty, chunks }))
}

/// One column of a row group: its empty cells and the encoded chunks of its leaves.
fn column(
    zone: &Zone,
    parts: &[Rows],
    place: usize,
    field: &FieldRef,
    mut writers: Vec<ArrowColumnWriter>,
) -> Result<Option<(u64, Vec<ArrowColumnChunk>)>, ParquetError> {
    if output::is_interrupted() {
        return Ok(None);
    }
    let mut empty = 0;
    for array in parts.iter().filter_map(|rows| zone.array(rows, place)) {
        empty += array.null_count() as u64;
        for (leaf, writer) in compute_leaves(field, &array)?.iter().zip(&mut writers) {
            writer.write(leaf)?;
        }
    }
    let chunks = writers.into_iter().map(ArrowColumnWriter::close).collect::<Result<_, _>>()?;
    Ok(Some((empty, chunks)))
}

fn append(
    writer: &mut SerializedFileWriter<WholeFile>,
    group: Option<Group>,
    written: &mut Written,
    bar: &ProgressBar,
) -> Result<(), ParquetError> {
    let Some(group) = group else { return Ok(()) };
    let mut row_group = writer.next_row_group()?;
    for chunk in group.chunks {
        chunk.append_to_row_group(&mut row_group)?;
    }
    row_group.close()?;
    written.rows += group.rows;
    written.empty += group.empty;
    bar.inc(group.rows);
    Ok(())
}

/// Columns in the file that a field comes to.
fn leaves(data_type: &DataType) -> usize {
    match data_type {
        DataType::List(field) => leaves(field.data_type()),
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        _ => 1,
    }
}

fn properties(schema: &SchemaRef, note: Note) -> WriterProperties {
    let about = format!(
        "示例数据:编造的,不属于任何企业 / example data: made up, belongs to nobody; seed {}, day {}, zhimei {}",
        note.seed,
        note.day,
        env!("CARGO_PKG_VERSION")
    );
    let entry = KeyValue::new("zhimei.example".to_owned(), about);
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(format!("zhimei {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![entry]));
    for field in schema.fields() {
        // Hardly two amounts or names are the same: a dictionary would be built in vain.
        if matches!(field.data_type(), DataType::Decimal128(..) | DataType::Utf8) {
            let path = ColumnPath::new(vec![field.name().clone()]);
            builder = builder.set_column_dictionary_enabled(path, false);
        }
    }
    let mut properties = builder.build();
    add_encoded_arrow_schema_to_metadata(schema, &mut properties);
    properties
}

fn interrupted() -> anyhow::Error {
    Problem::new("中断了,没有写出文件", "interrupted; no file was written").into()
}

/// What went wrong with a file: mostly the disk.
fn failure(place: &Path, error: ParquetError) -> anyhow::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => output::cannot_write(place, &error),
            Err(other) => anyhow::anyhow!("{other}"),
        },
        other => output::cannot_write(place, &std::io::Error::other(other.to_string())),
    }
}
