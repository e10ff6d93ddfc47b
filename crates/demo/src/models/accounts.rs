//! Income, costs, assets, taxes, markets and land. Amounts are fen.

use crate::calendar::{When, YEARS};
use crate::dice::Dice;
use crate::firm::{Firm, PLACES, YEAR_DAYS};
use crate::models::identity::is_above_scale;
use crate::models::software::is_developer;
use crate::models::titles::technology_sme;
use crate::subject::How::{Figure, Truth, Word};
use crate::subject::{Block, ONE, Table, WAN, ratio, whole};

/// Income beside sales, as a share of them.
fn other_income(firm: &Firm, place: usize) -> i64 {
    let dice = firm.dice.on("other income").about(place as u64);
    firm.share(firm.revenue[place], (0.008 + 0.008 * dice.bell()).max(0.0))
}

fn total_income(firm: &Firm, place: usize) -> i64 {
    firm.revenue[place] + other_income(firm, place)
}

fn profit(firm: &Firm, place: usize) -> i64 {
    if firm.revenue[place] == 0 {
        return -(firm.research[place]
            + firm.rounded(firm.mean_staff(place) as f64 * 3.0 * firm.part[place]));
    }
    // Unlike a share, a result may be negative.
    (firm.revenue[place] as f64 * firm.margin[place]) as i64 / firm.rounding * firm.rounding
}

/// After tax at a usual rate, and before losses of earlier years.
fn net_profit(firm: &Firm, place: usize) -> i64 {
    let profit = profit(firm, place);
    if profit > 0 { profit - firm.share(profit, 0.12) } else { profit }
}

fn taxable(firm: &Firm, place: usize) -> i64 {
    let dice = firm.dice.on("taxable").about(place as u64);
    firm.share(profit(firm, place), (0.95 + 0.12 * dice.bell()).max(0.3))
}

/// Years before the series of which a loss may still count.
const LOSS_YEARS_BEFORE: usize = 10;

/// Years for which a loss is carried on, and for those with a title in technology.
const LOSS_TERM: usize = 5;
const LOSS_TERM_TECHNICAL: usize = 10;

/// Taxable result of a year before the series: the weaker a firm is, and the younger it was, the likelier a loss. Nought
/// before it was founded.
fn earlier_result(firm: &Firm, before: usize) -> i64 {
    let ended = firm.year_start - 1 - ((YEARS + before - 1) as f64 * YEAR_DAYS) as i32;
    let age = f64::from(ended - firm.founded) / YEAR_DAYS;
    if age < 0.0 {
        return 0;
    }
    let dice = firm.dice.on("earlier result").about(before as u64);
    // Who develops something new spends before it earns.
    let start = match age {
        ..3.0 if firm.industry.is_technical() => 0.4,
        ..2.0 => 0.12,
        _ => 0.0,
    };
    let margin = 0.055 + 0.075 * firm.health + 0.06 * dice.bell() - start;
    let share = 0.92_f64.powi(before as i32) * margin.clamp(-0.6, 0.45);
    (firm.revenue[0] as f64 * share) as i64 / firm.rounding * firm.rounding
}

/// What is left of a year's loss before the return of the last complete year: later profits make up the oldest losses
/// first, and after some years the rest is lost.
fn loss_left(firm: &Firm, when: When) -> i64 {
    let (place, last) = (firm.place(when), YEARS - 1);
    let at = match when {
        When::Earlier(before) if before > LOSS_YEARS_BEFORE => return 0,
        When::Earlier(before) => LOSS_YEARS_BEFORE - before,
        _ if place >= last => return (-taxable(firm, place)).max(0),
        _ => LOSS_YEARS_BEFORE + place,
    };
    let is_technical = firm.certified.is_some() || technology_sme(firm).is_some();
    let term = if is_technical { LOSS_TERM_TECHNICAL } else { LOSS_TERM };
    if LOSS_YEARS_BEFORE + last - at > term {
        return 0;
    }
    let earlier = (1..=LOSS_YEARS_BEFORE).rev().map(|before| earlier_result(firm, before));
    let results: Vec<i64> = earlier.chain((0..last).map(|place| taxable(firm, place))).collect();
    let mut losses: Vec<i64> = Vec::with_capacity(results.len());
    for result in results {
        let mut profit = result.max(0);
        for loss in &mut losses {
            let made_up = profit.min(*loss);
            (profit, *loss) = (profit - made_up, *loss - made_up);
        }
        losses.push((-result).max(0));
    }
    losses[at]
}

