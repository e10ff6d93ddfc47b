//! Which years and quarters exist on the day of decision, and the periods of a fact's columns.
//!
//! Every fact has the usual ones, which hang on its grain alone. What documents read beyond these is added for the facts
//! that they read: earlier years, and spans of years in which something may have happened.

use facts::{Date, FactDefinition, Grain, Period, QuarterEnd, SpanAs, YearRef};

/// Complete years in a series; the running one follows them.
pub(crate) const YEARS: usize = 5;

/// Years back from the day over which is told whether something happened.
const SPANS: [u8; 3] = [1, 3, 5];

/// The day of decision and the years around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Calendar {
    /// The day of decision.
    pub(crate) day: Date,
    /// The same, as days since 1970.
    pub(crate) today: i32,
    /// First day of each year of a series, of the running one, and of the next.
    starts: [i32; YEARS + 2],
}

/// When a figure holds, as places in a series.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    /// It has no period.
    Once,
    /// A year, 0 the oldest, `YEARS` the running one to date.
    Year(usize),
    /// The last day of a complete year.
    End(usize),
    /// A year before the series, or its last day: 1 is the one just before it.
    Earlier(usize),
    /// A boundary of quarters of the last complete year: 0 its beginning, 4 its end.
    Quarter(usize),
    /// From one day since 1970 to another, both included.
    Within(i32, i32),
    /// A period of its own, which only a model understands.
    Label,
}

/// A period of a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Slot {
    /// As headers write it.
    pub(crate) period: Period,
    /// When that is.
    pub(crate) when: When,
    /// Its last day, as days since 1970: who began later has no figure.
    pub(crate) until: i32,
}

impl Calendar {
    /// The calendar on a day.
    pub(crate) fn on(day: Date) -> Self {
        let days = |date: Date| i32::try_from(date.to_epoch_days()).unwrap_or(i32::MAX);
        let first = day.year - YEARS as i32;
        let start = |place: usize| Date::new(first + place as i32, 1, 1).map_or(days(day), days);
        Self { day, today: days(day), starts: std::array::from_fn(start) }
    }

    /// The year at a place of the series.
    pub(crate) fn year(&self, place: usize) -> i32 {
        self.day.year - YEARS as i32 + place as i32
    }

    /// First day of the year at that place.
    pub(crate) fn start(&self, place: usize) -> i32 {
        self.starts[place]
    }

    /// Last day of the year at that place; of the running one, the day itself.
    pub(crate) fn end(&self, place: usize) -> i32 {
        if place >= YEARS { self.today } else { self.starts[place + 1] - 1 }
    }

    /// The part of the year at that place in which somebody was there who began on a day.
    pub(crate) fn share(&self, place: usize, began: i32) -> f64 {
        let days = self.end(place) - self.starts[place].max(began) + 1;
        let whole = self.starts[place + 1] - self.starts[place];
        f64::from(days.max(0)) / f64::from(whole)
    }

    /// Day of a boundary of quarters of the last complete year.
    fn boundary(&self, place: usize) -> i32 {
        let months = [0, 3, 6, 9, 12];
        let start = Date::new(self.year(YEARS - 1), 1, 1).and_then(|day| day.add_months(months[place]));
        start.map_or(self.today, |day| i32::try_from(day.to_epoch_days()).unwrap_or(i32::MAX) - 1)
    }

    /// The day as many years before the day of decision.
    fn years_back(&self, years: u8) -> i32 {
        let day = self.day.add_months(-12 * i64::from(years));
        day.map_or(self.today, |day| i32::try_from(day.to_epoch_days()).unwrap_or(i32::MIN))
    }

    /// The periods in which a fact has columns.
    pub(crate) fn slots(&self, definition: &FactDefinition) -> Vec<Slot> {
        match definition.grain {
            Grain::Once => vec![self.once()],
            Grain::Year | Grain::Month => (0..=YEARS).map(|place| self.year_slot(place)).collect(),
            Grain::Stock if definition.is_numeric() => self.ends().chain(self.quarters()).collect(),
            Grain::Stock => self.ends().collect(),
            Grain::Quarter => self.quarters().collect(),
            Grain::Event => self.spans(),
        }
    }

    /// No period.
    pub(crate) fn once(&self) -> Slot {
        Slot { period: Period::Unstated, when: When::Once, until: i32::MAX }
    }

    fn absolute(&self, place: usize) -> YearRef {
        YearRef::Absolute(self.year(place))
    }

    fn year_slot(&self, place: usize) -> Slot {
        let period = Period::Year(self.absolute(place));
        Slot { period, when: When::Year(place), until: self.end(place) }
    }

    fn ends(&self) -> impl Iterator<Item = Slot> {
        (0..YEARS).map(|place| Slot {
            period: Period::YearEnd(self.absolute(place)),
            when: When::End(place),
            until: self.end(place),
        })
    }

    fn quarters(&self) -> impl Iterator<Item = Slot> {
        let ends = [(QuarterEnd::Opening, 0), (QuarterEnd::Closing, 1)];
        (0..4_usize).flat_map(move |quarter| {
            ends.map(|(end, later)| Slot {
                period: Period::Quarter(self.absolute(YEARS - 1), quarter as u8 + 1, end),
                when: When::Quarter(quarter + later),
                until: self.boundary(quarter + later),
            })
        })
    }

