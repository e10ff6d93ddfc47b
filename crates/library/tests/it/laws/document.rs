//! Documents grown from choices: over a small vocabulary, every shape that decides something.

use facts::{Source, Vocabulary};
use lang::Catalog;

use super::choices::Choices;

/// The words of grown documents.
const WORDS: &str = r#"
facts:
  - {name: 甲, en: A, type: bool}
  - {name: 乙, en: B, type: bool}
  - {name: 丙, en: C, type: bool}
  - {name: 丁, en: D, type: bool}
  - {name: 人数, en: Staff, type: count, unit: 人, least: 0, most: 10}
  - {name: 专利, en: Patents, type: count, unit: 项, least: 0, most: 10}
  - {name: 收入, en: Revenue, type: money, unit: 万元, least: 0}
  - {name: 利润, en: Profit, type: money, unit: 万元}
  - {name: 占比, en: Share, type: ratio, least: 0, most: 1}
  - {name: 规模, en: Size, type: code, codes: [大, 中, 小]}
  - {name: 行业, en: Industry, type: code, hierarchy: true}
  - {name: 违法, en: Offence, type: event, grain: event, change: none}
  - {name: 成立, en: Founded, type: date, change: time}
  - {name: 研发, en: Research, type: money, unit: 万元, grain: year, least: 0}
  - {name: 已获, en: Received, type: money, unit: 万元, least: 0}
  - {name: 等级, en: Rank, type: code, codes: [优, 良, 差]}
  - {name: 投资额, en: Invested, type: money, unit: 万元, least: 0, of: [investment]}
  - {name: 自有, en: Own, type: bool, of: [investment]}
collections:
  - {name: 投资, item: investment, en: Investments, of: [enterprise]}
"#;

/// What every grown document begins with.
const HEAD: &str = r"id: x-law
title: {zh: 律, en: Law}
kind: subsidy
subject: enterprise
source: {issuer: [测试], document: [], grade: none, read: 2026-11-23}
in_force: {from: 2020-01-01}
lists:
  自有投资: {from: 投资, where: 自有}
brackets:
  分段: [{up_to: 10万元, rate: 10%}, {up_to: 50万元, rate: 5%}, {rate: 1%}]
tables:
  表: {key: 行业, rows: [{keys: [C], 系数: 1, 人数: {高: 8人, 低: 2人}}, {keys: [C39], 系数: 2, 人数: {高: 5人, 低: 1人}}, {keys: [I65], 系数: 3, 收入: {高: 50万元, 低: 1万元}}]}
";

const BOOLEANS: [&str; 4] = ["甲", "乙", "丙", "丁"];
const COMPARISONS: [&str; 6] = [">=", "<=", ">", "<", "=", "!="];
const MONEY: [&str; 5] = ["10万元", "0元", "1万元", "50万元", "100万元"];
const SHARES: [&str; 4] = ["5%", "3%", "50%", "100%"];

/// The vocabulary of grown documents.
pub fn vocabulary() -> Vocabulary {
    let (vocabulary, found) = facts::vocabulary::load(&[Source::new("facts/words.yaml", WORDS)]);
    assert!(found.iter().all(|(_, diagnostic)| diagnostic.severity != facts::Severity::Error), "{found:?}");
    vocabulary
}

/// What differs from one grown document to another.
pub fn body(text: &str) -> &str {
    text.strip_prefix(HEAD).unwrap_or(text)
}

/// What a document is grown from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Soil {
    /// Everything.
    Rich,
    /// Yes and no and a code, which can be tried out.
    Small,
    /// What standard FEEL knows too: no divisions, nothing that may be absent.
    Standard,
}

/// Grows the parts of a document.
pub struct Grower<'c> {
    choices: Choices<'c>,
    soil: Soil,
    /// Names of values that may be read so far.
    truths: Vec<String>,
    sums: Vec<String>,
    has_score: bool,
}

impl<'c> Grower<'c> {
    /// From a stream of choices.
    pub fn new(stream: &'c [u16], soil: Soil) -> Self {
        Self { choices: Choices::new(stream), soil, truths: Vec::new(), sums: Vec::new(), has_score: false }
    }

    /// The text of a document.
    pub fn document(mut self) -> String {
        let mut text = HEAD.to_owned();
        text.push_str(&self.lets());
        if self.soil == Soil::Rich && self.choices.once_in(3) {
            text.push_str(&self.score());
            self.has_score = true;
        }
        text.push_str("needs:\n");
        for number in 0..=self.choices.pick(3) {
            let condition = self.condition(&format!("c{number}"), 2);
            text.push_str(&format!("  - {condition}\n"));
        }
        text.push_str(&self.gives());
        text
    }

