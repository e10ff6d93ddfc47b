//! What the columns of a file are about, and what is told about them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use facts::Severity;
use population::{Header, Wanted, arrow_type};

use crate::{dictionary, words};

fn schema(fields: Vec<(&str, DataType)>) -> Schema {
    Schema::new(fields.into_iter().map(|(name, kind)| Field::new(name, kind, true)).collect::<Vec<_>>())
}

/// Column, code, whether the file is refused, help.
fn found(fields: Vec<(&str, DataType)>) -> Vec<(String, &'static str, bool, String)> {
    let (_, found) = Header::parse(&schema(fields), words(), "enterprise");
    let told = found
        .into_iter()
        .map(|it| (it.column, it.problem.code, it.severity == Severity::Error, it.problem.help.zh));
    told.collect()
}

#[test]
fn an_unknown_header_is_a_warning_with_the_nearest_name() {
    let told = found(vec![("研发费", DataType::Int64), ("研发费用.2025(人)", DataType::Int64)]);
    assert_eq!(told[0], ("研发费".to_owned(), "E0060", false, "是不是“研发费用”?".to_owned()));
    assert_eq!((told[1].1, told[1].2), ("E0032", false));
}

#[test]
fn a_column_of_a_wrong_type_is_an_error() {
    let structs = DataType::Struct(Fields::from(vec![Field::new("投资额", DataType::Int64, true)]));
    let told = found(vec![
        ("研发费用.2025", structs.clone()),
        ("行业", DataType::Int64),
        ("居民企业", DataType::Int8),
        ("投资", structs),
        ("被投企业", DataType::Utf8),
        ("成立日期", DataType::Timestamp(TimeUnit::Second, Some("UTC".into()))),
    ]);
    let codes: Vec<_> = told.iter().map(|(_, code, is_error, _)| (*code, *is_error)).collect();
    assert_eq!(codes, [("E0080", true); 5].into_iter().chain([("E0082", true)]).collect::<Vec<_>>());
    let (_, found) = Header::parse(&schema(vec![("行业", DataType::Int64)]), words(), "enterprise");
    assert_eq!(
        found[0].clone().at("zone.parquet").render(facts::Language::English),
        "[E0080] zone.parquet, column “行业”: this column holds texts; in the file it is Int64. use a fitting column type, or texts"
    );
}

#[test]
fn columns_inside_lists_and_structs_are_named_with_their_way() {
    let item = DataType::Struct(Fields::from(vec![Field::new("投资金额", DataType::Int64, true)]));
    let list = DataType::List(Arc::new(Field::new_list_field(item, true)));
    assert_eq!(found(vec![("投资", list)])[0].0, "投资.投资金额");
}

#[test]
fn every_type_in_which_facts_are_written_is_read() {
    let words = words();
    for (_, definition) in words.facts() {
        let header = (definition.name.as_str(), arrow_type(definition));
        assert_eq!(found(vec![header]), [], "{}", definition.name);
    }
    let of = |name: &str| arrow_type(words.get(words.find(name).unwrap()));
    assert_eq!(of("职工总数"), DataType::Int64);
    assert_eq!(of("专利数"), dictionary());
    assert_eq!(of("用地面积"), DataType::Decimal128(20, 6));
    assert_eq!(of("纳税年度"), DataType::Int32);
    assert_eq!(of("行业"), dictionary());
}

#[test]
fn only_the_wanted_columns_need_be_read_from_the_file() {
    let words = words();
    let fields = vec![
        ("名称", DataType::Utf8),
        ("研发费用.2025", DataType::Int64),
        ("行业", DataType::Utf8),
        ("被投企业.资产总额.投资时", DataType::Int64),
        ("研发费用.2024", DataType::Int64),
        ("status:高新技术企业", DataType::Boolean),
    ];
    let (header, _) = Header::parse(&schema(fields), words, "enterprise");
    let mut wanted = Wanted::nothing();
    wanted.add_fact(words.find("研发费用").unwrap());
    wanted.add_fact(words.find("领域").unwrap());
    let (indices, selected) = header.select(&wanted);
    assert_eq!(indices, [0, 1, 4]);
    assert_eq!(selected.facts().count(), 2);
    assert_eq!(header.missing_facts(&wanted), [words.find("领域").unwrap()]);
    assert_eq!(header.select(&Wanted::all()).0, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn nesting_has_an_end() {
    let mut kind = DataType::Int64;
    for _ in 0..20 {
        kind = DataType::Struct(Fields::from(vec![Field::new("被投企业", kind, true)]));
    }
    let told = found(vec![("被投企业", kind)]);
    assert_eq!((told[0].1, told[0].2), ("E0081", true));
}
