//! What the page of a policy says, from the same document that decides: every sentence comes from it or is put in words
//! from its rules.
//!
//! | file | section |
//! | --- | --- |
//! | `head.rs` | title, standing, source |
//! | `benefit.rs` | what one gets |
//! | `conditions.rs` | who can have it |
//! | `scores.rs` | points |
//! | `terms.rs` | named values, lists, bands, tables, each explained once |
//! | `applying.rs` | how, when, with what; which facts to have ready |
//! | `relations.rs` | other policies, versions |
//! | `open.rs` | what is not certain |
//!
//! | file | beside the page |
//! | --- | --- |
//! | `counts.rs` | what nobody can work out or has verified |
//! | `json.rs` | a document as JSON |
//! | `changes.rs`, `diff.rs` | what changed between two versions: found between their pages; as a page and as JSON |

pub mod changes;
pub mod diff;
pub mod json;

mod applying;
mod benefit;
mod conditions;
mod counts;
mod head;
mod open;
mod relations;
mod scores;
mod terms;

use engine::point::{Entry, Rulebook};
use facts::{Date, Source, Text};
use lang::ir::{Condition, Document, Expr, Points, Test};

use crate::Reader;
use crate::page::{Block, Item, Page};
use crate::phrase::Phrases;

pub use counts::{manual_conditions, unseen_clauses};

#[cfg(test)]
mod tests;

/// Somebody who reads a document to put it into words.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The version.
    pub document: &'a Document,
    /// The other policies.
    pub rulebook: &'a Rulebook,
    /// The texts they were read from.
    pub sources: &'a [Source],
    /// The day that the page is for.
    pub day: Date,
    /// Language.
    pub reader: &'a Reader,
    words: Phrases<'a>,
}

impl<'a> Writer<'a> {
    /// Reads a version of a policy on a day.
    pub fn new(
        entry: &'a Entry,
        rulebook: &'a Rulebook,
        sources: &'a [Source],
        day: Date,
        reader: &'a Reader,
    ) -> Self {
        let document = &entry.document;
        let text = sources.iter().find(|source| source.path == document.path);
        let text = text.map_or("", |source| source.text.as_str());
        let words = Phrases::new(document, rulebook, text, reader.language);
        Self { document, rulebook, sources, day, reader, words }
    }

    /// The page.
    pub fn page(&self) -> Page {
        let reader = self.reader;
        let mut page = self.head();
        page.push("benefit", reader.say("您能得到什么", "What you get"), self.benefit());
        page.push("conditions", reader.say("谁可以申请", "Who can have it"), self.conditions());
        page.push("score", reader.say("怎么打分", "How points are given"), self.scores());
        page.push("terms", reader.say("这些数怎么算", "How figures are worked out"), self.terms());
        page.push("apply", reader.say("怎么申请", "How to apply"), self.applying());
        page.push("ready", reader.say("先备好这些", "What to have ready"), self.ready());
        page.push("relations", reader.say("与其他政策", "Beside other policies"), self.relations());
        page.push("open", reader.say("还不确定的", "What is not certain"), self.open());
        page.push("notes", reader.say("说明", "Notes"), self.plain_items(&self.document.notes));
        page.push("source", reader.say("出处", "Source"), self.source());
        page.push("versions", reader.say("历次版本", "Versions"), self.versions());
        page
    }

    /// The document's own words; those without English are said to be Chinese.
    fn own(&self, text: &Text) -> String {
        let shown = self.reader.text(text);
        if !self.reader.is_chinese() && text.en.is_empty() && !shown.is_empty() {
            return format!("{shown} (Chinese only)");
        }
        shown.to_owned()
    }

    /// A list of the document's own texts.
    fn plain_items(&self, texts: &[Text]) -> Vec<Block> {
        let items: Vec<Item> = texts.iter().map(|text| Item::keyed(&text.zh, self.own(text))).collect();
        if items.is_empty() { Vec::new() } else { vec![Block::Items(items)] }
    }

    /// Things side by side.
    fn side_by_side(&self, parts: &[String]) -> String {
        parts.join(self.reader.say("、", ", "))
    }

    /// One of two sentences, made already.
    fn either(&self, zh: String, en: String) -> String {
        if self.reader.is_chinese() { zh } else { en }
    }

    /// An article as a remark, or that nobody saw it.
    fn clause(&self, clause: Option<&String>) -> String {
        match clause {
            Some(clause) => clause.clone(),
            None => self.reader.say("条款待核", "article not verified").to_owned(),
        }
    }
}

/// A sentence that begins with a capital, where letters have them.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Calls `visit` with every expression of a document and all that stand within.
fn every_expr<'d>(document: &'d Document, visit: &mut dyn FnMut(&'d Expr)) {
    fn below<'d>(expr: &'d Expr, visit: &mut dyn FnMut(&'d Expr)) {
        visit(expr);
        expr.children().into_iter().for_each(|child| below(child, visit));
    }
    fn points<'d>(of: &'d Points, visit: &mut dyn FnMut(&'d Expr)) {
        match of {
            Points::Sum(parts) | Points::Best(parts) => {
                parts.iter().for_each(|part| points(&part.points, visit));
            }
            Points::Bands(value, ..) | Points::Value(value) => below(value, visit),
            Points::First(tiers, otherwise) => {
                for (when, then) in tiers {
                    below(when, visit);
                    points(then, visit);
                }
                otherwise.iter().for_each(|last| points(last, visit));
            }
            Points::Expert(..) => {}
        }
    }
    fn rules(condition: &Condition) -> Vec<&Expr> {
        match &condition.test {
            Test::Rule(rule) => vec![rule],
            Test::First(tiers, _) => tiers.iter().map(|(when, _)| when).collect(),
            Test::Each(list, ..) => vec![list],
            _ => Vec::new(),
        }
    }
    let given = &document.gives;
    document.lets.iter().chain(&given.also).for_each(|named| below(&named.value, visit));
    document.lists.iter().flat_map(|list| &list.filter).for_each(|filter| below(filter, visit));
    document.conditions().into_iter().flat_map(rules).for_each(|rule| below(rule, visit));
    document.scores.iter().for_each(|score| points(&score.root.points, visit));
    given.at_most.iter().for_each(|cap| below(cap, visit));
    match &given.amount {
        Some(lang::ir::Amount::Value(amount)) => below(amount, visit),
        Some(lang::ir::Amount::Milestones(stages, _)) => {
            stages.iter().flat_map(|stage| [&stage.when, &stage.amount]).for_each(|expr| below(expr, visit));
        }
        None => {}
    }
}
