//! R&D, contracts on technology, rights. Amounts are fen.

use crate::calendar::YEARS;
use crate::dice::{Dice, exp};
use crate::firm::Firm;
use crate::subject::How::{Figure, Truth, Word};
use crate::subject::{Block, Table};

/// Shares of R&D by kind of cost, before other costs: personnel, direct input, depreciation, amortisation, design.
const KINDS: [f64; 4] = [0.56, 0.24, 0.08, 0.025];

/// R&D commissioned in China and abroad.
fn commissioned(firm: &Firm, place: usize, is_abroad: bool) -> i64 {
    let dice = firm.dice.on(if is_abroad { "abroad" } else { "commissioned" });
    let (likely, share) = if is_abroad { (0.06, 0.05) } else { (0.35, 0.08) };
    if !dice.chance(likely) {
        return 0;
    }
    firm.share(firm.research[place], share * exp(0.5 * dice.on("share").about(place as u64).bell()).min(4.0))
}

/// Its own R&D: all but what is commissioned.
fn own(firm: &Firm, place: usize) -> i64 {
    let all = firm.research[place] - commissioned(firm, place, true) - commissioned(firm, place, false);
    all.max(0)
}

/// One of the kinds of its own costs; they and the other costs add up to no more than the whole.
fn kind(firm: &Firm, place: usize, kind: usize) -> i64 {
    // So little that the kinds never come to more than the whole.
    let wobble = 1.0 + 0.025 * firm.dice.on("kind of cost").about(kind as u64).bell();
    firm.share(own(firm, place), KINDS[kind] * wobble)
}

/// Design costs, and what is left for others.
fn rest(firm: &Firm, place: usize) -> (i64, i64) {
    let spent: i64 = (0..KINDS.len()).map(|number| kind(firm, place, number)).sum();
    let left = (own(firm, place) - spent).max(0);
    let design = firm.share(left, (0.4 + 0.15 * firm.dice.on("design").bell()).clamp(0.0, 1.0));
    (design, left - design)
}

/// Whether it keeps its R&D in order, more likely the more of it there is.
fn is_orderly(firm: &Firm, dice: Dice, share: f64) -> bool {
    let has_any = firm.research[YEARS - 1] > 0;
    dice.chance((share + 0.08 * firm.technical) * if has_any { 1.0 } else { 0.15 })
}

fn contracts(firm: &Firm, place: usize) -> i64 {
    let dice = firm.dice.on("contracts");
    let is_seller = firm.industry.is_technical() && dice.chance(0.3);
    let share =
        (0.22 + 0.12 * dice.on("share").bell() + 0.05 * dice.about(place as u64).bell()).clamp(0.01, 0.8);
    if is_seller { firm.share(firm.revenue[place], share) } else { 0 }
}

pub(super) const RESEARCH: Table<Firm> = Table {
    block: Block::Research,
    models: &[
        ("研发费用", Figure(|firm, when, _| Some(firm.research[firm.place(when)]))),
        (
            "境内研发费用",
            Figure(|firm, when, _| {
                let place = firm.place(when);
                Some(firm.research[place] - commissioned(firm, place, true))
            }),
        ),
        (
            "加计扣除研发费用",
            Figure(|firm, when, dice| {
                let share = (0.9 + 0.06 * dice.bell()).clamp(0.3, 1.0);
                Some(firm.share(firm.research[firm.place(when)], share))
            }),
        ),
        ("人员人工费", Figure(|firm, when, _| Some(kind(firm, firm.place(when), 0)))),
        ("直接投入费", Figure(|firm, when, _| Some(kind(firm, firm.place(when), 1)))),
        ("折旧费", Figure(|firm, when, _| Some(kind(firm, firm.place(when), 2)))),
        ("无形资产摊销", Figure(|firm, when, _| Some(kind(firm, firm.place(when), 3)))),
        ("新产品设计等费用", Figure(|firm, when, _| Some(rest(firm, firm.place(when)).0))),
        ("其他相关费用", Figure(|firm, when, _| Some(rest(firm, firm.place(when)).1))),
        ("委托境内研发费用", Figure(|firm, when, _| Some(commissioned(firm, firm.place(when), false)))),
        ("委托境外研发费用", Figure(|firm, when, _| Some(commissioned(firm, firm.place(when), true)))),
        ("研发费用准确归集", Truth(|firm, _, dice| is_orderly(firm, dice, 0.86))),
        ("研发经费预算管理制度", Truth(|firm, _, dice| is_orderly(firm, dice, 0.7))),
        ("研发投入预算备案", Truth(|firm, _, dice| is_orderly(firm, dice, 0.5))),
        ("研发管理制度与辅助账", Truth(|firm, _, dice| is_orderly(firm, dice, 0.75))),
        ("内设研发机构或产学研合作", Truth(|firm, _, dice| is_orderly(firm, dice, 0.7))),
        ("成果转化激励制度", Truth(|firm, _, dice| is_orderly(firm, dice, 0.62))),
        ("人才培养引进制度", Truth(|firm, _, dice| is_orderly(firm, dice, 0.7))),
        (
            "科技成果转化数",
            Figure(|firm, when, dice| {
                let place = firm.place(when);
                let mean = if firm.research[place] == 0 { 0.05 } else { 3.4 * exp(0.35 * firm.technical) };
                Some(dice.about(place as u64).count(mean * firm.part[place]))
            }),
        ),
        ("技术合同登记成交额", Figure(|firm, when, _| Some(contracts(firm, firm.place(when))))),
        (
            "技术合同实际到款额",
            Figure(|firm, when, dice| {
                Some(
                    firm.share(contracts(firm, firm.place(when)), (0.7 + 0.15 * dice.bell()).clamp(0.1, 1.0)),
                )
            }),
        ),
        (
            "核定技术交易额",
            Figure(|firm, when, dice| {
                Some(
                    firm.share(contracts(firm, firm.place(when)), (0.82 + 0.1 * dice.bell()).clamp(0.2, 1.0)),
                )
            }),
        ),
        (
            "国家重点支持高新领域",
            Word(|firm, dice| {
                // Traders with a product of their own are in one of them too, some of the time.
                if firm.industry.is_technical() || !dice.chance(0.1) {
                    firm.industry.field
                } else {
                    "电子信息"
                }
            }),
        ),
    ],
};

