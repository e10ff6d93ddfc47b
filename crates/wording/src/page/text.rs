//! A page for the terminal, within its width.

use facts::Language;

use super::wrap::wrap;
use super::{Block, Item, Page, Table, colon};
use crate::Reader;
use crate::style;
use crate::table::{self, width};

/// Columns of a page where nobody tells.
const COLUMNS: usize = 80;

/// A page is no wider than this: longer lines are hard to follow.
const COLUMNS_MAX: usize = 100;

/// And no narrower.
const COLUMNS_MIN: usize = 40;

/// Blanks between columns.
const GAP: usize = 2;

/// The first column of a table is no narrower than this.
const FIRST_COLUMN_MIN: usize = 20;

/// Indentation of what stands below.
const INDENT: usize = 2;

/// Columns that a page may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Width(usize);

impl Width {
    /// Of a terminal of so many columns; of a file or pipe where there is none.
    pub fn of(columns: Option<usize>) -> Self {
        Self(columns.unwrap_or(COLUMNS).clamp(COLUMNS_MIN, COLUMNS_MAX))
    }
}

/// The page as text.
pub fn render(page: &Page, width: Width, reader: &Reader) -> String {
    let mut writer = Writer { out: String::new(), columns: width.0, reader };
    writer.title(page);
    writer.blocks(&page.lead);
    for section in &page.sections {
        writer.out.push('\n');
        writer.line(0, &style::heading(&section.title, reader));
        writer.blocks(&section.blocks);
    }
    if !page.foot.is_empty() {
        writer.out.push('\n');
    }
    for line in &page.foot {
        for line in wrap(line, writer.columns) {
            writer.line(0, &style::quiet(&line, reader));
        }
    }
    writer.out
}

struct Writer<'c> {
    out: String,
    columns: usize,
    reader: &'c Reader,
}

impl Writer<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// The title with how the thing stands behind it, or below where that has no room.
    fn title(&mut self, page: &Page) {
        let (word, is_good) = match &page.state {
            Some(state) => {
                (format!("{} {}", if state.is_good { "●" } else { "–" }, state.word), state.is_good)
            }
            None => (String::new(), true),
        };
        let painted = if is_good { style::good(&word, self.reader) } else { style::open(&word, self.reader) };
        let lines = wrap(&page.title, self.columns);
        let has_room = lines.last().is_some_and(|line| width(line) + GAP + width(&word) <= self.columns);
        for (at, line) in lines.iter().enumerate() {
            let line_shown = style::heading(line, self.reader);
            let is_last = at + 1 == lines.len();
            if is_last && has_room && !word.is_empty() {
                self.line(0, &format!("{line_shown}{}{painted}", " ".repeat(GAP)));
            } else {
                self.line(0, &line_shown);
            }
        }
        if !has_room && !word.is_empty() {
            self.line(0, &painted);
        }
    }

    fn language(&self) -> Language {
        self.reader.language
    }

    /// Text with a mark in front and its further lines below the text.
    fn paragraph(&mut self, indent: usize, mark: &str, text: &str) {
        let inside = indent + width(mark);
        for (at, line) in wrap(text, self.columns.saturating_sub(inside)).iter().enumerate() {
            if at == 0 {
                self.line(indent, &format!("{mark}{line}"));
            } else {
                self.line(inside, line);
            }
        }
    }

    fn quiet(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.columns.saturating_sub(indent)) {
            let line = style::quiet(&line, self.reader);
            self.line(indent, &line);
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text(text) => self.paragraph(INDENT, "", text),
                Block::Strong(text) => {
                    for line in wrap(text, self.columns - INDENT) {
                        let line = style::heading(&line, self.reader);
                        self.line(INDENT, &line);
                    }
                }
                Block::Note(text) => self.paragraph(INDENT, "! ", text),
                Block::Heading(text) => {
                    self.out.push('\n');
                    self.paragraph(INDENT, "", text);
                }
                Block::Items(items) => self.items(items, INDENT),
                Block::Terms(terms) => self.terms(terms),
                Block::Table(table) => self.table(table),
            }
        }
    }

    fn items(&mut self, items: &[Item], indent: usize) {
        for item in items {
            let tags: String = item.tags.iter().map(|tag| self.tag(tag)).collect();
            self.paragraph(indent, "· ", &format!("{}{tags}", item.text));
            let below = indent + width("· ");
            for detail in &item.details {
                self.quiet(below, detail);
            }
            if !item.inner.is_empty() {
                if !item.ask.is_empty() {
                    self.paragraph(below, "", &format!("{}{}", item.ask, colon(self.language()).trim_end()));
                }
                self.items(&item.inner, below);
            }
        }
    }

    fn tag(&self, tag: &str) -> String {
        self.reader.say(&format!("〔{tag}〕"), &format!(" [{tag}]")).to_owned()
    }

    fn terms(&mut self, terms: &[(String, String)]) {
        for (term, text) in terms {
            let mark = format!("{term}{}", colon(self.language()));
            self.paragraph(INDENT, &mark, text);
        }
    }

    /// Columns, the first of which gives way; where even that is too wide, a row a paragraph.
    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.paragraph(INDENT, "", &table.caption);
        }
        let indent = 2 * INDENT;
        let rows: Vec<&Vec<String>> = std::iter::once(&table.head).chain(&table.rows).collect();
        let widest =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
        let widths: Vec<usize> = (0..table.head.len()).map(|column| widest(column).unwrap_or(0)).collect();
        let (first, rest) = widths.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
        let others: usize = rest.iter().map(|columns| columns + GAP).sum();
        let room = self.columns.saturating_sub(indent + others);
        if room < first.min(FIRST_COLUMN_MIN) {
            self.rows(table, indent);
            return;
        }
        let first = first.min(room);
        let mut before: Option<&String> = None;
        for (at, row) in rows.into_iter().enumerate() {
            let Some((name, cells)) = row.split_first() else { continue };
            // What several rows are about is said once.
            let name = if before.replace(name) == Some(name) { "" } else { name };
            for (line_at, line) in wrap(name, first).iter().enumerate() {
                let mut line = table::pad(line, first);
                if line_at == 0 {
                    for (cell, columns) in cells.iter().zip(rest) {
                        line.push_str(&" ".repeat(GAP));
                        line.push_str(&table::pad(cell, *columns));
                    }
                }
                let line = line.trim_end();
                let line = if at == 0 { style::quiet(line, self.reader) } else { line.to_owned() };
                self.line(indent, &line);
            }
        }
    }

    fn rows(&mut self, table: &Table, indent: usize) {
        let colon = colon(self.language());
        for row in &table.rows {
            let Some((first, rest)) = row.split_first() else { continue };
            let cells = rest.iter().zip(table.head.iter().skip(1)).filter(|(cell, _)| !cell.is_empty());
            let cells: Vec<String> = match rest {
                [only] => vec![only.clone()],
                _ => cells.map(|(cell, head)| format!("{head}{colon}{cell}")).collect(),
            };
            self.paragraph(indent, "· ", &format!("{first}{colon}{}", cells.join("; ")));
        }
    }
}
