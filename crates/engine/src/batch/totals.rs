//! Totals by document, and by anything that a column groups by.

use std::collections::BTreeMap;

use facts::Fen;
use population::Column;

use super::outcome::DocumentOutcomes;
use crate::point::Money;

/// A total with its interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// At least that many fen.
    pub least: i128,
    /// At most that many fen, where every amount has an end.
    pub most: i128,
    /// Amounts without an upper end, which `most` leaves out.
    pub endless: usize,
    /// Amounts nobody can say, which both leave out.
    pub undetermined: usize,
}

impl Sum {
    /// Adds an amount.
    pub fn add(&mut self, money: &Money) {
        let fen = |fen: &Fen| i128::from(fen.0);
        match money {
            Money::Exact(amount) => {
                self.least += fen(amount);
                self.most += fen(amount);
            }
            Money::Options(options) => {
                self.least += options.first().map_or(0, fen);
                self.most += options.last().map_or(0, fen);
            }
            Money::Range(low, high) => {
                self.least += low.as_ref().map_or(0, fen);
                match high {
                    Some(high) => self.most += fen(high),
                    None => {
                        self.most += low.as_ref().map_or(0, fen);
                        self.endless += 1;
                    }
                }
            }
            Money::Undetermined => self.undetermined += 1,
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.least += other.least;
        self.most += other.most;
        self.endless += other.endless;
        self.undetermined += other.undetermined;
    }
}

/// How many came out how, and what they get.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Eligible.
    pub eligible: usize,
    /// Ineligible.
    pub ineligible: usize,
    /// Open.
    pub open: usize,
    /// What the eligible get.
    pub amount: Sum,
}

impl Totals {
    /// Adds others.
    pub fn merge(&mut self, other: &Self) {
        self.eligible += other.eligible;
        self.ineligible += other.ineligible;
        self.open += other.open;
        self.amount.merge(&other.amount);
    }
}

/// Totals of a group by its value; `None` is where the value is not known.
pub type Group = BTreeMap<Option<String>, Totals>;

impl DocumentOutcomes {
    /// Over all subjects.
    pub fn totals(&self) -> Totals {
        let mut amount = Sum::default();
        self.amounts.iter().for_each(|(_, money)| amount.add(money));
        Totals {
            eligible: self.eligible.count_ones(),
            ineligible: self.ineligible.count_ones(),
            open: self.open(),
            amount,
        }
    }

    /// By the values of a column; `name` may put several values into one group.
    pub fn totals_by(&self, column: &Column, name: impl Fn(&facts::Value) -> Option<String>) -> Group {
        let mut groups = Group::new();
        for row in 0..self.eligible.len() {
            let value = column.value(row).and_then(|value| name(&value));
            let totals = groups.entry(value).or_default();
            if self.eligible.get(row) {
                totals.eligible += 1;
                if let Some(money) = self.amount(row) {
                    totals.amount.add(money);
                }
            } else if self.ineligible.get(row) {
                totals.ineligible += 1;
            } else {
                totals.open += 1;
            }
        }
        groups
    }
}
