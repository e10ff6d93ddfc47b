//! What changed between two versions of a policy, as a page and as JSON.

use engine::point::{Entry, Rulebook};
use facts::{Date, Language, Source};
use lang::ir::Document;
use serde_json::{Value, json};

use super::Writer;
use super::changes::{Became, Change, Changes, Pages, Turn, between};
use crate::Reader;
use crate::json::bilingual;
use crate::page::{Block, Item, Page};

/// What changed from one version to another, by section; the day is the one that their pages are for.
pub fn changes(old: &Entry, new: &Entry, rulebook: &Rulebook, sources: &[Source], day: Date) -> Vec<Changes> {
    let pages = |entry: &Entry| {
        let page = |language| Writer::new(entry, rulebook, sources, day, &Reader::of(language)).page();
        Pages { zh: page(Language::Chinese), en: page(Language::English) }
    };
    between(&pages(old), &pages(new))
}

/// When a document is in force, in words.
pub fn in_force(document: &Document, reader: &Reader) -> String {
    match (document.to, reader.is_chinese()) {
        (None, true) => format!("{} 起", document.from),
        (None, false) => format!("from {}", document.from),
        (Some(to), true) => format!("{} 至 {to}", document.from),
        (Some(to), false) => format!("{} to {to}", document.from),
    }
}

/// The changes for a program.
pub fn to_json(old: &Entry, new: &Entry, changes: &[Changes]) -> Value {
    let side = |entry: &Entry| json!({"policy": entry.document.id, "version": entry.document.from.to_string(), "until": entry.document.to.map(|day| day.to_string())});
    let all: Vec<Value> = changes
        .iter()
        .flat_map(|section| {
            section.changes.iter().map(move |change| {
                json!({
                    "section": section.key,
                    "key": change.key,
                    "change": change.became.as_code(),
                    "turn": change.turn.map(Turn::as_code),
                    "place": bilingual(&change.place),
                    "old": bilingual(&change.old),
                    "new": bilingual(&change.new),
                "old_more": bilingual(&change.old_more),
                "new_more": bilingual(&change.new_more),
                })
            })
        })
        .collect();
    json!({"old": side(old), "new": side(new), "changes": all})
}

/// The changes as a page.
pub fn page(old: &Entry, new: &Entry, changes: &[Changes], reader: &Reader) -> Page {
    let name = |entry: &Entry| {
        let document = &entry.document;
        let number = document.legal.document.join(reader.say("、", ", "));
        let number = if number.is_empty() { String::new() } else { format!(" · {number}") };
        format!("{} · {}{number}", document.id, in_force(document, reader))
    };
    let title = reader.text(&new.document.short);
    let count: usize = changes.iter().map(|section| section.changes.len()).sum();
    let mut page = Page {
        title: reader.say(&format!("{title}:改了什么"), &format!("{title}: what changed")).to_owned(),
        lead: vec![
            Block::Terms(vec![
                (reader.say("旧版", "Old").to_owned(), name(old)),
                (reader.say("新版", "New").to_owned(), name(new)),
            ]),
            Block::Text(match count {
                0 => reader.say("两版的内容没有不同。", "The two say the same.").to_owned(),
                _ => {
                    reader.say(&format!("共 {count} 处不同。"), &format!("Differences: {count}.")).to_owned()
                }
            }),
        ],
        ..Page::default()
    };
    for section in changes {
        let items = section.changes.iter().map(|change| item(change, reader)).collect();
        page.push(section.key, reader.text(&section.title), vec![Block::Items(items)]);
    }
    page
}

fn item(change: &Change, reader: &Reader) -> Item {
    let (old, new) = (reader.text(&change.old), reader.text(&change.new));
    let none = reader.say("(没有)", "(nothing)");
    let or_none = |text: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let (word, says) = match change.became {
        Became::Added => (reader.say("新增", "Added"), new.to_owned()),
        Became::Removed => (reader.say("取消", "Removed"), old.to_owned()),
        Became::Changed => (reader.say("改变", "Changed"), format!("{} → {}", or_none(old), or_none(new))),
    };
    let place = reader.text(&change.place);
    let colon = reader.say(":", ": ");
    let says = if place.is_empty() { says } else { format!("{place}{colon}{says}") };
    let mut tags = Vec::new();
    tags.extend(change.turn.map(|turn| {
        match turn {
            Turn::Tighter => reader.say("收紧", "tighter"),
            Turn::Looser => reader.say("放宽", "looser"),
        }
        .to_owned()
    }));
    let (old, new) = (reader.text(&change.old_more), reader.text(&change.new_more));
    let more = if old.is_empty() && new.is_empty() {
        None
    } else {
        Some(format!("{} → {}", or_none(old), or_none(new)))
    };
    let details = more.into_iter().collect();
    Item { tags, details, ..Item::keyed(&change.key, format!("{word}{colon}{says}")) }
}
