//! The policy desk: what a draft would change for everybody, and what another number in a condition would.
//!
//! | module | what |
//! | --- | --- |
//! | `model` | the words of this slice |
//! | `reading` | a draft and what it is held against, read within the release that holds; mistakes with line and column |
//! | `everybody` | all subjects in columns, chunk by chunk or, where a policy ranks them, all at once |
//! | `service` | the verbs |
//! | `api` | the doors |
//!
//! - INVARIANT: whoever may not read every fact that an answer rests on is told of nobody: groups under five, and what would
//!   reveal them, are left out (the crate `effect` says how).
//! - INVARIANT: every question leaves an entry: who asked, about which text.
//! - INVARIANT: what is answered is what a run of the published text would count.

pub mod api;
mod everybody;
mod model;
mod reading;
mod service;
#[cfg(test)]
mod tests;

pub use model::{CurveWanted, DraftWanted, Effects, Of, Stand};
pub use service::simulate::simulate;
pub use service::sweep::sweep;
