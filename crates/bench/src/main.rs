//! Benchmarks side by side with other engines.
fn main() {}
