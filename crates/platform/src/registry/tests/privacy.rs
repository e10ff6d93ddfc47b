//! What is held about a subject: shown whole, erased whole, and kept while the law says so.

use super::*;
use crate::ground::chain::{FiledHeads, Wanted, search, verify};

store::on_both_databases!(schema;
    an_export_holds_everything_and_tells_who_read_it,
    erasing_leaves_no_word_and_the_chain_verifies,
    a_hold_keeps_everything_until_it_is_lifted,
    a_statement_that_was_altered_or_taken_away_is_found,
);

const CANARY: &str = "金丝雀";

impl World {
    async fn person(&self) -> SubjectId {
        let person = self.subject("person", None, &format!("{CANARY}某")).await.unwrap();
        let wanted = NewStatement {
            subject: person,
            source: "social-insurance".to_owned(),
            observed: day("2026-10-31"),
            valid_until: None,
            evidence: Some(format!("{CANARY}参保证明")),
            facts: format!(r#"{{"注册园区": "{CANARY}区", "内部评级": "乙"}}"#),
        };
        let said = record_statement(self, &visitor(), &self.office, &self.words, &wanted).await.unwrap();
        let contest = NewContest {
            subject: person,
            item: "注册园区".to_owned(),
            statement: said.unwrap().0,
            reason: format!("{CANARY}不对"),
            evidence: None,
        };
        contest_value(self, &visitor(), &self.tax, &self.words, &contest).await.unwrap().unwrap();
        person
    }

    async fn erase(&self, subject: SubjectId) -> Result<u64, Refusal> {
        erase_subject(self, &visitor(), &self.office, subject, "个人信息保护法第四十七条").await.unwrap()
    }

    async fn export(&self, by: &Principal, subject: SubjectId) -> Result<String, Refusal> {
        let exported = export_subject(self, &visitor(), by, &self.words, subject).await.unwrap();
        exported.map(|json| json.to_string())
    }
}

async fn an_export_holds_everything_and_tells_who_read_it(test: TestStore) {
    let world = World::new(test).await;
    let person = world.person().await;
    let seen = read_facts(&world, &visitor(), &world.office, &world.words, person, None).await.unwrap();
    seen.unwrap();
    let export = world.export(&world.office, person).await.unwrap();
    for held in [
        format!("{CANARY}某"),
        format!("{CANARY}区"),
        format!("{CANARY}参保证明"),
        format!("{CANARY}不对"),
        "内部评级".to_owned(),
        "registry.read-facts".to_owned(),
        world.office.account.to_string(),
    ] {
        assert!(export.contains(&held), "{held} is not in {export}");
    }
    assert_eq!(world.export(&world.owner, person).await.unwrap_err(), Refusal::NotThere);
    assert_eq!(world.export(&world.tax, person).await.unwrap_err(), Refusal::NotThere);
    // What is for the office alone, an enterprise does not learn by asking for an export.
    world.says("zone", "2026-10-31", r#"{"内部评级": "甲", "研发费用.2025": 3}"#).await.unwrap();
    let own = world.export(&world.owner, world.firm).await.unwrap();
    assert!(own.contains("研发费用.2025") && !own.contains("内部评级"), "{own}");
}

async fn erasing_leaves_no_word_and_the_chain_verifies(test: TestStore) {
    let world = World::new(test).await;
    let person = world.person().await;
    let before = world.position().await;
    let others = somebody(&world.ground, world.firm_organisation, Role::Officer);
    let by_others = erase_subject(&world, &visitor(), &others, person, "x").await.unwrap();
    assert_eq!(by_others.unwrap_err(), Refusal::NotThere);
    let position = world.erase(person).await.unwrap();
    assert_eq!(world.erase(person).await.unwrap_err(), Refusal::NotThere, "it was erased");
    for at in [None, Some(before)] {
        let held = world.held(person, at).await.unwrap();
        assert!(held.standings.is_empty() && held.subject.name.is_empty(), "also as of an earlier position");
    }
    let mut read = world.read().await.unwrap();
    let changes = changes_after(&mut read, position - 1, 10).await.unwrap();
    assert_eq!((changes[0].kind, &changes[0].subjects), (EntryKind::Erasure, &vec![person]));
    let verified = verify_statements(&mut read).await.unwrap();
    assert_eq!((verified.erased, verified.intact), (1, 0));
    assert!(verified.altered.is_empty() && verified.missing.is_empty());
    for entry in search(&mut read, &Wanted::default(), 500).await.unwrap() {
        for side in crate::ground::chain::ValueSide::ALL {
            assert!(!entry.value(side).unwrap_or_default().contains(CANARY), "{entry:?}");
        }
    }
    drop(read);
    let key = world.keys().verifying_key();
    let mut read = world.read().await.unwrap();
    let verified = verify(&mut read, &FiledHeads::default(), &key).await.unwrap();
    assert_eq!(verified.finding, None);
    drop(read);
    let late = world.says_of(&world.office, person, ("zone", "2026-11-01"), r#"{"失信": "否"}"#).await;
    assert_eq!(late.unwrap_err(), Refusal::NotThere, "nothing more is said about who was erased");
}

async fn a_hold_keeps_everything_until_it_is_lifted(test: TestStore) {
    let world = World::new(test).await;
    let person = world.person().await;
    let place = place_hold(&world, &visitor(), &world.office, person, "诉讼").await.unwrap().unwrap();
    assert_eq!(world.erase(person).await.unwrap_err(), Refusal::Hold);
    assert!(world.export(&world.office, person).await.unwrap().contains("诉讼"));
    let lift = async || lift_hold(&world, &visitor(), &world.office, place, "结案").await.unwrap();
    lift().await.unwrap();
    assert_eq!(lift().await.unwrap_err(), Refusal::NotThere);
    world.erase(person).await.unwrap();
}

async fn a_statement_that_was_altered_or_taken_away_is_found(test: TestStore) {
    let world = World::new(test).await;
    let one = world.says("taxation", "2026-10-31", r#"{"研发费用.2025": 90}"#).await.unwrap().0;
    let two = world.says("taxation", "2026-10-31", r#"{"研发费用.2024": 80}"#).await.unwrap().0;
    world.says("taxation", "2026-10-31", r#"{"研发费用.2023": 70}"#).await.unwrap();
    let alter = format!(
        "UPDATE statement SET content = REPLACE(content, '90', '91') WHERE id = '{one}';\
         UPDATE statement SET content = NULL WHERE id = '{two}';"
    );
    world.store().run_script(&alter).await.unwrap();
    let found = verify_statements(&mut world.read().await.unwrap()).await.unwrap();
    assert_eq!((found.intact, found.altered, found.missing), (1, vec![one], vec![two]));
}
