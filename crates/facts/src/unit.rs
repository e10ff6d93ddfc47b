//! Units of measure: what a number counts, and how literals convert to base units.
//!
//! Base units: 元, 人, m², 吨标准煤, 月, 天, 纳米. Counted things but people, points and ratios are pure numbers.

use std::fmt;

use crate::Number;

/// Number of base quantities.
const QUANTITIES: usize = 7;

/// The exponents of a number's base quantities: `元/人` is money¹ people⁻¹.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Dimension([i8; QUANTITIES]);

/// A base quantity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// 元
    Money,
    /// 人
    People,
    /// m²
    Area,
    /// 吨标准煤
    Energy,
    /// 月
    Months,
    /// 天
    Days,
    /// 纳米
    Length,
}

const BASE_NAMES: [(&str, &str); QUANTITIES] = [
    ("元", "yuan"),
    ("人", "people"),
    ("m²", "m²"),
    ("吨标准煤", "tce"),
    ("月", "months"),
    ("天", "days"),
    ("纳米", "nm"),
];

impl Dimension {
    /// A pure number.
    pub const NONE: Dimension = Dimension([0; QUANTITIES]);

    /// One base quantity.
    pub const fn of(quantity: Quantity) -> Self {
        let mut exponents = [0; QUANTITIES];
        exponents[quantity as usize] = 1;
        Self(exponents)
    }

    /// The dimension of a product.
    pub fn times(self, other: Self) -> Self {
        let mut exponents = self.0;
        for (mine, theirs) in exponents.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
        Self(exponents)
    }

    /// The dimension of one divided by this.
    pub fn inverse(self) -> Self {
        Self(self.0.map(|exponent| exponent.saturating_neg()))
    }

    /// The dimension of a whole power.
    pub fn power(self, exponent: i8) -> Self {
        Self(self.0.map(|mine| mine.saturating_mul(exponent)))
    }

    /// Whether this is a pure number.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether a bare number may stand for it: people, beside pure numbers themselves.
    pub fn is_counted(self) -> bool {
        self == Self::of(Quantity::People) || self.is_none()
    }

    /// Whether this is an amount of money.
    pub fn is_money(self) -> bool {
        self == Self::of(Quantity::Money)
    }

    /// As a person writes it: `元`, `元/人`, `项/m²`; a pure number is `数`.
    pub fn name_zh(self) -> String {
        self.name(|(zh, _)| zh, "数")
    }

    /// In English: `yuan/people`; a pure number is `number`.
    pub fn name_en(self) -> String {
        self.name(|(_, en)| en, "number")
    }

    fn name(self, pick: impl Fn((&'static str, &'static str)) -> &'static str, none: &str) -> String {
        let part = |positive: bool| {
            let mut words = Vec::new();
            for (exponent, names) in self.0.iter().zip(BASE_NAMES) {
                let size = if positive { *exponent } else { exponent.saturating_neg() };
                match size {
                    1 => words.push(pick(names).to_owned()),
                    2.. => words.push(format!("{}^{size}", pick(names))),
                    _ => {}
                }
            }
            words.join("·")
        };
        match (part(true), part(false)) {
            (top, bottom) if top.is_empty() && bottom.is_empty() => none.to_owned(),
            (top, bottom) if bottom.is_empty() => top,
            (top, bottom) => format!("{}/{bottom}", if top.is_empty() { "1" } else { &top }),
        }
    }
}

/// A named unit: `万元` is 10,000 of the base of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As written.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    numerator: i64,
    denominator: i64,
}

impl Unit {
    /// How many base units one of these is.
    pub fn scale(&self) -> Number {
        Number::ratio(self.numerator, self.denominator).unwrap_or_else(Number::one)
    }

    /// Whether it counts things other than people: 项, 个, 家 … Points, ranks and multiples are pure numbers too, but no
    /// things.
    pub fn counts_items(&self) -> bool {
        ITEM_NAMES.contains(&self.name)
    }

    /// The unit of that name.
    pub fn find(name: &str) -> Option<&'static Unit> {
        UNITS.iter().find(|unit| unit.name == name)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Whether a unit of that name exists.
pub fn is_unit(name: &str) -> bool {
    Unit::find(name).is_some()
}

const fn unit(name: &'static str, dimension: Dimension, numerator: i64, denominator: i64) -> Unit {
    Unit { name, dimension, numerator, denominator }
}

const MONEY: Dimension = Dimension::of(Quantity::Money);
const PEOPLE: Dimension = Dimension::of(Quantity::People);
const ITEMS: Dimension = Dimension::NONE;
const AREA: Dimension = Dimension::of(Quantity::Area);
const ENERGY: Dimension = Dimension::of(Quantity::Energy);
const MONTHS: Dimension = Dimension::of(Quantity::Months);
const DAYS: Dimension = Dimension::of(Quantity::Days);
const LENGTH: Dimension = Dimension::of(Quantity::Length);

const ITEM_NAMES: [&str; 11] = ["项", "个", "家", "件", "次", "场", "例", "种", "批", "台", "套"];

/// All units. One 亩 is 2000/3 m² exactly. Source: 中华人民共和国法定计量单位, GB 3100–3102.
pub const UNITS: &[Unit] = &[
    unit("元", MONEY, 1, 1),
    unit("千元", MONEY, 1_000, 1),
    unit("万元", MONEY, 10_000, 1),
    unit("百万元", MONEY, 1_000_000, 1),
    unit("千万元", MONEY, 10_000_000, 1),
    unit("亿元", MONEY, 100_000_000, 1),
    unit("人", PEOPLE, 1, 1),
    unit("名", PEOPLE, 1, 1),
    unit("项", ITEMS, 1, 1),
    unit("个", ITEMS, 1, 1),
    unit("家", ITEMS, 1, 1),
    unit("件", ITEMS, 1, 1),
    unit("次", ITEMS, 1, 1),
    unit("场", ITEMS, 1, 1),
    unit("例", ITEMS, 1, 1),
    unit("种", ITEMS, 1, 1),
    unit("批", ITEMS, 1, 1),
    unit("台", ITEMS, 1, 1),
    unit("套", ITEMS, 1, 1),
    unit("m²", AREA, 1, 1),
    unit("平方米", AREA, 1, 1),
    unit("万平方米", AREA, 10_000, 1),
    unit("亩", AREA, 2_000, 3),
    unit("公顷", AREA, 10_000, 1),
    unit("平方公里", AREA, 1_000_000, 1),
    unit("吨标准煤", ENERGY, 1, 1),
    unit("万吨标准煤", ENERGY, 10_000, 1),
    unit("年", MONTHS, 12, 1),
    unit("个月", MONTHS, 1, 1),
    unit("月", MONTHS, 1, 1),
    unit("季度", MONTHS, 3, 1),
    unit("天", DAYS, 1, 1),
    unit("日", DAYS, 1, 1),
    unit("周", DAYS, 7, 1),
    unit("纳米", LENGTH, 1, 1),
    unit("nm", LENGTH, 1, 1),
    unit("微米", LENGTH, 1_000, 1),
    unit("分", Dimension::NONE, 1, 1),
    unit("级", Dimension::NONE, 1, 1),
    unit("倍", Dimension::NONE, 1, 1),
    unit("%", Dimension::NONE, 1, 100),
    unit("‰", Dimension::NONE, 1, 1_000),
    unit("个百分点", Dimension::NONE, 1, 100),
];
