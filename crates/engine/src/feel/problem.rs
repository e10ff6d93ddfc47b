//! What went wrong during an evaluation. Each problem made some value null.

use super::value::Kind;
use lang::ast::Span;

/// A problem with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Where in the source.
    pub span: Span,
    /// What.
    pub kind: ProblemKind,
}

/// The kinds of problem.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum ProblemKind {
    /// A name that nothing defines.
    #[error("nothing is called `{0}`")]
    UnknownName(String),
    /// A type that the standard does not define.
    #[error("there is no type `{0}`")]
    UnknownType(String),
    /// An operator between values it does not take.
    #[error("`{operation}` does not take {left} and {right}")]
    Operands {
        /// The operator.
        operation: &'static str,
        /// Left of it.
        left: Kind,
        /// Right of it.
        right: Kind,
    },
    /// A sign before a value it does not take.
    #[error("`{operation}` does not take a {found}")]
    Operand {
        /// The operator.
        operation: &'static str,
        /// What stands behind it.
        found: Kind,
    },
    /// Something other than a function is called.
    #[error("a {0} cannot be called")]
    NotAFunction(Kind),
    /// A call with a number of arguments or with names that the function does not have.
    #[error("`{function}` does not take these arguments")]
    Arguments {
        /// The function.
        function: String,
    },
    /// An argument of the wrong kind.
    #[error("`{function}` takes a {expected}, not a {found}")]
    Argument {
        /// The function.
        function: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it got.
        found: Kind,
    },
    /// An argument of the right kind that the function cannot use.
    #[error("`{function}` cannot use {given}")]
    Unusable {
        /// The function.
        function: &'static str,
        /// The argument as text, shortened.
        given: String,
    },
    /// A value without such a member or property.
    #[error("a {kind} has no `{name}`")]
    NoProperty {
        /// What was asked.
        kind: Kind,
        /// For what.
        name: String,
    },
    /// `@"…"` with a text that is no date, time or duration.
    #[error("`{0}` is no date, time or duration")]
    NotTemporal(String),
    /// Something other than a boolean decides.
    #[error("a condition must be true or false, not a {0}")]
    NotACondition(Kind),
    /// Something that cannot be gone through.
    #[error("cannot go through a {0}")]
    NotIterable(Kind),
    /// Ends of a range that cannot be compared.
    #[error("a {low} and a {high} do not make a range")]
    RangeEnds {
        /// The lower end.
        low: Kind,
        /// The upper end.
        high: Kind,
    },
    /// A key that stands twice in a context.
    #[error("the key `{0}` stands twice")]
    DuplicateKey(String),
    /// A division by nought.
    #[error("division by nought")]
    DivisionByZero,
    /// A number, date or duration past what FEEL can hold.
    #[error("the result is out of range")]
    OutOfRange,
    /// `today()` or `now()` without a day in the scope.
    #[error("there is no clock; the day is an argument")]
    NoClock,
    /// More than the limits allow.
    #[error("limit exceeded: {0}")]
    Limit(&'static str),
}

impl ProblemKind {
    /// What happened, in Chinese.
    pub fn message_zh(&self) -> String {
        match self {
            ProblemKind::UnknownName(name) => format!("没有名为“{name}”的内容"),
            ProblemKind::UnknownType(name) => format!("没有类型“{name}”"),
            ProblemKind::Operands { operation, left, right } => {
                format!("“{operation}”不能用于 {left} 与 {right}")
            }
            ProblemKind::Operand { operation, found } => format!("“{operation}”不能用于 {found}"),
            ProblemKind::NotAFunction(kind) => format!("{kind} 不能调用"),
            ProblemKind::Arguments { function } => format!("“{function}”没有这样的参数"),
            ProblemKind::Argument { function, expected, found } => {
                format!("“{function}”需要 {expected},不能用 {found}")
            }
            ProblemKind::Unusable { function, given } => format!("“{function}”不能使用 {given}"),
            ProblemKind::NoProperty { kind, name } => format!("{kind} 没有“{name}”"),
            ProblemKind::NotTemporal(text) => format!("“{text}”不是日期、时间或时长"),
            ProblemKind::NotACondition(kind) => format!("条件须为真或假,不能是 {kind}"),
            ProblemKind::NotIterable(kind) => format!("不能遍历 {kind}"),
            ProblemKind::RangeEnds { low, high } => format!("{low} 与 {high} 不构成区间"),
            ProblemKind::DuplicateKey(key) => format!("键“{key}”重复"),
            ProblemKind::DivisionByZero => "除数为零".to_owned(),
            ProblemKind::OutOfRange => "结果超出范围".to_owned(),
            ProblemKind::NoClock => "这里没有时钟,日期须作为参数给出".to_owned(),
            ProblemKind::Limit(what) => format!("超出限制:{what}"),
        }
    }
}
