//! `explain` and `match`: decisions as text, JSON, CSV and workbooks.

use calamine::{Data, Reader as _};
use serde_json::json;

use crate::support::{Folder, Run, with_library};

const DAY: &str = "2026-06-30";

fn explain(folder: &Folder, more: &[&str]) -> Run {
    let common = ["explain", "--library", "library", "--facts", "firms.csv", "--on", DAY];
    folder.run(&[&common, more].concat())
}

fn matched(folder: &Folder, more: &[&str]) -> Run {
    let common = ["match", "--library", "library", "--facts", "firms.csv", "--on", DAY];
    folder.run(&[&common, more].concat())
}

const GRANT: [&str; 2] = ["--policy", "demo-grant-2026"];

#[test]
fn an_explanation_gives_every_reason_in_both_languages() {
    let folder = with_library();
    let run = explain(&folder, &[&GRANT[..], &["--subject", "示例乙"]].concat()).ends_with(0);
    insta::assert_snapshot!("explain-zh", run.out);
    let run = explain(&folder, &[&GRANT[..], &["--subject", "示例乙", "--lang", "en"]].concat()).ends_with(0);
    insta::assert_snapshot!("explain-en", run.out);
}

#[test]
fn what_is_not_known_is_asked_for() {
    let folder = with_library();
    let run = explain(&folder, &[&GRANT[..], &["--subject", "示例丙"]].concat()).ends_with(0);
    assert!(run.out.contains("还缺\n  职工总数.上年"), "{}", run.out);
    assert!(run.out.contains("先问这一项:上年平均有多少职工?"), "{}", run.out);
    assert!(run.out.contains("如果条件都符合:21万元"), "{}", run.out);
}

#[test]
fn the_keys_of_a_decision_stay() {
    let folder = with_library();
    let run =
        explain(&folder, &[&GRANT[..], &["--subject", "91330100799655058B", "--json"]].concat()).ends_with(0);
    let decision = run.json();
    let keys: Vec<&String> = decision.as_object().unwrap().keys().collect();
    insta::assert_debug_snapshot!("decision-keys", keys);
    let reason: Vec<&String> = decision["reasons"][0].as_object().unwrap().keys().collect();
    insta::assert_debug_snapshot!("reason-keys", reason);
    assert_eq!(decision["outcome"], "eligible");
    assert_eq!(decision["amount"], json!(21));
    assert_eq!(decision["amount_fen"], json!(21_000_000));
    assert_eq!(decision["score"], json!(70));
    assert_eq!(decision["parts"], json!({"规模": 20, "强度分": 50}));
    assert_eq!(decision["failed"], json!([]));
    assert_eq!(decision["missing"], json!([]));
    assert_eq!(decision["window"]["state"], "open");
}

#[test]
fn open_scores_and_amounts_are_ranges() {
    let folder = with_library();
    let run = explain(&folder, &[&GRANT[..], &["--subject", "示例丙", "--json"]].concat()).ends_with(0);
    let decision = run.json();
    assert_eq!(decision["outcome"], "unknown");
    assert_eq!(decision["score"], json!(null));
    assert_eq!(decision["score_range"], json!([50, 70]));
    assert_eq!(decision["parts"]["规模"], json!([0, 20]));
    assert_eq!(decision["amount"], json!(null));
    assert_eq!(decision["amount_if_eligible"], json!(21));
    assert_eq!(decision["missing"], json!(["职工总数.上年"]));
    assert_eq!(decision["next_question"]["key"], "职工总数.上年");
}

#[test]
fn who_is_not_eligible_gets_nothing_and_learns_how_far_off() {
    let folder = with_library();
    let run = explain(&folder, &[&GRANT[..], &["--subject", "示例乙", "--json"]].concat()).ends_with(0);
    let decision = run.json();
    assert_eq!(decision["amount"], json!(0));
    assert_eq!(decision["failed"], json!(["effort"]));
    let gap = &decision["gaps"][0];
    assert_eq!((&gap["key"], &gap["to"]), (&json!("研发费用.上年"), &json!("1900000")));
    assert_eq!((&gap["closed_year"], &gap["from_day"]), (&json!(2025), &json!("2027-01-01")));
}

