//! What is told to the person who filled in the file.

use crate::{Diagnostic, Language, Profile, Severity, Span, Text};

/// What was read, and what could not be.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReadOutcome {
    /// The subjects in order of the file.
    pub profiles: Vec<Profile>,
    /// What was not understood, in order of the file; empty if all was.
    pub problems: Vec<ReadProblem>,
}

/// Something in a file that was not understood and was left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadProblem {
    /// File, sheet, row and column, as a person finds them again.
    pub place: Text,
    /// Stable code, `E0034`.
    pub code: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What to write instead; empty if nothing more can be said.
    pub help: Text,
}

impl ReadProblem {
    /// In one line: place, what is wrong, what to do.
    pub fn render(&self, language: Language) -> String {
        let help = self.help.get(language);
        let (colon, stop) = if language == Language::Chinese { (":", "。") } else { (": ", ". ") };
        let end = if help.is_empty() { String::new() } else { format!("{stop}{help}") };
        format!("[{}] {}{colon}{}{end}", self.code, self.place.get(language), self.message.get(language))
    }
}

/// What is wrong with a single cell or key, wherever it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellProblem {
    /// Stable code, `E0034`.
    pub code: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What to write instead; empty if nothing more can be said.
    pub help: Text,
}

impl CellProblem {
    /// A problem without help.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Text { zh: zh.into(), en: en.into() }, help: Text::default() }
    }

    /// With what to write instead.
    #[must_use]
    pub fn with_help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Text { zh: zh.into(), en: en.into() };
        self
    }

    /// With the name that was probably meant, if there is one.
    #[must_use]
    pub fn with_guess(self, guess: Option<&str>) -> Self {
        match guess {
            Some(name) => self.with_help(format!("是不是“{name}”?"), format!("did you mean “{name}”?")),
            None => self,
        }
    }

    /// As a problem of a file.
    pub fn at(self, place: Text) -> ReadProblem {
        ReadProblem { place, code: self.code, message: self.message, help: self.help }
    }

    /// As a finding in a source text.
    pub fn in_source(self, span: Span) -> Diagnostic {
        let Self { code, message, help } = self;
        Diagnostic { code, severity: Severity::Error, span, message, help }
    }
}

/// A text of the person's, shortened and quoted for a message.
pub(super) fn shown(text: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 40;
    let mut characters = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out: String = characters.by_ref().take(SHOWN_CHARS_MAX).collect();
    if characters.next().is_some() {
        out.push('…');
    }
    out
}
