//! What columns ask of a subject, whatever its kind, and how facts derive from it.

use facts::Date;

use crate::calendar::When;
use crate::dice::Dice;

/// Facts that are reported or left out together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Block {
    Identity,
    Accounts,
    People,
    Research,
    Rights,
    Titles,
    Credit,
    Tax,
    Market,
    Space,
    Evaluation,
    /// Everything without a model of its own.
    Other,
}

/// Each block with the share of middling subjects that say nothing of it.
pub(crate) const BLOCKS: [(Block, f64); 12] = [
    (Block::Identity, 0.004),
    (Block::Accounts, 0.035),
    (Block::People, 0.04),
    (Block::Research, 0.075),
    (Block::Rights, 0.06),
    (Block::Titles, 0.035),
    (Block::Credit, 0.02),
    (Block::Tax, 0.06),
    (Block::Market, 0.07),
    (Block::Space, 0.13),
    (Block::Evaluation, 0.12),
    (Block::Other, 0.1),
];

/// What a subject leaves out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Reporting {
    /// A bit for each block of which it says nothing.
    silent: u16,
    /// Probability that a single cell is empty.
    gap: f64,
}

impl Reporting {
    /// A subject leaves out more, the larger `laxness`; 1 is middling.
    pub(crate) fn of(dice: Dice, laxness: f64) -> Self {
        let mut silent = 0;
        for (block, share) in BLOCKS {
            if dice.on("silent").about(block as u64).chance(share * laxness) {
                silent |= 1 << block as u16;
            }
        }
        Self { silent, gap: 0.02 * laxness }
    }

    /// Nothing is left out: the items of a list somebody took the trouble to write.
    pub(crate) fn full() -> Self {
        Self { silent: 0, gap: 0.02 }
    }

    /// Whether it says nothing of that block.
    pub(crate) fn is_silent(self, block: Block) -> bool {
        self.silent & (1 << block as u16) != 0
    }

    /// Probability that a single cell is empty.
    pub(crate) fn gap(self) -> f64 {
        self.gap
    }
}

/// Somebody or something with facts.
pub(crate) trait Subject: Send + Sync + Sized + 'static {
    /// Its dice.
    fn dice(&self) -> Dice;
    /// The day it began, as days since 1970.
    fn began(&self) -> i32;
    /// Its size; 1 is middling. Amounts without a model are in proportion.
    fn scale(&self) -> f64;
    /// What it leaves out.
    fn reporting(&self) -> Reporting;
    /// Hand-written models of its facts.
    fn tables() -> &'static [&'static Table<Self>];
    /// Columns that say who it is.
    fn identity() -> &'static [Identity<Self>];
    /// Certificates it may hold.
    fn titles() -> &'static [Title<Self>] {
        &[]
    }
}

/// A column that says who a subject is: its header and its text.
pub(crate) type Identity<S> = (&'static str, fn(&S) -> String);

/// A status and the first and last day of its certificate, as days since 1970; `None` if it was never held.
pub(crate) type Title<S> = (&'static str, fn(&S) -> Option<(i32, i32)>);

/// Models of facts that are reported together.
pub(crate) struct Table<S: 'static> {
    pub(crate) block: Block,
    /// By name of the fact. A name with a period or a role is the header of one column, for periods tied to events.
    pub(crate) models: &'static [(&'static str, How<S>)],
}

/// How a fact derives from a subject.
pub(crate) enum How<S> {
    /// A number: counts and years in ones, all else in millionths of the definition's unit, so money in fen (a millionth
    /// of 万元). `None` does not apply.
    Figure(fn(&S, When, Dice) -> Option<i64>),
    /// Yes or no.
    Truth(fn(&S, When, Dice) -> bool),
    /// A code or a text; empty does not apply.
    Word(fn(&S, Dice) -> &'static str),
    /// Days since 1970.
    Day(fn(&S, Dice) -> i32),
}

/// Millionths in one.
pub(crate) const ONE: i64 = 1_000_000;

/// Fen in 万元.
pub(crate) const WAN: i64 = 1_000_000;

/// A number in millionths, rounded to four places.
pub(crate) fn ratio(value: f64) -> Option<i64> {
    Some((value * 10_000.0).round() as i64 * 100)
}

/// Whole things in millionths.
pub(crate) fn whole(value: f64) -> Option<i64> {
    Some(value as i64 * ONE)
}

/// Years of age on a day, whole.
pub(crate) fn full_years(began: i32, day: i32) -> i64 {
    full_months(began, day) / 12
}

/// Months of age on a day, whole.
pub(crate) fn full_months(began: i32, day: i32) -> i64 {
    let date = |days: i32| Date::from_epoch_days(i64::from(days));
    date(began).zip(date(day)).map_or(0, |(began, day)| began.months_until(day).max(0))
}

/// Whether something happened within the time asked for: `yearly` is its probability in a year, and each span sees the
/// same event.
pub(crate) fn happened<S: Subject>(subject: &S, today: i32, when: When, dice: Dice, yearly: f64) -> bool {
    let When::Within(from, to) = when else { return false };
    let years = 6.0;
    if !dice.chance(yearly * years) {
        return false;
    }
    let back = dice.on("day").between(0.0, years * 365.0) as i32;
    let day = today - back;
    from <= day && day <= to && day >= subject.began()
}
