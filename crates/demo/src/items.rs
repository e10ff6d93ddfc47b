//! The lists inside an enterprise's row: what it invested in, whom it hired. Also persons as subjects of their own.

use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field};

use crate::dice::{Dice, exp};
use crate::firm::Firm;
use crate::models::hires;
use crate::names::{self, Register};
use crate::plan::{Items, Plan};
use crate::subject::How::{Figure, Truth, Word};
use crate::subject::{Block, Identity, ONE, Reporting, Subject, Table, WAN, ratio, whole};

/// Items of a collection: how many an owner has, and each.
pub(crate) struct List<S: 'static, I: 'static> {
    pub(crate) plan: Plan<I>,
    /// What the owner must report for the list to be known.
    pub(crate) block: Block,
    pub(crate) items: fn(&S, i32) -> Vec<I>,
    owner: PhantomData<S>,
}

impl<S: Subject, I: Subject> List<S, I> {
    /// A list of items with these columns.
    pub(crate) fn new(plan: Plan<I>, block: Block, items: fn(&S, i32) -> Vec<I>) -> Self {
        Self { plan, block, items, owner: PhantomData }
    }

    fn field(&self) -> Arc<Field> {
        Arc::new(Field::new_list_field(DataType::Struct(self.plan.fields()), true))
    }
}

impl<S: Subject, I: Subject> Items<S> for List<S, I> {
    fn data_type(&self) -> DataType {
        DataType::List(self.field())
    }

    fn array(&self, subjects: &[S], today: i32) -> ArrayRef {
        let mut items = Vec::new();
        let mut lengths = Vec::with_capacity(subjects.len());
        let mut known = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let is_known = !subject.reporting().is_silent(self.block);
            let before = items.len();
            if is_known {
                items.extend((self.items)(subject, today));
            }
            known.push(is_known);
            lengths.push(items.len() - before);
        }
        let columns = self.plan.arrays(&items, today);
        let values = StructArray::try_new_with_length(self.plan.fields(), columns, None, items.len())
            .expect("the columns are as long as the items and have the types of the plan");
        debug_assert_eq!(values.len(), items.len());
        let offsets = OffsetBuffer::from_lengths(lengths);
        Arc::new(ListArray::new(self.field(), offsets, Arc::new(values), Some(NullBuffer::from(known))))
    }
}

/// An investment of a venture capital enterprise, with what is known of the other party around that time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Investment {
    dice: Dice,
    number: u64,
    /// The day of investing, as days since 1970.
    day: i32,
    today: i32,
    /// Staff of the other party in the year before.
    staff: f64,
    /// Its R&D as a share of costs.
    intensity: f64,
}

/// Most investments of one enterprise.
const INVESTMENTS_MAX: usize = 12;

/// The investments of an enterprise.
pub(crate) fn investments(firm: &Firm, today: i32) -> Vec<Investment> {
    let dice = firm.dice.on("investments");
    if !firm.industry.is_venture_capital() {
        return Vec::new();
    }
    let count = (dice.count(3.5) as usize).min(INVESTMENTS_MAX);
    let item = |at: usize| {
        let dice = dice.about(at as u64);
        let oldest = f64::from(today - firm.founded).min(2_200.0);
        Investment {
            dice,
            number: firm.row * INVESTMENTS_MAX as u64 + at as u64,
            day: today - (oldest * dice.on("day").unit()) as i32,
            today,
            staff: 45.0 * exp(0.9 * dice.on("staff").bell()),
            intensity: (0.3 + 0.15 * dice.on("intensity").bell()).clamp(0.02, 0.9),
        }
    };
    (0..count).map(item).collect()
}

impl Investment {
    /// Costs of the other party in the year of the investment or the next, 万元.
    fn costs(&self, is_next: bool) -> f64 {
        self.staff * 30.0 * if is_next { 1.3 } else { 1.0 }
    }

    fn money(wan: f64) -> Option<i64> {
        Some((wan * 100.0) as i64 * (WAN / 100))
    }

    fn graduates(&self) -> i64 {
        ((self.staff as i64) as f64 * (0.45 + 0.16 * self.dice.on("graduates").bell()).clamp(0.05, 1.0))
            as i64
    }
}

