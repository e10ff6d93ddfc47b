//! How high the powers of a rule are: exact numbers grow with them, so they have a limit.

use super::Checker;
use crate::ir::{Arithmetic, Constant, Expr, Kind};

/// Highest power of a fact in a rule, through named values.
const DEGREE_MAX: u64 = 1_000;

/// Most digits of a number that is worked out while a rule is read.
pub(super) const CONSTANT_DIGITS_MAX: u64 = 10_000;

impl Checker<'_> {
    /// Reports a rule whose powers go past the limit.
    pub(super) fn limit_degree(&mut self, rule: &Expr) {
        if self.degree(rule) > DEGREE_MAX {
            self.error(
                "E0414",
                rule.span,
                format!("乘方和连乘合计超过 {DEGREE_MAX} 次"),
                format!("powers and products come to more than the power {DEGREE_MAX}"),
            );
        }
    }

    /// The highest power of a fact in an expression.
    pub(super) fn degree(&self, expr: &Expr) -> u64 {
        let highest =
            |parts: &mut dyn Iterator<Item = &Expr>| parts.map(|part| self.degree(part)).max().unwrap_or(0);
        match &expr.kind {
            Kind::Constant(_) | Kind::Today => 0,
            Kind::Let(index) => self.lets[*index].degree,
            Kind::Arithmetic(Arithmetic::Mul | Arithmetic::Div, left, right) => {
                self.degree(left).saturating_add(self.degree(right))
            }
            Kind::Arithmetic(Arithmetic::Pow, base, exponent) => {
                let times = match &exponent.kind {
                    Kind::Constant(Constant::Number(times)) => {
                        times.to_i64().map_or(u64::MAX, i64::unsigned_abs)
                    }
                    _ => 1,
                };
                self.degree(base).saturating_mul(times)
            }
            Kind::Arithmetic(_, left, right) | Kind::Compare(_, left, right) => {
                self.degree(left).max(self.degree(right))
            }
            Kind::Not(inner)
            | Kind::CodeIn(inner, _)
            | Kind::Index(inner, _)
            | Kind::Progressive(inner, _) => self.degree(inner),
            Kind::And(parts) | Kind::Or(parts) | Kind::Items(parts) | Kind::Call(_, parts) => {
                highest(&mut parts.iter())
            }
            Kind::First(tiers, otherwise) => {
                let both = tiers.iter().flat_map(|(when, then)| [when, then]);
                highest(&mut both.chain(otherwise.as_deref()))
            }
            Kind::ForItems(list, _, body)
            | Kind::ForValues(list, _, body)
            | Kind::FilterItems(list, _, body)
            | Kind::FilterValues(list, _, body) => self.degree(list).max(self.degree(body)),
            _ => 1,
        }
    }
}