#[test]
fn a_supposed_value_shows_before_and_after() {
    let folder = with_library();
    let supposed = ["--subject", "示例乙", "--set", "研发费用.上年=190万元"];
    let run = explain(&folder, &[&GRANT[..], &supposed].concat()).ends_with(0);
    assert!(
        run.out.starts_with("假设:研发费用.上年=190万元\n结果:○ 不符合 → ● 可享受\n金额:0元 → 19万元\n"),
        "{}",
        run.out
    );
    let short = ["--subject", "示例乙", "--set", "研发费用=1899999.99元", "--json"];
    let both = explain(&folder, &[&GRANT[..], &short].concat()).ends_with(0).json();
    assert_eq!(
        (&both["before"]["outcome"], &both["after"]["outcome"]),
        (&json!("ineligible"), &json!("ineligible"))
    );
    let run =
        explain(&folder, &[&GRANT[..], &["--subject", "示例乙", "--set", "研发费=1"]].concat()).ends_with(2);
    assert!(run.err.contains("是不是“研发费用”?"), "{}", run.err);
    explain(&folder, &[&GRANT[..], &["--subject", "示例乙", "--set", "1万元"]].concat()).ends_with(2);
}

#[test]
fn a_policy_that_is_no_longer_in_force_names_its_successor() {
    let folder = with_library();
    let run = explain(&folder, &["--policy", "demo-old-2020", "--subject", "示例甲"]).ends_with(0);
    assert!(run.out.contains("– 未施行"), "{}", run.out);
    assert!(run.out.contains("已由 demo-grant-2026 接替"), "{}", run.out);
    let run = explain(&folder, &["--policy", "demo-old-2020", "--subject", "示例甲", "--json"]).ends_with(0);
    assert_eq!(run.json()["successor"], "demo-grant-2026");
    assert_eq!(run.json()["amount"], json!(null));
}

#[test]
fn wrong_arguments_are_told_with_what_to_do() {
    let folder = with_library();
    let told = |more: &[&str]| explain(&folder, more).ends_with(2).err;
    assert!(told(&["--policy", "demo-grant-2025"]).contains("是不是“demo-grant-2026”?"));
    assert!(told(&GRANT).contains("要说明看哪一个"));
    assert!(told(&[&GRANT[..], &["--subject", "示例"]].concat()).contains("没有主体“示例”"));
    assert!(told(&[&GRANT[..], &["--out", "calc.pdf"]].concat()).contains(".xlsx"));
    assert!(told(&[&GRANT[..], &["--facts", "x"]].concat()).contains("只能写一次"));
    let run = folder
        .run(&["explain", "--policy", "demo-grant-2026", "--library", "library", "--facts", "none.csv"])
        .ends_with(2);
    assert!(run.err.contains("没有 none.csv"), "{}", run.err);
    let run = folder
        .run(&["explain", "--policy", "x", "--facts", "firms.csv", "--on", "2026-13-01", "--lang", "en"])
        .ends_with(2);
    assert!(run.err.contains("a day is written 2026-06-30"), "{}", run.err);
}

#[test]
fn a_bad_cell_is_told_and_the_rest_is_used() {
    let folder = with_library();
    folder.write("bad.csv", "名称,居民企业,职工总数.上年\n某公司,是,很多\n");
    let run = folder.run(&["match", "--library", "library", "--facts", "bad.csv", "--on", DAY]).ends_with(0);
    assert!(run.err.contains("bad.csv 第 2 行 C 列"), "{}", run.err);
    assert!(run.out.contains("某公司"), "{}", run.out);
}

#[test]
fn the_calculation_sheet_holds_each_step_and_the_rounding() {
    let folder = with_library();
    explain(&folder, &[&GRANT[..], &["--subject", "示例甲", "--out", "calc.xlsx"]].concat()).ends_with(0);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path("calc.xlsx")).unwrap();
    let sheet = book.worksheet_range("计算书").unwrap();
    let text = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|");
    let rows: Vec<String> = sheet.rows().map(text).collect();
    let has = |part: &str| rows.iter().any(|row| row.contains(part));
    assert!(has("第二条|研发费用.上年 / 营业收入.上年 >= 5%|研发费用.上年 = 210万元"), "{rows:#?}");
    assert!(has("取整前"));
    assert!(has("四舍五入到分"));
    assert!(has("应得"));
    assert_eq!(folder.names(), ["calc.xlsx", "firms.csv", "library"]);
}

#[test]
fn a_table_shows_every_subject_and_the_counts() {
    let run = matched(&with_library(), &[]).ends_with(0);
    insta::assert_snapshot!("match-zh", run.out);
    let run = matched(&with_library(), &["--lang", "en", "--policies", "demo-grant-2026,demo-rank-2026"])
        .ends_with(0);
    insta::assert_snapshot!("match-en", run.out);
}

#[test]
fn ranks_of_a_group_come_from_all_subjects_of_the_file() {
    let run = matched(&with_library(), &["--policies", "demo-rank-2026", "--out", "json"]).ends_with(0);
    let ranks: Vec<String> =
        run.json().as_array().unwrap().iter().map(|decision| decision["rank"].to_string()).collect();
    // 丁 is no member: of the four left, nobody, one, two and three are better.
    assert_eq!(ranks, ["\"A\"", "\"B\"", "\"B\"", "null", "\"C\""]);
    let run = explain(&with_library(), &["--policy", "demo-rank-2026", "--subject", "示例甲", "--json"])
        .ends_with(0);
    assert_eq!(run.json()["rank"], "A");
}

