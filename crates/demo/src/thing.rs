//! Subjects and items of which the zone knows nothing but the vocabulary: projects, parcels, and whatever is declared later.

use crate::dice::{Dice, exp};
use crate::subject::{Identity, Reporting, Subject, Table};

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thing {
    dice: Dice,
    number: u64,
    began: i32,
    reporting: Reporting,
}

/// Most items of a collection of things.
const ITEMS_MAX: u64 = 4;

impl Thing {
    /// The thing of that row.
    pub(crate) fn of(seed: u64, kind: &str, row: u64, today: i32) -> Self {
        let dice = Dice::of(seed, kind, row);
        Self { reporting: Reporting::of(dice, 1.0), ..Self::with(dice, row, today) }
    }

    fn with(dice: Dice, number: u64, today: i32) -> Self {
        let began = today - dice.on("began").below(3_000) as i32;
        Self { dice, number, began, reporting: Reporting::full() }
    }
}

/// A few items for a collection of which nothing is modelled.
pub(crate) fn things<S: Subject>(owner: &S, today: i32) -> Vec<Thing> {
    let dice = owner.dice().on("things");
    let count = dice.below(ITEMS_MAX as usize) as u64;
    (0..count).map(|at| Thing::with(dice.about(at), at, today)).collect()
}

impl Subject for Thing {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.began
    }

    fn scale(&self) -> f64 {
        exp(0.8 * self.dice.on("size").bell())
    }

    fn reporting(&self) -> Reporting {
        self.reporting
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[
            ("id", |thing| format!("EX{:08}", thing.number + 1)),
            ("名称", |thing| format!("示例{:08}", thing.number + 1)),
        ]
    }
}
