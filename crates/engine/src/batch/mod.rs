//! Decides many subjects of one kind at once.

#[allow(dead_code, unused_imports, reason = "the bulk engine that calls it is built beside it")]
mod enclosure;
