//! The store on both databases, from one list of tests.

mod jobs;
mod schema;
mod transactions;
