//! `policy show`, `policy list` and `policy diff`: what a reader finds, and what is said when there is nothing to find.

use serde_json::json;

use crate::support::{Folder, Run, with_library};

fn policy(folder: &Folder, more: &[&str]) -> Run {
    folder.run(&[&["--library", "library", "policy"], more].concat())
}

/// The small library with a second version of the example grant: tighter, richer, with another window.
fn with_two_versions() -> Folder {
    let folder = with_library();
    let path = "library/policies/city/demo-grant-2026/2026-01-01.yaml";
    let old = std::fs::read_to_string(folder.path(path)).expect("the test data is there");
    let ended = old.replace("in_force: {from: 2026-01-01}", "in_force: {from: 2026-01-01, to: 2026-12-31}");
    let new = old
        .replace("in_force: {from: 2026-01-01}", "in_force: {from: 2027-01-01}")
        .replace("rule: 职工总数.上年 <= 500人, says: {zh: 职工不超过 500 人, en: At most 500 staff}", "rule: 职工总数.上年 <= 300人, says: {zh: 职工不超过 300 人, en: At most 300 staff}")
        .replace("  - {id: judged, clause: 待核, manual: {zh: 技术先进, en: Advanced technology}}\n", "  - {id: size, clause: 第四条, rule: 研发费用.上年 >= 100万元, says: {zh: 研发费用不低于 100 万元, en: R&D of at least 1 million yuan}}\n")
        .replace("at_most: 30万元", "at_most: 50万元")
        .replace("100人: 20, 50人: 10", "100人: 25, 50人: 10")
        .replace("to: 2026-08-31", "to: 2026-09-30");
    assert_ne!(ended, old);
    folder.write(path, ended);
    folder.write("library/policies/city/demo-grant-2026/2027-01-01.yaml", new);
    folder
}

#[test]
fn a_page_says_what_one_gets_who_can_how_and_what_is_uncertain() {
    let folder = with_library();
    let shown = |more: &[&str]| {
        policy(&folder, &[&["show", "demo-grant-2026", "--on", "2026-06-30"], more].concat()).ends_with(0).out
    };
    insta::assert_snapshot!("page-zh", shown(&[]));
    insta::assert_snapshot!("page-en", shown(&["--lang", "en"]));
    insta::assert_snapshot!("page-md", shown(&["--format", "md"]));
}

#[test]
fn the_name_of_the_file_tells_the_form_and_the_file_is_whole() {
    let folder = with_library();
    for (name, start) in [
        ("a.html", "<!DOCTYPE html>"),
        ("a.md", "# 示例补助办法"),
        ("a.json", "{"),
        ("a.txt", "示例补助办法"),
    ] {
        let run = policy(
            &folder,
            &["show", "demo-grant-2026", "--on", "2026-06-30", "--out", name, "--color", "always"],
        )
        .ends_with(0);
        assert_eq!(run.out, "");
        let text = std::fs::read_to_string(folder.path(name)).unwrap();
        assert!(text.starts_with(start) && !text.contains('\u{1b}'), "{name}: {text}");
    }
    assert!(folder.names().iter().all(|name| !name.ends_with(".part")), "{:?}", folder.names());
    policy(&folder, &["show", "demo-grant-2026", "--out", "no/such/folder.html"]).ends_with(2);
}

#[test]
fn what_a_document_says_is_text_and_never_markup() {
    let folder = with_library();
    let path = "library/policies/city/demo-old-2020/2020-01-01.yaml";
    let text = std::fs::read_to_string(folder.path(path)).unwrap();
    folder.write(path, text.replace("已被接替的办法", "<script>alert(1)</script> & \\"));
    let html = policy(&folder, &["show", "demo-old-2020", "--format", "html"]).ends_with(0).out;
    assert!(
        !html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"),
        "{html}"
    );
    let md = policy(&folder, &["show", "demo-old-2020", "--format", "md"]).ends_with(0).out;
    assert!(md.starts_with("# \\<script\\>"), "{md}");
}

#[test]
fn a_policy_that_is_over_says_so_and_shows_its_last_version() {
    let folder = with_library();
    let run = policy(&folder, &["show", "demo-old-2020", "--on", "2026-06-30"]).ends_with(0);
    assert!(
        run.out.contains("2026-06-30 已不施行") && run.out.contains("zhimei policy show demo-grant-2026"),
        "{}",
        run.out
    );
    let run =
        policy(&folder, &["show", "demo-grant-2026", "--on", "2025-06-30", "--lang", "en"]).ends_with(0);
    assert!(run.out.contains("Not in force on 2025-06-30 yet: it will be from 2026-01-01."), "{}", run.out);
}

#[test]
fn an_unknown_policy_is_told_with_the_nearest_one() {
    let run = policy(&with_library(), &["show", "demo-grant-2025"]).ends_with(2);
    assert!(run.err.contains("是不是“demo-grant-2026”?"), "{}", run.err);
}

