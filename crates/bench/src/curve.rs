//! How the cost of a decision of our own engine changes with the number of documents and with the number of rows.

use anyhow::Result;

use crate::contest::Size;
use crate::engines::Engine;
use crate::engines::ours::Bulk;
use crate::measure::{Measured, Slice, Work, best};
use crate::workload::SEED;

/// Numbers of documents, all over the most rows.
const DOCUMENTS: [usize; 4] = [10, 100, 1_000, 10_000];

/// Parts of the most rows, all over the documents that are published.
const ROWS_ONE_IN: [usize; 3] = [100, 10, 1];

/// The two curves.
#[derive(Clone, Debug)]
pub struct Curves {
    /// More and more documents.
    pub over_documents: Vec<Measured>,
    /// More and more rows.
    pub over_rows: Vec<Measured>,
}

/// Measures both. `progress` is told what is being done.
pub fn run(size: Size, progress: &mut dyn FnMut(&str)) -> Result<Curves> {
    progress("making the workload");
    let work = Work::new(SEED, size.rows, DOCUMENTS.into_iter().max().unwrap_or(size.documents))?;
    let mut measured = |slice: Slice| {
        progress(&format!("{} rows × {} documents", slice.rows, slice.documents));
        point(&work, slice)
    };
    let over_documents = DOCUMENTS.map(|documents| measured(Slice { rows: size.rows, documents }));
    let over_rows =
        ROWS_ONE_IN.map(|part| measured(Slice { rows: size.rows / part, documents: size.documents }));
    Ok(Curves {
        over_documents: over_documents.into_iter().collect::<Result<_>>()?,
        over_rows: over_rows.into_iter().collect::<Result<_>>()?,
    })
}

fn point(work: &Work, slice: Slice) -> Result<Measured> {
    let mut engine = Bulk::default();
    let mut prepared = engine.prepare(work, slice)?;
    let cpu_seconds = best(prepared.as_mut())?;
    Ok(Measured { slice, cpu_seconds, form: engine.form() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_curve_has_a_point_for_each_size() {
        let size = Size { rows: 200, documents: 10, ..Size::QUICK };
        let curves = run(size, &mut |_| ()).expect("the workload can be made");
        let documents: Vec<usize> = curves.over_documents.iter().map(|point| point.slice.documents).collect();
        let rows: Vec<usize> = curves.over_rows.iter().map(|point| point.slice.rows).collect();
        assert_eq!((documents, rows), (DOCUMENTS.to_vec(), vec![2, 20, 200]));
    }
}
