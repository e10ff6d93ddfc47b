//! Tables whose columns somebody else named, read row by row; and workbooks that would burst.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;

use facts::read::{ReadError, ReadOptions, RowOptions, TableFormat, TableRow, Tables, read};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rust_xlsxwriter::Workbook;

use crate::words;

fn rows(tables: &Tables, header_row: usize, meanings: &[(usize, &str)]) -> Vec<TableRow> {
    let words = words();
    let meanings: BTreeMap<usize, String> =
        meanings.iter().map(|(column, meaning)| (*column, (*meaning).to_owned())).collect();
    let options = RowOptions { vocabulary: &words, kind: "enterprise", header_row, meanings: &meanings };
    let mut rows = Vec::new();
    let outcome = tables.each_row(&options, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    outcome.expect("the meanings are understood");
    rows
}

#[test]
fn a_column_means_what_it_is_given_and_others_are_passed_over() {
    let text = "某区情况表\n企业全称,研发支出,备注\n甲,300,好\n乙,很多,\n";
    let tables = Tables::open(TableFormat::Csv, text.as_bytes(), &words()).expect("opened");
    let (header_row, headings) = tables.headings(&words(), Some(1)).expect("a header");
    assert_eq!(
        headings.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["企业全称", "研发支出", "备注"]
    );
    let read = rows(&tables, header_row, &[(0, "名称"), (1, "研发费用.上年")]);
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].profile.name.as_str(), read[0].profile.facts.len()), ("甲", 1));
    assert_eq!((read[1].row, read[1].profile.facts.len()), (3, 0));
    assert_eq!(read[1].problems.iter().map(|(at, it)| (*at, it.code)).collect::<Vec<_>>(), [(1, "E0030")]);
}

#[test]
fn rows_say_what_the_whole_file_says() {
    let text = "名称,id,研发费用.上年(元),居民企业\n甲,A,\"2,100\",是\n乙,B,,maybe\n# 备注\n丙,C,3万元,否\n";
    let whole = read("a.csv", text.as_bytes(), &words(), &ReadOptions::default()).expect("readable");
    let tables = Tables::open(TableFormat::Csv, text.as_bytes(), &words()).expect("opened");
    let (row, headings) = tables.headings(&words(), None).expect("a header");
    let meanings: Vec<_> = headings.iter().map(|it| (it.column, it.text.as_str())).collect();
    let read = rows(&tables, row, &meanings);
    let problems: Vec<_> = read.iter().flat_map(|row| &row.problems).map(|(_, it)| it.code).collect();
    assert_eq!(problems, whole.problems.iter().map(|it| it.code).collect::<Vec<_>>());
    for (row, profile) in read.iter().zip(&whole.profiles) {
        let values = |profile: &facts::Profile| -> Vec<_> {
            profile.facts.iter().map(|(id, it)| (*id, it[0].period.clone(), it[0].value.clone())).collect()
        };
        assert_eq!((&row.profile.id, &row.profile.name), (&profile.id, &profile.name));
        assert_eq!(values(&row.profile), values(profile));
    }
}

#[test]
fn a_meaning_that_is_no_fact_is_told_with_its_column() {
    let tables = Tables::open(TableFormat::Csv, "甲,乙\n1,2\n".as_bytes(), &words()).expect("opened");
    let meanings = BTreeMap::from([(1, "研发费".to_owned())]);
    let options = RowOptions { vocabulary: &words(), kind: "enterprise", header_row: 0, meanings: &meanings };
    let refused = tables.each_row(&options, &mut |_| ControlFlow::Continue(())).expect_err("refused");
    assert_eq!((refused[0].0, refused[0].1.code), (1, "E0060"));
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "名称").expect("written");
    sheet.write_string(1, 0, "甲").expect("written");
    workbook.save_to_buffer().expect("a workbook")
}

/// An archive of one part, whose directory states that many bytes.
fn archive(content_bytes: usize, stated: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..content_bytes >> 20 {
        encoder.write_all(&block).expect("packed");
    }
    let packed = encoder.finish().expect("packed");
    let name = b"xl/sharedStrings.xml";
    let sizes = [0_u32.to_le_bytes(), (packed.len() as u32).to_le_bytes(), stated.to_le_bytes()].concat();
    let lengths = [(name.len() as u16).to_le_bytes(), 0_u16.to_le_bytes()].concat();
    let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &lengths].concat();
    let part = [&b"PK\x03\x04"[..], &common, name, &packed].concat();
    let entry = [&b"PK\x01\x02\x14\x00"[..], &common, &[0; 14], name].concat();
    let (at, length) = ((part.len() as u32).to_le_bytes(), (entry.len() as u32).to_le_bytes());
    let end = [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &length, &at, &[0, 0]].concat();
    [part, entry, end].concat()
}

fn opened(bytes: &[u8]) -> Result<Tables, ReadError> {
    Tables::open(TableFormat::Xlsx, bytes, &words())
}

#[test]
fn a_workbook_that_would_burst_is_refused_whether_its_directory_says_so_or_lies() {
    let size = 64 << 20;
    assert_eq!(opened(&archive(size, size as u32)).expect_err("says so"), ReadError::Bomb);
    assert_eq!(opened(&archive(size, 100)).expect_err("lies"), ReadError::Bomb);
    // Small enough to be harmless; then it is merely no workbook.
    assert!(matches!(opened(&archive(1 << 20, 1 << 20)), Err(ReadError::NotAWorkbook { .. })));
}

#[test]
fn a_workbook_cut_anywhere_is_refused_and_one_with_a_wrong_byte_never_panics() {
    let whole = workbook();
    assert!(opened(&whole).is_ok());
    for end in (0..whole.len()).step_by(7) {
        assert!(opened(&whole[..end]).is_err(), "{end} bytes of {}", whole.len());
    }
    for at in (0..whole.len()).step_by(3) {
        let mut wrong = whole.clone();
        wrong[at] ^= 0x5a;
        let _ = opened(&wrong);
    }
}
