//! `check`, `test`, `fmt`, `new`: what somebody needs who writes a policy.

use crate::support::{Folder, with_library};

const BROKEN: &str = "policies/city/demo-grant-2026/2026-01-01.yaml";

fn with_mistakes() -> Folder {
    let folder = with_library();
    let place = format!("library/{BROKEN}");
    let text = std::fs::read_to_string(folder.path(&place)).expect("the document is there");
    folder.write(
        &place,
        text.replace("研发费用.上年 / 营业收入.上年 >= 5%", "研发费.上年 / 营业收入.上年 >= 5人"),
    );
    folder
}

#[test]
fn the_library_in_the_binary_is_checked_in_an_empty_folder() {
    let run = Folder::new().run(&["check"]);
    assert!(run.out.contains("政策文件"), "{}", run.out);
    assert!(run.code == 0 || run.code == 1);
}

#[test]
fn a_sound_library_passes_with_its_counts() {
    let folder = with_library();
    let run = folder.run(&["check", "library"]).ends_with(0);
    insta::assert_snapshot!(run.out, @"6 个文件:没有错误,0 处警告,另有 5 处已写明理由。政策文件 4 个,可用 4 个;由人判断的条件 1 项,条款待核 8 处。");
    let run = folder.run(&["--lang", "en", "check", "library"]).ends_with(0);
    insta::assert_snapshot!(run.out, @"files: 6, no errors, warnings: 0, accepted with a reason: 5. Policy documents: 4, usable: 4; manual conditions: 1, clauses still to be verified: 8.");
}

#[test]
fn all_mistakes_are_shown_with_their_place_and_a_guess() {
    let folder = with_mistakes();
    let run = folder.run(&["check", "library"]).ends_with(1);
    insta::assert_snapshot!("mistakes-zh", run.out);
    let run = folder.run(&["check", "library", "--lang", "en"]).ends_with(1);
    insta::assert_snapshot!("mistakes-en", run.out);
}

#[test]
fn findings_as_json_have_stable_keys() {
    let run = with_mistakes().run(&["check", "library", "--format", "json"]).ends_with(1);
    let all = run.json();
    let first = all["findings"][0].as_object().unwrap();
    let keys: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["path", "line", "column", "end_line", "end_column", "code", "severity", "message", "help"]
    );
    assert_eq!(first["path"], format!("library/{BROKEN}"));
    assert_eq!(all["summary"]["manual_conditions"], 0);
}

/// The small library with a tier that nothing reaches.
fn with_an_odd_tier() -> Folder {
    let folder = with_library();
    let place = format!("library/{BROKEN}");
    let text = std::fs::read_to_string(folder.path(&place)).expect("the document is there");
    let tiers = "amount: {first: [{when: 研发费用.上年 >= 1万元, then: 1万元}, {when: 研发费用.上年 >= 2万元, then: 2万元}]}";
    folder.write(&place, text.replace("amount: 研发费用.上年 * 10%", tiers));
    folder
}

#[test]
fn what_looks_wrong_is_a_warning_and_ends_with_status_1() {
    let run = with_an_odd_tier().run(&["check", "library"]).ends_with(1);
    assert!(run.out.contains("警告[L0103]: 前面的档已经包括了这一档,永远轮不到"), "{}", run.out);
    assert!(run.out.contains(&format!("library/{BROKEN}:")), "{}", run.out);
    assert!(run.out.contains("建议: 对照原文改正界限或次序"), "{}", run.out);
    assert!(run.out.contains("没有错误,1 处警告,另有 5 处已写明理由。"), "{}", run.out);
    let run = with_an_odd_tier().run(&["check", "library", "--lang", "en"]).ends_with(1);
    assert!(
        run.out.contains("warning[L0103]: earlier tiers cover this one: it is never reached"),
        "{}",
        run.out
    );
    assert!(run.out.contains("no errors, warnings: 1, accepted with a reason: 5."), "{}", run.out);
}

