//! Certificates, awards, lists and evaluations: what somebody else has granted or marked.

use crate::calendar::{When, YEARS};
use crate::dice::Dice;
use crate::firm::Firm;
use crate::models::research::first_class;
use crate::subject::How::{Figure, Truth, Word};
use crate::subject::{Block, ONE, Table, Title, full_months, happened, whole};

/// Whether a certificate is valid on the day.
fn is_valid(firm: &Firm, certificate: Option<(i32, i32)>) -> bool {
    certificate.is_some_and(|(from, to)| from <= firm.today && firm.today <= to)
}

fn is_small(firm: &Firm) -> bool {
    firm.staff[YEARS - 1] <= 500
}

/// The number of a technology-based SME, granted anew each year.
pub(super) fn technology_sme(firm: &Firm) -> Option<(i32, i32)> {
    let dice = firm.dice.on("technology SME");
    let fits = is_small(firm) && firm.research[YEARS - 1] > 0 && firm.industry.is_technical();
    let days = f64::from(firm.today - firm.year_start);
    let from = firm.year_start + (days * dice.on("day").unit()) as i32;
    (fits && dice.chance(0.4 + 0.1 * firm.technical))
        .then_some((from.max(firm.founded), firm.year_start + 364))
}

/// A certificate of three years that some hold: `likely` among those who do R&D.
fn three_years(firm: &Firm, name: &str, likely: f64) -> Option<(i32, i32)> {
    let dice = firm.dice.on(name);
    let fits = is_small(firm) && firm.research[YEARS - 1] > 0 && firm.part[YEARS - 2] > 0.0;
    let from = (firm.today - (dice.on("from").between(10.0, 1_300.0)) as i32).max(firm.founded);
    (fits && dice.chance(likely + 0.3 * likely * firm.technical)).then_some((from, from + 1_095))
}

fn admitted(firm: &Firm) -> Option<(i32, i32)> {
    let dice = firm.dice.on("admitted to the zone");
    dice.chance(0.35).then_some((firm.year_start.max(firm.founded), firm.year_start + 364))
}

pub(super) const CERTIFICATES: &[Title<Firm>] = &[
    ("高新技术企业", |firm| firm.certificate),
    ("科技型中小企业", technology_sme),
    ("专精特新中小企业", |firm| three_years(firm, "specialised SME", 0.09)),
    ("创新型中小企业", |firm| three_years(firm, "innovative SME", 0.3)),
    ("科技和创新型中小企业", |firm| three_years(firm, "technology and innovation SME", 0.42)),
    ("高新区惠企政策准入", admitted),
];

/// The best level of its R&D institutions: 0 none, then below municipal, municipal, provincial, national.
fn institution(firm: &Firm) -> usize {
    let dice = firm.dice.on("institution");
    if firm.research[YEARS - 1] == 0 {
        return 0;
    }
    let size = (firm.staff[YEARS - 1] as f64 / 400.0).min(1.0);
    let point = dice.unit() - 0.25 * size - 0.04 * firm.technical;
    match point {
        ..0.006 => 4,
        0.006..0.06 => 3,
        0.06..0.16 => 2,
        0.16..0.3 => 1,
        _ => 0,
    }
}

fn standards(firm: &Firm) -> i64 {
    firm.dice.on("standards").count(if first_class(firm) > 0 { 0.5 } else { 0.06 })
}

fn event(firm: &Firm, when: When, dice: Dice, yearly: f64) -> bool {
    let technical = if first_class(firm) > 0 { 1.0 } else { 0.05 };
    happened(firm, firm.today, when, dice, yearly * technical)
}

