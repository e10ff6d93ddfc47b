//! Types, as they stand after `instance of` and behind parameters.

use std::fmt;

use super::chars::{fold, is_space, starts_name};
use super::lexer::word_end;
use super::names::longest_of;
use super::parser::fold_blanks;

/// Deepest nesting of a type.
const TYPE_DEPTH_MAX: usize = 50;

/// A type of FEEL. Its text form is canonical: `list<number>`, `context<a: string>`, `function<number>->any`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// A type without parts, by name: `number`, `days and time duration`, `Any`, or one that a model defines.
    Named(String),
    /// `list<item>`
    List(Box<Type>),
    /// `range<end>`
    Range(Box<Type>),
    /// `context<key: type, …>`
    Context(Vec<(String, Type)>),
    /// `function<parameter, …>->result`
    Function(Vec<Type>, Box<Type>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Named(name) => f.write_str(name),
            Type::List(item) => write!(f, "list<{item}>"),
            Type::Range(end) => write!(f, "range<{end}>"),
            Type::Context(members) => {
                let members: Vec<String> = members.iter().map(|(key, of)| format!("{key}: {of}")).collect();
                write!(f, "context<{}>", members.join(", "))
            }
            Type::Function(parameters, result) => {
                let parameters: Vec<String> = parameters.iter().map(Type::to_string).collect();
                write!(f, "function<{}>->{result}", parameters.join(", "))
            }
        }
    }
}

/// Type names of several words.
const LONG_NAMES: &[&str] = &["date and time", "days and time duration", "years and months duration"];

/// Reads a type that takes the whole text.
pub fn parse_type(text: &str) -> Option<Type> {
    let (parsed, end) = read_type(text, 0)?;
    text[end..].trim_start_matches(is_space).is_empty().then_some(parsed)
}

/// Reads the type at byte `start`; returns it and the byte after it.
pub(super) fn read_type(text: &str, start: usize) -> Option<(Type, usize)> {
    let mut reader = Reader { text, at: start, depth: 0 };
    let parsed = reader.read()?;
    Some((parsed, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<Type> {
        if self.depth >= TYPE_DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let name = self.name()?;
        let parsed = match name.as_str() {
            "list" if self.eat("<") => {
                let item = self.read()?;
                self.expect(">")?;
                Type::List(Box::new(item))
            }
            "range" if self.eat("<") => {
                let end = self.read()?;
                self.expect(">")?;
                Type::Range(Box::new(end))
            }
            "context" if self.eat("<") => Type::Context(self.listed(Self::member)?),
            "function" if self.eat("<") => {
                let parameters = self.listed(Self::read)?;
                self.expect("->")?;
                Type::Function(parameters, Box::new(self.read()?))
            }
            _ => Type::Named(name),
        };
        self.depth -= 1;
        Some(parsed)
    }

    /// Items up to `>`.
    fn listed<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        if self.eat(">") {
            return Some(items);
        }
        loop {
            items.push(read(self)?);
            if !self.eat(",") {
                self.expect(">")?;
                return Some(items);
            }
        }
    }

    fn member(&mut self) -> Option<(String, Type)> {
        self.skip_space();
        let rest = &self.text[self.at..];
        let key = fold_blanks(&rest[..rest.find(|c| matches!(fold(c), ':' | ',' | '<' | '>'))?]);
        if !key.starts_with(starts_name) {
            return None;
        }
        self.at += rest.find(|c| fold(c) == ':')?;
        self.expect(":")?;
        Some((key, self.read()?))
    }

    /// A type name of several words, or a word, or words joined by dots.
    fn name(&mut self) -> Option<String> {
        self.skip_space();
        let rest = &self.text[self.at..];
        if let Some(length) = longest_of(LONG_NAMES.iter().copied(), rest) {
            self.at += length;
            return Some(fold_blanks(&rest[..length]));
        }
        let start = self.at;
        loop {
            if !self.text[self.at..].starts_with(starts_name) {
                return None;
            }
            self.at = word_end(self.text, self.at);
            let rest = &self.text[self.at..];
            if !(rest.starts_with('.') && rest[1..].starts_with(starts_name)) {
                return Some(self.text[start..self.at].to_owned());
            }
            self.at += 1;
        }
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches(is_space).len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        let mut end = self.at;
        end += self.text[end..].len() - self.text[end..].trim_start_matches(is_space).len();
        for wanted in sign.chars() {
            match self.text[end..].chars().next() {
                Some(found) if fold(found) == wanted => end += found.len_utf8(),
                _ => return false,
            }
        }
        self.at = end;
        true
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.eat(sign).then_some(())
    }
}
