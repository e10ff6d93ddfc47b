//! What a document gives: a status, a rank, money.

use facts::yaml::Node;
use facts::{Dimension, Quantity};

use super::Checker;
use super::describe::text;
use crate::ir::{Amount, Gives, InputKind, Kind, Named, Nature, Rank, RankRule, SUBJECT, Stage};
use crate::types::{Measure, Type};

const MONTHS: Type = Type::Number(Measure::Of(Dimension::of(Quantity::Months)));
const MONEY: Type = Type::Number(Measure::Of(Dimension::of(Quantity::Money)));

impl Checker<'_> {
    pub(super) fn gives(&mut self, node: &Node) -> Gives {
        let flag = |key: &str| node.get(key).and_then(Node::as_text) == Some("true");
        let nature = node.get("nature").and_then(Node::as_text).and_then(Nature::parse_code);
        let order = node.get("order").and_then(Node::as_list).unwrap_or_default();
        Gives {
            status: node.get("status").and_then(Node::as_text).map(str::to_owned),
            valid_months: node.get("valid").and_then(|node| self.valid(node)),
            rank: node.get("rank").and_then(|node| self.rank(node)),
            amount: self.amount(node),
            at_most: node.get("at_most").map(|node| self.money(node)),
            up_to: flag("up_to"),
            nature,
            once: flag("once"),
            per_year: node.get("per").and_then(Node::as_text) == Some("year"),
            also: self.also(node),
            order: order.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
            carry_forward: node.get("carry_forward").map(text),
        }
    }

    /// How many months something is valid.
    fn valid(&mut self, node: &Node) -> Option<facts::Number> {
        let value = self.rule(node);
        if !self.expect(&value, &MONTHS) {
            return None;
        }
        self.constant(&value, "E0474", ("有效期要写成时长,如 3年", "how long it is valid is written as 3年"))
    }

    fn money(&mut self, node: &Node) -> crate::ir::Expr {
        let value = self.value(node);
        self.expect(&value, &MONEY);
        value
    }

    fn amount(&mut self, node: &Node) -> Option<Amount> {
        if let (Some(_), Some(milestones)) = (node.get("amount"), node.get("milestones")) {
            self.error(
                "E0476",
                milestones.span,
                "amount 和 milestones 只能写一个",
                "either amount or milestones, not both",
            );
        }
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
            let (Some(when), Some(amount)) =
                (stage.get("when"), stage.get("to").or_else(|| stage.get("plus")))
            else {
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
        if definition.fact_type != facts::FactType::Code {
            let span = node.get("fact")?.span;
            self.error(
                "E0473",
                span,
                format!("“{name}”不是代码,没有等级"),
                format!("“{name}” is no code; it has no ranks"),
            );
            return None;
        }
        let series = definition.grain != facts::Grain::Once;
        let period = self.default_period.clone().filter(|_| series).unwrap_or(facts::Period::Unstated);
        let given = self.input(SUBJECT, InputKind::Fact(fact, period), name);
        let rule = if let Some(tiers) = node.get("first").and_then(Node::as_list) {
            self.rank_tiers(fact, tiers)
        } else {
            self.rank_in_group(fact, node)?
        };
        Some(Rank { fact, given, rule })
    }

    fn rank_tiers(&mut self, fact: facts::FactId, tiers: &[Node]) -> RankRule {
        let mut branches = Vec::new();
        let mut otherwise = None;
        for tier in tiers {
            let node = tier.get("else").or_else(|| tier.get("rank"));
            let Some(rank) = node.and_then(|node| self.rank_name(fact, node)) else { continue };
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

    /// A rank that the fact has.
    fn rank_name(&mut self, fact: facts::FactId, node: &Node) -> Option<String> {
        let rank = node.as_text()?;
        let definition = self.vocabulary.get(fact);
        match definition.canonical_code(rank) {
            Some(code) => return Some(code.to_owned()),
            None if definition.codes.is_empty() => return Some(rank.to_owned()),
            None => {}
        }
        let name = definition.name.clone();
        let codes: Vec<&str> = definition.codes.iter().map(|code| code.code.as_str()).collect();
        let found = facts::Diagnostic::error(
            "E0410",
            node.span,
            format!("“{rank}”不是“{name}”的取值"),
            format!("“{rank}” is not a value of “{name}”"),
        );
        let found =
            found.with_help(format!("可用:{}", codes.join("、")), format!("use: {}", codes.join(", ")));
        self.report(found);
        None
    }

    fn rank_in_group(&mut self, fact: facts::FactId, node: &Node) -> Option<RankRule> {
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
        let bands = self.shares(fact, node.get("best_first")?);
        let outside = node.get("outside").and_then(|outside| {
            let when = self.rule_bool(outside.get("when")?);
            Some((when, self.rank_name(fact, outside.get("rank")?)?))
        });
        Some(RankRule::InGroup { group, by: score, bands, outside })
    }

    /// The shares of a group by rank, which together are no more than the whole.
    fn shares(&mut self, fact: facts::FactId, node: &Node) -> Vec<(String, facts::Number)> {
        let mut bands = Vec::new();
        let mut total = facts::Number::zero();
        for (key, share) in node.as_map().unwrap_or_default() {
            let share = self.rule(share);
            let rank = self.rank_name(fact, key);
            if !self.expect(&share, &Type::RATIO) {
                continue;
            }
            let number =
                self.constant(&share, "E0475", ("占比要写成数,如 25%", "a share is a number, such as 25%"));
            if let (Some(rank), Some(number)) = (rank, number) {
                let whole = facts::Number::one();
                let was_within = total <= whole;
                total = &total + &number;
                if was_within && total > whole {
                    self.error(
                        "E0475",
                        share.span,
                        "各等级占比合计超过 100%",
                        "the shares come to more than 100%",
                    );
                }
                bands.push((rank, number));
            }
        }
        bands
    }
}
