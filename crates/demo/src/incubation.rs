//! Institutions: incubators with their tenants, and institutes.

use crate::calendar::Calendar;
use crate::dice::{Dice, exp};
use crate::names::{self, Register};
use crate::subject::How::{Figure, Truth, Word};
use crate::subject::{
    Block, Identity, ONE, Reporting, Subject, Table, Title, WAN, full_years, happened, ratio, whole,
};

/// Most tenants, present or past, of one institution.
const TENANTS_MAX: u64 = 400;

/// An incubator, or an institute, which has no tenants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Institution {
    dice: Dice,
    row: u64,
    founded: i32,
    today: i32,
    reporting: Reporting,
    is_incubator: bool,
    /// Tenants today and former ones.
    tenants: i64,
    former: i64,
}

impl Institution {
    /// The institution of that row.
    pub(crate) fn of(seed: u64, row: u64, calendar: &Calendar) -> Self {
        let dice = Dice::of(seed, "institution", row);
        let years = (7.0 * exp(0.6 * dice.on("age").bell())).clamp(0.3, 28.0);
        let is_incubator = dice.on("incubator").chance(0.6);
        let size = exp(0.5 * dice.on("size").bell());
        let count = |name: &str, mean: f64| {
            if is_incubator { dice.on(name).count(mean).min(TENANTS_MAX as i64 / 2) } else { 0 }
        };
        Self {
            dice,
            row,
            founded: calendar.today - (years * 365.25) as i32,
            today: calendar.today,
            reporting: Reporting::of(dice, 0.7),
            is_incubator,
            tenants: count("tenants", 48.0 * size),
            former: count("former", 6.0 * years * size),
        }
    }

    /// Part of its tenants.
    fn some(&self, share: f64, dice: Dice) -> Option<i64> {
        let share = (share * (1.0 + 0.3 * dice.bell())).clamp(0.0, 1.0);
        Some((self.tenants as f64 * share + 0.5) as i64)
    }

    /// Floor space, m² in millionths.
    fn area(&self) -> i64 {
        let area = 11_500.0 * exp(0.35 * self.dice.on("area").bell() + 0.2 * self.dice.on("size").bell());
        area as i64 * ONE
    }

    fn employees(&self) -> i64 {
        (self.tenants as f64 / 5.0 * exp(0.2 * self.dice.on("employees").bell())) as i64 + 2
    }
}

const INSTITUTION: Table<Institution> = Table {
    block: Block::Identity,
    models: &[
        ("注册市", Word(|_, dice| if dice.chance(0.96) { "郑州市" } else { "洛阳市" })),
        ("注册县区", Word(|_, dice| if dice.chance(0.85) { "高新区" } else { "金水区" })),
        ("注册园区", Word(|_, dice| if dice.chance(0.9) { "郑州高新区" } else { "无园区" })),
        ("税务登记园区", Word(|_, dice| if dice.chance(0.9) { "郑州高新区" } else { "无园区" })),
        ("统计关系园区", Word(|_, dice| if dice.chance(0.9) { "郑州高新区" } else { "无园区" })),
        ("成立日期", crate::subject::How::Day(|of, _| of.founded)),
        ("独立核算", Truth(|_, _, dice| dice.chance(0.97))),
        ("固定经营场所", Truth(|_, _, dice| dice.chance(0.99))),
        ("专业金融服务机构", Truth(|_, _, dice| dice.chance(0.01))),
        ("创新创业团队另有约定", Truth(|_, _, dice| dice.chance(0.02))),
        ("列入经营异常名录", Truth(|_, _, dice| dice.chance(0.015))),
        ("列入严重违法失信名单", Truth(|_, _, dice| dice.chance(0.004))),
        ("重大安全质量环境违法", Truth(|of, when, dice| happened(of, of.today, when, dice, 0.002))),
        ("重大劳资纠纷群体性事件", Truth(|of, when, dice| happened(of, of.today, when, dice, 0.002))),
        ("严重失信或严重行政处罚", Truth(|of, when, dice| happened(of, of.today, when, dice, 0.004))),
        ("省重大新型研发机构", Truth(|of, _, dice| !of.is_incubator && dice.chance(0.12))),
        ("参保职工数", Figure(|of, _, _| Some(of.employees()))),
        (
            "纳税额",
            Figure(|of, _, dice| {
                Some((of.employees() as f64 * 1.4 * exp(0.5 * dice.bell()) * 100.0) as i64 * (WAN / 100))
            }),
        ),
    ],
};

