//! The register: enterprises, institutions, people, projects and parcels, and the ledger of what was said about them.
//!
//! A [`Source`] says something about a subject on a day: that is a *statement*, one row, whose content is what
//! `facts::write` writes. Statements are never changed. A correction is another statement; a contest, its answer, a merge,
//! a changed rank, an erasure are acts beside them. Every act is an entry of the ledger with a position.
//!
//! Of several values for one item (a fact in a period, a status, a collection, a related party, a condition) one is *in
//! force*: that of the source with the highest rank, then of the latest day, then of the latest position. What other sources
//! said last stays as a conflict.
//!
//! | module | what |
//! | --- | --- |
//! | `model` | the words of this slice |
//! | `workflow` | which value is in force; working days |
//! | `ledger` | what is in force about subjects, as of any position |
//! | `service` | the verbs |
//! | `api` | the doors of HTTP |
//! | `sql` | the statements |
//!
//! - INVARIANT: a position is given out under the ledger's lock as the last thing that a verb writes, so whoever has read up
//!   to a position has read everything before it.
//! - INVARIANT: what was in force at a position is so for ever, but for what was erased; that is unknown then.
//! - INVARIANT: periods stand in the ledger with their years written out, so that they say the same in a later year.

pub mod api;
pub mod imports;
mod ledger;
mod model;
mod service;
mod sql;
#[cfg(test)]
mod tests;
mod workflow;

use store::Migration;

pub use ledger::{PAGE_MAX, changes_after, content_digest, position, profile, profiles};
pub use model::{
    ActId, Change, Contest, ContestId, EntryKind, Held, Hold, HoldId, Item, MergeId, NewStatement,
    NewSubject, Outcome, Source, Standing, Stated, StatementId, Subject, SubjectId, Told, name_key,
};
pub use service::conditions::{NewDecision, decide_condition};
pub use service::contests::{
    NewAnswer, NewContest, answer_contest, contest_value, contests_about, open_contests,
};
pub use service::find::{Search, find_subjects, subject};
pub use service::merges::{Suggestion, merge_subjects, suggest_merges, unmerge_subjects};
pub use service::organisation_of;
pub use service::privacy::{
    Verification, erase_subject, export_subject, lift_hold, place_hold, verify_statements,
};
pub use service::read::{Past, PastCursor, Seen, SeenValue, may_read_of_everybody, read_facts, read_history};
pub use service::record::{content_of, record_statement};
pub use service::sources::{name_department_of_source, name_office, rank_source, sources};
pub use service::subjects::{create_subject, link_subject};

/// The slice's tables.
pub const MIGRATION: Migration = Migration { name: "registry-1", text: include_str!("0001.sql") };
