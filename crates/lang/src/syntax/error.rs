//! Every mistake an expression can contain: a stable code, a message and help, in Chinese and in English.

use super::limits::{DEPTH_MAX, NODES_MAX, SOURCE_BYTES_MAX};
use crate::ast::Span;

/// A mistake with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where, in bytes of the file.
    pub span: Span,
    /// What.
    pub kind: SyntaxErrorKind,
}

/// The kinds of mistake. What stands in the text is quoted as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// A character that belongs to nothing.
    UnexpectedCharacter(char),
    /// A string without its closing quote on the same line.
    UnterminatedText,
    /// `/*` without `*/`.
    UnterminatedComment,
    /// The word directly after a number is no known unit.
    UnknownUnit(String),
    /// `2000 万元`: a blank between number and unit.
    BlankBeforeUnit(String),
    /// `1e3`.
    ExponentNotation,
    /// A number of more digits than any quantity has.
    NumberTooLong,
    /// `\u` or `\U` not followed by the digits of a character.
    BadEscape,
    /// `@` not followed by a string.
    AtWithoutText,
    /// Something stands where a value should.
    ExpectedExpression(String),
    /// Something stands where one certain sign or word should.
    Expected {
        /// What should stand there.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// Two values beside each other.
    MissingOperator(String),
    /// A bracket that is never closed.
    Unclosed(char),
    /// A closing bracket that was never opened.
    UnexpectedClosing(String),
    /// Something stands where a name should.
    ExpectedName(String),
    /// Something stands where a type should.
    ExpectedType(String),
    /// A call with named and unnamed arguments at once.
    MixedArguments,
    /// `not x` without parentheses.
    NotWithoutParentheses,
    /// `function(…) external`.
    ExternalFunction,
    /// Nothing but white space.
    Empty,
    /// Deeper than [`DEPTH_MAX`].
    TooDeep,
    /// Longer than [`SOURCE_BYTES_MAX`].
    TooLong,
    /// More nodes than [`NODES_MAX`].
    TooManyNodes,
}

use SyntaxErrorKind as Kind;

