//! Today, and how long something took: the only place that reads the clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use facts::Date;

/// Asia/Shanghai is eight hours ahead of UTC all year.
const SHANGHAI_OFFSET_SECONDS: u64 = 8 * 3_600;

const DAY_SECONDS: u64 = 86_400;

/// The day in Asia/Shanghai, whatever the zone of the machine.
#[allow(
    clippy::disallowed_methods,
    reason = "the day of decision defaults to today, and only the binary may know it"
)]
pub fn today() -> Date {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    day_at(since_epoch.as_secs())
}

/// How long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "how long work took is told, and decides nothing")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

fn day_at(seconds_since_epoch: u64) -> Date {
    let days = (seconds_since_epoch + SHANGHAI_OFFSET_SECONDS) / DAY_SECONDS;
    let day = i64::try_from(days).ok().and_then(Date::from_epoch_days);
    day.expect("a clock that counts seconds in 64 bits stays within the calendar for a while")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        let noon_2026 = 1_782_800_000; // 2026-06-30 06:13:20 UTC
        assert_eq!(day_at(noon_2026).to_string(), "2026-06-30");
        let sixteen_utc = 1_782_835_200; // 2026-06-30 16:00 UTC
        assert_eq!(day_at(sixteen_utc - 1).to_string(), "2026-06-30");
        assert_eq!(day_at(sixteen_utc).to_string(), "2026-07-01");
    }
}