#[test]
fn a_list_can_be_narrowed_by_what_a_reader_knows() {
    let folder = with_library();
    let ids = |more: &[&str]| {
        let listed = policy(&folder, &[&["list", "--format", "json"], more].concat()).ends_with(0).json();
        let ids = listed.as_array().unwrap().iter().map(|entry| entry["policy"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(&["--gives", "rank"]), "demo-rank-2026");
    assert_eq!(ids(&["--gives", "money", "--nature", "grant"]), "demo-grant-2026 demo-invest-2026");
    assert_eq!(ids(&["--gives", "status"]), "demo-old-2020");
    assert_eq!(ids(&["--text", "EXAMPLE RANK"]), "demo-rank-2026");
    assert_eq!(ids(&["--fact", "研究开发费用"]), "demo-grant-2026");
    assert_eq!(ids(&["--on", "2020-06-30"]), "demo-old-2020");
    assert_eq!(ids(&["--subject", "person"]), "");
    assert_eq!(ids(&["--grade", "official"]), "");
    assert_eq!(
        ids(&["--sort", "from", "--kind", "subsidy"]),
        "demo-old-2020 demo-grant-2026 demo-invest-2026"
    );
    assert_eq!(ids(&["--sort", "to", "--kind", "subsidy"]), "demo-old-2020 demo-grant-2026 demo-invest-2026");
}

#[test]
fn a_list_is_csv_for_a_spreadsheet() {
    let folder = with_library();
    let csv = policy(&folder, &["list", "--gives", "rank", "--format", "csv"]).ends_with(0).out;
    insta::assert_snapshot!(csv, @r"
    policy,version,until,level,kind,subject,title,issuer,document,grade,status,rank,nature,open_points,manual_conditions,unverified_clauses
    demo-rank-2026,2026-01-01,,city,evaluation,enterprise,示例分档评价,示例机关,,none,,true,,0,0,2
    ");
    policy(&folder, &["list", "--format", "csv", "--out", "all.csv"]).ends_with(0);
    let bytes = std::fs::read(folder.path("all.csv")).unwrap();
    assert!(bytes.starts_with("\u{FEFF}policy,version".as_bytes()));
}

#[test]
fn an_empty_list_says_which_filter_to_loosen() {
    let folder = with_library();
    let run = policy(&folder, &["list", "--level", "zone", "--gives", "rank"]).ends_with(0);
    assert!(
        run.out.contains("0 份文件") && run.err.contains("去掉 --level 有 1 份"),
        "{} {}",
        run.out,
        run.err
    );
    assert!(!run.err.contains("--gives"), "{}", run.err);
    let run = policy(&folder, &["list", "--level", "zone", "--text", "天气", "--lang", "en"]).ends_with(0);
    assert!(run.err.contains("leave out several"), "{}", run.err);
    let run = policy(&folder, &["list", "--fact", "研发费"]).ends_with(2);
    assert!(run.err.contains("是不是“研发费用”?"), "{}", run.err);
}

#[test]
fn what_changed_between_two_versions_is_told_in_sentences() {
    let folder = with_two_versions();
    insta::assert_snapshot!(
        "diff-zh",
        policy(&folder, &["diff", "demo-grant-2026", "2026-01-01", "2027-01-01"]).ends_with(0).out
    );
    insta::assert_snapshot!(
        "diff-en",
        policy(&folder, &["diff", "demo-grant-2026", "2026-01-01", "2027-01-01", "--lang", "en"])
            .ends_with(0)
            .out
    );
}

#[test]
fn changes_read_backwards_turn_round() {
    let folder = with_two_versions();
    let changes = |old: &str, new: &str| {
        let value =
            policy(&folder, &["diff", "demo-grant-2026", old, new, "--format", "json"]).ends_with(0).json();
        let staff =
            value["changes"].as_array().unwrap().iter().find(|change| change["key"] == "staff").cloned();
        staff.unwrap()
    };
    let (forth, back) = (changes("2026-01-01", "2027-01-01"), changes("2027-01-01", "2026-01-01"));
    assert_eq!((&forth["turn"], &back["turn"]), (&json!("tighter"), &json!("looser")));
    assert_eq!((&forth["old"], &forth["new"]), (&back["new"], &back["old"]));
}

#[test]
fn a_version_is_the_same_as_itself() {
    let folder = with_two_versions();
    let run = policy(&folder, &["diff", "demo-grant-2026", "2026-01-01", "2026-01-01"]).ends_with(0);
    assert!(run.out.contains("两版的内容没有不同。"), "{}", run.out);
    let value =
        policy(&folder, &["diff", "demo-grant-2026", "2027-01-01", "2027-01-01", "--format", "json"]).json();
    assert_eq!(value["changes"].as_array().unwrap().len(), 0);
}

#[test]
fn an_unknown_version_is_answered_with_those_there_are() {
    let folder = with_two_versions();
    let run = policy(&folder, &["diff", "demo-grant-2026", "2019-01-01"]).ends_with(2);
    assert!(run.err.contains("版本有:2026-01-01、2027-01-01"), "{}", run.err);
    // A day within a version means that version.
    let run = policy(&folder, &["diff", "demo-grant-2026", "2026-07-01", "2027-07-01"]).ends_with(0);
    assert!(run.out.contains("旧版:demo-grant-2026 · 2026-01-01 至 2026-12-31"), "{}", run.out);
    let run = policy(&folder, &["diff", "demo-rank-2026"]).ends_with(2);
    assert!(run.err.contains("没有可比的"), "{}", run.err);
    let run = policy(&folder, &["diff", "demo-grant-2026", "demo-old-2021", "2027-01-01"]).ends_with(2);
    assert!(run.err.contains("是不是“demo-old-2020”?"), "{}", run.err);
}

#[test]
fn a_policy_can_be_compared_with_the_one_that_it_replaced() {
    let folder = with_library();
    let run = policy(&folder, &["diff", "demo-grant-2026", "demo-old-2020"]).ends_with(0);
    assert!(
        run.out.contains("旧版:demo-old-2020") && run.out.contains("新增:职工不超过 500 人"),
        "{}",
        run.out
    );
    let html =
        policy(&folder, &["diff", "demo-grant-2026", "demo-old-2020", "--format", "html"]).ends_with(0).out;
    assert!(html.contains("<html lang=\"zh-CN\">"), "{html}");
}
