//! The parser's frame: the current token, the limits, the errors, and the names in scope.
//!
//! `operators.rs` climbs precedence, `operands.rs` reads what stands between operators, and `bindings.rs` reads
//! the forms that bring names with them.

use super::error::{SyntaxError, SyntaxErrorKind};
use super::lexer::{Mistake, Token, TokenKind, scan};
use super::limits::{DEPTH_MAX, ERRORS_MAX, NODES_MAX, SOURCE_BYTES_MAX};
use super::names::{Names, longest_builtin, longest_of};
use crate::ast::{Expr, ExprKind, Name, Span};

/// Reads one expression. `base` is the offset of `text` in its file; every span counts from there. `names` knows
/// the names of several words.
///
/// There is a tree unless its shape could not be made out; mistakes inside a literal still leave one.
pub fn parse(text: &str, base: usize, names: &dyn Names) -> (Option<Expr>, Vec<SyntaxError>) {
    if text.len() > SOURCE_BYTES_MAX {
        let span = Span::new(base, base + text.len());
        return (None, vec![SyntaxError { span, kind: SyntaxErrorKind::TooLong }]);
    }
    let mut parser = Parser::new(text, base, names);
    if parser.at_end() {
        parser.error_here(SyntaxErrorKind::Empty);
        return (None, parser.errors);
    }
    let tree = parser.expression().and_then(|node| parser.expect_end().map(|()| *node.expr)).ok();
    let is_whole = !parser.is_broken;
    parser.errors.sort_by_key(|error| error.span);
    (tree.filter(|_| is_whole), parser.errors)
}

/// An error has been recorded; the caller passes it up or recovers.
#[derive(Debug)]
pub(super) struct Failed;

/// A subtree and its height, which the limit on depth needs. Boxed, so that the frames of the recursion stay small.
pub(super) struct Node {
    pub expr: Box<Expr>,
    pub height: usize,
}

pub(super) type Parsed = Result<Node, Failed>;

/// Words that are never names of one word.
pub(super) const KEYWORDS: &[&str] = &[
    "and",
    "between",
    "else",
    "every",
    "external",
    "false",
    "for",
    "function",
    "if",
    "in",
    "instance",
    "null",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];

