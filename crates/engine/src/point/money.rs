//! Amounts of money that a decision comes to.

use facts::{Fen, Number};

use super::numbers::{End, Numbers};

/// An amount of money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Money {
    /// That much.
    Exact(Fen),
    /// One of these.
    Options(Vec<Fen>),
    /// Between these; without end where none.
    Range(Option<Fen>, Option<Fen>),
    /// Nobody can say: a denominator is nought, or the figure is past all bounds.
    Undetermined,
}

impl Money {
    /// The greatest that it can be, if there is one.
    pub fn greatest(&self) -> Option<Fen> {
        match self {
            Money::Exact(fen) => Some(*fen),
            Money::Options(options) => options.last().copied(),
            Money::Range(_, high) => *high,
            Money::Undetermined => None,
        }
    }

    /// Between these; that much where they are the same.
    pub(crate) fn between(low: Option<Fen>, high: Option<Fen>) -> Self {
        match (low, high) {
            (Some(low), Some(high)) if low == high => Money::Exact(low),
            (low, high) => Money::Range(low, high),
        }
    }

    /// Rounded once, to the fen, half up; never below nought.
    pub(crate) fn of(numbers: &Numbers) -> Self {
        let fen = |number: &Number| Fen::from_yuan_rounded(number).map(|fen| fen.max(Fen::ZERO));
        if numbers.pieces().is_empty() || numbers.absence.is_possible() {
            return Money::Undetermined;
        }
        if let Some(points) = numbers.as_points() {
            let options: Option<Vec<Fen>> = points.into_iter().map(fen).collect();
            return match options {
                Some(mut options) => {
                    options.dedup();
                    if let [only] = options.as_slice() {
                        Money::Exact(*only)
                    } else {
                        Money::Options(options)
                    }
                }
                None => Money::Undetermined,
            };
        }
        let Some(hull) = numbers.hull() else { return Money::Undetermined };
        let low = hull.low.value().map_or(Some(Fen::ZERO), fen);
        let high = match &hull.high {
            End::Open => None,
            end => end.value().and_then(fen),
        };
        Money::between(low, high)
    }
}
