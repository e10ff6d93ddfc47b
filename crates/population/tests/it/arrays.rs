//! Batches of typed columns.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, ListArray, NullArray, RecordBatch,
    StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields};
use facts::{Date, Number, Value};
use population::{BatchPlace, Header, Population, Problems, Values, Wanted};

use crate::{batch, profiles, read, told, value, words, year};

fn ints(values: Vec<Option<i64>>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}

fn yuan(amount: i64) -> Option<Value> {
    Some(Value::Number(Number::from(amount)))
}

/// 投资 with items that have an amount in 亿元; `None` is not known.
fn investments(lists: &[Option<&[Option<i64>]>]) -> ListArray {
    let fields = Fields::from(vec![Field::new("投资额", DataType::Int64, true)]);
    let mut list = ListBuilder::new(StructBuilder::from_fields(fields, 0));
    for items in lists {
        for item in items.unwrap_or_default() {
            let structs = list.values();
            structs.field_builder::<Int64Builder>(0).unwrap().append_option(*item);
            structs.append(true);
        }
        list.append(items.is_some());
    }
    list.finish()
}

#[test]
fn money_is_in_its_own_unit_or_that_of_the_header() {
    let (population, problems) = read(&batch(vec![
        ("研发费用.2025", ints(vec![Some(3)])),
        ("研发费用.2024(元)", ints(vec![Some(5)])),
    ]));
    assert_eq!(problems.count(), 0);
    let amounts: Vec<_> = population.columns().iter().map(|(_, column)| column.value(0)).collect();
    assert_eq!(amounts, [yuan(30_000), yuan(5)]);
}

#[test]
fn a_bad_cell_is_told_with_its_row_in_the_file_and_the_rest_is_read() {
    let words = words();
    let batch = batch(vec![("评价分", ints(vec![Some(50), Some(101), None, Some(-6)]))]);
    let (header, _) = Header::parse(&batch.schema(), words, "enterprise");
    let mut problems = Problems::default();
    let place = BatchPlace { vocabulary: words, first_row: 8_192 };
    let population = Population::from_batch(&batch, &header, place, &mut problems).unwrap();
    let codes = [("E0036", "f 第 8194 行(评价分)".to_owned()), ("E0035", "f 第 8196 行(评价分)".to_owned())];
    assert_eq!(told(&problems), codes);
    let (_, column) = &population.columns()[0];
    assert_eq!(column.known.iter().collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!(column.values, Values::Numbers { scale: 0, mantissas: vec![50, 0, 0, 0] });
}

#[test]
fn what_is_no_finite_number_is_refused() {
    let values = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2, 0.3];
    let (population, problems) = read(&batch(vec![("研发费用.2025", Arc::new(Float64Array::from(values)))]));
    let codes: Vec<_> = told(&problems).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["E0030", "E0030", "E0030", "E0034"]);
    assert_eq!(value(&population, 4, "研发费用"), yuan(3_000));
}

#[test]
fn problems_past_the_limit_are_counted() {
    let (_, problems) = read(&batch(vec![("评价分", ints(vec![Some(-100); 5_000]))]));
    assert_eq!((problems.listed().len(), problems.count()), (1_000, 5_000));
    let mut all = problems.clone();
    all.append(problems);
    assert_eq!((all.listed().len(), all.count()), (1_000, 10_000));
}

#[test]
fn a_moment_is_a_day_only_at_midnight_in_the_zone() {
    let hours = |hours: i64| Some(hours * 3_600_000_000);
    let plain = TimestampMicrosecondArray::from(vec![hours(24), hours(25), None]);
    let (population, problems) = read(&batch(vec![("成立日期", Arc::new(plain))]));
    assert_eq!(told(&problems), [("E0039", "f 第 2 行(成立日期)".to_owned())]);
    assert_eq!(population.columns()[0].1.values, Values::Days(vec![1, 0, 0]));
    let there =
        TimestampMicrosecondArray::from(vec![hours(16), hours(24), None]).with_timezone("Asia/Shanghai");
    let (population, problems) = read(&batch(vec![("成立日期", Arc::new(there))]));
    assert_eq!(told(&problems), [("E0039", "f 第 2 行(成立日期)".to_owned())]);
    assert_eq!(population.columns()[0].1.values, Values::Days(vec![1, 0, 0]));
}

#[test]
fn a_certificate_is_put_together_from_its_columns() {
    let day = |year| Date::new(year, 1, 1).unwrap();
    let days = |years: [Option<i32>; 4]| -> ArrayRef {
        let epoch = |year: i32| i32::try_from(day(year).to_epoch_days()).unwrap();
        Arc::new(Date32Array::from_iter(years.map(|year| year.map(epoch))))
    };
    let (population, problems) = read(&batch(vec![
        ("status:高新技术企业.from", days([Some(2024), None, Some(2025), None])),
        ("status:高新技术企业.to", days([Some(2027), None, Some(2024), None])),
        ("status:高新技术企业", Arc::new(BooleanArray::from(vec![None, Some(false), None, None]))),
        ("status:高新技术企业.number", Arc::new(StringArray::from(vec![Some("GR1"), None, None, None]))),
    ]));
    assert_eq!(told(&problems), [("E0068", "f 第 3 行(status:高新技术企业.to)".to_owned())]);
    let column = population.status("高新技术企业").unwrap();
    let holding = column.holding(0).unwrap();
    assert_eq!((holding.held, holding.number.as_str(), holding.to), (true, "GR1", Some(day(2027))));
    assert_eq!(column.holding(1).map(|holding| holding.held), Some(false));
    assert_eq!(column.known.iter().collect::<Vec<_>>(), [true, true, false, false]);
}

