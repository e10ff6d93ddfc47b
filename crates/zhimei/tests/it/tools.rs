//! `eval`, `feel`, `facts`, `policy`, `uscc`, `schema`, `completions`, and the program as a whole.

use serde_json::json;

use crate::support::{Folder, english, with_library};

const COMMANDS: [&str; 17] = [
    "check",
    "test",
    "fmt",
    "feel",
    "eval",
    "explain",
    "match",
    "ask",
    "policy",
    "facts",
    "codes",
    "new",
    "template",
    "demo",
    "uscc",
    "schema",
    "completions",
];

#[test]
fn every_command_has_help_with_an_example_in_both_languages() {
    let folder = Folder::new();
    for command in COMMANDS {
        let zh = folder.run(&[command, "--help"]).ends_with(0).out;
        assert!(zh.contains("例子:") && zh.contains(&format!("zhimei {command}")), "{command}: {zh}");
        assert!(zh.contains("用法:") && !zh.contains('¦'), "{command}: {zh}");
        let en = folder.run(&["--lang", "en", command, "--help"]).ends_with(0).out;
        assert!(en.contains("Examples:") && en.contains("Usage:"), "{command}: {en}");
        assert!(!en.contains('¦') && !en.contains("例子:"), "{command}: {en}");
    }
}

#[test]
fn the_program_lists_its_commands_in_both_languages() {
    let folder = Folder::new();
    insta::assert_snapshot!("help-zh", folder.run(&["-h"]).ends_with(0).out);
    insta::assert_snapshot!("help-en", folder.run(&["-h", "--lang", "en"]).ends_with(0).out);
    assert!(folder.run(&["help", "match"]).ends_with(0).out.contains("zhimei match"));
    assert!(folder.run(&["--version"]).ends_with(0).out.starts_with("zhimei "));
}

#[test]
fn a_wrong_command_or_option_is_told_in_the_chosen_language() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["mach"]).ends_with(2).err, @r"
    错误:没有“mach”这个命令
      建议:是不是“match”?

    用法:zhimei [OPTIONS] <COMMAND>

    写 --help 看说明和例子。
    ");
    let run = folder.run(&["check", "--format", "pdf"]).ends_with(2);
    assert!(run.err.contains("“pdf”不能作为") && run.err.contains("text、json"), "{}", run.err);
    let run = folder.run(&["--lang=en", "check", "--wach"]).ends_with(2);
    assert!(run.err.contains("--watch"), "{}", run.err);
    folder.run(&[]).ends_with(2);
}

