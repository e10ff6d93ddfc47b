//! The zone as those who read it see it: columns, rows, figures.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod columns;
mod figures;
mod rows;
mod support;
