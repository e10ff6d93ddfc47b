//! What a document gives: statuses, ranks, money.

use facts::{FactId, Number, Text};

use super::expr::Expr;
use super::input::InputRef;
use super::parts::Named;

/// How a rank comes about.
#[derive(Clone, PartialEq, Debug)]
pub struct Rank {
    /// The fact it decides.
    pub fact: FactId,
    /// That fact as an input: a given value wins.
    pub given: InputRef,
    /// The rule.
    pub rule: RankRule,
}

/// Kinds of ranking.
#[derive(Clone, PartialEq, Debug)]
pub enum RankRule {
    /// The first rank whose condition holds.
    First(Vec<(Expr, String)>, Option<String>),
    /// Bands of a group by score, best first.
    InGroup {
        /// Members share this value.
        group: InputRef,
        /// The score.
        by: usize,
        /// Rank and its share of the group.
        bands: Vec<(String, Number)>,
        /// Those that stand outside, and their rank.
        outside: Option<(Expr, String)>,
    },
}

/// What an amount of money is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Nature {
    /// Paid out.
    Grant,
    /// Tax not to be paid.
    TaxSaved,
    /// Tax to be paid later.
    TaxDeferred,
    /// A limit of credit.
    CreditLimit,
    /// Interest borne by others.
    Interest,
    /// Not money.
    InKind,
}

impl Nature {
    /// Whether amounts of many subjects make a sum that means something: money paid out or not taken. A sum of limits, of
    /// deferred tax or of things in kind is nobody's budget.
    pub fn is_added_up(self) -> bool {
        matches!(self, Self::Grant | Self::TaxSaved)
    }
}

impl Nature {
    /// All natures with their codes.
    pub const CODES: [(&'static str, Nature); 6] = [
        ("grant", Nature::Grant),
        ("tax_saved", Nature::TaxSaved),
        ("tax_deferred", Nature::TaxDeferred),
        ("credit_limit", Nature::CreditLimit),
        ("interest", Nature::Interest),
        ("in_kind", Nature::InKind),
    ];

    /// Its code in JSON and YAML.
    pub fn as_code(self) -> &'static str {
        Self::CODES.iter().find(|(_, nature)| *nature == self).map_or("grant", |(code, _)| code)
    }

    /// The nature of that code.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(known, _)| *known == code).map(|(_, nature)| *nature)
    }
}

/// A stage of a milestone payment.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// Reached if this holds.
    pub when: Expr,
    /// Adds this, or lifts the entitlement to it.
    pub amount: Expr,
    /// Lifts instead of adding.
    pub lifts: bool,
}

/// The amount a document gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Amount {
    /// A value.
    Value(Expr),
    /// Entitlement of the stages reached, less what was received.
    Milestones(Vec<Stage>, InputRef),
}

/// What a document gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Gives {
    /// A status.
    pub status: Option<String>,
    /// How long it is valid, in months.
    pub valid_months: Option<Number>,
    /// A rank.
    pub rank: Option<Rank>,
    /// Money.
    pub amount: Option<Amount>,
    /// Cap.
    pub at_most: Option<Expr>,
    /// The source says 最高: anything from nothing to the amount.
    pub up_to: bool,
    /// What the money is.
    pub nature: Option<Nature>,
    /// Only once.
    pub once: bool,
    /// The amount is that of a year.
    pub per_year: bool,
    /// Further results shown beside the amount.
    pub also: Vec<Named>,
    /// Taxes credited, in order.
    pub order: Vec<String>,
    /// What becomes of the rest.
    pub carry_forward: Option<Text>,
}
