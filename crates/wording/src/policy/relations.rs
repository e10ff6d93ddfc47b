//! Other policies: which exclude this one, how benefits add up, what it replaced; and its versions.

use super::Writer;
use crate::page::{Block, Item, Table};

impl Writer<'_> {
    pub(super) fn relations(&self) -> Vec<Block> {
        let document = self.document;
        let mut items = Vec::new();
        for id in self.exclusive() {
            let title = self.words.title(&id);
            items.push(Item::keyed(
                &id,
                self.either(
                    format!("不能与《{title}》({id})同时享受,只能选一项"),
                    format!("Not together with “{title}” ({id}): choose one"),
                ),
            ));
        }
        let stacking = self.own(&document.stacking);
        if !stacking.is_empty() {
            items.push(Item::keyed("stacking", stacking));
        }
        for id in &document.supersedes {
            let title = self.words.title(id);
            items.push(Item::keyed(
                format!("supersedes:{id}"),
                self.either(format!("代替《{title}》({id})"), format!("Replaces “{title}” ({id})")),
            ));
        }
        if let Some(id) = &document.superseded_by {
            let title = self.words.title(id);
            items.push(Item::keyed(
                format!("superseded:{id}"),
                self.either(format!("后来由《{title}》({id})代替"), format!("Replaced by “{title}” ({id})")),
            ));
        }
        if items.is_empty() { Vec::new() } else { vec![Block::Items(items)] }
    }

    /// Policies that this one excludes, and those that exclude it.
    fn exclusive(&self) -> Vec<String> {
        let id = &self.document.id;
        let mut out = self.document.exclusive_with.clone();
        let others = self.rulebook.entries().iter().map(|entry| &entry.document);
        let excluding = others.filter(|other| other.id != *id && other.exclusive_with.contains(id));
        for other in excluding {
            if !out.contains(&other.id) {
                out.push(other.id.clone());
            }
        }
        out
    }

    pub(super) fn versions(&self) -> Vec<Block> {
        let say = |zh: &str, en: &str| self.reader.say(zh, en).to_owned();
        let versions: Vec<_> =
            self.rulebook.versions(&self.document.id).map(|entry| &entry.document).collect();
        let mut blocks = Vec::new();
        let transition = self.own(&self.document.transition);
        if !transition.is_empty() {
            blocks.push(Block::Text(transition));
        }
        let row = |document: &&lang::ir::Document| {
            let is_this = document.from == self.document.from;
            let mark = if is_this { say("(本页)", " (this page)") } else { String::new() };
            vec![
                format!("{}{mark}", document.from),
                document.to.map_or_else(|| say("至今", "open"), |day| day.to_string()),
                self.side_by_side(&document.legal.document),
            ]
        };
        blocks.push(Block::Table(Table {
            key: "versions".to_owned(),
            caption: String::new(),
            head: vec![say("自", "From"), say("至", "To"), say("文号", "Document")],
            rows: versions.iter().map(row).collect(),
        }));
        if versions.len() > 1 {
            let id = &self.document.id;
            blocks.push(Block::Text(self.either(
                format!("两版有什么不同:zhimei policy diff {id}"),
                format!("What changed between them: zhimei policy diff {id}"),
            )));
        }
        blocks
    }
}
