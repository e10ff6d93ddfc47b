//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`batch`] decides very many, with the same answers. [`index`]
//! finds the few of very many documents that are not out for one subject, and [`delta`] what a changed fact turns; both
//! stand on [`planes`], conditions over many rows. [`feel`] evaluates expressions as standard FEEL does.

pub mod batch;
pub mod delta;
pub mod feel;
pub mod index;
pub mod planes;
pub mod point;

/// How this engine understands checked documents. It goes up whenever a document could be decided otherwise than before, so that a
/// decision that was kept says by which understanding it was made.
pub const SEMANTICS: u32 = 1;
