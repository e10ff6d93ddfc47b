//! Comparison of a day with the day of decision or with a written one. Days so many months before the day of decision
//! keep their order, and so do days so many days before it; the two are not compared with each other.

use facts::{Dimension, Number, Quantity};
use lang::ir::{Arithmetic, Compare, Constant, Expr, Kind};
use lang::types::{Measure, Type};

use super::Logic;
use super::formula::Atom;
use super::linear::number_atom;
use crate::lint::sets::{Beyond, Interval, Ranges};

/// A day as a distance from another.
struct Day {
    from: From,
    months: Number,
    days: Number,
}

enum From {
    /// The day of decision.
    Decision,
    /// The first day of the calendar's count.
    Epoch,
    /// A day that the subject gives.
    Value(String, Beyond),
}

impl Logic<'_> {
    /// The comparison of two days as that of a number; `None` if it cannot be told as one.
    pub(super) fn compare_days(&self, op: Compare, left: &Expr, right: &Expr) -> Option<Atom> {
        let (left, right) = (self.day(left)?, self.day(right)?);
        let (op, value, other) = match (&left.from, &right.from) {
            (From::Value(..), From::Decision | From::Epoch) => (op, left, right),
            (From::Decision | From::Epoch, From::Value(..)) => (op.mirrored(), right, left),
            _ => return None,
        };
        let From::Value(key, beyond) = value.from else { return None };
        if !value.months.is_zero() || !value.days.is_zero() {
            return None;
        }
        let (name, bound) = match (&other.from, other.months.is_zero(), other.days.is_zero()) {
            (From::Epoch, true, _) => ("day", other.days),
            (From::Decision, true, true) => ("now", Number::zero()),
            (From::Decision, false, true) => ("months", other.months),
            (From::Decision, true, false) => ("days", other.days),
            _ => return None,
        };
        // The day of decision itself is nought months away, which serves best among the thresholds in months.
        let name = if name == "now" { "months" } else { name };
        let domain = Ranges::new(vec![Interval::ALL], false, beyond);
        Some(number_atom(format!("{key}:{name}"), &domain, op, &bound))
    }

    fn day(&self, expr: &Expr) -> Option<Day> {
        if !self.goes_on() {
            return None;
        }
        let plain = |from| Some(Day { from, months: Number::zero(), days: Number::zero() });
        match &expr.kind {
            Kind::Today => plain(From::Decision),
            Kind::Constant(Constant::Date(date)) => {
                let days = Number::from(date.to_epoch_days());
                Some(Day { from: From::Epoch, months: Number::zero(), days })
            }
            Kind::Input(input) => {
                let (definition, in_period) = self.fact(*input)?;
                let beyond = Beyond { absent: definition.none_allowed, unborn: in_period, undefined: false };
                plain(From::Value(self.input_key(*input), beyond))
            }
            Kind::Let(index) => self.day(&self.document.lets.get(*index)?.value),
            Kind::Arithmetic(op @ (Arithmetic::Add | Arithmetic::Sub), left, right) => {
                let Kind::Constant(Constant::Number(number)) = &right.kind else { return None };
                let by = if *op == Arithmetic::Add { number.clone() } else { -number.clone() };
                let mut day = self.day(left)?;
                let is = |quantity| right.ty == Type::Number(Measure::Of(Dimension::of(quantity)));
                if is(Quantity::Months) {
                    day.months = &day.months + &by;
                } else if is(Quantity::Days) {
                    day.days = &day.days + &by;
                } else {
                    return None;
                }
                Some(day)
            }
            _ => None,
        }
    }
}
