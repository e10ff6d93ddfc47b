//! What one gets: the headline in a few words, then how it is worked out, capped, paid and carried on.

use lang::ir::{Amount, Constant, Expr, Kind, Nature, Rank, RankRule, Stage};

use super::{Writer, capital};
use crate::page::{Block, Item, Table};
use crate::words;

impl Writer<'_> {
    pub(super) fn benefit(&self) -> Vec<Block> {
        let given = &self.document.gives;
        let reader = self.reader;
        let mut blocks: Vec<Block> = self.headline().map(Block::Strong).into_iter().collect();
        let mut items = Vec::new();
        if let Some(status) = &given.status {
            let status = self.words.status(status);
            let valid = given.valid_months.as_ref().map_or_else(String::new, |months| {
                let months = self.words.months(months);
                self.either(format!(",有效期 {months}"), format!(", valid for {months}"))
            });
            let text = self.either(format!("“{status}”资格{valid}"), format!("The status “{status}”{valid}"));
            items.push(Item::keyed("status", text));
        }
        if let Some(rank) = &given.rank {
            items.push(self.rank(rank));
        }
        if let Some(amount) = &given.amount {
            items.extend(self.amount(amount));
        }
        if let Some(cap) = &given.at_most {
            items.push(self.tiered("cap", reader.say("最高不超过", "At most"), cap));
        }
        if given.per_year {
            let text = reader.say("按年计算", "Worked out for each year");
            items.push(Item::keyed("per-year", text));
        }
        if given.once {
            items.push(Item::keyed("once", reader.say("只给一次", "Given only once")));
        }
        if let (None, Some(months)) = (&given.status, &given.valid_months) {
            let months = self.words.months(months);
            let text = self.either(format!("最长享受 {months}"), format!("For up to {months}"));
            items.push(Item::keyed("valid", text));
        }
        if !given.order.is_empty() {
            let order = given.order.join(reader.say("→", " → "));
            let text = self.either(format!("依次抵减:{order}"), format!("Credited in this order: {order}"));
            items.push(Item::keyed("order", text));
        }
        if let Some(rest) = &given.carry_forward {
            items.push(Item::keyed("rest", self.own(rest)));
        }
        for named in &given.also {
            let head = self
                .either(format!("同时算出“{}”", named.name), format!("Also worked out: “{}”", named.name));
            items.push(self.tiered(&named.name, &head, &named.value));
        }
        if !items.is_empty() {
            blocks.push(Block::Items(items));
        }
        blocks.extend(given.rank.as_ref().and_then(|rank| self.shares(rank)).map(Block::Table));
        if blocks.is_empty() {
            let text = reader.say(
                "这份文件本身不给钱也不给资格,由引用它的政策使用。",
                "By itself it gives neither money nor a status; other policies refer to it.",
            );
            blocks.push(Block::Text(text.to_owned()));
        }
        blocks
    }

    /// The money in a few words: `补助,最高 50万元`.
    fn headline(&self) -> Option<String> {
        let given = &self.document.gives;
        let amount = given.amount.as_ref()?;
        let nature = given.nature.unwrap_or(Nature::Grant);
        let word = capital(words::nature(nature, self.reader.language));
        let cap = given.at_most.as_ref().and_then(constant);
        let size = match amount {
            Amount::Value(value) => match (self.range(value), cap) {
                (Some((_, high)), _) if given.up_to => self.at_most(&high),
                (Some((low, high)), None) if low == high => low,
                (Some((low, high)), None) => {
                    self.either(format!("{low} 至 {high}"), format!("{low} to {high}"))
                }
                (_, Some(cap)) => self.at_most(&self.words.value(cap)),
                (None, None) => self.reader.say("按下面的办法计算", "worked out as below").to_owned(),
            },
            Amount::Milestones(..) => self.reader.say("分阶段给", "stage by stage").to_owned(),
        };
        Some(self.either(format!("{word}:{size}"), format!("{word}: {size}")))
    }

    fn at_most(&self, amount: &str) -> String {
        self.either(format!("最高 {amount}"), format!("up to {amount}"))
    }

    /// The least and greatest amount, where all that is possible is written down.
    fn range(&self, value: &Expr) -> Option<(String, String)> {
        let mut constants = Vec::new();
        self.constants(value, &mut constants).then_some(())?;
        constants.sort_by(|(left, _), (right, _)| left.cmp(right));
        let (low, high) = (constants.first()?, constants.last()?);
        Some((low.1.clone(), high.1.clone()))
    }

    /// Collects constant amounts; `false` if one is not constant. Nought is no amount.
    fn constants(&self, value: &Expr, out: &mut Vec<(facts::Number, String)>) -> bool {
        match &value.kind {
            Kind::Constant(Constant::Number(number)) => {
                if !number.is_zero() {
                    out.push((number.clone(), self.words.value(value)));
                }
                true
            }
            Kind::First(branches, otherwise) => branches
                .iter()
                .map(|(_, then)| then)
                .chain(otherwise.as_deref())
                .all(|then| self.constants(then, out)),
            Kind::Let(index) => self.constants(&self.document.lets[*index].value, out),
            _ => false,
        }
    }

    fn amount(&self, amount: &Amount) -> Vec<Item> {
        match amount {
            Amount::Value(value) if constant(value).is_some() => Vec::new(),
            Amount::Value(value) => vec![self.tiered("amount", self.reader.say("金额", "Amount"), value)],
            Amount::Milestones(stages, received) => {
                let inner = stages.iter().map(|stage| self.stage(stage)).collect();
                let given = self.words.value(&Expr {
                    kind: Kind::Input(*received),
                    ty: lang::types::Type::Nothing,
                    span: facts::Span::default(),
                });
                let head = self.either(
                    format!("走到哪一步给到哪一步,减去{given}"),
                    format!("By the stage reached, less {given}"),
                );
                vec![Item { inner, ..Item::keyed("amount", head) }]
            }
        }
    }

    fn stage(&self, stage: &Stage) -> Item {
        let (when, amount) = (self.words.holds(&stage.when), self.words.value(&stage.amount));
        let when = capital(&when);
        Item::keyed(
            when.clone(),
            match stage.lifts {
                true => {
                    self.either(format!("{when}:补足到 {amount}"), format!("{when}: made up to {amount}"))
                }
                false => self.either(format!("{when}:加 {amount}"), format!("{when}: {amount} more")),
            },
        )
    }

    /// A value after what it is; tiers stand below it.
    pub(super) fn tiered(&self, key: &str, head: &str, value: &Expr) -> Item {
        let Kind::First(branches, otherwise) = &value.kind else {
            let shown = self.words.value(value);
            return Item::keyed(key, self.either(format!("{head}:{shown}"), format!("{head}: {shown}")));
        };
        let mut inner: Vec<Item> = branches
            .iter()
            .map(|(when, then)| {
                let (when, then) = (capital(&self.words.holds(when)), self.words.value(then));
                let text = self.either(format!("{when}:{then}"), format!("{when}: {then}"));
                Item::keyed(when, text)
            })
            .collect();
        inner.push(Item::keyed(
            "else",
            match otherwise {
                Some(last) => {
                    let last = self.words.value(last);
                    self.either(format!("其他:{last}"), format!("Otherwise: {last}"))
                }
                None => self.reader.say("其他:没有对应的档", "Otherwise: no tier fits").to_owned(),
            },
        ));
        let ask = self.reader.say("从上往下看,先符合的为准", "From the top; the first that holds decides");
        Item { ask: ask.to_owned(), inner, ..Item::keyed(key, head) }
    }

    fn rank(&self, rank: &Rank) -> Item {
        let name = capital(&self.words.label(rank.fact));
        match &rank.rule {
            RankRule::First(branches, otherwise) => {
                let code = |code: &str| self.words.rank(rank.fact, code);
                let mut inner: Vec<Item> = branches
                    .iter()
                    .map(|(when, then)| {
                        let (when, then) = (self.words.holds(when), code(then));
                        let text = self.either(format!("{then}:{when}"), format!("{then}: {when}"));
                        Item::keyed(then, text)
                    })
                    .collect();
                inner.extend(otherwise.as_ref().map(|last| {
                    let last = code(last);
                    let rest = if inner.is_empty() {
                        self.reader.say("符合条件的都是", "all that meet the conditions")
                    } else {
                        self.reader.say("其他", "all others")
                    };
                    let text = self.either(format!("{last}:{rest}"), format!("{last}: {rest}"));
                    Item::keyed(last, text)
                }));
                let head = self.either(format!("评出“{name}”"), format!("A rank: {name}"));
                let ask =
                    self.reader.say("从上往下看,先符合的为准", "From the top; the first that holds decides");
                let ask = if inner.len() > 1 { ask.to_owned() } else { String::new() };
                Item { ask, inner, ..Item::keyed("rank", head) }
            }
            RankRule::InGroup { by, group, outside, .. } => {
                let score = &self.document.scores[*by].name;
                let group = self.words.value(&Expr {
                    kind: Kind::Input(*group),
                    ty: lang::types::Type::Text,
                    span: facts::Span::default(),
                });
                let head = self.either(
                    format!("评出“{name}”:在同一{group}内按“{score}”排名"),
                    format!("A rank, {name}: by place within the same {group}, in order of “{score}”"),
                );
                let details = outside.iter().map(|(when, then)| {
                    let (when, then) = (self.words.holds(when), self.words.rank(rank.fact, then));
                    self.either(
                        format!("不参加排名:{when}的,为{then}"),
                        format!("Not ranked: where {when}; these are {then}"),
                    )
                });
                Item { details: details.collect(), ..Item::keyed("rank", head) }
            }
        }
    }

    /// The shares of a group, best first.
    fn shares(&self, rank: &Rank) -> Option<Table> {
        let RankRule::InGroup { bands, .. } = &rank.rule else { return None };
        let row = |(code, share): &(String, facts::Number)| {
            vec![self.words.rank(rank.fact, code), self.words.share(share)]
        };
        let say = |zh: &str, en: &str| self.reader.say(zh, en).to_owned();
        Some(Table {
            key: "shares".to_owned(),
            caption: say("各等级所占的家数,从高到低", "The share of each rank, from the top"),
            head: vec![say("等级", "Rank"), say("占比", "Share")],
            rows: bands.iter().map(row).collect(),
        })
    }
}

/// The value, if it is written down as a number.
fn constant(value: &Expr) -> Option<&Expr> {
    matches!(value.kind, Kind::Constant(Constant::Number(_))).then_some(value)
}
