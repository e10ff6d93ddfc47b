//! The slow twin: whatever a batch says, a CSV file of the same content says too.

use std::sync::Arc;

use arrow_array::types::{Float32Type, Float64Type, Int16Type, Int64Type, UInt64Type};
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, LargeStringArray, PrimitiveArray, StringArray,
    StringViewArray, TimestampMillisecondArray,
};
use facts::Profile;
use facts::read::{ReadOptions, ReadOutcome};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{batch, profiles, read, without_origins, words};

const HEADERS: [&str; 34] = [
    "研发费用.2025",
    "研发费用.2025(元)",
    "研发费用@上年",
    "利润总额.2024(亿元)",
    "资产总额.2025末",
    "资产总额.2025",
    "资产总额.近3年均值",
    "职工总数",
    "职工总数@四季度初",
    "专利数",
    "用地面积",
    "用地面积(m²)",
    "评价分",
    "资产负债率.2025",
    "资产负债率.上年(%)",
    "增长率.2025",
    "居民企业",
    "重大违法.近3年",
    "重大违法",
    "成立日期",
    "纳税年度",
    "信用等级.2025",
    "行业",
    "领域",
    "简介",
    "status:高新技术企业",
    "status:高新技术企业.from",
    "status:高新技术企业.to",
    "status:高新技术企业.number",
    "manual:market-share",
    "招用人员",
    "被投企业.名称",
    "被投企业.资产总额.投资时",
    "被投企业.status:高新技术企业.to",
];

const CELLS: [&str; 48] = [
    "",
    "",
    "",
    "12",
    "-3.5",
    "1,234.5",
    "12..19",
    "19..12",
    "7..7",
    "5%",
    "150%",
    "无",
    "不知道",
    "未知",
    "是",
    "否",
    "true",
    "1",
    "0",
    "2023-06-30",
    "2023/6/30",
    "2023-06",
    "2023",
    "1799-12-31",
    "2200-12-31",
    "2201",
    "1800",
    "甲",
    "B",
    "医药、电子",
    "电子;没有",
    "C39",
    "c3911",
    "410100",
    "1e3",
    "0.001",
    "0.0000001",
    "0.000001",
    "1.2亿元",
    "9999999999999999999",
    "1000000000000000000",
    "120人",
    "很多",
    "[]",
    "92233720368547758.07",
    "92233720368547758.08",
    "0.33333333333333333333",
    " 3 ",
];

/// Reads a table of texts as a CSV file would hold it.
fn as_csv(headers: &[&str], rows: &[Vec<String>]) -> ReadOutcome {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = format!("名称,{}\n", headers.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(","));
    for (at, row) in rows.iter().enumerate() {
        text.push_str(&format!(
            "企业{at},{}\n",
            row.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(",")
        ));
    }
    facts::read::read("f.csv", text.as_bytes(), words(), &ReadOptions::default()).unwrap()
}

fn names(rows: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("企业{row}"))))
}

/// Both say the same, and refuse the same in the same rows.
fn assert_same(columns: Vec<(&str, ArrayRef)>, outcome: ReadOutcome) {
    let rows = outcome.profiles.len();
    let columns = std::iter::once(("名称", names(rows))).chain(columns).collect();
    let (population, problems) = read(&batch(columns));
    let expected: Vec<Profile> = outcome.profiles.into_iter().map(without_origins).collect();
    assert_eq!(profiles(&population), expected);
    let row_of = |place: &str| -> usize {
        let after = place.split("第 ").nth(1).unwrap();
        after.split(' ').next().unwrap().parse().unwrap()
    };
    let mut told: Vec<_> =
        problems.listed().iter().map(|it| (it.row + 2, it.problem.code, it.problem.help.clone())).collect();
    let mut expected: Vec<_> =
        outcome.problems.into_iter().map(|it| (row_of(&it.place.zh), it.code, it.help)).collect();
    told.sort_by_key(|(row, code, help)| (*row, *code, help.zh.clone()));
    expected.sort_by_key(|(row, code, help)| (*row, *code, help.zh.clone()));
    assert_eq!(told, expected);
}