#[test]
fn what_looks_wrong_and_was_accepted_is_counted_and_told_as_json() {
    let folder = with_an_odd_tier();
    let place = format!("library/{BROKEN}");
    let text = std::fs::read_to_string(folder.path(&place)).unwrap();
    let reason = "lint: [{allow: L0103, at: amount, reason: {zh: 原文如此。, en: So it is written.}}, ";
    folder.write(&place, text.replace("lint: [", reason));
    let all = folder.run(&["check", "library", "--format", "json"]).ends_with(0).json();
    assert_eq!(all["findings"], serde_json::json!([]));
    assert_eq!(all["summary"]["silenced"], 6);
    let silenced = all["silenced"].as_array().unwrap().iter().find(|one| one["code"] == "L0103").unwrap();
    assert_eq!(silenced["reason"], serde_json::json!({"zh": "原文如此。", "en": "So it is written."}));
    assert_eq!(silenced["path"], format!("library/{BROKEN}"));
}

#[test]
fn a_document_that_ended_is_judged_by_the_day_given() {
    let folder = with_library();
    let place = "library/policies/city/demo-old-2020/2020-01-01.yaml";
    let text = std::fs::read_to_string(folder.path(place)).unwrap();
    folder.write(place, text.replace("superseded_by: demo-grant-2026\n", ""));
    folder.run(&["check", "library", "--on", "2025-12-31"]).ends_with(0);
    let run = folder.run(&["check", "library", "--on", "2026-01-01"]).ends_with(1);
    assert!(run.out.contains("L0303"), "{}", run.out);
}

#[test]
fn the_rules_are_listed_in_both_languages_and_as_json() {
    let folder = Folder::new();
    let zh = folder.run(&["check", "--rules"]).ends_with(0).out;
    let en = folder.run(&["check", "--rules", "--lang", "en"]).ends_with(0).out;
    let all = folder.run(&["check", "--rules", "--format", "json"]).ends_with(0).json();
    let rules = all["rules"].as_array().unwrap();
    assert!(rules.len() >= 13);
    for rule in rules {
        let line = |language: &str| {
            format!("{}  {}", rule["code"].as_str().unwrap(), rule["what"][language].as_str().unwrap())
        };
        assert!(zh.contains(&line("zh")), "{zh}");
        assert!(en.contains(&line("en")), "{en}");
        assert!(en.contains(rule["mend"]["en"].as_str().unwrap()), "{en}");
    }
    folder.run(&["check", "library", "--rules"]).ends_with(2);
}

#[test]
fn a_single_document_is_checked_within_the_library_it_lies_in() {
    let folder = with_library();
    folder.run(&["check", &format!("library/{BROKEN}")]).ends_with(0);
    let run = with_mistakes().run(&["check", &format!("library/{BROKEN}")]).ends_with(1);
    assert!(run.out.contains("研发费用"), "{}", run.out);
}

#[test]
fn a_single_document_elsewhere_is_checked_within_the_library_given() {
    let folder = with_library();
    let text = std::fs::read(folder.path(&format!("library/{BROKEN}"))).unwrap();
    folder.write("elsewhere/mine.yaml", text);
    folder.run(&["check", "elsewhere/mine.yaml", "--library", "library"]).ends_with(0);
}

#[test]
fn a_file_that_is_no_text_is_a_located_mistake() {
    let folder = with_library();
    folder
        .write("library/policies/city/demo-bad-2026/2026-01-01.yaml", b"id: demo\ntitle: \xB2\xE2\xCA\xD4\n");
    let run = folder.run(&["check", "library"]).ends_with(1);
    assert!(run.out.contains("E0009"), "{}", run.out);
    assert!(run.out.contains("2026-01-01.yaml:2:8"), "{}", run.out);
}

