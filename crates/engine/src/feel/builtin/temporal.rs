//! Dates, times and durations.

use super::arguments::{Builtin, Call};
use crate::feel::arithmetic::seconds_to_nanos;
use crate::feel::calendar::{DateTime, NANOS_PER_SECOND, OFFSET_SECONDS_MAX, Time, Zone};
use crate::feel::calendar::{day_of_year, week_of_year, weekday};
use crate::feel::duration;
use crate::feel::problem::ProblemKind;
use crate::feel::value::Value;
use facts::Date;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "date", forms: &[&["from"], &["year", "month", "day"]], body: date },
    Builtin {
        name: "time",
        forms: &[&["from"], &["hour", "minute", "second"], &["hour", "minute", "second", "offset"]],
        body: time,
    },
    Builtin {
        name: "date and time",
        forms: &[
            &["from"],
            &["date", "time"],
            &["year", "month", "day", "hour", "minute", "second"],
            &["year", "month", "day", "hour", "minute", "second", "time offset"],
            &["year", "month", "day", "hour", "minute", "second", "timezone"],
        ],
        body: date_and_time,
    },
    Builtin { name: "duration", forms: &[&["from"]], body: duration_from },
    Builtin { name: "years and months duration", forms: &[&["from", "to"]], body: years_and_months_duration },
    Builtin {
        name: "day of year",
        forms: &[&["date"]],
        body: |call| of_day(call, |day| Value::integer(day_of_year(day))),
    },
    Builtin {
        name: "week of year",
        forms: &[&["date"]],
        body: |call| of_day(call, |day| Value::integer(week_of_year(day))),
    },
    Builtin {
        name: "day of week",
        forms: &[&["date"]],
        body: |call| of_day(call, |day| Value::text(DAYS[usize::from(weekday(day)) - 1])),
    },
    Builtin {
        name: "month of year",
        forms: &[&["date"]],
        body: |call| of_day(call, |day| Value::text(MONTHS[usize::from(day.month) - 1])),
    },
    Builtin { name: "today", forms: &[&[]], body: today },
    Builtin { name: "now", forms: &[&[]], body: now },
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn date(call: &mut Call<'_>) -> Option<Value> {
    if call.form == 1 {
        let day = day_from_parts(call)?;
        return Some(Value::Date(day));
    }
    match call.single(0) {
        Value::Text(text) => match text.parse() {
            Ok(day) => Some(Value::Date(day)),
            Err(_) => call.unusable(0),
        },
        Value::Date(day) => Some(Value::Date(day)),
        Value::DateTime(moment) => Some(Value::Date(moment.date)),
        _ => call.wrong_kind(0, "string, date or date and time"),
    }
}

fn day_from_parts(call: &mut Call<'_>) -> Option<Date> {
    let (year, month, day) = (call.integer(0)?, call.integer(1)?, call.integer(2)?);
    let parts = (i32::try_from(year).ok(), u8::try_from(month).ok(), u8::try_from(day).ok());
    let found = match parts {
        (Some(year), Some(month), Some(day)) => Date::new(year, month, day),
        _ => None,
    };
    match found {
        Some(day) => Some(day),
        None => call.unusable(2),
    }
}

/// A time from hour, minute and second at `first` and behind; seconds may have a fraction.
fn time_from_parts(call: &mut Call<'_>, first: usize) -> Option<Time> {
    let (hour, minute) = (call.integer(first)?, call.integer(first + 1)?);
    let seconds = call.number(first + 2)?;
    let nanos = seconds_to_nanos(&seconds).filter(|_| !seconds.is_negative());
    let whole = nanos.map(|nanos| (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND));
    let parts = (u32::try_from(hour).ok(), u32::try_from(minute).ok(), whole);
    let found = match parts {
        (Some(hour), Some(minute), Some((second, nanos))) => u32::try_from(second)
            .ok()
            .and_then(|second| Time::new(hour, minute, second, u32::try_from(nanos).ok()?)),
        _ => None,
    };
    match found {
        Some(time) => Some(time),
        None => call.unusable(first + 2),
    }
}

