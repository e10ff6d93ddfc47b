//! Rules and the sentences that they become.

use facts::{Language, Source, vocabulary};
use lang::ir::Test;
use lang::{Catalog, compile};

use super::*;

const WORDS: &str = "
facts:
  - {name: 研发费用, en: R&D expenditure, type: money, grain: year}
  - {name: 营业收入, en: Operating revenue, type: money, grain: year}
  - {name: 职工总数, en: Total staff, type: count, unit: 人, grain: year}
  - {name: 资产总额, en: Total assets, type: money, grain: stock}
  - {name: 用地面积, en: Land, type: number, unit: 亩}
  - {name: 投资强度, en: Investment, type: money}
  - {name: 成立日期, en: Day of founding, type: date}
  - {name: 持有年限, en: Years held, type: number, unit: 年}
  - {name: 居民企业, en: Resident enterprise, type: bool}
  - {name: 自主品牌, en: Own brand, type: bool}
  - {name: 质量认证, en: Certified quality, type: bool}
  - {name: 重大事故, en: Grave accident, type: event}
  - {name: 行业代码, en: Industry code, type: code, hierarchy: true}
  - {name: 规模, en: Size class, type: code, codes: [{code: 小型, en: small}, {code: 微型, en: micro}]}
";

/// What a rule becomes in Chinese and in English.
#[track_caller]
fn says(rule: &str, zh: &str, en: &str) {
    let (words, found) = vocabulary::load(&[Source::new("facts.yaml", WORDS)]);
    assert!(found.is_empty(), "{found:?}");
    let text = format!(
        "id: d\ntitle: {{zh: 甲}}\nshort: {{zh: 甲}}\nkind: subsidy\nsubject: enterprise\nsource: {{issuer: [乙], document: [], grade: none, read: 2026-01-02}}\nin_force: {{from: 2026-01-01}}\nlet:\n  强度: 研发费用.上年 / 营业收入.上年\nneeds:\n  - {{id: a, clause: 待核, rule: '{rule}'}}\ngives: {{status: 丙}}\n"
    );
    let source = Source::new("d.yaml", text.as_str());
    let (document, found) = compile(&source, &words, &Catalog::default());
    let document = document.unwrap_or_else(|| panic!("{rule}: {found:?}"));
    let book = Rulebook::new(words, Vec::new());
    let Test::Rule(rule) = &document.needs[0].test else { panic!("a rule") };
    let said = |language| Phrases::new(&document, &book, &text, language).holds(rule);
    assert_eq!((said(Language::Chinese).as_str(), said(Language::English).as_str()), (zh, en));
}

#[test]
fn thresholds_keep_the_unit_in_which_they_are_written() {
    says(
        "研发费用.上年 >= 5000万元",
        "上年研发费用不低于5000万元",
        "R&D expenditure last year is at least 50,000,000 yuan",
    );
    says("职工总数.上年 < 500", "上年职工总数少于500人", "total staff last year is less than 500 people");
    says(
        "资产总额.上年末 <= 2亿元",
        "上年末资产总额不超过2亿元",
        "total assets at the end of last year is at most 200,000,000 yuan",
    );
    says("持有年限 > 18个月", "持有年限超过18个月", "years held is more than 18 months");
    says("100人 <= 职工总数.上年", "上年职工总数不少于100人", "total staff last year is at least 100 people");
}

#[test]
fn a_quotient_of_like_things_is_a_share() {
    says(
        "研发费用.上年 / 营业收入.上年 >= 5%",
        "上年研发费用占上年营业收入的比例不低于5%",
        "R&D expenditure last year is at least 5% of operating revenue last year",
    );
    says("强度 >= 5%", "“强度”不低于5%", "“强度” is at least 5%");
    says(
        "投资强度 / 用地面积 >= 1000万元 / 亩",
        "投资强度与用地面积之比不低于每亩 1000万元",
        "the ratio of investment to land is at least 10,000,000 yuan per mu",
    );
}

#[test]
fn spans_are_totals_and_means_over_their_years() {
    says(
        "sum(研发费用.近3年) / sum(营业收入.近3年) >= 3%",
        "近3年研发费用合计占近3年营业收入合计的比例不低于3%",
        "the total of R&D expenditure over the last 3 years is at least 3% of the total of operating revenue over the last 3 years",
    );
}

