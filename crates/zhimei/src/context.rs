//! What every command knows: the language, colours, and which library to read.

use std::path::PathBuf;
use std::process::ExitCode;

use facts::{Language, Text};

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It ran and found nothing wrong.
    Fine,
    /// It ran and found something wrong.
    FoundWrong,
    /// It could not run.
    CouldNotRun,
}

impl Status {
    /// Fine unless something is wrong.
    pub fn wrong_if(is_wrong: bool) -> Self {
        if is_wrong { Status::FoundWrong } else { Status::Fine }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::FoundWrong => 1,
            Status::CouldNotRun => 2,
        })
    }
}

/// The settings that hold for every command.
#[derive(Clone, Debug)]
pub struct Context {
    /// Language of everything a person reads.
    pub language: Language,
    /// Whether standard output may hold colours.
    pub has_colour: bool,
    /// Columns of the terminal; none where output goes elsewhere.
    pub columns: Option<usize>,
    /// A library to read instead of the one in the binary.
    pub library: Option<PathBuf>,
}

impl Context {
    /// The text in the chosen language.
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

    /// Whether a person reads Chinese.
    pub fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }
}
