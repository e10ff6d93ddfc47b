//! Times of day, days with a time, and time zones.

use std::cmp::Ordering;
use std::fmt;

use chrono_tz::{OffsetComponents, Tz};
use facts::Date;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: i128 = 1_000_000_000;
/// Nanoseconds in a day.
pub const NANOS_PER_DAY: i128 = 86_400 * NANOS_PER_SECOND;
const SECONDS_PER_DAY: u32 = 86_400;

/// Greatest offset from UTC, in seconds.
pub const OFFSET_SECONDS_MAX: i32 = 18 * 3_600;

/// How far from UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// A fixed offset, in seconds east of UTC.
    Offset(i32),
    /// A zone of the IANA database.
    Named(Tz),
}

/// A time of day, perhaps in a zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Time {
    /// Seconds since midnight.
    pub second_of_day: u32,
    /// Nanoseconds of the second.
    pub nanos: u32,
    /// The zone; a local time has none.
    pub zone: Option<Zone>,
}

/// A day and a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time.
    pub time: Time,
}

/// The day on which a bare time in a named zone is placed to find its offset.
const EPOCH: Date = Date { year: 1970, month: 1, day: 1 };

impl Zone {
    /// Reads `Z`, `+08:00`, `-05:30:15` or `@Asia/Shanghai`.
    fn parse(text: &str) -> Option<Self> {
        if text == "Z" || text == "z" {
            return Some(Zone::Offset(0));
        }
        if let Some(name) = text.strip_prefix('@') {
            return name.parse().ok().map(Zone::Named);
        }
        let sign = match text.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let mut seconds = 0_i32;
        let parts: Vec<&str> = text[1..].split(':').collect();
        if !(2..=3).contains(&parts.len()) {
            return None;
        }
        for (part, (unit, most)) in parts.iter().zip([(3_600, 18), (60, 59), (1, 59)]) {
            seconds += two_digits(part).filter(|value| *value <= most)? as i32 * unit;
        }
        (seconds <= OFFSET_SECONDS_MAX).then_some(Zone::Offset(sign * seconds))
    }

    /// Seconds east of UTC at a local time.
    fn offset_at_local(self, date: Date, second_of_day: u32) -> i32 {
        let Zone::Named(zone) = self else {
            return self.fixed();
        };
        let local = date.to_epoch_days() * i64::from(SECONDS_PER_DAY) + i64::from(second_of_day);
        // Around a change of clocks two offsets compete; the one from before it wins, in gaps and in overlaps.
        let before = offset_at(zone, local - i64::from(OFFSET_SECONDS_MAX));
        let after = offset_at(zone, local + i64::from(OFFSET_SECONDS_MAX));
        for candidate in [before, after] {
            if offset_at(zone, local - i64::from(candidate)) == candidate {
                return candidate;
            }
        }
        before
    }

    fn fixed(self) -> i32 {
        match self {
            Zone::Offset(seconds) => seconds,
            Zone::Named(_) => 0,
        }
    }

    /// Seconds east of UTC at an instant, in seconds since 1970.
    fn offset_at_instant(self, seconds: i64) -> i32 {
        match self {
            Zone::Offset(seconds) => seconds,
            Zone::Named(zone) => offset_at(zone, seconds),
        }
    }
}

/// The offset of a named zone at an instant. The calendar repeats every 400 years, so that instants past the range of
/// the zone database's library are looked up in an equal year near its end.
fn offset_at(zone: Tz, seconds: i64) -> i32 {
    const CYCLE: i64 = 146_097 * SECONDS_PER_DAY as i64;
    const RANGE: i64 = 2 * CYCLE;
    let folded =
        if seconds.abs() > RANGE { seconds.rem_euclid(CYCLE) + CYCLE * seconds.signum() } else { seconds };
    let Some(instant) = chrono::DateTime::from_timestamp(folded, 0) else {
        return 0;
    };
    let offset = chrono::TimeZone::offset_from_utc_datetime(&zone, &instant.naive_utc());
    let total = offset.base_utc_offset() + offset.dst_offset();
    i32::try_from(total.num_seconds()).unwrap_or(0)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Offset(0) => f.write_str("Z"),
            Zone::Offset(seconds) => {
                let (sign, size) = (if *seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
                write!(f, "{sign}{:02}:{:02}", size / 3_600, size / 60 % 60)?;
                if size % 60 == 0 { Ok(()) } else { write!(f, ":{:02}", size % 60) }
            }
            Zone::Named(zone) => write!(f, "@{}", zone.name()),
        }
    }
}

