//! Precedence: from `or`, the loosest, to paths, filters and calls, the tightest.
//!
//! | binds | operators |
//! | --- | --- |
//! | loosest | `or` |
//! | | `and` |
//! | | `= != < <= > >=`, `between`, `in` |
//! | | `+ -` |
//! | | `* /` |
//! | | `**` |
//! | | `-x` |
//! | | `instance of` |
//! | tightest | `.name`, `[filter]`, `(arguments)` |
//!
//! All are left-associative, as the standard has it: `2 ** 3 ** 2` is 64, and `-3 ** 2` is 9.

use super::error::SyntaxErrorKind;
use super::lexer::{Token, TokenKind, word_end};
use super::parser::{Failed, KEYWORDS, Node, Parsed, Parser};
use super::types;
use crate::ast::{BinaryOp, Bound, ExprKind, Name, Span, Test};

/// How tightly an operator binds. `format` puts parentheses by the same scale.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Strength {
    Expression,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Power,
    Negation,
    InstanceOf,
    Postfix,
}

impl Strength {
    /// What the right operand of a left-associative operator must bind by at least.
    pub fn tighter(self) -> Self {
        match self {
            Strength::Expression => Strength::Or,
            Strength::Or => Strength::And,
            Strength::And => Strength::Comparison,
            Strength::Comparison => Strength::Sum,
            Strength::Sum => Strength::Product,
            Strength::Product => Strength::Power,
            Strength::Power => Strength::Negation,
            Strength::Negation => Strength::InstanceOf,
            Strength::InstanceOf | Strength::Postfix => Strength::Postfix,
        }
    }
}

/// The strength of a binary operator.
pub(super) fn strength_of(op: BinaryOp) -> Strength {
    match op {
        BinaryOp::Or => Strength::Or,
        BinaryOp::And => Strength::And,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            Strength::Comparison
        }
        BinaryOp::Add | BinaryOp::Sub => Strength::Sum,
        BinaryOp::Mul | BinaryOp::Div => Strength::Product,
        BinaryOp::Pow => Strength::Power,
    }
}

/// The comparison a sign stands for.
pub(super) fn comparison_of(sign: &str) -> Option<BinaryOp> {
    Some(match sign {
        "=" => BinaryOp::Eq,
        "!=" => BinaryOp::Ne,
        "<" => BinaryOp::Lt,
        "<=" => BinaryOp::Le,
        ">" => BinaryOp::Gt,
        ">=" => BinaryOp::Ge,
        _ => return None,
    })
}

fn operator_of(sign: &str) -> Option<BinaryOp> {
    Some(match sign {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "**" => BinaryOp::Pow,
        _ => return comparison_of(sign),
    })
}

