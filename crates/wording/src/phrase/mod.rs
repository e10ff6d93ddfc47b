//! A checked expression in words, Chinese or English: `上年研发费用占上年营业收入的比例不低于5%`.
//!
//! Every kind of expression has its words; nothing is shown as it is written in the rule. Names that the document
//! itself gives (named values, tables, scores) stand in quotes and are explained once, where the page lists them.
//!
//! | file | what |
//! | --- | --- |
//! | `truth.rs` | what holds or fails |
//! | `compare.rs` | comparisons, shares, growth, the same in each of several years |
//! | `value.rs` | numbers, days, lists |
//! | `literal.rs` | constants as the document writes them |
//! | `name.rs` | facts, periods, statuses, other documents |

mod compare;
mod literal;
mod name;
mod truth;
mod value;

#[cfg(test)]
mod tests;

use engine::point::Rulebook;
use facts::{Language, Vocabulary};
use lang::ir::Document;

pub use compare::Bound;
pub use value::quoted;

/// How deep phrases nest before the rest is only pointed at; no rule that a person wrote comes near.
const DEPTH_MAX: usize = 40;

/// Turns the expressions of one document into words.
#[derive(Clone, Copy, Debug)]
pub struct Phrases<'a> {
    /// The document that the expressions belong to.
    pub document: &'a Document,
    /// The other documents, and the vocabulary.
    pub rulebook: &'a Rulebook,
    /// The text that the document was read from: constants are shown as it writes them. May be empty.
    pub text: &'a str,
    /// Of the words.
    pub language: Language,
    /// Years are left out, since they were named before.
    is_undated: bool,
    depth: usize,
}

impl<'a> Phrases<'a> {
    /// Words for a document.
    pub fn new(document: &'a Document, rulebook: &'a Rulebook, text: &'a str, language: Language) -> Self {
        Self { document, rulebook, text, language, is_undated: false, depth: 0 }
    }

    fn vocabulary(&self) -> &'a Vocabulary {
        &self.rulebook.vocabulary
    }

    fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }

    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.is_chinese() { zh } else { en }
    }

    /// One of two sentences, made already.
    fn either(&self, zh: String, en: String) -> String {
        if self.is_chinese() { zh } else { en }
    }

    fn undated(self) -> Self {
        Self { is_undated: true, ..self }
    }

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Things side by side: `甲、乙和丙` · `a, b and c`.
    fn and(&self, parts: &[String]) -> String {
        self.enumerate(parts, "和", " and ")
    }

    /// Things to choose from: `甲、乙或丙` · `a, b or c`.
    fn or(&self, parts: &[String]) -> String {
        self.enumerate(parts, "或", " or ")
    }

    fn enumerate(&self, parts: &[String], zh: &str, en: &str) -> String {
        let Some((last, before)) = parts.split_last() else { return String::new() };
        if before.is_empty() {
            return last.clone();
        }
        format!("{}{}{last}", before.join(self.say("、", ", ")), self.say(zh, en))
    }
}
