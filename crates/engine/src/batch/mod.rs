//! Very many subjects against many documents.
//!
//! A [`Plan`] is what a set of documents comes to on a day; [`Plan::decide`] runs it over a
//! [`population::Population`] and gives [`Outcomes`]: for each document who is eligible, who is not, what is paid.
//! The answers are those of [`crate::point`] on every row, in all three values and to the fen.
//!
//! The way of a run: `lower` turns documents into slots, numbers and truths, each kept once (`program`) · `bind` finds
//! the slots in the population's columns · `slots`, `enclosure`, `eval` compute a chunk of rows, truths as two bit planes,
//! numbers between certain bounds · `entangled` knows where plain three-valued logic does not suffice, `filled` proves most of
//! those rows open · single rows that are left are decided exactly (`exact` says what that reads) · `run` puts chunks
//! together, on as many threads as there are · `lanes` is the shorter way where only counts are asked for.

mod bind;
mod enclosure;
mod entangled;
mod eval;
mod exact;
mod filled;
mod lanes;
mod lower;
mod outcome;
mod plan;
mod program;
mod reads;
mod report;
mod run;
mod slots;
mod totals;

pub use lanes::Counter;
pub use lower::{Fallback, Why};
pub use outcome::{DocumentOutcomes, Outcomes};
pub use plan::Plan;
pub use report::{ConditionReport, DocumentReport, Holds};
pub use run::{Bands, Request};
pub use totals::{Group, Sum, Totals};