fn two_digits(text: &str) -> Option<u32> {
    let is_number = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

impl Time {
    /// Midnight, local.
    pub const MIDNIGHT: Time = Time { second_of_day: 0, nanos: 0, zone: None };

    /// A local time of day, if it exists.
    pub fn new(hour: u32, minute: u32, second: u32, nanos: u32) -> Option<Self> {
        let exists = hour < 24 && minute < 60 && second < 60 && i128::from(nanos) < NANOS_PER_SECOND;
        exists.then_some(Self { second_of_day: hour * 3_600 + minute * 60 + second, nanos, zone: None })
    }

    /// The same time of day in a zone.
    #[must_use]
    pub fn in_zone(mut self, zone: Option<Zone>) -> Self {
        self.zone = zone;
        self
    }

    /// Reads `10:30:00`, with a fraction of a second and a zone if there are any.
    pub fn parse(text: &str) -> Option<Self> {
        let clock = text.get(..8)?;
        let mut parts = clock.split(':');
        let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut rest = &text[8..];
        let mut nanos = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return None;
            }
            nanos = format!("{:0<9.9}", &fraction[..end]).parse().ok()?;
            rest = &fraction[end..];
        }
        let zone = if rest.is_empty() { None } else { Some(Zone::parse(rest)?) };
        let time = Self::new(two_digits(hour)?, two_digits(minute)?, two_digits(second)?, nanos)?;
        Some(time.in_zone(zone))
    }

    /// Hour of the day.
    pub fn hour(self) -> u32 {
        self.second_of_day / 3_600
    }

    /// Minute of the hour.
    pub fn minute(self) -> u32 {
        self.second_of_day / 60 % 60
    }

    /// Second of the minute.
    pub fn second(self) -> u32 {
        self.second_of_day % 60
    }

    /// Nanoseconds since midnight.
    pub fn nanos_of_day(self) -> i128 {
        i128::from(self.second_of_day) * NANOS_PER_SECOND + i128::from(self.nanos)
    }

    /// Seconds east of UTC, if there is a zone.
    pub fn offset(self) -> Option<i32> {
        self.zone.map(|zone| zone.offset_at_local(EPOCH, self.second_of_day))
    }

    /// The time moved by nanoseconds, around midnight if need be.
    #[must_use]
    pub fn plus(self, nanos: i128) -> Self {
        let moved = (self.nanos_of_day() + nanos.rem_euclid(NANOS_PER_DAY)).rem_euclid(NANOS_PER_DAY);
        let second_of_day = u32::try_from(moved / NANOS_PER_SECOND).unwrap_or(0);
        let nanos = u32::try_from(moved % NANOS_PER_SECOND).unwrap_or(0);
        Self { second_of_day, nanos, zone: self.zone }
    }

    /// Nanoseconds since midnight UTC, for a time in a zone, or since local midnight.
    fn position(self) -> i128 {
        self.nanos_of_day() - i128::from(self.offset().unwrap_or(0)) * NANOS_PER_SECOND
    }

    /// Nanoseconds from `earlier` to this; `None` between a local time and one in a zone.
    pub fn since(self, earlier: Self) -> Option<i128> {
        let alike = self.zone.is_some() == earlier.zone.is_some();
        alike.then(|| self.position() - earlier.position())
    }

    /// Order; `None` between a local time and one in a zone.
    pub fn order(self, other: Self) -> Option<Ordering> {
        self.since(other).map(|nanos| nanos.cmp(&0))
    }

    /// Whether `=` holds: zones of one sort, and the same moment.
    pub fn equals(self, other: Self) -> bool {
        zones_alike(self.zone, other.zone) && self.position() == other.position()
    }
}

