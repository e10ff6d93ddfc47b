//! A small library for tests, and a shelf that holds it.

use library::File;

use crate::ground::{Caller, Ground, RequestId};
use crate::policies::{Shelf, seed};

pub const DOCUMENT_PATH: &str = "policies/zone/zz-demo-rd-2026/2026-01-01.yaml";
pub const CASES_PATH: &str = "policies/zone/zz-demo-rd-2026/cases.yaml";
pub const VOCABULARY_PATH: &str = "facts/test.yaml";

const VOCABULARY: &str = "
facts:
- {name: 研发费用, en: R&D expenditure, also: [研发支出], type: money, unit: 万元, grain: year, least: 0}
- {name: 营业收入, en: revenue, type: money, unit: 万元, grain: year, least: 0}
- {name: 职工总数, en: headcount, type: count, unit: 人, grain: stock, least: 0}
- {name: 居民企业, en: resident enterprise, type: bool, grain: once}
- {name: 内部评级, en: internal grade, type: text, grain: once, disclosure: office}
- {name: 注册园区, en: zone of registration, type: text, grain: once, disclosure: public}
- {name: 失信, en: listed for breach of trust, type: bool, grain: once, disclosure: departments}
";

const DOCUMENT: &str = "id: zz-demo-rd-2026
title: {zh: 研发投入奖励(示例), en: Reward for R&D (an example)}
kind: subsidy
subject: enterprise
source:
  issuer: [示例园区管委会]
  document: []
  grade: official
  read: 2026-11-23
in_force: {from: 2026-01-01, to: 2027-12-31}
default_period: 上年

needs:
  - {id: resident, clause: 第二条, rule: 居民企业}
  - id: rd-share
    clause: 第三条
    rule: 研发费用.上年 / 营业收入.上年 >= 5%
    says: {zh: 研发费用不低于营业收入的 5%, en: R&D of at least 5% of revenue}

gives:
  amount: 研发费用.上年 * 10%
  at_most: 50万元
  nature: grant
";

const SIZE: &str = "id: zz-demo-size-2026
title: {zh: 小型企业认定(示例), en: Small enterprise (an example)}
kind: qualification
subject: enterprise
source:
  issuer: [示例园区统计局]
  document: []
  grade: official
  read: 2026-11-23
in_force: {from: 2026-01-01}
default_period: 上年
needs:
  - {id: small, clause: 第一条, rule: 职工总数 < 100人}
  - {id: grade, clause: 第二条, rule: 内部评级 = \"甲\"}
gives: {status: 示例小型企业}
";

const CASES: &str = "base: {居民企业: true, 营业收入.上年: 4000万元}
cases:
  # 240 / 4000 = 6 %;240 × 10 % = 24 万元
  - case: 占 6 %,奖励 24 万元
    on: 2026-06-30
    facts: {研发费用.上年: 240万元}
    expect: {outcome: eligible, amount: 24万元}
";

/// Vocabulary, two documents, an example.
pub fn files() -> Vec<File> {
    vec![
        File::new(VOCABULARY_PATH, VOCABULARY),
        File::new(DOCUMENT_PATH, DOCUMENT),
        File::new(CASES_PATH, CASES),
        File::new("policies/zone/zz-demo-size-2026/2026-01-01.yaml", SIZE),
    ]
}

/// The text of the document, with another share of R&D.
pub fn document_with_share(percent: &str) -> String {
    DOCUMENT.replace("5%", percent)
}

/// The vocabulary with another label of one fact.
pub fn vocabulary_with_label(label: &str) -> String {
    VOCABULARY.replace("en: revenue", &format!("en: {label}"))
}

/// With the small library as release 1.
pub async fn shelf(ground: &Ground) -> Shelf {
    let caller = Caller::system(RequestId::new("start"));
    let seeded = seed(ground, &caller, files()).await;
    assert!(seeded.is_ok(), "{seeded:?}");
    Shelf::open(ground).await.expect("what was seeded compiles")
}