fn texts_as(kind: usize, cells: Vec<Option<&str>>) -> ArrayRef {
    match kind % 4 {
        0 => Arc::new(StringArray::from(cells)),
        1 => Arc::new(LargeStringArray::from(cells)),
        2 => Arc::new(StringViewArray::from(cells)),
        _ => Arc::new(cells.into_iter().collect::<DictionaryArray<Int16Type>>()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_of_text_are_read_as_those_of_a_table(
        headers in proptest::sample::subsequence(HEADERS.to_vec(), 1..8).prop_shuffle(),
        cells in vec(vec(select(CELLS.to_vec()), 8), 1..9),
        kind in 0usize..4,
    ) {
        let rows: Vec<Vec<String>> =
            cells.iter().map(|row| row[..headers.len()].iter().map(|it| (*it).to_owned()).collect()).collect();
        let columns = headers.iter().enumerate().map(|(at, header)| {
            let column = rows.iter().map(|row| (!row[at].is_empty()).then_some(row[at].as_str())).collect();
            (*header, texts_as(kind + at, column))
        });
        assert_same(columns.collect(), as_csv(&headers, &rows));
    }

    #[test]
    fn decimals_are_read_as_their_digits_are(
        header in select(HEADERS[..16].to_vec()),
        values in vec(proptest::option::of(mantissa()), 1..80),
        scale in -3i8..25,
    ) {
        let rows: Vec<Vec<String>> =
            values.iter().map(|value| vec![value.map_or(String::new(), |value| digits(value, scale))]).collect();
        let array = Decimal128Array::from(values).with_precision_and_scale(38, scale).unwrap();
        assert_same(vec![(header, Arc::new(array))], as_csv(&[header], &rows));
    }

    #[test]
    fn whole_numbers_are_read_as_their_digits_are(
        header in select([&HEADERS[..16], &["纳税年度"]].concat()),
        values in vec(proptest::option::of(prop_oneof![any::<i64>(), -3000i64..3000]), 1..80),
    ) {
        let rows: Vec<Vec<String>> =
            values.iter().map(|value| vec![value.map_or(String::new(), |value| value.to_string())]).collect();
        let unsigned: Vec<Option<u64>> = values.iter().map(|value| value.map(|value| value as u64)).collect();
        assert_same(vec![(header, Arc::new(PrimitiveArray::<Int64Type>::from(values)))], as_csv(&[header], &rows));
        let rows: Vec<Vec<String>> =
            unsigned.iter().map(|value| vec![value.map_or(String::new(), |value| value.to_string())]).collect();
        let array = PrimitiveArray::<UInt64Type>::from(unsigned);
        assert_same(vec![(header, Arc::new(array))], as_csv(&[header], &rows));
    }

    #[test]
    fn floats_are_read_as_their_shortest_text_is(
        header in select(HEADERS[..16].to_vec()),
        values in vec(proptest::option::of(float()), 1..80),
    ) {
        let text = |value: &Option<f64>| vec![value.map_or(String::new(), |value| value.to_string())];
        let rows: Vec<Vec<String>> = values.iter().map(text).collect();
        let array = PrimitiveArray::<Float64Type>::from(values.clone());
        assert_same(vec![(header, Arc::new(array))], as_csv(&[header], &rows));
        let singles: Vec<Option<f32>> = values.iter().map(|value| value.map(|value| value as f32)).collect();
        let text = |value: &Option<f32>| match value {
            Some(value) if value.is_finite() => vec![value.to_string()],
            _ => vec![String::new()],
        };
        let rows: Vec<Vec<String>> = singles.iter().map(text).collect();
        let singles = singles.into_iter().map(|value| value.filter(|value| value.is_finite()));
        let array: PrimitiveArray<Float32Type> = singles.collect();
        assert_same(vec![(header, Arc::new(array))], as_csv(&[header], &rows));
    }

    #[test]
    fn days_are_read_as_their_text_is(days in vec(proptest::option::of(-70_000i32..90_000), 1..80)) {
        let text = |day: &Option<i32>| {
            day.map_or(String::new(), |day| facts::Date::from_epoch_days(i64::from(day)).unwrap().to_string())
        };
        let rows: Vec<Vec<String>> = days.iter().map(|day| vec![text(day); 2]).collect();
        let headers = ["成立日期", "status:高新技术企业.to"];
        let moments = days.iter().map(|day| day.map(|day| i64::from(day) * 86_400_000));
        let moments: TimestampMillisecondArray = moments.collect();
        let columns: Vec<(&str, ArrayRef)> =
            vec![(headers[0], Arc::new(Date32Array::from(days))), (headers[1], Arc::new(moments))];
        assert_same(columns, as_csv(&headers, &rows));
    }
}

fn mantissa() -> impl Strategy<Value = i128> {
    prop_oneof![
        4 => -2_000_000_000i128..2_000_000_000,
        2 => any::<i64>().prop_map(i128::from),
        1 => (-90i128..90).prop_map(|value| value * 1_000_000_000_000),
        1 => -10i128.pow(38) + 1..10i128.pow(38),
    ]
}

/// A decimal with all its noughts.
fn digits(mantissa: i128, scale: i8) -> String {
    if scale < 0 {
        return format!("{mantissa}{}", "0".repeat(usize::from(scale.unsigned_abs())));
    }
    let number = &mantissa.to_string().parse::<facts::Number>().unwrap()
        * &facts::Number::power_of_ten(-i32::from(scale));
    number.to_decimal(40).unwrap()
}

fn float() -> impl Strategy<Value = f64> {
    let decimals = (-1_000_000_000i64..1_000_000_000, 0i32..9)
        .prop_map(|(value, places)| format!("{value}e-{places}").parse().unwrap());
    prop_oneof![6 => decimals, 1 => -1.0f64..1.0, 1 => -1e15f64..1e15, 1 => proptest::num::f64::NORMAL, 1 => Just(-0.0)]
}
