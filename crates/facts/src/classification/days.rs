//! Which days of a year are worked: Monday to Friday, but for holidays, and the days off that are worked instead.

use crate::{Date, Text};

/// The arrangement of a year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkingYear {
    /// The year.
    pub year: i32,
    /// Title of the notice that arranges it.
    pub title: Text,
    /// Number of the notice.
    pub document: String,
    /// The day of the notice.
    pub published: Option<Date>,
    /// Its holidays, in order.
    pub holidays: Vec<Holiday>,
}

/// A holiday with the days that are worked for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    /// Its name.
    pub name: Text,
    /// First day off.
    pub from: Date,
    /// Last day off.
    pub to: Date,
    /// Saturdays and Sundays that are worked instead.
    pub work: Vec<Date>,
}

/// What a day is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind<'y> {
    /// Monday to Friday.
    Workday,
    /// A day of the weekend that is worked for a holiday.
    Instead(&'y Holiday),
    /// Saturday or Sunday.
    Weekend,
    /// A holiday, or a day off beside it.
    Holiday(&'y Holiday),
}

impl DayKind<'_> {
    /// Whether it is worked.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Workday | Self::Instead(_))
    }
}

impl WorkingYear {
    /// What a day of the year is; `None` for a day of another year.
    pub fn kind(&self, day: Date) -> Option<DayKind<'_>> {
        if day.year != self.year {
            return None;
        }
        if let Some(holiday) = self.holidays.iter().find(|holiday| holiday.work.contains(&day)) {
            return Some(DayKind::Instead(holiday));
        }
        if let Some(holiday) = self.holidays.iter().find(|known| known.from <= day && day <= known.to) {
            return Some(DayKind::Holiday(holiday));
        }
        Some(if is_weekend(day) { DayKind::Weekend } else { DayKind::Workday })
    }

    /// The working days of the year, in order.
    pub fn working_days(&self) -> impl Iterator<Item = Date> {
        let start = Date::new(self.year, 1, 1).map(Date::to_epoch_days).unwrap_or_default();
        let days = (start..start + 366).filter_map(Date::from_epoch_days);
        days.filter(|day| self.kind(*day).is_some_and(DayKind::is_worked))
    }
}

/// Saturday or Sunday. The first of January 1970 was a Thursday.
pub(super) fn is_weekend(day: Date) -> bool {
    (day.to_epoch_days() + 3).rem_euclid(7) >= 5
}
