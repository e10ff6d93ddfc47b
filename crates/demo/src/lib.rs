//! A seeded, plausible high-tech zone of made-up enterprises.
