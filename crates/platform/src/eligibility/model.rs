//! The words of this slice.

use std::fmt;

use facts::Date;
use serde_json::Value;

use super::columns::{Outcome, OutcomesOfAll};
use super::verdict::Verdict;
use crate::ground::Moment;
use crate::policies::TextDigest;
use crate::registry::SubjectId;

/// The permanent number of a stored decision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DecisionNumber(pub u64);

impl DecisionNumber {
    /// Reads what [`fmt::Display`] writes, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let number = Self(text.parse().ok()?);
        (number.0 > 0 && number.to_string() == text).then_some(number)
    }
}

impl fmt::Display for DecisionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is asked about a subject of the register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// About whom.
    pub subject: SubjectId,
    /// As of which position of the ledger; now, if none is named.
    pub at: Option<u64>,
    /// On which day; today, if none is named.
    pub on: Option<Date>,
    /// Only about this document, with the reasons.
    pub policy: Option<String>,
}

/// What a subject may have.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// Whom it is about; another than was asked for, if that one was merged.
    pub subject: SubjectId,
    /// The kind of subject.
    pub kind: String,
    /// As of which position of the ledger.
    pub position: u64,
    /// By which release.
    pub release: u64,
    /// On which day.
    pub day: Date,
    /// By document, in order of their ids.
    pub verdicts: Vec<Verdict>,
    /// The one document that was asked for, with reasons.
    pub reasons: Option<Value>,
}

/// A decision that left the system.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredDecision {
    /// Its permanent number.
    pub number: DecisionNumber,
    /// About whom.
    pub subject: SubjectId,
    /// The document.
    pub policy: String,
    /// Its version: the first day in force.
    pub version: String,
    /// Of the version's text.
    pub text_digest: TextDigest,
    /// The release that held.
    pub release: u64,
    /// Of that release.
    pub release_digest: TextDigest,
    /// The day of decision.
    pub day: Date,
    /// As of which position of the ledger.
    pub position: u64,
    /// How the engine understood texts.
    pub semantics: u32,
    /// The outcome's code.
    pub outcome: String,
    /// What could bear on it, and what came out; `None` once erased.
    pub content: Option<Content>,
    /// Over the content, salted.
    pub digest: [u8; 32],
    /// When.
    pub decided: Moment,
    /// By whom, as audit entries name them.
    pub decided_by: String,
}

/// The parts of a stored decision that can be erased.
#[derive(Clone, PartialEq, Debug)]
pub struct Content {
    /// The values that could bear on it, with their sources: `[{key, value, source, …}]`.
    pub inputs: Value,
    /// The decision with its reasons.
    pub decision: Value,
    /// What the digest is salted with.
    pub salt: Vec<u8>,
}

/// One document for all subjects of a kind, as of a position of the ledger.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Its number.
    pub number: u64,
    /// The document.
    pub policy: String,
    /// Its version: the first day in force.
    pub version: String,
    /// The release that held.
    pub release: u64,
    /// Of that release.
    pub release_digest: TextDigest,
    /// The day of decision.
    pub day: Date,
    /// As of which position of the ledger.
    pub position: u64,
    /// How the engine understood texts.
    pub semantics: u32,
    /// The subjects, in order.
    pub subjects: Vec<SubjectId>,
    /// What came out, a row a subject; the sums of money among it.
    pub outcomes: OutcomesOfAll,
    /// When.
    pub decided: Moment,
    /// By whom, as audit entries name them.
    pub decided_by: String,
}

/// A subject that came out otherwise in one of two runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flip {
    /// Who.
    pub subject: SubjectId,
    /// In the first run; `None`: it was not in it.
    pub before: Option<Outcome>,
    /// In the second run.
    pub after: Option<Outcome>,
}

/// Something that came out otherwise.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// Where, as a JSON pointer into `inputs` or `decision`.
    pub place: String,
    /// What it was.
    pub then: Value,
    /// What it is now.
    pub now: Value,
}

/// What deriving a decision again came to.
#[derive(Clone, PartialEq, Debug)]
pub enum Replay {
    /// The same, bit for bit.
    Same,
    /// What it rests on was erased, in whole or in part: it cannot be derived again, and was not altered.
    Erased {
        /// The keys of the erased inputs; empty where the decision's own content was erased.
        keys: Vec<String>,
    },
    /// It is another. That would be a mistake in the program or in the data.
    Different {
        /// At these places.
        differences: Vec<Difference>,
        /// How the engine understands texts now, if otherwise than then.
        semantics_now: Option<u32>,
    },
}
