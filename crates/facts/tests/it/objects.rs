//! Profiles written as JSON and YAML.

use facts::read::{ReadError, ReadOptions, profile_from_node, read};
use facts::{Period, QuarterEnd, Source, SpanAs, Value, YearRef, yaml};

use crate::{codes, number, only_profile, read_text, value, words};

fn last_year() -> Period {
    Period::Year(YearRef::Relative(-1))
}

#[test]
fn an_object_of_facts_is_a_subject() {
    let text =
        r#"{"研发费用.上年": 210, "销售": null, "居民企业": true, "行业代码": "C39", "研发占比@2025": "5%"}"#;
    let outcome = read_text("甲.json", text);
    assert_eq!(codes(&outcome), ["E0060"]);
    let profile = &outcome.profiles[0];
    assert_eq!(profile.kind, "enterprise");
    assert_eq!(value(profile, "研发费用", &last_year()), Some(number(2_100_000)));
    assert_eq!(value(profile, "居民企业", &Period::Unstated), Some(Value::Bool(true)));
    assert_eq!(value(profile, "行业代码", &Period::Unstated), Some(Value::Code("C39".into())));
    assert!(value(profile, "研发占比", &Period::Year(YearRef::Absolute(2025))).is_some());
}

#[test]
fn a_list_and_subjects_and_facts_apart_all_say_the_same() {
    let json = r#"{"subjects": [{"名称": "甲", "kind": "机构", "facts": {"居民企业": false}}]}"#;
    let yaml = "- name: 甲\n  主体: institution\n  居民企业: 否\n";
    let (from_json, from_yaml) = (only_profile("a.json", json), only_profile("a.yaml", yaml));
    assert_eq!((from_json.name.as_str(), from_json.kind.as_str()), ("甲", "institution"));
    assert_eq!((&from_yaml.name, &from_yaml.kind), (&from_json.name, &from_json.kind));
    assert_eq!(value(&from_yaml, "居民企业", &Period::Unstated), Some(Value::Bool(false)));
}

#[test]
fn aliases_and_all_spellings_of_a_period_load_as_one_fact() {
    for key in ["研发费用.上年", "研发费用@上年", "研究开发费用 . 上年", "研究开发费用@ 上年"]
    {
        let profile = only_profile("a.yaml", &format!("{key}: 3万元"));
        assert_eq!(value(&profile, "研发费用", &last_year()), Some(number(30_000)), "{key}");
    }
}

#[test]
fn json_numbers_keep_every_digit() {
    let profile = only_profile(
        "a.json",
        r#"{"注册资本": 90071992547409.93, "复杂度指数": 0.1234567890123456789012345}"#,
    );
    let exact = |fact: &str| value(&profile, fact, &Period::Unstated).map(|value| value.to_string());
    assert_eq!(exact("注册资本").as_deref(), Some("90071992547409.93"));
    assert_eq!(exact("复杂度指数").as_deref(), Some("0.1234567890123456789012345"));
}

#[test]
fn quoted_and_plain_scalars_say_the_same() {
    let profile = only_profile("a.yaml", "研发费用.上年: '3800'\n居民企业: \"是\"\n净利润.上年: \"\"\n");
    assert_eq!(value(&profile, "研发费用", &last_year()), Some(number(38_000_000)));
    assert_eq!(value(&profile, "居民企业", &Period::Unstated), Some(Value::Bool(true)));
    assert_eq!(value(&profile, "净利润", &last_year()), None);
}

#[test]
fn relative_periods_and_labels_stay_as_written() {
    let text =
        "{研发费用.认定前一年: 1, 研发费用.投资当年及次年合计: 2, 资产总额.上年末: 3, 研发费用.近3年合计: 4}";
    let profile = only_profile("a.yaml", text);
    assert_eq!(value(&profile, "研发费用", &Period::Label("认定前一年".into())), Some(number(10_000)));
    assert_eq!(
        value(&profile, "研发费用", &Period::Label("投资当年及次年合计".into())),
        Some(number(20_000))
    );
    assert_eq!(value(&profile, "资产总额", &Period::YearEnd(YearRef::Relative(-1))), Some(number(30_000)));
    assert_eq!(value(&profile, "研发费用", &Period::LastYears(3, SpanAs::Total)), Some(number(40_000)));
}

#[test]
fn an_event_takes_a_span() {
    let profile = only_profile("a.yaml", "{重大违法@近3年: false, 重大违法@上年及当年: 是}");
    assert_eq!(value(&profile, "重大违法", &Period::LastYears(3, SpanAs::Years)), Some(Value::Bool(false)));
    assert_eq!(
        value(&profile, "重大违法", &Period::SinceYear(YearRef::Relative(-1))),
        Some(Value::Bool(true))
    );
}

