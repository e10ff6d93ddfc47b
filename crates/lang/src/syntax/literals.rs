//! Numbers with their units, strings and `@"…"`.

use super::chars::{fold, is_space, is_unit_char};
use super::error::SyntaxErrorKind;
use super::lexer::{Mistake, Token, TokenKind};
use facts::DIGITS_MAX;
use facts::Number;

/// Reads `12`, `1.5`, `.5`, full-width digits, and a unit directly behind: `2000万元`, `5%`, `10000m²`.
pub(super) fn scan_number(text: &str, start: usize, mistakes: &mut Vec<Mistake>) -> Token {
    let (digits, end) = number_text(text, start);
    let number = if digits.len() > DIGITS_MAX { None } else { digits.parse::<Number>().ok() };
    let number = number.unwrap_or_else(|| {
        mistakes.push(Mistake { start, end, kind: SyntaxErrorKind::NumberTooLong });
        Number::zero()
    });
    match unit_after(text, end, mistakes) {
        Some((unit, unit_end)) => {
            Token { kind: TokenKind::Quantity(number, unit, end), start, end: unit_end }
        }
        None => Token { kind: TokenKind::Number(number), start, end },
    }
}

/// The digits in ASCII and where they end. A dot belongs to the number only before a digit, so `1..5` is a range.
fn number_text(text: &str, start: usize) -> (String, usize) {
    let (mut digits, mut end, mut has_dot) = (String::new(), start, false);
    let mut rest = text[start..].chars().peekable();
    while let Some(c) = rest.next() {
        let plain = fold(c);
        let before_digit = rest.peek().is_some_and(|next| fold(*next).is_ascii_digit());
        if plain == '.' && !has_dot && before_digit {
            has_dot = true;
        } else if !plain.is_ascii_digit() {
            break;
        }
        digits.push(plain);
        end += c.len_utf8();
    }
    (digits, end)
}

/// The unit that begins at `start`, in its plain form, and where it ends. An unknown one is reported and passed over.
fn unit_after(text: &str, start: usize, mistakes: &mut Vec<Mistake>) -> Option<(String, usize)> {
    let rest = &text[start..];
    let run = &rest[..rest.find(|c| !is_unit_char(c)).unwrap_or(rest.len())];
    if run.is_empty() {
        return None;
    }
    let plain: String = run.chars().map(|c| if c == '％' { '%' } else { c }).collect();
    let end = start + run.len();
    let first = run.chars().next().map_or(0, char::len_utf8);
    let is_sign = run.starts_with(['%', '％', '‰', '°']);
    if facts::unit::is_unit(&plain) {
        return Some((plain, end));
    }
    if is_sign && !run[first..].starts_with(is_unit_char) {
        return Some((plain, end));
    }
    let is_exponent =
        plain.strip_prefix(['e', 'E']).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let kind = if is_exponent {
        SyntaxErrorKind::ExponentNotation
    } else {
        SyntaxErrorKind::UnknownUnit(plain.clone())
    };
    mistakes.push(Mistake { start, end, kind });
    Some((plain, end))
}

/// Reads `@"…"`.
pub(super) fn scan_at(text: &str, start: usize, mistakes: &mut Vec<Mistake>) -> Token {
    let sign = text[start..].chars().next().map_or(0, char::len_utf8);
    let rest = &text[start + sign..];
    let quote = text.len() - rest.trim_start_matches(is_space).len();
    if !text[quote..].starts_with(['"', '“', '”']) {
        mistakes.push(Mistake { start, end: start + sign, kind: SyntaxErrorKind::AtWithoutText });
        return Token { kind: TokenKind::At(String::new()), start, end: start + sign };
    }
    let inner = scan_text(text, quote, mistakes);
    let kind = match inner.kind {
        TokenKind::Text(value) => TokenKind::At(value),
        other => other,
    };
    Token { kind, start, end: inner.end }
}

/// Reads a string. One opened by `"` ends at `"`, one opened by `“` or `”` ends at `”`; both end on their line.
/// A backslash before any other character than those of the grammar stands for itself, as regular expressions need.
pub(super) fn scan_text(text: &str, start: usize, mistakes: &mut Vec<Mistake>) -> Token {
    let open = text[start..].chars().next().unwrap_or('"');
    let close = if open == '"' { '"' } else { '”' };
    let mut value = String::new();
    let mut at = start + open.len_utf8();
    while let Some(c) = text[at..].chars().next() {
        match c {
            _ if c == close => {
                return Token { kind: TokenKind::Text(value), start, end: at + c.len_utf8() };
            }
            '\n' | '\r' => break,
            '\\' => at = scan_escape(text, at, &mut value, mistakes),
            _ => {
                value.push(c);
                at += c.len_utf8();
            }
        }
    }
    mistakes.push(Mistake { start, end: at, kind: SyntaxErrorKind::UnterminatedText });
    Token { kind: TokenKind::Text(value), start, end: at }
}

/// Reads the escape at `start` into `value`; returns the byte after it.
fn scan_escape(text: &str, start: usize, value: &mut String, mistakes: &mut Vec<Mistake>) -> usize {
    let body = &text[start + 1..];
    let Some(c) = body.chars().next() else {
        value.push('\\');
        return start + 1;
    };
    let plain = match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\'' | '"' | '\\' => c,
        'u' | 'U' => {
            let Some((character, length)) = code_point(body) else {
                mistakes.push(Mistake { start, end: start + 2, kind: SyntaxErrorKind::BadEscape });
                return start + 2;
            };
            value.push(character);
            return start + 1 + length;
        }
        _ => {
            value.push('\\');
            return start + 1;
        }
    };
    value.push(plain);
    start + 1 + c.len_utf8()
}

/// Reads `uXXXX`, `uXXXXuXXXX` as a pair of surrogates with its second backslash, or `UXXXXXX`; with the bytes taken.
fn code_point(body: &str) -> Option<(char, usize)> {
    let hex = |from: usize, digits: usize| {
        let part = body.get(from..from + digits)?;
        if !part.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(part, 16).ok()
    };
    if body.starts_with('U') {
        return Some((char::from_u32(hex(1, 6)?)?, 7));
    }
    let high = hex(1, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, 5));
    }
    let low = if body.get(5..7) == Some("\\u") {
        hex(7, 4)?
    } else {
        return None;
    };
    if !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 11))
}
