//! What the tax holiday for software enterprises asks for. Amounts are fen.

use crate::calendar::YEARS;
use crate::firm::Firm;
use crate::models::research::second_class;
use crate::subject::How::{Figure, Truth};
use crate::subject::{Block, Table};

/// Whether it develops software as its main business.
pub(super) fn is_developer(firm: &Firm) -> bool {
    firm.industry.code.starts_with("I651")
}

/// Income from software products, or from software that is built into something.
fn income(firm: &Firm, place: usize, is_embedded: bool) -> i64 {
    let dice = firm.dice.on(if is_embedded { "embedded software" } else { "software products" });
    let usual = match (is_developer(firm), is_embedded) {
        (true, false) => 0.68,
        (true, true) => 0.12,
        (false, _) if firm.industry.code.starts_with("I65") => 0.25,
        (false, true) if firm.industry.is_manufacturing() && firm.industry.is_technical() => 0.1,
        (false, _) => return 0,
    };
    let share = usual + 0.12 * dice.bell() + 0.02 * dice.about(place as u64).bell();
    firm.share(firm.revenue[place], share.clamp(0.0, 0.85))
}

/// The part of such income that comes of its own development.
fn own_income(firm: &Firm, place: usize, is_embedded: bool) -> i64 {
    let share = 0.78 + 0.15 * firm.dice.on("own software").bell() + 0.04 * firm.technical;
    firm.share(income(firm, place, is_embedded), share.clamp(0.0, 1.0))
}

pub(super) const SOFTWARE: Table<Firm> = Table {
    block: Block::Accounts,
    models: &[
        ("软件产品收入", Figure(|firm, when, _| Some(income(firm, firm.place(when), false)))),
        ("自主软件产品收入", Figure(|firm, when, _| Some(own_income(firm, firm.place(when), false)))),
        ("嵌入式软件收入", Figure(|firm, when, _| Some(income(firm, firm.place(when), true)))),
        ("自主嵌入式软件收入", Figure(|firm, when, _| Some(own_income(firm, firm.place(when), true)))),
    ],
};

pub(super) const SOFTWARE_RIGHTS: Table<Firm> = Table {
    block: Block::Rights,
    models: &[
        ("软件开发主营且独立法人", Truth(|firm, _, dice| is_developer(firm) && dice.chance(0.95))),
        ("设立具有合理商业目的", Truth(|_, _, dice| dice.chance(0.98))),
        (
            "拥有核心关键技术",
            Truth(|firm, _, dice| {
                let has_research = firm.research[YEARS - 1] > 0;
                dice.chance(if has_research { 0.7 } else { 0.05 })
            }),
        ),
        (
            "主营软件著作权或专利数",
            Figure(|firm, _, dice| {
                let all = second_class(firm);
                Some(if is_developer(firm) { dice.count(all as f64 * 0.7).min(all) } else { 0 })
            }),
        ),
    ],
};