#[test]
fn one_subject_alone_has_no_rank_in_a_group() {
    let folder = with_library();
    folder.write("one.csv", "名称,居民企业,注册县区,产出得分\n独家,是,东县,90\n");
    let run = folder.run(&[
        "explain",
        "--library",
        "library",
        "--facts",
        "one.csv",
        "--on",
        DAY,
        "--policy",
        "demo-rank-2026",
        "--json",
    ]);
    let decision = run.ends_with(0).json();
    assert_eq!(decision["outcome"], "unknown");
    assert_eq!(decision["possible_ranks"], json!(["A", "B", "C"]));
}

#[test]
fn csv_has_exact_numbers_and_no_formulas() {
    let folder = with_library();
    let run = matched(&folder, &["--policies", "demo-grant-2026", "--out", "csv"]).ends_with(0);
    insta::assert_snapshot!("match-csv", run.out);
    assert!(run.out.contains("'=示例戊"));
    matched(&folder, &["--out", "all.csv"]).ends_with(0);
    let bytes = std::fs::read(folder.path("all.csv")).unwrap();
    assert!(bytes.starts_with("\u{FEFF}subject,".as_bytes()), "Excel needs the mark to read UTF-8");
    assert_eq!(folder.names(), ["all.csv", "firms.csv", "library"]);
}

#[test]
fn a_workbook_has_results_and_a_summary() {
    let folder = with_library();
    matched(&folder, &["--out", "all.xlsx"]).ends_with(0);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path("all.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["结果", "汇总"]);
    let results = book.worksheet_range("结果").unwrap();
    assert_eq!(results.height(), 1 + 5 * 4);
    assert_eq!(results.get((1, 6)), Some(&Data::Float(21.0)));
    assert_eq!(results.get((1, 5)), Some(&Data::String("● 可享受".to_owned())));
}

#[test]
fn a_result_that_cannot_be_written_leaves_nothing_behind() {
    let folder = with_library();
    let run = matched(&folder, &["--out", "nowhere/all.csv"]).ends_with(2);
    assert!(run.err.contains("不能写"), "{}", run.err);
    let run = matched(&folder, &["--out", "all.pdf"]).ends_with(2);
    assert!(run.err.contains(".csv、.json、.xlsx"), "{}", run.err);
    assert_eq!(folder.names(), ["firms.csv", "library"]);
}

#[test]
fn policies_can_be_files_that_lie_elsewhere() {
    let folder = with_library();
    let text = std::fs::read_to_string(folder.path("library/policies/city/demo-grant-2026/2026-01-01.yaml"))
        .unwrap();
    folder.write("mine.yaml", text.replace("demo-grant-2026", "demo-mine-2026").replace("* 10%", "* 1%"));
    let run = matched(&folder, &["--policies", "mine.yaml", "--out", "json"]).ends_with(0);
    let first = &run.json()[0];
    assert_eq!((&first["policy"], &first["amount"]), (&json!("demo-mine-2026"), &json!(2.1)));
}

#[test]
fn a_collection_can_stand_in_a_file_of_its_own() {
    let folder = with_library();
    folder.write("invest.csv", "名称,投资额\n示例乙,80\n示例乙,40\n");
    folder.write("status.csv", "名称,status:示范企业\n示例乙,是\n");
    let arguments = [
        "explain",
        "--library",
        "library",
        "--facts",
        "status.csv",
        "--items",
        "投资=invest.csv",
        "--policy",
        "demo-invest-2026",
        "--on",
        DAY,
        "--json",
    ];
    let decision = folder.run(&arguments).ends_with(0).json();
    assert_eq!((&decision["outcome"], &decision["amount"]), (&json!("eligible"), &json!(1.2)));
    assert_eq!(decision["reasons"][0]["rule"], json!("sum(投资.投资额) >= 100万元"));
    // A person reads rules as sentences and yes as yes.
    let in_english = [&arguments[..arguments.len() - 1], &["--lang", "en"]].concat();
    let told = folder.run(&in_english).ends_with(0).out;
    assert!(told.contains("status:示范企业 = yes") && !told.contains("sum("), "{told}");
}

#[test]
fn the_library_in_the_binary_decides_in_an_empty_folder() {
    let folder = Folder::new();
    folder.write("firm.yaml", "名称: 某公司\n居民企业: 是\n");
    let run = folder.run(&["match", "--facts", "firm.yaml"]).ends_with(0);
    assert!(run.out.contains("某公司"), "{}", run.out);
}
