//! Sets of values that a condition lets through: ranges of exact numbers, and codes, which may lie under one another.
//!
//! A value may also be nothing that can be compared, and each set says which of those it holds ([`Beyond`]).

mod codes;
mod ranges;

pub(crate) use codes::{CodeSet, Pattern};
pub(crate) use ranges::{End, Interval, Ranges};

/// What a value may be besides a number or a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Beyond {
    /// Known to have none, or no tier that fits: order comparisons are false both ways.
    pub absent: bool,
    /// A period before the subject existed: the same, but nobody writes a condition for its sake.
    pub unborn: bool,
    /// A division by nought: no comparison is true or false.
    pub undefined: bool,
}

impl Beyond {
    pub(crate) const NONE: Self = Self { absent: false, unborn: false, undefined: false };
    pub(crate) const ALL: Self = Self { absent: true, unborn: true, undefined: true };

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            absent: self.absent && other.absent,
            unborn: self.unborn && other.unborn,
            undefined: self.undefined && other.undefined,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            absent: self.absent || other.absent,
            unborn: self.unborn || other.unborn,
            undefined: self.undefined || other.undefined,
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

/// A set of values of one quantity.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Values {
    /// Numbers, and days as numbers.
    Numbers(Ranges),
    /// Codes, text, yes and no.
    Codes(CodeSet),
}

impl Values {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Numbers(ranges) => ranges.is_empty(),
            Self::Codes(codes) => codes.is_empty(),
        }
    }

    /// What both hold. Sets of different kinds never stand under one name; if they did, nothing would be concluded.
    pub(crate) fn intersect(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Numbers(left), Self::Numbers(right)) => Self::Numbers(left.intersect(right)),
            (Self::Codes(left), Self::Codes(right)) => Self::Codes(left.intersect(right)),
            _ => self.clone(),
        }
    }

    pub(crate) fn beyond(&self) -> Beyond {
        match self {
            Self::Numbers(ranges) => ranges.beyond,
            Self::Codes(codes) => codes.beyond,
        }
    }

    pub(crate) fn with_beyond(mut self, beyond: Beyond) -> Self {
        match &mut self {
            Self::Numbers(ranges) => ranges.beyond = beyond,
            Self::Codes(codes) => codes.beyond = beyond,
        }
        self
    }
}