    /// Only rules, one condition each.
    pub fn rules(mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.truth(3)).collect()
    }

    fn lets(&mut self) -> String {
        let mut text = String::new();
        for number in 0..self.choices.pick(3) {
            if self.choices.once_in(2) && self.soil != Soil::Small {
                let (name, value) = (format!("数{number}"), self.money(2));
                text.push_str(&format!("  {name}: '{value}'\n"));
                self.sums.push(name);
            } else {
                let (name, value) = (format!("真{number}"), self.truth(2));
                text.push_str(&format!("  {name}: '{value}'\n"));
                self.truths.push(name);
            }
        }
        if text.is_empty() { text } else { format!("let:\n{text}") }
    }

    fn condition(&mut self, id: &str, depth: usize) -> String {
        let kinds = if depth == 0 { 1 } else { 5 };
        let clause = "clause: 待核";
        match self.choices.pick(kinds) {
            1 if self.soil != Soil::Standard => {
                let members = self.members(id, depth);
                format!("{{id: {id}, any: [{members}]}}")
            }
            2 => {
                let members = self.members(id, depth);
                format!("{{id: {id}, all: [{members}]}}")
            }
            3 => {
                let (when, rule, last) = (self.truth(1), self.truth(1), self.truth(1));
                let last =
                    if self.choices.once_in(3) { String::new() } else { format!(", {{else: '{last}'}}") };
                format!("{{id: {id}, {clause}, first: [{{when: '{when}', rule: '{rule}'}}{last}]}}")
            }
            4 if self.soil == Soil::Rich => format!("{{id: {id}, {clause}, manual: 由人判断}}"),
            _ => format!("{{id: {id}, {clause}, rule: '{}'}}", self.truth(2)),
        }
    }

    fn members(&mut self, id: &str, depth: usize) -> String {
        let count = 1 + self.choices.pick(2);
        let members: Vec<String> =
            (0..=count).map(|number| self.condition(&format!("{id}-{number}"), depth - 1)).collect();
        members.join(", ")
    }

    /// An expression that is true or false.
    pub fn truth(&mut self, depth: usize) -> String {
        if depth > 0 {
            let deeper = self.choices.pick(10);
            match deeper {
                1 | 2 => return format!("({} and {})", self.truth(depth - 1), self.truth(depth - 1)),
                3 | 4 => return format!("({} or {})", self.truth(depth - 1), self.truth(depth - 1)),
                5 => return format!("not({})", self.truth(depth - 1)),
                6 => {
                    let (when, then, last) =
                        (self.truth(depth - 1), self.truth(depth - 1), self.truth(depth - 1));
                    return format!("(if {when} then {then} else {last})");
                }
                _ => {}
            }
        }
        match self.soil {
            Soil::Small => self.small_test(),
            Soil::Standard => self.standard_test(depth),
            Soil::Rich => self.test(depth),
        }
    }

    fn small_test(&mut self) -> String {
        match self.choices.pick(6) {
            3 => format!("规模 = \"{}\"", self.choices.of(&["大", "中", "小"])),
            4 => "规模 in (\"大\", \"中\")".to_owned(),
            5 => self.choices.of(&["计数真(甲, 乙, 丙) >= 2", "甲 = 乙", "计数真(甲, 丁) = 1"]).to_owned(),
            _ => self.boolean(),
        }
    }

    fn boolean(&mut self) -> String {
        let known = self.truths.len();
        let at = self.choices.pick(BOOLEANS.len() + known);
        BOOLEANS.get(at).map_or_else(|| self.truths[at - BOOLEANS.len()].clone(), |name| (*name).to_owned())
    }

    fn comparison(&mut self) -> &'static str {
        self.choices.of(&COMPARISONS)
    }

    fn standard_test(&mut self, depth: usize) -> String {
        match self.choices.pick(9) {
            1 => format!("人数 {} {}人", self.comparison(), self.choices.pick(11)),
            2 | 3 => {
                format!("{} {} {}", self.money(depth.min(2)), self.comparison(), self.choices.of(&MONEY))
            }
            4 => format!("占比 {} {}", self.comparison(), self.choices.of(&SHARES)),
            5 => self.small_test(),
            6 => self.years(),
            7 => format!("专利 in [{}..{})", self.choices.pick(5), 3 + self.choices.pick(7)),
            8 => {
                format!("成立 {} 申请日 - {}", self.comparison(), self.choices.of(&["12个月", "30天", "2年"]))
            }
            _ => self.boolean(),
        }
    }

    fn test(&mut self, depth: usize) -> String {
        match self.choices.pick(16) {
            1 => format!("人数 {} {}人", self.comparison(), self.choices.pick(11)),
            2 | 3 => {
                format!("{} {} {}", self.money(depth.min(2)), self.comparison(), self.choices.of(&MONEY))
            }
            4 => format!("{} {} {}", self.share(depth.min(1)), self.comparison(), self.choices.of(&SHARES)),
            5 => self.small_test(),
            6 => self.years(),
            7 => format!("专利 in [{}..{})", self.choices.pick(5), 3 + self.choices.pick(7)),
            8 => {
                format!("成立 {} 申请日 - {}", self.comparison(), self.choices.of(&["12个月", "30天", "2年"]))
            }
            9 => self.choices.of(&["违法.近3年", "违法.近2年", "not(违法.近3年)"]).to_owned(),
            10 => {
                let codes =
                    ["行业 in (\"C39\")", "行业 in (\"C\", \"I65\")", "命中(表)", "全部达到(表, \"高\")"];
                self.choices.of(&codes).to_owned()
            }
            11 => format!("{} {} {}", self.count(), self.comparison(), self.choices.pick(3)),
            12 if self.has_score => format!("评分 {} {}", self.comparison(), 5 * self.choices.pick(7)),
            13 => format!(
                "{} between {} and {}",
                self.money(1),
                self.choices.of(&MONEY),
                self.choices.of(&MONEY)
            ),
            14 => "查表(表, \"系数\") >= 2".to_owned(),
            15 => self.years_to_date(),
            _ => self.boolean(),
        }
    }

    fn years(&mut self) -> String {
        let bound = self.choices.of(&MONEY);
        match self.choices.pick(4) {
            1 => format!("every 年份 in 近2年 satisfies 研发.年份 >= {bound}"),
            2 => format!("some x in 研发.近3年 satisfies x > {bound}"),
            3 => format!("研发.上年 {} 研发.前年", self.comparison()),
            _ => format!("sum(研发.近3年) >= {bound}"),
        }
    }

    /// A condition on a span that ends in the current year, which standard FEEL is not asked about.
    fn years_to_date(&mut self) -> String {
        let bound = self.choices.of(&MONEY);
        match self.choices.pick(4) {
            1 => format!("every 年份 in 当年及前1年 satisfies 研发.年份 >= {bound}"),
            2 => format!("some x in 研发.当年及前2年 satisfies x > {bound}"),
            3 => format!("mean(研发.当年及前1年) {} {bound}", self.comparison()),
            _ => format!("sum(研发.当年及前2年) >= {bound}"),
        }
    }

    fn count(&mut self) -> String {
        let lists = ["count(投资)", "count(自有投资)", "count(投资[投资额 >= 10万元])", "计数真(甲, 乙, 丁)"];
        self.choices.of(&lists).to_owned()
    }

    /// An expression that is an amount of money.
    pub fn money(&mut self, depth: usize) -> String {
        if depth > 0 {
            let inner = |grower: &mut Self| grower.money(depth - 1);
            match self.choices.pick(13) {
                1 => return format!("({} + {})", inner(self), inner(self)),
                2 => return format!("({} - {})", inner(self), inner(self)),
                3 => return format!("min({}, {})", inner(self), inner(self)),
                4 => return format!("max({}, {})", inner(self), inner(self)),
                5 => return format!("({} * {})", inner(self), self.choices.of(&SHARES)),
                6 => return format!("({} * 占比)", inner(self)),
                7 => {
                    let when = self.truth(depth - 1);
                    return format!("(if {when} then {} else {})", inner(self), inner(self));
                }
                8 => return format!("分段累进({}, 分段)", inner(self)),
                9 if self.soil == Soil::Rich => {
                    return self.choices.of(&["sum(投资.投资额)", "sum(自有投资.投资额)"]).to_owned();
                }
                10 => return "(人数 * 1万元 / 1人)".to_owned(),
                _ => {}
            }
        }
        let facts = ["收入", "利润", "研发.上年", "sum(研发.近3年)", "mean(研发.近3年)"];
        let constants = MONEY.len();
        let at = self.choices.pick(facts.len() + constants + self.sums.len());
        match at {
            _ if at < facts.len() => facts[at].to_owned(),
            _ if at < facts.len() + constants => MONEY[at - facts.len()].to_owned(),
            _ => self.sums[at - facts.len() - constants].clone(),
        }
    }

    fn share(&mut self, depth: usize) -> String {
        match self.choices.pick(4) {
            2 => format!(
                "{} / {}",
                self.money(depth),
                self.choices.of(&["收入", "研发.前年", "sum(研发.近3年)", "(利润 + 10万元)"])
            ),
            3 => "研发.上年 / 收入".to_owned(),
            _ => "占比".to_owned(),
        }
    }

    fn score(&mut self) -> String {
        let mut parts = String::new();
        for number in 0..=self.choices.pick(3) {
            let part = self.part(1);
            parts.push_str(&format!("      项{number}: {part}\n"));
        }
        let cap = if self.choices.once_in(3) { "    at_most: 20\n" } else { "" };
        format!("scores:\n  评分:\n    parts:\n{parts}{cap}")
    }

    fn part(&mut self, depth: usize) -> String {
        match self.choices.pick(if depth == 0 { 5 } else { 7 }) {
            1 => format!("{{of: '{}', up_to: {{3%: 10, 50%: 5, else: 0}}}}", self.share(1)),
            2 => format!(
                "{{first: [{{when: '{}', points: 10}}, {{when: '{}', points: 5}}, {{else: 0}}]}}",
                self.truth(1),
                self.truth(1)
            ),
            3 => "{points: 'min(10, 人数 / 1人 * 2)'}".to_owned(),
            4 => format!("{{first: [{{when: '{}', points: [3, 6]}}, {{else: 0}}]}}", self.truth(1)),
            5 => format!("{{best_of: {{一: {}, 二: {}}}}}", self.part(depth - 1), self.part(depth - 1)),
            6 => format!(
                "{{parts: {{一: {}, 二: {}}}, at_most: 12}}",
                self.part(depth - 1),
                self.part(depth - 1)
            ),
            _ => "{of: 人数, at_least: {8人: 20, 5人: 10, 2人: 5, else: 0}}".to_owned(),
        }
    }

    fn gives(&mut self) -> String {
        let mut text = "gives:\n".to_owned();
        match self.choices.pick(5) {
            1 if self.soil == Soil::Rich => {
                let when = [self.truth(1), self.truth(1), self.truth(1)];
                let stages: Vec<String> = when
                    .iter()
                    .zip(["plus: 10万元", "plus: 20万元", "to: 80万元"])
                    .map(|(when, amount)| format!("{{when: '{when}', {amount}}}"))
                    .collect();
                text.push_str(&format!(
                    "  milestones: {{received: 已获, reached: [{}]}}\n",
                    stages.join(", ")
                ));
            }
            2 => {
                let (when, then) = (self.truth(1), self.amount());
                let last = self.amount();
                let last =
                    if self.choices.once_in(3) { String::new() } else { format!(", {{else: '{last}'}}") };
                text.push_str(&format!("  amount: {{first: [{{when: '{when}', then: '{then}'}}{last}]}}\n"));
            }
            3 => text.push_str("  status: 称号\n"),
            _ => text.push_str(&format!("  amount: '{}'\n", self.amount())),
        }
        if text.contains("amount") && self.choices.once_in(4) {
            text.push_str("  at_most: 80万元\n");
        }
        if self.soil == Soil::Rich && text.contains("amount") && self.choices.once_in(8) {
            text.push_str("  up_to: true\n");
        }
        if self.soil != Soil::Standard && self.choices.once_in(5) {
            let (first, second) = (self.truth(1), self.truth(1));
            text.push_str(&format!(
                "  rank: {{fact: 等级, first: [{{when: '{first}', rank: 优}}, {{when: '{second}', rank: 良}}, {{else: 差}}]}}\n"
            ));
        }
        text
    }

    fn amount(&mut self) -> String {
        if self.soil == Soil::Small {
            let when = self.truth(1);
            return format!("if {when} then 10万元 else {}", self.choices.of(&MONEY));
        }
        format!("max(0元, {})", self.money(2))
    }
}

/// The checked document of a text, which must be without a fault.
pub fn compiled(text: &str, vocabulary: &Vocabulary) -> lang::ir::Document {
    let source = Source::new("policies/city/x-law/2020-01-01.yaml", text);
    let (document, found) = lang::compile(&source, vocabulary, &Catalog::default());
    let shown: Vec<String> = found.iter().map(|one| source.render(one, facts::Language::English)).collect();
    document.unwrap_or_else(|| panic!("a grown document is sound:\n{text}\n{}", shown.join("\n")))
}
