//! One mapping of a vocabulary file, read key by key; whatever is wrong is noted and reading goes on.

use crate::yaml::{Node, NodeKind};
use crate::{Diagnostic, Span, Text, nearest};

/// A mapping whose keys are known, and where to note what is wrong with it.
pub(crate) struct Section<'n, 'f> {
    entries: &'n [(Node, Node)],
    /// The first key, where something about the whole is reported.
    pub(crate) head: Span,
    found: &'f mut Vec<Diagnostic>,
}

/// A word with its place.
pub(crate) type Word = (String, Span);

impl<'n, 'f> Section<'n, 'f> {
    /// Opens a mapping; notes keys that are not among `known`. `None` if it is no mapping.
    pub(crate) fn open(node: &'n Node, known: &[&str], found: &'f mut Vec<Diagnostic>) -> Option<Self> {
        let Some(entries) = node.as_map() else {
            found.push(wrong_shape(node.span, "一组“键: 值”", "a mapping"));
            return None;
        };
        for (key, _) in entries {
            let name = key.as_text().unwrap_or_default();
            if !known.contains(&name) {
                found.push(unknown_key(key.span, name, known));
            }
        }
        let head = entries.first().map_or(node.span, |(key, _)| key.span);
        Some(Self { entries, head, found })
    }

    /// The value under a key; null counts as absent.
    pub(crate) fn node(&self, key: &str) -> Option<&'n Node> {
        let (_, value) = self.entries.iter().find(|(known, _)| known.as_text() == Some(key))?;
        (!value.is_null()).then_some(value)
    }

    /// Notes a finding.
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// A scalar's text with its place.
    pub(crate) fn word(&mut self, key: &str) -> Option<Word> {
        let node = self.node(key)?;
        self.scalar(node)
    }

    /// A scalar's text with its place; its absence is noted.
    pub(crate) fn required(&mut self, key: &str) -> Option<Word> {
        if self.node(key).is_none() {
            self.missing(key, &format!("请补上“{key}: …”"), &format!("add “{key}: …”"));
        }
        self.word(key)
    }

    /// Notes that a key is missing, and what to write.
    pub(crate) fn missing(&mut self, key: &str, help_zh: &str, help_en: &str) {
        let missing =
            Diagnostic::error("E0011", self.head, format!("缺少“{key}”"), format!("“{key}” is missing"));
        self.found.push(missing.with_help(help_zh, help_en));
    }

    /// A list of scalars; one alone counts as a list.
    pub(crate) fn words(&mut self, key: &str) -> Vec<Word> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        match &node.kind {
            NodeKind::List(items) => items.iter().filter_map(|item| self.scalar(item)).collect(),
            _ => self.scalar(node).into_iter().collect(),
        }
    }

    /// A text in both languages; a bare scalar is Chinese.
    pub(crate) fn text(&mut self, key: &str) -> Text {
        let Some(node) = self.node(key) else {
            return Text::default();
        };
        if node.as_map().is_none() {
            return self.scalar(node).map(|(zh, _)| Text { zh, en: String::new() }).unwrap_or_default();
        }
        let Some(mut both) = Section::open(node, &["zh", "en"], self.found) else {
            return Text::default();
        };
        let mut plain = |key| both.word(key).map(|(text, _)| text).unwrap_or_default();
        Text { zh: plain("zh"), en: plain("en") }
    }

    /// English label; empty if there is none.
    pub(crate) fn english(&mut self) -> String {
        self.word("en").map(|(text, _)| text).unwrap_or_default()
    }

    /// `true` or `false`; absent is false.
    pub(crate) fn yes(&mut self, key: &str) -> bool {
        self.choice(key, "E0025", &[("true", true), ("false", false), ("是", true), ("否", false)])
            .unwrap_or(false)
    }

    /// One of several words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &str,
        code: &'static str,
        known: &[(&str, T)],
    ) -> Option<T> {
        let (word, span) = self.word(key)?;
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == word) {
            return Some(*value);
        }
        let all = known.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let finding = Diagnostic::error(
            code,
            span,
            format!("“{key}”不能是“{word}”"),
            format!("“{key}” cannot be “{word}”"),
        );
        self.found.push(with_choices(finding, &word, &all));
        None
    }

    fn scalar(&mut self, node: &Node) -> Option<Word> {
        match node.as_text() {
            Some(text) => Some((text.trim().to_owned(), node.span)),
            None => {
                self.found.push(wrong_shape(node.span, "一个词或数", "a single word or number"));
                None
            }
        }
    }
}

/// Something else was expected here.
pub(crate) fn wrong_shape(span: Span, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error("E0019", span, format!("这里应是{zh}"), format!("{en} belongs here"))
}

fn unknown_key(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let finding =
        Diagnostic::error("E0010", span, format!("没有“{name}”这个键"), format!("there is no key “{name}”"));
    with_choices(finding, name, known)
}

/// Adds the nearest of the allowed words as help, or all of them where none is near.
pub(crate) fn with_choices(finding: Diagnostic, word: &str, known: &[&str]) -> Diagnostic {
    match nearest(word, known.iter().copied()) {
        Some(near) => finding.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
        None => {
            let all = known.join(" ");
            finding.with_help(format!("可用:{all}"), format!("one of: {all}"))
        }
    }
}
