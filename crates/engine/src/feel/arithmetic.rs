//! `+ - * / **` and negation, of numbers, texts, days, times and durations.

use super::calendar::{DateTime, NANOS_PER_SECOND, Time, Zone};
use super::decimal;
use super::duration::{MONTHS_MAX, NANOS_MAX};
use super::problem::ProblemKind;
use super::value::Value;
use facts::{Date, Number};
use lang::ast::BinaryOp;

/// The result, or why there is none.
type Outcome = Result<Value, ProblemKind>;

/// Computes an arithmetic operation.
pub fn compute(op: BinaryOp, left: &Value, right: &Value) -> Outcome {
    let result = match op {
        BinaryOp::Add => add(left, right),
        BinaryOp::Sub => subtract(left, right),
        BinaryOp::Mul => multiply(left, right),
        BinaryOp::Div => divide(left, right),
        _ => power(left, right),
    };
    result.unwrap_or_else(|| Err(refused(op, left, right)))
}

fn refused(op: BinaryOp, left: &Value, right: &Value) -> ProblemKind {
    let operation = match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        _ => "**",
    };
    ProblemKind::Operands { operation, left: left.kind(), right: right.kind() }
}

/// The value with the other sign.
pub fn negate(value: &Value) -> Outcome {
    match value {
        Value::Number(number) => Ok(Value::Number(-number.clone())),
        Value::Months(months) => Ok(Value::Months(-months)),
        Value::Nanos(nanos) => Ok(Value::Nanos(-nanos)),
        _ => Err(ProblemKind::Operand { operation: "-", found: value.kind() }),
    }
}

fn number(result: Option<Number>) -> Outcome {
    result.map(Value::Number).ok_or(ProblemKind::OutOfRange)
}

fn months(result: Option<i64>) -> Outcome {
    result.filter(|months| months.abs() <= MONTHS_MAX).map(Value::Months).ok_or(ProblemKind::OutOfRange)
}

fn nanos(result: Option<i128>) -> Outcome {
    result.filter(|nanos| nanos.abs() <= NANOS_MAX).map(Value::Nanos).ok_or(ProblemKind::OutOfRange)
}

fn date(result: Option<Date>) -> Outcome {
    result.map(Value::Date).ok_or(ProblemKind::OutOfRange)
}

fn moment(result: Option<DateTime>) -> Outcome {
    result.map(Value::DateTime).ok_or(ProblemKind::OutOfRange)
}

/// `None` where the kinds do not fit.
fn add(left: &Value, right: &Value) -> Option<Outcome> {
    Some(match (left, right) {
        (Value::Number(left), Value::Number(right)) => number(decimal::settle(left + right)),
        (Value::Text(left), Value::Text(right)) => Ok(Value::text(&format!("{left}{right}"))),
        (Value::Months(left), Value::Months(right)) => months(left.checked_add(*right)),
        (Value::Nanos(left), Value::Nanos(right)) => nanos(left.checked_add(*right)),
        (Value::Date(day), Value::Months(by)) | (Value::Months(by), Value::Date(day)) => {
            date(day.add_months(*by))
        }
        (Value::Date(day), Value::Nanos(by)) | (Value::Nanos(by), Value::Date(day)) => {
            date(DateTime::midnight(*day).plus(*by).map(|moment| moment.date))
        }
        (Value::DateTime(at), Value::Months(by)) | (Value::Months(by), Value::DateTime(at)) => {
            moment(at.date.add_months(*by).map(|date| DateTime { date, time: at.time }))
        }
        (Value::DateTime(at), Value::Nanos(by)) | (Value::Nanos(by), Value::DateTime(at)) => {
            moment(at.plus(*by))
        }
        (Value::Time(time), Value::Nanos(by)) | (Value::Nanos(by), Value::Time(time)) => {
            Ok(Value::Time(time.plus(*by)))
        }
        _ => return None,
    })
}