impl SyntaxErrorKind {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Kind::UnexpectedCharacter(_) => "E0101",
            Kind::UnterminatedText => "E0102",
            Kind::UnterminatedComment => "E0103",
            Kind::UnknownUnit(_) => "E0104",
            Kind::BlankBeforeUnit(_) => "E0105",
            Kind::ExponentNotation => "E0106",
            Kind::NumberTooLong => "E0107",
            Kind::BadEscape => "E0108",
            Kind::AtWithoutText => "E0109",
            Kind::ExpectedExpression(_) => "E0110",
            Kind::Expected { .. } => "E0111",
            Kind::MissingOperator(_) => "E0112",
            Kind::Unclosed(_) => "E0113",
            Kind::UnexpectedClosing(_) => "E0114",
            Kind::ExpectedName(_) => "E0115",
            Kind::ExpectedType(_) => "E0116",
            Kind::MixedArguments => "E0117",
            Kind::NotWithoutParentheses => "E0118",
            Kind::ExternalFunction => "E0119",
            Kind::Empty => "E0120",
            Kind::TooDeep => "E0121",
            Kind::TooLong => "E0122",
            Kind::TooManyNodes => "E0123",
        }
    }

    /// What happened, in Chinese.
    pub fn message_zh(&self) -> String {
        match self {
            Kind::UnexpectedCharacter(c) => format!("此处不应出现字符“{c}”"),
            Kind::UnterminatedText => "字符串缺少右引号".to_owned(),
            Kind::UnterminatedComment => "注释缺少结尾的 */".to_owned(),
            Kind::UnknownUnit(unit) => format!("数字后的“{unit}”不是已知单位"),
            Kind::BlankBeforeUnit(unit) => format!("数字与单位“{unit}”之间有空格"),
            Kind::ExponentNotation => "不支持科学计数法".to_owned(),
            Kind::NumberTooLong => format!("数字超过 {} 位", facts::DIGITS_MAX),
            Kind::BadEscape => "转义 \\u 后须为 4 位十六进制数,\\U 后须为 6 位".to_owned(),
            Kind::AtWithoutText => "@ 之后须为字符串".to_owned(),
            Kind::ExpectedExpression(found) => format!("此处应为一个值,却是{}", quoted_zh(found)),
            Kind::Expected { expected, found } => format!("此处应为“{expected}”,却是{}", quoted_zh(found)),
            Kind::MissingOperator(found) => format!("{}之前缺少运算符", quoted_zh(found)),
            Kind::Unclosed(open) => format!("“{open}”没有对应的右括号"),
            Kind::UnexpectedClosing(found) => format!("{}没有对应的左括号", quoted_zh(found)),
            Kind::ExpectedName(found) => format!("此处应为名称,却是{}", quoted_zh(found)),
            Kind::ExpectedType(found) => format!("此处应为类型,却是{}", quoted_zh(found)),
            Kind::MixedArguments => "同一调用中不能混用带名与不带名的参数".to_owned(),
            Kind::NotWithoutParentheses => "not 之后须有括号".to_owned(),
            Kind::ExternalFunction => "不支持外部函数".to_owned(),
            Kind::Empty => "表达式为空".to_owned(),
            Kind::TooDeep => format!("表达式嵌套超过 {DEPTH_MAX} 层"),
            Kind::TooLong => format!("表达式超过 {SOURCE_BYTES_MAX} 字节"),
            Kind::TooManyNodes => format!("表达式超过 {NODES_MAX} 个节点"),
        }
    }

    /// What happened, in English.
    pub fn message_en(&self) -> String {
        match self {
            Kind::UnexpectedCharacter(c) => format!("the character `{c}` has no meaning here"),
            Kind::UnterminatedText => "this string has no closing quote".to_owned(),
            Kind::UnterminatedComment => "this comment has no closing */".to_owned(),
            Kind::UnknownUnit(unit) => format!("`{unit}` after the number is not a known unit"),
            Kind::BlankBeforeUnit(unit) => {
                format!("there is a blank between the number and its unit `{unit}`")
            }
            Kind::ExponentNotation => "numbers have no exponent notation".to_owned(),
            Kind::NumberTooLong => format!("a number has at most {} digits", facts::DIGITS_MAX),
            Kind::BadEscape => "`\\u` takes 4 hexadecimal digits and `\\U` takes 6".to_owned(),
            Kind::AtWithoutText => "`@` must be followed by a string".to_owned(),
            Kind::ExpectedExpression(found) => format!("expected a value, found {}", quoted_en(found)),
            Kind::Expected { expected, found } => {
                format!("expected `{expected}`, found {}", quoted_en(found))
            }
            Kind::MissingOperator(found) => format!("an operator is missing before {}", quoted_en(found)),
            Kind::Unclosed(open) => format!("`{open}` is never closed"),
            Kind::UnexpectedClosing(found) => format!("{} was never opened", quoted_en(found)),
            Kind::ExpectedName(found) => format!("expected a name, found {}", quoted_en(found)),
            Kind::ExpectedType(found) => format!("expected a type, found {}", quoted_en(found)),
            Kind::MixedArguments => "a call has either named or unnamed arguments, not both".to_owned(),
            Kind::NotWithoutParentheses => "`not` needs parentheses".to_owned(),
            Kind::ExternalFunction => "external functions are not supported".to_owned(),
            Kind::Empty => "the expression is empty".to_owned(),
            Kind::TooDeep => format!("the expression is nested more than {DEPTH_MAX} deep"),
            Kind::TooLong => format!("the expression is longer than {SOURCE_BYTES_MAX} bytes"),
            Kind::TooManyNodes => format!("the expression has more than {NODES_MAX} nodes"),
        }
    }

    /// What to do, in Chinese, where there is a likely remedy.
    pub fn help_zh(&self) -> Option<String> {
        Some(match self {
            Kind::UnexpectedCharacter(c) => return character_help(*c).map(|(zh, _)| zh.to_owned()),
            Kind::UnterminatedText => "在字符串末尾补上与左引号成对的引号,字符串不能跨行".to_owned(),
            Kind::UnknownUnit(_) => "单位须紧跟数字,且已登记;单位之后不能直接写别的字".to_owned(),
            Kind::BlankBeforeUnit(unit) => format!("去掉空格,单位“{unit}”紧跟数字书写"),
            Kind::ExponentNotation => "写成 1.2 * 10 ** 3".to_owned(),
            Kind::AtWithoutText => "例如 @\"2026-01-01\"".to_owned(),
            Kind::MissingOperator(found) | Kind::ExpectedExpression(found) => {
                return word_help(found).map(|(zh, _)| zh);
            }
            Kind::Expected { expected: "else", .. } => "if … then … 之后必须有 else".to_owned(),
            Kind::MixedArguments => "给每个参数都写上名称,或都不写".to_owned(),
            Kind::NotWithoutParentheses => "写成 not(…)".to_owned(),
            Kind::TooDeep => "长链改用 sum([…])、in (…) 等列表形式,或拆成几个 let".to_owned(),
            Kind::TooLong | Kind::TooManyNodes => "拆成几个 let".to_owned(),
            _ => return None,
        })
    }

    /// What to do, in English, where there is a likely remedy.
    pub fn help_en(&self) -> Option<String> {
        Some(match self {
            Kind::UnexpectedCharacter(c) => return character_help(*c).map(|(_, en)| en.to_owned()),
            Kind::UnterminatedText => {
                "close it with the quote that matches; a string ends on its line".to_owned()
            }
            Kind::UnknownUnit(_) => {
                "a unit is declared and stands directly after its number, with nothing glued to it".to_owned()
            }
            Kind::BlankBeforeUnit(unit) => format!("write `{unit}` directly after the number"),
            Kind::ExponentNotation => "write 1.2 * 10 ** 3".to_owned(),
            Kind::AtWithoutText => "for example @\"2026-01-01\"".to_owned(),
            Kind::MissingOperator(found) | Kind::ExpectedExpression(found) => {
                return word_help(found).map(|(_, en)| en);
            }
            Kind::Expected { expected: "else", .. } => "every `if … then …` needs its `else`".to_owned(),
            Kind::MixedArguments => "name all arguments or none".to_owned(),
            Kind::NotWithoutParentheses => "write not(…)".to_owned(),
            Kind::TooDeep => {
                "write a long chain as a list, sum([…]) or in (…), or split it into several `let`".to_owned()
            }
            Kind::TooLong | Kind::TooManyNodes => "split it into several `let`".to_owned(),
            _ => return None,
        })
    }
}

