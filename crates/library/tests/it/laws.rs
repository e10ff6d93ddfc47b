//! Laws that hold for every document and subject, tried on generated ones.
//!
//! Documents are grown over a small vocabulary (`document.rs`), subjects over what can be known of it (`subject.rs`).
//! `LAW_CASES=10` tries ten times as many as the default, which is chosen so that everything ends within a minute. What
//! the laws found stays in `symptoms.rs`, each by its symptom.

mod choices;
mod coverage;
mod document;
mod formatting;
mod gaps;
mod logic;
mod missing;
mod numbers;
mod refining;
mod standard;
mod subject;
mod symptoms;

pub(crate) use choices::{Choices, Scatter, streams};
pub(crate) use document::{Grower, Soil, compiled, vocabulary};
pub(crate) use subject::{DAY, Subject};

use proptest::test_runner::{Config, RngSeed};

/// The configuration of a law that is tried on that many cases by default: the same ones in every run, and others in
/// each run that was asked for more.
#[allow(clippy::disallowed_methods, reason = "how long a test run takes is for who starts it to say")]
pub(crate) fn cases(default: u32) -> Config {
    let factor: Option<u32> = std::env::var("LAW_CASES").ok().and_then(|text| text.parse().ok());
    let rng_seed = if factor.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let cases = default * factor.unwrap_or(1);
    Config { rng_seed, failure_persistence: None, max_shrink_iters: 6_000, ..Config::with_cases(cases) }
}
