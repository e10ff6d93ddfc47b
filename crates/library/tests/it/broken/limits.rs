//! Files past all bounds: too long, too deep, numbers without end. Made here, since nobody would want to read them.

use engine::point::{Engine, Outcome};
use facts::Severity;
use library::{Checked, File};

use super::sound_files;

const TOO_DEEP: &str = "the expression is nested more than 200 deep";

/// Whether YAML was refused because of its depth, by the limit of the reader or of the parser below it.
fn is_nested(message: &str) -> bool {
    message == "nested deeper than 64 levels" || message == "malformed YAML: recursion limit exceeded"
}

/// The sound library without its examples, which a broken document leaves undecided.
fn documents() -> Vec<File> {
    let mut files = sound_files();
    files.retain(|file| !file.path.ends_with("cases.yaml"));
    files
}

/// The sound library with one rule of its first document replaced.
fn with_rule(rule: &str) -> Checked {
    let mut files = documents();
    let quoted = format!("rule: '{}'", rule.replace('\'', "''"));
    for file in &mut files {
        file.text = file.text.replace("rule: 研发占比 >= 3%", &quoted);
    }
    library::check(files)
}

/// The message of the only error, and the text under it.
fn only_error(checked: &Checked) -> (&str, &str) {
    let [finding] = checked.findings.as_slice() else {
        panic!(
            "one finding, not {:?}",
            checked.findings.iter().map(|f| &f.diagnostic.message.en).collect::<Vec<_>>()
        )
    };
    assert_eq!(finding.diagnostic.severity, Severity::Error);
    let (span, source) = (finding.diagnostic.span, &checked.sources[finding.source]);
    for language in [facts::Language::Chinese, facts::Language::English] {
        let shown = source.render(&finding.diagnostic, language);
        assert!(shown.len() < 2_000, "a message of {} bytes is not read by anybody", shown.len());
    }
    (&finding.diagnostic.message.en, &source.text[span.start..span.end.min(source.text.len())])
}

#[test]
fn an_expression_nested_without_end_is_refused() {
    let rule = format!("{}居民企业{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(only_error(&with_rule(&rule)).0, TOO_DEEP);
}

#[test]
fn calls_nested_without_end_are_refused() {
    let rule = format!("{}居民企业{}", "not(".repeat(3_000), ")".repeat(3_000));
    assert_eq!(only_error(&with_rule(&rule)).0, TOO_DEEP);
}

#[test]
fn a_chain_of_a_thousand_sums_is_refused_with_a_way_out() {
    let rule = format!("{}1 > 0", "1 + ".repeat(1_000));
    assert_eq!(only_error(&with_rule(&rule)).0, TOO_DEEP);
}

#[test]
fn a_rule_of_a_megabyte_on_one_line_is_refused() {
    let rule = format!("居民企业 = {}true", " ".repeat(1 << 20));
    assert_eq!(only_error(&with_rule(&rule)).0, "the expression is longer than 100000 bytes");
}

#[test]
fn a_list_of_twenty_thousand_codes_is_refused() {
    let rule = format!("行业代码 in ({}\"C\")", "\"C\",".repeat(20_000));
    assert_eq!(only_error(&with_rule(&rule)).0, "the expression has more than 10000 nodes");
}

#[test]
fn a_line_of_a_megabyte_in_a_note_is_no_error() {
    let mut files = documents();
    for file in files.iter_mut().filter(|file| file.path.contains("x-other/2024")) {
        file.text.push_str(&format!("notes: [{}]\n", "很".repeat(350_000)));
    }
    assert!(library::check(files).findings.is_empty());
}

#[test]
fn a_line_of_a_megabyte_with_a_mistake_at_its_end_is_shown_where_it_stands() {
    let mut files = documents();
    for file in files.iter_mut().filter(|file| file.path.contains("x-other/2024")) {
        file.text = file.text.replace(
            "gives:\n",
            &format!(
                "notes: [{}]\nlet: {{甲: '{}不存在的名字'}}\ngives:\n",
                "很".repeat(100_000),
                " ".repeat(90_000)
            ),
        );
    }
    assert_eq!(only_error(&library::check(files)), ("unknown name “不存在的名字”", "不存在的名字"));
}

#[test]
fn yaml_nested_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let mut files = documents();
        let text = format!("id: x\nnotes: {}x{}\n", open.repeat(10_000), close.repeat(10_000));
        let text = if open == "- " { format!("{}x\n", open.repeat(10_000)) } else { text };
        files.push(File::new("policies/city/x/2024-01-01.yaml", text));
        let checked = library::check(files);
        assert!(is_nested(only_error(&checked).0), "{open}");
    }
}

