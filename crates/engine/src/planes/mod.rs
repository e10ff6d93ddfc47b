//! Conditions over many rows at once, 64 rows to a machine word.
//!
//! Nothing here knows of documents. A caller numbers the conditions that rows are tested for, the **atoms**, and combines
//! them with a [`Builder`] into a [`Circuit`]; [`Circuit::schedule`] makes a [`Program`]; then, chunk by chunk of rows,
//! the caller fills the atoms' [`Planes`] and lets the program count or write the answers.
//!
//! Each condition has two planes: one bit a row for "true", one for "false". A row that is set in neither is unknown, and
//! unknown is never lost: every answer is what three-valued logic gives for that row.

mod circuit;
mod codes;
mod cuts;
mod ladder;
mod narrow;
mod program;
mod run;
mod sets;
mod slices;
mod square;
mod truth;
mod vector;

pub use circuit::{Builder, Circuit, Lit, NODES_MAX, Node, value_of};
pub use codes::Codes;
pub use cuts::{CUTS_MAX, Cuts, Ordered};
pub use program::{Program, Root};
pub use run::{CHUNK_WORDS, Count, Planes};
pub use sets::Sets;
pub use slices::Slices;
pub use truth::Truth;
pub(crate) use vector::{wide, widest};
