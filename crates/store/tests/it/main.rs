//! The store on both databases, from one list of tests.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod contents;
mod jobs;
mod schema;
mod transactions;
