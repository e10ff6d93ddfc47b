//! What a value may be, given what is known: the exact thing, or every possibility with the inputs it hangs on.

use std::collections::BTreeSet;

use facts::{Date, Number};

use super::causes::Causes;
use super::numbers::{Absence, Numbers};

/// Three-valued truth as the set of outcomes still possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Truth {
    /// Holds.
    True,
    /// Does not.
    False,
    /// Nobody can say yet.
    Unknown,
}

impl Truth {
    /// From the outcomes that are possible.
    pub fn possible(can_true: bool, can_false: bool) -> Self {
        match (can_true, can_false) {
            (true, false) => Truth::True,
            (false, true) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Known truth.
    pub fn known(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }

    /// It may hold.
    pub fn can_be_true(self) -> bool {
        self != Truth::False
    }

    /// It may not hold.
    pub fn can_be_false(self) -> bool {
        self != Truth::True
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// Kleene and.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::possible(self.can_be_true() && other.can_be_true(), self.can_be_false() || other.can_be_false())
            .settle(self == Truth::False || other == Truth::False, Truth::False)
    }

    /// Kleene or.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negate().and(other.negate()).negate()
    }

    fn settle(self, is_settled: bool, to: Self) -> Self {
        if is_settled { to } else { self }
    }
}

/// The possible days of a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Days {
    /// Earliest, as days since 1970; none is without end.
    pub from: Option<i64>,
    /// Latest.
    pub to: Option<i64>,
}

impl Days {
    /// One day.
    pub fn exact(day: Date) -> Self {
        Self { from: Some(day.to_epoch_days()), to: Some(day.to_epoch_days()) }
    }

    /// The day, if it can only be that one.
    pub fn as_exact(&self) -> Option<i64> {
        self.from.filter(|from| Some(*from) == self.to)
    }
}

/// How surely an element belongs to a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It does.
    Certain,
    /// It may, depending on these.
    Possible(Causes),
    /// It stands for any number of unknown elements.
    Many(Causes),
}

/// An element of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Element {
    /// Its value.
    pub value: Value,
    /// Whether it is there.
    pub presence: Presence,
}

/// The possibilities of a value.
#[derive(Clone, PartialEq, Debug)]
pub enum Thing {
    /// A truth.
    Truth(Truth),
    /// A number.
    Numbers(Numbers),
    /// One of these texts or codes, or nothing known; 无 is possible if the flag is set.
    Texts(Option<BTreeSet<String>>, Absence),
    /// A set of codes, or nothing known.
    CodeSet(Option<BTreeSet<String>>),
    /// A day.
    Days(Days),
    /// A list.
    List(Vec<Element>),
    /// An item, by its instance.
    Item(usize),
}

/// A value with the unknown inputs that it hangs on; none if it is certain.
#[derive(Clone, PartialEq, Debug)]
pub struct Value {
    /// What it may be.
    pub thing: Thing,
    /// On what it hangs.
    pub causes: Causes,
}

impl Value {
    /// A value that hangs on nothing.
    pub fn certain(thing: Thing) -> Self {
        Self { thing, causes: Causes::NONE }
    }

    /// A truth; a certain one hangs on nothing.
    pub fn truth(truth: Truth, causes: Causes) -> Self {
        let causes = if truth == Truth::Unknown { causes } else { Causes::NONE };
        Self { thing: Thing::Truth(truth), causes }
    }

    /// Numbers; a certain one hangs on nothing.
    pub fn numbers(numbers: Numbers, causes: Causes) -> Self {
        let is_certain = numbers.as_exact().is_some()
            || (numbers.pieces().is_empty() && !numbers.absence.has(Absence::ZERO_DENOMINATOR));
        let causes = if is_certain { Causes::NONE } else { causes };
        Self { thing: Thing::Numbers(numbers), causes }
    }

    /// One number.
    pub fn exact(number: Number) -> Self {
        Self::certain(Thing::Numbers(Numbers::exact(number)))
    }

    /// As a truth; anything else is unknown, which the checker excludes.
    pub fn as_truth(&self) -> Truth {
        match &self.thing {
            Thing::Truth(truth) => *truth,
            _ => Truth::Unknown,
        }
    }

    /// As numbers; anything else may be any number, which the checker excludes.
    pub fn as_numbers(&self) -> Numbers {
        match &self.thing {
            Thing::Numbers(numbers) => numbers.clone(),
            Thing::Texts(_, absence) => Numbers::absent(*absence),
            _ => Numbers::interval(super::numbers::Interval::all()),
        }
    }
}