/// Patents and the like of the first class: rare, more with size and technology.
pub(super) fn first_class(firm: &Firm) -> i64 {
    rights(firm, "first class", 0.55)
}

/// Software copyrights, utility models and the like.
pub(super) fn second_class(firm: &Firm) -> i64 {
    rights(firm, "second class", 6.0)
}

fn rights(firm: &Firm, class: &str, mean: f64) -> i64 {
    let last = YEARS - 1;
    if firm.research[last] == 0 {
        return firm.dice.on(class).count(0.08);
    }
    let size = (firm.staff[last].max(1) as f64 / 30.0).sqrt();
    firm.dice.on(class).count(mean * size * exp(0.55 * firm.technical))
}

/// So many of a number, each with that probability.
fn some_of(count: i64, share: f64, dice: Dice) -> i64 {
    dice.count(count as f64 * share).min(count)
}

pub(super) const RIGHTS: Table<Firm> = Table {
    block: Block::Rights,
    models: &[
        ("Ⅰ类知识产权数", Figure(|firm, _, _| Some(first_class(firm)))),
        ("Ⅱ类知识产权数", Figure(|firm, _, _| Some(second_class(firm)))),
        ("Ⅰ类高价值知识产权数", Figure(|firm, _, dice| Some(some_of(first_class(firm), 0.35, dice)))),
        ("自主研发Ⅰ类知识产权数", Figure(|firm, _, dice| Some(some_of(first_class(firm), 0.8, dice)))),
        ("应用产生效益的Ⅰ类知识产权数", Figure(|firm, _, dice| Some(some_of(first_class(firm), 0.6, dice)))),
        (
            "有自主研发知识产权",
            Truth(|firm, _, dice| first_class(firm) + second_class(firm) > 0 && dice.chance(0.93)),
        ),
        (
            "核心知识产权所有权",
            Truth(|firm, _, dice| first_class(firm) + second_class(firm) > 0 && dice.chance(0.9)),
        ),
        (
            "近3年核心知识产权数",
            Figure(|firm, _, dice| Some(some_of(first_class(firm) + second_class(firm), 0.3, dice))),
        ),
        ("技术先进程度", Word(|firm, dice| graded(firm, dice, ["无", "较低", "一般", "较高", "高"]))),
        ("知识产权核心支持作用", Word(|firm, dice| graded(firm, dice, ["无", "较弱", "一般", "较强", "强"]))),
    ],
};

/// A grade that follows how technical an enterprise is.
fn graded(firm: &Firm, dice: Dice, grades: [&'static str; 5]) -> &'static str {
    if first_class(firm) + second_class(firm) == 0 {
        return grades[0];
    }
    let point = 2.6 + 0.8 * firm.technical + 0.7 * dice.bell();
    grades[(point.clamp(1.0, 4.0)) as usize]
}
