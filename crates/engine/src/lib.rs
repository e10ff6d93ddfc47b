//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`feel`] evaluates expressions as standard FEEL does.

mod batch;
pub mod feel;
pub mod point;
