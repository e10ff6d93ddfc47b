//! Files of every kind, also broken ones and those that mean harm.

use std::io::Cursor;

use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{Format, Formula, Workbook};

use super::*;

store::on_both_databases!(schema;
    a_workbook_is_taken_as_excel_shows_it,
    a_parquet_file_is_taken_like_a_table,
    whatever_is_no_table_is_refused_with_what_to_do,
);

async fn a_workbook_is_taken_as_excel_shows_it(test: TestStore) {
    let world = World::new(test).await;
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "一行一户").unwrap();
    book.add_worksheet().set_name("空表").unwrap();
    let sheet = book.add_worksheet().set_name("企业").unwrap();
    sheet.merge_range(0, 0, 0, 3, "某区 2025 年企业情况", &Format::new()).unwrap();
    for (column, header) in
        (0..).zip(["统一社会信用代码", "名称", "研发费用.2025", "职工总数.2025末", "备注"])
    {
        sheet.write_string(1, column, header).unwrap();
    }
    for (row, number) in [(2, 1), (3, 2), (4, 3)] {
        sheet.write_string(row, 0, code(number)).unwrap();
        sheet.write_string(row, 1, format!("企业{number}")).unwrap();
    }
    sheet.write_formula(2, 2, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
    sheet.write_number(2, 3, 12).unwrap();
    sheet.merge_range(3, 2, 4, 2, "7", &Format::new()).unwrap();
    sheet.write_formula(4, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(2, 4, "=HYPERLINK(\"x\")").unwrap();
    let id = world.try_upload(&world.tax, &book.save_to_buffer().unwrap()).await.unwrap();
    let batch = world.batch(id).await;
    assert_eq!((batch.file_kind, batch.counts.new, batch.counts.bad), (FileKind::Xlsx, 2, 1));
    assert_eq!(world.problems(id).await, [(5, Some(4), "E0077".to_owned())]);
    let problem = &problems(&world, &world.tax, id, 0, 1).await.unwrap().unwrap()[0];
    assert_eq!((problem.sheet.as_str(), problem.header.as_str()), ("企业", "职工总数.2025末"));
    world.commit(id, Takes::Good).await.unwrap();
    world.work().await;
    // A merged cell is the first of its cells; the others say nothing.
    assert_eq!(
        world.in_force().await,
        ["企业1 研发费用.2025=0.3万元 职工总数.2025末=12人", "企业2 研发费用.2025=7万元"]
    );
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(Cursor::new(&mut bytes), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

async fn a_parquet_file_is_taken_like_a_table(test: TestStore) {
    let world = World::new(test).await;
    let rows = 3_000_u32;
    let codes: ArrayRef = Arc::new((1..=rows).map(|number| Some(code(number))).collect::<StringArray>());
    let names: ArrayRef =
        Arc::new((1..=rows).map(|number| Some(format!("企业{number}"))).collect::<StringArray>());
    let costs = (1..=rows).map(|number| Some(i128::from(number) * 50)).collect::<Decimal128Array>();
    let costs: ArrayRef = Arc::new(costs.with_precision_and_scale(20, 2).unwrap());
    // Two in three heads are no whole people, more than are listed of one batch.
    let heads: ArrayRef = Arc::new(
        (1..=rows).map(|number| Some(if number % 3 == 0 { "5" } else { "半个" })).collect::<StringArray>(),
    );
    let extra: ArrayRef = Arc::new((1..=i64::from(rows)).map(Some).collect::<Int64Array>());
    let columns = vec![
        ("纳税人识别号", codes),
        ("名称", names),
        ("2025年研发费用", costs),
        ("职工总数.2025末", heads),
        ("序号", extra),
    ];
    let id = world.try_upload(&world.tax, &parquet(columns)).await.unwrap();
    let batch = world.batch(id).await;
    assert_eq!(batch.file_kind, FileKind::Parquet);
    assert_eq!((batch.counts.total, batch.counts.new, batch.counts.bad), (3_000, 1_000, 2_000));
    let first = &problems(&world, &world.tax, id, 0, 1).await.unwrap().unwrap()[0];
    assert_eq!((first.row, first.header.as_str(), first.code.as_str()), (1, "职工总数.2025末", "E0030"));
    world.commit(id, Takes::Good).await.unwrap();
    world.work().await;
    let in_force = world.in_force().await;
    assert_eq!(in_force.len(), 1_000);
    assert!(in_force.contains(&"企业3 研发费用.2025=1.5万元 职工总数.2025末=5人".to_owned()));
}

async fn whatever_is_no_table_is_refused_with_what_to_do(test: TestStore) {
    let world = World::new(test).await;
    let refused = async |bytes: &[u8]| match world.try_upload(&world.tax, bytes).await {
        Err(Refusal::Unreadable(found)) => {
            assert!(!found[0].message.zh.is_empty() && found[0].place.zh.contains("企业.csv"));
            true
        }
        Err(_) => false,
        // Odd text is a table of one column in which nothing is known; it has no rows that could be taken.
        Ok(id) => world.commit(id, Takes::Good).await == Err(Refusal::BadRows),
    };
    let junk_columns =
        format!("{}\n{}\n", (0..70).map(|n| format!("列{n}")).collect::<Vec<_>>().join(","), "1,".repeat(70));
    let too_wide = "列,".repeat(1_001);
    let mut book = Workbook::new();
    book.add_worksheet();
    let empty_book = book.save_to_buffer().unwrap();
    let mut table = Workbook::new();
    let sheet = table.add_worksheet();
    sheet.write_string(0, 0, "名称").unwrap();
    sheet.write_string(1, 0, "甲").unwrap();
    let whole = table.save_to_buffer().unwrap();
    let text: ArrayRef = Arc::new(StringArray::from(vec!["甲"]));
    let columns = parquet(vec![("名称", text)]);
    let mut cases: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"   \n".to_vec(),
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old".to_vec(),
        b"<html><table><tr><td>1</td></tr></table></html>".to_vec(),
        b"%PDF-1.7".to_vec(),
        b"{\"a\": 1}".to_vec(),
        b"\xff\xff\xff\xff".to_vec(),
        b"PK\x03\x04 and nothing".to_vec(),
        b"PAR1 and nothing PAR1".to_vec(),
        b"PAR1".to_vec(),
        junk_columns.into_bytes(),
        too_wide.into_bytes(),
        empty_book,
    ];
    cases.extend((4..whole.len()).step_by(211).map(|end| whole[..end].to_vec()));
    cases.extend((4..columns.len()).step_by(37).map(|end| columns[..end].to_vec()));
    for (number, case) in cases.iter().enumerate() {
        assert!(
            refused(case).await,
            "case {number}: {:?}",
            String::from_utf8_lossy(&case[..case.len().min(40)])
        );
    }
    // One wrong byte anywhere: refused or read, and the server lives.
    for at in (0..columns.len()).step_by(5) {
        let mut wrong = columns.clone();
        wrong[at] ^= 0xff;
        let _ = world.try_upload(&world.tax, &wrong).await;
    }
    assert_eq!(world.in_force().await, [""; 0]);
}
