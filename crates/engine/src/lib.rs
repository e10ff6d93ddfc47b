//! Decides checked documents. Sees trees, never text.
//!
//! [`point`] decides one subject exactly, with reasons.

pub mod point;