pub(super) const TITLES: Table<Firm> = Table {
    block: Block::Titles,
    models: &[
        ("高企证书有效", Truth(|firm, _, _| is_valid(firm, firm.certificate))),
        ("国家科技型中小企业", Truth(|firm, _, _| is_valid(firm, technology_sme(firm)))),
        ("当年首次认定高企", Truth(|firm, _, _| firm.certified == Some(YEARS))),
        ("市外整体迁入高企", Truth(|firm, _, dice| is_valid(firm, firm.certificate) && dice.chance(0.03))),
        ("河南科技小巨人", Truth(|firm, _, dice| firm.certificate.is_some() && dice.chance(0.05))),
        ("省级创新龙头企业考核优秀", Truth(|firm, _, dice| institution(firm) >= 3 && dice.chance(0.08))),
        ("国家级研发平台", Truth(|firm, _, _| institution(firm) >= 4)),
        ("省级研发平台", Truth(|firm, _, _| institution(firm) >= 3)),
        ("省级研发平台考核优秀", Truth(|firm, _, dice| institution(firm) >= 3 && dice.chance(0.2))),
        ("省重大新型研发机构", Truth(|firm, _, dice| institution(firm) >= 3 && dice.chance(0.05))),
        ("省部级以上研发机构", Truth(|firm, _, _| institution(firm) >= 3)),
        ("研发机构级别", Word(|firm, _| ["无", "市级以下", "市级", "省级", "国家级"][institution(firm)])),
        ("省级以上质量奖", Truth(|firm, _, dice| firm.staff[YEARS - 1] > 100 && dice.chance(0.04))),
        (
            "质量管理体系认证",
            Truth(|firm, _, dice| dice.chance(if firm.staff[YEARS - 1] >= 20 { 0.62 } else { 0.25 })),
        ),
        ("自主品牌", Truth(|_, _, dice| dice.chance(0.45))),
        ("参与制定标准", Truth(|firm, _, _| standards(firm) > 0)),
        ("参与制定标准数", Figure(|firm, _, _| Some(standards(firm)))),
        ("主导制定标准前列", Truth(|firm, when, dice| event(firm, when, dice, 0.012))),
        ("国家级科技奖前三", Truth(|firm, when, dice| event(firm, when, dice, 0.002))),
        ("国家级科技奖前五", Truth(|firm, when, dice| event(firm, when, dice, 0.003))),
        ("省级科技奖前三", Truth(|firm, when, dice| event(firm, when, dice, 0.012))),
        ("省级以上科技奖", Truth(|firm, when, dice| event(firm, when, dice, 0.02))),
        ("创客中国企业组500强", Truth(|firm, when, dice| event(firm, when, dice, 0.012))),
        ("创业投资企业备案", Truth(|firm, _, dice| firm.industry.is_venture_capital() && dice.chance(0.7))),
        (
            "国家鼓励的集成电路生产企业",
            Truth(|firm, _, dice| firm.industry.code == "C3973" && dice.chance(0.4)),
        ),
        ("集成电路或工业母机企业", Truth(|firm, _, dice| is_chip_or_tool(firm) && dice.chance(0.35))),
        (
            "集成电路线宽",
            Figure(|firm, _, dice| {
                let made = firm.industry.code == "C3973";
                let widths = [(14, 1), (28, 3), (55, 3), (65, 4), (90, 4), (130, 5), (180, 4), (350, 2)];
                made.then(|| i64::from(dice.pick(&widths)) * ONE)
            }),
        ),
    ],
};

fn is_chip_or_tool(firm: &Firm) -> bool {
    matches!(firm.industry.code, "C3973" | "I6520" | "C3421")
}

/// A mark given by somebody: only some were ever marked.
fn marked(dice: Dice, share: f64, mean: f64, spread: f64) -> Option<i64> {
    let points = (mean + spread * dice.bell()).clamp(0.0, 100.0);
    dice.on("marked").chance(share).then(|| whole(points)).flatten()
}

pub(super) const EVALUATION: Table<Firm> = Table {
    block: Block::Evaluation,
    models: &[
        // What follows from other facts is seldom given as well.
        (
            "科技型中小企业评价分",
            Figure(|firm, _, dice| marked(dice, 0.05, 68.0 + 8.0 * firm.technical, 12.0)),
        ),
        (
            "高企创新能力评分",
            Figure(|firm, _, dice| {
                let (share, mean) = if firm.certified.is_some() { (0.7, 80.0) } else { (0.08, 66.0) };
                marked(dice, share, mean, 6.0)
            }),
        ),
        ("专精特新评价分2022", Figure(|firm, _, dice| marked(dice, 0.05, 55.0 + 8.0 * firm.technical, 12.0))),
        (
            "专精特新发展评价分",
            Figure(|firm, when, dice| {
                let place = firm.place(when) as f64;
                let mean = 48.0 + 7.0 * firm.technical + 3.0 * firm.health + place;
                marked(dice, if firm.research[YEARS - 1] > 0 { 0.75 } else { 0.1 }, mean, 6.0)
            }),
        ),
        (
            "是否复核",
            Truth(|firm, _, dice| three_years(firm, "specialised SME", 0.09).is_some() && dice.chance(0.4)),
        ),
        ("省级特色化指标得分", Figure(|_, _, dice| marked(dice, 0.6, 9.0, 3.0))),
        (
            "从事细分市场年限",
            Figure(|firm, when, dice| {
                let months =
                    full_months(firm.founded, firm.today) as f64 - 12.0 * (YEARS - firm.place(when)) as f64;
                let share = if dice.chance(0.6) { 1.0 } else { dice.on("since").between(0.2, 1.0) };
                whole((months / 12.0 * share).max(0.0))
            }),
        ),
        (
            "主导产品领域等级",
            Word(|_, dice| {
                dice.pick(&[
                    ("补短板锻长板填空白", 10),
                    ("六基或服务链主", 20),
                    ("制造强国十大领域", 25),
                    ("网络强国领域", 10),
                    ("改造提升传统产业", 15),
                    ("新兴产业", 25),
                    ("未来产业", 5),
                ])
            }),
        ),
        (
            "数字化水平等级",
            Figure(|_, _, dice| whole(f64::from(dice.pick(&[(1, 30), (2, 42), (3, 22), (4, 6)])))),
        ),
        ("亩均效益得分", Figure(|_, _, dice| marked(dice, 0.06, 55.0, 15.0))),
        (
            "亩均评价等级",
            Word(|_, dice| {
                // Before the year's ranking few know their grade.
                dice.pick(&[("", 90), ("A类", 2), ("B类", 4), ("C类", 3), ("D类", 1)])
            }),
        ),
        (
            "评价加减分",
            Figure(|_, _, dice| whole(f64::from(dice.pick(&[(0, 80), (1, 8), (2, 5), (3, 3), (-2, 4)])))),
        ),
    ],
};
