//! Periods: when a fact holds. Documents name them relative to a reference year, profiles may name them either way.
//!
//! `上年` is a [`Period::Year`] of offset −1; on a day in 2026 it becomes the year 2025. A label tied to an event
//! (`认定前一年`) stays a label: only the subject knows when its event was.

use std::fmt;

use crate::{FactDefinition, FactType, Grain};

/// What is taken of a span when a single figure is given for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SpanAs {
    /// The list of its years.
    Years,
    /// 合计
    Total,
    /// 均值
    Mean,
}

/// Opening or closing value of a quarter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum QuarterEnd {
    /// 初
    Opening,
    /// 末
    Closing,
}

/// A year, relative to the reference year or absolute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum YearRef {
    /// 0 is 当年, −1 上年.
    Relative(i32),
    /// 2025
    Absolute(i32),
}

impl YearRef {
    /// The calendar year, given the reference year.
    pub fn resolve(self, reference: i32) -> i32 {
        match self {
            Self::Relative(offset) => reference.saturating_add(offset),
            Self::Absolute(year) => year,
        }
    }
}

/// A period as written in a rule or in a profile.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Period {
    /// None stated: a fact that holds once, or the default period of whichever document reads it.
    Unstated,
    /// 当年, 上年, 前年, 大前年, 2025
    Year(YearRef),
    /// 上年末, 2025末: a stock on the last day of that year.
    YearEnd(YearRef),
    /// 近3年: the last complete years before the reference year; for an event, the years back from the day.
    LastYears(u8, SpanAs),
    /// 当年及前2年: the reference year and that many before it, whether it is complete or not.
    YearAndBefore(u8, SpanAs),
    /// 2023-2025合计: years from and to, both included.
    Years(i32, i32, SpanAs),
    /// 上年及当年: from the start of that year up to the day.
    SinceYear(YearRef),
    /// 季: the four quarters of a year as pairs of opening and closing value.
    Quarters(YearRef),
    /// 四季度末
    Quarter(YearRef, u8, QuarterEnd),
    /// 全年季度均值
    QuarterMean(YearRef),
    /// A label tied to an event: 认定前一年, 投资时.
    Label(String),
}

/// Words for years; of several for one year the first is printed.
const RELATIVE_YEARS: [(&str, i32); 7] =
    [("当年", 0), ("本年", 0), ("年", 0), ("上年", -1), ("前年", -2), ("大前年", -3), ("次年", 1)];
const YEARS_BEFORE: &str = "年前";
const YEARS_AFTER: &str = "年后";
const YEAR_AND_BEFORE: [&str; 2] = ["当年及前", "本年及前"];
const QUARTER_NAMES: [&str; 4] = ["一季度", "二季度", "三季度", "四季度"];

/// Longest span in years that 近N年 accepts; 当年及前N年 is one year longer than its number says.
pub const SPAN_YEARS_MAX: u8 = 20;

