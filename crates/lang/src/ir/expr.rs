//! Typed expressions.

use std::cmp::Ordering;

use facts::{Date, Number, Span};

use super::input::{InputRef, ScopeVar};
use crate::types::{KindId, Type};

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    /// 无
    Nothing,
    /// True or false.
    Bool(bool),
    /// A number in base units.
    Number(Number),
    /// Text or a code.
    Text(String),
    /// A day.
    Date(Date),
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Compare {
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
}

impl Compare {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// Whether it holds of two values in that order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }

    /// The same said from the other side: `a < b` is `b > a`.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `**`, whole exponent.
    Pow,
}

/// Functions of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Builtin {
    /// Sum of a list.
    Sum,
    /// Number of items.
    Count,
    /// Least of a list.
    Min,
    /// Greatest of a list.
    Max,
    /// Arithmetic mean.
    Mean,
    /// Middle value.
    Median,
    /// Without sign.
    Abs,
    /// Down to whole.
    Floor,
    /// Up to whole.
    Ceiling,
    /// Half up to that many places.
    RoundHalfUp,
    /// How many of the booleans are true.
    CountTrue,
    /// All of a list are true.
    All,
    /// One of a list is true.
    Any,
    /// Text begins with text.
    StartsWith,
    /// Text ends with text.
    EndsWith,
    /// Text holds text.
    Contains,
    /// Number of characters.
    StringLength,
    /// The list holds the value.
    ListContains,
    /// Whole months from a day to another.
    MonthsBetween,
}

/// A typed expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: Kind,
    /// Its type.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
}

/// Kinds of typed expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// A constant.
    Constant(Constant),
    /// An input.
    Input(InputRef),
    /// The years of a span, oldest first, with the inputs that may give its total or mean instead.
    Span {
        /// One input a year.
        years: Vec<InputRef>,
        /// The total as a figure of its own.
        total: InputRef,
        /// The mean as a figure of its own.
        mean: InputRef,
    },
    /// Mean over four quarters of (opening + closing) / 2: eight cells in order, and the input that may give the mean.
    QuarterMean(Vec<InputRef>, InputRef),
    /// 申请日, the day of decision.
    Today,
    /// An intermediate value.
    Let(usize),
    /// A parameter.
    Param(usize),
    /// A score, or the part at that path of indices.
    Score(usize, Vec<usize>),
    /// A value bound by `for`, `some`, `every` or a filter over plain values.
    Local(usize),
    /// A collection of the scope the input belongs to, bound as items of that kind.
    Collection(InputRef, KindId),
    /// A list that the document defines.
    List(usize),
    /// The items that pass `each`.
    Passing,
    /// Not.
    Not(Box<Expr>),
    /// All, Kleene.
    And(Vec<Expr>),
    /// One, Kleene.
    Or(Vec<Expr>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Comparison.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// The code is, or for a hierarchy lies under, one of these.
    CodeIn(Box<Expr>, Vec<String>),
    /// The first branch whose condition holds; none without `otherwise` has no value.
    First(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// All of these values.
    Items(Vec<Expr>),
    /// A function.
    Call(Builtin, Vec<Expr>),
    /// For each item of the list: bind the scope variable, then the body.
    ForItems(Box<Expr>, ScopeVar, Box<Expr>),
    /// For each value of the list: bind the local, then the body.
    ForValues(Box<Expr>, usize, Box<Expr>),
    /// Those items for which the body holds.
    FilterItems(Box<Expr>, ScopeVar, Box<Expr>),
    /// Those values for which the body holds.
    FilterValues(Box<Expr>, usize, Box<Expr>),
    /// The value at a place, from 1; from the end if negative.
    Index(Box<Expr>, i64),
    /// Some row of the table fits.
    TableMatch(usize),
    /// In the row that fits, every fact named reaches its value in that column.
    TableReached(usize, String),
    /// The value in that column of the row that fits.
    TableValue(usize, String),
    /// Progressive sum over brackets.
    Progressive(Box<Expr>, usize),
}
