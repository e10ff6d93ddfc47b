//! Expressions that are numbers, days among them.

use facts::{Date, Dimension, FactType, Number, Quantity};
use lang::ir::{Arithmetic, Builtin, Constant, Expr, InputRef, Kind};
use lang::types::{Measure, Type};

use super::{Held, Local, Lowerer, Why};
use crate::batch::program::{Binary, Missing, NumberId, Numeric, SlotId, Unary};

/// Largest power that is multiplied out.
const POWER_MAX: i64 = 16;

impl Lowerer<'_, '_> {
    pub(super) fn number(&mut self, expr: &Expr) -> Held<NumberId> {
        Ok(match &expr.kind {
            Kind::Constant(Constant::Number(number)) => self.program.constant(number.clone()),
            Kind::Constant(Constant::Nothing) => self.absent(Missing::Nothing),
            Kind::Constant(Constant::Date(day)) => self.day(*day),
            Kind::Today => self.day(self.calendar.day),
            Kind::Input(input) => {
                let slot = self.slot(*input)?;
                self.slot_number(slot)?
            }
            Kind::Let(index) => {
                let value = self.let_value(*index);
                self.number(value)?
            }
            Kind::Local(index) => match self.locals.get(*index) {
                Some(Some(Local::Number(number))) => *number,
                _ => return Err(Why::Shape),
            },
            Kind::Param(index) => {
                let (low, high) = self.document.params[*index].between.clone();
                self.between(low, high)
            }
            Kind::Score(index, path) => self.score(*index, path)?,
            Kind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right)?,
            Kind::First(branches, otherwise) => {
                let mut result = match otherwise {
                    Some(last) => self.number(last)?,
                    None => self.absent(Missing::NoTier),
                };
                for (when, then) in branches.iter().rev() {
                    let (when, then) = (self.truth(when), self.number(then)?);
                    result = self.program.numbers.place(Numeric::Select(when, then, result));
                }
                result
            }
            Kind::QuarterMean(cells, mean) => {
                let cells = self.slots(cells)?;
                let mean = self.slot(*mean)?;
                self.program.numbers.place(Numeric::Quarters(cells, mean))
            }
            Kind::Call(builtin, arguments) => self.call(*builtin, arguments)?,
            Kind::TableValue(table, column) => self.table_value(*table, column)?,
            Kind::Progressive(base, brackets) => {
                let base = self.number(base)?;
                let bands = self.document.brackets[*brackets].bands.clone();
                self.program.numbers.place(Numeric::Progressive(base, bands))
            }
            Kind::Collection(..) | Kind::List(_) | Kind::Passing | Kind::ForItems(..) => {
                return Err(Why::Items);
            }
            _ => return Err(Why::Shape),
        })
    }

    /// A slot whose values are numbers or days.
    pub(super) fn slot_number(&mut self, slot: SlotId) -> Held<NumberId> {
        match self.slot_type(slot) {
            Some(
                FactType::Money
                | FactType::Count
                | FactType::Number
                | FactType::Ratio
                | FactType::Year
                | FactType::Date,
            ) => Ok(self.program.numbers.place(Numeric::Slot(slot))),
            _ => Err(Why::Shape),
        }
    }

    fn slots(&mut self, inputs: &[InputRef]) -> Held<Vec<SlotId>> {
        inputs.iter().map(|input| self.slot(*input)).collect()
    }

    pub(super) fn absent(&mut self, missing: Missing) -> NumberId {
        self.program.numbers.place(Numeric::Absent(missing))
    }

    pub(super) fn between(&mut self, low: Number, high: Number) -> NumberId {
        if low == high {
            self.program.constant(low)
        } else {
            self.program.numbers.place(Numeric::Between(Some(low), Some(high)))
        }
    }

    fn day(&mut self, day: Date) -> NumberId {
        self.program.constant(Number::from(day.to_epoch_days()))
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &Expr, right: &Expr) -> Held<NumberId> {
        if left.ty == Type::Date && right.ty != Type::Date {
            return self.moved(op, left, right);
        }
        let (a, b) = (self.number(left)?, self.number(right)?);
        let op = match op {
            Arithmetic::Add => Binary::Add,
            Arithmetic::Sub => Binary::Sub,
            Arithmetic::Mul => Binary::Mul,
            Arithmetic::Div => Binary::Div,
            Arithmetic::Pow => return self.power(a, b),
        };
        Ok(self.program.binary(op, a, b))
    }

    fn power(&mut self, base: NumberId, exponent: NumberId) -> Held<NumberId> {
        let exponent = self.program.as_constant(exponent).and_then(Number::to_i64).ok_or(Why::Shape)?;
        if let Some(base) = self.program.as_constant(base) {
            let power = base.checked_powi(exponent).ok_or(Why::Shape)?;
            return Ok(self.program.constant(power));
        }
        let exponent =
            Some(exponent).filter(|exponent| (1..=POWER_MAX).contains(exponent)).ok_or(Why::Shape)?;
        let exponent = i32::try_from(exponent).map_err(|_| Why::Shape)?;
        Ok(self.unary(Unary::Power(exponent), base))
    }

    /// A day plus or minus months or days.
    fn moved(&mut self, op: Arithmetic, day: &Expr, by: &Expr) -> Held<NumberId> {
        let is_months = by.ty == Type::Number(Measure::Of(Dimension::of(Quantity::Months)));
        let (day, by) = (self.number(day)?, self.number(by)?);
        let by = self.program.as_constant(by).ok_or(Why::Shape)?;
        let by = by.floor().to_i64().ok_or(Why::Shape)?;
        let by = if op == Arithmetic::Sub { -by } else { by };
        let fixed = self.program.as_constant(day).and_then(Number::to_i64);
        if let Some(fixed) = fixed {
            let date = Date::from_epoch_days(fixed).ok_or(Why::Shape)?;
            let moved = if is_months { date.add_months(by) } else { date.add_days(by) };
            return Ok(self.day(moved.ok_or(Why::Shape)?));
        }
        if is_months {
            return Ok(self.program.numbers.place(Numeric::Months(day, by)));
        }
        let by = self.program.constant(Number::from(by));
        Ok(self.program.binary(Binary::Add, day, by))
    }

    pub(super) fn unary(&mut self, op: Unary, of: NumberId) -> NumberId {
        self.program.numbers.place(Numeric::Unary(op, of))
    }

    fn call(&mut self, builtin: Builtin, arguments: &[Expr]) -> Held<NumberId> {
        match builtin {
            Builtin::Sum | Builtin::Mean => self.sum_or_mean(builtin == Builtin::Mean, arguments),
            Builtin::Min => self.extreme(Binary::Min, arguments),
            Builtin::Max => self.extreme(Binary::Max, arguments),
            Builtin::Abs => self.of_one(Unary::Abs, arguments),
            Builtin::Floor => self.of_one(Unary::Floor, arguments),
            Builtin::Ceiling => self.of_one(Unary::Ceiling, arguments),
            Builtin::RoundHalfUp => {
                let [number, places] = arguments else { return Err(Why::Function) };
                let number = self.number(number)?;
                let places = self.number(places)?;
                let places = self.program.as_constant(places).and_then(Number::to_i64);
                let places = places.and_then(|places| i32::try_from(places).ok());
                let places = places.filter(|places| places.abs() <= 40).ok_or(Why::Function)?;
                Ok(self.unary(Unary::Round(places), number))
            }
            Builtin::CountTrue => {
                let truths = arguments.iter().map(|argument| self.truth(argument)).collect();
                Ok(self.program.numbers.place(Numeric::CountTrue(truths)))
            }
            Builtin::MonthsBetween => {
                let [from, to] = arguments else { return Err(Why::Function) };
                let (from, to) = (self.number(from)?, self.number(to)?);
                Ok(self.program.numbers.place(Numeric::MonthsBetween(from, to)))
            }
            Builtin::Count => match arguments {
                [Expr { kind: Kind::Items(items), .. }] => {
                    let count = i64::try_from(items.len()).map_err(|_| Why::Function)?;
                    Ok(self.program.constant(Number::from(count)))
                }
                // A count that is given serves where the items are not looked at one by one.
                [Expr { kind: Kind::List(list), .. }] => {
                    let count = self.document.lists[*list].count.ok_or(Why::Items)?;
                    let slot = self.slot(count)?;
                    Ok(self.program.numbers.place(Numeric::GivenOnly(slot)))
                }
                _ => Err(Why::Items),
            },
            _ => Err(Why::Function),
        }
    }

    fn of_one(&mut self, op: Unary, arguments: &[Expr]) -> Held<NumberId> {
        let [only] = arguments else { return Err(Why::Function) };
        let number = self.number(only)?;
        Ok(self.unary(op, number))
    }

    /// The members of a list of known length, or the arguments themselves.
    fn members(&mut self, arguments: &[Expr]) -> Held<Vec<NumberId>> {
        match arguments {
            [Expr { kind: Kind::Items(items), .. }] => items.iter().map(|item| self.number(item)).collect(),
            [Expr { kind: Kind::Span { years, .. }, .. }] if !self.document.actual_years => {
                let slots = self.slots(years)?;
                slots.into_iter().map(|slot| self.slot_number(slot)).collect()
            }
            [only] if matches!(only.ty, Type::List(_)) => match &only.kind {
                Kind::Let(index) => {
                    let value = self.let_value(*index).clone();
                    self.members(&[value])
                }
                Kind::Collection(..) | Kind::List(_) | Kind::Passing | Kind::ForItems(..) => Err(Why::Items),
                _ => Err(Why::Shape),
            },
            several => several.iter().map(|one| self.number(one)).collect(),
        }
    }

    fn sum_or_mean(&mut self, is_mean: bool, arguments: &[Expr]) -> Held<NumberId> {
        if let [Expr { kind: Kind::Span { years, total, mean }, .. }] = arguments {
            let span = Numeric::Span {
                years: self.slots(years)?,
                total: self.slot(*total)?,
                mean: self.slot(*mean)?,
                is_mean,
                actual_years: self.document.actual_years,
            };
            return Ok(self.program.numbers.place(span));
        }
        let members = self.members(arguments)?;
        let mut sum = self.program.constant(Number::zero());
        for member in &members {
            sum = self.program.binary(Binary::Add, sum, *member);
        }
        if !is_mean {
            return Ok(sum);
        }
        let count = i64::try_from(members.len()).map_err(|_| Why::Function)?;
        let count = self.program.constant(Number::from(count));
        Ok(self.program.binary(Binary::Div, sum, count))
    }

    fn extreme(&mut self, op: Binary, arguments: &[Expr]) -> Held<NumberId> {
        let members = self.members(arguments)?;
        let mut rest = members.into_iter();
        let first = rest.next().ok_or(Why::Shape)?;
        Ok(rest.fold(first, |best, next| self.program.binary(op, best, next)))
    }
}
