//! The functions of the standard, one file a chapter, each with a table of its functions.
//!
//! `arguments.rs` holds what they share: how arguments find their parameters, and how a function reads them.

mod arguments;
mod context;
mod convert;
mod list;
mod numeric;
mod range;
mod regex;
mod statistics;
mod temporal;
mod text;

pub use arguments::Builtin;
pub(super) use arguments::{Arguments, Call, find};
