//! Bounds against the exact evaluation, its slow twin.

mod cases;
mod properties;
mod twin;
