//! What a changed fact changes: only the documents that read it are looked at again.
//!
//! Like [`crate::planes`], this knows conditions and nothing of policies. [`Readers`] says, for one circuit, which
//! conjunctions read what; a [`Standing`] holds where one subject stands: for each conjunction how many operands are false
//! and how many unknown. When atoms change, the counts of their readers change, and only where a count tips the value is
//! anything further touched.
//!
//! A new or changed document decides only itself: give it a circuit, and so readers and standings, of its own.

mod readers;
mod standing;

pub use readers::{OPERANDS_MAX, Readers};
pub use standing::{Flip, Standing};
