//! What holds for all doors together.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod hostile;
mod oidc;
mod shell;
mod walk;
pub mod world;
