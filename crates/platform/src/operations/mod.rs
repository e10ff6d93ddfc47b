//! What whoever runs the system looks after: jobs that were given up, and the state of the whole.
//!
//! INVARIANT: nothing here shows what a job is about, only its kind and why it failed.

pub mod api;
mod service;
#[cfg(test)]
mod tests;

pub use service::{Counts, State, counts, dead_jobs, note_start, revive_job, state};