fn quoted_zh(found: &str) -> String {
    if found.is_empty() { "结尾".to_owned() } else { format!("“{found}”") }
}

fn quoted_en(found: &str) -> String {
    if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") }
}

/// Signs that people bring along from other languages or from Chinese prose.
fn character_help(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '、' => ("列表各项用逗号分隔", "separate items by a comma"),
        '；' | ';' => ("表达式不用分号", "there is no semicolon in an expression"),
        '&' => ("“并且”写作 and", "write `and`"),
        '|' => ("“或者”写作 or", "write `or`"),
        '!' => ("“不等于”写作 !=,“非”写作 not(…)", "write `!=` for unequal and `not(…)` for negation"),
        '\'' | '‘' | '’' => ("字符串用双引号", "strings take double quotes"),
        '…' => ("区间写作两个点 ..", "a range is written with two dots"),
        '～' | '~' => ("区间写作 [a..b]", "a range is written [a..b]"),
        '^' => ("乘方写作 **", "a power is written **"),
        '《' | '》' | '【' | '】' | '「' | '」' => {
            ("文字内容放进双引号", "put text into double quotes")
        }
        _ => return None,
    })
}

/// Chinese words for operators, and doubled signs.
fn word_help(found: &str) -> Option<(String, String)> {
    let feel = match found {
        "且" | "并且" | "和" | "及" | "以及" => "and",
        "或" | "或者" => "or",
        "非" | "不是" => "not(…)",
        "如果" | "若" => "if … then … else …",
        "大于" => ">",
        "小于" => "<",
        "等于" | "为" | "是" | "=" => "=",
        "不小于" | "大于等于" | "至少" => ">=",
        "不大于" | "小于等于" | "至多" => "<=",
        "属于" => "in",
        _ => return None,
    };
    Some((format!("运算符写作 {feel}"), format!("the operator is written {feel}")))
}
