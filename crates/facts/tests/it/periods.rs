//! Words for periods.

use facts::{Grain, Period, QuarterEnd, SpanAs, YearRef};

#[test]
fn every_word_for_a_period_means_what_people_mean() {
    let relative = YearRef::Relative;
    let table = [
        ("上年", Period::Year(relative(-1))),
        ("本年", Period::Year(relative(0))),
        ("2025", Period::Year(YearRef::Absolute(2025))),
        ("2025年", Period::Year(YearRef::Absolute(2025))),
        ("4年前", Period::Year(relative(-4))),
        ("2年后", Period::Year(relative(2))),
        ("上年末", Period::YearEnd(relative(-1))),
        ("2025年末", Period::YearEnd(YearRef::Absolute(2025))),
        ("近3年", Period::LastYears(3, SpanAs::Years)),
        ("近3年合计", Period::LastYears(3, SpanAs::Total)),
        ("近3年平均", Period::LastYears(3, SpanAs::Mean)),
        ("当年及前2年", Period::YearAndBefore(2, SpanAs::Years)),
        ("本年及前1年合计", Period::YearAndBefore(1, SpanAs::Total)),
        ("当年及前2年平均", Period::YearAndBefore(2, SpanAs::Mean)),
        ("2023-2025均值", Period::Years(2023, 2025, SpanAs::Mean)),
        ("2023至2025", Period::Years(2023, 2025, SpanAs::Years)),
        ("上年及当年", Period::SinceYear(relative(-1))),
        ("季", Period::Quarters(relative(0))),
        ("上年季", Period::Quarters(relative(-1))),
        ("2025季", Period::Quarters(YearRef::Absolute(2025))),
        ("四季度末", Period::Quarter(relative(0), 4, QuarterEnd::Closing)),
        ("上年四季度末", Period::Quarter(relative(-1), 4, QuarterEnd::Closing)),
        ("2025年一季度初", Period::Quarter(YearRef::Absolute(2025), 1, QuarterEnd::Opening)),
        ("全年季度均值", Period::QuarterMean(relative(0))),
        ("上年全年季度均值", Period::QuarterMean(relative(-1))),
    ];
    for (word, period) in table {
        assert_eq!(Period::parse(word), Some(period), "{word}");
    }
}

#[test]
fn a_word_that_is_no_period_is_none() {
    for word in [
        "",
        "去年",
        "近0年",
        "近21年",
        "当年及前0年",
        "当年及前20年",
        "当年及前2",
        "20255",
        "2025-2023",
        "五季度末",
        "四季度",
        "认定前一年",
        "999年前",
    ] {
        assert_eq!(Period::parse(word), None, "{word}");
    }
}

#[test]
fn a_stock_of_last_year_is_the_stock_at_its_end() {
    let last_year = Period::Year(YearRef::Relative(-1));
    assert_eq!(last_year.clone().for_grain(Grain::Stock), Period::YearEnd(YearRef::Relative(-1)));
    assert_eq!(last_year.clone().for_grain(Grain::Year), last_year);
}

#[test]
fn a_span_that_ends_in_the_current_year_is_one_year_longer_than_its_number() {
    let years = |word: &str| Period::parse(word).unwrap().years().unwrap();
    let relative = |offsets: [i32; 3]| offsets.map(YearRef::Relative).to_vec();
    assert_eq!(years("当年及前2年"), relative([-2, -1, 0]));
    assert_eq!(years("近3年"), relative([-3, -2, -1]));
    assert_eq!(years("2023-2025"), [2023, 2024, 2025].map(YearRef::Absolute));
    assert_eq!(Period::parse("上年").unwrap().years(), None);
}
