//! Many subjects of one kind, in columns.

mod canonical;

pub use canonical::{DECIMAL_PRECISION, DECIMAL_SCALE, arrow_type};
