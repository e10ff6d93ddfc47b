//! The YAML form of a policy document: its shape, the check of a file against it, and its JSON Schema.

mod format;
pub mod schema;
pub mod shape;
pub mod validate;

pub use format::format;
