//! Conditions.

use facts::{Span, Text};

use super::expr::Expr;
use super::input::{InputRef, ScopeVar};

/// A condition with its place in the source document.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// Unique in the document; empty for a group that nothing refers to.
    pub id: String,
    /// Article of the source; `None` is 待核.
    pub clause: Option<String>,
    /// In words.
    pub says: Text,
    /// The rule as written; empty for groups.
    pub rule: String,
    /// What it is.
    pub test: Test,
    /// Where.
    pub span: Span,
}

/// Kinds of condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// A rule.
    Rule(Expr),
    /// A person decides.
    Manual(Text, InputRef),
    /// All of them.
    All(Vec<Condition>),
    /// One of them.
    Any(Vec<Condition>),
    /// The first tier whose condition holds decides; none holds: ineligible.
    First(Vec<(Expr, Condition)>, Option<Box<Condition>>),
    /// All conditions of another document.
    Include(String, InputRef),
    /// Conditions on a related party.
    About(ScopeVar, String, Vec<Condition>),
    /// Conditions on each item of the collection, bound to the variable; one item must pass.
    Each(Box<Expr>, ScopeVar, Vec<Condition>),
}
