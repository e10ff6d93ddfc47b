//! What subjects may have: decided from facts that are handed in, or from the ledger; kept when it leaves the system.
//!
//! | module | what |
//! | --- | --- |
//! | `model` | the words of this slice |
//! | `engines` | the library in memory and the threads that decide, a few at a time |
//! | `columns` | all subjects in columns, as the ledger has them; one document for all of them |
//! | `request` | a subject that is handed in, read without passing through floats |
//! | `verdict` | an answer in short; one with its reasons, without what a reader may not see |
//! | `bundle` | a decision in one file that proves itself |
//! | `workflow` | which values bear on a decision; whether two decisions are the same |
//! | `service` | the verbs |
//! | `sql` | the statements |
//! | `api` | the doors |
//!
//! - INVARIANT: every answer is the engine's, exact, from a release and a position of the ledger that it names.
//! - INVARIANT: a stored decision is never changed. It is derived again from the same release and position, and is the same, or
//!   what differs is told; what was erased is told as erased.
//! - INVARIANT: values in reasons are shown as far as the register would show them to the same person.

pub mod api;
pub mod bundle;
mod columns;
mod engines;
mod model;
mod request;
mod service;
mod sql;
#[cfg(test)]
mod tests;
mod verdict;
mod workflow;

use store::Migration;

pub use columns::{Chunk, Columns, KIND, Outcome, current_on as current_columns};
pub use engines::Engines;
pub use model::{Decided, DecisionNumber, Difference, Flip, Question, Replay, Run, StoredDecision};
pub use request::{Check, read_check};
pub use service::bundles::{bundle, bundle_by_command};
pub use service::decide::decide_subject;
pub use service::runs::{differences, run, run_for_all, warm};
pub use service::stored::{forget_erased, read_decision, replay, replay_by_command, store_decision};
pub use verdict::Verdict;

/// The slice's tables.
pub const MIGRATION: Migration = Migration { name: "eligibility-1", text: include_str!("0001.sql") };
