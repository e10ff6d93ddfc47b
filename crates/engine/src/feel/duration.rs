//! Durations: ISO 8601 text, and their parts.

use super::calendar::{NANOS_PER_DAY, NANOS_PER_SECOND};
use super::value::Value;

/// Greatest size of a days and time duration, in nanoseconds: as long as the calendar, both ways.
pub const NANOS_MAX: i128 = 800_000_000_000 * NANOS_PER_DAY;

/// Greatest size of a years and months duration.
pub const MONTHS_MAX: i64 = 30_000_000_000_000;

/// Most digits of one figure in a duration.
const FIGURE_DIGITS_MAX: usize = 18;

/// Reads `P1Y2M` as months or `P1DT2H3M4.5S` as nanoseconds, with a sign before if it is negative.
pub fn parse(text: &str) -> Option<Value> {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let body = body.strip_prefix('P')?;
    let (days, clock) = match body.split_once('T') {
        Some((days, clock)) if !clock.is_empty() => (days, clock),
        Some(_) => return None,
        None => (body, ""),
    };
    if days.is_empty() && clock.is_empty() {
        return None;
    }
    if clock.is_empty() && days.ends_with(['Y', 'M']) {
        let (years, rest) = figure(days, 'Y')?;
        let (months, rest) = figure(rest, 'M')?;
        let total = years.checked_mul(12)?.checked_add(months)?;
        return (rest.is_empty() && total <= MONTHS_MAX).then_some(Value::Months(if negative {
            -total
        } else {
            total
        }));
    }
    let (day_count, rest) = figure(days, 'D')?;
    let nanos = i128::from(day_count) * NANOS_PER_DAY + clock_nanos(clock)?;
    (rest.is_empty() && nanos <= NANOS_MAX).then_some(Value::Nanos(if negative { -nanos } else { nanos }))
}

/// The figure before `unit` at the start of the text, nought if there is none; and what follows.
fn figure(text: &str, unit: char) -> Option<(i64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    match text[digits..].strip_prefix(unit) {
        Some(_) if digits == 0 || digits > FIGURE_DIGITS_MAX => None,
        Some(rest) => Some((text[..digits].parse().ok()?, rest)),
        None => Some((0, text)),
    }
}

fn clock_nanos(text: &str) -> Option<i128> {
    let (hours, rest) = figure(text, 'H')?;
    let (minutes, rest) = figure(rest, 'M')?;
    let mut nanos = (i128::from(hours) * 3_600 + i128::from(minutes) * 60) * NANOS_PER_SECOND;
    if let Some(seconds) = rest.strip_suffix('S') {
        let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        let is_number = |part: &str| {
            (1..=FIGURE_DIGITS_MAX).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        nanos += i128::from(whole.parse::<i64>().ok()?) * NANOS_PER_SECOND;
        nanos += format!("{fraction:0<9.9}").parse::<i128>().ok()?;
    } else if !rest.is_empty() {
        return None;
    }
    Some(nanos)
}

/// `P1Y2M`; nought is `P0M`.
pub fn months_text(months: i64) -> String {
    let (sign, size) = (if months < 0 { "-" } else { "" }, months.unsigned_abs());
    match (size / 12, size % 12) {
        (0, months) => format!("{sign}P{months}M"),
        (years, 0) => format!("{sign}P{years}Y"),
        (years, months) => format!("{sign}P{years}Y{months}M"),
    }
}

/// The parts of a days and time duration, without sign.
pub struct Parts {
    /// Days.
    pub days: u128,
    /// Hours, below 24.
    pub hours: u128,
    /// Minutes, below 60.
    pub minutes: u128,
    /// Seconds, below 60.
    pub seconds: u128,
    /// Nanoseconds of the second.
    pub nanos: u128,
}

/// Takes a days and time duration apart.
pub fn parts(nanos: i128) -> Parts {
    let size = nanos.unsigned_abs();
    let seconds = size / NANOS_PER_SECOND.unsigned_abs();
    Parts {
        days: seconds / 86_400,
        hours: seconds / 3_600 % 24,
        minutes: seconds / 60 % 60,
        seconds: seconds % 60,
        nanos: size % NANOS_PER_SECOND.unsigned_abs(),
    }
}

/// `P1DT2H3M4.5S`; nought is `PT0S`.
pub fn nanos_text(nanos: i128) -> String {
    let parts = parts(nanos);
    let mut text = String::from(if nanos < 0 { "-P" } else { "P" });
    if parts.days > 0 {
        text.push_str(&format!("{}D", parts.days));
    }
    let mut clock = String::new();
    if parts.hours > 0 {
        clock.push_str(&format!("{}H", parts.hours));
    }
    if parts.minutes > 0 {
        clock.push_str(&format!("{}M", parts.minutes));
    }
    if parts.nanos > 0 {
        let fraction = format!("{:09}", parts.nanos);
        clock.push_str(&format!("{}.{}S", parts.seconds, fraction.trim_end_matches('0')));
    } else if parts.seconds > 0 || nanos == 0 {
        clock.push_str(&format!("{}S", parts.seconds));
    }
    if !clock.is_empty() {
        text.push('T');
        text.push_str(&clock);
    }
    text
}
