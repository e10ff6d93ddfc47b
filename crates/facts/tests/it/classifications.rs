//! Classifications, groupings and working days: what is read, what is found, and what is wrong with a file.

use facts::classification::{Classifications, DayKind, Standing, load};
use facts::{Date, Language, Source, Value, vocabulary};

const INDUSTRY: &str = r#"
classification: industry
title: {zh: 行业, en: Industries}
edition: 例 2017
levels:
  - {name: {zh: 门类, en: section}, length: 1}
  - {name: {zh: 大类, en: division}, length: 3}
  - {name: {zh: 中类, en: group}, length: 4}
  - {name: {zh: 小类, en: class}, length: 5}
complete: {to: 3, below: [I65]}
codes:
  G: {zh: 交通运输、仓储和邮政业, en: Transport}
  G59: {zh: 装卸搬运和仓储业, en: Storage}
  G591: {zh: 装卸搬运, en: Loading}
  I: {zh: 信息业, en: Information}
  I65: {zh: 软件业, en: Software}
  I651: {zh: 软件开发, en: Software development}
"#;

const AREA: &str = r#"
classification: area
title: {zh: 地区}
edition: 例
width: 6
levels: [{name: {zh: 省}, length: 2}, {name: {zh: 市}, length: 4}, {name: {zh: 县}, length: 6}]
complete: {to: 2, below: [410100]}
codes:
  410000: {zh: 河南省, en: Henan}
  410100: {zh: 郑州市, en: Zhengzhou}
  410102: {zh: 中原区, en: Zhongyuan}
"#;

const SIZES: &str = r#"
grouping: size
title: {zh: 划型行业}
of: industry
groups:
  运输: {en: Transport, under: [G591]}
  仓储: {en: Storage, under: [G59]}
"#;

const DAYS: &str = r#"
year: 2026
source: {title: {zh: 通知}, document: 例〔2025〕7号, published: 2025-11-04}
holidays:
  - {zh: 元旦, en: New Year, from: 2026-01-01, to: 2026-01-03, work: [2026-01-04]}
"#;

fn read(texts: &[&str]) -> (Classifications, Vec<String>) {
    let sources: Vec<Source> = texts.iter().map(|text| Source::new("list.yaml", *text)).collect();
    let (lists, found) = load(&sources);
    let found = found.into_iter().map(|(_, finding)| format!("{} {}", finding.code, finding.message.en));
    (lists, found.collect())
}

#[track_caller]
fn sound() -> Classifications {
    let (lists, found) = read(&[INDUSTRY, AREA, SIZES, DAYS]);
    assert!(found.is_empty(), "{found:?}");
    lists
}

#[test]
fn a_code_is_listed_or_perhaps_there_or_certainly_not() {
    let lists = sound();
    let industry = lists.classification("industry").unwrap();
    let standings = [
        ("I651", Standing::Listed),
        ("G592", Standing::Unlisted),
        ("G5921", Standing::Unlisted),
        ("I6513", Standing::Unlisted),
        ("I652", Standing::Impossible),
        ("I6521", Standing::Impossible),
        ("C39", Standing::Impossible),
        ("C3911", Standing::Impossible),
        ("G5", Standing::Impossible),
        ("G59100", Standing::Impossible),
        ("", Standing::Impossible),
        ("软件", Standing::Impossible),
    ];
    for (code, standing) in standings {
        assert_eq!(industry.standing(code), standing, "{code}");
    }
}

#[test]
fn codes_filled_up_with_noughts_lie_under_one_another_all_the_same() {
    let lists = sound();
    let area = lists.classification("area").unwrap();
    let names = |code: &str| area.path(code).iter().map(|code| code.name.zh.as_str()).collect::<Vec<_>>();
    assert_eq!(names("410102"), ["河南省", "郑州市", "中原区"]);
    assert_eq!(names("410199"), ["河南省", "郑州市"]);
    assert_eq!(area.below("410000").len(), 1);
    let standings = [
        ("410100", Standing::Listed),
        ("410103", Standing::Impossible),
        ("410200", Standing::Unlisted),
        ("410201", Standing::Unlisted),
        ("990000", Standing::Impossible),
        ("4101", Standing::Impossible),
        ("4101020", Standing::Impossible),
    ];
    for (code, standing) in standings {
        assert_eq!(area.standing(code), standing, "{code}");
    }
}

#[test]
fn codes_are_found_by_number_and_by_a_word_of_their_name_in_both_languages() {
    let lists = sound();
    let industry = lists.classification("industry").unwrap();
    let found = |text: &str| industry.search(text).iter().map(|code| code.code.as_str()).collect::<Vec<_>>();
    assert_eq!(found("软件"), ["I65", "I651"]);
    assert_eq!(found("SOFTWARE"), ["I65", "I651"]);
    assert_eq!(found("g59"), ["G59", "G591"]);
    assert!(found("航空").is_empty());
}