#[test]
fn quarters_are_pairs_of_opening_and_closing() {
    let profile = only_profile("a.json", r#"{"从业人数@季": [[110,114],[114,120],[120,126],[126,null]]}"#);
    let quarter = |n, end| value(&profile, "从业人数", &Period::Quarter(YearRef::Relative(0), n, end));
    assert_eq!(quarter(1, QuarterEnd::Opening), Some(number(110)));
    assert_eq!(quarter(3, QuarterEnd::Closing), Some(number(126)));
    assert_eq!(quarter(4, QuarterEnd::Opening), Some(number(126)));
    assert_eq!(quarter(4, QuarterEnd::Closing), None);
}

#[test]
fn collections_roles_statuses_and_decisions_have_their_places() {
    let text = "
名称: 某创投
统一社会信用代码: 91410000170001401d
status:高新技术企业: {number: GR202341000001, from: 2023-11-22, to: 2026-11-21}
manual:known-brand: true
在孵企业: []
投资:
  - {投资额: 100, 投资日: 2023-03-01, 被投企业: {名称: 乙, 从业人数: 30人, 资产总额.投资时: 500}}
  - {投资额: 50, 被投企业.从业人数: 20, 被投企业.名称: 丙}
";
    let profile = only_profile("a.yaml", text);
    assert_eq!(profile.id, "91410000170001401D");
    assert_eq!(profile.manual.get("known-brand"), Some(&true));
    let certificate = &profile.holdings["高新技术企业"];
    assert_eq!((certificate.held, certificate.number.as_str()), (true, "GR202341000001"));
    assert_eq!(certificate.to.map(|day| day.to_string()).as_deref(), Some("2026-11-21"));
    assert_eq!(profile.collections["在孵企业"], vec![]);
    let items = &profile.collections["投资"];
    assert_eq!(items.iter().map(|item| item.kind.as_str()).collect::<Vec<_>>(), ["investment", "investment"]);
    let parties: Vec<_> = items.iter().map(|item| &item.roles["被投企业"]).collect();
    assert_eq!((parties[0].name.as_str(), parties[1].name.as_str()), ("乙", "丙"));
    assert_eq!(value(parties[0], "资产总额", &Period::Label("投资时".into())), Some(number(5_000_000)));
    assert_eq!(value(parties[1], "从业人数", &Period::Unstated), Some(number(20)));
}

#[test]
fn each_mistake_has_its_code_and_costs_only_itself() {
    let table = [
        ("研发费: 1", "E0060"),
        ("投资.投资额: 1", "E0060"),
        ("研发费用.去年: 1", "E0061"),
        ("重大违法@近3年合计: 是", "E0061"),
        ("居民企业.上年: 是", "E0062"),
        ("{研发费用.上年: 1, 研究开发费用@上年: 2}", "E0063"),
        ("{资产总额.上年: 1, 资产总额.上年末: 2}", "E0063"),
        ("研发费用.上年: [1]", "E0064"),
        ("研发费用.上年: {a: 1}", "E0064"),
        ("投资: 3", "E0064"),
        ("投资: {投资额: 1}", "E0064"),
        ("被投企业: 乙", "E0064"),
        ("从业人数@季: 120", "E0065"),
        ("从业人数@季: [[1,2],[2,3],[3,4]]", "E0065"),
        ("从业人数@季: [[1,2],[2,3],[3,4],[4]]", "E0065"),
        ("重大违法@季: [[1,0],[1,0],[1,0],[1,0]]", "E0065"),
        ("研发费用.近3年: 1", "E0066"),
        ("status:高新企业: 是", "E0067"),
        ("status:高新技术企业: {from: 2024-01-01, to: 2023-01-01}", "E0068"),
        ("status:高新技术企业: {to: 2023}", "E0039"),
        ("status:高新技术企业: {bis: 2023-01-01}", "E0064"),
        ("status:高新技术企业: 有", "E0038"),
        ("manual:brand: maybe", "E0038"),
        ("kind: 公司", "E0069"),
        ("credit_code: 91350100M000100Y44", "E0074"),
        ("知识产权类型: [发明, 商标]", "E0042"),
        ("{居民企业: 是, 居民企业: 否}", "E0006"),
        ("从业人数@季: [[1.5,2],[2,3],[3,4],[4,5]]", "E0037"),
        ("研发费用.上年: 无", "E0044"),
    ];
    for (text, code) in table {
        let outcome = read_text("a.yaml", &format!("- {text}\n- {{居民企业: 是}}\n"));
        assert_eq!(codes(&outcome), [code], "{text}");
        assert_eq!(outcome.profiles.len(), 2, "{text}");
    }
}

#[test]
fn a_subject_given_twice_is_told_and_the_first_counts() {
    let outcome = read_text("a.yaml", "- {id: A, 净利润: 1}\n- {id: B}\n- {id: A, 净利润: 2}\n");
    assert_eq!(codes(&outcome), ["E0073"]);
    assert_eq!(outcome.profiles.iter().map(|profile| profile.id.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(value(&outcome.profiles[0], "净利润", &Period::Unstated), Some(number(10_000)));
}

#[test]
fn a_fact_with_two_values_stays_unknown() {
    let outcome =
        read_text("a.yaml", "{研发费用.上年: 1, 研究开发费用.上年: 2, 研究开发费用@上年: 1, 净利润: 5}");
    assert_eq!(value(&outcome.profiles[0], "研发费用", &last_year()), None);
    assert_eq!(value(&outcome.profiles[0], "净利润", &Period::Unstated), Some(number(50_000)));
    assert_eq!(
        codes(&read_text("a.yaml", "{研发费用.上年: 1, 研究开发费用.上年: 1万元}")),
        Vec::<&str>::new()
    );
}

#[test]
fn an_individual_business_may_have_an_odd_organisation_code() {
    let body = "92410100MA000000";
    let found = b"0123456789ABCDEFGHJKLMNPQRTUWXY".iter().find_map(|last| {
        let code = format!("{body}5{}", *last as char);
        matches!(code.parse::<facts::Uscc>(), Err(facts::UsccError::OrganisationCheck { .. })).then_some(code)
    });
    let code = found.expect("one of the last characters passes the first check");
    assert!(codes(&read_text("a.yaml", &format!("credit_code: {code}"))).is_empty());
    let enterprise = code.replacen("92", "91", 1);
    assert_eq!(codes(&read_text("a.yaml", &format!("credit_code: {enterprise}"))), ["E0074"]);
}

#[test]
fn a_problem_names_line_and_nearest_name() {
    let outcome = read_text("甲.json", "[\n  {\"名称\": \"甲\",\n   \"研发费\": 3}\n]");
    assert_eq!(outcome.problems[0].place.zh, "甲.json 第 3 行第 4 字");
    assert_eq!(outcome.problems[0].place.en, "甲.json, line 3, character 4");
    assert_eq!(outcome.problems[0].help.zh, "是不是“研发费用”?");
    assert_eq!(
        outcome.problems[0].render(facts::Language::Chinese),
        "[E0060] 甲.json 第 3 行第 4 字:没有名为“研发费”的事实。是不是“研发费用”?"
    );
}

#[test]
fn each_value_knows_where_it_was_read() {
    let profile = only_profile("a.yaml", "名称: 甲\n净利润: 3\n");
    let id = words().find("净利润").expect("declared");
    assert_eq!(profile.facts[&id][0].origin.text.zh, "a.yaml 第 2 行");
}

#[test]
fn malformed_json_is_refused_with_its_place() {
    let table = [
        ("{\"净利润\": 1,}", 1, 11),
        ("{\"净利润\": 01}", 1, 9),
        ("{\"净利润\": .5}", 1, 9),
        ("{\"净利润\": NaN}", 1, 9),
        ("{净利润: 1}", 1, 2),
        ("{\"净利润\" 1}", 1, 8),
        ("[{}\n{}]", 2, 1),
        ("{} {}", 1, 4),
        ("{\"净利润", 1, 6),
        ("[\"\\ud800\"]", 1, 9),
        ("[\"\\x\"]", 1, 4),
        ("[1", 1, 3),
    ];
    for (text, line, column) in table {
        match read("a.json", text.as_bytes(), &words(), &ReadOptions::default()) {
            Err(ReadError::Malformed { line: l, column: c, .. }) => {
                assert_eq!((l, c), (line, column), "{text}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn json_escapes_and_tabs_are_read() {
    let profile = only_profile("a.json", "{\n\t\"\\u540d\\u79f0\": \"甲\\/\\n\\ud83d\\ude00\\\"乙\"\r\n}");
    assert_eq!(profile.name, "甲/\n😀\"乙");
}

#[test]
fn json_keys_given_twice_are_told_and_the_first_counts() {
    let outcome = read_text("a.json", r#"{"净利润": 1, "净利润": 2}"#);
    assert_eq!(codes(&outcome), ["E0006"]);
    assert_eq!(value(&outcome.profiles[0], "净利润", &Period::Unstated), Some(number(10_000)));
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    for name in ["a.json", "a.yaml"] {
        let deep = "[".repeat(100_000);
        assert!(matches!(
            read(name, deep.as_bytes(), &words(), &ReadOptions::default()),
            Err(ReadError::Malformed { .. })
        ));
    }
}

#[test]
fn a_node_of_a_larger_document_can_be_read_as_a_profile() {
    let source = Source::new("cases.yaml", "cases:\n  - facts: {净利润.上年: 3万元, 净利: 1}\n");
    let (root, _) = yaml::parse(&source.text);
    let root = root.expect("well-formed");
    let facts = root.get("cases").and_then(|cases| cases.as_list()?[0].get("facts")).expect("facts");
    let (profile, found) = profile_from_node(facts, &source, &words(), "enterprise");
    assert_eq!(value(&profile, "净利润", &last_year()), Some(number(30_000)));
    assert_eq!(found.len(), 1);
    assert_eq!(&source.text[found[0].span.start..found[0].span.end], "净利");
}
