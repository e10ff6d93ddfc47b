//! `template` and `ask`: how facts come in.

use calamine::{Data, Reader as _};
use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::support::{Folder, with_library};

const DAY: &str = "2026-06-30";

fn template(folder: &Folder, policies: &str) -> Vec<(String, Vec<String>)> {
    folder
        .run(&["template", "--library", "library", "--policies", policies, "--on", DAY, "--out", "form.xlsx"])
        .ends_with(0);
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(folder.path("form.xlsx")).expect("the form can be read");
    let header = |range: &calamine::Range<Data>| {
        range.rows().next().expect("a sheet has a header").iter().map(ToString::to_string).collect()
    };
    book.worksheets().iter().map(|(name, range)| (name.clone(), header(range))).collect()
}

#[test]
fn a_form_asks_for_what_the_policies_read() {
    let folder = with_library();
    let sheets = template(&folder, "demo-grant-2026,demo-invest-2026");
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["企业", "说明", "投资"]);
    assert_eq!(
        sheets[0].1,
        [
            "统一社会信用代码",
            "名称",
            "研发费用.2025(万元)",
            "营业收入.2025(万元)",
            "职工总数.2025(人)",
            "居民企业",
            "投资",
            "status:示范企业"
        ]
    );
    assert_eq!(sheets[2].1, ["统一社会信用代码", "名称", "投资额(万元)"]);
}

#[test]
fn a_form_that_was_filled_in_is_read_back() {
    let folder = with_library();
    let sheets = template(&folder, "demo-grant-2026,demo-invest-2026");
    let mut book = Workbook::new();
    let rows: [(&str, &[&str]); 2] = [
        ("企业", &["91330100799655058B", "某公司", "210", "3800", "120", "是", "", "是"]),
        ("投资", &["91330100799655058B", "", "250"]),
    ];
    for (name, row) in rows {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        let header = &sheets.iter().find(|(known, _)| known == name).unwrap().1;
        for (column, (head, cell)) in (0u16..).zip(header.iter().zip(row)) {
            sheet.write_string(0, column, head).unwrap();
            sheet.write_string(1, column, "# 这一行不读").unwrap();
            sheet.write_string(2, column, *cell).unwrap();
        }
    }
    book.save(folder.path("filled.xlsx")).unwrap();
    let policies = "demo-grant-2026,demo-invest-2026";
    let run = folder.run(&[
        "match",
        "--library",
        "library",
        "--facts",
        "filled.xlsx",
        "--policies",
        policies,
        "--on",
        DAY,
        "--out",
        "json",
    ]);
    let run = run.ends_with(0);
    assert_eq!(run.err, "", "everything in the form is understood");
    let decisions = run.json();
    assert_eq!(decisions[0]["missing"], json!(["manual:judged"]));
    assert_eq!((&decisions[1]["outcome"], &decisions[1]["amount"]), (&json!("eligible"), &json!(2.5)));
}

#[test]
fn an_empty_form_is_understood_as_it_is() {
    let folder = Folder::new();
    folder.run(&["template", "--out", "form.xlsx", "--on", DAY]).ends_with(0);
    let run = folder.run(&["match", "--facts", "form.xlsx"]).ends_with(2);
    // No header is unknown: the only thing to say is that nobody was filled in.
    assert!(run.err.starts_with("错误:form.xlsx 里没有主体"), "{}", run.err);
}

#[test]
fn a_form_is_never_overwritten() {
    let folder = with_library();
    template(&folder, "demo-grant-2026");
    let run = folder.run(&["template", "--library", "library", "--out", "form.xlsx"]).ends_with(2);
    assert!(run.err.contains("不覆盖"), "{}", run.err);
    folder.run(&["template", "--library", "library", "--out", "form.csv"]).ends_with(2);
}

fn ask(folder: &Folder, more: &[&str], answers: &str) -> crate::support::Run {
    let common =
        ["ask", "--library", "library", "--policies", "demo-grant-2026,demo-invest-2026", "--on", DAY];
    folder.run_with(&[&common, more].concat(), answers).ends_with(0)
}

#[test]
fn an_interview_takes_values_ranges_unknowns_and_comes_to_a_result() {
    let folder = with_library();
    let run =
        ask(&folder, &["--save", "mine.yaml"], "?\n很多\n3800\n返回\n210\n不知道\n12..19\n是\n有\n没有\n");
    insta::assert_snapshot!("ask-zh", run.out);
    insta::assert_snapshot!("ask-saved", std::fs::read_to_string(folder.path("mine.yaml")).unwrap());
}

#[test]
fn saved_answers_are_gone_on_with() {
    let folder = with_library();
    let run = ask(&folder, &["--save", "mine.json"], "210\n结束\n");
    assert!(run.out.contains("上年平均有多少职工?"), "{}", run.out);
    let run = ask(&folder, &["--facts", "mine.json", "--save", "mine.json"], "\n结束\n");
    assert!(!run.out.contains("上年平均有多少职工?"), "{}", run.out);
    let saved: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path("mine.json")).unwrap()).unwrap();
    assert_eq!(saved["职工总数.2025"], "210人");
}

#[test]
fn an_interview_in_english_ends_when_nothing_more_is_typed() {
    let run = ask(&with_library(), &["--lang", "en"], "");
    assert!(run.out.contains("Question 1"), "{}", run.out);
    assert!(run.out.contains("to be confirmed"), "{}", run.out);
}