/// An offset as a duration, or a zone's name; null is a local time.
fn zone(call: &mut Call<'_>, index: usize) -> Option<Option<Zone>> {
    let zone = match call.single(index) {
        Value::Null => return Some(None),
        Value::Nanos(nanos) => i32::try_from(nanos / NANOS_PER_SECOND)
            .ok()
            .filter(|seconds| seconds.abs() <= OFFSET_SECONDS_MAX)
            .map(Zone::Offset),
        Value::Text(name) => name.parse().ok().map(Zone::Named),
        _ => return call.wrong_kind(index, "days and time duration"),
    };
    match zone {
        Some(zone) => Some(Some(zone)),
        None => call.unusable(index),
    }
}

fn time(call: &mut Call<'_>) -> Option<Value> {
    if call.form > 0 {
        let time = time_from_parts(call, 0)?;
        let zone = if call.form == 2 { zone(call, 3)? } else { None };
        return Some(Value::Time(time.in_zone(zone)));
    }
    match call.single(0) {
        Value::Text(text) => match Time::parse(&text) {
            Some(time) => Some(Value::Time(time)),
            None => call.unusable(0),
        },
        Value::Time(time) => Some(Value::Time(time)),
        Value::DateTime(moment) => Some(Value::Time(moment.time)),
        // The standard places a bare day at midnight UTC.
        Value::Date(_) => Some(Value::Time(Time::MIDNIGHT.in_zone(Some(Zone::Offset(0))))),
        _ => call.wrong_kind(0, "string, time or date and time"),
    }
}

fn date_and_time(call: &mut Call<'_>) -> Option<Value> {
    match call.form {
        0 => match call.single(0) {
            Value::Text(text) => match DateTime::parse(&text) {
                Some(moment) => Some(Value::DateTime(moment)),
                None => call.unusable(0),
            },
            Value::DateTime(moment) => Some(Value::DateTime(moment)),
            Value::Date(day) => Some(Value::DateTime(DateTime::midnight(day))),
            _ => call.wrong_kind(0, "string, date or date and time"),
        },
        1 => {
            let date = day_of(call, 0)?;
            let Value::Time(time) = call.single(1) else {
                return call.wrong_kind(1, "time");
            };
            Some(Value::DateTime(DateTime { date, time }))
        }
        _ => {
            let date = day_from_parts(call)?;
            let time = time_from_parts(call, 3)?;
            let zone = if call.values.len() > 6 { zone(call, 6)? } else { None };
            Some(Value::DateTime(DateTime { date, time: time.in_zone(zone) }))
        }
    }
}

fn day_of(call: &mut Call<'_>, index: usize) -> Option<Date> {
    match call.single(index) {
        Value::Date(day) => Some(day),
        Value::DateTime(moment) => Some(moment.date),
        _ => call.wrong_kind(index, "date or date and time"),
    }
}

fn duration_from(call: &mut Call<'_>) -> Option<Value> {
    match call.single(0) {
        Value::Text(text) => match duration::parse(&text) {
            Some(duration) => Some(duration),
            None => call.unusable(0),
        },
        value @ (Value::Months(_) | Value::Nanos(_)) => Some(value),
        _ => call.wrong_kind(0, "string"),
    }
}

fn years_and_months_duration(call: &mut Call<'_>) -> Option<Value> {
    let (from, to) = (day_of(call, 0)?, day_of(call, 1)?);
    Some(Value::Months(from.months_until(to)))
}

fn of_day(call: &mut Call<'_>, figure: fn(Date) -> Value) -> Option<Value> {
    day_of(call, 0).map(figure)
}

fn today(call: &mut Call<'_>) -> Option<Value> {
    match call.day {
        Some(day) => Some(Value::Date(day)),
        None => call.refuse(ProblemKind::NoClock),
    }
}

/// The scope carries a day and no time of day: now is its midnight.
fn now(call: &mut Call<'_>) -> Option<Value> {
    match call.day {
        Some(day) => Some(Value::DateTime(DateTime::midnight(day))),
        None => call.refuse(ProblemKind::NoClock),
    }
}
