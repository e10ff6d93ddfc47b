//! The words of this slice.

use facts::Date;
use serde_json::Value;

/// Longest draft, in bytes.
pub const DRAFT_BYTES_MAX: usize = 1 << 20;

/// Most facts to break down by.
pub const DIMENSIONS_MAX: usize = 8;

/// A draft, and how to look at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftWanted {
    /// The text, as a policy file.
    pub text: String,
    /// What it is held against: an id, or `id@first-day`; the version of its own id that is in force, if none is named.
    pub against: Option<String>,
    /// The day of decision; today, if none is named.
    pub on: Option<Date>,
    /// Facts to break down by; those that the vocabulary marks, if none is named.
    pub by: Vec<String>,
}

/// What a curve is drawn of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Of {
    /// A published policy, by its id.
    Policy(String),
    /// A draft.
    Draft(String),
}

/// A number of a condition, and from where to where it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CurveWanted {
    /// Of which text.
    pub of: Of,
    /// The condition.
    pub condition: String,
    /// Which of its numbers, from 1; may be left out where it has one.
    pub constant: Option<usize>,
    /// The first value, as policies write numbers.
    pub from: String,
    /// The last value.
    pub to: String,
    /// How many points.
    pub steps: usize,
    /// The day of decision; today, if none is named.
    pub on: Option<Date>,
}

/// As of when everybody was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stand {
    /// The release of policies.
    pub release: u64,
    /// The position of the ledger.
    pub position: u64,
    /// The day of decision.
    pub day: Date,
}

/// An answer: for programs, and as lines of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Effects {
    /// As of when.
    pub stand: Stand,
    /// In full.
    pub json: Value,
    /// A line for everybody and each group, or for each point.
    pub lines: Vec<Vec<String>>,
}
