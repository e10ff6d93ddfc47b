//! A page as one HTML file: no script, nothing from elsewhere, readable on a phone, in the dark and on paper.

use facts::Language;

use super::markup::Markup;
use super::{Block, Item, Page, Table, colon};

/// Colours, type and space.
const STYLE: &str = include_str!("page.css");

/// The page as HTML.
pub fn render(page: &Page, language: Language) -> String {
    let zh = language == Language::Chinese;
    let mut html = Markup::new(language);
    html.verbatim("<!DOCTYPE html>\n");
    html.element("html", &[("lang", if zh { "zh-CN" } else { "en" })], |html| {
        html.line();
        html.element("head", &[], |html| head(html, page));
        html.line();
        html.element("body", &[], |html| {
            html.text_element(
                "a",
                &[("class", "skip"), ("href", "#main")],
                if zh { "跳到正文" } else { "Skip to content" },
            );
            html.line();
            html.element("main", &[("id", "main")], |html| {
                html.element("header", &[], |html| self::lead(html, page, language));
                html.line();
                contents(html, page, language);
                page.sections.iter().for_each(|section| {
                    let label = format!("{}-title", section.key);
                    html.element("section", &[("id", section.key), ("aria-labelledby", &label)], |html| {
                        html.text_element("h2", &[("id", &label)], &section.title);
                        html.line();
                        blocks(html, &section.blocks, language);
                    });
                    html.line();
                });
            });
            html.line();
            if !page.foot.is_empty() {
                html.element("footer", &[], |html| {
                    page.foot.iter().for_each(|line| html.text_element("p", &[], line));
                });
            }
        });
    });
    html.line();
    html.finish()
}

fn head(html: &mut Markup, page: &Page) {
    html.void("meta", &[("charset", "utf-8")]);
    html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.element("title", &[], |html| html.verbatim(&plain_title(&page.title)));
    html.element("style", &[], |html| html.verbatim(STYLE));
}

/// A title holds no elements, so Chinese in it is not marked.
fn plain_title(title: &str) -> String {
    let mut plain = Markup::new(Language::Chinese);
    plain.text(title);
    plain.finish()
}

fn lead(html: &mut Markup, page: &Page, language: Language) {
    if let Some(state) = &page.state {
        let class = if state.is_good { "state good" } else { "state" };
        html.text_element("p", &[("class", class)], &state.word);
    }
    html.text_element("h1", &[], &page.title);
    html.line();
    blocks(html, &page.lead, language);
}

fn contents(html: &mut Markup, page: &Page, language: Language) {
    let label = if language == Language::Chinese { "本页内容" } else { "On this page" };
    html.element("nav", &[("aria-label", label)], |html| {
        html.element("ul", &[], |html| {
            for section in &page.sections {
                let place = format!("#{}", section.key);
                html.element("li", &[], |html| html.text_element("a", &[("href", &place)], &section.title));
            }
        });
    });
    html.line();
}

fn blocks(html: &mut Markup, blocks: &[Block], language: Language) {
    for block in blocks {
        match block {
            Block::Text(text) => html.element("p", &[], |html| line(html, text)),
            Block::Strong(text) => html.text_element("p", &[("class", "strong")], text),
            Block::Note(text) => html.text_element("p", &[("class", "note")], text),
            Block::Heading(text) => html.text_element("h3", &[], text),
            Block::Items(items) => self::items(html, items, language),
            Block::Terms(terms) => html.element("dl", &[], |html| {
                for (term, text) in terms {
                    html.element("div", &[], |html| {
                        html.text_element("dt", &[], term);
                        html.element("dd", &[], |html| line(html, text));
                    });
                }
            }),
            Block::Table(table) => self::table(html, table),
        }
        html.line();
    }
}

/// Text or an address, which is a link.
fn line(html: &mut Markup, text: &str) {
    if super::is_address(text) {
        html.text_element("a", &[("href", text), ("rel", "noreferrer")], text);
    } else {
        html.text(text);
    }
}

fn items(html: &mut Markup, items: &[Item], language: Language) {
    html.element("ul", &[], |html| {
        for item in items {
            html.element("li", &[], |html| {
                line(html, &item.text);
                for tag in &item.tags {
                    html.text(" ");
                    html.text_element("span", &[("class", "tag")], tag);
                }
                for detail in &item.details {
                    html.text_element("p", &[("class", "detail")], detail);
                }
                if item.inner.is_empty() {
                    return;
                }
                html.element("div", &[("class", "group")], |html| {
                    if !item.ask.is_empty() {
                        let ask = format!("{}{}", item.ask, colon(language).trim_end());
                        html.text_element("p", &[("class", "ask")], &ask);
                    }
                    self::items(html, &item.inner, language);
                });
            });
            html.line();
        }
    });
}

fn table(html: &mut Markup, table: &Table) {
    // A wide table scrolls by itself, also by keyboard; the page does not.
    html.element("div", &[("class", "wide"), ("tabindex", "0"), ("role", "group")], |html| {
        html.element("table", &[], |html| {
            if !table.caption.is_empty() {
                html.text_element("caption", &[], &table.caption);
            }
            let class = |column: usize| match table.is_numeric(column) {
                true => vec![("class", "number")],
                false => Vec::new(),
            };
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for (column, head) in table.head.iter().enumerate() {
                        let attributes = [vec![("scope", "col")], class(column)].concat();
                        html.text_element("th", &attributes, head);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for row in &table.rows {
                    html.element("tr", &[], |html| {
                        for (column, cell) in row.iter().enumerate() {
                            if column == 0 {
                                html.text_element("th", &[("scope", "row")], cell);
                            } else {
                                html.text_element("td", &class(column), cell);
                            }
                        }
                    });
                }
            });
        });
    });
}
