//! Deciding from the ledger.

use super::*;

store::on_both_databases!(schema;
    a_firm_is_decided_from_what_is_in_force_now_or_at_a_position,
    own_people_and_officers_ask_and_nobody_else,
    reasons_show_each_asker_what_the_register_would_show,
);

async fn a_firm_is_decided_from_what_is_in_force_now_or_at_a_position(test: TestStore) {
    let world = World::new(test).await;
    assert_eq!(world.research(None).await, ("unknown".to_owned(), None));
    world.says("self", "2026-03-01", r#"{"居民企业": true, "营业收入.2025": "4000万元"}"#).await;
    let declared = world.says("self", "2026-03-01", r#"{"研发费用.2025": "240万元"}"#).await;
    // 240 of 4000 is 6 %; 10 % of 240 are 24.
    assert_eq!(world.research(None).await, ("eligible".to_owned(), Some(24_000_000)));
    // The tax office says less; it goes before what the firm says of itself. 160 of 4000 is 4 %.
    let corrected = world.says("taxation", "2026-02-01", r#"{"研发费用.2025": "160万元"}"#).await;
    assert_eq!(world.research(None).await, ("ineligible".to_owned(), Some(0)));
    assert_eq!(world.research(Some(declared)).await, ("eligible".to_owned(), Some(24_000_000)));
    assert_eq!(world.research(Some(corrected)).await.0, "ineligible");
    let beyond = Question { at: Some(corrected + 1), ..world.question() };
    assert_eq!(world.asks(&world.owner, &beyond).await.unwrap_err(), Refusal::PastLimit);
    // On a day before it was in force the document is not among those that are decided.
    let early = Question { on: Some(day("2025-06-30")), ..world.question() };
    assert!(world.asks(&world.owner, &early).await.unwrap().verdicts.is_empty());
    let decided = world.asks(&world.owner, &world.question()).await.unwrap();
    let failed: Vec<&str> = decided.verdicts[0].failed.iter().map(|failed| failed.id.as_str()).collect();
    assert_eq!((failed, decided.position), (vec!["rd-share"], corrected));
    assert_eq!(decided.verdicts[0].failed[0].clause.as_deref(), Some("第三条"));
}

async fn own_people_and_officers_ask_and_nobody_else(test: TestStore) {
    let world = World::new(test).await;
    let question = world.question();
    let answer = async |by: &Principal| world.asks(by, &question).await.map(|decided| decided.verdicts.len());
    assert_eq!(answer(&world.owner).await, Ok(2));
    assert_eq!(answer(&world.office).await, Ok(2));
    assert_eq!(answer(&world.stranger).await, Err(Refusal::NotThere));
    assert_eq!(answer(&world.auditor).await, Err(Refusal::Forbidden));
    let nobody = SubjectId::new(world.ground.ground.now(), world.ground.ground.chance());
    let nobody = Question { subject: nobody, ..question.clone() };
    assert_eq!(world.asks(&world.office, &nobody).await.unwrap_err(), Refusal::NotThere);
    assert_eq!(world.asks(&world.owner, &nobody).await.unwrap_err(), Refusal::NotThere);
    let no_policy = Question { policy: Some("nothing".to_owned()), ..question };
    assert_eq!(world.asks(&world.owner, &no_policy).await.unwrap_err(), Refusal::NotThere);
}

async fn reasons_show_each_asker_what_the_register_would_show(test: TestStore) {
    let world = World::new(test).await;
    world.says("zone", "2026-03-01", r#"{"内部评级": "乙", "职工总数.2025末": "80人"}"#).await;
    let question = Question { policy: Some("zz-demo-size-2026".to_owned()), ..world.question() };
    let asked = async |by: &Principal| world.asks(by, &question).await.unwrap().reasons.unwrap();
    let of_office = asked(&world.office).await;
    assert_eq!(of_office["outcome"], "ineligible");
    assert_eq!(of_office["withheld"], false);
    assert!(of_office.to_string().contains("乙"), "{of_office}");
    // The grade is the office's; the firm hears which condition fails, and not the grade.
    let of_owner = asked(&world.owner).await;
    assert_eq!((&of_owner["outcome"], &of_owner["failed"]), (&of_office["outcome"], &of_office["failed"]));
    assert_eq!(of_owner["withheld"], true);
    assert!(!of_owner.to_string().contains("乙"), "{of_owner}");
    assert!(of_owner.to_string().contains("80"), "what is the firm's own is shown: {of_owner}");
}
