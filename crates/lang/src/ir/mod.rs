//! What the checker makes of a document: resolved, typed, ready to be decided. It holds no source text but what a person is shown.
//!
//! Everything a decision reads is an [`Input`] of a [`ScopeKind`]. Scope variable 0 is the subject; each `about`, `each`,
//! `where` and iteration over items binds a further variable to one item while its body is decided.

mod condition;
mod document;
mod expr;
mod gives;
mod input;
mod parts;
mod vary;

pub use condition::{Condition, Test};
pub use document::{Apply, Document, Legal, ReferenceYear, Window};
pub use expr::{Arithmetic, Builtin, Compare, Constant, Expr, Kind};
pub use gives::{Amount, Gives, Nature, Rank, RankRule, Stage};
pub use input::{Binding, Input, InputKind, InputRef, Link, SUBJECT, ScopeKind, ScopeVar};
pub use parts::{Brackets, ItemList, Named, Param, Part, Points, Row, Score, Table};
pub use vary::NumberConstant;
