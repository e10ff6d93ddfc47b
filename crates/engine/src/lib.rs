//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons. [`batch`] decides very many, with the same answers. [`feel`]
//! evaluates expressions as standard FEEL does.

pub mod batch;
pub mod feel;
pub mod planes;
pub mod point;
