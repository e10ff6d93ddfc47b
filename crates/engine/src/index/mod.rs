//! One subject against very many documents: which may concern it, without touching most of the others.
//!
//! Like [`crate::planes`], this knows rows of conditions and nothing of policies. A document is a root of a
//! [`Circuit`](crate::planes::Circuit): as a rule an AND of some conditions. It is filed under the one of them that is
//! the least often fulfilled. A [`Subject`] holds the state of each atom; [`Index::search`] looks only into the files whose
//! condition is not false for that subject, and gives the documents that are true and those that are unknown. What it does
//! not give is false.
//!
//! Atoms of one column should be numbered one after another, with ascending cuts: then the files that one value opens lie
//! together.
//!
//! A new document need not wait for a new index: an index of its own beside the large one costs next to nothing, and
//! [`Index::remove`] withdraws a document that was replaced.

mod access;
mod filer;
mod subject;

pub use access::{Found, Index, Odds};
pub use subject::Subject;
