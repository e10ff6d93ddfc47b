//! Profiles in CSV files.

use facts::read::{CollectionFile, PROBLEMS_MAX, ReadError, ReadOptions, attach_collection, read};
use facts::{Period, Value, YearRef};

use crate::{codes, number, read_text, value, words};

fn last_year() -> Period {
    Period::Year(YearRef::Relative(-1))
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<facts::read::ReadOutcome, ReadError> {
    read(name, bytes, &words(), &ReadOptions::default())
}

#[test]
fn one_row_is_one_subject() {
    let outcome = read_text(
        "企业.csv",
        "名称,统一社会信用代码,研发费用.上年(元),居民企业\n甲,91410000170001401D,\"2,100,000\",是\n乙,,,\n",
    );
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    assert_eq!(outcome.profiles.len(), 2);
    assert_eq!(outcome.profiles[0].id, "91410000170001401D");
    assert_eq!(value(&outcome.profiles[0], "研发费用", &last_year()), Some(number(2_100_000)));
    assert!(outcome.profiles[1].facts.is_empty());
}

#[test]
fn a_bad_cell_is_told_with_row_and_column_and_the_rest_is_read() {
    let outcome = read_text("企业.csv", "名称,研发费用.上年,居民企业\n甲,很多,是\n乙,30,也许\n");
    let told: Vec<(&str, &str)> =
        outcome.problems.iter().map(|problem| (problem.code, problem.place.zh.as_str())).collect();
    assert_eq!(
        told,
        [("E0030", "企业.csv 第 2 行 B 列(研发费用.上年)"), ("E0038", "企业.csv 第 3 行 C 列(居民企业)")]
    );
    assert_eq!(outcome.problems[0].place.en, "企业.csv, row 2, column B (研发费用.上年)");
    assert_eq!(value(&outcome.profiles[0], "居民企业", &Period::Unstated), Some(Value::Bool(true)));
    assert_eq!(value(&outcome.profiles[1], "研发费用", &last_year()), Some(number(300_000)));
}

#[test]
fn a_bad_header_is_told_once_whatever_the_number_of_rows() {
    let outcome = read_text("a.csv", "名称,研发费\n甲,1\n乙,2\n丙,3\n");
    assert_eq!(codes(&outcome), ["E0060"]);
    assert_eq!(outcome.problems[0].place.zh, "a.csv 第 1 行 B 列");
    assert_eq!(outcome.problems[0].help.zh, "是不是“研发费用”?");
    assert_eq!(outcome.profiles.len(), 3);
}

#[test]
fn headers_may_state_a_unit_and_bad_units_are_told() {
    let good = [
        ("研发费用.上年(元)", 3),
        ("研发费用.上年(单位:元)", 3),
        ("研发费用.上年\u{FF08}万元\u{FF09}", 30_000),
        ("研发费用@上年 (万元)", 30_000),
        ("\"研发费用.上年\n(元)\"", 3),
    ];
    for (header, yuan) in good {
        let outcome = read_text("a.csv", &format!("名称,{header}\n甲,3\n"));
        assert_eq!(value(&outcome.profiles[0], "研发费用", &last_year()), Some(number(yuan)), "{header}");
    }
    for header in ["研发费用.上年(美元)", "研发费用.上年(人)", "从业人数(%)"] {
        assert_eq!(codes(&read_text("a.csv", &format!("名称,{header}\n甲,3\n"))), ["E0032"], "{header}");
    }
    assert!(codes(&read_text("a.csv", "名称,成立日期(年-月-日)\n甲,2020-01-01\n")).is_empty());
}

#[test]
fn remarks_titles_and_empty_lines_do_not_shift_row_numbers() {
    let text = "# 填表前请阅读,谢谢\r\n说明,金额单位万元\r\n\r\n某区企业表,,\r\n名称,净利润\r\n\r\n甲,\"1\r\n\"\r\n#乙,2\r\n丙,坏\r\n";
    let outcome = read_text("a.csv", text);
    assert_eq!(
        outcome.profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(),
        ["甲", "丙"]
    );
    assert_eq!(outcome.problems[0].place.zh, "a.csv 第 9 行 B 列(净利润)");
}

#[test]
fn every_encoding_that_excel_writes_is_read() {
    let text = "名称,净利润\n甲公司,3\n";
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let (chinese, ..) = encoding_rs::GB18030.encode(text);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [text.as_bytes(), &marked, &chinese, &wide] {
        let outcome = read_bytes("a.csv", bytes).expect("readable");
        assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
        assert_eq!(outcome.profiles[0].name, "甲公司");
    }
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let error = |name: &str, bytes: &[u8]| read_bytes(name, bytes).expect_err("unreadable");
    assert_eq!(error("a.xls", b"x"), ReadError::UnknownFormat { name: "a.xls".into() });
    assert_eq!(error("facts", b"x"), ReadError::UnknownFormat { name: "facts".into() });
    assert_eq!(error("a.csv", b""), ReadError::Empty);
    assert_eq!(error("a.csv", b" \n "), ReadError::Empty);
    assert_eq!(error("a.json", b"\xEF\xBB\xBF"), ReadError::Empty);
    assert_eq!(error("a.csv", b"\xFF\xFF\xFF"), ReadError::Encoding);
    assert_eq!(error("a.csv", b"a\0b"), ReadError::Encoding);
    assert_eq!(error("a.csv", b"# only remarks\n"), ReadError::NoHeader);
    assert!(matches!(error("a.xlsx", b"PK not really"), ReadError::NotAWorkbook { .. }));
    let large = vec![b' '; facts::read::FILE_BYTES_MAX + 1];
    assert_eq!(error("a.csv", &large), ReadError::TooLarge { bytes: large.len() });
    let wide = vec!["名称"; facts::read::COLUMNS_MAX + 1].join(",");
    assert_eq!(error("a.csv", wide.as_bytes()), ReadError::TooManyCells);
    for failed in [ReadError::Empty, ReadError::Encoding, ReadError::NoHeader, ReadError::TooManyCells] {
        assert!(
            !failed.message().zh.is_empty() && !failed.help().zh.is_empty() && !failed.help().en.is_empty()
        );
    }
}

#[test]
fn statuses_decisions_quarters_and_empty_collections_fit_into_columns() {
    let text = "名称,status:高新技术企业,status:高新技术企业.止,manual:brand,从业人数@四季度末,投资,被投企业.名称\n甲,是,2026-11-30,否,130,无,乙\n";
    let outcome = read_text("a.csv", text);
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    let profile = &outcome.profiles[0];
    assert!(profile.holdings["高新技术企业"].to.is_some());
    assert!(!profile.manual["brand"]);
    assert_eq!(profile.collections["投资"], vec![]);
    assert_eq!(profile.roles["被投企业"].name, "乙");
    let quarter = Period::Quarter(YearRef::Relative(0), 4, facts::QuarterEnd::Closing);
    assert_eq!(value(profile, "从业人数", &quarter), Some(number(130)));
}

#[test]
fn each_mistake_of_a_row_has_its_code() {
    let table: [(&str, &[&str]); 8] = [
        ("名称,净利润,净利润\n甲,1,2\n", &["E0063"]),
        ("名称,净利润,净利润\n甲,1,1\n", &[]),
        ("名称,净利润\n甲,1,漏\n", &["E0075"]),
        ("id,净利润\nA,1\nA,2\n", &["E0073"]),
        ("名称,投资\n甲,3\n", &["E0064"]),
        ("名称,净利润\n\"甲,3\n乙,4\n", &["E0078"]),
        ("名称,从业人数@季\n甲,3\n", &["E0065"]),
        ("credit_code,净利润\n123,1\n", &["E0074"]),
    ];
    for (text, expected) in table {
        assert_eq!(codes(&read_text("a.csv", text)), expected, "{text}");
    }
}

#[test]
fn a_collection_file_finds_its_owners() {
    let mut outcome = read_text("a.csv", "名称,统一社会信用代码\n甲,91410000170001401D\n乙,\n乙,\n");
    let attach = |profiles: &mut [facts::Profile], text: &str| {
        let file = CollectionFile { collection: "股权投资", name: "投资.csv", bytes: text.as_bytes() };
        attach_collection(profiles, file, &words()).expect("readable")
    };
    let text = "统一社会信用代码,投资额,被投企业.资产总额.投资前12个月均值,被投企业.名称\n9141 0000 1700 01401d,100,5,丁\n99,1,1,戊\n,2,2,己\n";
    let problems = attach(&mut outcome.profiles, text);
    let told: Vec<(&str, &str)> =
        problems.iter().map(|problem| (problem.code, problem.place.zh.as_str())).collect();
    assert_eq!(
        told,
        [("E0061", "投资.csv 第 1 行 C 列"), ("E0070", "投资.csv 第 3 行"), ("E0070", "投资.csv 第 4 行")]
    );
    let items = &outcome.profiles[0].collections["投资"];
    assert_eq!((items.len(), items[0].roles["被投企业"].name.as_str()), (1, "丁"));
    let named = attach(&mut outcome.profiles, "名称,投资额\n甲,5\n乙,6\n");
    assert_eq!(named.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["E0072"]);
    assert_eq!(outcome.profiles[0].collections["投资"].len(), 2);
    let either = attach(&mut outcome.profiles, "名称,id,投资额\n甲,,5\n,91410000170001401D,6\n");
    assert!(either.is_empty());
    assert_eq!(outcome.profiles[0].collections["投资"].len(), 4);
    let no_owner = attach(&mut outcome.profiles, "投资额\n5\n");
    assert_eq!(no_owner.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["E0071"]);
}

#[test]
fn only_so_many_problems_are_listed() {
    let rows = "甲,坏\n".repeat(PROBLEMS_MAX + 5);
    let outcome = read_text("a.csv", &format!("名称,净利润\n{rows}"));
    assert_eq!(outcome.problems.len(), PROBLEMS_MAX + 1);
    assert_eq!(outcome.problems.last().map(|problem| problem.code), Some("E0079"));
    assert_eq!(outcome.profiles.len(), PROBLEMS_MAX + 5);
}

#[test]
fn a_default_kind_can_be_given() {
    let options = ReadOptions { kind: "parcel".into() };
    let outcome =
        read("a.csv", "名称,主体\n甲,\n乙,机构\n".as_bytes(), &words(), &options).expect("readable");
    assert_eq!(
        outcome.profiles.iter().map(|p| p.kind.as_str()).collect::<Vec<_>>(),
        ["parcel", "institution"]
    );
}
