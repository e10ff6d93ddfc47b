//! Profiles in XLSX workbooks, written here by another library and read back.

use facts::read::{ReadError, ReadOptions, ReadOutcome, read};
use facts::{Period, Value, YearRef};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::{number, value, words};

fn read_back(workbook: &mut Workbook) -> Result<ReadOutcome, ReadError> {
    let bytes = workbook.save_to_buffer().expect("a workbook");
    read("zone.xlsx", &bytes, &words(), &ReadOptions::default())
}

fn write_headers(sheet: &mut Worksheet, row: u32, headers: &[&str]) {
    for (column, header) in (0u16..).zip(headers) {
        sheet.write_string(row, column, *header).expect("written");
    }
}

fn told(outcome: &ReadOutcome) -> Vec<(&'static str, &str)> {
    outcome.problems.iter().map(|problem| (problem.code, problem.place.zh.as_str())).collect()
}

fn zone() -> Workbook {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let percent = Format::new().set_num_format("0.0%");
    let notes = workbook.add_worksheet().set_name("说明").expect("named");
    notes.write_string(0, 0, "每个企业一行").expect("written");
    let sheet = workbook.add_worksheet().set_name("企业").expect("named");
    sheet.write_string(0, 0, "某区企业情况表").expect("written");
    write_headers(
        sheet,
        2,
        &["名称", "id", "研发费用.上年", "研发占比", "成立日期", "居民企业", "净利润", "从业人数"],
    );
    sheet.write_string(3, 0, "甲").expect("written");
    sheet.write_string(3, 1, "A").expect("written");
    sheet.write_number(3, 2, 210.3).expect("written");
    sheet.write_number_with_format(3, 3, 0.055, &percent).expect("written");
    let founded = ExcelDateTime::from_ymd(2015, 3, 31).expect("a day");
    sheet.write_datetime_with_format(3, 4, &founded, &day).expect("written");
    sheet.write_boolean(3, 5, true).expect("written");
    sheet.write_formula(3, 6, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).expect("written");
    sheet.write_number(3, 7, 120).expect("written");
    sheet.write_string(4, 0, "乙").expect("written");
    sheet.write_string(4, 1, "B").expect("written");
    sheet.write_number(4, 2, -3).expect("written");
    sheet.write_number(4, 3, 5.5).expect("written");
    sheet.write_number(4, 4, 45107).expect("written");
    sheet.write_string(4, 5, "有").expect("written");
    sheet.write_formula(4, 6, Formula::new("=1/0").set_result("#DIV/0!")).expect("written");
    sheet.write_number(4, 7, 12.5).expect("written");
    workbook
}

#[test]
fn a_sheet_is_read_as_excel_shows_it() {
    let outcome = read_back(&mut zone()).expect("readable");
    let profile = &outcome.profiles[0];
    let last_year = Period::Year(YearRef::Relative(-1));
    assert_eq!((profile.name.as_str(), profile.id.as_str()), ("甲", "A"));
    assert_eq!(value(profile, "研发费用", &last_year), Some(number(2_103_000)));
    let plain = |fact: &str| value(profile, fact, &Period::Unstated).map(|value| value.to_string());
    assert_eq!(plain("研发占比").as_deref(), Some("0.055"));
    assert_eq!(plain("成立日期").as_deref(), Some("2015-03-31"));
    assert_eq!(plain("净利润").as_deref(), Some("3000"));
    assert_eq!(plain("从业人数").as_deref(), Some("120"));
    assert_eq!(value(profile, "居民企业", &Period::Unstated), Some(Value::Bool(true)));
    let id = words().find("成立日期").expect("declared");
    assert_eq!(profile.facts[&id][0].origin.text.zh, "zone.xlsx 工作表“企业”第 4 行 E 列");
}

#[test]
fn bad_cells_are_told_with_sheet_row_and_column() {
    let outcome = read_back(&mut zone()).expect("readable");
    let expected = [
        ("E0035", "zone.xlsx 工作表“企业”第 5 行 C 列(研发费用.上年)"),
        ("E0033", "zone.xlsx 工作表“企业”第 5 行 D 列(研发占比)"),
        ("E0039", "zone.xlsx 工作表“企业”第 5 行 E 列(成立日期)"),
        ("E0038", "zone.xlsx 工作表“企业”第 5 行 F 列(居民企业)"),
        ("E0077", "zone.xlsx 工作表“企业”第 5 行 G 列(净利润)"),
        ("E0037", "zone.xlsx 工作表“企业”第 5 行 H 列(从业人数)"),
    ];
    assert_eq!(told(&outcome), expected);
    assert_eq!(outcome.problems[0].place.en, "zone.xlsx, sheet “企业”, row 5, column C (研发费用.上年)");
    assert!(outcome.profiles[1].facts.is_empty());
    assert_eq!(outcome.profiles[1].name, "乙");
}