#[test]
fn conditions_nested_without_end_are_refused() {
    let mut files = documents();
    for file in files.iter_mut().filter(|file| file.path.contains("x-other/2024")) {
        let deep = format!(
            "{}{{id: deep, clause: 待核, rule: 居民企业}}{}",
            "{all: [".repeat(300),
            "]}".repeat(300)
        );
        file.text = file.text.replace("{id: resident, clause: 第一条, rule: 居民企业}", &deep);
    }
    let checked = library::check(files);
    assert!(is_nested(only_error(&checked).0));
}

#[test]
fn a_file_larger_than_the_limit_is_refused() {
    let mut files = documents();
    let text = format!("# {}\n", "很".repeat(2 << 20));
    files.push(File::new("policies/city/x/2024-01-01.yaml", text));
    assert!(only_error(&library::check(files)).0.starts_with("the file has 6291459 bytes"));
}

#[test]
fn a_number_of_five_hundred_digits_is_refused() {
    let rule = format!("研发占比 >= {}", "9".repeat(500));
    let checked = with_rule(&rule);
    let (message, text) = only_error(&checked);
    assert_eq!((message, text.len()), ("a number has at most 400 digits", 500));
}

#[test]
fn a_power_past_all_bounds_is_refused() {
    for rule in [
        "2 ** 999999999999999999999 > 研发占比",
        "2 ** 100000 > 研发占比",
        "((10 ** 120) ** 120) ** 120 > 研发占比",
    ] {
        let checked = with_rule(rule);
        let (message, _) = only_error(&checked);
        assert!(
            ["an exponent has to be a small whole number", "this power is too large"].contains(&message),
            "{rule}"
        );
    }
}

#[test]
fn powers_that_multiply_without_end_are_refused() {
    let rule = format!("{}出口占比{} > 0", "(".repeat(8), " ** 127)".repeat(8));
    assert_eq!(only_error(&with_rule(&rule)).0, "powers and products come to more than the power 1000");
}

#[test]
fn products_that_double_at_each_name_are_refused() {
    let mut text = "let:\n  甲0: 出口占比 * 出口占比\n".to_owned();
    for step in 1..30 {
        text.push_str(&format!("  甲{step}: 甲{0} * 甲{0}\n", step - 1));
    }
    let mut files = documents();
    for file in files.iter_mut().filter(|file| file.path.contains("x-other/2024")) {
        file.text = file.text.replace("gives:\n", &format!("{text}gives:\n"));
    }
    let checked = library::check(files);
    assert!(checked.findings.iter().all(|finding| finding.diagnostic.code == "E0414"));
    assert_eq!(checked.findings.len(), 21, "甲9 is the first past the limit");
}

#[test]
fn values_that_double_at_each_name_do_not_blow_up() {
    let mut text = "let:\n  甲0: 发明专利数 + 发明专利数\n".to_owned();
    for step in 1..200 {
        text.push_str(&format!("  甲{step}: 甲{0} + 甲{0}\n", step - 1));
    }
    let mut files = documents();
    for file in files.iter_mut().filter(|file| file.path.contains("x-other/2024")) {
        file.text = file
            .text
            .replace("gives:\n", &format!("{text}gives:\n"))
            .replace("职工总数.当年 >= 职工总数.上年", "甲199 > 甲198");
    }
    let library = crate::support::sound(library::check(files));
    let mut profile = facts::Profile::new("enterprise");
    let decide = |profile: &facts::Profile| {
        let day = facts::Date { year: 2026, month: 6, day: 30 };
        Engine::new(&library.rulebook).decide("x-other", profile, day).expect("the document is there").outcome
    };
    assert_eq!(decide(&profile), Outcome::Unknown);
    let fact = |name: &str| library.rulebook.vocabulary.find(name).expect("a fact of the sound library");
    let none = facts::Value::Number(facts::Number::zero());
    profile.set(
        fact("居民企业"),
        facts::Period::Unstated,
        facts::Value::Bool(true),
        facts::Origin::default(),
    );
    profile.set(fact("发明专利数"), facts::Period::Unstated, none, facts::Origin::default());
    assert_eq!(decide(&profile), Outcome::Ineligible);
}

#[test]
fn quantifiers_inside_quantifiers_do_not_blow_up() {
    let mut rule = "研发费用.a0 > 0".to_owned();
    for level in (0..12).rev() {
        rule = format!("every a{level} in 近20年 satisfies {rule}");
    }
    assert_eq!(
        only_error(&with_rule(&rule)).0,
        "written out one by one, this comes to more than 2000 expressions"
    );
}