const INCUBATION: Table<Institution> = Table {
    block: Block::Evaluation,
    models: &[
        ("孵化器成立年数", Figure(|of, _, _| Some(full_years(of.founded, of.today) * ONE))),
        (
            "连续报送统计年数",
            Figure(|of, _, dice| whole(full_years(of.founded, of.today) as f64 * dice.between(0.4, 1.0))),
        ),
        ("孵化场地面积", Figure(|of, _, _| Some(of.area()))),
        (
            "在孵企业使用面积",
            Figure(|of, _, dice| {
                whole((of.area() / ONE) as f64 * (0.79 + 0.08 * dice.bell()).clamp(0.2, 1.0))
            }),
        ),
        ("孵化资金规模", Figure(|_, _, dice| Some((650.0 * exp(0.5 * dice.bell())) as i64 * WAN))),
        ("获投融资在孵企业数", Figure(|of, _, dice| of.some(0.14, dice))),
        ("资金使用案例数", Figure(|_, _, dice| Some(dice.count(4.5)))),
        ("孵化器员工数", Figure(|of, _, _| Some(of.employees()))),
        (
            "专业孵化服务人员数",
            Figure(|of, _, dice| {
                Some((of.employees() as f64 * (0.84 + 0.09 * dice.bell()).clamp(0.2, 1.0) + 0.5) as i64)
            }),
        ),
        ("创业导师数", Figure(|of, _, dice| of.some(0.16, dice))),
        ("已申请专利在孵企业数", Figure(|of, _, dice| of.some(0.52, dice))),
        ("拥有有效知识产权在孵企业数", Figure(|of, _, dice| of.some(0.38, dice))),
        ("专业孵化器", Truth(|_, _, dice| dice.chance(0.3))),
        ("同一产业在孵企业占比", Figure(|_, _, dice| ratio((0.55 + 0.2 * dice.bell()).clamp(0.0, 1.0)))),
        ("艰苦边远地区", Truth(|_, _, dice| dice.chance(0.03))),
        // Counted from the lists, where these are known.
        ("在孵企业数", Figure(|of, _, _| of.reporting.is_silent(Block::Market).then_some(of.tenants))),
        (
            "毕业企业数",
            Figure(|of, _, dice| of.reporting.is_silent(Block::Market).then(|| graduates(of, dice))),
        ),
    ],
};

fn graduates(of: &Institution, dice: Dice) -> i64 {
    (of.former as f64 * dice.between(0.4, 0.8)) as i64
}

impl Subject for Institution {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.founded
    }

    fn scale(&self) -> f64 {
        self.employees() as f64 / 10.0
    }

    fn reporting(&self) -> Reporting {
        self.reporting
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[&INSTITUTION, &INCUBATION]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[
            ("统一社会信用代码", |of| names::credit_code(Register::Institutions, of.row)),
            ("名称", |of| {
                let what = if of.is_incubator { "科技企业孵化器" } else { "研究院" };
                format!("示例{:05}号{what}", of.row + 1)
            }),
        ]
    }

    fn titles() -> &'static [Title<Self>] {
        &[("国家级科技企业孵化器", |of| {
            let from = of.today - of.dice.on("title").below(1_500) as i32;
            let fits = of.is_incubator && of.tenants >= 40 && from - of.founded > 1_095;
            (fits && of.dice.on("title").chance(0.4)).then_some((from, from + 3_650))
        })]
    }
}

/// A present or former tenant of an incubator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tenant {
    dice: Dice,
    number: u64,
    entered: i32,
    is_former: bool,
}

fn tenants_of(of: &Institution, is_former: bool) -> Vec<Tenant> {
    let dice = of.dice.on(if is_former { "former tenants" } else { "tenants" });
    let (count, first) = if is_former { (of.former, TENANTS_MAX / 2) } else { (of.tenants, 0) };
    let longest = if is_former { 3_650.0 } else { 1_900.0 };
    let longest = f64::from(of.today - of.founded).min(longest);
    let tenant = |at: u64| {
        let dice = dice.about(at);
        let entered = of.today - (longest * dice.on("entered").unit()) as i32;
        Tenant { dice, number: of.row * TENANTS_MAX + first + at, entered, is_former }
    };
    (0..count as u64).map(tenant).collect()
}

/// Its tenants today.
pub(crate) fn tenants(of: &Institution, _today: i32) -> Vec<Tenant> {
    tenants_of(of, false)
}

/// Those who were and have left.
pub(crate) fn former_tenants(of: &Institution, _today: i32) -> Vec<Tenant> {
    tenants_of(of, true)
}

const TENANT: Table<Tenant> = Table {
    block: Block::Market,
    models: &[
        ("高企证书有效", Truth(|of, _, dice| dice.chance(if of.is_former { 0.35 } else { 0.06 }))),
        ("主要注册地和研发办公在孵化器", Truth(|_, _, dice| dice.chance(0.95))),
        ("入驻时成立月数", Figure(|_, _, dice| whole((9.0 * exp(0.6 * dice.bell())).min(60.0)))),
        ("孵化月数", Figure(|_, _, dice| whole(dice.between(1.0, 52.0)))),
        ("行业属生物医药集成电路现代农业", Truth(|_, _, dice| dice.chance(0.18))),
        (
            "累计风险投资额",
            Figure(|of, _, dice| {
                let likely = if of.is_former { 0.25 } else { 0.12 };
                let raised = (420.0 * exp(0.9 * dice.bell())) as i64 * WAN;
                Some(if dice.on("raised").chance(likely) { raised } else { 0 })
            }),
        ),
        (
            "连续2年营业收入累计",
            Figure(|of, _, dice| {
                let usual = if of.is_former { 900.0 } else { 180.0 };
                Some((usual * exp(1.0 * dice.bell()) * 100.0) as i64 * (WAN / 100))
            }),
        ),
        ("被并购", Truth(|of, _, dice| of.is_former && dice.chance(0.02))),
        ("挂牌上市", Truth(|of, _, dice| of.is_former && dice.chance(0.02))),
    ],
};

impl Subject for Tenant {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.entered
    }

    fn scale(&self) -> f64 {
        0.3
    }

    fn reporting(&self) -> Reporting {
        Reporting::full()
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[&TENANT]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[
            ("统一社会信用代码", |of| names::credit_code(Register::Tenants, of.number)),
            ("名称", |of| format!("示例在孵{:07}号科技有限公司", of.number + 1)),
        ]
    }
}
