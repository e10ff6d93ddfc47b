//! `codes`: lists looked up by code and by text, and what other commands make of them.

use serde_json::json;

use crate::support::Folder;

#[test]
fn the_lists_there_are_come_with_their_editions() {
    let folder = Folder::new();
    let out = folder.run(&["codes"]).ends_with(0).out;
    for word in ["industry", "GB/T 4754-2017", "area", "size-class", "working-days", "2024 2025 2026"] {
        assert!(out.contains(word), "{word}: {out}");
    }
    let value = folder.run(&["codes", "--format", "json"]).ends_with(0).json();
    assert_eq!(value["working_days"], json!([2024, 2025, 2026]));
}

#[test]
fn a_code_is_shown_with_what_it_lies_under_and_its_size_class() {
    let folder = Folder::new();
    let out = folder.run(&["codes", "industry", "c3973"]).ends_with(0).out;
    assert!(out.contains("C3973 集成电路制造") && out.contains("C 制造业 › C39"), "{out}");
    assert!(out.contains("(size-class):工业"), "{out}");
    let en = folder.run(&["codes", "industry", "G59", "--lang", "en"]).ends_with(0).out;
    assert!(en.contains("Transport (without railways) or Warehousing"), "{en}");
    assert!(en.contains("G591") && !en.contains('¦'), "{en}");
    let value = folder.run(&["codes", "area", "410182", "--format", "json"]).ends_with(0).json();
    assert_eq!(value["path"], json!(["410000", "410100", "410182"]));
    assert_eq!(value["name"]["en"], "Xingyang");
}

#[test]
fn codes_are_found_by_a_word_in_either_language() {
    let folder = Folder::new();
    let out = folder.run(&["codes", "industry", "物联网"]).ends_with(0).out;
    assert!(out.contains("I6532") && out.contains("I653 "), "{out}");
    let out = folder.run(&["codes", "industry", "robots", "--lang", "en"]).ends_with(0).out;
    assert!(out.contains("C3491"), "{out}");
    let run = folder.run(&["codes", "industry", "没有这个行业"]).ends_with(1);
    assert!(run.err.contains("没有含") && run.out.is_empty(), "{}", run.err);
}

#[test]
fn a_code_that_is_not_listed_is_told_apart_from_one_that_cannot_be() {
    let folder = Folder::new();
    let run = folder.run(&["codes", "industry", "C2652"]).ends_with(0);
    assert!(run.out.contains("可能有") && run.out.contains("合成材料制造"), "{}", run.out);
    let run = folder.run(&["codes", "industry", "I6510"]).ends_with(1);
    assert!(run.out.contains("GB/T 4754-2017 里没有代码 I6510"), "{}", run.out);
    let value = folder.run(&["codes", "industry", "I6510", "--format", "json"]).ends_with(1).json();
    assert_eq!(value["standing"], "impossible");
}

#[test]
fn a_group_is_found_by_code_and_by_name() {
    let folder = Folder::new();
    let out = folder.run(&["codes", "size-class", "G5910"]).ends_with(0).out;
    assert!(out.contains("交通运输业") && !out.contains("仓储业"), "{out}");
    let out = folder.run(&["codes", "size-class", "hotels", "--lang", "en"]).ends_with(0).out;
    assert!(out.contains("H61"), "{out}");
    assert!(folder.run(&["codes", "size-class", "P83"]).ends_with(1).err.contains("任何一组"));
    assert_eq!(folder.run(&["codes", "size-class"]).ends_with(0).out.matches("K70").count(), 4);
}

#[test]
fn a_day_is_worked_or_not_by_the_notice_of_its_year() {
    let folder = Folder::new();
    let said = |what: &str| folder.run(&["codes", "working-days", what, "--lang", "en"]).ends_with(0).out;
    assert!(said("2026-10-10").contains("is a working day: worked in place of National Day"));
    assert!(said("2026-10-09").contains("is a working day: Monday to Friday"));
    assert!(said("2026-10-08").contains("is a working day"));
    assert!(said("2026-10-07").contains("is no working day: National Day"));
    assert!(said("2026-11-28").contains("is no working day: the weekend"));
    assert!(said("2026").contains("2026: 248 working days"));
    let value = folder.run(&["codes", "working-days", "2025-01-26", "--format", "json"]).ends_with(0).json();
    assert_eq!((&value["kind"], &value["worked"]), (&json!("worked_instead"), &json!(true)));
}

#[test]
fn a_year_without_a_notice_is_not_guessed() {
    let folder = Folder::new();
    for what in ["2031", "2031-05-06"] {
        let run = folder.run(&["codes", "working-days", what]).ends_with(1);
        assert!(run.err.contains("没有 2031 年的放假安排"), "{}", run.err);
    }
    let run = folder.run(&["codes", "working-days", "明天"]).ends_with(2);
    assert!(run.err.contains("2026-10-10"), "{}", run.err);
    let run = folder.run(&["codes", "industri", "C39"]).ends_with(2);
    assert!(run.err.contains("是不是“industry”"), "{}", run.err);
}

#[test]
fn codes_are_shown_with_their_names_and_a_wrong_one_is_told() {
    let folder = Folder::new();
    folder.write("firm.yaml", "{名称: 示例企业, 行业代码: C39, 从业人数.2025: 280, 营业收入.2025: 5200}");
    let explain = ["explain", "--policy", "cn-sme-class-2011", "--on", "2026-06-30", "--facts"];
    let run = folder.run(&[&explain[..], &["firm.yaml"]].concat()).ends_with(0);
    assert!(run.out.contains("C39 计算机、通信和其他电子设备制造业"), "{}", run.out);
    assert!(!run.err.contains("GB/T 4754"), "{}", run.err);
    folder.write("firm.csv", "名称,行业代码,从业人数.2025\n示例甲,I6510,80\n示例乙,I6510,90\n");
    let explain = [&explain[..], &["firm.csv", "--subject", "示例甲"]].concat();
    let run = folder.run(&explain);
    assert!(run.err.contains("GB/T 4754-2017 里没有行业代码“I6510”(2 处)"), "{}", run.err);
    assert!(run.err.contains("I651 软件开发"), "{}", run.err);
    let run = folder.run(&["facts", "show", "行业代码"]).ends_with(0);
    assert!(run.out.contains("GB/T 4754-2017,zhimei codes industry"), "{}", run.out);
    let run = folder.run(&["uscc", "91330100799655058B"]).ends_with(0);
    assert!(run.out.contains("330100 浙江省"), "{}", run.out);
}
