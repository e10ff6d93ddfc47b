//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`feel`] evaluates expressions as standard FEEL does.

pub mod feel;
pub mod planes;
pub mod point;
