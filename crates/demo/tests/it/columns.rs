//! Which columns there are, and that everybody can read them.

use std::collections::BTreeSet;

use arrow_schema::{DataType, Fields};
use facts::read::{ReadOptions, read};

use crate::support::{Cells, of_text, vocabulary, zone_of};

/// Reads a table with these headers and a row that says nothing.
#[track_caller]
fn assert_headers_are_understood(kind: &str, fields: &Fields) {
    let headers: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    let known: BTreeSet<&str> = headers.iter().copied().collect();
    assert_eq!(known.len(), headers.len(), "each header of {kind} stands once");
    let table = format!("{}\n{}\n", headers.join(","), vec![""; headers.len()].join(","));
    let options = ReadOptions { kind: kind.to_owned() };
    let outcome = read("zone.csv", table.as_bytes(), vocabulary(), &options).unwrap();
    assert!(outcome.problems.is_empty(), "{kind}: {:?}", outcome.problems);
    for field in fields {
        if let DataType::List(item) = field.data_type()
            && let DataType::Struct(fields) = item.data_type()
        {
            let collection = vocabulary().collection(field.name()).unwrap();
            assert_headers_are_understood(&collection.item, fields);
        }
    }
}

#[test]
fn every_header_is_one_that_a_table_of_facts_may_have() {
    let zone = zone_of(vocabulary(), 1, 10);
    for kind in zone.kinds() {
        assert_headers_are_understood(kind, zone.schema(kind).unwrap().fields());
    }
}

#[test]
fn every_fact_of_a_kind_has_a_column_of_the_type_in_which_it_is_written() {
    let zone = zone_of(vocabulary(), 1, 10);
    for kind in zone.kinds() {
        let schema = zone.schema(kind).unwrap();
        for (_, definition) in
            vocabulary().facts().filter(|(_, definition)| definition.of.iter().any(|of| of == kind))
        {
            let start = format!("{}.", definition.name);
            let of_fact = |name: &str| name == definition.name || name.starts_with(&start);
            let fields: Vec<_> = schema.fields().iter().filter(|field| of_fact(field.name())).collect();
            assert!(!fields.is_empty(), "{kind} has no column of {}", definition.name);
            for field in fields {
                assert_eq!(*field.data_type(), population::arrow_type(definition), "{}", field.name());
            }
        }
    }
}

#[test]
fn every_fact_of_the_library_has_a_model_that_fills_some_cell() {
    let zone = zone_of(vocabulary(), 1, 4_000);
    for kind in ["enterprise", "institution", "person"] {
        let batch = zone.batch(kind, 0..4_000).unwrap();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            let empty = arrow_array::Array::null_count(array);
            assert!(kind == "institution" || empty < batch.num_rows(), "{kind}: {} is empty", field.name());
        }
    }
}

const STRANGE: &str = r#"
facts:
  - {name: 营业收入, type: bool, grain: once, of: [enterprise]}
  - {name: 碳排放, type: number, unit: 分, grain: year, least: 3, most: 9, of: [enterprise, parcel]}
  - {name: 星级, type: code, codes: [{code: 甲}, {code: 乙}], grain: once, of: [enterprise], none_allowed: true}
  - {name: 资质, type: codes, codes: [{code: 一}, {code: 二}, {code: 三}], grain: once, of: [enterprise]}
  - {name: 补贴, type: money, unit: 万元, grain: once, of: [enterprise], none_allowed: true}
  - {name: 别名, type: text, grain: once, of: [enterprise]}
  - {name: 投产日, type: date, grain: once, of: [enterprise]}
  - {name: 首年, type: year, grain: once, of: [enterprise]}
  - {name: 停产, type: event, grain: event, of: [enterprise]}
  - {name: 占比, type: ratio, grain: stock, least: 0, most: 1, of: [enterprise]}
  - {name: 台数, type: count, unit: 台, grain: month, of: [enterprise]}
"#;

#[test]
fn a_fact_nobody_has_heard_of_has_values_of_its_type_and_within_its_bounds() {
    let words = of_text(STRANGE);
    let zone = zone_of(&words, 1, 500);
    assert_eq!(zone.kinds(), ["enterprise", "parcel"]);
    let cells = Cells(zone.batch("enterprise", 0..500).unwrap());
    let said = |yes: &dyn Fn(usize) -> bool| (0..500).filter(|row| yes(*row)).count();
    // The name means another thing in this vocabulary, so the model of the usual one is not used.
    assert!(said(&|row| cells.truth("营业收入", row).is_some()) > 300);
    for row in 0..500 {
        let points = cells.number("碳排放.2025", row);
        assert!(
            points.is_none_or(|points| (3_000_000..=9_000_000).contains(&points) && points % 1_000_000 == 0)
        );
        assert!(cells.text("星级", row).is_none_or(|star| ["甲", "乙"].contains(&star)));
        assert!(cells.number("占比.2025末", row).is_none_or(|share| (0..=1_000_000).contains(&share)));
        assert!(cells.number("首年", row).is_none_or(|year| (1990..=2026).contains(&year)));
    }
    assert!(said(&|row| cells.text("补贴", row).is_some_and(|text| text.parse::<f64>().is_ok())) > 300);
    assert!(said(&|row| cells.truth("停产.近5年", row) == Some(true)) > 3);
    assert!(said(&|row| cells.number("投产日", row).is_some()) > 300);
    assert_eq!(zone.batch("parcel", 0..500).unwrap().num_rows(), 100);
}

#[test]
fn a_vocabulary_without_a_word_makes_rows_that_only_have_names() {
    let zone = zone_of(&of_text("facts: []"), 1, 3);
    assert!(zone.kinds().is_empty());
    assert_eq!(zone.batch("enterprise", 0..3).unwrap().num_rows(), 3);
    assert!(zone.batch("cloud", 0..3).is_none());
}