fn subtract(left: &Value, right: &Value) -> Option<Outcome> {
    Some(match (left, right) {
        (Value::Number(left), Value::Number(right)) => number(decimal::settle(left + &-right.clone())),
        (Value::Time(left), Value::Time(right)) => nanos(Some(left.since(*right)?)),
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_)) => {
            nanos(Some(elapsed(left, right)?))
        }
        (Value::Nanos(_) | Value::Months(_), Value::Date(_) | Value::DateTime(_) | Value::Time(_)) => {
            return None;
        }
        (_, Value::Months(by)) => return add(left, &Value::Months(-by)),
        (_, Value::Nanos(by)) => return add(left, &Value::Nanos(-by)),
        _ => return None,
    })
}

/// Nanoseconds from `earlier` to `later`. A bare day is its midnight in UTC.
fn elapsed(later: &Value, earlier: &Value) -> Option<i128> {
    let moment = |value: &Value| match value {
        Value::DateTime(moment) => Some(*moment),
        Value::Date(day) => {
            Some(DateTime { date: *day, time: Time::MIDNIGHT.in_zone(Some(Zone::Offset(0))) })
        }
        _ => None,
    };
    moment(later)?.since(moment(earlier)?)
}

fn multiply(left: &Value, right: &Value) -> Option<Outcome> {
    Some(match (left, right) {
        (Value::Number(left), Value::Number(right)) => number(decimal::settle(left * right)),
        (Value::Months(size), Value::Number(by)) | (Value::Number(by), Value::Months(size)) => {
            months(truncated(&(&Number::from(*size) * by)))
        }
        (Value::Nanos(size), Value::Number(by)) | (Value::Number(by), Value::Nanos(size)) => {
            nanos(truncated_wide(&(&wide(*size) * by)))
        }
        _ => return None,
    })
}

fn divide(left: &Value, right: &Value) -> Option<Outcome> {
    if matches!(right, Value::Number(divisor) if divisor.is_zero())
        && matches!(left, Value::Number(_) | Value::Months(_) | Value::Nanos(_))
    {
        return Some(Err(ProblemKind::DivisionByZero));
    }
    Some(match (left, right) {
        (Value::Number(left), Value::Number(right)) => number(decimal::divide(left, right)),
        (Value::Months(size), Value::Number(by)) => {
            months(Number::from(*size).checked_div(by).and_then(|months| truncated(&months)))
        }
        (Value::Nanos(size), Value::Number(by)) => {
            nanos(wide(*size).checked_div(by).and_then(|nanos| truncated_wide(&nanos)))
        }
        (Value::Months(_), Value::Months(0)) | (Value::Nanos(_), Value::Nanos(0)) => {
            Err(ProblemKind::DivisionByZero)
        }
        (Value::Months(left), Value::Months(right)) => {
            number(decimal::divide(&Number::from(*left), &Number::from(*right)))
        }
        (Value::Nanos(left), Value::Nanos(right)) => number(decimal::divide(&wide(*left), &wide(*right))),
        _ => return None,
    })
}

fn power(left: &Value, right: &Value) -> Option<Outcome> {
    match (left, right) {
        (Value::Number(base), Value::Number(exponent)) => Some(number(decimal::power(base, exponent))),
        _ => None,
    }
}

fn wide(value: i128) -> Number {
    Number::from(dashu_ratio::RBig::from(value))
}

/// The whole part, towards nought.
fn truncated(number: &Number) -> Option<i64> {
    i64::try_from(truncated_wide(number)?).ok()
}

fn truncated_wide(number: &Number) -> Option<i128> {
    let whole = if number.is_negative() { number.ceiling() } else { number.floor() };
    i128::try_from(whole.as_rational().numerator().clone()).ok()
}

/// The number of nanoseconds in a fraction of seconds, if it is small enough.
pub fn seconds_to_nanos(seconds: &Number) -> Option<i128> {
    truncated_wide(&(seconds * &wide(NANOS_PER_SECOND)))
}
