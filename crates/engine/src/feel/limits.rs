//! How much one evaluation may do. Past a limit the value is null and the problem says which limit.

/// Most rounds of `for`, `some`, `every`, filters and calls together.
pub const ROUNDS_MAX: u64 = 1_000_000;

/// Most elements moved or compared and bytes of text made (eight to a unit) together.
pub const WORK_MAX: u64 = 10_000_000;

/// Longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_000_000;

/// Longest list.
pub const LIST_ITEMS_MAX: usize = 1_000_000;

/// Deepest nesting of lists, contexts and functions in one value.
pub const VALUE_DEPTH_MAX: usize = 200;

/// Deepest nesting of calls of functions written in FEEL.
pub const CALLS_MAX: usize = 200;

/// Most problems kept.
pub const PROBLEMS_MAX: usize = 100;

/// Steps of backtracking that one match of a regular expression may take.
pub const REGEX_STEPS_MAX: usize = 100_000;