#[test]
fn a_value_is_shown_with_its_name_or_with_what_it_lies_under() {
    let facts = "facts: [{name: 行业, type: code, codes: industry, hierarchy: true}]";
    let (words, found) = vocabulary::load_with(&[Source::new("facts.yaml", facts)], sound());
    assert!(found.is_empty(), "{found:?}");
    let fact = words.find("行业").unwrap();
    let shown = |code: &str, language| words.show(fact, &Value::Code(code.to_owned()), language);
    assert_eq!(shown("I651", Language::Chinese), "I651 软件开发");
    assert_eq!(shown("I651", Language::English), "I651 Software development");
    assert_eq!(shown("I6513", Language::Chinese), "I6513 软件开发…");
    assert_eq!(shown("Z99", Language::Chinese), "Z99");
}

#[test]
fn a_fact_of_a_classification_that_is_not_there_is_an_error_where_all_are_known() {
    let facts =
        [Source::new("facts.yaml", "facts: [{name: 行业, type: code, codes: trade, hierarchy: true}]")];
    let (_, found) = vocabulary::load_with(&facts, sound());
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].1.code, &*found[0].1.message.en),
        ("E0022", "there is no classification named “trade”")
    );
    assert!(vocabulary::load(&facts).1.is_empty(), "without the lists names are taken on trust");
    let facts = [Source::new("facts.yaml", "facts: [{name: 行业, type: bool, codes: industry}]")];
    assert_eq!(vocabulary::load_with(&facts, sound()).1[0].1.code, "E0016");
}

#[test]
fn the_days_of_a_year_are_worked_from_monday_to_friday_but_for_what_the_notice_says() {
    let lists = sound();
    let year = &lists.years[&2026];
    let kind = |month, day| year.kind(Date::new(2026, month, day).unwrap()).unwrap();
    assert!(matches!(kind(1, 2), DayKind::Holiday(holiday) if holiday.name.zh == "元旦"));
    assert!(matches!(kind(1, 3), DayKind::Holiday(_)), "a Saturday inside a holiday is the holiday's");
    assert!(matches!(kind(1, 4), DayKind::Instead(_)));
    assert_eq!((kind(1, 5), kind(1, 10)), (DayKind::Workday, DayKind::Weekend));
    // 365 days, of which 104 are Saturdays and Sundays; two weekdays off, one Sunday worked.
    assert_eq!(year.working_days().count(), 365 - 104 - 2 + 1);
    assert_eq!(year.kind(Date::new(2025, 1, 1).unwrap()), None);
}

#[test]
fn everything_wrong_with_a_file_is_told_at_once() {
    let codes = "classification: x\ntitle: {zh: 甲}\nedition: 例\nlevels: [{name: {zh: 一}, length: 1}, {name: {zh: 二}, length: 3}]\n\
                 complete: {to: 1, below: [Z]}\ncodes:\n  A: {zh: 甲}\n  B01: {zh: 乙}\n  A1: {zh: 丙}\n  A02: {en: no name}\n";
    let (_, found) = read(&[codes]);
    assert_eq!(
        found,
        [
            "E0093 x (例) does not list “Z”",
            "E0094 “B”, which it lies under, is not listed",
            "E0093 “A1” has the length of no level of x (例)",
            "E0011 “zh” is missing",
        ]
    );
    let grouping = "grouping: g\nof: industry\ngroups:\n  甲: {under: [Z9, I65]}\n  乙: {under: [I65]}\n  丙: {en: none}\n";
    let (_, found) = read(&[INDUSTRY, grouping]);
    let codes: Vec<&str> = found.iter().map(|text| &text[..5]).collect();
    assert_eq!(codes, ["E0093", "E0095", "E0011"], "{found:?}");
    let days = "year: 2026\nsource: {document: 例}\nholidays:\n  - {zh: 春节, from: 2026-02-15, to: 2025-02-16}\n  - {zh: 元旦, from: 2026-01-01, to: 2026-01-03, work: [2026-01-05, 昨天]}\n";
    let (_, found) = read(&[days]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|text| text.starts_with("E0096")), "{found:?}");
    assert!(read(&["name: x\n"]).1[0].starts_with("E0090"));
    assert!(read(&[INDUSTRY, INDUSTRY]).1[0].starts_with("E0095"));
    assert!(read(&[SIZES]).1[0].starts_with("E0091"));
}
