//! Laws that hold for every document and subject, tried on generated ones.
//!
//! `LAW_CASES=10` tries ten times as many as the default, which is chosen so that everything ends within a minute.

mod choices;
mod document;
mod formatting;
mod gaps;
mod logic;
mod missing;
mod numbers;
mod refining;
mod standard;
mod subject;

use proptest::test_runner::Config;

/// The configuration of a law that is tried on that many cases by default.
pub(crate) fn cases(default: u32) -> Config {
    let factor = std::env::var("LAW_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    Config { failure_persistence: None, max_shrink_iters: 6_000, ..Config::with_cases(default * factor) }
}
