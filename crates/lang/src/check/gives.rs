//! What a document gives: a status, a rank, money.

use facts::yaml::Node;
use facts::{Dimension, Quantity};

use super::Checker;
use super::describe::text;
use super::scores::constant_number;
use crate::ir::{Amount, Gives, InputKind, Kind, Named, Nature, Rank, RankRule, SUBJECT, Stage};
use crate::types::{Measure, Type};

const MONEY: Type = Type::Number(Measure::Of(Dimension::of(Quantity::Money)));

impl Checker<'_> {
    pub(super) fn gives(&mut self, node: &Node) -> Gives {
        let flag = |key: &str| node.get(key).and_then(Node::as_text) == Some("true");
        let nature = node.get("nature").and_then(Node::as_text).and_then(Nature::parse_code);
        let order = node.get("order").and_then(Node::as_list).unwrap_or_default();
        Gives {
            status: node.get("status").and_then(Node::as_text).map(str::to_owned),
            valid_months: node.get("valid").map(|node| self.rule(node)).and_then(|value| constant_number(&value)),
            rank: node.get("rank").and_then(|node| self.rank(node)),
            amount: self.amount(node),
            at_most: node.get("at_most").map(|node| self.money(node)),
            up_to: flag("up_to"),
            nature,
            once: flag("once"),
            also: self.also(node),
            order: order.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
            carry_forward: node.get("carry_forward").map(text),
        }
    }

    fn money(&mut self, node: &Node) -> crate::ir::Expr {
        let value = self.value(node);
        self.expect(&value, &MONEY);
        value
    }

    fn amount(&mut self, node: &Node) -> Option<Amount> {
        if let Some(amount) = node.get("amount") {
            return Some(Amount::Value(self.money(amount)));
        }
        let milestones = node.get("milestones")?;
        let received = self.rule(milestones.get("received")?);
        self.expect(&received, &MONEY);
        let Kind::Input(received) = received.kind else {
            let span = milestones.get("received")?.span;
            self.error("E0471", span, "这里要写一个事实", "a fact should stand here");
            return None;
        };
        let mut stages = Vec::new();
        for stage in milestones.get("reached")?.as_list()? {
            let lifts = stage.get("to").is_some();
            let (Some(when), Some(amount)) = (stage.get("when"), stage.get("to").or_else(|| stage.get("plus"))) else {
                continue;
            };
            let when = self.rule_bool(when);
            let amount = self.money(amount);
            stages.push(Stage { when, amount, lifts });
        }
        Some(Amount::Milestones(stages, received))
    }

    fn also(&mut self, node: &Node) -> Vec<Named> {
        let entries = node.get("also").and_then(Node::as_map).unwrap_or_default();
        let mut named = Vec::new();
        for (key, value) in entries {
            let name = key.as_text().unwrap_or_default().to_owned();
            named.push(Named { name, value: self.value(value) });
        }
        named
    }

    fn rank(&mut self, node: &Node) -> Option<Rank> {
        let fact = self.fact_named(node.get("fact")?)?;
        let definition = self.vocabulary.get(fact);
        let name = definition.name.clone();
        let series = definition.grain != facts::Grain::Once;
        let period = self.default_period.clone().filter(|_| series).unwrap_or(facts::Period::Unstated);
        let given = self.input(SUBJECT, InputKind::Fact(fact, period), name);
        let rule = if let Some(tiers) = node.get("first").and_then(Node::as_list) {
            self.rank_tiers(fact, tiers)
        } else {
            self.rank_in_group(node)?
        };
        Some(Rank { fact, given, rule })
    }

    fn rank_tiers(&mut self, fact: facts::FactId, tiers: &[Node]) -> RankRule {
        let mut branches = Vec::new();
        let mut otherwise = None;
        for tier in tiers {
            let node = tier.get("else").or_else(|| tier.get("rank"));
            let Some(rank) = node.and_then(Node::as_text).map(str::to_owned) else { continue };
            let definition = self.vocabulary.get(fact);
            if !definition.codes.is_empty() && definition.canonical_code(&rank).is_none() {
                let name = definition.name.clone();
                self.error(
                    "E0410",
                    node.map_or(tier.span, |node| node.span),
                    format!("“{rank}”不是“{name}”的取值"),
                    format!("“{rank}” is not a value of “{name}”"),
                );
            }
            match tier.get("when") {
                Some(when) => {
                    let when = self.rule_bool(when);
                    branches.push((when, rank));
                }
                None => otherwise = Some(rank),
            }
        }
        RankRule::First(branches, otherwise)
    }

    fn rank_in_group(&mut self, node: &Node) -> Option<RankRule> {
        let group = self.rule(node.get("group")?);
        let Kind::Input(group) = group.kind else {
            let span = node.get("group")?.span;
            self.error("E0471", span, "这里要写一个事实", "a fact should stand here");
            return None;
        };
        let by = node.get("by")?;
        let name = by.as_text().unwrap_or_default();
        let Some(score) = self.scores.iter().position(|slot| slot.name == name) else {
            self.error("E0472", by.span, format!("没有评分“{name}”"), format!("no score “{name}”"));
            return None;
        };
        let mut bands = Vec::new();
        for (key, share) in node.get("best_first")?.as_map()? {
            let share = self.rule(share);
            if let Some(share) = constant_number(&share) {
                bands.push((key.as_text().unwrap_or_default().to_owned(), share));
            }
        }
        let outside = node.get("outside").and_then(|outside| {
            let when = self.rule_bool(outside.get("when")?);
            Some((when, outside.get("rank")?.as_text()?.to_owned()))
        });
        Some(RankRule::InGroup { group, by: score, bands, outside })
    }
}