#[test]
fn the_same_in_each_of_several_years_is_said_once() {
    says(
        "every 年 in 近2年 satisfies 研发费用.年 >= 100万元 and 研发费用.年 / 营业收入.年 >= 3%",
        "近2年每年研发费用不低于100万元,并且研发费用占营业收入的比例不低于3%",
        "in each of the last 2 years R&D expenditure is at least 1,000,000 yuan and R&D expenditure is at least 3% of operating revenue",
    );
}

#[test]
fn growth_is_told_as_growth_and_not_as_the_power_it_is_decided_by() {
    says(
        "复合增长率(营业收入.大前年, 营业收入.上年, 2) >= 25%",
        "从大前年营业收入到上年营业收入,每年平均增长(复合,按 2 年算)不低于25%",
        "compound growth a year from operating revenue 3 years ago to operating revenue last year, over 2 years, is at least 25%",
    );
}

#[test]
fn yes_and_no_are_said_for_what_they_are() {
    says("居民企业", "符合“居民企业”", "“Resident enterprise”");
    says("not(居民企业)", "不是“居民企业”", "not “Resident enterprise”");
    says("not(重大事故.近3年)", "近3年没有“重大事故”", "not “Grave accident” over the last 3 years");
    says("居民企业 = false", "不是“居民企业”", "not “Resident enterprise”");
}

#[test]
fn alternatives_stand_side_by_side_and_groups_in_brackets() {
    says(
        "居民企业 and (自主品牌 or 质量认证)",
        "符合“居民企业”,并且(符合“自主品牌”,或者符合“质量认证”)",
        "“Resident enterprise” and (“Own brand” or “Certified quality”)",
    );
    says(
        "计数真(居民企业, 自主品牌, 质量认证) >= 2",
        "以下 3 项中至少符合 2 项(符合“居民企业”;符合“自主品牌”;符合“质量认证”)",
        "at least 2 of these 3 (“Resident enterprise”; “Own brand”; “Certified quality”)",
    );
    says(
        "not(居民企业 and 自主品牌)",
        "(不同时符合:符合“居民企业”;符合“自主品牌”)",
        "(not all of: “Resident enterprise”; “Own brand”)",
    );
}

#[test]
fn codes_are_said_by_their_words_and_days_come_before_and_after() {
    says("规模 in (\"小型\", \"微型\")", "规模是“小型”或“微型”", "size class is small or micro");
    says("规模 != \"微型\"", "规模不是“微型”", "size class is not micro");
    says("行业代码 in (\"C39\", \"I65\")", "行业代码属于C39或I65", "industry code lies under C39 or I65");
    says(
        "成立日期 <= 申请日 - 1年",
        "成立日期不晚于申请日之前1年",
        "day of founding is not after 1 year before the day of application",
    );
    says(
        "成立日期 >= date(\"2013-01-01\") and 成立日期 <= date(\"2018-06-30\")",
        "成立日期在2013-01-01至2018-06-30之间",
        "day of founding is from 2013-01-01 to 2018-06-30",
    );
}

#[test]
fn sums_caps_and_parts_are_arithmetic_that_a_person_does() {
    says(
        "研发费用.上年 * 10% <= 30万元",
        "上年研发费用的10%不超过30万元",
        "10% of R&D expenditure last year is at most 300,000 yuan",
    );
    says(
        "min(研发费用.上年, 营业收入.上年) > 1万元",
        "上年研发费用和上年营业收入中较小的超过1万元",
        "the smaller of R&D expenditure last year and operating revenue last year is more than 10,000 yuan",
    );
    says(
        "max(0元, 营业收入.上年 - 研发费用.上年) < 1万元",
        "(上年营业收入 − 上年研发费用,负数按 0 算)低于1万元",
        "(operating revenue last year − R&D expenditure last year, 0 if negative) is below 10,000 yuan",
    );
    says(
        "(研发费用.上年 / 营业收入.上年 + 研发费用.前年 / 营业收入.前年) / 2 - 1 > 0",
        "(上年研发费用 ÷ 上年营业收入 + 前年研发费用 ÷ 前年营业收入) ÷ 2 − 1超过0",
        "(R&D expenditure last year ÷ operating revenue last year + R&D expenditure the year before last ÷ operating revenue the year before last) ÷ 2 − 1 is more than 0",
    );
    says(
        "研发费用.上年 * (25% - 15%) > 1万元",
        "上年研发费用 × (25% − 15%)超过1万元",
        "R&D expenditure last year × (25% − 15%) is more than 10,000 yuan",
    );
}