/// The state of one run.
pub(super) struct Parser<'t> {
    pub text: &'t str,
    pub token: Token,
    /// Names bound by the forms around the current place, innermost last.
    pub bound: Vec<String>,
    /// Keys of contexts met so far; a path may name one of several words.
    pub keys: Vec<String>,
    base: usize,
    names: &'t dyn Names,
    errors: Vec<SyntaxError>,
    is_broken: bool,
    is_fatal: bool,
    depth: usize,
    pub nodes: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, base: usize, names: &'t dyn Names) -> Self {
        let start = Token { kind: TokenKind::End, start: 0, end: 0 };
        let mut parser = Self {
            text,
            token: start,
            bound: Vec::new(),
            keys: Vec::new(),
            base,
            names,
            errors: Vec::new(),
            is_broken: false,
            is_fatal: false,
            depth: 0,
            nodes: 0,
        };
        parser.advance_to(0);
        parser
    }

    // --- tokens ---

    /// Takes the current token and reads the next.
    pub fn advance(&mut self) -> Token {
        let end = self.token.end;
        let taken = self.token.clone();
        self.advance_to(end);
        taken
    }

    /// Reads the token at or after byte `from`.
    pub fn advance_to(&mut self, from: usize) {
        let mut mistakes = Vec::new();
        self.token = scan(self.text, from, &mut mistakes);
        for Mistake { start, end, kind } in mistakes {
            self.record(self.span(start, end), kind);
        }
    }

    /// The token after `token`, without moving.
    pub fn after(&self, token: &Token) -> Token {
        scan(self.text, token.end, &mut Vec::new())
    }

    /// The text of the current token.
    pub fn word(&self) -> &'t str {
        &self.text[self.token.start..self.token.end]
    }

    pub fn at_end(&self) -> bool {
        self.token.kind == TokenKind::End
    }

    pub fn at_sign(&self, sign: &str) -> bool {
        matches!(self.token.kind, TokenKind::Sign(found) if found == sign)
    }

    /// Whether the current token is this keyword.
    pub fn at_keyword(&self, keyword: &str) -> bool {
        self.token.kind == TokenKind::Word && self.word() == keyword
    }

    pub fn eat_sign(&mut self, sign: &str) -> bool {
        let is_there = self.at_sign(sign);
        if is_there {
            self.advance();
        }
        is_there
    }

    pub fn eat_keyword(&mut self, keyword: &str) -> bool {
        let is_there = self.at_keyword(keyword);
        if is_there {
            self.advance();
        }
        is_there
    }

    pub fn expect_sign(&mut self, sign: &'static str) -> Result<(), Failed> {
        if self.eat_sign(sign) { Ok(()) } else { self.fail_expected(sign) }
    }

    pub fn expect_keyword(&mut self, keyword: &'static str) -> Result<(), Failed> {
        if self.eat_keyword(keyword) { Ok(()) } else { self.fail_expected(keyword) }
    }

    fn fail_expected<T>(&mut self, expected: &'static str) -> Result<T, Failed> {
        let found = self.word().to_owned();
        self.fail_here(SyntaxErrorKind::Expected { expected, found })
    }

    /// Nothing may follow a whole expression; says what seems to be missing where something does.
    fn expect_end(&mut self) -> Result<(), Failed> {
        let found = self.word().to_owned();
        match self.token.kind {
            TokenKind::End => Ok(()),
            TokenKind::Unknown => self.fail_silently(),
            TokenKind::Sign(")" | "]" | "}") => self.fail_here(SyntaxErrorKind::UnexpectedClosing(found)),
            _ => {
                let kind = self.unit_with_blank().map_or(SyntaxErrorKind::MissingOperator(found), |unit| {
                    SyntaxErrorKind::BlankBeforeUnit(unit)
                });
                self.fail_here(kind)
            }
        }
    }

    /// The unit that stands at the current token behind a bare number and a blank, as in `2000 万元`.
    pub fn unit_with_blank(&self) -> Option<String> {
        let before = self.text[..self.token.start].trim_end();
        let has_number = before.len() < self.token.start && before.ends_with(|c: char| c.is_ascii_digit());
        (has_number && facts::unit::is_unit(self.word())).then(|| self.word().to_owned())
    }

    // --- errors ---

    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    pub fn token_span(&self) -> Span {
        self.span(self.token.start, self.token.end)
    }

    fn record(&mut self, span: Span, kind: SyntaxErrorKind) {
        if self.errors.len() < ERRORS_MAX && !self.is_fatal {
            self.errors.push(SyntaxError { span, kind });
        }
    }

    pub fn error_here(&mut self, kind: SyntaxErrorKind) {
        self.record(self.token_span(), kind);
    }

    /// Records a mistake in the tree's shape at `span`.
    pub fn fail_at<T>(&mut self, span: Span, kind: SyntaxErrorKind) -> Result<T, Failed> {
        self.record(span, kind);
        self.is_broken = true;
        Err(Failed)
    }

    /// Records a mistake in the tree's shape at the current token.
    pub fn fail_here<T>(&mut self, kind: SyntaxErrorKind) -> Result<T, Failed> {
        self.fail_at(self.token_span(), kind)
    }

    /// Gives up where the mistake has been recorded already.
    pub fn fail_silently<T>(&mut self) -> Result<T, Failed> {
        self.is_broken = true;
        Err(Failed)
    }

    fn fail_for_good<T>(&mut self, kind: SyntaxErrorKind) -> Result<T, Failed> {
        let failed = self.fail_here(kind);
        self.is_fatal = true;
        failed
    }

    /// After a failure inside brackets: moves to the next comma or to `close` on the same level, so that the other
    /// items are still checked. False where there is neither, or where a limit was hit.
    pub fn recover(&mut self, close: &str) -> bool {
        if self.is_fatal {
            return false;
        }
        let mut open = 0_usize;
        loop {
            match self.token.kind {
                TokenKind::End => return false,
                TokenKind::Sign("(" | "[" | "{") => open += 1,
                TokenKind::Sign(sign) if open == 0 && (sign == "," || sign == close) => return true,
                TokenKind::Sign(")" | "]" | "}") if open > 0 => open -= 1,
                TokenKind::Sign(")" | "]" | "}") => return false,
                _ => {}
            }
            self.advance();
        }
    }

    /// Runs `read`, which takes the rest up to `close` and past it. Where it fails, moves past `close` all the same,
    /// so that the brackets outside stay in step.
    pub fn enclosed<T>(
        &mut self,
        close: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let result = read(self);
        if result.is_err() {
            while self.recover(close) && !self.eat_sign(close) {
                self.advance();
            }
        }
        result
    }

    // --- limits ---

    /// Runs `read` one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Failed>) -> Result<T, Failed> {
        if self.depth >= DEPTH_MAX {
            return self.fail_for_good(SyntaxErrorKind::TooDeep);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Counts nodes; an error when there are too many.
    pub fn count_nodes(&mut self, count: usize) -> Result<(), Failed> {
        self.nodes += count;
        if self.nodes > NODES_MAX { self.fail_for_good(SyntaxErrorKind::TooManyNodes) } else { Ok(()) }
    }

    /// Makes a node over children that are at most `below` high.
    pub fn node(&mut self, kind: ExprKind, span: Span, below: usize) -> Parsed {
        self.count_nodes(1)?;
        if below >= DEPTH_MAX {
            return self.fail_for_good(SyntaxErrorKind::TooDeep);
        }
        Ok(Node { expr: Box::new(Expr { kind, span }), height: below + 1 })
    }

    // --- names ---

    /// Where the name at the current word ends: the longest declared one, else the word.
    pub fn name_end(&self) -> usize {
        let rest = &self.text[self.token.start..];
        let bound = longest_of(self.bound.iter().map(String::as_str), rest);
        let longest = bound.max(self.names.longest(rest)).max(longest_builtin(rest)).unwrap_or(0);
        // A caller's length could fall inside a character; such a name is ignored.
        let declared = self.token.start.saturating_add(longest);
        if self.text.is_char_boundary(declared) { declared.max(self.token.end) } else { self.token.end }
    }

    /// Takes the source up to `end` as a name.
    pub fn take_name(&mut self, end: usize) -> Name {
        let start = self.token.start;
        let name = Name { text: fold_blanks(&self.text[start..end]), span: self.span(start, end) };
        self.advance_to(end);
        name
    }

    /// Runs `read` with `names` in scope.
    pub fn with_bound<T>(&mut self, names: &[Name], read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.bound.len();
        self.bound.extend(names.iter().map(|name| name.text.clone()));
        let result = read(self);
        self.bound.truncate(before);
        result
    }
}

/// White space folded to single blanks.
pub(super) fn fold_blanks(text: &str) -> String {
    let words: Vec<&str> = text.split(super::chars::is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
