//! The slice and the time: the largest slice whose five runs fit the budget of CPU time, and the best of the five.

use anyhow::{Context, Result};
use cpu_time::ProcessTime;

use crate::engines::{Engine, Run};
use crate::workload::documents::Documents;
use crate::workload::rows::Rows;

/// How often the slice is run; the best counts.
pub const RUNS: usize = 5;
/// A trial shorter than this says too little about the time of a larger slice.
const TRIAL_SECONDS: f64 = 0.1;

/// What all engines work on.
#[derive(Debug)]
pub struct Work {
    /// The documents.
    pub documents: Documents,
    /// The rows.
    pub rows: Rows,
}

/// So many rows by so many documents, the first of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slice {
    /// Rows.
    pub rows: usize,
    /// Documents.
    pub documents: usize,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The slice.
    pub slice: Slice,
    /// CPU time of the best run, seconds.
    pub cpu_seconds: f64,
    /// In which form the engine was given the work.
    pub form: String,
}

impl Measured {
    /// Decisions a second of CPU time.
    pub fn decisions_per_second(&self) -> f64 {
        (self.slice.rows * self.slice.documents) as f64 / self.cpu_seconds
    }
}

/// Finds the slice and takes the time. `seconds` is the CPU time that all runs together may take.
pub fn measure(engine: &mut dyn Engine, work: &Work, seconds: f64) -> Result<Measured> {
    let documents = engine.documents_max().min(work.documents.documents.len());
    let mut rows = engine.rows_first().min(work.rows.count);
    let per_run = seconds / RUNS as f64;
    loop {
        let slice = Slice { rows, documents };
        let mut prepared = engine.prepare(work, slice)?;
        let trial = timed(prepared.as_mut())?;
        if trial < TRIAL_SECONDS && rows < work.rows.count {
            drop(prepared);
            rows = (rows * 4).min(work.rows.count);
            continue;
        }
        // What does not fit the budget even now is stated with the slice that was tried.
        let fitting = round_down((rows as f64 * per_run * 0.9 / trial) as usize).min(work.rows.count);
        let slice = Slice { rows: fitting.max(rows), documents };
        if slice.rows > rows {
            drop(prepared);
            prepared = engine.prepare(work, slice)?;
        }
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            best = best.min(timed(prepared.as_mut())?);
        }
        drop(prepared);
        return Ok(Measured { slice, cpu_seconds: best, form: engine.form() });
    }
}

fn timed(run: &mut dyn Run) -> Result<f64> {
    let start = ProcessTime::try_now().context("asking for the CPU time of this process")?;
    std::hint::black_box(run.run()?);
    Ok(start.try_elapsed().context("asking for the CPU time of this process")?.as_secs_f64())
}

/// A figure that is easily said: one leading digit of 1, 2 or 5.
pub fn round_down(rows: usize) -> usize {
    let mut power = 1;
    while power <= rows / 10 {
        power *= 10;
    }
    [5, 2, 1].map(|digit| digit * power).into_iter().find(|round| *round <= rows).unwrap_or(1)
}
