//! What was found, for a person ([`table`]), for a program ([`json`]), and on which machine ([`machine`]); [`curves`] for both.

pub mod curves;
pub mod json;
pub mod machine;
pub mod table;

use crate::measure::Measured;
use crate::verdicts::Difference;

/// What the names of our own engines begin with.
pub const OURS: &str = "zhimei";

/// An engine with its figures, or with the reason why there are none.
#[derive(Clone, Debug)]
pub struct Line {
    /// Name.
    pub engine: String,
    /// Version; empty where the engine could not be had.
    pub version: String,
    /// The figures.
    pub figures: Result<Figures, String>,
}

/// The figures of an engine.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Slice and time.
    pub measured: Measured,
    /// How its answers differ from what is true.
    pub difference: Difference,
    /// Questions about what is not known, with its answers.
    pub probes: Vec<(String, String)>,
}

/// How many times as fast ours is. Ours is the first line, if it was asked for.
pub fn ratio(lines: &[Line], line: &Line) -> Option<f64> {
    let speed = |line: &Line| Some(line.figures.as_ref().ok()?.measured.decisions_per_second());
    let ours = lines.first().filter(|line| line.engine.starts_with(OURS))?;
    Some(speed(ours)? / speed(line)?)
}
