//! A page as Markdown: headings, nested lists, tables.

use facts::Language;

use super::{Block, Item, Page, Table, colon, typography};

/// Signs that mean something to Markdown wherever they stand.
const SIGNS: [char; 10] = ['\\', '`', '*', '_', '[', ']', '<', '>', '|', '~'];

/// The page as Markdown.
pub fn render(page: &Page, language: Language) -> String {
    let written = write(page, language);
    if language == Language::English {
        return written;
    }
    // Addresses stand in lines of their own sign, which no Chinese mark touches.
    written.lines().map(|line| format!("{}\n", typography::chinese(line))).collect()
}

fn write(page: &Page, language: Language) -> String {
    let mut out = format!("# {}\n", plain(&page.title));
    if let Some(state) = &page.state {
        out.push_str(&format!("\n**{}**\n", plain(&state.word)));
    }
    blocks(&mut out, &page.lead, language);
    for section in &page.sections {
        out.push_str(&format!("\n## {}\n", plain(&section.title)));
        blocks(&mut out, &section.blocks, language);
    }
    if !page.foot.is_empty() {
        out.push_str("\n---\n");
    }
    for line in &page.foot {
        out.push_str(&format!("\n{}\n", plain(line)));
    }
    out
}

fn blocks(out: &mut String, blocks: &[Block], language: Language) {
    for block in blocks {
        out.push('\n');
        match block {
            Block::Text(text) => out.push_str(&format!("{}\n", line(text))),
            Block::Strong(text) => out.push_str(&format!("**{}**\n", plain(text))),
            Block::Note(text) => out.push_str(&format!("> {}\n", line(text))),
            Block::Heading(text) => out.push_str(&format!("### {}\n", plain(text))),
            Block::Items(items) => self::items(out, items, 0, language),
            Block::Terms(terms) => {
                for (term, text) in terms {
                    let colon = colon(language);
                    out.push_str(&format!("- **{}{}** {}\n", plain(term), colon.trim_end(), line(text)));
                }
            }
            Block::Table(table) => self::table(out, table),
        }
    }
}

fn items(out: &mut String, items: &[Item], depth: usize, language: Language) {
    let indent = "  ".repeat(depth);
    for item in items {
        let zh = language == Language::Chinese;
        let tag =
            |tag: &String| if zh { format!("〔{}〕", plain(tag)) } else { format!(" ({})", plain(tag)) };
        let tags: String = item.tags.iter().map(tag).collect();
        out.push_str(&format!("{indent}- {}{tags}\n", line(&item.text)));
        for detail in &item.details {
            out.push_str(&format!("{indent}  <br>{}\n", plain(detail)));
        }
        if !item.ask.is_empty() {
            out.push_str(&format!("{indent}  <br>{}{}\n", plain(&item.ask), colon(language).trim_end()));
        }
        self::items(out, &item.inner, depth + 1, language);
    }
}

fn table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        out.push_str(&format!("{}\n\n", plain(&table.caption)));
    }
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| line(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    out.push_str(&row(&table.head));
    let rule = |column| if table.is_numeric(column) { "---:" } else { "---" };
    let rules: Vec<&str> = (0..table.head.len()).map(rule).collect();
    out.push_str(&format!("| {} |\n", rules.join(" | ")));
    for cells in &table.rows {
        out.push_str(&row(cells));
    }
}

/// Text or an address, which stays a link.
fn line(text: &str) -> String {
    if super::is_address(text) { format!("<{text}>") } else { plain(text) }
}

/// Text in which nothing means anything to Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_start = true;
    for character in text.chars() {
        let starts = is_start && matches!(character, '#' | '+' | '-' | '=');
        if SIGNS.contains(&character) || starts {
            out.push('\\');
        }
        out.push(if character == '\n' { ' ' } else { character });
        is_start = character == '\n';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_in_a_text_are_escaped() {
        assert_eq!(plain("a|b *c* <d> [e]_f\n# g"), "a\\|b \\*c\\* \\<d\\> \\[e\\]\\_f \\# g");
        assert_eq!(plain("- 1. x"), "\\- 1. x");
    }
}
