//! `value.name`: members of contexts, properties of days, times, durations and ranges.

use super::calendar::{NANOS_PER_SECOND, Time, Zone, weekday};
use super::duration;
use super::value::{Range, Value};
use facts::{Date, Number};
use lang::ast::Bound;

/// The property, or `None` if the value has none of that name. Of a list, the caller asks each item.
pub fn property(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Context(context) => context.get(name).cloned(),
        Value::Date(date) => date_property(*date, name),
        Value::Time(time) => time_property(*time, time.offset(), name),
        Value::DateTime(moment) => {
            date_property(moment.date, name).or_else(|| time_property(moment.time, moment.offset(), name))
        }
        Value::Months(months) => match name {
            "years" => Some(Value::integer(months / 12)),
            "months" => Some(Value::integer(months % 12)),
            _ => None,
        },
        Value::Nanos(nanos) => nanos_property(*nanos, name),
        Value::Range(range) => range_property(range, name),
        _ => None,
    }
}

fn date_property(date: Date, name: &str) -> Option<Value> {
    Some(match name {
        "year" => Value::integer(i64::from(date.year)),
        "month" => Value::integer(i64::from(date.month)),
        "day" => Value::integer(i64::from(date.day)),
        "weekday" => Value::integer(i64::from(weekday(date))),
        _ => return None,
    })
}

fn time_property(time: Time, offset: Option<i32>, name: &str) -> Option<Value> {
    Some(match name {
        "hour" => Value::integer(i64::from(time.hour())),
        "minute" => Value::integer(i64::from(time.minute())),
        "second" => Value::integer(i64::from(time.second())),
        "time offset" => {
            offset.map_or(Value::Null, |offset| Value::Nanos(i128::from(offset) * NANOS_PER_SECOND))
        }
        "timezone" => match time.zone {
            Some(Zone::Named(zone)) => Value::text(zone.name()),
            _ => Value::Null,
        },
        _ => return None,
    })
}

fn nanos_property(nanos: i128, name: &str) -> Option<Value> {
    let parts = duration::parts(nanos);
    let size = match name {
        "days" => parts.days,
        "hours" => parts.hours,
        "minutes" => parts.minutes,
        "seconds" => parts.seconds,
        _ => return None,
    };
    let size = Number::from(i64::try_from(size).ok()?);
    Some(Value::Number(if nanos < 0 { -size } else { size }))
}

fn range_property(range: &Range, name: &str) -> Option<Value> {
    Some(match name {
        "start" => range.low.clone().unwrap_or_default(),
        "end" => range.high.clone().unwrap_or_default(),
        "start included" => Value::Boolean(range.low.is_some() && range.low_bound == Bound::Closed),
        "end included" => Value::Boolean(range.high.is_some() && range.high_bound == Bound::Closed),
        _ => return None,
    })
}
