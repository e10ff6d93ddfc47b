//! What a decision reads: scopes, the variables bound to them, and their inputs.

use facts::{FactId, Period};

use crate::types::KindId;

/// A scope variable: bound to the subject or to one item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ScopeVar(pub usize);

/// What a scope variable is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Kind of the item.
    pub kind: KindId,
    /// For a related party: the variable whose party it is; others are bound by what iterates.
    pub role_of: Option<ScopeVar>,
}

/// The variable of the subject.
pub const SUBJECT: ScopeVar = ScopeVar(0);

/// An input of the kind that a scope variable is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InputRef {
    /// Whose.
    pub var: ScopeVar,
    /// Index into [`ScopeKind::inputs`].
    pub index: usize,
}

/// What an input is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum InputKind {
    /// A fact in a period.
    Fact(FactId, Period),
    /// A collection, known or not.
    Collection(String),
    /// Whether a status is held.
    Status(String),
    /// What a person decided of a `manual` condition.
    Manual(String),
    /// Whether the conditions of another document are met.
    Document(String),
}

/// Something a decision reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// What.
    pub kind: InputKind,
    /// As the document writes it, and as `missing` shows it.
    pub key: String,
}

/// How a kind of scope hangs below another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Link {
    /// The subject itself.
    Root,
    /// The items of a collection of the parent.
    Items(KindId, String),
    /// A related party of the parent.
    Role(KindId, String),
}

/// A kind of scope and what is read of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScopeKind {
    /// Where it hangs.
    pub link: Link,
    /// Kind of subject or item: `enterprise`.
    pub subject: String,
    /// Everything that is read.
    pub inputs: Vec<Input>,
}
