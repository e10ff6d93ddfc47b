//! How large an expression may be. Each limit has its own message; see [`SyntaxErrorKind`](super::SyntaxErrorKind).

/// Most bytes in one expression.
pub const SOURCE_BYTES_MAX: usize = 100_000;

/// Deepest nesting, counted over the finished tree: a chain `a + b + c` is as deep as it is long.
pub const DEPTH_MAX: usize = 200;

/// Most nodes in one tree.
pub const NODES_MAX: usize = 10_000;

/// Most errors collected from one expression; further ones would be noise.
pub const ERRORS_MAX: usize = 20;
