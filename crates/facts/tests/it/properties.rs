//! What must hold whatever the input.

use facts::read::{ReadOptions, parse_value, read};
use facts::{Date, Number, Period, QuarterEnd, SpanAs, Unit, Uscc, YearRef};
use proptest::prelude::*;

use crate::words;

fn year_ref() -> impl Strategy<Value = YearRef> {
    prop_oneof![(-99i32..=99).prop_map(YearRef::Relative), (0i32..=9_999).prop_map(YearRef::Absolute)]
}

fn taken() -> impl Strategy<Value = SpanAs> {
    prop_oneof![Just(SpanAs::Years), Just(SpanAs::Total), Just(SpanAs::Mean)]
}

fn period() -> impl Strategy<Value = Period> {
    let end = prop_oneof![Just(QuarterEnd::Opening), Just(QuarterEnd::Closing)];
    prop_oneof![
        year_ref().prop_map(Period::Year),
        year_ref().prop_map(Period::YearEnd),
        (1u8..=20, taken()).prop_map(|(count, taken)| Period::LastYears(count, taken)),
        (1u8..20, taken()).prop_map(|(before, taken)| Period::YearAndBefore(before, taken)),
        (0i32..=9_980, 0i32..20, taken()).prop_map(|(from, more, taken)| Period::Years(
            from,
            from + more,
            taken
        )),
        year_ref().prop_map(Period::SinceYear),
        year_ref().prop_map(Period::Quarters),
        (year_ref(), 1u8..=4, end).prop_map(|(year, quarter, end)| Period::Quarter(year, quarter, end)),
        year_ref().prop_map(Period::QuarterMean),
    ]
}

/// Text that a person could type, and text that nobody would.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[0-9.,eE+\\-万亿元人%年月日..是否无、;| ]{0,24}", "\\PC{0,12}",]
}

proptest! {
    #[test]
    fn every_period_is_read_back_from_what_it_prints(period in period()) {
        prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
    }

    #[test]
    fn no_text_breaks_the_period_reader(text in cell()) {
        let _ = Period::parse(&text);
    }

    #[test]
    fn one_wrong_character_of_a_credit_code_is_caught(
        body in "[159ANY][1239][0-9]{6}[0-9A-HJ-NPQRTUWXY]{8}",
        at in 0usize..18,
        other in "[0-9A-HJ-NPQRTUWXY]",
    ) {
        let code = Uscc::with_checks(&body).expect("a good body").to_string();
        let mut wrong = code.clone();
        wrong.replace_range(at..=at, &other);
        prop_assert_eq!(code.parse::<Uscc>().is_ok(), true);
        prop_assert_eq!(wrong.parse::<Uscc>().is_ok(), wrong == code);
    }

    #[test]
    fn no_text_breaks_the_credit_code_reader(text in cell()) {
        let _ = text.parse::<Uscc>();
        let _ = Uscc::with_checks(&text);
    }

    #[test]
    fn no_cell_breaks_the_reader(text in cell()) {
        let vocabulary = words();
        for (_, definition) in vocabulary.facts() {
            for unit in [None, Unit::find("元"), Unit::find("%")] {
                let _ = parse_value(definition, &text, unit);
            }
        }
    }

    #[test]
    fn no_file_breaks_the_reader(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "(名称|研发费用\\.上年|投资|[,;\\t\"\r\n#{}\\[\\]:]|\\PC){0,60}".prop_map(String::into_bytes),
        ],
    ) {
        let vocabulary = words();
        for name in ["a.csv", "a.json", "a.yaml", "a.xlsx"] {
            let _ = read(name, &bytes, &vocabulary, &ReadOptions::default());
        }
    }

    #[test]
    fn a_decimal_is_read_back_from_what_it_prints(digits in any::<i64>(), places in 0i32..18) {
        let number = &Number::from(digits) * &Number::power_of_ten(-places);
        prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number.clone()));
        let fixed = number.to_fixed(18).parse::<Number>();
        prop_assert_eq!(fixed, Ok(number));
    }

    #[test]
    fn a_day_is_found_again_from_its_count(days in -200_000_000_000i64..200_000_000_000) {
        if let Some(day) = Date::from_epoch_days(days) {
            prop_assert_eq!(day.to_epoch_days(), days);
            prop_assert_eq!(day.to_string().parse::<Date>(), Ok(day));
        }
    }

    #[test]
    fn mu_and_square_metres_convert_without_loss(tenths in 0i64..1_000_000_000) {
        let mu = Number::ratio(tenths, 10).expect("ten is not nought");
        let scale = Unit::find("亩").expect("a unit").scale();
        let area = &mu * &scale;
        prop_assert_eq!(area.checked_div(&scale), Some(mu.clone()));
        prop_assert_eq!(&area * &Number::from(3), &mu * &Number::from(2_000));
    }
}
