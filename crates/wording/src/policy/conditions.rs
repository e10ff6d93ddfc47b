//! Who can have it: the conditions in the document's words, each with its article and, where it reckons, how.

use lang::ir::{Condition, Expr, SUBJECT, Test};

use super::Writer;
use crate::page::{Block, Item};
use crate::{reason, words};

/// How deep shared gates are followed.
const GATES_MAX: usize = 3;

impl Writer<'_> {
    pub(super) fn conditions(&self) -> Vec<Block> {
        let subject = words::subject(&self.document.subject, self.reader.language);
        let text = if self.document.needs.is_empty() {
            self.either(
                format!("面向{subject}。文件没有列出条件。"),
                format!("For any {subject}. The document lists no conditions."),
            )
        } else {
            self.either(
                format!("面向{subject}。下面各条都要符合。"),
                format!("For any {subject} that meets all of the following."),
            )
        };
        let items = self.document.needs.iter().map(|need| self.condition(need, 0)).collect::<Vec<_>>();
        let mut blocks = vec![Block::Text(text)];
        if !items.is_empty() {
            blocks.push(Block::Items(items));
        }
        blocks
    }

    fn all(&self, conditions: &[Condition], gates: usize) -> Vec<Item> {
        conditions.iter().map(|condition| self.condition(condition, gates)).collect()
    }

    fn condition(&self, condition: &Condition, gates: usize) -> Item {
        let reader = self.reader;
        let mut item = Item::keyed(&condition.id, self.says(condition));
        let has_article = matches!(condition.test, Test::Rule(_) | Test::Manual(..) | Test::First(..));
        if condition.clause.is_some() || has_article {
            item.tags.push(self.clause(condition.clause.as_ref()));
        }
        let ask = |zh: &str, en: &str| reader.say(zh, en).to_owned();
        match &condition.test {
            Test::Rule(rule) => {
                item.details.extend(self.reckoned(condition, rule));
                item.bound = self.words.bound(rule);
            }
            Test::Manual(text, _) => {
                item.tags.push(ask("由专家或部门认定", "a person decides"));
                let what = self.own(text);
                if what != item.text {
                    item.details.push(what);
                }
            }
            Test::All(inner) => {
                item.ask = ask("以下各项都要符合", "All of these");
                item.inner = self.all(inner, gates);
            }
            Test::Any(inner) => {
                item.ask = ask("满足其一即可", "Any one of these");
                item.inner = self.all(inner, gates);
            }
            Test::First(tiers, otherwise) => {
                item.ask = ask("按自己的情形看一条", "The one that fits you");
                item.inner = self.tiers(tiers, otherwise.as_deref());
            }
            Test::Include(id, _) => {
                item.ask = ask("以下各项都要符合", "All of these");
                item.inner = self.gate(id, gates);
            }
            Test::About(_, role, inner) => {
                item.ask = self.either(format!("对{role}的要求"), format!("Asked of “{role}”"));
                item.inner = self.all(inner, gates);
            }
            Test::Each(list, _, inner) => {
                let list = self.words.value(list);
                item.ask = self.either(
                    format!("{list}逐项看,至少一项全部符合"),
                    format!("Of {list}, at least one that meets all of these"),
                );
                item.inner = self.all(inner, gates);
            }
        }
        if item.text.is_empty() {
            item.text = std::mem::take(&mut item.ask);
        }
        item
    }

    /// The condition in the document's words, else in ours; empty for a group that says nothing itself.
    fn says(&self, condition: &Condition) -> String {
        let said = self.own(&condition.says);
        if !said.is_empty() {
            return said;
        }
        match &condition.test {
            Test::Rule(rule) => super::capital(&self.words.holds(rule)),
            Test::Manual(text, _) => self.own(text),
            Test::Include(id, _) => {
                let title = self.words.title(id);
                self.either(format!("符合《{title}》的全部条件"), format!("All conditions of “{title}”"))
            }
            Test::First(..) => reason::says(condition, self.reader),
            Test::All(_) | Test::Any(_) | Test::About(..) | Test::Each(..) => String::new(),
        }
    }

    /// How a rule reckons, beside what it says; nothing where it only asks yes or no.
    fn reckoned(&self, condition: &Condition, rule: &Expr) -> Option<String> {
        if self.reader.text(&condition.says).is_empty() {
            return None;
        }
        self.words.reckons(rule)
    }

    fn tiers(&self, tiers: &[(Expr, Condition)], otherwise: Option<&Condition>) -> Vec<Item> {
        let mut out: Vec<Item> = Vec::new();
        for (when, tier) in tiers {
            let (when, then) = (self.words.holds(when), self.says(tier));
            let text = self.either(format!("{when}的:{then}"), format!("if {when}: {then}"));
            out.push(self.tier(tier, text));
        }
        out.extend(otherwise.map(|last| {
            let then = self.says(last);
            self.tier(last, self.either(format!("其他的:{then}"), format!("otherwise: {then}")))
        }));
        out
    }

    fn tier(&self, tier: &Condition, text: String) -> Item {
        let Test::Rule(rule) = &tier.test else { return Item::keyed(&tier.id, text) };
        let details = self.reckoned(tier, rule).into_iter().collect();
        Item { details, bound: self.words.bound(rule), ..Item::keyed(&tier.id, text) }
    }

    /// The conditions of a shared gate, as they are on the day.
    fn gate(&self, id: &str, gates: usize) -> Vec<Item> {
        let Some(standing) = self.rulebook.on(id, self.day).filter(|_| gates < GATES_MAX) else {
            return Vec::new();
        };
        let reader = Writer::new(standing.entry(), self.rulebook, self.sources, self.day, self.reader);
        // A gate's ids are its own; they do not belong to this document.
        let mut items = reader.all(&reader.document.needs, gates + 1);
        items.iter_mut().for_each(|item| item.key = format!("{id}/{}", item.key));
        items
    }

    /// Statuses and other policies that the conditions ask for.
    pub(super) fn prerequisites(&self) -> Vec<Item> {
        let mut out = Vec::new();
        for input in &self.document.kinds[self.document.vars[SUBJECT.0].kind.0].inputs {
            let (name, by) = match &input.kind {
                lang::ir::InputKind::Status(name) => {
                    let by = self.rulebook.vocabulary.status(name).map(|known| known.by.clone());
                    (self.words.status(name), by.filter(|by| !by.is_empty()))
                }
                lang::ir::InputKind::Document(id) => (self.words.title(id), None),
                _ => continue,
            };
            let by = by.map_or_else(String::new, |id| {
                let title = self.words.title(&id);
                self.either(format!("(依据《{title}》)"), format!(" (by “{title}”)"))
            });
            out.push(Item::keyed(&input.key, format!("{name}{by}")));
        }
        for (status, by) in &self.document.implied_status {
            let status = self.words.status(status);
            let condition = self.document.conditions().into_iter().find(|condition| condition.id == *by);
            let says = condition.map_or_else(|| by.clone(), |condition| self.says(condition));
            out.push(Item::keyed(
                format!("implied:{status}"),
                self.either(
                    format!("“{status}”:已经包含在“{says}”这一条里,不用另外准备"),
                    format!("“{status}”: already part of “{says}”, nothing more is needed"),
                ),
            ));
        }
        out
    }
}
