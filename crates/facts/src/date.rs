//! Days of the proleptic Gregorian calendar.

use std::fmt;
use std::str::FromStr;

/// A day. Years reach ±999,999,999, as FEEL demands. A day is a day in Asia/Shanghai; nothing here reads a clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// Year; 0 is 1 BC.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

/// Greatest absolute year.
pub const YEAR_MAX: i32 = 999_999_999;

/// Number of days in a month.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether February has 29 days.
pub fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl Date {
    /// The day, if it exists.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = year.abs() <= YEAR_MAX
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    pub fn to_epoch_days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day that lies `days` after 1970-01-01; `None` past the calendar.
    pub fn from_epoch_days(days: i64) -> Option<Self> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = u8::try_from(day_of_year - (153 * shifted_month + 2) / 5 + 1).ok()?;
        let month =
            u8::try_from(if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 }).ok()?;
        let year = i32::try_from(year_of_era + era * 400 + i64::from(month <= 2)).ok()?;
        Self::new(year, month, day)
    }

    /// This day moved by whole months; a day past the month's end becomes its last.
    pub fn add_months(self, months: i64) -> Option<Self> {
        let total = i64::from(self.year) * 12 + i64::from(self.month) - 1;
        let total = total.checked_add(months)?;
        let year = i32::try_from(total.div_euclid(12)).ok()?;
        let month = u8::try_from(total.rem_euclid(12) + 1).ok()?;
        if year.abs() > YEAR_MAX {
            return None;
        }
        Self::new(year, month, self.day.min(days_in_month(year, month)))
    }

    /// This day moved by days.
    pub fn add_days(self, days: i64) -> Option<Self> {
        Self::from_epoch_days(self.to_epoch_days().checked_add(days)?)
    }

    /// Whole months from this day to `later`, towards zero.
    pub fn months_until(self, later: Date) -> i64 {
        let months = (i64::from(later.year) - i64::from(self.year)) * 12 + i64::from(later.month)
            - i64::from(self.month);
        if months > 0 && later.day < self.day {
            months - 1
        } else if months < 0 && later.day > self.day {
            months + 1
        } else {
            months
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

/// The text is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date: {0}")]
pub struct NotADate(pub String);

impl FromStr for Date {
    type Err = NotADate;

    /// Reads `2026-11-23` and nothing else.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let refuse = || NotADate(text.chars().take(40).collect());
        let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let mut parts = body.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse());
        };
        let digits = |part: &str, least: usize, most: usize| {
            (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let leading_zero = year.len() > 4 && year.starts_with('0');
        if !digits(year, 4, 9) || !digits(month, 2, 2) || !digits(day, 2, 2) || leading_zero {
            return Err(refuse());
        }
        let year: i32 = year.parse().map_err(|_| refuse())?;
        let (month, day) = (month.parse().map_err(|_| refuse())?, day.parse().map_err(|_| refuse())?);
        Date::new(if negative { -year } else { year }, month, day).ok_or_else(refuse)
    }
}

/// How finely a date is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Precision {
    /// `2018`
    Year,
    /// `2018-06`
    Month,
    /// `2018-06-30`
    Day,
}

/// A date that may be known only to the month or year. For deciding, the start of that period counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartialDate {
    /// The first day of the period.
    pub start: Date,
    /// How much of it was given.
    pub precision: Precision,
}

impl PartialDate {
    /// The last day of the period: `2018` ends on 2018-12-31.
    pub fn end(&self) -> Date {
        let Date { year, month, .. } = self.start;
        match self.precision {
            Precision::Day => self.start,
            Precision::Month => Date { year, month, day: days_in_month(year, month) },
            Precision::Year => Date { year, month: 12, day: 31 },
        }
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    /// Reads `2018`, `2018-06`, `2018-06-30`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let (full, precision) = match text.len() {
            4 => (format!("{text}-01-01"), Precision::Year),
            7 => (format!("{text}-01"), Precision::Month),
            _ => (text.to_owned(), Precision::Day),
        };
        let start = full.parse().map_err(|_| NotADate(text.chars().take(40).collect()))?;
        Ok(Self { start, precision })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let full = self.start.to_string();
        match self.precision {
            Precision::Year => f.write_str(&full[..full.len() - 6]),
            Precision::Month => f.write_str(&full[..full.len() - 3]),
            Precision::Day => f.write_str(&full),
        }
    }
}