impl Parser<'_> {
    /// A whole expression.
    pub fn expression(&mut self) -> Parsed {
        self.binding(Strength::Expression)
    }

    /// An expression whose outermost operator binds at least as tightly as `least`.
    pub fn binding(&mut self, least: Strength) -> Parsed {
        self.deeper(|parser| {
            let left = parser.operand()?;
            parser.continued(left, least, false)
        })
    }

    /// The upper end of a range. Its closing bracket may be `[`, which is then no filter.
    pub fn range_end(&mut self) -> Parsed {
        self.deeper(|parser| {
            let left = parser.operand()?;
            parser.continued(left, Strength::Sum, true)
        })
    }

    /// Goes on behind `left` for as long as operators bind at least as tightly as `least`.
    pub fn continued(&mut self, mut left: Node, least: Strength, in_range: bool) -> Parsed {
        loop {
            left = match self.token.kind {
                TokenKind::Sign("[") if in_range && self.bracket_closes() => return Ok(left),
                TokenKind::Sign("[") => self.filter(left)?,
                TokenKind::Sign("(") => self.call(left)?,
                TokenKind::Sign(".") => self.path(left)?,
                TokenKind::Number(_) if self.year_after_dot().is_some() => self.year_path(left)?,
                TokenKind::Word if self.word() == "instance" && least <= Strength::InstanceOf => {
                    self.instance_of(left)?
                }
                TokenKind::Word if least <= Strength::Comparison && self.word() == "between" => {
                    self.between(left)?
                }
                TokenKind::Word if least <= Strength::Comparison && self.word() == "in" => {
                    self.membership(left)?
                }
                _ => match self.operator() {
                    Some(op) if strength_of(op) >= least => self.binary(left, op, in_range)?,
                    _ => return Ok(left),
                },
            };
        }
    }

    fn operator(&self) -> Option<BinaryOp> {
        match self.token.kind {
            TokenKind::Sign(sign) => operator_of(sign),
            TokenKind::Word if self.word() == "and" => Some(BinaryOp::And),
            TokenKind::Word if self.word() == "or" => Some(BinaryOp::Or),
            _ => None,
        }
    }

    fn binary(&mut self, left: Node, op: BinaryOp, in_range: bool) -> Parsed {
        self.advance();
        if self.at_sign("=") && comparison_of("=") == Some(op) {
            let found = self.word().to_owned();
            return self.fail_here(SyntaxErrorKind::ExpectedExpression(found));
        }
        let least = strength_of(op).tighter();
        let right = match self.range_behind_equals(op) {
            Some(op) => self.deeper(|parser| parser.bare_range(op))?,
            None => self.deeper(|parser| {
                let operand = parser.operand()?;
                parser.continued(operand, least, in_range)
            })?,
        };
        let span = left.expr.span.to(right.expr.span);
        let below = left.height.max(right.height);
        self.node(ExprKind::Binary(op, left.expr, right.expr), span, below)
    }

    /// In `r = >= 2` a range stands behind the equals sign, without parentheses.
    fn range_behind_equals(&self, op: BinaryOp) -> Option<BinaryOp> {
        let TokenKind::Sign(sign @ ("<" | "<=" | ">" | ">=")) = self.token.kind else {
            return None;
        };
        if matches!(op, BinaryOp::Eq | BinaryOp::Ne) { comparison_of(sign) } else { None }
    }

    /// Whether the `[` at hand ends a range such as `]1..5[`: no filter can begin with what follows it.
    fn bracket_closes(&self) -> bool {
        let next = self.after(&self.token);
        let word = &self.text[next.start..next.end];
        match next.kind {
            TokenKind::End => true,
            TokenKind::Sign("-" | "(" | "[" | "{" | "<" | "<=" | ">" | ">=" | "=" | "!=") => false,
            TokenKind::Sign(_) => true,
            TokenKind::Word => {
                KEYWORDS.contains(&word)
                    && !matches!(
                        word,
                        "null" | "true" | "false" | "if" | "for" | "some" | "every" | "function"
                    )
            }
            _ => false,
        }
    }

    fn filter(&mut self, left: Node) -> Parsed {
        let open = self.token_span();
        self.advance();
        let (inner, end) = self.enclosed("]", |parser| {
            let inner = parser.expression()?;
            let end = parser.close("]", '[', open)?;
            Ok((inner, end))
        })?;
        let below = left.height.max(inner.height);
        let span = left.expr.span.to(end);
        self.node(ExprKind::Filter(left.expr, inner.expr), span, below)
    }

    fn path(&mut self, left: Node) -> Parsed {
        self.advance();
        if self.token.kind != TokenKind::Word {
            let found = self.word().to_owned();
            return self.fail_here(SyntaxErrorKind::ExpectedName(found));
        }
        let rest = &self.text[self.token.start..];
        let key = super::names::longest_of(self.keys.iter().map(String::as_str), rest);
        let end = self.name_end().max(self.token.start + key.unwrap_or(0));
        let name = self.take_name(end);
        self.path_node(left, name)
    }

    fn path_node(&mut self, left: Node, name: Name) -> Parsed {
        let span = left.expr.span.to(name.span);
        let below = left.height;
        self.node(ExprKind::Path(left.expr, name), span, below)
    }

    /// In `甲.2025` the lexer sees the number `.2025`; behind a value it is a path. The year's bytes.
    fn year_after_dot(&self) -> Option<(usize, usize)> {
        let word = self.word();
        let dot = word.chars().next().filter(|c| super::chars::fold(*c) == '.')?;
        let year = &word[dot.len_utf8()..];
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let is_whole = word_end(self.text, self.token.end) == self.token.end;
        (is_year && is_whole).then_some((self.token.start + dot.len_utf8(), self.token.end))
    }

    fn year_path(&mut self, left: Node) -> Parsed {
        let (start, end) = self.year_after_dot().unwrap_or((self.token.start, self.token.end));
        let name = Name { text: self.text[start..end].to_owned(), span: self.span(start, end) };
        self.advance();
        self.path_node(left, name)
    }

    fn instance_of(&mut self, left: Node) -> Parsed {
        self.advance();
        self.expect_keyword("of")?;
        let (text, end) = self.type_name()?;
        let span = left.expr.span.to(self.span(end, end));
        let below = left.height;
        self.node(ExprKind::InstanceOf(left.expr, text), span, below)
    }

    /// The type at the current token, in canonical text, and the byte where it ends.
    pub fn type_name(&mut self) -> Result<(String, usize), Failed> {
        match types::read_type(self.text, self.token.start) {
            Some((parsed, end)) => {
                self.advance_to(end);
                Ok((parsed.to_string(), end))
            }
            None => {
                let found = self.word().to_owned();
                self.fail_here(SyntaxErrorKind::ExpectedType(found))
            }
        }
    }

    fn between(&mut self, left: Node) -> Parsed {
        self.advance();
        let low = self.binding(Strength::Sum)?;
        self.expect_keyword("and")?;
        let high = self.binding(Strength::Sum)?;
        let span = left.expr.span.to(high.expr.span);
        let below = left.height.max(low.height).max(high.height);
        self.node(ExprKind::Between(left.expr, low.expr, high.expr), span, below)
    }

    /// `left in …`: one test, or several in parentheses.
    fn membership(&mut self, left: Node) -> Parsed {
        self.advance();
        let (tests, end, below) =
            if self.at_sign("(") { self.tests_in_parentheses()? } else { self.single_test()? };
        let span = left.expr.span.to(end);
        let below = below.max(left.height);
        self.node(ExprKind::In(left.expr, tests), span, below)
    }

    fn single_test(&mut self) -> Result<(Vec<Test>, Span, usize), Failed> {
        let (test, span, below) = self.comparison_test_or(|parser| parser.binding(Strength::Sum))?;
        Ok((vec![test], span, below))
    }

    /// A comparison without its left side, or what `read` finds.
    fn comparison_test_or(
        &mut self,
        read: impl FnOnce(&mut Self) -> Parsed,
    ) -> Result<(Test, Span, usize), Failed> {
        let op = match self.token.kind {
            TokenKind::Sign(sign) => comparison_of(sign),
            _ => None,
        };
        let Some(op) = op else {
            let node = read(self)?;
            let span = node.expr.span;
            return Ok((Test::Value(*node.expr), span, node.height));
        };
        let start = self.token_span();
        self.advance();
        let node = self.binding(Strength::Sum)?;
        let span = start.to(node.expr.span);
        Ok((Test::Compare(op, *node.expr), span, node.height))
    }

    fn tests_in_parentheses(&mut self) -> Result<(Vec<Test>, Span, usize), Failed> {
        let open = self.token_span();
        self.advance();
        if self.at_sign(")") {
            return self.fail_no_operand();
        }
        let (mut tests, mut below) = (Vec::new(), 0);
        self.items(")", |parser| {
            let (test, height) = parser.deeper(Parser::listed_test)?;
            below = below.max(height);
            tests.push(test);
            Ok(())
        })?;
        if let (true, [Test::Value(_)]) = (self.at_sign(".."), tests.as_slice()) {
            return self.range_as_test(open, tests, below);
        }
        let end = self.close(")", '(', open)?;
        if let [Test::Value(_)] = tests.as_slice() {
            return self.continued_test(open.to(end), tests, below);
        }
        Ok((tests, open.to(end), below))
    }

    /// `-` or a test, between the parentheses of `in (…)`.
    fn listed_test(&mut self) -> Result<(Test, usize), Failed> {
        let is_last = |token: &Token| matches!(token.kind, TokenKind::Sign("," | ")"));
        if self.at_sign("-") && is_last(&self.after(&self.token)) {
            self.advance();
            return Ok((Test::Any, 0));
        }
        let (test, _, below) = self.comparison_test_or(Parser::expression)?;
        Ok((test, below))
    }

    /// What looked like a list of tests is the range `(low..high]`.
    fn range_as_test(
        &mut self,
        open: Span,
        mut tests: Vec<Test>,
        below: usize,
    ) -> Result<(Vec<Test>, Span, usize), Failed> {
        let Some(Test::Value(low)) = tests.pop() else {
            return Err(Failed);
        };
        let range = self.range_after_low(open, Bound::Open, Node { expr: Box::new(low), height: below })?;
        let whole = self.continued(range, Strength::Sum, false)?;
        let span = whole.expr.span;
        Ok((vec![Test::Value(*whole.expr)], span, whole.height))
    }

    /// After `x in (a)` more of the same value may follow, as in `x in (a).b` or `x in (a) + 1`.
    fn continued_test(
        &mut self,
        span: Span,
        mut tests: Vec<Test>,
        below: usize,
    ) -> Result<(Vec<Test>, Span, usize), Failed> {
        let Some(Test::Value(mut value)) = tests.pop() else {
            return Err(Failed);
        };
        value.span = span;
        let whole = self.continued(Node { expr: Box::new(value), height: below }, Strength::Sum, false)?;
        let span = whole.expr.span;
        Ok((vec![Test::Value(*whole.expr)], span, whole.height))
    }
}
