//! The engine as its callers see it.

mod feel;
mod planes;
