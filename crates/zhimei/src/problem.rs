//! What went wrong, in both languages: an error that ends a command.

use std::fmt;
use std::io::Write as _;

use facts::Text;

use crate::context::Context;

/// Why a command could not run, and what to do next.
#[derive(Clone, Debug)]
pub struct Problem {
    message: Text,
    help: Text,
}

impl Problem {
    /// A problem without help.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Text { zh: zh.into(), en: en.into() }, help: Text::default() }
    }

    /// With what to do next.
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
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Problem {}

/// Prints an error that ends the command.
pub fn print(error: &anyhow::Error, context: &Context) {
    let mut out = std::io::stderr().lock();
    let word = context.say("错误", "error");
    let result = match error.downcast_ref::<Problem>() {
        Some(problem) => {
            let help = context.text(&problem.help);
            let colon = context.say(":", ": ");
            let first = writeln!(out, "{word}{colon}{}", context.text(&problem.message));
            if help.is_empty() {
                first
            } else {
                first.and_then(|()| writeln!(out, "  {}{colon}{help}", context.say("建议", "help")))
            }
        }
        None => writeln!(out, "{word}: {error:#}"),
    };
    // Nobody is left to tell where standard error itself is closed.
    drop(result);
}
