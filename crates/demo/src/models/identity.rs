//! Who and where an enterprise is, and whether it is in good standing.

use crate::calendar::{When, YEARS};
use crate::dice::Dice;
use crate::firm::Firm;
use crate::subject::How::{Day, Figure, Truth, Word};
use crate::subject::{Block, ONE, Table, WAN, full_months, full_years, happened};

const ZONE: &str = "郑州高新区";

/// Towns with their weights; most enterprises of the zone are registered in its own.
const CITIES: &[(&str, u32)] =
    &[("郑州市", 930), ("洛阳市", 20), ("开封市", 15), ("新乡市", 15), ("许昌市", 10), ("焦作市", 10)];

const DISTRICTS: &[(&str, u32)] = &[
    ("高新区", 740),
    ("中原区", 90),
    ("金水区", 60),
    ("二七区", 40),
    ("管城回族区", 30),
    ("惠济区", 25),
    ("郑东新区", 15),
];

const OTHER_ZONES: &[(&str, u32)] = &[("无园区", 60), ("郑州经开区", 25), ("郑州航空港区", 15)];

/// Where it is registered follows one throw, so that the other ties can agree with it.
fn zone(firm: &Firm, own: f64, dice: Dice) -> &'static str {
    let is_here = firm.dice.on("in the zone").chance(0.88);
    if dice.chance(own) == is_here { ZONE } else { dice.on("other zone").pick(OTHER_ZONES) }
}

/// Size class by staff and revenue, as enterprises report it; the exact standard knows more figures.
fn size_class(firm: &Firm) -> usize {
    let last = YEARS - 1;
    let (staff, revenue) = (firm.staff[last], firm.revenue[last] / WAN);
    let bounds: [(i64, i64); 3] = if firm.industry.is_manufacturing() {
        [(20, 300), (300, 2_000), (1_000, 40_000)]
    } else if firm.industry.code.starts_with("I65") {
        [(10, 50), (100, 1_000), (300, 10_000)]
    } else if firm.industry.code.starts_with("F51") {
        [(5, 1_000), (20, 5_000), (200, 40_000)]
    } else if firm.industry.code.starts_with("F52") {
        [(10, 100), (50, 500), (300, 20_000)]
    } else {
        [(10, 0), (100, 0), (300, 0)]
    };
    bounds.iter().filter(|(people, sold)| staff >= *people && revenue >= *sold).count()
}

/// On the statistics bureau's list of larger enterprises.
pub(super) fn is_above_scale(firm: &Firm) -> bool {
    firm.revenue[YEARS - 1] >= 2_000 * WAN
}

pub(super) const IDENTITY: Table<Firm> = Table {
    block: Block::Identity,
    models: &[
        ("居民企业", Truth(|_, _, dice| dice.chance(0.985))),
        (
            "行业代码",
            Word(|firm, dice| if dice.chance(0.1) { firm.industry.division() } else { firm.industry.code }),
        ),
        ("注册市", Word(|_, dice| dice.pick(CITIES))),
        ("注册县区", Word(|_, dice| dice.pick(DISTRICTS))),
        ("注册园区", Word(|firm, dice| zone(firm, 1.0, dice))),
        ("税务登记园区", Word(|firm, dice| zone(firm, 0.96, dice))),
        ("统计关系园区", Word(|firm, dice| zone(firm, 0.94, dice))),
        ("成立日期", Day(|firm, _| firm.founded)),
        ("成立天数", Figure(|firm, _, _| Some(i64::from(firm.today - firm.founded) * ONE))),
        ("成立年数", Figure(|firm, _, _| Some(full_years(firm.founded, firm.today) * ONE))),
        ("成立月数", Figure(|firm, when, _| age_at(firm, when).map(|months| months * ONE))),
        ("企业规模类型", Word(|firm, _| ["微型", "小型", "中型", "大型"][size_class(firm)])),
        ("规模以上企业", Truth(|firm, _, _| is_above_scale(firm))),
        ("独立核算", Truth(|_, _, dice| dice.chance(0.975))),
        ("固定经营场所", Truth(|_, _, dice| dice.chance(0.96))),
        ("非限制禁止行业", Truth(|_, _, dice| dice.chance(0.985))),
        ("产品属禁止限制淘汰类", Truth(|_, _, dice| dice.chance(0.015))),
        ("产业目录类别2019", Word(catalogue)),
        ("公益性公用企业", Truth(|_, _, dice| dice.chance(0.004))),
        ("初创期企业", Truth(|firm, _, _| full_years(firm.founded, firm.today) < 3)),
        ("重大项目建设期", Truth(|_, _, dice| dice.chance(0.006))),
        ("专业金融服务机构", Truth(|firm, _, dice| firm.industry.is_venture_capital() && dice.chance(0.3))),
        ("创新创业团队另有约定", Truth(|_, _, dice| dice.chance(0.02))),
        (
            "迁入年数",
            Figure(|firm, _, dice| {
                let age = full_months(firm.founded, firm.today) as f64 / 12.0;
                Some((age * dice.unit() * 100.0) as i64 * (ONE / 100))
            }),
        ),
    ],
};

fn catalogue(firm: &Firm, dice: Dice) -> &'static str {
    let encouraged = if firm.industry.is_technical() { 70 } else { 10 };
    dice.pick(&[("鼓励类", encouraged), ("允许类", 60), ("限制类", 2), ("淘汰类", 1)])
}

/// Months of age at the end of a period of the series.
fn age_at(firm: &Firm, when: When) -> Option<i64> {
    let months = full_months(firm.founded, firm.today);
    // The series ends with the last complete year; each year before it is twelve months less.
    let since = match when {
        When::End(place) => (YEARS - 1 - place) as i64 * 12,
        When::Earlier(before) => (YEARS - 1 + before) as i64 * 12,
        When::Quarter(boundary) => (4 - boundary as i64) * 3,
        _ => return None,
    };
    let to_date = (firm.part[YEARS] * 12.0) as i64;
    Some((months - to_date - since).max(0))
}

pub(super) const CREDIT: Table<Firm> = Table {
    block: Block::Credit,
    models: &[
        (
            "列入经营异常名录",
            Truth(|firm, _, dice| dice.chance(if firm.health < -1.2 { 0.08 } else { 0.018 })),
        ),
        (
            "列入严重违法失信名单",
            Truth(|firm, _, dice| dice.chance(if firm.health < -1.2 { 0.02 } else { 0.003 })),
        ),
        ("失信联合惩戒", Truth(|_, _, dice| dice.chance(0.006))),
        ("依法纳税", Truth(|_, _, dice| dice.chance(0.985))),
        (
            "重大安全质量环境违法",
            Truth(|firm, when, dice| {
                let yearly = if firm.industry.is_manufacturing() { 0.008 } else { 0.002 };
                happened(firm, firm.today, when, dice, yearly)
            }),
        ),
        ("科研严重失信", Truth(|firm, when, dice| happened(firm, firm.today, when, dice, 0.001))),
        ("重大劳资纠纷群体性事件", Truth(|firm, when, dice| happened(firm, firm.today, when, dice, 0.003))),
        ("严重失信或严重行政处罚", Truth(|firm, when, dice| happened(firm, firm.today, when, dice, 0.006))),
    ],
};