/// All taxes of the year: some on sales, some on income.
fn taxes(firm: &Firm, place: usize) -> i64 {
    let dice = firm.dice.on("taxes");
    if dice.on("none").chance(0.02) {
        return 0;
    }
    let on_sales = firm.share(firm.revenue[place], (0.032 + 0.009 * dice.bell()).max(0.004));
    on_sales + firm.share(taxable(firm, place).max(0), 0.13)
}

fn main_income(firm: &Firm, place: usize, dice: Dice) -> i64 {
    let share = 0.89 + 0.1 * firm.dice.on("focus").bell() + 0.02 * dice.about(place as u64).bell();
    firm.share(firm.revenue[place], share.clamp(0.3, 1.0))
}

fn high_tech_income(firm: &Firm, place: usize, dice: Dice) -> i64 {
    let usual = if firm.industry.is_technical() { 0.68 } else { 0.06 };
    let share = usual + 0.12 * firm.technical + 0.1 * dice.bell();
    firm.share(firm.revenue[place], share.clamp(0.0, 0.99))
}

fn assets(firm: &Firm, when: When) -> i64 {
    firm.stock(&firm.assets, when, firm.dice.on("stock of assets")) / firm.rounding * firm.rounding
}

fn liabilities(firm: &Firm, when: When) -> i64 {
    let share = match when {
        When::Quarter(boundary) => {
            let (from, to) = (firm.debt[YEARS - 2], firm.debt[YEARS - 1]);
            from + (to - from) * boundary as f64 / 4.0
        }
        _ => firm.debt[firm.place(when)],
    };
    (assets(firm, when) as f64 * share) as i64 / firm.rounding * firm.rounding
}

/// What a share of an amount comes to in the year asked for.
fn part_of_revenue(firm: &Firm, when: When, share: f64) -> Option<i64> {
    Some(firm.share(firm.revenue[firm.place(when)], share.max(0.0)))
}

pub(super) const ACCOUNTS: Table<Firm> = Table {
    block: Block::Accounts,
    models: &[
        ("营业收入", Figure(|firm, when, _| Some(firm.revenue[firm.place(when)]))),
        ("主营业务收入", Figure(|firm, when, dice| Some(main_income(firm, firm.place(when), dice)))),
        ("主营业务收入近2年平均增长率", Figure(|firm, when, dice| mean_growth(firm, firm.place(when), dice))),
        ("销售收入", Figure(|firm, when, _| Some(firm.revenue[firm.place(when)]))),
        ("总收入", Figure(|firm, when, _| Some(total_income(firm, firm.place(when))))),
        ("收入总额", Figure(|firm, when, _| Some(total_income(firm, firm.place(when))))),
        ("不征税收入", Figure(|firm, when, _| Some(other_income(firm, firm.place(when)) / 8))),
        (
            "投资收益",
            Figure(|firm, when, dice| {
                let place = firm.place(when);
                let all = other_income(firm, place);
                Some(if dice.chance(0.2) { firm.share(all, 0.5) } else { 0 })
            }),
        ),
        (
            "负面行业主营收入",
            Figure(|firm, when, dice| {
                let excluded = ["F51", "F52", "H61", "H62", "K70", "L71", "L72", "R90"];
                let is_excluded = excluded.contains(&firm.industry.division());
                let share = if is_excluded { 0.72 + 0.2 * dice.bell() } else { 0.03 * dice.bell() };
                part_of_revenue(firm, when, share.min(1.0))
            }),
        ),
        ("高新技术产品收入", Figure(|firm, when, dice| Some(high_tech_income(firm, firm.place(when), dice)))),
        (
            "成本费用支出",
            Figure(|firm, when, _| {
                let place = firm.place(when);
                Some((firm.revenue[place] - profit(firm, place)).max(firm.research[place]))
            }),
        ),
        ("净利润", Figure(|firm, when, _| Some(net_profit(firm, firm.place(when))))),
        ("净资产", Figure(|firm, when, _| Some(assets(firm, when) - liabilities(firm, when)))),
        ("资产总额", Figure(|firm, when, _| Some(assets(firm, when)))),
        ("负债总额", Figure(|firm, when, _| Some(liabilities(firm, when)))),
        ("工业增加值", Figure(|firm, when, _| value_added(firm, when))),
        (
            "销售收入.认定前一年",
            Figure(|firm, when, _| firm.certified.map(|_| firm.revenue[firm.place(when)])),
        ),
        // The first year of the series is the year in which somebody may have promised.
        ("主营业务收入.承诺基年", Figure(|firm, _, dice| dice.chance(0.1).then(|| firm.revenue[0]))),
    ],
};

