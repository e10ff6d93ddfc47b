//! Reading the audit chain, proving what is in it, and the two ways in which something leaves it.
//!
//! The chain is written by every verb and belongs to the ground ([`crate::ground::chain`]), which has its statements; this
//! slice has the verbs of the auditor, who is nobody else's colleague in this: no other role has any right here.
//!
//! - [`list`] and [`one`] show entries, [`heads`] what was filed, [`verify`] names the first thing that is not as it was
//!   written, also against heads that somebody else kept.
//! - [`export`] takes entries out with proofs, which itself is an act with an entry; [`export_by_command`] and
//!   [`verify_by_command`] are the same for whoever has the server's command line and its keys.
//! - [`prune`] removes what is past its time, [`erase`] the values of one entry on a ground of law. Both leave an entry.
//!
//! INVARIANT: whoever takes entries out leaves an entry before the first line is given.

pub mod api;
mod model;
mod service;
#[cfg(test)]
mod tests;

pub use model::{GroundOfLaw, Heads, Range, Shown};
pub use service::{
    Export, Proven, erase, export, export_by_command, heads, list, one, prune, verify, verify_by_command,
};
