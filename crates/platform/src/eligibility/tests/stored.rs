//! Decisions that are kept: derived again, erased, altered.

use crate::registry::{erase_subject, rank_source};

use super::*;

store::on_both_databases!(schema;
    a_decision_is_derived_again_after_corrections_another_release_and_another_rank,
    an_erased_input_is_told_as_erased,
    an_altered_decision_is_found,
    a_decision_is_for_its_own_people_officers_and_auditors,
);

impl World {
    async fn keeps(&self) -> StoredDecision {
        let wanted = (self.firm, "zz-demo-rd-2026", Some(day("2026-06-30")));
        let kept = store_decision(&self.ground.ground, &self.engines, &visitor(), &self.owner, wanted).await;
        kept.unwrap().unwrap()
    }

    async fn derives(&self, number: DecisionNumber) -> Replay {
        replay(&self.ground.ground, &self.engines, &self.owner, number).await.unwrap().unwrap()
    }

    async fn reads(&self, by: &Principal, number: DecisionNumber) -> Result<StoredDecision, Refusal> {
        read_decision(&self.ground.ground, &self.engines, &visitor(), by, number).await.unwrap()
    }

    async fn with_figures(self) -> Self {
        self.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4000万元"}"#).await;
        self.says("taxation", "2026-03-01", r#"{"研发费用.2025": "240万元"}"#).await;
        self
    }
}

async fn a_decision_is_derived_again_after_corrections_another_release_and_another_rank(test: TestStore) {
    let world = World::new(test).await.with_figures().await;
    let first = world.keeps().await;
    assert_eq!((first.number, first.outcome.as_str()), (DecisionNumber(1), "eligible"));
    assert_eq!(world.derives(first.number).await, Replay::Same);
    for correction in 0..10 {
        let facts =
            format!(r#"{{"研发费用.2025": "{}万元", "营业收入.2025": "5000万元"}}"#, 100 + correction);
        world.says("taxation", "2026-04-01", &facts).await;
    }
    world.releases(1, "4%").await;
    let ranked = (("self", 99), "核对后调整");
    rank_source(&world.ground.ground, &visitor(), &world.office, ranked.0, ranked.1).await.unwrap().unwrap();
    let second = world.keeps().await;
    assert_eq!((second.number, second.release), (DecisionNumber(2), 2));
    assert_eq!(second.outcome, "ineligible");
    assert_eq!(world.derives(first.number).await, Replay::Same);
    assert_eq!(world.derives(second.number).await, Replay::Same);
    let content = first.content.unwrap();
    let inputs: Vec<(&str, &str)> = content
        .inputs
        .as_array()
        .unwrap()
        .iter()
        .map(|input| (input["key"].as_str().unwrap(), input["source"].as_str().unwrap()))
        .collect();
    assert_eq!(inputs, [("居民企业", "self"), ("研发费用.2025", "taxation"), ("营业收入.2025", "self")]);
}

async fn an_erased_input_is_told_as_erased(test: TestStore) {
    let world = World::new(test).await.with_figures().await;
    let kept = world.keeps().await;
    let erased =
        erase_subject(&world.ground.ground, &visitor(), &world.office, world.firm, "依申请删除").await;
    erased.unwrap().unwrap();
    let replayed =
        replay(&world.ground.ground, &world.engines, &world.office, kept.number).await.unwrap().unwrap();
    let Replay::Erased { keys } = replayed else { panic!("{replayed:?}") };
    assert_eq!(keys, ["居民企业", "研发费用.2025", "营业收入.2025"]);
    let caller = Caller::system(RequestId::new("erasing"));
    assert_eq!(forget_erased(&world.ground.ground, &caller).await.unwrap(), 1);
    assert_eq!(forget_erased(&world.ground.ground, &caller).await.unwrap(), 0);
    let read = world.reads(&world.office, kept.number).await.unwrap();
    assert_eq!((read.content, read.outcome.as_str()), (None, "eligible"));
    let replayed =
        replay(&world.ground.ground, &world.engines, &world.office, kept.number).await.unwrap().unwrap();
    assert_eq!(replayed, Replay::Erased { keys: Vec::new() });
}

async fn an_altered_decision_is_found(test: TestStore) {
    let world = World::new(test).await.with_figures().await;
    let kept = world.keeps().await;
    let altered = "UPDATE decision SET content = REPLACE(content, 'eligible', 'ineligible')";
    world.ground.ground.store().run_script(altered).await.unwrap();
    let found = replay(&world.ground.ground, &world.engines, &world.owner, kept.number).await;
    assert!(matches!(found, Err(crate::ground::Fault::Damaged(_))), "{found:?}");
    // Somebody who also made the digest anew is found by deriving the decision again.
    let mut content = kept.content.unwrap();
    content.decision["amount_fen"] = serde_json::json!(1);
    let digest = crate::ground::to_hex(&super::super::service::stored::digest_of(&content));
    let digest = match world.ground.ground.store().kind() {
        store::Kind::Sqlite => format!("X'{digest}'"),
        store::Kind::Postgres => format!("'\\x{digest}'"),
    };
    let text = content.decision.to_string().replace('\'', "''");
    let altered = format!("UPDATE decision SET content = '{text}', digest = {digest}");
    world.ground.ground.store().run_script(&altered).await.unwrap();
    let Replay::Different { differences, .. } = world.derives(kept.number).await else { panic!("the same") };
    let places: Vec<&str> = differences.iter().map(|difference| difference.place.as_str()).collect();
    assert_eq!(places, ["/decision/amount_fen"]);
}

async fn a_decision_is_for_its_own_people_officers_and_auditors(test: TestStore) {
    let world = World::new(test).await.with_figures().await;
    let kept = world.keeps().await;
    assert_eq!(world.reads(&world.owner, kept.number).await.unwrap().number, kept.number);
    let of_office = world.reads(&world.office, kept.number).await.unwrap().content.unwrap();
    assert_eq!(of_office.inputs[1]["value"], "240万元");
    assert_eq!(world.reads(&world.stranger, kept.number).await.unwrap_err(), Refusal::NotThere);
    assert_eq!(world.reads(&world.publisher, kept.number).await.unwrap_err(), Refusal::Forbidden);
    assert_eq!(world.reads(&world.office, DecisionNumber(9)).await.unwrap_err(), Refusal::NotThere);
    // An auditor sees that and how it was decided, and no figure.
    let of_auditor = world.reads(&world.auditor, kept.number).await.unwrap().content.unwrap();
    assert!(of_auditor.inputs[1]["value"].is_null());
    assert!(!of_auditor.inputs.to_string().contains("240万元"), "{}", of_auditor.inputs);
    let wanted = (world.firm, "zz-demo-rd-2026", None);
    let by_stranger =
        store_decision(&world.ground.ground, &world.engines, &visitor(), &world.stranger, wanted).await;
    assert_eq!(by_stranger.unwrap().unwrap_err(), Refusal::NotThere);
}
