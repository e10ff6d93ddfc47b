//! The forms in which a page is written.

use clap::ValueEnum;
use wording::page::{Page, Width};

use crate::context::Context;

/// A form in which a page is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Form {
    /// For the terminal.
    Text,
    /// One HTML file.
    Html,
    /// Markdown.
    Md,
    /// For a program.
    Json,
}

impl Form {
    /// The page in that form; JSON is the command's own affair.
    pub fn render(self, page: &Page, width: Width, context: &Context) -> String {
        match self {
            Form::Text | Form::Json => page.to_text(width, context),
            Form::Html => page.to_html(context.language),
            Form::Md => page.to_markdown(context.language),
        }
    }
}