const INVESTMENT: Table<Investment> = Table {
    block: Block::Market,
    models: &[
        (
            "投资额",
            Figure(|_, _, dice| Investment::money((400.0 * exp(0.9 * dice.bell())).round().max(10.0))),
        ),
        ("股权投资持有月数", Figure(|item, _, _| whole(f64::from(item.today - item.day) / 30.44))),
        (
            "创投及关联方持股比例.投资后2年内",
            Figure(|_, _, dice| ratio((0.22 + 0.13 * dice.bell()).clamp(0.01, 0.9))),
        ),
        ("被投企业.居民企业", Truth(|_, _, dice| dice.chance(0.97))),
        ("被投企业.征收方式", Word(|_, dice| if dice.chance(0.93) { "查账征收" } else { "核定征收" })),
        ("被投企业.从业人数.投资前12个月均值", Figure(|item, _, _| Some(item.staff as i64))),
        ("被投企业.本科以上从业人数.投资前12个月均值", Figure(|item, _, _| Some(item.graduates()))),
        (
            "被投企业.资产总额.投资前12个月均值",
            Figure(|item, _, dice| Investment::money(item.staff * 45.0 * exp(0.6 * dice.bell()))),
        ),
        (
            "被投企业.销售收入.投资前12个月累计",
            Figure(|item, _, dice| Investment::money(item.staff * 38.0 * exp(0.6 * dice.bell()))),
        ),
        ("被投企业.成立月数.投资时", Figure(|_, _, dice| whole(dice.between(3.0, 84.0)))),
        ("被投企业.投资后2年内上市", Truth(|_, _, dice| dice.chance(0.02))),
        ("被投企业.成本费用支出.投资当年", Figure(|item, _, _| Investment::money(item.costs(false)))),
        ("被投企业.成本费用支出.投资次年", Figure(|item, _, _| Investment::money(item.costs(true)))),
        (
            "被投企业.研发费用.投资当年",
            Figure(|item, _, _| Investment::money(item.costs(false) * item.intensity)),
        ),
        (
            "被投企业.研发费用.投资次年",
            Figure(|item, _, _| Investment::money(item.costs(true) * item.intensity)),
        ),
    ],
};

impl Subject for Investment {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.day
    }

    fn scale(&self) -> f64 {
        self.staff / 30.0
    }

    fn reporting(&self) -> Reporting {
        Reporting::full()
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[&INVESTMENT]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[
            ("被投企业.统一社会信用代码", |item| {
                names::credit_code(Register::Parties, item.number)
            }),
            ("被投企业.名称", |item| format!("示例被投{:06}号科技有限公司", item.number + 1)),
        ]
    }
}

/// A person: hired by an enterprise, or a subject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    dice: Dice,
    number: u64,
    began: i32,
}

/// Numbers between the persons of two enterprises: none hires as many.
const PERSONS_A_FIRM: u64 = 100;

impl Person {
    /// The person of that row.
    pub(crate) fn of(seed: u64, row: u64, today: i32) -> Self {
        let dice = Dice::of(seed, "person", row);
        Self { dice, number: row, began: today - dice.on("began").below(1_200) as i32 }
    }
}

/// The persons of priority groups that an enterprise hired.
pub(crate) fn persons(firm: &Firm, today: i32) -> Vec<Person> {
    let dice = firm.dice.on("persons");
    let person = |at: usize| {
        let dice = dice.about(at as u64);
        let number = firm.row * PERSONS_A_FIRM + at as u64;
        Person { dice, number, began: today - dice.on("began").below(1_200) as i32 }
    };
    (0..hires(firm)).map(person).collect()
}

const EMPLOYMENT: Table<Person> = Table {
    block: Block::People,
    models: &[
        (
            "劳动合同期限",
            Figure(|_, _, dice| Some(i64::from(dice.pick(&[(0, 8), (1, 40), (2, 20), (3, 32)])) * ONE)),
        ),
        ("依法缴纳社会保险", Truth(|_, _, dice| dice.chance(0.93))),
        (
            "当年在岗月数",
            Figure(|_, _, dice| {
                let months = if dice.chance(0.55) { 12 } else { 1 + dice.on("months").below(11) as i64 };
                Some(months * ONE)
            }),
        ),
    ],
};

impl Subject for Person {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.began
    }

    fn scale(&self) -> f64 {
        0.2
    }

    fn reporting(&self) -> Reporting {
        Reporting::full()
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[&EMPLOYMENT]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[("id", |person| format!("示例人员{:08}", person.number + 1))]
    }
}
