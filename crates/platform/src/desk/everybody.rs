//! All subjects in columns, chunk by chunk or, where a policy ranks them within groups, all at once.

use std::sync::Arc;

use facts::{Date, Vocabulary};
use population::Population;

use crate::eligibility::{Columns, Engines, current_columns};
use crate::ground::{Fault, Ground};
use crate::policies::Shelved;

/// Everybody on a day, as the ledger has them now.
pub async fn everybody(
    ground: &Ground,
    engines: &Engines,
    shelved: &Arc<Shelved>,
    day: Date,
) -> Result<Arc<Columns>, Fault> {
    current_columns(ground, engines, shelved, day).await
}

/// Lets `each` see everybody: a chunk at a time, or all in one where `at_once`.
pub fn see(columns: &Columns, vocabulary: &Vocabulary, at_once: bool, mut each: impl FnMut(&Population)) {
    if at_once && columns.chunks.len() > 1 {
        each(&columns.together(vocabulary));
    } else {
        columns.chunks.iter().for_each(|chunk| each(&chunk.rows));
    }
}
