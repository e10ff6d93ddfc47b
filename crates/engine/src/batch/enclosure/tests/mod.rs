//! Bounds against the exact evaluation.
