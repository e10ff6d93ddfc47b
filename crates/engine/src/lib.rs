//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`feel`] evaluates expressions as standard FEEL does.
//!
//! [`planes`] decides conditions for many rows at once, [`index`] finds the documents that concern one subject, and [`delta`]
//! follows a changed fact. These three know conditions, not documents.

pub mod delta;
pub mod feel;
pub mod index;
pub mod planes;
pub mod point;
