//! Values of facts.

use std::collections::BTreeSet;
use std::fmt;

use crate::{Number, PartialDate};

/// A value in force. Numbers are in base units (元, 人, m², 月 …).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// 无: known to have none.
    Nothing,
    /// Yes or no.
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// A number known only to lie between two ends, both included.
    Range(Number, Number),
    /// A code, canonical.
    Code(String),
    /// Several codes.
    Codes(BTreeSet<String>),
    /// Text.
    Text(String),
    /// A day, perhaps known only to the month or year.
    Date(PartialDate),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("无"),
            Self::Bool(true) => f.write_str("是"),
            Self::Bool(false) => f.write_str("否"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Range(low, high) => write!(f, "{low}..{high}"),
            Self::Code(text) | Self::Text(text) => f.write_str(text),
            Self::Codes(codes) => f.write_str(&codes.iter().cloned().collect::<Vec<_>>().join("、")),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}