fn mean_growth(firm: &Firm, place: usize, dice: Dice) -> Option<i64> {
    if place < 2 {
        // The years before are not in the series.
        return (firm.revenue[place] > 0).then(|| ratio((0.09 + 0.15 * dice.bell()).max(-0.5))).flatten();
    }
    let income =
        |back: usize| place.checked_sub(back).map(|place| firm.revenue[place]).filter(|fen| *fen > 0);
    let (now, before, first) = (income(0)?, income(1)?, income(2)?);
    // A running year is set against the same part of the year before.
    let now = now as f64 / firm.part[place].max(0.01);
    // A bare ratio above 1 is refused by whoever reads it, since it may be meant in per cent.
    ratio(((now / before as f64 + before as f64 / first as f64) / 2.0 - 1.0).clamp(-1.0, 1.0))
}

fn value_added(firm: &Firm, when: When) -> Option<i64> {
    let place = firm.place(when);
    let labour = firm.rounded(firm.mean_staff(place) as f64 * 9.0 * firm.part[place]);
    firm.industry.is_manufacturing().then(|| labour + profit(firm, place) + taxes(firm, place))
}

pub(super) const TAX: Table<Firm> = Table {
    block: Block::Tax,
    models: &[
        ("纳税年度", Figure(|firm, _, _| Some(year_of(firm.today) - 1))),
        ("征收方式", Word(|_, dice| if dice.chance(0.9) { "查账征收" } else { "核定征收" })),
        ("应纳税所得额", Figure(|firm, when, _| Some(taxable(firm, firm.place(when))))),
        ("未弥补亏损额", Figure(|firm, when, _| Some(loss_left(firm, when)))),
        ("适用所得税税率", Figure(|firm, when, _| tax_rate(firm, firm.place(when)))),
        (
            "优惠年序",
            Figure(|firm, when, dice| {
                let made = firm.industry.code == "C3973" || is_developer(firm);
                let first = dice.below(6) as i64;
                made.then(|| (firm.place(when) as i64 - first + 4).max(1) * ONE)
            }),
        ),
        (
            "经营期",
            Figure(|_, _, dice| whole(f64::from(dice.pick(&[(10, 12), (15, 8), (20, 40), (30, 40)])))),
        ),
        ("按顺序扣减税费", Figure(|firm, when, _| Some(taxes(firm, firm.place(when))))),
        ("纳税额", Figure(|firm, when, _| Some(taxes(firm, firm.place(when))))),
        (
            "评价税收",
            Figure(|firm, when, dice| {
                Some(firm.share(taxes(firm, firm.place(when)), 0.97 + 0.02 * dice.unit()))
            }),
        ),
        ("享受国家税收扶持", Truth(|_, _, dice| dice.chance(0.03))),
    ],
};

fn year_of(day: i32) -> i64 {
    facts::Date::from_epoch_days(i64::from(day)).map_or(0, |date| i64::from(date.year))
}

/// 15 % while certified, 20 % for the small, else 25 %.
fn tax_rate(firm: &Firm, place: usize) -> Option<i64> {
    let is_certified = firm.certified.is_some_and(|first| (first..first + 3).contains(&place));
    let is_small = taxable(firm, place) <= 300 * WAN && firm.staff[place] <= 300;
    ratio(if is_certified {
        0.15
    } else if is_small {
        0.2
    } else {
        0.25
    })
}

