//! Whom words are for.

use facts::{Language, Text};

/// Somebody who reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reader {
    /// Language of everything a person reads.
    pub language: Language,
    /// Whether the text may hold colours, as a terminal shows them.
    pub has_colour: bool,
}

impl Reader {
    /// Somebody who reads that language, without colours.
    pub fn of(language: Language) -> Self {
        Self { language, has_colour: false }
    }

    /// The text in the reader's language.
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// Chinese or English text as it was written.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// Whether the reader reads Chinese.
    pub fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }
}