/// Fixed offsets can be equal; a named zone equals only itself.
fn zones_alike(left: Option<Zone>, right: Option<Zone>) -> bool {
    match (left, right) {
        (Some(Zone::Offset(_)), Some(Zone::Offset(_))) => true,
        (left, right) => left == right,
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        if self.nanos != 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        self.zone.map_or(Ok(()), |zone| write!(f, "{zone}"))
    }
}

impl DateTime {
    /// Reads `2026-11-23T10:30:00` with fraction and zone, or a bare date, which is its midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((date, time)) = text.split_once('T') else {
            return Some(Self { date: text.parse().ok()?, time: Time::MIDNIGHT });
        };
        Some(Self { date: date.parse().ok()?, time: Time::parse(time)? })
    }

    /// Midnight of a day, local.
    pub fn midnight(date: Date) -> Self {
        Self { date, time: Time::MIDNIGHT }
    }

    /// Seconds east of UTC, if there is a zone.
    pub fn offset(self) -> Option<i32> {
        self.time.zone.map(|zone| zone.offset_at_local(self.date, self.time.second_of_day))
    }

    /// Nanoseconds since 1970 in UTC, or on the local clock.
    pub fn position(self) -> i128 {
        let local = i128::from(self.date.to_epoch_days()) * NANOS_PER_DAY + self.time.nanos_of_day();
        local - i128::from(self.offset().unwrap_or(0)) * NANOS_PER_SECOND
    }

    /// This moved by nanoseconds of elapsed time, in the same zone; `None` past the calendar.
    pub fn plus(self, nanos: i128) -> Option<Self> {
        let instant = self.position().checked_add(nanos)?;
        let seconds = i64::try_from(instant.div_euclid(NANOS_PER_SECOND)).ok()?;
        let offset = self.time.zone.map_or(0, |zone| zone.offset_at_instant(seconds));
        let local = instant + i128::from(offset) * NANOS_PER_SECOND;
        let date = Date::from_epoch_days(i64::try_from(local.div_euclid(NANOS_PER_DAY)).ok()?)?;
        let time = Time::MIDNIGHT.in_zone(self.time.zone).plus(local.rem_euclid(NANOS_PER_DAY));
        Some(Self { date, time })
    }

    /// Nanoseconds from `earlier` to this; `None` between a local one and one in a zone.
    pub fn since(self, earlier: Self) -> Option<i128> {
        let alike = self.time.zone.is_some() == earlier.time.zone.is_some();
        alike.then(|| self.position() - earlier.position())
    }

    /// Order; `None` between a local one and one in a zone.
    pub fn order(self, other: Self) -> Option<Ordering> {
        self.since(other).map(|nanos| nanos.cmp(&0))
    }

    /// Whether `=` holds: zones of one sort, and the same moment.
    pub fn equals(self, other: Self) -> bool {
        zones_alike(self.time.zone, other.time.zone) && self.position() == other.position()
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

/// Monday is 1.
pub fn weekday(date: Date) -> u8 {
    u8::try_from((date.to_epoch_days() + 3).rem_euclid(7) + 1).unwrap_or(1)
}

/// First of January is 1.
pub fn day_of_year(date: Date) -> i64 {
    let new_year = Date { year: date.year, month: 1, day: 1 };
    date.to_epoch_days() - new_year.to_epoch_days() + 1
}

/// The ISO 8601 week: the first week of a year holds its first Thursday.
pub fn week_of_year(date: Date) -> i64 {
    let thursday = date.to_epoch_days() + 4 - i64::from(weekday(date));
    // Past either end of the calendar the week belongs to the last year there is.
    let year = Date::from_epoch_days(thursday).unwrap_or(date);
    (day_of_year(year) - 1) / 7 + 1
}