#[test]
fn the_language_can_come_from_the_environment() {
    let folder = Folder::new();
    let output = folder.command(&["uscc", "1"]).env("ZHIMEI_LANG", "en").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("18 characters"));
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let folder = Folder::new();
    assert!(!folder.run(&["uscc", "1"]).out.contains('\u{1b}'));
    assert!(folder.run(&["uscc", "1", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let folder = Folder::new();
    for arguments in [
        &["schema"][..],
        &["facts", "list"],
        &["completions", "bash"],
        &["policy", "list", "--format", "json"],
    ] {
        let mut child = folder.command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{arguments:?}");
    }
}

#[test]
fn a_folder_that_is_no_library_is_refused() {
    let folder = Folder::new();
    folder.write("other/x.yaml", "a: 1\n");
    let run = folder.run(&["policy", "list", "--library", "other"]).ends_with(2);
    assert!(run.err.contains("不是政策库"), "{}", run.err);
}

#[test]
fn expressions_are_evaluated_exactly_and_name_what_is_not_known() {
    let folder = with_library();
    folder.write("names.yaml", "a: 3\nb: 3800万元\nc: [1, 2, 4]\nd: 2026-01-31\n研发费用.上年: 210\n");
    let lines =
        "a / 9\nb / 2\nsum(c)\nd + 1个月\n研发费用.上年 >= 200万元\n研发费用.前年\n0.1 + 0.2\nb + a\nnix\n";
    let run = folder
        .run_with(&["eval", "--library", "library", "--context", "names.yaml", "--on", "2026-06-30"], lines)
        .ends_with(1);
    insta::assert_snapshot!("eval-typed", run.out);
}

#[test]
fn in_null_mode_every_error_is_null() {
    let folder = Folder::new();
    folder.write("names.json", r#"{"full name": "甲", "n": 2.50}"#);
    let lines = "1/3\nfor i in 1..3 return i ** 2\n\"a\" + 1\n(\nfull name\nn * 2\n{a: 1, b: [2]}\ndate(\"2026-06-30\") + duration(\"P1M\")\n[1,2,3][item > 1]\n";
    let run = folder.run_with(&["eval", "--null-mode", "--context", "names.json"], lines).ends_with(0);
    insta::assert_snapshot!("eval-null", run.out);
    assert_eq!(run.err, "");
    let run = folder.run(&["eval", "--null-mode", "--verbose", "\"a\" + 1"]).ends_with(0);
    assert!(run.err.contains('+'), "{}", run.err);
}

#[test]
fn an_error_in_an_expression_says_where() {
    let run = with_library().run(&["eval", "--library", "library", "研发费.上年 > 1万元"]).ends_with(1);
    let error = &run.json()["error"];
    assert_eq!((&error["code"], &error["column"]), (&json!("E0301"), &json!(1)));
}

#[test]
fn rules_are_printed_as_standard_feel() {
    let folder = with_library();
    let run =
        folder.run(&["feel", "--library", "library", "研发费用.上年 / 营业收入.上年 >= 5%"]).ends_with(0);
    assert_eq!(run.out, "研发费用.上年 / 营业收入.上年 >= 0.05\n");
    let run = folder.run(&["feel", "library/policies/city/demo-grant-2026/2026-01-01.yaml"]).ends_with(0);
    assert!(run.out.contains("// staff\n职工总数.上年 <= 500\n"), "{}", run.out);
    let run = folder.run(&["feel", "--library", "library", "研发费.上年"]).ends_with(1);
    assert!(run.err.contains("是不是“研发费用”?"), "{}", run.err);
}

#[test]
fn facts_can_be_found_and_shown() {
    let folder = with_library();
    let in_library = |more: &[&str]| folder.run(&[&["--library", "library", "facts"], more].concat());
    assert!(in_library(&["list"]).ends_with(0).out.contains("9 项事实"));
    assert!(in_library(&["search", "r&d"]).ends_with(0).out.starts_with("研发费用"));
    let run = in_library(&["search", "天气"]).ends_with(1);
    assert!(run.err.contains("没有含“天气”的事实"), "{}", run.err);
    let run = in_library(&["show", "研究开发费用"]).ends_with(0);
    assert!(run.out.contains("用到它的政策:demo-grant-2026"), "{}", run.out);
    let run = in_library(&["show", "研发费"]).ends_with(2);
    assert!(run.err.contains("是不是“研发费用”?"), "{}", run.err);
    assert_eq!(in_library(&["show", "研发费用", "--format", "json"]).ends_with(0).json()["unit"], "万元");
}

#[test]
fn policies_can_be_listed_and_shown() {
    let folder = with_library();
    let in_library = |more: &[&str]| folder.run(&[&["--library", "library", "policy"], more].concat());
    insta::assert_snapshot!("policy-list", in_library(&["list"]).ends_with(0).out);
    let listed = in_library(&["list", "--kind", "subsidy", "--on", "2026-06-30", "--format", "json"])
        .ends_with(0)
        .json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let shown = in_library(&["show", "demo-grant-2026", "--format", "json"]).ends_with(0).json();
    assert_eq!(shown["conditions"].as_array().unwrap().len(), 4);
    let run = in_library(&["list", "--level", "planet"]).ends_with(2);
    assert!(run.err.contains("national、province、city、zone"), "{}", run.err);
    in_library(&["show", "demo-grant"]).ends_with(2);
}

#[test]
fn credit_codes_are_checked_one_by_one() {
    let run = Folder::new().run(&["uscc", "91330100799655058b", "91350100M000100Y4Z"]).ends_with(1);
    insta::assert_snapshot!(run.out, @r"
    ✓ 91330100799655058B  登记管理部门 工商,机构类别 1,登记地 330100 浙江省…,组织机构代码 799655058
    ✗ 91350100M000100Y4Z  统一社会信用代码第 18 位的字符不会出现在这一位
    ");
    Folder::new().run(&["uscc", "91330100799655058B"]).ends_with(0);
}

#[test]
fn the_schema_is_json_and_completions_name_the_commands() {
    let folder = Folder::new();
    assert_eq!(
        folder.run(&["schema"]).ends_with(0).json()["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]).ends_with(0).out;
        assert!(COMMANDS.iter().all(|command| script.contains(command)), "{shell}");
    }
    folder.run(&["completions", "tcsh"]).ends_with(2);
}

#[test]
fn a_decision_that_was_taken_out_is_verified_without_a_database() {
    let folder = Folder::new();
    let golden = include_str!("../../../platform/tests/golden/decision-1.json");
    folder.write("decision.json", golden);
    let fine = english(&folder, &["verify", "decision.json"]).ends_with(0);
    assert!(
        fine.out.contains("decided again it is the same") && fine.out.contains("compare that"),
        "{}",
        fine.out
    );
    let json = english(&folder, &["verify", "decision.json", "--json"]).ends_with(0).json();
    let key = json["key"].as_str().unwrap().to_owned();
    let known = english(&folder, &["verify", "decision.json", "--key", &key]).ends_with(0);
    assert!(known.out.contains("the key that was given"), "{}", known.out);
    let other = format!("{}{}", if key.starts_with('0') { "1" } else { "0" }, &key[1..]);
    let wrong = english(&folder, &["verify", "decision.json", "--key", &other]);
    assert!(wrong.code == 1 || wrong.err.contains("64 hexadecimal digits"), "{}", wrong.err);
    folder.write("altered.json", golden.replace("240万元", "250万元"));
    let altered = english(&folder, &["verify", "altered.json"]).ends_with(1);
    assert!(altered.out.contains("values or reasons are not those that were kept"), "{}", altered.out);
    folder.write("other.json", "{}");
    let other = english(&folder, &["verify", "other.json"]).ends_with(1);
    assert!(other.out.contains("no bundle"), "{}", other.out);
    let missing = english(&folder, &["verify", "nowhere.json"]).ends_with(2);
    assert!(missing.err.contains("cannot read nowhere.json"), "{}", missing.err);
    let short = english(&folder, &["verify", "decision.json", "--key", "12"]).ends_with(2);
    assert!(short.err.contains("64 hexadecimal digits"), "{}", short.err);
}
