//! Who sees what of whom, and what is left in the audit of it.

use super::*;
use crate::ground::chain::{Entry, Wanted, search};

store::on_both_databases!(schema;
    each_fact_is_shown_to_whom_its_definition_says,
    reading_what_is_not_public_about_others_leaves_an_entry,
    members_find_their_own_and_officers_find_all,
    only_who_answers_for_a_source_speaks_for_it,
);

impl World {
    /// What somebody sees of the firm.
    async fn keys(&self, by: &Principal) -> Result<Vec<String>, Refusal> {
        let seen = read_facts(self, &visitor(), by, &self.words, self.firm, None).await.unwrap();
        seen.map(|seen| seen.values.into_keys().collect())
    }

    async fn told(&self) {
        self.says("taxation", "2026-10-31", r#"{"研发费用.2025": "90万元"}"#).await.unwrap();
        self.says("credit", "2026-10-31", r#"{"失信": "否", "注册园区": "示例甲区"}"#).await.unwrap();
        let rich = r#"{"内部评级": "甲", "知识产权": [{"名称": "某专利"}], "status:高新技术企业": "是"}"#;
        self.says("zone", "2026-10-31", rich).await.unwrap();
    }

    async fn latest(&self) -> Vec<Entry> {
        search(&mut self.read().await.unwrap(), &Wanted::default(), 500).await.unwrap()
    }

    async fn entries(&self) -> usize {
        self.latest().await.len()
    }
}

async fn each_fact_is_shown_to_whom_its_definition_says(test: TestStore) {
    let world = World::new(test).await;
    world.told().await;
    let own = ["status:高新技术企业", "注册园区", "知识产权", "研发费用.2025"];
    assert_eq!(world.keys(&world.owner).await.unwrap(), own);
    assert_eq!(world.keys(&world.tax).await.unwrap(), ["失信", "注册园区", "研发费用.2025"]);
    let office = ["status:高新技术企业", "内部评级", "失信", "注册园区", "知识产权"];
    assert_eq!(world.keys(&world.office).await.unwrap(), office, "for taxes another department answers");
    let stranger = somebody(&world.ground, world.tax.memberships[0].organisation, Role::Owner);
    assert_eq!(world.keys(&stranger).await.unwrap_err(), Refusal::NotThere);
    for by in [&world.system, &world.security] {
        assert_eq!(world.keys(by).await.unwrap_err(), Refusal::Forbidden);
    }
}

async fn reading_what_is_not_public_about_others_leaves_an_entry(test: TestStore) {
    let world = World::new(test).await;
    world.says("market-regulation", "2026-10-31", r#"{"注册园区": "示例甲区"}"#).await.unwrap();
    let before = world.entries().await;
    world.keys(&world.tax).await.unwrap();
    world.keys(&world.owner).await.unwrap();
    assert_eq!(world.entries().await, before, "public, or their own");
    world.told().await;
    let before = world.entries().await;
    world.keys(&world.owner).await.unwrap();
    assert_eq!(world.entries().await, before, "their own");
    world.keys(&world.tax).await.unwrap();
    assert_eq!(world.entries().await, before + 1);
    let last = world.latest().await.remove(0);
    assert_eq!(
        (last.action.as_str(), last.subject),
        ("registry.read-facts", format!("subject:{}", world.firm))
    );
    assert_eq!(last.actor, format!("account:{}", world.tax.account));
}

async fn members_find_their_own_and_officers_find_all(test: TestStore) {
    let world = World::new(test).await;
    let other = world.subject("enterprise", Some(code(77)), "示例百分号 100%_A").await.unwrap();
    let find = async |by: &Principal, text: &str| {
        let search = Search { kind: Some("企业".to_owned()), text: Some(text.to_owned()) };
        let found = find_subjects(&world, by, &search, None, 10).await.unwrap();
        found.map(|found| found.into_iter().map(|subject| subject.id).collect::<Vec<_>>())
    };
    assert_eq!(find(&world.tax, "百分号").await.unwrap(), [other]);
    assert_eq!(find(&world.tax, "１００％_a").await.unwrap(), [other], "full-width, another case");
    assert_eq!(find(&world.tax, &code(77)[12..].to_lowercase()).await.unwrap(), [other]);
    assert_eq!(find(&world.tax, "%").await.unwrap(), [other], "a sign, and not a wildcard");
    let mut both = vec![world.firm, other];
    both.sort_unstable();
    assert_eq!(find(&world.tax, "").await.unwrap(), both);
    assert_eq!(find(&world.owner, "示例").await.unwrap(), [world.firm]);
    assert_eq!(find(&world.owner, "百分号").await.unwrap(), []);
    assert_eq!(find(&world.security, "示例").await.unwrap_err(), Refusal::Forbidden);
    let search = Search::default();
    let rest = find_subjects(&world, &world.tax, &search, Some(both[0]), 10).await.unwrap().unwrap();
    assert_eq!(rest.len(), 1, "pages go on behind an id");
}

async fn only_who_answers_for_a_source_speaks_for_it(test: TestStore) {
    let world = World::new(test).await;
    let say = async |by: &Principal, source: &str| {
        world.says_of(by, world.firm, (source, "2026-10-31"), r#"{"研发费用.2025": 1}"#).await
    };
    assert!(say(&world.owner, "self").await.is_ok());
    assert_eq!(say(&world.owner, "taxation").await.unwrap_err(), Refusal::NotThere);
    assert!(say(&world.tax, "taxation").await.is_ok());
    assert_eq!(say(&world.tax, "statistics").await.unwrap_err(), Refusal::NotThere);
    assert_eq!(say(&world.tax, "self").await.unwrap_err(), Refusal::NotThere);
    assert!(say(&world.office, "statistics").await.is_ok());
    assert_eq!(say(&world.security, "taxation").await.unwrap_err(), Refusal::Forbidden);
    let scoped = |scope| Principal {
        through: Through::Token(
            crate::identity::TokenId::new(world.now(), world.chance()),
            std::iter::once(scope).collect(),
        ),
        ..world.owner.clone()
    };
    let (reads, writes) = (scoped(crate::identity::Scope::Read), scoped(crate::identity::Scope::WriteFacts));
    assert_eq!(say(&reads, "self").await.unwrap_err(), Refusal::Forbidden);
    assert!(say(&writes, "self").await.is_ok());
    assert!(world.keys(&reads).await.is_ok());
    assert_eq!(world.keys(&writes).await.unwrap_err(), Refusal::Forbidden);
}
