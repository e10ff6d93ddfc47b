//! Messages about a text that a person wrote: what is wrong, where, and what to do.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::{Language, Text};

/// A stretch of a source text, in bytes from its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Codes of findings that an author may silence with a reason, in a document or at a fact. What each means is told by
/// the lint that finds it, which also sees to it that this list is complete.
pub const SILENCEABLE: [&str; 14] = [
    "W0413", "W0440", "L0101", "L0102", "L0103", "L0201", "L0202", "L0203", "L0301", "L0302", "L0303",
    "L0304", "L0401", "L0402",
];

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// It can, but a person should look.
    Warning,
}

/// One finding in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Stable code, `E0201`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: Text,
    /// What to do; empty if nothing more can be said.
    pub help: Text,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let message = Text { zh: zh.into(), en: en.into() };
        Self { code, severity: Severity::Error, span, message, help: Text::default() }
    }

    /// A warning.
    pub fn warning(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, zh, en) }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Text { zh: zh.into(), en: en.into() };
        self
    }
}

/// A text with its name, as diagnostics show it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as the person gave it.
    pub path: String,
    /// The text.
    pub text: String,
    line_starts: Vec<usize>,
}

/// Longest stretch of a source line that is shown, in columns.
const SHOWN_COLUMNS_MAX: usize = 120;

impl Source {
    /// A source.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.floor_char(byte);
        let line = self.line_starts.partition_point(|start| *start <= byte).max(1);
        let start = self.line_starts[line - 1];
        (line, self.text[start..byte].chars().count() + 1)
    }

    /// Line of a byte, from 1; unlike the column it is found without reading the line.
    pub fn line(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).max(1)
    }

    fn floor_char(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    fn line_text(&self, line: usize) -> &str {
        let start = self.line_starts[line - 1];
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The finding as a person reads it in a terminal, with the source underlined.
    pub fn render(&self, diagnostic: &Diagnostic, language: Language) -> String {
        let (line, column) = self.line_column(diagnostic.span.start);
        let word = match (diagnostic.severity, language) {
            (Severity::Error, Language::Chinese) => "错误",
            (Severity::Warning, Language::Chinese) => "警告",
            (Severity::Error, Language::English) => "error",
            (Severity::Warning, Language::English) => "warning",
        };
        let mut out = format!(
            "{word}[{}]: {}\n  --> {}:{line}:{column}\n",
            diagnostic.code,
            visible(diagnostic.message.get(language)),
            self.path
        );
        self.underline(&mut out, diagnostic.span, line);
        let help = diagnostic.help.get(language);
        if !help.is_empty() {
            let label = if language == Language::Chinese { "建议" } else { "help" };
            let _ = writeln!(out, "  = {label}: {}", visible(help));
        }
        out
    }

    fn underline(&self, out: &mut String, span: Span, line: usize) {
        let text = self.line_text(line);
        let line_start = self.line_starts[line - 1];
        let from = self.floor_char(span.start).saturating_sub(line_start).min(text.len());
        let to = self.floor_char(span.end).saturating_sub(line_start).clamp(from, text.len());
        let window = window_start(text, from);
        let shown = shorten(&visible(&text[window..]));
        let lead = visible(&text[window..from]);
        let marked = UnicodeWidthStr::width(visible(&text[from..to]).as_str()).clamp(1, SHOWN_COLUMNS_MAX);
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let _ = writeln!(out, " {gutter} |");
        let _ = writeln!(out, " {number} | {shown}");
        let _ = writeln!(
            out,
            " {gutter} | {}{}",
            " ".repeat(UnicodeWidthStr::width(lead.as_str())),
            "^".repeat(marked)
        );
    }
}

/// The text with a blank for each tab and a sign for each other control character, which could move a terminal's cursor.
fn visible(text: &str) -> String {
    let sign = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(sign).collect()
}

/// Where to start showing a long line so that the finding is in sight.
fn window_start(text: &str, from: usize) -> usize {
    if UnicodeWidthStr::width(&text[..from]) < SHOWN_COLUMNS_MAX * 2 / 3 {
        return 0;
    }
    text[..from].char_indices().rev().nth(30).map_or(0, |(at, _)| at)
}

fn shorten(text: &str) -> String {
    let mut width = 0;
    let mut out = String::new();
    for character in text.chars() {
        width += UnicodeWidthStr::width(character.encode_utf8(&mut [0; 4]) as &str);
        if width > SHOWN_COLUMNS_MAX {
            out.push('…');
            break;
        }
        out.push(character);
    }
    out
}
