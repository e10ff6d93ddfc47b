//! Periods on a day: which entry of a profile answers for a period that a document names.

use facts::{Date, Entry, FactDefinition, Grain, Period, SpanAs, Value, YearRef};

/// The day of decision and the year that the document calls 当年.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The day of decision.
    pub day: Date,
    /// 当年 of the document.
    pub reference: i32,
}

/// What an entry about one span says of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct EventSettles {
    /// It is the same.
    pub always: bool,
    /// That it happened, if it happened.
    pub if_true: bool,
    /// That it did not, if it did not.
    pub if_false: bool,
}

/// A period with its years filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Fixed {
    Unstated,
    Year(i32),
    Span(i32, i32, SpanAs),
    Quarter(i32, u8, facts::QuarterEnd),
    QuarterMean(i32),
    Label(String),
    Other(Period),
}

impl Calendar {
    /// The entry that answers for the period: the same years, the same label, or an entry without a period where the
    /// document's default period is asked for.
    pub fn find<'a>(
        &self,
        entries: &'a [Entry],
        period: &Period,
        default: Option<&Period>,
        definition: &FactDefinition,
    ) -> Option<&'a Entry> {
        if let Some(entry) = entries.iter().rev().find(|entry| self.answers(&entry.period, period)) {
            return Some(entry);
        }
        if self.is_default(period, default, definition) {
            return entries.iter().rev().find(|entry| entry.period == Period::Unstated);
        }
        None
    }

    /// Whether an entry under one period answers for another.
    pub(crate) fn answers(&self, entry: &Period, wanted: &Period) -> bool {
        self.fixed_entry(entry) == self.fixed(wanted, self.reference)
    }

    /// Whether an entry without a period answers for that one.
    pub(crate) fn is_default(
        &self,
        period: &Period,
        default: Option<&Period>,
        definition: &FactDefinition,
    ) -> bool {
        definition.grain == Grain::Once
            || *period == Period::Unstated
            || default.is_some_and(|default| {
                self.fixed(default, self.reference) == self.fixed(period, self.reference)
            })
    }

    /// The period with its years filled in: the same for all periods that mean the same on that day.
    pub(crate) fn absolute(&self, period: &Period) -> Period {
        match (self.fixed(period, self.reference), period) {
            (Fixed::Year(year), _) => Period::Year(YearRef::Absolute(year)),
            (Fixed::Span(from, to, taken), _) => Period::Years(from, to, taken),
            (Fixed::Quarter(year, quarter, end), _) => Period::Quarter(YearRef::Absolute(year), quarter, end),
            (Fixed::QuarterMean(year), _) => Period::QuarterMean(YearRef::Absolute(year)),
            (_, Period::SinceYear(year)) => {
                Period::SinceYear(YearRef::Absolute(year.resolve(self.reference)))
            }
            (_, Period::Quarters(year)) => Period::Quarters(YearRef::Absolute(year.resolve(self.reference))),
            (_, other) => other.clone(),
        }
    }

    /// The year of a period that is complete on the day, if it is one.
    pub fn complete_year(&self, period: &Period) -> Option<i32> {
        let year = match self.fixed(period, self.reference) {
            Fixed::Year(year)
            | Fixed::Span(_, year, _)
            | Fixed::Quarter(year, ..)
            | Fixed::QuarterMean(year) => year,
            _ => return None,
        };
        (year < self.day.year).then_some(year)
    }

    /// The period with its years, as a person is shown it; empty where it has none.
    pub fn shown(&self, period: &Period) -> String {
        match self.fixed(period, self.reference) {
            Fixed::Year(year) => year.to_string(),
            Fixed::Span(from, to, taken) => format!("{from}–{to}{taken}"),
            Fixed::Quarter(year, quarter, end) => {
                Period::Quarter(YearRef::Absolute(year), quarter, end).to_string()
            }
            Fixed::QuarterMean(year) => format!("{year}季度均值"),
            Fixed::Label(label) => label,
            Fixed::Unstated => String::new(),
            Fixed::Other(period) => period.to_string(),
        }
    }

    /// The first and last day in which an event counts, as a person is shown it; empty where there is no such span.
    pub fn shown_event(&self, period: &Period, default: Option<&Period>) -> String {
        let period = if *period == Period::Unstated { default.unwrap_or(period) } else { period };
        let day = |day: i64| Date::from_epoch_days(day).map_or_else(String::new, |day| day.to_string());
        match self.window(period, self.reference) {
            Some((from, to)) if *period != Period::Unstated => format!("{} – {}", day(from), day(to)),
            _ => self.shown(period),
        }
    }

    /// Years in an entry are counted from the day of decision; a quarter without a year is the document's.
    fn fixed_entry(&self, period: &Period) -> Fixed {
        let reference = match period {
            Period::Quarter(YearRef::Relative(0), ..)
            | Period::Quarters(YearRef::Relative(0))
            | Period::QuarterMean(YearRef::Relative(0)) => self.reference,
            _ => self.day.year,
        };
        self.fixed(period, reference)
    }

    fn fixed(&self, period: &Period, reference: i32) -> Fixed {
        match period {
            Period::Unstated => Fixed::Unstated,
            Period::Year(year) | Period::YearEnd(year) => Fixed::Year(year.resolve(reference)),
            Period::LastYears(count, taken) => {
                Fixed::Span(reference - i32::from(*count), reference - 1, *taken)
            }
            Period::YearAndBefore(before, taken) => {
                Fixed::Span(reference - i32::from(*before), reference, *taken)
            }
            Period::Years(from, to, taken) => Fixed::Span(*from, *to, *taken),
            Period::Quarter(year, quarter, end) => Fixed::Quarter(year.resolve(reference), *quarter, *end),
            Period::QuarterMean(year) => Fixed::QuarterMean(year.resolve(reference)),
            Period::Label(label) => Fixed::Label(label.clone()),
            other => Fixed::Other(other.clone()),
        }
    }

    /// Whether an event lies in the period, from what is known of other spans: it happened in a span inside, or it
    /// did not happen in a span around.
    pub fn event(&self, entries: &[Entry], period: &Period, default: Option<&Period>) -> Option<Entry> {
        let settles = |entry: &&Entry| {
            let settles = self.event_settles(&entry.period, period, default);
            match entry.value {
                _ if settles.always => true,
                Value::Bool(true) => settles.if_true,
                Value::Bool(false) => settles.if_false,
                _ => false,
            }
        };
        entries.iter().rev().find(settles).cloned()
    }

    /// Whether an entry of one period tells if an event lies in another.
    pub(crate) fn event_settles(
        &self,
        entry: &Period,
        period: &Period,
        default: Option<&Period>,
    ) -> EventSettles {
        let period = if *period == Period::Unstated { default.unwrap_or(period) } else { period };
        if let Period::Label(_) = period {
            return EventSettles { always: entry == period, ..EventSettles::default() };
        }
        let of_entry = if *entry == Period::Unstated {
            self.window(default.unwrap_or(&Period::Unstated), self.reference)
        } else {
            self.window(entry, self.day.year)
        };
        let (Some((from, to)), Some((entry_from, entry_to))) =
            (self.window(period, self.reference), of_entry)
        else {
            return EventSettles::default();
        };
        EventSettles {
            always: false,
            if_true: from <= entry_from && entry_to <= to,
            if_false: entry_from <= from && to <= entry_to,
        }
    }

    /// First and last day of a period, as days since 1970; nothing after the day of decision has happened yet.
    fn window(&self, period: &Period, reference: i32) -> Option<(i64, i64)> {
        let today = self.day.to_epoch_days();
        let start_of = |year: i32| Date::new(year, 1, 1).map(Date::to_epoch_days);
        let end_of = |year: i32| Date::new(year, 12, 31).map(|day| day.to_epoch_days().min(today));
        match period {
            Period::Unstated => Some((i64::MIN, today)),
            Period::Year(year) | Period::YearEnd(year) => {
                let year = year.resolve(reference);
                Some((start_of(year)?, end_of(year)?))
            }
            Period::SinceYear(year) => Some((start_of(year.resolve(reference))?, today)),
            Period::LastYears(count, _) => {
                Some((self.day.add_months(-12 * i64::from(*count))?.to_epoch_days(), today))
            }
            Period::YearAndBefore(before, _) => {
                Some((start_of(reference - i32::from(*before))?, end_of(reference)?))
            }
            Period::Years(from, to, _) => Some((start_of(*from)?, end_of(*to)?)),
            _ => None,
        }
    }
}