    /// The column for a fact in a period that a document reads, years written out; `None` where there can be no figure
    /// yet, or the period is no year of its own: a total over a span follows from its years.
    pub(crate) fn asked(&self, definition: &FactDefinition, period: &Period) -> Option<Slot> {
        let period = period.clone();
        if definition.grain == Grain::Event {
            let (from, to) = self.within(&period)?;
            let within = When::Within(from, to.min(self.today));
            return (from <= self.today).then_some(Slot { period, when: within, until: i32::MAX });
        }
        let year = match (&period, definition.grain) {
            (Period::Year(YearRef::Absolute(year)), Grain::Year | Grain::Month)
            | (Period::YearEnd(YearRef::Absolute(year)), Grain::Stock) => *year,
            _ => return None,
        };
        let before = usize::try_from(self.year(0) - year).ok().filter(|before| *before > 0)?;
        Some(Slot { period, when: When::Earlier(before), until: day_of(year, 12, 31)? })
    }

    /// First and last day of a span of years, or of the years back from the day.
    fn within(&self, period: &Period) -> Option<(i32, i32)> {
        let years = |from: i32, to: i32| Some((day_of(from, 1, 1)?, day_of(to, 12, 31)?));
        match period {
            Period::Year(year) => years(year.resolve(self.day.year), year.resolve(self.day.year)),
            Period::Years(from, to, SpanAs::Years) => years(*from, *to),
            Period::SinceYear(year) => Some((day_of(year.resolve(self.day.year), 1, 1)?, self.today)),
            Period::LastYears(count, SpanAs::Years) => Some((self.years_back(*count), self.today)),
            _ => None,
        }
    }

    /// This year, this year and the last, and the years back from the day.
    fn spans(&self) -> Vec<Slot> {
        let since = |period: Period, from: i32| {
            let within = When::Within(from, self.today);
            Slot { period, when: within, until: i32::MAX }
        };
        let mut out = vec![
            since(Period::Year(self.absolute(YEARS)), self.start(YEARS)),
            since(Period::SinceYear(YearRef::Relative(-1)), self.start(YEARS - 1)),
        ];
        out.extend(SPANS.map(|years| since(Period::LastYears(years, SpanAs::Years), self.years_back(years))));
        out
    }
}

/// A day, as days since 1970.
fn day_of(year: i32, month: u8, day: u8) -> Option<i32> {
    i32::try_from(Date::new(year, month, day)?.to_epoch_days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::on(Date::new(2026, 6, 30).expect("a day of the calendar"))
    }

    #[test]
    fn a_series_covers_the_complete_years_and_the_running_one() {
        let calendar = calendar();
        assert_eq!([calendar.year(0), calendar.year(YEARS - 1), calendar.year(YEARS)], [2021, 2025, 2026]);
        assert_eq!(calendar.end(YEARS), calendar.today);
        assert_eq!(calendar.start(YEARS), calendar.end(YEARS - 1) + 1);
    }

    #[test]
    fn quarters_meet_where_one_closes_and_the_next_opens() {
        let texts: Vec<(String, When)> =
            calendar().quarters().map(|slot| (slot.period.to_string(), slot.when)).collect();
        assert_eq!(texts.len(), 8);
        assert_eq!(texts[1], ("2025一季度末".to_owned(), When::Quarter(1)));
        assert_eq!(texts[2], ("2025二季度初".to_owned(), When::Quarter(1)));
    }

    fn of_type(fact: &str) -> FactDefinition {
        let text = format!("facts: [{{name: 数, {fact}}}]");
        let (words, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
        words.facts().next().expect("a fact is declared").1.clone()
    }

    #[test]
    fn a_year_before_the_series_is_added_where_it_is_asked_for_and_a_year_to_come_is_not() {
        let (calendar, money) = (calendar(), of_type("type: money, grain: year"));
        let asked = |year: i32| calendar.asked(&money, &Period::Year(YearRef::Absolute(year)));
        let slot = asked(2016).expect("a year long over");
        assert_eq!((slot.when, slot.until), (When::Earlier(5), calendar.start(0) - 1_461 - 1));
        assert_eq!(slot.period.to_string(), "2016");
        assert_eq!((asked(2021), asked(2027)), (None, None), "in the series, and not begun");
        assert_eq!(calendar.asked(&money, &Period::Years(2016, 2020, SpanAs::Total)), None);
    }

    #[test]
    fn something_may_have_happened_within_years_that_are_over() {
        let (calendar, event) = (calendar(), of_type("type: event"));
        let within = |period: Period| calendar.asked(&event, &period).map(|slot| slot.when);
        let (start, end) = (calendar.start(YEARS - 1), calendar.end(YEARS - 1));
        assert_eq!(within(Period::Year(YearRef::Absolute(2025))), Some(When::Within(start, end)));
        let spans = within(Period::Years(2025, 2026, SpanAs::Years));
        assert_eq!(spans, Some(When::Within(start, calendar.today)), "what is to come has not happened");
        assert_eq!(within(Period::Year(YearRef::Absolute(2027))), None);
    }

    #[test]
    fn a_year_counts_from_the_day_on_which_somebody_began() {
        let calendar = calendar();
        let second_of_july = calendar.start(4) + 182;
        assert!((calendar.share(4, second_of_july) - 183.0 / 365.0).abs() < 1e-9);
        assert!(calendar.share(3, second_of_july) == 0.0 && calendar.share(3, 0) == 1.0);
        assert!((calendar.share(YEARS, 0) - 181.0 / 365.0).abs() < 1e-9);
    }
}
