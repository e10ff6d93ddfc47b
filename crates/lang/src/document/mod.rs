//! The YAML form of a policy document: its shape, the check of a file against it, and its JSON Schema.

pub mod shape;
pub mod validate;
