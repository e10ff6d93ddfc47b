//! Periods on a day: the absolute name of a period that a document writes relative to its own year.
//!
//! `研发费用.上年` of a document that counts from the tax year is another year than the same words in a table, where
//! they count from the day of decision. Written as `研发费用.2025` both mean the same.

use facts::{Date, FactDefinition, FactType, Grain, Period, Profile, YearRef};
use lang::ir::{Document, InputKind, ReferenceYear};

/// 当年 of a document for a subject: the year of the day, or for a document with a year fact that fact, else the last
/// complete year.
pub fn reference_year(document: &Document, profile: Option<&Profile>, day: Date) -> i32 {
    let ReferenceYear::Fact(input) = document.reference else { return day.year };
    let InputKind::Fact(fact, _) = &document.kinds[0].inputs[input.index].kind else { return day.year };
    let entries = profile.and_then(|profile| profile.facts.get(fact)).map_or(&[][..], Vec::as_slice);
    let given = match entries.last().map(|entry| &entry.value) {
        Some(facts::Value::Number(year)) => year.to_i64().and_then(|year| i32::try_from(year).ok()),
        _ => None,
    };
    given.unwrap_or(day.year - 1)
}

/// The period with its years written out. What happened or not keeps words that count back from the day itself.
pub fn absolute(period: &Period, definition: &FactDefinition, reference: i32) -> Period {
    let year = |year: &YearRef| YearRef::Absolute(year.resolve(reference));
    if definition.grain == Grain::Once {
        return Period::Unstated;
    }
    match period {
        Period::Year(of) => Period::Year(year(of)).for_grain(definition.grain),
        Period::YearEnd(of) => Period::YearEnd(year(of)),
        Period::LastYears(count, taken) if definition.fact_type != FactType::Event => {
            Period::Years(reference - i32::from(*count), reference - 1, *taken)
        }
        Period::Quarters(of) => Period::Quarters(year(of)),
        Period::Quarter(of, quarter, end) => Period::Quarter(year(of), *quarter, *end),
        Period::QuarterMean(of) => Period::QuarterMean(year(of)),
        other => other.clone(),
    }
}

/// A fact in a period, as a table or a form names it.
pub fn key(definition: &FactDefinition, period: &Period) -> String {
    match period {
        Period::Unstated => definition.name.clone(),
        period => format!("{}.{period}", definition.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::value::plain_definition;
    use facts::SpanAs;

    fn of(fact_type: FactType, grain: Grain) -> FactDefinition {
        FactDefinition { grain, ..plain_definition("数", fact_type, None) }
    }

    fn named(fact_type: FactType, grain: Grain, period: &str) -> String {
        let period = Period::parse(period).expect("a built-in period");
        let definition = of(fact_type, grain);
        key(&definition, &absolute(&period, &definition, 2026))
    }

    #[test]
    fn years_are_written_out() {
        assert_eq!(named(FactType::Money, Grain::Year, "上年"), "数.2025");
        assert_eq!(named(FactType::Money, Grain::Stock, "上年"), "数.2025末");
        assert_eq!(named(FactType::Money, Grain::Year, "近3年合计"), "数.2023-2025合计");
        assert_eq!(named(FactType::Count, Grain::Quarter, "四季度末"), "数.2026四季度末");
    }

    #[test]
    fn what_happened_is_counted_back_from_the_day_and_what_holds_once_has_no_year() {
        assert_eq!(named(FactType::Event, Grain::Event, "近3年"), "数.近3年");
        assert_eq!(named(FactType::Bool, Grain::Once, "上年"), "数");
    }

    #[test]
    fn every_name_is_read_back_as_the_same_period() {
        for text in ["上年", "上年末", "近3年均值", "四季度末", "全年季度均值"] {
            let definition = of(FactType::Money, Grain::Year);
            let fixed = absolute(&Period::parse(text).expect("a built-in period"), &definition, 2026);
            assert_eq!(Period::parse(&fixed.to_string()), Some(fixed));
        }
        assert_eq!(
            absolute(&Period::LastYears(2, SpanAs::Mean), &of(FactType::Money, Grain::Year), 2026),
            Period::Years(2024, 2025, SpanAs::Mean)
        );
    }
}
