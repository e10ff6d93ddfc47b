//! The engine as its callers see it.

mod feel;
mod index;
mod planes;
