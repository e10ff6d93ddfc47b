//! Operands: literals, names, parentheses, lists, contexts, ranges, and calls behind a value.

use super::error::SyntaxErrorKind;
use super::lexer::TokenKind;
use super::operators::{Strength, comparison_of};
use super::parser::{Failed, KEYWORDS, Node, Parsed, Parser};
use crate::ast::{Argument, BinaryOp, Bound, ContextEntry, ExprKind, Name, Span};

impl Parser<'_> {
    /// What stands before, between or after operators.
    pub fn operand(&mut self) -> Parsed {
        match self.token.kind {
            TokenKind::Word => self.word_operand(),
            TokenKind::Sign("-") => self.negation(),
            TokenKind::Sign("(") => self.parenthesis(),
            TokenKind::Sign("[") => self.list_or_range(),
            TokenKind::Sign("]") => self.open_range(),
            TokenKind::Sign("{") => self.context(),
            TokenKind::End | TokenKind::Sign(_) => self.fail_no_operand(),
            TokenKind::Unknown => self.fail_silently(),
            _ => self.literal(),
        }
    }

    pub fn fail_no_operand<T>(&mut self) -> Result<T, Failed> {
        let found = self.word().to_owned();
        self.fail_here(SyntaxErrorKind::ExpectedExpression(found))
    }

    fn literal(&mut self) -> Parsed {
        let span = self.token_span();
        let token = self.advance();
        let kind = match token.kind {
            TokenKind::Number(number) => ExprKind::Number(number),
            TokenKind::Quantity(number, text, start) => {
                let unit = Name { text, span: self.span(start, token.end) };
                ExprKind::Quantity(number, unit)
            }
            TokenKind::Text(text) => ExprKind::Text(text),
            TokenKind::At(text) => ExprKind::At(text),
            _ => return self.fail_silently(),
        };
        self.node(kind, span, 0)
    }

    fn word_operand(&mut self) -> Parsed {
        let end = self.name_end();
        if end > self.token.end {
            return self.name(end);
        }
        match self.word() {
            "null" => self.constant(ExprKind::Null),
            "无" => self.constant(ExprKind::Nothing),
            "true" => self.constant(ExprKind::Bool(true)),
            "false" => self.constant(ExprKind::Bool(false)),
            "if" => self.conditional(),
            "for" => self.iteration(),
            "some" | "every" => self.quantified(),
            "function" => self.function(),
            "not" if !matches!(self.after(&self.token).kind, TokenKind::Sign(_) | TokenKind::End) => {
                self.fail_here(SyntaxErrorKind::NotWithoutParentheses)
            }
            word if KEYWORDS.contains(&word) => self.fail_no_operand(),
            _ => self.name(end),
        }
    }

    fn constant(&mut self, kind: ExprKind) -> Parsed {
        let span = self.token_span();
        self.advance();
        self.node(kind, span, 0)
    }

    fn name(&mut self, end: usize) -> Parsed {
        let name = self.take_name(end);
        self.node(ExprKind::Name(name.text), name.span, 0)
    }

    fn negation(&mut self) -> Parsed {
        let start = self.token_span();
        self.advance();
        let inner = self.binding(Strength::Negation)?;
        let span = start.to(inner.expr.span);
        let below = inner.height;
        self.node(ExprKind::Negate(inner.expr), span, below)
    }

    /// Takes the closing bracket that belongs to the one at `open`; returns its place.
    pub fn close(&mut self, close: &'static str, sign: char, open: Span) -> Result<Span, Failed> {
        let span = self.token_span();
        if self.eat_sign(close) {
            return Ok(span);
        }
        match self.token.kind {
            TokenKind::End => self.fail_at(open, SyntaxErrorKind::Unclosed(sign)),
            _ => self.fail_stray(close),
        }
    }

    /// Something stands where a value has ended and `close` should come.
    fn fail_stray<T>(&mut self, close: &'static str) -> Result<T, Failed> {
        let found = self.word().to_owned();
        match self.token.kind {
            TokenKind::Unknown => self.fail_silently(),
            TokenKind::Sign(_) => self.fail_here(SyntaxErrorKind::Expected { expected: close, found }),
            _ => {
                let kind = self.unit_with_blank().map(SyntaxErrorKind::BlankBeforeUnit);
                self.fail_here(kind.unwrap_or(SyntaxErrorKind::MissingOperator(found)))
            }
        }
    }

    /// `(expression)`, the range `(low..high)`, or a one-sided range such as `(< 5)`.
    fn parenthesis(&mut self) -> Parsed {
        let open = self.token_span();
        self.advance();
        if let TokenKind::Sign(sign) = self.token.kind
            && let Some(op) = comparison_of(sign)
        {
            return self.one_sided_range(open, op);
        }
        self.enclosed(")", |parser| {
            let mut inner = parser.expression()?;
            if parser.at_sign("..") {
                return parser.range_after_low(open, Bound::Open, inner);
            }
            let end = parser.close(")", '(', open)?;
            inner.expr.span = open.to(end);
            Ok(inner)
        })
    }

    /// `(< 5)`, behind the bracket.
    fn one_sided_range(&mut self, open: Span, op: BinaryOp) -> Parsed {
        let mut range = self.bare_range(op)?;
        range.expr.span = open.to(self.close(")", '(', open)?);
        Ok(range)
    }

    /// `< 5` as a range.
    pub fn bare_range(&mut self, op: BinaryOp) -> Parsed {
        let start = self.token_span();
        self.advance();
        let nodes_before = self.nodes;
        let end = self.binding(Strength::Sum)?;
        let span = start.to(end.expr.span);
        let below = end.height;
        let kind = match op {
            BinaryOp::Lt => ExprKind::Range(None, Bound::Open, Some(end.expr), Bound::Open),
            BinaryOp::Le => ExprKind::Range(None, Bound::Open, Some(end.expr), Bound::Closed),
            BinaryOp::Gt => ExprKind::Range(Some(end.expr), Bound::Open, None, Bound::Open),
            BinaryOp::Ge => ExprKind::Range(Some(end.expr), Bound::Closed, None, Bound::Open),
            _ => {
                // The standard's reading: `(= x)` is from x to x, and `(!= x)` the same with both ends open.
                let bound = if op == BinaryOp::Ne { Bound::Open } else { Bound::Closed };
                // The copy counts, or nesting would double the tree again and again.
                self.count_nodes(self.nodes - nodes_before)?;
                ExprKind::Range(Some(end.expr.clone()), bound, Some(end.expr), bound)
            }
        };
        self.node(kind, span, below)
    }

    /// `]low..high[` and its like.
    fn open_range(&mut self) -> Parsed {
        let open = self.token_span();
        self.advance();
        let low = self.binding(Strength::Sum)?;
        if !self.at_sign("..") {
            let found = self.word().to_owned();
            return self.fail_here(SyntaxErrorKind::Expected { expected: "..", found });
        }
        self.range_after_low(open, Bound::Open, low)
    }

    /// `..high` and the closing bracket, the lower end being read.
    pub fn range_after_low(&mut self, open: Span, low_bound: Bound, low: Node) -> Parsed {
        self.expect_sign("..")?;
        let high = self.range_end()?;
        let end = self.token_span();
        let high_bound = match self.token.kind {
            TokenKind::Sign("]") => Bound::Closed,
            TokenKind::Sign(")" | "[") => Bound::Open,
            _ => {
                let found = self.word().to_owned();
                return self.fail_here(SyntaxErrorKind::Expected { expected: "]", found });
            }
        };
        self.advance();
        let below = low.height.max(high.height);
        let kind = ExprKind::Range(Some(low.expr), low_bound, Some(high.expr), high_bound);
        self.node(kind, open.to(end), below)
    }

    /// Items separated by commas up to `close`, which stays. Goes on behind a broken item, so that the others are
    /// still checked.
    pub fn items(
        &mut self,
        close: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        if self.at_sign(close) {
            return Ok(());
        }
        loop {
            let bound_before = self.bound.len();
            let item = read(self).and_then(|()| {
                let has_ended = matches!(self.token.kind, TokenKind::End | TokenKind::Sign(_));
                if has_ended { Ok(()) } else { self.fail_stray(close) }
            });
            if let Err(failed) = item {
                self.bound.truncate(bound_before);
                if !self.recover(close) {
                    return Err(failed);
                }
            }
            if !self.eat_sign(",") {
                return Ok(());
            }
            if self.at_sign(close) && !self.at_open_range() {
                return self.fail_no_operand();
            }
        }
    }

    /// Whether the `]` at hand can begin a range such as `]1..5[`.
    fn at_open_range(&self) -> bool {
        let next = self.after(&self.token);
        self.at_sign("]")
            && match next.kind {
                TokenKind::End | TokenKind::Unknown => false,
                TokenKind::Sign(sign) => matches!(sign, "-" | "("),
                TokenKind::Word => !KEYWORDS.contains(&&self.text[next.start..next.end]),
                _ => true,
            }
    }

    /// `[a, b]` or `[low..high]`.
    fn list_or_range(&mut self) -> Parsed {
        let open = self.token_span();
        self.advance();
        let (mut items, mut below) = (Vec::new(), 0);
        self.items("]", |parser| {
            let item = parser.expression()?;
            below = below.max(item.height);
            items.push(*item.expr);
            Ok(())
        })?;
        if self.at_sign("..")
            && items.len() == 1
            && let Some(low) = items.pop()
        {
            return self.range_after_low(open, Bound::Closed, Node { expr: Box::new(low), height: below });
        }
        let end = self.close("]", '[', open)?;
        self.node(ExprKind::List(items), open.to(end), below)
    }

    /// `{key: value, "other key": value}`. A key may be used by the entries after it.
    fn context(&mut self) -> Parsed {
        let open = self.token_span();
        self.advance();
        let bound_before = self.bound.len();
        let (mut entries, mut below) = (Vec::new(), 0);
        self.items("}", |parser| {
            let (entry, height) = parser.context_entry()?;
            below = below.max(height);
            parser.bound.push(entry.key.text.clone());
            parser.declare_key(&entry.key.text);
            entries.push(entry);
            Ok(())
        })?;
        self.bound.truncate(bound_before);
        let end = self.close("}", '{', open)?;
        self.node(ExprKind::Context(entries), open.to(end), below)
    }

    /// Only keys of several words need to be known to paths.
    fn declare_key(&mut self, key: &str) {
        let is_long = key.chars().any(|c| !super::chars::continues_name(c));
        if is_long && !self.keys.iter().any(|known| known == key) {
            self.keys.push(key.to_owned());
        }
    }

    fn context_entry(&mut self) -> Result<(ContextEntry, usize), Failed> {
        let key = match &self.token.kind {
            TokenKind::Text(text) => {
                let key = Name { text: text.clone(), span: self.token_span() };
                self.advance();
                key
            }
            _ => self.name_until(|parser| parser.at_sign(":"))?,
        };
        self.expect_sign(":")?;
        let value = self.expression()?;
        Ok((ContextEntry { key, value: *value.expr }, value.height))
    }

    /// The words and signs up to where `is_end` holds, as one name.
    pub fn name_until(&mut self, is_end: impl Fn(&Self) -> bool) -> Result<Name, Failed> {
        let start = self.token.start;
        let mut end = start;
        let is_first_word = self.token.kind == TokenKind::Word;
        while is_first_word && !is_end(self) {
            let is_part = match self.token.kind {
                TokenKind::Word | TokenKind::Number(_) => true,
                TokenKind::Sign(sign) => matches!(sign, "+" | "-" | "*" | "/" | "."),
                _ => false,
            };
            if !is_part {
                break;
            }
            end = self.token.end;
            self.advance();
        }
        if end == start {
            let found = self.word().to_owned();
            return self.fail_here(SyntaxErrorKind::ExpectedName(found));
        }
        Ok(Name { text: super::parser::fold_blanks(&self.text[start..end]), span: self.span(start, end) })
    }

    /// `callee(a, b)` or `callee(x: a, y: b)`.
    pub fn call(&mut self, callee: Node) -> Parsed {
        let open = self.token_span();
        self.advance();
        let mut arguments: Vec<Argument> = Vec::new();
        let mut below = callee.height;
        self.items(")", |parser| {
            let (argument, height) = parser.argument()?;
            below = below.max(height);
            arguments.push(argument);
            Ok(())
        })?;
        let end = self.close(")", '(', open)?;
        let named = arguments.iter().filter(|argument| argument.name.is_some()).count();
        let span = callee.expr.span.to(end);
        if named != 0 && named != arguments.len() {
            return self.fail_at(span, SyntaxErrorKind::MixedArguments);
        }
        self.node(ExprKind::Call(callee.expr, arguments), span, below)
    }

    fn argument(&mut self) -> Result<(Argument, usize), Failed> {
        let name = if self.at_argument_name() {
            let name = self.name_until(|parser| parser.at_sign(":"))?;
            self.expect_sign(":")?;
            Some(name)
        } else {
            None
        };
        let value = self.expression()?;
        Ok((Argument { name, value: *value.expr }, value.height))
    }

    /// Whether words and then `:` follow.
    fn at_argument_name(&self) -> bool {
        let mut token = self.token.clone();
        let mut has_word = false;
        while token.kind == TokenKind::Word {
            has_word = true;
            token = self.after(&token);
        }
        has_word && token.kind == TokenKind::Sign(":")
    }
}
