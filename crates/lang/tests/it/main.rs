//! The language crate seen from outside.

mod syntax;
