//! One line of the result: what CSV and XLSX hold of a decision.

use engine::point::{Decision, Money, Numbers, questions};
use facts::{Fen, Number, Profile, Vocabulary};

/// Between the entries of a list in one cell.
pub const BETWEEN: &str = ";";

/// A line of the result. Numbers are exact decimal texts; empty where there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The cells in the order of [`COLUMNS`].
    pub cells: [Cell; COLUMNS.len()],
}

/// A cell of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A decimal number, or nothing.
    Number(Option<String>),
}

/// The columns.
pub const COLUMNS: [&str; 17] = [
    "subject",
    "name",
    "policy",
    "title",
    "on",
    "outcome",
    "amount_wan",
    "amount_low_wan",
    "amount_high_wan",
    "nature",
    "score",
    "score_low",
    "score_high",
    "rank",
    "failed",
    "missing",
    "next_question",
];

/// The same columns for a Chinese reader of a workbook.
pub const COLUMNS_ZH: [&str; COLUMNS.len()] = [
    "统一社会信用代码",
    "名称",
    "政策编号",
    "政策",
    "判断日",
    "结果",
    "金额(万元)",
    "金额下限(万元)",
    "金额上限(万元)",
    "性质",
    "得分",
    "得分下限",
    "得分上限",
    "等级",
    "不符合的条件",
    "还缺",
    "先问",
];

impl Row {
    /// The line of a decision.
    pub fn new(subject: &Profile, decision: &Decision<'_>, vocabulary: &Vocabulary) -> Self {
        let text = |text: &str| Cell::Text(text.to_owned());
        let document = decision.document;
        let (amount, low, high) = amounts(decision.amount.as_ref());
        let [score, score_low, score_high] =
            decision.scores.first().map_or([None, None, None], |score| points(&score.points));
        let missing: Vec<&str> = decision.missing.iter().map(|missing| missing.key.as_str()).collect();
        let next = questions(std::slice::from_ref(decision), vocabulary).into_iter().next();
        let cells = [
            text(&subject.id),
            text(&subject.name),
            text(&document.id),
            text(&document.short.zh),
            Cell::Text(decision.day.to_string()),
            text(decision.outcome.as_code()),
            Cell::Number(amount),
            Cell::Number(low),
            Cell::Number(high),
            text(decision.nature.map_or("", lang::ir::Nature::as_code)),
            Cell::Number(score),
            Cell::Number(score_low),
            Cell::Number(score_high),
            Cell::Text(decision.ranks.join(BETWEEN)),
            Cell::Text(decision.failed.join(BETWEEN)),
            Cell::Text(missing.join(BETWEEN)),
            Cell::Text(next.map(|question| question.key).unwrap_or_default()),
        ];
        Self { cells }
    }
}

/// The amount in 万元 if it is one, else its least and greatest.
pub fn amounts(money: Option<&Money>) -> (Option<String>, Option<String>, Option<String>) {
    let wan = |fen: &Fen| fen.to_wan_text();
    match money {
        Some(Money::Exact(fen)) => (Some(wan(fen)), None, None),
        Some(Money::Options(options)) => (None, options.first().map(wan), options.last().map(wan)),
        Some(Money::Range(low, high)) => (None, low.as_ref().map(wan), high.as_ref().map(wan)),
        Some(Money::Undetermined) | None => (None, None, None),
    }
}

fn points(numbers: &Numbers) -> [Option<String>; 3] {
    let text = |number: &Number| number.to_decimal(PLACES_MAX).unwrap_or_else(|| number.to_fixed(PLACES_MAX));
    match (numbers.as_exact(), numbers.hull()) {
        (Some(exact), _) => [Some(text(exact)), None, None],
        (None, Some(hull)) => [None, hull.low.value().map(text), hull.high.value().map(text)],
        (None, None) => [None, None, None],
    }
}

/// Most decimal places of points in a table.
const PLACES_MAX: u32 = 6;
