//! Vocabulary files: defaults, and what is wrong with them.

use facts::{Change, Disclosure, Grain, Number, Source, vocabulary};

use crate::words;

/// Code, the text it points at, and the help, for every finding in one file.
fn findings(text: &str) -> Vec<(&'static str, String, String)> {
    let source = Source::new("facts.yaml", text);
    let (_, found) = vocabulary::load(std::slice::from_ref(&source));
    let told = |finding: &facts::Diagnostic| {
        assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
        let at = source.text.get(finding.span.start..finding.span.end).unwrap_or_default();
        (finding.code, at.trim().to_owned(), finding.help.zh.clone())
    };
    found.iter().map(|(_, finding)| told(finding)).collect()
}

fn codes_of(text: &str) -> Vec<&'static str> {
    findings(text).into_iter().map(|(code, ..)| code).collect()
}

#[test]
fn what_is_not_said_has_its_default() {
    let vocabulary = words();
    let fact = vocabulary.get(vocabulary.find("居民企业").expect("declared"));
    assert_eq!(
        (fact.grain, fact.change, fact.disclosure),
        (Grain::Once, Change::Subject, Disclosure::Subject)
    );
    assert_eq!(fact.of, ["enterprise"]);
    let money = vocabulary.get(vocabulary.find("净利润").expect("declared"));
    assert_eq!(money.unit.map(|unit| unit.name), Some("万元"));
    let event = vocabulary.get(vocabulary.find("重大违法").expect("declared"));
    assert_eq!(event.grain, Grain::Event);
    let count = vocabulary.get(vocabulary.find("从业人数").expect("declared"));
    assert_eq!(count.least, Some(Number::zero()));
}

#[test]
fn bounds_are_given_in_the_unit_and_kept_in_base_units() {
    let vocabulary = words();
    let cost = vocabulary.get(vocabulary.find("研究开发费用").expect("an alias"));
    assert_eq!(cost.name, "研发费用");
    assert_eq!(cost.most, Some(Number::from(1_000_000_000_000)));
    let (percent, _) =
        vocabulary::load(&[Source::new("f", "facts: [{name: 占比, type: ratio, most: 200%}]")]);
    assert_eq!(percent.get(percent.find("占比").expect("declared")).most, Some(Number::from(2)));
}

#[test]
fn everything_wrong_is_told_at_once_where_it_stands() {
    let text = "facts:
  - {name: 甲, type: mony}
  - {name: 乙, type: money, graine: year}
  - {type: money}
  - {name: 丁, type: money, unit: 人}
  - {name: 戊, type: number, unit: 万平}
";
    let told: Vec<(&str, String, String)> = vec![
        ("E0012", "mony".into(), "是不是“money”?".into()),
        ("E0010", "graine".into(), "是不是“grain”?".into()),
        ("E0011", "type".into(), "请补上“name: …”".into()),
        ("E0014", "人".into(), "金额用 元 或 万元".into()),
    ];
    let found = findings(text);
    assert_eq!(found[..4], told);
    assert_eq!((found[4].0, found[4].1.as_str()), ("E0013", "万平"));
    assert_eq!(found.len(), 5);
}