#[test]
fn no_list_is_not_known_and_an_empty_one_is_none() {
    let lists = investments(&[Some(&[Some(1), Some(2)]), None, Some(&[]), Some(&[Some(-1), None])]);
    let (population, problems) = read(&batch(vec![("投资", Arc::new(lists))]));
    assert_eq!(problems.count(), 0);
    let items = &population.collections()["投资"];
    assert_eq!(items.known.iter().collect::<Vec<_>>(), [true, false, true, true]);
    assert_eq!(items.offsets, [0, 2, 2, 2, 4]);
    assert_eq!(items.items.kind(), "investment");
    let profiles = profiles(&population);
    assert_eq!(profiles[1].collections.get("投资"), None);
    assert_eq!(profiles[2].collections["投资"], []);
    let amount = words().find("投资额").unwrap();
    assert_eq!(profiles[0].collections["投资"][1].facts[&amount][0].value, yuan(200_000_000).unwrap());
    assert!(profiles[3].collections["投资"][1].facts.is_empty());
}

#[test]
fn items_hidden_under_a_null_list_mean_nothing() {
    let full =
        investments(&[Some(&[Some(1)]), Some(&[Some(i64::MAX), Some(3)]), Some(&[Some(4), Some(i64::MAX)])]);
    let (field, offsets, values, _) = full.into_parts();
    let holes = ListArray::new(field, offsets, values, Some(NullBuffer::from(vec![true, false, true])));
    let (population, problems) = read(&batch(vec![("投资", Arc::new(holes))]));
    assert_eq!(told(&problems), [("E0036", "f 第 3 行“投资”第 2 条(投资.投资额)".to_owned())]);
    let items = &population.collections()["投资"];
    assert_eq!(items.offsets, [0, 1, 1, 3]);
    assert_eq!(value(&items.items, 1, "投资额"), yuan(400_000_000));
    assert_eq!(items.items.rows(), 3);
}

#[test]
fn a_slice_of_a_batch_is_read_as_its_rows_alone() {
    let lists = investments(&[Some(&[Some(1), Some(2)]), None, Some(&[Some(3)]), Some(&[Some(4), None])]);
    let codes: ArrayRef = Arc::new(StringArray::from(vec!["C1", "C2", "C3", "C4"]));
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]));
    let amounts = ints(vec![Some(1), None, Some(3), Some(4)]);
    let whole = batch(vec![
        ("投资", Arc::new(lists)),
        ("行业", codes),
        ("居民企业", flags),
        ("研发费用.2025", amounts),
    ]);
    let (all, _) = read(&whole);
    for from in 0..4 {
        let (some, _) = read(&whole.slice(from, 4 - from));
        assert_eq!(profiles(&some), profiles(&all)[from..]);
    }
}

