//! Text to tokens. The parser asks for one token at a time, because only it knows where a name of several words
//! may stand; a token is therefore found from any byte position, without state.

use super::chars::{continues_name, fold, is_space, starts_name};
use super::error::SyntaxErrorKind;
use super::literals;
use facts::Number;

/// What a token is. Signs appear in their ASCII form however they were typed.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum TokenKind {
    /// A number without unit.
    Number(Number),
    /// A number with its unit, which begins at the given byte.
    Quantity(Number, String, usize),
    /// A string, escapes resolved.
    Text(String),
    /// `@"…"`
    At(String),
    /// A keyword or a name of one word.
    Word,
    /// Operator or bracket.
    Sign(&'static str),
    /// A character that belongs to nothing; already reported.
    Unknown,
    /// The end of the text.
    End,
}

/// A token and the bytes it takes, counted from the start of the expression.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// A mistake found while reading one token.
#[derive(Debug)]
pub(super) struct Mistake {
    pub start: usize,
    pub end: usize,
    pub kind: SyntaxErrorKind,
}

/// Signs, longest first.
const SIGNS: &[&str] = &[
    "**", "..", "<=", ">=", "!=", "->", "+", "-", "*", "/", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",",
    ":", ".",
];

/// The token at or after `from`. Mistakes are reported and then passed over, so there is always a token.
pub(super) fn scan(text: &str, from: usize, mistakes: &mut Vec<Mistake>) -> Token {
    let start = skip_space(text, from, mistakes);
    let Some(first) = text[start..].chars().next() else {
        return Token { kind: TokenKind::End, start, end: start };
    };
    let after_first = start + first.len_utf8();
    let next = text[after_first..].chars().next().map(fold);
    match fold(first) {
        '"' | '“' | '”' => literals::scan_text(text, start, mistakes),
        '@' => literals::scan_at(text, start, mistakes),
        '0'..='9' => literals::scan_number(text, start, mistakes),
        '.' if next.is_some_and(|c| c.is_ascii_digit()) => literals::scan_number(text, start, mistakes),
        '≥' => Token { kind: TokenKind::Sign(">="), start, end: after_first },
        '≤' => Token { kind: TokenKind::Sign("<="), start, end: after_first },
        '≠' => Token { kind: TokenKind::Sign("!="), start, end: after_first },
        c if starts_name(c) => Token { kind: TokenKind::Word, start, end: word_end(text, start) },
        c => scan_sign(text, start).unwrap_or_else(|| {
            mistakes.push(Mistake { start, end: after_first, kind: SyntaxErrorKind::UnexpectedCharacter(c) });
            Token { kind: TokenKind::Unknown, start, end: after_first }
        }),
    }
}

/// Where the word that begins at `start` ends.
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    start + rest.find(|c| !continues_name(c)).unwrap_or(rest.len())
}

fn scan_sign(text: &str, start: usize) -> Option<Token> {
    SIGNS.iter().find_map(|sign| {
        let mut end = start;
        for wanted in sign.chars() {
            let found = text[end..].chars().next().filter(|c| fold(*c) == wanted)?;
            end += found.len_utf8();
        }
        Some(Token { kind: TokenKind::Sign(sign), start, end })
    })
}

/// The first byte at or after `from` that is neither white space nor comment.
fn skip_space(text: &str, from: usize, mistakes: &mut Vec<Mistake>) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        let trimmed = rest.trim_start_matches(is_space);
        at += rest.len() - trimmed.len();
        if trimmed.starts_with("//") {
            at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
        } else if let Some(body) = trimmed.strip_prefix("/*") {
            let Some(close) = body.find("*/") else {
                mistakes.push(Mistake { start: at, end: at + 2, kind: SyntaxErrorKind::UnterminatedComment });
                return text.len();
            };
            at += close + 4;
        } else {
            return at;
        }
    }
}
