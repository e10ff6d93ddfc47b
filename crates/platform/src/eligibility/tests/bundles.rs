//! A decision in one file: it proves itself, and whatever is altered in it is found by name.

use serde_json::{Value, json};

use super::super::bundle::{Finding, Verification, verify};
use super::*;
use crate::registry::erase_subject;

store::on_both_databases!(schema;
    a_bundle_proves_itself_without_the_database_after_all_that_came_later,
    whatever_is_altered_in_a_bundle_is_found_by_name,
    a_bundle_is_for_whoever_may_see_every_value_in_it,
);

impl World {
    /// A decision that was kept, in one file.
    async fn bundled(&self) -> Value {
        self.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4000万元"}"#).await;
        self.says("taxation", "2026-03-01", r#"{"研发费用.2025": "240万元"}"#).await;
        let wanted = (self.firm, "zz-demo-rd-2026", Some(day("2026-06-30")));
        let kept = store_decision(&self.ground.ground, &self.engines, &visitor(), &self.owner, wanted).await;
        self.takes_out(&self.owner, kept.unwrap().unwrap().number).await.unwrap()
    }

    async fn takes_out(&self, by: &Principal, number: DecisionNumber) -> Result<Value, Refusal> {
        let heads = self.ground.test.folder.join("audit-heads.jsonl");
        let wanted = (number, heads.as_path());
        bundle(&self.ground.ground, &self.engines, &visitor(), by, wanted).await.unwrap()
    }

    fn verifies(&self, bundle: &Value) -> Verification {
        verify(&bundle.to_string(), Some(&self.ground.ground.keys().verifying_key()))
    }
}

fn codes(verification: &Verification) -> Vec<&'static str> {
    verification.findings.iter().map(Finding::as_code).collect()
}

async fn a_bundle_proves_itself_without_the_database_after_all_that_came_later(test: TestStore) {
    let world = World::new(test).await;
    let bundle = world.bundled().await;
    let verified = world.verifies(&bundle);
    assert_eq!(codes(&verified), [""; 0], "{:?}", verified.findings);
    assert_eq!(
        (verified.policy.as_str(), verified.outcome.as_str()),
        ("zz-demo-rd-2026@2026-01-01", "eligible")
    );
    assert!(verified.is_key_known && verified.head.is_some());
    // Nothing that happens later reaches what was taken out.
    world.says("taxation", "2026-04-01", r#"{"研发费用.2025": "1万元"}"#).await;
    world.releases(1, "4%").await;
    erase_subject(&world.ground.ground, &visitor(), &world.office, world.firm, "依申请删除")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(codes(&world.verifies(&bundle)), [""; 0]);
    let unknown = verify(&bundle.to_string(), None);
    assert!(unknown.findings.is_empty() && !unknown.is_key_known);
    // It was taken out by somebody, and that is known.
    let mut read = world.ground.ground.read().await.unwrap();
    let wanted = crate::ground::chain::Wanted {
        action: Some("eligibility.export-decision".to_owned()),
        ..crate::ground::chain::Wanted::default()
    };
    assert_eq!(crate::ground::chain::search(&mut read, &wanted, 9).await.unwrap().len(), 1);
}

async fn whatever_is_altered_in_a_bundle_is_found_by_name(test: TestStore) {
    let world = World::new(test).await;
    let bundle = world.bundled().await;
    let path = "policies/zone/zz-demo-rd-2026/2026-01-01.yaml";
    let other = document_with_share("6%");
    let head = bundle["proof"]["head"].as_str().unwrap().replace("\"size\":", "\"size\":1");
    let alterations: [(&str, Value, &[&str]); 8] = [
        ("/inputs/1/value", json!("250万元"), &["content"]),
        ("/told/amount", json!(50), &["content"]),
        ("/decision/number", json!(2), &["entry"]),
        ("/decision/digest", json!("00".repeat(32)), &["content", "entry"]),
        ("/proof/after", json!("{}"), &["entry"]),
        ("/proof/head", json!(head), &["chain"]),
        ("/decision/release_digest", json!("00".repeat(32)), &["release"]),
        ("/format", json!("zhimei-decision-9"), &["not-a-bundle"]),
    ];
    for (place, value, expected) in alterations {
        let mut altered = bundle.clone();
        *altered.pointer_mut(place).unwrap() = value;
        assert_eq!(codes(&world.verifies(&altered)), expected, "{place}");
    }
    let mut altered = bundle.clone();
    altered["texts"][path] = json!(other);
    assert_eq!(codes(&world.verifies(&altered)), ["text", "version"]);
    assert_eq!(codes(&verify("{}", None)), ["not-a-bundle"]);
    assert_eq!(codes(&verify("no JSON", None)), ["not-a-bundle"]);
    // Signed by somebody else.
    let stranger = crate::ground::Keys::new([7; 32], [9; 32]).verifying_key();
    assert_eq!(codes(&verify(&bundle.to_string(), Some(&stranger))), ["chain"]);
}

async fn a_bundle_is_for_whoever_may_see_every_value_in_it(test: TestStore) {
    let world = World::new(test).await;
    world.bundled().await;
    let number = DecisionNumber(1);
    assert!(world.takes_out(&world.office, number).await.is_ok());
    assert_eq!(world.takes_out(&world.auditor, number).await, Err(Refusal::Withheld));
    assert_eq!(world.takes_out(&world.stranger, number).await, Err(Refusal::NotThere));
    assert_eq!(world.takes_out(&world.publisher, number).await, Err(Refusal::Forbidden));
    assert_eq!(world.takes_out(&world.owner, DecisionNumber(7)).await, Err(Refusal::NotThere));
}

/// A bundle that an earlier build wrote: every later one verifies it and decides it again.
#[test]
fn bundles_of_earlier_builds_are_verified_and_decided_again() {
    let golden = include_str!("../../../tests/golden/decision-1.json");
    let verified = verify(golden, None);
    assert_eq!(codes(&verified), [""; 0], "{:?}", verified.findings);
    assert_eq!((verified.number, verified.outcome.as_str()), (Some(DecisionNumber(1)), "eligible"));
}
