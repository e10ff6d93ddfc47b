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
        let wanted = self.fixed(period, self.reference);
        let answers = |entry: &&Entry| self.fixed_entry(&entry.period) == wanted;
        if let Some(entry) = entries.iter().rev().find(answers) {
            return Some(entry);
        }
        let is_default = definition.grain == Grain::Once
            || *period == Period::Unstated
            || default.is_some_and(|default| self.fixed(default, self.reference) == wanted);
        if is_default {
            return entries.iter().rev().find(|entry| entry.period == Period::Unstated);
        }
        None
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
        let period = if *period == Period::Unstated { default.unwrap_or(period) } else { period };
        if let Period::Label(_) = period {
            return entries.iter().rev().find(|entry| entry.period == *period).cloned();
        }
        let (from, to) = self.window(period, self.reference)?;
        for entry in entries.iter().rev() {
            let window = if entry.period == Period::Unstated {
                self.window(default.unwrap_or(&Period::Unstated), self.reference)
            } else {
                self.window(&entry.period, self.day.year)
            };
            let Some((entry_from, entry_to)) = window else { continue };
            let settles = match entry.value {
                Value::Bool(true) => from <= entry_from && entry_to <= to,
                Value::Bool(false) => entry_from <= from && to <= entry_to,
                _ => false,
            };
            if settles {
                return Some(entry.clone());
            }
        }
        None
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
            Period::Years(from, to, _) => Some((start_of(*from)?, end_of(*to)?)),
            _ => None,
        }
    }
}
