//! What a rule of the lint is: its code, and what a person is told about it.

use facts::{Diagnostic, Language, Span};

/// A text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Both {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Both {
    /// In that language.
    pub fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// A rule: one kind of finding.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable code, `L0101`.
    pub code: &'static str,
    /// What it finds.
    pub what: Both,
    /// A case of it, as a document or the vocabulary would write it.
    pub example: &'static str,
    /// What to do about it.
    pub mend: Both,
}

impl Rule {
    /// A finding of this rule, with what to do about it.
    pub(super) fn finding(&self, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.code, span, zh, en).with_help(self.mend.zh, self.mend.en)
    }
}
