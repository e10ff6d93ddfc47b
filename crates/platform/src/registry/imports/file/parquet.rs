//! Parquet files: each column is renamed to what it means and read as the bulk commands read theirs.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};
use axum::body::Bytes;
use facts::Vocabulary;
use facts::read::{COLUMNS_MAX, CellProblem, Heading, ROWS_MAX, ReadError, UNPACKED_BYTES_MAX};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use population::{BatchPlace, Header, Population, Problems, Wanted};

use super::super::mapping::Mapping;
use super::super::model::Problem;
use super::{FileRow, Refused, place, whole};

/// Rows of a batch.
const BATCH_ROWS: usize = 1_024;

pub fn headings(file: &str, bytes: &[u8]) -> Result<Vec<Heading>, Refused> {
    let metadata = metadata(file, &Bytes::copy_from_slice(bytes))?;
    let fields = metadata.schema().fields().iter().enumerate();
    Ok(fields.map(|(column, field)| Heading { column, text: field.name().clone() }).collect())
}

/// What the file's end says, within the limits.
fn metadata(file: &str, bytes: &Bytes) -> Result<ArrowReaderMetadata, Refused> {
    let metadata = ArrowReaderMetadata::load(bytes, ArrowReaderOptions::new())
        .map_err(|error| broken(file, &error.to_string()))?;
    let inner = metadata.metadata();
    let unpacked =
        inner.row_groups().iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX));
    if unpacked.fold(0, u64::saturating_add) > UNPACKED_BYTES_MAX {
        return Err(whole(file, &ReadError::Bomb));
    }
    let rows = usize::try_from(inner.file_metadata().num_rows()).unwrap_or(usize::MAX);
    if rows > ROWS_MAX || metadata.schema().fields().len() > COLUMNS_MAX {
        return Err(whole(file, &ReadError::TooManyCells));
    }
    Ok(metadata)
}

pub fn each_row(
    file: &str,
    bytes: &[u8],
    vocabulary: &Vocabulary,
    subject_kind: &str,
    mapping: &Mapping,
    visit: &mut dyn FnMut(FileRow) -> ControlFlow<()>,
) -> Result<(), Refused> {
    let bytes = Bytes::copy_from_slice(bytes);
    let metadata = metadata(file, &bytes)?;
    let meanings = mapping.meanings();
    let fields = metadata.schema().fields();
    let taken = meanings.keys().copied().filter(|column| *column < fields.len());
    let named =
        taken.clone().map(|column| Field::clone(&fields[column]).with_name(meanings[&column].clone()));
    let schema = Arc::new(Schema::new(named.collect::<Vec<_>>()));
    let (header, findings) = Header::parse(&schema, vocabulary, subject_kind);
    if !findings.is_empty() {
        return Err(findings.into_iter().map(|finding| finding.at(file)).collect());
    }
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata.clone());
    let mask = ProjectionMask::roots(builder.parquet_schema(), taken);
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
    let reader = reader.map_err(|error| broken(file, &error.to_string()))?;
    let understood = Understood { file, header, vocabulary };
    let mut first_row = 0;
    for batch in reader {
        let batch = batch.map_err(|error| broken(file, &error.to_string()))?;
        let rows = batch.num_rows();
        let renamed = RecordBatch::try_new(schema.clone(), batch.columns().to_vec())
            .map_err(|error| broken(file, &error.to_string()))?;
        if understood.hand_over(&renamed, first_row, visit)?.is_break() {
            break;
        }
        first_row += rows;
        if first_row > ROWS_MAX {
            return Err(whole(file, &ReadError::TooManyCells));
        }
    }
    Ok(())
}

/// A file whose columns were understood.
struct Understood<'a> {
    file: &'a str,
    header: Header,
    vocabulary: &'a Vocabulary,
}

impl Understood<'_> {
    fn hand_over(
        &self,
        batch: &RecordBatch,
        first_row: usize,
        visit: &mut dyn FnMut(FileRow) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Refused> {
        let mut problems = Problems::default();
        let place = BatchPlace { vocabulary: self.vocabulary, first_row };
        let population = Population::from_batch(batch, &self.header, place, &mut problems)
            .map_err(|finding| vec![finding.at(self.file)])?;
        let rows = batch.num_rows();
        if problems.count() > problems.listed().len() && rows > 1 {
            // Not every bad cell is listed, so it would not be known which rows are bad: read it by halves.
            let half = rows / 2;
            for (start, length) in [(0, half), (half, rows - half)] {
                if self.hand_over(&batch.slice(start, length), first_row + start, visit)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            return Ok(ControlFlow::Continue(()));
        }
        let mut by_row: Vec<Vec<Problem>> = (0..rows).map(|_| Vec::new()).collect();
        for problem in problems.listed() {
            let header = problem.within.zh.trim_start_matches('(').trim_end_matches(')').to_owned();
            let told = Problem::new("", problem.row as u64 + 1, None, problem.problem.clone());
            by_row[problem.row - first_row].push(Problem { header, ..told });
        }
        for (at, problems) in by_row.into_iter().enumerate() {
            let profile = population.profile(at, &Wanted::all());
            let row = (first_row + at) as u64 + 1;
            if visit(FileRow { row, profile, problems }).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn broken(file: &str, reason: &str) -> Refused {
    let problem = CellProblem::new(
        "E0083",
        format!("不是完整的 Parquet 文件:{reason}"),
        format!("it is no whole Parquet file: {reason}"),
    );
    let help = ("文件可能没有传完,请重新导出", "it may have been cut short; export it again");
    vec![problem.with_help(help.0, help.1).at(place(file))]
}
