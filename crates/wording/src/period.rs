//! Facts in a period as a table or a form names them.
//!
//! `研发费用.上年` of a document that counts from the tax year is another year than the same words in a table, where
//! they count from the day of decision. Written as `研发费用.2025` both mean the same ([`Period::absolute`]).

pub use facts::write::key;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::plain_definition;
    use facts::{FactDefinition, FactType, Grain, Period};

    fn named(fact_type: FactType, grain: Grain, period: &str) -> String {
        let period = Period::parse(period).expect("a built-in period");
        let definition = FactDefinition { grain, ..plain_definition("数", fact_type, None) };
        key(&definition, &period.absolute(&definition, 2026))
    }

    #[test]
    fn years_are_written_out() {
        assert_eq!(named(FactType::Money, Grain::Year, "上年"), "数.2025");
        assert_eq!(named(FactType::Money, Grain::Stock, "上年"), "数.2025末");
        assert_eq!(named(FactType::Money, Grain::Year, "近3年合计"), "数.2023-2025合计");
        assert_eq!(named(FactType::Money, Grain::Year, "当年及前2年合计"), "数.2024-2026合计");
        assert_eq!(named(FactType::Count, Grain::Quarter, "四季度末"), "数.2026四季度末");
    }

    #[test]
    fn what_happened_is_counted_back_from_the_day_unless_its_years_are_named() {
        assert_eq!(named(FactType::Event, Grain::Event, "近3年"), "数.近3年");
        assert_eq!(named(FactType::Event, Grain::Event, "当年及前1年"), "数.2025-2026");
        assert_eq!(named(FactType::Event, Grain::Event, "当年"), "数.2026");
    }

    #[test]
    fn what_holds_once_has_no_year() {
        assert_eq!(named(FactType::Bool, Grain::Once, "上年"), "数");
    }

    #[test]
    fn every_name_is_read_back_as_the_same_period() {
        let definition =
            FactDefinition { grain: Grain::Year, ..plain_definition("数", FactType::Money, None) };
        for text in ["上年", "上年末", "近3年均值", "当年及前4年合计", "四季度末", "全年季度均值"]
        {
            let fixed = Period::parse(text).expect("a built-in period").absolute(&definition, 2026);
            assert_eq!(Period::parse(&fixed.to_string()), Some(fixed));
        }
    }
}
