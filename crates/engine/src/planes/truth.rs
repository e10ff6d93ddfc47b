//! Three values: true, false, and unknown, which may yet turn out to be either.

use std::ops::Not;

/// What is known about one condition of one row. Ordered: false < unknown < true, so that "and" is the least and "or" the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It may hold or not.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// All three, from least to greatest.
    pub const ALL: [Self; 3] = [Self::False, Self::Unknown, Self::True];

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// `when` decides which of the two counts; where it is unknown, what both agree on.
    #[must_use]
    pub fn choose(when: Self, then: Self, otherwise: Self) -> Self {
        match when {
            Self::True => then,
            Self::False => otherwise,
            Self::Unknown if then == otherwise => then,
            Self::Unknown => Self::Unknown,
        }
    }

    /// From a pair of planes' bits. A bit in both is no state; it counts as true.
    #[must_use]
    pub fn from_bits(is_true: bool, is_false: bool) -> Self {
        match (is_true, is_false) {
            (true, _) => Self::True,
            (false, true) => Self::False,
            (false, false) => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