impl Period {
    /// Reads a built-in period word or an absolute period; labels are not known here, so `None` may still be one.
    ///
    /// Whatever [`Period`]'s `Display` prints is read back, but for [`Period::Unstated`] and labels.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(year) = parse_year(text) {
            return Some(Self::Year(year));
        }
        if let Some(year) = text.strip_suffix('末').and_then(parse_year) {
            return Some(Self::YearEnd(year));
        }
        if let Some(year) = text.strip_suffix("及当年").and_then(parse_year) {
            return Some(Self::SinceYear(year));
        }
        parse_last_years(text)
            .or_else(|| parse_year_and_before(text))
            .or_else(|| parse_absolute_span(text))
            .or_else(|| parse_quarter(text))
    }

    /// The period under which a fact of that grain is kept: `上年` of a stock is `上年末`.
    #[must_use]
    pub fn for_grain(self, grain: Grain) -> Self {
        match self {
            Self::Year(year) if grain == Grain::Stock => Self::YearEnd(year),
            other => other,
        }
    }

    /// The same with its years written out, given the reference year: `上年` of a document about 2026 is `2025`. What
    /// happened or not keeps the words that count back from the day itself; what holds once has no period.
    #[must_use]
    pub fn absolute(&self, definition: &FactDefinition, reference: i32) -> Self {
        let year = |year: &YearRef| YearRef::Absolute(year.resolve(reference));
        if definition.grain == Grain::Once {
            return Self::Unstated;
        }
        match self {
            Self::Year(of) => Self::Year(year(of)).for_grain(definition.grain),
            Self::YearEnd(of) => Self::YearEnd(year(of)),
            Self::LastYears(count, taken) if definition.fact_type != FactType::Event => {
                Self::Years(reference - i32::from(*count), reference - 1, *taken)
            }
            Self::YearAndBefore(before, taken) => {
                Self::Years(reference - i32::from(*before), reference, *taken)
            }
            Self::Quarters(of) => Self::Quarters(year(of)),
            Self::Quarter(of, quarter, end) => Self::Quarter(year(of), *quarter, *end),
            Self::QuarterMean(of) => Self::QuarterMean(year(of)),
            other => other.clone(),
        }
    }

    /// The years of a span, oldest first; `None` where it is no span.
    ///
    /// ```
    /// use facts::{Period, YearRef::Relative};
    /// let years = |word| Period::parse(word).unwrap().years();
    /// assert_eq!(years("近2年"), Some(vec![Relative(-2), Relative(-1)]));
    /// assert_eq!(years("当年及前2年"), Some(vec![Relative(-2), Relative(-1), Relative(0)]));
    /// ```
    pub fn years(&self) -> Option<Vec<YearRef>> {
        match self {
            Self::LastYears(count, _) => {
                Some((1..=i32::from(*count)).rev().map(|back| YearRef::Relative(-back)).collect())
            }
            Self::YearAndBefore(before, _) => {
                Some((0..=i32::from(*before)).rev().map(|back| YearRef::Relative(-back)).collect())
            }
            Self::Years(from, to, _) => Some((*from..=*to).map(YearRef::Absolute).collect()),
            _ => None,
        }
    }

    /// What is taken of a span; `None` where it is no span.
    pub fn taken(&self) -> Option<SpanAs> {
        match self {
            Self::LastYears(_, taken) | Self::YearAndBefore(_, taken) | Self::Years(_, _, taken) => {
                Some(*taken)
            }
            _ => None,
        }
    }

    /// The same period as a span taken another way; `None` where it is no span.
    pub fn taken_as(&self, taken: SpanAs) -> Option<Self> {
        match self {
            Self::LastYears(count, _) => Some(Self::LastYears(*count, taken)),
            Self::YearAndBefore(before, _) => Some(Self::YearAndBefore(*before, taken)),
            Self::Years(from, to, _) => Some(Self::Years(*from, *to, taken)),
            _ => None,
        }
    }
}

fn parse_year(text: &str) -> Option<YearRef> {
    if let Some((_, offset)) = RELATIVE_YEARS.iter().find(|(word, _)| *word == text) {
        return Some(YearRef::Relative(*offset));
    }
    if let Some(count) = text.strip_suffix(YEARS_BEFORE) {
        return parse_distance(count).map(|distance| YearRef::Relative(-distance));
    }
    if let Some(count) = text.strip_suffix(YEARS_AFTER) {
        return parse_distance(count).map(YearRef::Relative);
    }
    let digits = text.strip_suffix('年').unwrap_or(text);
    let valid = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| digits.parse().ok().map(YearRef::Absolute)).flatten()
}

/// Up to two digits: nobody speaks of a hundred years from now.
fn parse_distance(text: &str) -> Option<i32> {
    let valid = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| text.parse().ok()).flatten()
}

fn split_taken(text: &str) -> (&str, SpanAs) {
    if let Some(rest) = text.strip_suffix("合计").or_else(|| text.strip_suffix("累计")) {
        (rest, SpanAs::Total)
    } else if let Some(rest) = text.strip_suffix("均值").or_else(|| text.strip_suffix("平均")) {
        (rest, SpanAs::Mean)
    } else {
        (text, SpanAs::Years)
    }
}

fn parse_last_years(text: &str) -> Option<Period> {
    let (span, taken) = split_taken(text);
    let count: u8 = span.strip_prefix('近')?.strip_suffix('年')?.parse().ok()?;
    (1..=SPAN_YEARS_MAX).contains(&count).then_some(Period::LastYears(count, taken))
}

