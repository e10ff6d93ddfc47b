//! Title, standing and source: what it is, whether it holds, and where the figures were read.

use engine::point::Standing;

use super::Writer;
use crate::page::{Block, Page, State};
use crate::words;

impl Writer<'_> {
    /// The page as far as its first section.
    pub(super) fn head(&self) -> Page {
        let document = self.document;
        let mut lead = Vec::new();
        lead.extend(self.standing().map(Block::Note));
        let summary = self.own(&document.summary);
        if !summary.is_empty() {
            lead.push(Block::Text(summary));
        }
        lead.push(Block::Terms(self.head_terms()));
        let is_good = self.is_in_force();
        let word = if is_good {
            self.reader.say("施行中", "in force")
        } else if document.from.start > self.day {
            self.reader.say("尚未施行", "not yet in force")
        } else {
            self.reader.say("已不施行", "no longer in force")
        };
        let (id, from, day) = (&document.id, document.from, self.day);
        let foot = vec![
            self.either(
                format!("政策编号 {id},版本 {from},按 {day} 的情形写。"),
                format!("Policy {id}, version {from}, as of {day}."),
            ),
            self.reader
                .say(
                    "本页由判断用的同一份规则写成,便于阅读;以发布单位的原文为准。",
                    "This page is written from the very rules that decide, to be read easily; the issuer’s own text is what counts.",
                )
                .to_owned(),
        ];
        Page {
            title: self.own(&document.title),
            state: Some(State { word: word.to_owned(), is_good }),
            lead,
            sections: Vec::new(),
            foot,
        }
    }

    /// Whether this version is the one that holds on the day.
    fn is_in_force(&self) -> bool {
        match self.rulebook.on(&self.document.id, self.day) {
            Some(Standing::InForce(entry)) => std::ptr::eq(&entry.document, self.document),
            _ => false,
        }
    }

    /// Why the version does not hold on the day, and what to look at instead.
    fn standing(&self) -> Option<String> {
        if self.is_in_force() {
            return None;
        }
        let (document, day) = (self.document, self.day);
        let mut said = match document.to {
            _ if document.from.start > day => self.either(
                format!("{day} 还没有施行:自 {} 起。", document.from),
                format!("Not in force on {day} yet: it will be from {}.", document.from),
            ),
            Some(to) => self.either(
                format!("{day} 已不施行:施行到 {to} 为止。下面是这一版的内容。"),
                format!("No longer in force on {day}: it held until {to}. What follows is this version."),
            ),
            None => self.either(
                format!("{day} 施行的是另一个版本。"),
                format!("Another version is in force on {day}."),
            ),
        };
        if let Some(successor) = &document.superseded_by {
            let title = self.words.title(successor);
            said.push_str(&self.either(
                format!("已由《{title}》接替:zhimei policy show {successor}"),
                format!(" “{title}” took over: zhimei policy show {successor}"),
            ));
        }
        Some(said)
    }

    /// Who, which text, when, and how sure: as terms.
    fn head_terms(&self) -> Vec<(String, String)> {
        let (document, reader, language) = (self.document, self.reader, self.reader.language);
        let legal = &document.legal;
        let mut out = Vec::new();
        let mut put = |zh: &str, en: &str, text: String| {
            if !text.is_empty() {
                out.push((reader.say(zh, en).to_owned(), text));
            }
        };
        put("发布单位", "Issued by", self.side_by_side(&legal.issuer));
        put("文号", "Document", self.side_by_side(&legal.document));
        put("施行", "In force", super::diff::in_force(document, reader));
        let read = legal
            .read
            .map_or_else(String::new, |day| self.either(format!(",{day} 核读"), format!(", read on {day}")));
        put("依据", "Basis", format!("{}{read}", words::grade(&legal.grade, language)));
        out
    }

    /// The rest of what is known of the text.
    pub(super) fn source(&self) -> Vec<Block> {
        let (document, reader, language) = (self.document, self.reader, self.reader.language);
        let legal = &document.legal;
        let (level, kind) = (words::level(&document.level, language), words::kind(&document.kind, language));
        let mut out = vec![(reader.say("类别", "Kind").to_owned(), format!("{level} · {kind}"))];
        let mut put = |zh: &str, en: &str, text: String| {
            if !text.is_empty() {
                out.push((reader.say(zh, en).to_owned(), text));
            }
        };
        put("文件名", "Title of the text", legal.name.clone());
        put("印发", "Published", legal.published.map(|day| day.to_string()).unwrap_or_default());
        put("网址", "Address", legal.url.clone());
        vec![Block::Terms(out)]
    }
}
