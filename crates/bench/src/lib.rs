//! The bulk engine beside its peers: one workload, every engine in its fastest idiomatic form, one table.
//!
//! `cargo xtask bench` is the command. [`workload`] makes rows and documents, [`printing`] writes the documents in each
//! engine's language, [`exact`] says what is true, [`engines`] run them, [`measure`] finds the slice and takes the time,
//! [`verdicts`] counts definite answers that are wrong, [`contest`] does it all in one go, [`report`] prints.
//!
//! The peers are behind the feature `peers`; nothing of the product depends on this crate.

pub mod contest;
pub mod curve;
pub mod engines;
pub mod exact;
pub mod load;
pub mod measure;
pub mod policy;
pub mod printing;
pub mod probe;
pub mod report;
pub mod verdicts;
pub mod workload;

#[cfg(test)]
mod tests;
