//! The language crate seen from outside.

mod documents;
mod syntax;
