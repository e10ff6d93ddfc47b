//! Populations from Arrow record batches, as Parquet files hold them.
//!
//! A column is read by the type of its array: whole arrays by integers where that is beyond doubt, single cells as a
//! table's cells are read where it is not. Both ways say the same of the same content.
//!
//! | module | what |
//! | --- | --- |
//! | `level` | the columns of a batch or struct together |
//! | `identity`, `status`, `twins` | who a row is, its certificates, facts given twice |
//! | `numeric`, `plan` | numbers |
//! | `texts`, `codes` | texts, lists of codes |
//! | `days` | dates |
//! | `cells` | which rows hold something, and what was refused |

mod cells;
mod codes;
mod days;
mod identity;
mod level;
mod numeric;
mod plan;
mod status;
mod texts;
mod twins;

use arrow_array::RecordBatch;
use facts::Vocabulary;
use facts::read::CellProblem;

use crate::problems::Rows;
use crate::{Finding, Header, Population, Problems};

/// Most rows of a batch; larger files come in several.
pub const BATCH_ROWS_MAX: usize = 1 << 24;

/// Most items of a collection in a batch.
pub const BATCH_ITEMS_MAX: usize = 1 << 28;

/// What is needed to read a batch besides its columns.
#[derive(Clone, Copy, Debug)]
pub struct BatchPlace<'a> {
    /// The vocabulary with which the header was parsed.
    pub vocabulary: &'a Vocabulary,
    /// Number of the batch's first row in its file, from 0.
    pub first_row: usize,
}

impl Population {
    /// Reads a batch whose schema the header was parsed from. A cell that is not understood leaves its fact unknown and is
    /// added to the problems.
    ///
    /// Rows are neither dropped nor merged, not even those of one id: the population has exactly the batch's rows.
    ///
    /// Errors: an array that does not have the type of the header's schema; a batch past [`BATCH_ROWS_MAX`].
    pub fn from_batch(
        batch: &RecordBatch,
        header: &Header,
        place: BatchPlace,
        problems: &mut Problems,
    ) -> Result<Self, Box<Finding>> {
        let rows = batch.num_rows();
        if rows > BATCH_ROWS_MAX {
            return Err(Finding::boxed("", too_many(rows, BATCH_ROWS_MAX)));
        }
        let level = level::Level {
            arrays: batch.columns(),
            rows,
            mask: None,
            numbers: Rows::File(place.first_row),
            beside: false,
        };
        let mut reader = level::Reader { vocabulary: place.vocabulary, problems };
        reader.read(header, &level).map(|(population, _)| population)
    }
}

fn too_many(count: usize, most: usize) -> CellProblem {
    CellProblem::new(
        "E0081",
        format!("一批有 {count} 行,最多 {most} 行"),
        format!("{count} rows in one batch, at most {most}"),
    )
    .with_help("分成较小的批", "use smaller batches")
}
