//! Where published policies live: texts by their content, and releases that say which of them hold from when on.
//!
//! A *release* is the whole set of documents, vocabulary, classifications and examples, by path. It has a number, a digest
//! over its files, and holds until the next. The first is the library inside the binary ([`seed`]); every later one is an
//! import by a person, who began with an older release and says what they changed.
//!
//! | module | what |
//! | --- | --- |
//! | `model` | the words of this slice |
//! | `workflow` | what an import would do; whether texts may be released |
//! | `shelf` | the compiled library in memory |
//! | `service` | the verbs |
//! | `sql` | the statements |
//! | `api` | the doors |
//!
//! - INVARIANT: a text is never changed; a release is never changed. What held at a moment can be read for ever.
//! - INVARIANT: no release is made of texts with an error, or of which an example fails.
//! - INVARIANT: what somebody else changed since is never overwritten; it is a conflict, and shown.

pub mod api;
mod model;
mod service;
mod shelf;
mod sql;
#[cfg(test)]
pub(crate) mod tests;
mod workflow;

use store::Migration;

pub use model::{Effect, Files, Import, Plan, PlanLine, Release, TextDigest};
pub use service::{apply_import, export, plan_import, release, release_at, releases, seed};
pub use shelf::{Shelf, Shelved};
pub use workflow::{compile, problem_of};

/// The slice's tables.
pub const MIGRATION: Migration = Migration { name: "policies-1", text: include_str!("0001.sql") };