#[test]
fn a_party_is_a_struct_whose_null_is_no_party() {
    let fields = Fields::from(vec![
        Field::new("名称", DataType::Utf8, true),
        Field::new("资产总额.投资时", DataType::Int64, true),
    ]);
    let columns: Vec<ArrayRef> =
        vec![Arc::new(StringArray::from(vec!["甲", "乙", "丙"])), ints(vec![Some(1), Some(-1), None])];
    let structs = StructArray::new(fields, columns, Some(NullBuffer::from(vec![true, false, true])));
    let (population, problems) = read(&batch(vec![("被投企业", Arc::new(structs))]));
    assert_eq!(problems.count(), 0);
    let parties = &population.roles()["被投企业"];
    assert_eq!(parties.known.iter().collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(parties.parties.name(1), "");
    assert_eq!(profiles(&population)[2].roles["被投企业"].name, "丙");
    assert_eq!(value(&parties.parties, 0, "资产总额"), yuan(10_000));
}

#[test]
fn lists_of_codes_are_sets_and_an_empty_list_is_an_empty_set() {
    let mut list = ListBuilder::new(StringBuilder::new());
    for row in [Some(vec!["医药", "电子"]), Some(vec![]), None, Some(vec!["无"]), Some(vec!["电子", "石头"])]
    {
        let is_some = row.is_some();
        row.into_iter().flatten().for_each(|code| list.values().append_value(code));
        list.append(is_some);
    }
    let (population, problems) = read(&batch(vec![("领域", Arc::new(list.finish()))]));
    let rows = ["E0064", "E0042"].into_iter().zip(["f 第 4 行(领域)", "f 第 5 行(领域)"].map(str::to_owned));
    assert_eq!(told(&problems), rows.collect::<Vec<_>>());
    let codes = |codes: &[&str]| Some(Value::Codes(codes.iter().map(|code| (*code).to_owned()).collect()));
    assert_eq!(value(&population, 0, "领域"), codes(&["生物", "电子"]));
    assert_eq!(value(&population, 1, "领域"), codes(&[]));
    assert_eq!(value(&population, 2, "领域"), None);
}

#[test]
fn two_columns_of_one_period_that_differ_are_both_left_out() {
    let (population, problems) = read(&batch(vec![
        ("资产总额.2025", ints(vec![Some(1), Some(2), None, Some(4)])),
        ("资产总额.2025末", ints(vec![Some(1), Some(3), Some(5), None])),
    ]));
    assert_eq!(told(&problems), [("E0063", "f 第 2 行(资产总额.2025末)".to_owned())]);
    assert!(problems.listed()[0].problem.message.zh.contains("第 2 行(资产总额.2025)"));
    let given: Vec<_> = profiles(&population)
        .iter()
        .map(|profile| profile.facts.values().flatten().map(|entry| entry.value.clone()).collect::<Vec<_>>())
        .collect();
    let amount = |wan: i64| vec![yuan(wan * 10_000).unwrap()];
    assert_eq!(given, [amount(1), vec![], amount(5), amount(4)]);
}

#[test]
fn who_a_row_is_stands_in_its_own_columns() {
    let text = |texts: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
    let (population, problems) = read(&batch(vec![
        ("id", ints(vec![Some(7), Some(8), Some(9)])),
        ("统一社会信用代码", text(vec![Some("91410000170001401d"), None, Some("123")])),
        ("名称", text(vec![Some(" 甲 "), Some("乙"), Some("不知道")])),
        ("主体", text(vec![None, Some("机构"), Some("神仙")])),
    ]));
    let ids: Vec<_> =
        (0..3).map(|row| (population.id(row), population.name(row), population.kind_of(row))).collect();
    assert_eq!(
        ids,
        [("91410000170001401D", "甲", "enterprise"), ("8", "乙", "institution"), ("123", "", "enterprise")]
    );
    let codes: Vec<_> = told(&problems).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["E0074", "E0069"]);
}

#[test]
fn a_column_of_nulls_is_unknown_whatever_its_header() {
    let nulls = || -> ArrayRef { Arc::new(NullArray::new(2)) };
    let headers = [
        "研发费用.2025",
        "居民企业",
        "成立日期",
        "领域",
        "投资",
        "被投企业",
        "名称",
        "status:高新技术企业",
        "manual:x",
    ];
    let (population, problems) = read(&batch(headers.into_iter().map(|header| (header, nulls())).collect()));
    assert_eq!(problems.count(), 0);
    assert_eq!(profiles(&population), [facts::Profile::new("enterprise"), facts::Profile::new("enterprise")]);
}

#[test]
fn a_batch_without_rows_is_a_population_without_rows() {
    let empty = investments(&[]);
    let none = batch(vec![
        ("研发费用.2025", ints(vec![])),
        ("投资", Arc::new(empty)),
        ("领域", Arc::new(StringArray::from(Vec::<&str>::new()))),
    ]);
    let (population, problems) = read(&none);
    assert_eq!((population.rows(), population.columns().len(), problems.count()), (0, 2, 0));
    assert_eq!(population.collections()["投资"].offsets, [0]);
}

#[test]
fn a_batch_of_another_schema_is_refused() {
    let words = words();
    let one = batch(vec![("研发费用.2025", ints(vec![Some(1)]))]);
    let (header, _) = Header::parse(&one.schema(), words, "enterprise");
    let place = BatchPlace { vocabulary: words, first_row: 0 };
    let read = |batch: &RecordBatch| Population::from_batch(batch, &header, place, &mut Problems::default());
    let other = batch(vec![("研发费用.2025", Arc::new(BooleanArray::from(vec![true])))]);
    assert_eq!(read(&other).unwrap_err().problem.code, "E0080");
    assert_eq!(read(&one.project(&[]).unwrap()).unwrap_err().column, "研发费用.2025");
}

#[test]
fn selected_columns_are_read_from_a_batch_of_them_alone() {
    let words = words();
    let whole = batch(vec![
        ("行业", Arc::new(StringArray::from(vec!["C1"]))),
        ("研发费用.2025", ints(vec![Some(1)])),
        ("职工总数.2025", ints(vec![Some(2)])),
    ]);
    let (header, _) = Header::parse(&whole.schema(), words, "enterprise");
    let mut wanted = Wanted::nothing();
    wanted.add_fact(words.find("职工总数").unwrap());
    let (indices, header) = header.select(&wanted);
    let place = BatchPlace { vocabulary: words, first_row: 0 };
    let projected = whole.project(&indices).unwrap();
    let population = Population::from_batch(&projected, &header, place, &mut Problems::default()).unwrap();
    assert_eq!(value(&population, 0, "职工总数"), yuan(2));
    assert_eq!(population.columns()[0].0, population::Key::Fact(words.find("职工总数").unwrap(), year(2025)));
}