#[test]
fn each_mistake_has_its_code() {
    let table: [(&str, &[&str]); 37] = [
        ("facts: [{name: 甲}]", &["E0011"]),
        ("facts: [{name: 甲, type: number, grain: yearly}]", &["E0012"]),
        ("facts: [{name: 甲, type: number, change: god}]", &["E0012"]),
        ("facts: [{name: 甲, type: number, pace: slow}]", &["E0012"]),
        ("facts: [{name: 甲, type: number, disclosure: nobody}]", &["E0012"]),
        ("facts: [{name: 甲, type: count, unit: 万元}]", &["E0014"]),
        ("facts: [{name: 甲, type: count, unit: 分}]", &["E0014"]),
        ("facts: [{name: 甲, type: count}]", &["E0011"]),
        ("facts: [{name: 甲, type: number, unit: 元}]", &["E0014"]),
        ("facts: [{name: 甲, type: ratio, unit: '%'}]", &["E0014"]),
        ("facts: [{name: 甲, type: bool, unit: 人}]", &["E0014"]),
        ("facts: [{name: 甲, type: bool}, {name: 甲, type: bool}]", &["E0015"]),
        ("facts: [{name: 甲, type: bool}, {name: 乙, also: [甲], type: bool}]", &["E0015"]),
        ("facts: [{name: 甲, type: bool}]\ncollections: [{name: 甲, item: thing}]", &["E0015"]),
        ("facts: [{name: 甲, type: bool, codes: [A]}]", &["E0016"]),
        ("facts: [{name: 甲, type: bool, hierarchy: true}]", &["E0016"]),
        ("facts: [{name: 甲, type: code}]", &["E0016"]),
        ("facts: [{name: 甲, type: code, codes: [A], hierarchy: true}]", &["E0016"]),
        ("facts: [{name: 甲, type: number, least: few}]", &["E0017"]),
        ("facts: [{name: 甲, type: number, least: 5%}]", &["E0017"]),
        ("facts: [{name: 甲, type: number, least: 2, most: 1}]", &["E0018"]),
        ("facts: {name: 甲}", &["E0019"]),
        ("facts: [甲]", &["E0019"]),
        ("facts: [{name: [甲], type: bool}]", &["E0019"]),
        ("facts: [{name: 甲.乙, type: bool}]", &["E0020"]),
        ("facts: [{name: 名称, type: text}]", &["E0020"]),
        ("facts: [{name: 甲, type: code, codes: [A, {code: B, also: [A]}]}]", &["E0021"]),
        ("facts: [{name: 甲, type: bool, of: enterprize}]", &["E0022"]),
        ("statuses: [{name: 高企, facts: [高企证书有效]}]", &["E0022"]),
        ("periods: [{name: 甲年及乙年, years: [甲年, 上年]}]", &["E0022"]),
        ("collections: [{name: 投资, item: investment, roles: {被投企业: firm}}]", &["E0022"]),
        ("periods: [{name: 上年末}]", &["E0023"]),
        ("facts: [{name: 甲, type: date, least: 1}]", &["E0024"]),
        ("facts: [{name: 甲, type: bool, personal: maybe}]", &["E0025"]),
        ("facts: [{name: 甲, type: event, grain: once}]", &["E0026"]),
        ("facts: [{name: 甲, type: count, unit: 项, any_of: [乙]}, {name: 乙, type: bool}]", &["E0027"]),
        ("facts: [{name: 甲, type: bool, any_of: [乙]}, {name: 乙, type: text}]", &["E0022"]),
    ];
    for (text, codes) in table {
        assert_eq!(codes_of(text), codes, "{text}");
    }
}

#[test]
fn malformed_yaml_and_unknown_parts_are_told() {
    assert_eq!(codes_of("facts: [{name: 甲"), ["E0001"]);
    assert_eq!(codes_of("fact: []"), ["E0010"]);
    assert_eq!(
        codes_of("documents: [{id: x}, {id: x, title: 甲}, {title: 乙}]"),
        ["E0011", "E0015", "E0011"]
    );
    assert_eq!(codes_of(""), Vec::<&str>::new());
    assert_eq!(codes_of("# nothing yet\n"), Vec::<&str>::new());
}

#[test]
fn files_may_refer_to_one_another_in_any_order() {
    let sources = [
        Source::new("a.yaml", "facts: [{name: 投资额, type: money, of: investment}]"),
        Source::new(
            "b.yaml",
            "collections: [{name: 投资, item: investment}]\nfacts: [{name: 投资额, type: money}]",
        ),
    ];
    let (vocabulary, found) = vocabulary::load(&sources);
    let told: Vec<(usize, &str)> = found.iter().map(|(source, finding)| (*source, finding.code)).collect();
    assert_eq!(told, [(1, "E0015")]);
    assert_eq!(vocabulary.len(), 1);
}

#[test]
fn roles_and_kinds_can_be_looked_up() {
    let vocabulary = words();
    assert_eq!(vocabulary.role("被投企业"), Some("enterprise"));
    assert_eq!(vocabulary.kind("企业"), Some("enterprise"));
    assert_eq!(vocabulary.kind("investment"), Some("investment"));
    assert_eq!(vocabulary.kind("公司"), None);
}
