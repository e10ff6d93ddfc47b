//! One workload for all engines: [`rows`] of subjects, [`documents`] that decide them.
//!
//! 40 columns (36 stored and 4 shares of two of them), about 15 % of the values not known, documents of about six
//! conditions. Everything follows from one seed: the same rows and documents on every machine.

pub mod documents;
pub mod fields;
pub mod random;
pub mod rows;

/// The seed of every figure that is published.
pub const SEED: u64 = 20_260_630;
