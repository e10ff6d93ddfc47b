//! JSON text as the same tree that YAML becomes, so that numbers keep every digit and every node knows its place.
//!
//! A general JSON reader would pass numbers through floats and drop the places; a YAML reader would let malformed JSON
//! pass. This one is strict (RFC 8259) and reports keys given twice.

use crate::yaml::{DEPTH_MAX, Node, NodeKind, Scalar};
use crate::{Diagnostic, Span};

/// Parses a JSON text. A malformed text has no tree; a key given twice is reported and its first value kept.
pub fn parse(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut parser = Parser { text, at: 0, found: Vec::new() };
    let root = parser.value(0).and_then(|root| {
        parser.skip_blanks();
        if parser.at == text.len() {
            Ok(root)
        } else {
            Err(parser.broken("多余的内容", "something follows the end"))
        }
    });
    match root {
        Ok(root) => (Some(root), parser.found),
        Err(finding) => (None, vec![*finding]),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Diagnostic>,
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Parsed<Node> {
        self.skip_blanks();
        if depth > DEPTH_MAX {
            return Err(self.broken("嵌套太深", "nested too deeply"));
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => NodeKind::Map(self.entries(depth)?),
            Some(b'[') => NodeKind::List(self.items(depth)?),
            Some(b'"') => NodeKind::Scalar(self.string()?),
            _ => NodeKind::Scalar(self.plain()?),
        };
        Ok(Node { kind, span: Span::new(start, self.at) })
    }

    fn entries(&mut self, depth: usize) -> Parsed<Vec<(Node, Node)>> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        self.at += 1;
        if self.take(b'}') {
            return Ok(entries);
        }
        loop {
            self.skip_blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.broken("这里应是加引号的键", "a key in quotes belongs here"));
            }
            let scalar = self.string()?;
            let span = Span::new(start, self.at);
            if !self.take(b':') {
                return Err(self.broken("键后缺少“:”", "“:” is missing after the key"));
            }
            let value = self.value(depth + 1)?;
            if names.insert(scalar.text.clone()) {
                entries.push((Node { kind: NodeKind::Scalar(scalar), span }, value));
            } else {
                let (zh, en) =
                    (format!("“{}”写了两次", scalar.text), format!("“{}” is given twice", scalar.text));
                self.found.push(Diagnostic::error("E0006", span, zh, en));
            }
            if self.take(b'}') {
                return Ok(entries);
            }
            if !self.take(b',') {
                return Err(self.broken("这里应是“,”或“}”", "“,” or “}” belongs here"));
            }
        }
    }

    fn items(&mut self, depth: usize) -> Parsed<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return Err(self.broken("这里应是“,”或“]”", "“,” or “]” belongs here"));
            }
        }
    }

    fn string(&mut self) -> Parsed<Scalar> {
        self.at += 1;
        let start = self.at;
        let mut text = String::new();
        let mut has_escapes = false;
        loop {
            let rest = &self.text[self.at..];
            let Some(character) = rest.chars().next() else {
                return Err(self.broken("引号没有结束", "the quotes do not end"));
            };
            match character {
                '"' => {
                    self.at += 1;
                    let text_start = (!has_escapes).then_some(start);
                    return Ok(Scalar { text, quoted: true, text_start });
                }
                '\\' => {
                    has_escapes = true;
                    self.at += 1;
                    text.push(self.escape()?);
                }
                control if control < ' ' => {
                    return Err(self.broken("引号内不能换行", "a string cannot hold line breaks"));
                }
                other => {
                    text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return Err(self.broken("不认识的转义", "unknown escape"));
            }
        })
    }

    /// `\u4e2d`, or two of them for a character beyond the first plane.
    fn unicode_escape(&mut self) -> Parsed<char> {
        let first = self.four_hex()?;
        let is_high = (0xD800..0xDC00).contains(&first);
        let code = if is_high && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.four_hex()?;
            match (0xDC00..0xE000).contains(&second) {
                true => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                false => return Err(self.broken("\\u 转义不成对", "a \\u escape lacks its second half")),
            }
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.broken("\\u 转义不成对", "a \\u escape lacks its other half"))
    }

    fn four_hex(&mut self) -> Parsed<u32> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        self.at += if code.is_some() { 4 } else { 0 };
        code.ok_or_else(|| {
            self.broken("\\u 后应是四位十六进制数", "four hexadecimal digits belong after \\u")
        })
    }

    /// A number, `true`, `false` or `null`, kept as written.
    fn plain(&mut self) -> Parsed<Scalar> {
        let start = self.at;
        let length = self.text[start..]
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
            .count();
        let text = &self.text[start..start + length];
        if !matches!(text, "true" | "false" | "null") && !is_number(text) {
            return Err(self.broken("这里应是一个值", "a value belongs here"));
        }
        self.at += length;
        Ok(Scalar { text: text.to_owned(), quoted: false, text_start: Some(start) })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips blanks and takes a sign if it comes next.
    fn take(&mut self, sign: u8) -> bool {
        self.skip_blanks();
        let is_next = self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn broken(&self, zh: &str, en: &str) -> Box<Diagnostic> {
        let span = Span::new(self.at, self.at + 1);
        Box::new(Diagnostic::error(
            "E0001",
            span,
            format!("JSON 写法有误:{zh}"),
            format!("malformed JSON: {en}"),
        ))
    }
}

/// The grammar of RFC 8259: `-0.5e+3`, but not `05`, `.5`, `5.`, `+5`.
fn is_number(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(is_digits)
}
