//! The slice and the time: the largest slice whose five runs fit the budget of CPU time, and the best of the five.

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use engine::point::Rulebook;

use crate::engines::{Engine, Run};
use crate::policy;
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
    /// The documents in our language, compiled.
    pub rulebook: Rulebook,
    /// The rows.
    pub rows: Rows,
}

impl Work {
    /// The first rows and documents of a seed. An error if a document does not compile.
    pub fn new(seed: u64, rows: usize, documents: usize) -> Result<Self> {
        let documents = Documents::generate(seed, documents);
        let rulebook = policy::rulebook(&documents)?;
        Ok(Self { documents, rulebook, rows: Rows::generate(seed, rows) })
    }

    /// The ids of the first documents.
    pub fn ids(&self, count: usize) -> impl Iterator<Item = &str> {
        self.documents.documents.iter().take(count).map(|document| document.id.as_str())
    }
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
    let per_run = seconds / RUNS as f64;
    let mut rows = engine.rows_first().min(work.rows.count);
    let mut prepared = engine.prepare(work, Slice { rows, documents })?;
    let mut trial = Trial { rows, seconds: timed(prepared.as_mut())? };
    let mut before: Option<Trial> = None;
    while rows < work.rows.count
        && (before.is_none() || trial.seconds < TRIAL_SECONDS)
        && trial.seconds * 2.0 <= per_run
    {
        before = Some(trial);
        rows = (rows * 4).min(work.rows.count);
        prepared = engine.prepare(work, Slice { rows, documents })?;
        trial = Trial { rows, seconds: timed(prepared.as_mut())? };
    }
    // What does not fit the budget even with the rows of the trial is stated with them.
    let fitting = round_down(trial.rows_within(before, per_run * 0.9)).min(work.rows.count);
    if fitting > rows {
        rows = fitting;
        prepared = engine.prepare(work, Slice { rows, documents })?;
    }
    let cpu_seconds = best(prepared.as_mut())?;
    Ok(Measured { slice: Slice { rows, documents }, cpu_seconds, form: engine.form() })
}

/// The CPU time of the best of all runs, seconds.
pub fn best(run: &mut dyn Run) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        best = best.min(timed(run)?);
    }
    Ok(best)
}

/// The time of so many rows.
#[derive(Clone, Copy, Debug)]
struct Trial {
    rows: usize,
    seconds: f64,
}

impl Trial {
    /// How many rows fit into so many seconds. What does not grow with the rows is told from what does by two trials.
    fn rows_within(self, before: Option<Trial>, seconds: f64) -> usize {
        let grown = before.filter(|before| before.seconds < self.seconds);
        let a_row = grown.map_or(self.seconds / self.rows as f64, |before| {
            (self.seconds - before.seconds) / (self.rows - before.rows) as f64
        });
        let fixed = (self.seconds - a_row * self.rows as f64).max(0.0);
        ((seconds - fixed).max(0.0) / a_row) as usize
    }
}

/// The CPU time of one run, seconds.
pub fn timed(run: &mut dyn Run) -> Result<f64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_found_from_two_trials_and_rounded_down() {
        let before = Trial { rows: 1_000, seconds: 2.0 };
        let trial = Trial { rows: 4_000, seconds: 5.0 };
        assert_eq!(trial.rows_within(Some(before), 11.0), 10_000);
        assert_eq!(trial.rows_within(None, 10.0), 8_000);
        assert_eq!([0, 1, 4, 19, 4_999, 1_000_000].map(round_down), [1, 1, 2, 10, 2_000, 1_000_000]);
    }
}
