//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`feel`] evaluates expressions as standard FEEL does.

pub mod delta;
pub mod feel;
pub mod index;
pub mod planes;
pub mod point;