#[test]
fn a_sheet_named_after_a_collection_holds_its_items() {
    let mut workbook = zone();
    let sheet = workbook.add_worksheet().set_name("投资").expect("named");
    write_headers(sheet, 0, &["id", "投资额", "投资日", "被投企业.名称", "被投企业.资产总额.投资时(元)"]);
    for (row, owner, amount) in [(1, "A", 100.0), (2, "A", 50.5), (3, "C", 7.0), (4, "B", -1.0)] {
        sheet.write_string(row, 0, owner).expect("written");
        sheet.write_number(row, 1, amount).expect("written");
        sheet.write_string(row, 3, "被投").expect("written");
        sheet.write_number(row, 4, 5_000_000).expect("written");
    }
    let outcome = read_back(&mut workbook).expect("readable");
    let items = &outcome.profiles[0].collections["投资"];
    assert_eq!(items.len(), 2);
    assert_eq!(value(&items[1], "投资额", &Period::Unstated), Some(number(505_000)));
    let party = &items[0].roles["被投企业"];
    assert_eq!(value(party, "资产总额", &Period::Label("投资时".into())), Some(number(5_000_000)));
    let of_items: Vec<_> = told(&outcome).into_iter().filter(|(_, place)| place.contains("投资”")).collect();
    assert_eq!(
        of_items,
        [("E0070", "zone.xlsx 工作表“投资”第 4 行"), ("E0035", "zone.xlsx 工作表“投资”第 5 行 B 列(投资额)")]
    );
    assert_eq!(outcome.profiles[1].collections["投资"].len(), 1);
}

#[test]
fn a_sheet_of_an_unknown_name_is_told_and_left_out() {
    let mut workbook = zone();
    let sheet = workbook.add_worksheet().set_name("投资额度").expect("named");
    sheet.write_string(0, 0, "id").expect("written");
    workbook.add_worksheet().set_name("空表").expect("named");
    let outcome = read_back(&mut workbook).expect("readable");
    assert_eq!(told(&outcome).last(), Some(&("E0076", "zone.xlsx 工作表“投资额度”")));
    assert_eq!(outcome.problems.last().map(|problem| problem.help.zh.as_str()), Some("是不是“投资”?"));
}

#[test]
fn per_cent_above_one_is_believed_where_the_cell_shows_per_cent() {
    let mut workbook = Workbook::new();
    let percent = Format::new().set_num_format("0%");
    let sheet = workbook.add_worksheet();
    write_headers(sheet, 0, &["名称", "研发占比"]);
    sheet.write_string(1, 0, "甲").expect("written");
    sheet.write_number_with_format(1, 1, 1.5, &percent).expect("written");
    let outcome = read_back(&mut workbook).expect("readable");
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let ratio = value(&outcome.profiles[0], "研发占比", &Period::Unstated);
    assert_eq!(ratio.map(|ratio| ratio.to_string()).as_deref(), Some("1.5"));
}

#[test]
fn hidden_sheets_are_not_read() {
    let mut workbook = zone();
    let sheet = workbook.add_worksheet().set_name("选项").expect("named");
    sheet.write_string(0, 0, "是").expect("written");
    sheet.set_hidden(true);
    let outcome = read_back(&mut workbook).expect("readable");
    assert!(told(&outcome).iter().all(|(code, _)| *code != "E0076"));
}

#[test]
fn a_cell_far_away_is_refused_and_an_empty_workbook_is_empty() {
    let mut far = Workbook::new();
    let sheet = far.add_worksheet();
    sheet.write_string(0, 0, "名称").expect("written");
    sheet.write_string(1_048_575, 16_383, "x").expect("written");
    assert_eq!(read_back(&mut far).expect_err("too large"), ReadError::TooManyCells);
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert_eq!(read_back(&mut empty).expect_err("empty"), ReadError::Empty);
}
