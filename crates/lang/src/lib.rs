//! The rule language: from the text of a policy document to a checked document that an engine can decide.
//!
//! Text → [`syntax`] (expressions) and [`document`] (YAML shape) → [`check`] (names, types, units) → [`ir`].
//! Everything wrong is reported at once, each with its place. Nothing here evaluates anything.

pub mod ast;
pub mod check;
pub mod document;
pub mod feel;
pub mod ir;
mod suggest;
pub mod syntax;
pub mod types;

pub use check::{Catalog, Standalone, compile, compile_expression};
