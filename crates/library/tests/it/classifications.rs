//! The published lists of the library, and what documents make of them.

use facts::classification::Standing;
use library::{File, Role};

use super::support::{files, real_library, sound};

#[test]
fn the_industries_have_all_sections_and_divisions_and_every_code_that_documents_read() {
    let library = real_library();
    let vocabulary = &library.rulebook.vocabulary;
    let industry = vocabulary.classifications.classification("industry").expect("the list is there");
    let of_length = |length: usize| industry.codes().filter(|code| code.code.len() == length).count();
    assert_eq!((of_length(1), of_length(3)), (20, 97));
    let english = industry.codes().filter(|code| code.name.en.is_empty()).count();
    assert_eq!(english, 0, "names in both languages");
}

#[test]
fn the_sixteen_industries_of_the_size_standard_are_found_by_longest_prefix() {
    let library = real_library();
    let lists = &library.rulebook.vocabulary.classifications;
    let sizes = lists.grouping("size-class").expect("the grouping is there");
    assert_eq!(sizes.groups.len(), 16);
    let of = |code: &str| -> Vec<&str> {
        sizes.of_code(code).iter().map(|group| group.name.zh.as_str()).collect()
    };
    assert_eq!(of("C3911"), ["工业"]);
    assert_eq!(of("G5910"), ["交通运输业"]);
    assert_eq!(of("G5990"), ["仓储业"]);
    assert_eq!(of("G59"), ["交通运输业", "仓储业"], "too coarse to tell");
    assert_eq!(of("K7030"), ["其他未列明行业"]);
    for outside in ["G53", "J66", "K704", "P83", "Q84", "S91", "T97"] {
        assert!(of(outside).is_empty(), "{outside}");
    }
}

#[test]
fn the_areas_of_the_zone_are_there_and_its_code_in_statistics_says_what_it_is() {
    let library = real_library();
    let area = library.rulebook.vocabulary.classifications.classification("area").expect("the list is there");
    let name = |code: &str| area.find(code).map(|code| code.name.zh.as_str());
    assert_eq!(name("410100"), Some("郑州市"));
    assert_eq!(name("410106"), Some("上街区"));
    assert_eq!(name("410182"), Some("荥阳市"));
    let zone = area.find("410172").expect("statistics have a code for the zone");
    assert!(zone.note.zh.contains("不是行政区划"), "{}", zone.note.zh);
    assert_eq!(area.standing("410107"), Standing::Impossible);
    assert_eq!(area.standing("330100"), Standing::Unlisted, "no list of that province");
}

#[test]
fn the_working_days_of_each_year_are_as_many_as_its_notice_leaves() {
    let library = real_library();
    let years = &library.rulebook.vocabulary.classifications.years;
    let counts: Vec<(i32, usize)> =
        years.iter().map(|(year, known)| (*year, known.working_days().count())).collect();
    // Weekdays of the year, less holidays on weekdays, and the weekend days that are worked.
    assert_eq!(counts, [(2024, 251), (2025, 248), (2026, 248)]);
    assert!(years.values().all(|year| year.document.starts_with("国办发明电〔")));
}

const CODES: &str = "classification: trade\ntitle: {zh: 行业}\nedition: 例\nlevels: [{name: {zh: 门类}, length: 1}, {name: {zh: 大类}, length: 3}]\n\
                     complete: {to: 3}\ncodes: {C: {zh: 制造}, C39: {zh: 电子}, I: {zh: 信息}, I65: {zh: 软件}}\n";
const SIZES: &str =
    "grouping: size\ntitle: {zh: 划型}\nof: trade\ngroups: {工业: {under: [C]}, 软件: {under: [I65]}}\n";
const FACTS: &str = "facts:\n  - {name: 行业, en: Trade, type: code, codes: trade, hierarchy: true}\n\
                     \x20 - {name: 人数, en: Staff, type: count, unit: 人}\n";

/// A document with a table over groups and a condition on a code.
fn document(table: &str, rule: &str) -> String {
    format!(
        "id: x-trade\ntitle: 行业\nkind: subsidy\nsubject: enterprise\n\
         source: {{issuer: [测试], document: [], grade: none, read: 2026-11-23}}\nin_force: {{from: 2020-01-01}}\n\
         tables:\n  表: {table}\n\
         needs:\n  - {{id: a, clause: 待核, rule: '{rule}', says: 甲}}\n  - {{id: b, clause: 待核, rule: '命中(表)', says: 乙}}\n\
         gives: {{status: 称号}}\n"
    )
}

fn findings(table: &str, rule: &str) -> Vec<String> {
    let checked = library::check(vec![
        File::new("facts/words.yaml", FACTS),
        File::new("classifications/trade.yaml", CODES),
        File::new("classifications/size.yaml", SIZES),
        File::new("policies/city/x-trade/2020-01-01.yaml", document(table, rule)),
    ]);
    let shown = checked.findings.iter().map(|found| &found.diagnostic);
    shown.map(|found| format!("{} {}", found.code, found.message.en)).collect()
}

const ROWS: &str =
    "{key: 行业, classes: size, rows: [{keys: [工业], 人数: {大: 10人}}, {keys: [软件], 人数: {大: 5人}}]}";

#[test]
fn a_table_over_groups_is_one_over_their_codes() {
    assert!(findings(ROWS, "行业 in (\"C\", \"I65\")").is_empty());
    let wrong = ROWS.replace("[软件]", "[软体]");
    assert_eq!(findings(&wrong, "true"), ["E0450 the grouping size has no group “软体”"]);
    let wrong = ROWS.replace("classes: size", "classes: seize");
    assert_eq!(findings(&wrong, "true")[0], "E0449 the key of the table has no grouping of codes “seize”");
    let twice = ROWS.replace("[软件]", "[软件, 工业]");
    assert_eq!(findings(&twice, "true"), ["E0442 code “C” stands twice in the table"]);
}

#[test]
fn a_code_that_the_edition_does_not_have_is_a_warning_unless_the_table_is_of_another() {
    assert_eq!(findings(ROWS, "行业 in (\"C39\", \"C93\")"), ["W0440 例 has no code “C93”"]);
    let table =
        |edition: &str| format!("{{key: 行业, {edition}rows: [{{keys: [C93], 人数: {{大: 10人}}}}]}}");
    assert_eq!(findings(&table(""), "true"), ["W0440 例 has no code “C93”"]);
    assert!(findings(&table("edition: 旧版, "), "true").is_empty());
}

#[test]
fn a_library_without_the_list_of_a_fact_says_where_it_belongs() {
    let checked = library::check(vec![File::new("facts/words.yaml", FACTS)]);
    let [finding] = checked.findings.as_slice() else { panic!("{:?}", checked.findings) };
    assert!(finding.diagnostic.help.en.contains("folder classifications"), "{:?}", finding.diagnostic);
    let alone: Vec<File> = files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library"))
        .into_iter()
        .filter(|file| [Role::Facts, Role::Classification].contains(&library::role(&file.path)))
        .collect();
    assert!(sound(library::check(alone)).rulebook.ids().is_empty());
}