#[test]
fn a_path_that_is_not_there_cannot_be_checked() {
    let run = Folder::new().run(&["check", "nowhere"]).ends_with(2);
    insta::assert_snapshot!(run.err, @r"
    错误:没有 nowhere
      建议:看看名字和当前文件夹对不对
    ");
    let run = Folder::new().run(&["check", "nowhere", "--lang", "en"]).ends_with(2);
    insta::assert_snapshot!(run.err, @r"
    error: there is no nowhere
      help: check the name and the current folder
    ");
}

#[test]
fn an_empty_folder_holds_nothing_to_check() {
    let run = Folder::new().run(&["check", "."]).ends_with(2);
    assert!(run.err.contains(".yaml"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn watching_sees_a_change_and_ends_with_ctrl_c() {
    use std::io::{BufRead as _, BufReader};
    let folder = with_library();
    let mut child = folder.command(&["check", "library", "--watch"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let waits = |line: Option<Result<String, std::io::Error>>| line.unwrap().unwrap().contains("等待修改");
    assert!(waits(lines.next()));
    folder.write(&format!("library/{BROKEN}"), "id: [");
    assert!(waits(lines.next()));
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // The last check found something wrong, and the status says so.
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn watching_needs_something_to_watch() {
    let run = Folder::new().run(&["check", "--watch"]).ends_with(2);
    assert!(run.err.contains("zhimei check library/ --watch"), "{}", run.err);
}

#[test]
fn examples_that_hold_are_counted() {
    let folder = with_library();
    let run = folder.run(&["test", "library"]).ends_with(0);
    assert!(run.out.contains("全部 2 个例子相符"), "{}", run.out);
    let run =
        folder.run(&["test", "library", "--policy", "demo-grant-2026", "--format", "json"]).ends_with(0);
    assert_eq!(run.json()["summary"], serde_json::json!({"run": 2, "passed": 2, "failed": 0, "findings": 0}));
}

#[test]
fn an_example_that_differs_is_shown_with_its_line() {
    let folder = with_library();
    let place = "library/policies/city/demo-grant-2026/cases.yaml";
    let text = std::fs::read_to_string(folder.path(place)).unwrap();
    folder.write(place, text.replace("amount: 21万元", "amount: 22万元"));
    let run = folder.run(&["test", "library"]).ends_with(1);
    assert!(run.out.contains("cases.yaml:3"), "{}", run.out);
    assert!(run.out.contains("应为 22万元,得到 21万元"), "{}", run.out);
    let run = folder.run(&["test", "library", "--lang", "en"]).ends_with(1);
    assert!(run.out.contains("expected 22万元, got 21万元"), "{}", run.out);
}

#[test]
fn an_example_of_a_document_with_mistakes_does_not_pass_for_one_that_holds() {
    with_mistakes().run(&["test", "library"]).ends_with(1);
}

#[test]
fn examples_of_an_unknown_policy_cannot_be_run() {
    let run = with_library().run(&["test", "library", "--policy", "demo-grant-2025"]).ends_with(2);
    assert!(run.err.contains("是不是“demo-grant-2026”?"), "{}", run.err);
}

#[test]
fn mistakes_that_no_example_notices_are_shown_with_the_example_that_is_wanted() {
    let folder = with_library();
    let run = folder.run(&["test", "library", "--mutants", "--policy", "demo-grant-2026", "--lang", "en"]);
    let run = run.ends_with(1);
    let place = format!("survived library/{BROKEN}:19:46 500人 → 501人");
    assert!(run.out.contains(&place), "{}", run.out);
    assert!(run.out.contains("is exactly 500人, or lies between 500人 and 501人"), "{}", run.out);
    let run = folder.run(&["test", "library", "--mutants", "--policy", "demo-grant-2026"]).ends_with(1);
    assert!(run.out.contains("要补:一个“职工总数.上年”恰为 500人"), "{}", run.out);
}

#[test]
fn an_example_on_the_bound_makes_its_mutants_go_away() {
    let folder = with_library();
    let place = "library/policies/city/demo-grant-2026/cases.yaml";
    let text = std::fs::read_to_string(folder.path(place)).unwrap();
    let more = "  - {case: 恰好, on: 2026-06-30, facts: {职工总数.上年: 500人}, expect: {outcome: eligible}}\n  - {case: 多一人, on: 2026-06-30, facts: {职工总数.上年: 501人}, expect: {outcome: ineligible}}\n";
    folder.write(place, format!("{text}{more}"));
    let run = folder.run(&["test", "library", "--mutants", "--policy", "demo-grant-2026"]).ends_with(1);
    assert!(!run.out.contains("500人 →"), "{}", run.out);
}

#[test]
fn mutants_are_enough_from_the_percentage_that_was_asked_for() {
    let folder = with_library();
    let arguments = ["test", "library", "--mutants", "--policy", "demo-grant-2026", "--format", "json"];
    let run =
        folder.run(&[&arguments[..], &["--at-least", "10", "--json", "all.json"]].concat()).ends_with(0);
    let all = run.json();
    assert_eq!(all["summary"]["is_enough"], true);
    let count = |verdict: &str| {
        let mutants = all["mutants"].as_array().unwrap().iter();
        serde_json::json!(mutants.filter(|mutant| mutant["verdict"] == verdict).count())
    };
    for verdict in ["caught", "refused", "same", "survived"] {
        assert_eq!(all["summary"][verdict], count(verdict), "{verdict}");
    }
    assert_eq!(std::fs::read_to_string(folder.path("all.json")).unwrap(), run.out);
    let run = folder.run(&[&arguments[..], &["--at-least", "101"]].concat()).ends_with(2);
    assert!(!run.err.is_empty());
}

#[test]
fn what_examples_notice_is_asked_only_once_they_hold() {
    let folder = with_library();
    let place = "library/policies/city/demo-grant-2026/cases.yaml";
    let text = std::fs::read_to_string(folder.path(place)).unwrap();
    folder.write(place, text.replace("amount: 21万元", "amount: 22万元"));
    let run = folder.run(&["test", "library", "--mutants"]).ends_with(2);
    assert!(run.err.contains("不带 --mutants"), "{}", run.err);
    let run = folder.run(&["test", "library", "--at-least", "90"]).ends_with(2);
    assert!(run.err.contains("--mutants"), "{}", run.err);
}

#[test]
fn formatting_changes_only_what_is_not_canonical_and_only_once() {
    let folder = with_library();
    let place = format!("library/{BROKEN}");
    let text = std::fs::read_to_string(folder.path(&place)).unwrap();
    folder.write(&place, text.replace("职工总数.上年 <= 500人", "职工总数.上年<=500人"));
    let run = folder.run(&["fmt", "library", "--check"]).ends_with(1);
    assert!(run.err.contains("会改 library/policies"), "{}", run.err);
    folder.run(&["fmt", "library"]).ends_with(0);
    assert_eq!(std::fs::read_to_string(folder.path(&place)).unwrap(), text);
    folder.run(&["fmt", "library", "--check"]).ends_with(0);
}

#[test]
fn a_new_policy_checks_passes_its_examples_and_is_never_overwritten() {
    let folder = with_library();
    let new = ["new", "demo-new-2026", "--from", "2026-05-01", "--into", "mine", "--library", "library"];
    folder.run(&new).ends_with(0);
    folder.run(&["check", "mine/demo-new-2026", "--library", "library"]).ends_with(0);
    folder.run(&["fmt", "mine", "--check"]).ends_with(0);
    let run = folder.run(&["test", "mine", "--library", "library"]).ends_with(0);
    assert!(run.out.contains("全部 3 个例子相符"), "{}", run.out);
    let run = folder.run(&new).ends_with(2);
    assert!(run.err.contains("不覆盖"), "{}", run.err);
    let run = folder.run(&["new", "Demo_New", "--library", "library"]).ends_with(2);
    assert!(run.err.contains("小写字母"), "{}", run.err);
}

#[test]
fn a_new_policy_also_fits_the_library_in_the_binary() {
    let folder = Folder::new();
    folder.run(&["new", "demo-new-2026", "--from", "2026-05-01"]).ends_with(0);
    folder.run(&["check", "demo-new-2026"]).ends_with(0);
    folder.run(&["test", "demo-new-2026"]).ends_with(0);
}

#[test]
fn a_new_policy_goes_where_the_library_keeps_its_policies() {
    let folder = with_library();
    folder.run(&["new", "demo-new-2026", "--level", "zone", "--from", "2026-05-01"]).ends_with(0);
    assert!(folder.path("library/policies/zone/demo-new-2026/2026-05-01.yaml").exists());
}