fn parse_year_and_before(text: &str) -> Option<Period> {
    let (span, taken) = split_taken(text);
    let rest = YEAR_AND_BEFORE.iter().find_map(|word| span.strip_prefix(word))?;
    let before = u8::try_from(parse_distance(rest.strip_suffix('年')?)?).ok()?;
    (1..SPAN_YEARS_MAX).contains(&before).then_some(Period::YearAndBefore(before, taken))
}

fn parse_absolute_span(text: &str) -> Option<Period> {
    let (span, taken) = split_taken(text);
    let (from, to) = span.split_once(['-', '–', '—', '至'])?;
    let (YearRef::Absolute(from), YearRef::Absolute(to)) = (parse_year(from)?, parse_year(to)?) else {
        return None;
    };
    (from <= to && to - from < i32::from(SPAN_YEARS_MAX)).then_some(Period::Years(from, to, taken))
}

/// `季`, `四季度末`, `全年季度均值`, each perhaps with its year in front: `上年四季度末`.
fn parse_quarter(text: &str) -> Option<Period> {
    if let Some(before) = text.strip_suffix("季度均值") {
        return year_before(before.strip_suffix("全年").unwrap_or(before)).map(Period::QuarterMean);
    }
    if let Some(before) = text.strip_suffix('季') {
        return year_before(before).map(Period::Quarters);
    }
    let (name, end) = match text.strip_suffix('初') {
        Some(name) => (name, QuarterEnd::Opening),
        None => (text.strip_suffix('末')?, QuarterEnd::Closing),
    };
    let quarters = (1u8..).zip(QUARTER_NAMES);
    let (quarter, before) = quarters.filter_map(|(n, word)| Some((n, name.strip_suffix(word)?))).next()?;
    Some(Period::Quarter(year_before(before)?, quarter, end))
}

/// The year in front of a quarter; none is this year.
fn year_before(text: &str) -> Option<YearRef> {
    if text.is_empty() { Some(YearRef::Relative(0)) } else { parse_year(text) }
}

impl fmt::Display for YearRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative(offset) => match RELATIVE_YEARS.iter().find(|(_, known)| known == offset) {
                Some((word, _)) => f.write_str(word),
                None if *offset < 0 => write!(f, "{}{YEARS_BEFORE}", offset.unsigned_abs()),
                None => write!(f, "{offset}{YEARS_AFTER}"),
            },
            Self::Absolute(year) => write!(f, "{year:04}"),
        }
    }
}

impl fmt::Display for SpanAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Years => "",
            Self::Total => "合计",
            Self::Mean => "均值",
        })
    }
}

impl fmt::Display for Period {
    /// The word that [`Period::parse`] reads back; nothing for [`Period::Unstated`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &QuarterEnd| if *end == QuarterEnd::Opening { "初" } else { "末" };
        let prefix = |year: &YearRef| match year {
            YearRef::Relative(0) => String::new(),
            other => other.to_string(),
        };
        match self {
            Self::Unstated => Ok(()),
            Self::Year(year) => write!(f, "{year}"),
            Self::YearEnd(year) => write!(f, "{year}末"),
            Self::LastYears(count, taken) => write!(f, "近{count}年{taken}"),
            Self::YearAndBefore(before, taken) => {
                let [word, _] = YEAR_AND_BEFORE;
                write!(f, "{word}{before}年{taken}")
            }
            Self::Years(from, to, taken) => write!(f, "{from:04}-{to:04}{taken}"),
            Self::SinceYear(year) => write!(f, "{year}及当年"),
            Self::Quarters(year) => write!(f, "{}季", prefix(year)),
            Self::Quarter(year, quarter, which) => {
                let name = QUARTER_NAMES[usize::from(*quarter).clamp(1, 4) - 1];
                write!(f, "{}{name}{}", prefix(year), end(which))
            }
            Self::QuarterMean(year) => write!(f, "{}全年季度均值", prefix(year)),
            Self::Label(label) => f.write_str(label),
        }
    }
}