/// How far towards a listing: 0 not at all, then tutoring, acceptance, passing, listed.
fn stage(firm: &Firm) -> usize {
    let dice = firm.dice.on("listing");
    let is_large = profit(firm, YEARS - 1) >= 1_500 * WAN;
    if !dice.chance(if is_large { 0.12 } else { 0.004 }) {
        return 0;
    }
    1 + dice.on("stage").pick(&[(0, 55), (1, 18), (2, 10), (3, 17)])
}

fn market(firm: &Firm, dice: Dice) -> &'static str {
    if stage(firm) < 4 {
        return "无";
    }
    dice.pick(&[("上交所主板", 10), ("上交所科创板", 22), ("深交所", 30), ("北交所", 30), ("境外", 8)])
}

/// Equity that qualified investors paid in: rare, and mostly into the technical.
fn equity(firm: &Firm, place: usize, dice: Dice) -> i64 {
    let dice = dice.about(place as u64);
    if !dice.chance(if firm.technical > 0.8 { 0.1 } else { 0.02 }) {
        return 0;
    }
    firm.rounded(1_800.0 * crate::dice::exp(0.9 * dice.on("amount").bell()))
}

pub(super) const MARKET: Table<Firm> = Table {
    block: Block::Market,
    models: &[
        ("合格机构股权融资实缴额", Figure(|firm, when, dice| Some(equity(firm, firm.place(when), dice)))),
        (
            "合格机构股权融资实缴额.累计",
            Figure(|firm, _, dice| {
                Some((0..firm.revenue.len()).map(|place| equity(firm, place, dice)).sum())
            }),
        ),
        ("首次辅导备案", Truth(|firm, _, _| stage(firm) >= 1)),
        ("IPO受理", Truth(|firm, _, _| stage(firm) >= 2)),
        ("IPO过会", Truth(|firm, _, _| stage(firm) >= 3)),
        ("成功上市", Truth(|firm, _, _| stage(firm) >= 4)),
        ("上市板块", Word(market)),
        ("上市公司分拆上市落户郑州", Truth(|firm, _, dice| stage(firm) >= 4 && dice.chance(0.05))),
        (
            "已获本政策奖励",
            Figure(|firm, _, dice| {
                // Who has reached a stage was mostly paid for those before it.
                let paid = [0, 0, 100, 200, 400][stage(firm)];
                Some(if dice.chance(0.6) { paid * WAN } else { 0 })
            }),
        ),
        ("投资后2年内上市", Truth(|_, _, dice| dice.chance(0.01))),
    ],
};

pub(super) const SPACE: Table<Firm> = Table {
    block: Block::Space,
    models: &[
        (
            "用地面积亩",
            Figure(|firm, _, dice| {
                let staff = firm.staff[PLACES - 1] as f64;
                let owns = firm.industry.is_manufacturing() && dice.on("owns").chance(0.45);
                let land = staff * 0.16 * crate::dice::exp(0.5 * dice.bell());
                Some(if owns || is_above_scale(firm) { (land * 100.0) as i64 * (ONE / 100) } else { 0 })
            }),
        ),
        (
            "租赁厂房面积",
            Figure(|firm, _, dice| {
                let rents = firm.industry.is_manufacturing() && !dice.on("owns").chance(0.35);
                let floor = firm.staff[PLACES - 1] as f64 * 45.0 * crate::dice::exp(0.5 * dice.bell());
                if rents { whole(floor) } else { Some(0) }
            }),
        ),
        (
            "综合能耗",
            Figure(|firm, when, dice| {
                let place = firm.place(when);
                let per_head = if firm.industry.is_manufacturing() { 3.2 } else { 0.35 };
                let used = firm.mean_staff(place) as f64 * per_head * firm.part[place];
                Some((used * crate::dice::exp(0.5 * dice.bell()) * 100.0) as i64 * (ONE / 100))
            }),
        ),
    ],
};
