//! That rows hang on the seed and their number alone, and belong to nobody.

use std::collections::BTreeSet;
use std::sync::Arc;

use facts::{Authority, Uscc};

use crate::support::{Cells, enterprises, of_text, vocabulary, zone_of};

#[test]
fn the_same_seed_makes_the_same_rows_and_another_seed_others() {
    for kind in ["enterprise", "institution", "person"] {
        let make = |seed| zone_of(vocabulary(), seed, 2_000).batch(kind, 0..2_000).unwrap();
        assert_eq!(make(1), make(1), "{kind}");
        assert_ne!(make(1), make(2), "{kind}");
    }
}

#[test]
fn a_row_is_the_same_in_whatever_batch_it_is_made() {
    let zone = zone_of(vocabulary(), 1, 60_000);
    for (kind, rows) in [("enterprise", 300), ("institution", 120), ("person", 300)] {
        let whole = zone.batch(kind, 0..rows).unwrap();
        let part = zone.batch(kind, 50..110).unwrap();
        assert_eq!(whole.slice(50, 60), part, "{kind}");
        assert_eq!(zone_of(vocabulary(), 1, 70_000).batch(kind, 50..110).unwrap(), part, "{kind}");
    }
}

#[test]
fn a_column_made_alone_is_that_of_the_batch() {
    let zone = zone_of(vocabulary(), 1, 200);
    let batch = zone.batch("enterprise", 0..200).unwrap();
    let rows = zone.rows("enterprise", 0..200).unwrap();
    for (place, array) in batch.columns().iter().enumerate().rev() {
        assert_eq!(&zone.array(&rows, place).unwrap(), array);
    }
    assert!(zone.array(&rows, batch.num_columns()).is_none());
}

/// Guards against arithmetic that one machine does otherwise than another.
#[test]
fn the_rows_of_a_seed_never_change() {
    let text = "facts: [{name: 营业收入, type: money, unit: 万元, grain: year, of: [enterprise]},\
                {name: 从业人数, type: count, unit: 人, grain: stock, of: [enterprise]},\
                {name: 成立日期, type: date, grain: once, of: [enterprise]}]";
    let zone = zone_of(&of_text(text), 7, 1_000);
    let cells = Cells(zone.batch("enterprise", 0..1_000).unwrap());
    let mut sum: i128 = 0;
    for row in 0..cells.rows() {
        for header in ["营业收入.2025", "营业收入.2026", "从业人数.2025二季度末", "成立日期"]
        {
            sum = sum * 31 % 1_000_000_007 + cells.number(header, row).unwrap_or(-1);
        }
    }
    assert_eq!(sum, 119_670_742);
}

#[test]
fn credit_codes_pass_their_checks_and_belong_to_no_place() {
    let zone = zone_of(vocabulary(), 1, 5_000);
    let mut seen = BTreeSet::new();
    for kind in ["enterprise", "institution"] {
        let cells = Cells(zone.batch(kind, 0..5_000).unwrap());
        for row in 0..cells.rows() {
            let code: Uscc = cells.text("统一社会信用代码", row).unwrap().parse().unwrap();
            assert_eq!(code.area(), "999999");
            assert_eq!(code.authority() == Some(Authority::Commerce), kind == "enterprise");
            assert!(seen.insert(code), "each code stands once");
            assert!(cells.text("名称", row).unwrap().starts_with("示例"));
        }
    }
}

#[test]
fn the_last_of_ten_million_has_a_code_of_its_own() {
    let zone = zone_of(vocabulary(), 1, u64::MAX);
    assert_eq!(zone.count("enterprise"), demo::ENTERPRISES_MAX);
    let last = demo::ENTERPRISES_MAX - 1;
    let cells = Cells(zone.batch("enterprise", last..u64::MAX).unwrap());
    assert_eq!(cells.rows(), 1);
    let code: Uscc = cells.text("统一社会信用代码", 0).unwrap().parse().unwrap();
    assert_ne!(code.as_str(), enterprises(1).text("统一社会信用代码", 0).unwrap());
}

#[test]
fn a_zone_without_enterprises_has_columns_and_no_rows() {
    let zone = zone_of(vocabulary(), 1, 0);
    for kind in zone.kinds() {
        let batch = zone.batch(kind, 0..10).unwrap();
        assert_eq!(batch.num_rows(), 0);
        assert_eq!(batch.schema(), Arc::clone(&zone.schema(kind).unwrap()));
    }
}
