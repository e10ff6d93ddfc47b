//! A page to be read: sections of paragraphs, lists, terms and tables, written once and rendered as terminal text,
//! Markdown or HTML. The renderers place; they add no words but those that a form of output needs.
//!
//! | file | what |
//! | --- | --- |
//! | `text.rs` | for a terminal, within its width |
//! | `wrap.rs` | lines of Chinese and English text |
//! | `markdown.rs` | Markdown with tables |
//! | `typography.rs` | marks as Chinese print has them, in Markdown and HTML |
//! | `html.rs`, `markup.rs`, `page.css` | one self-contained HTML file; elements that close themselves, text that is escaped |

mod html;
mod markdown;
mod markup;
mod text;
mod typography;
mod wrap;

use facts::Language;
use serde_json::{Value, json};

use crate::Reader;

pub use text::Width;

/// A page.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    /// The one heading of the first level.
    pub title: String,
    /// A short word on where the thing stands: `施行中`.
    pub state: Option<State>,
    /// What comes before the sections.
    pub lead: Vec<Block>,
    /// The sections, in the order in which a reader needs them.
    pub sections: Vec<Section>,
    /// What the page rests on.
    pub foot: Vec<String>,
}

/// How something stands; told by word and shape, coloured beside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// In a word.
    pub word: String,
    /// Whether it holds.
    pub is_good: bool,
}

/// A section with a heading of the second level.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Stable name: the anchor, and the key in JSON.
    pub key: &'static str,
    /// Heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A paragraph that says most in few words.
    Strong(String),
    /// Something to mind.
    Note(String),
    /// A heading of the third level.
    Heading(String),
    /// A list.
    Items(Vec<Item>),
    /// Terms with what they mean.
    Terms(Vec<(String, String)>),
    /// A table.
    Table(Table),
}

/// An entry of a list.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Item {
    /// Stable name within its section, where there is one.
    pub key: String,
    /// What it says.
    pub text: String,
    /// Short remarks: an article, who decides.
    pub tags: Vec<String>,
    /// Further lines.
    pub details: Vec<String>,
    /// What is asked of the entries below: all, or one of them.
    pub ask: String,
    /// Entries below.
    pub inner: Vec<Item>,
    /// The threshold it consists of.
    pub bound: Option<crate::phrase::Bound>,
}

impl Item {
    /// An entry under a name that stays.
    pub fn keyed(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), ..Self::default() }
    }
}

/// A table with a caption.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// Stable name within its section.
    pub key: String,
    /// What it shows.
    pub caption: String,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// Rows; each begins with what it is about.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Whether a column holds figures alone, which align right.
    pub fn is_numeric(&self, column: usize) -> bool {
        let cells = || self.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        column > 0
            && cells().next().is_some()
            && cells().all(|cell| cell.starts_with(|first: char| first.is_ascii_digit() || first == '−'))
    }
}

impl Page {
    /// Adds a section unless it is empty.
    pub fn push(&mut self, key: &'static str, title: impl Into<String>, blocks: Vec<Block>) {
        if !blocks.is_empty() {
            self.sections.push(Section { key, title: title.into(), blocks });
        }
    }

    /// The page for a terminal, within a width.
    pub fn to_text(&self, width: Width, reader: &Reader) -> String {
        text::render(self, width, reader)
    }

    /// The page as one HTML file.
    pub fn to_html(&self, language: Language) -> String {
        html::render(self, language)
    }

    /// The page as Markdown.
    pub fn to_markdown(&self, language: Language) -> String {
        markdown::render(self, language)
    }

    /// The sections as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "title": self.title,
            "lead": self.lead.iter().map(block_json).collect::<Vec<_>>(),
            "sections": self.sections.iter().map(|section| json!({
                "key": section.key,
                "title": section.title,
                "blocks": section.blocks.iter().map(block_json).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    }
}

fn block_json(block: &Block) -> Value {
    match block {
        Block::Text(text) | Block::Strong(text) => json!({"text": text}),
        Block::Note(text) => json!({"note": text}),
        Block::Heading(text) => json!({"heading": text}),
        Block::Items(items) => json!({"items": items.iter().map(item_json).collect::<Vec<_>>()}),
        Block::Terms(terms) => {
            json!({"terms": terms.iter().map(|(term, text)| json!([term, text])).collect::<Vec<_>>()})
        }
        Block::Table(table) => {
            json!({"table": {"caption": table.caption, "head": table.head, "rows": table.rows}})
        }
    }
}

fn item_json(item: &Item) -> Value {
    json!({
        "key": item.key,
        "text": item.text,
        "tags": item.tags,
        "details": item.details,
        "ask": item.ask,
        "items": item.inner.iter().map(item_json).collect::<Vec<_>>(),
    })
}

/// A colon in that language.
fn colon(language: Language) -> &'static str {
    if language == Language::Chinese { ":" } else { ": " }
}

/// Whether a text is an address on the web and nothing else.
fn is_address(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && !text.contains(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '"'))
}
