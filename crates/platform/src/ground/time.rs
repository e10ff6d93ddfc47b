//! Moments, and the calendar day that a moment falls on in the zone.

use std::time::Duration;

use facts::Date;

/// China has one time zone, eight hours before UTC, and no summer time since 1992.
const SHANGHAI_MS: i64 = 8 * 60 * 60 * 1_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A moment: milliseconds since the beginning of 1970 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(pub i64);

impl Moment {
    /// So much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long from an earlier moment to this one; nothing if it is not earlier.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The day in the zone.
    pub fn day(self) -> Date {
        let days = self.0.saturating_add(SHANGHAI_MS).div_euclid(DAY_MS);
        Date::from_epoch_days(days).expect("the calendar is longer than any number of milliseconds")
    }

    /// Seconds since midnight in the zone.
    pub fn second_of_day(self) -> u32 {
        let ms = self.0.saturating_add(SHANGHAI_MS).rem_euclid(DAY_MS);
        u32::try_from(ms / 1_000).expect("a day has few seconds")
    }

    /// The first moment of a day in the zone.
    pub fn start_of(day: Date) -> Self {
        Self(day.to_epoch_days() * DAY_MS - SHANGHAI_MS)
    }
}

/// What time it is. The binary has one that reads the machine's; tests have one that they set.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        let day = Date::new(2026, 11, 30).unwrap();
        assert_eq!(Moment::start_of(day).day(), day);
        assert_eq!(Moment(Moment::start_of(day).0 - 1).day(), Date::new(2026, 11, 29).unwrap());
        assert_eq!(Moment(0).day(), Date::new(1970, 1, 1).unwrap());
        assert_eq!(Moment(0).second_of_day(), 8 * 3_600);
        assert_eq!(Moment(Moment::start_of(day).0 - 1).second_of_day(), 86_399);
        assert!(Moment(i64::MIN).day() < Moment(i64::MAX).day());
    }
}
