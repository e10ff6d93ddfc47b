//! The tree of an expression, as the parser leaves it. It carries spans and no meaning: names are not resolved.

use facts::Number;

pub use facts::Span;

/// A name with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// As written (never normalised: Ⅰ stays Ⅰ), inner white space folded to one blank.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// An expression with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// Arithmetic, comparison and logic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `**`
    Pow,
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `and`
    And,
    /// `or`
    Or,
}

/// `every` or `some`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Quantifier {
    /// All must satisfy.
    Every,
    /// One must satisfy.
    Some,
}

/// An argument of a call; named in `f(x: 1)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Argument {
    /// The parameter's name, if given.
    pub name: Option<Name>,
    /// Its value.
    pub value: Expr,
}

/// `name in source` of `for`, `some`, `every`; `name in low..high` has a range without brackets as its source.
#[derive(Clone, PartialEq, Debug)]
pub struct Iteration {
    /// The bound name.
    pub name: Name,
    /// A list, a range, a period span.
    pub source: Expr,
}

/// One alternative after `in`: a value, a range, a list, or a comparison without its left side.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// `x in e`: equal to `e`, or member of it where `e` is a list or range.
    Value(Expr),
    /// `x in (< 5)`.
    Compare(BinaryOp, Expr),
    /// `-`: anything.
    Any,
}

/// A range's end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Bound {
    /// `[` or `]` facing the value: the end belongs to it.
    Closed,
    /// `(` or `)`: it does not.
    Open,
}

/// The key of a context entry.
#[derive(Clone, PartialEq, Debug)]
pub struct ContextEntry {
    /// Key as text.
    pub key: Name,
    /// Value.
    pub value: Expr,
}

/// The kinds of expression.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `无`: known to have none.
    Nothing,
    /// `true`, `false`
    Bool(bool),
    /// `12.5`
    Number(Number),
    /// `2000万元`, `5%`, `300亩`: a number directly followed by its unit.
    Quantity(Number, Name),
    /// `"text"`
    Text(String),
    /// `@"2026-01-01"`
    At(String),
    /// A name; of several words only where the parser was told such a name exists.
    Name(String),
    /// `left.name`
    Path(Box<Expr>, Name),
    /// `list[condition]` or `list[index]`
    Filter(Box<Expr>, Box<Expr>),
    /// `callee(arguments)`; `not(x)` is a call of the name `not`.
    Call(Box<Expr>, Vec<Argument>),
    /// `-x`
    Negate(Box<Expr>),
    /// `left op right`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x between low and high`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x in tests`
    In(Box<Expr>, Vec<Test>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `for i in …, j in … return e`
    For(Vec<Iteration>, Box<Expr>),
    /// `every x in … satisfies c`
    Quantified(Quantifier, Vec<Iteration>, Box<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `[a..b]`, `(a..b)`; without brackets (in `for`) both ends are closed. An absent end is unbounded (`(< 5)` as a value).
    Range(Option<Box<Expr>>, Bound, Option<Box<Expr>>, Bound),
    /// `{a: 1, b: 2}`
    Context(Vec<ContextEntry>),
    /// `function(a, b) e`; parameters may carry a type name that is kept as text.
    Function(Vec<(Name, Option<String>)>, Box<Expr>),
    /// `x instance of type`
    InstanceOf(Box<Expr>, String),
}
