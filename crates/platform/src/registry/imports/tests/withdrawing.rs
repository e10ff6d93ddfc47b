//! Taking a batch back.

use super::*;

store::on_both_databases!(schema;
    a_batch_is_withdrawn_whole_and_what_would_change_is_shown_first,
    a_subject_that_came_with_a_withdrawn_batch_goes_with_it,
);

async fn a_batch_is_withdrawn_whole_and_what_would_change_is_shown_first(test: TestStore) {
    let world = World::new(test).await;
    let known = world.subject(1, "甲").await;
    world.says(known, "taxation", r#"{"研发费用.2025": "1万元"}"#).await;
    let head = "统一社会信用代码,名称,研发费用.2025,失信\n";
    let batch = world.import(&format!("{head}{},甲,2,否\n{},乙,3,\n", code(1), code(2))).await;
    let counted_at = world.position().await;
    assert_eq!(world.in_force().await, ["乙 研发费用.2025=3万元", "甲 研发费用.2025=2万元 失信=否"]);
    let (changes, next) =
        would_change(&world, &world.tax, &world.words, batch.id, None, 200).await.unwrap().unwrap();
    let mut told: Vec<_> =
        changes.iter().map(|it| (it.name.as_str(), it.key.as_str(), it.then.as_deref())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [("乙", "研发费用.2025", None), ("甲", "失信", None), ("甲", "研发费用.2025", Some("1万元"))]
    );
    assert_eq!(next, None);
    let (page, next) =
        would_change(&world, &world.tax, &world.words, batch.id, None, 1).await.unwrap().unwrap();
    let rest = would_change(&world, &world.tax, &world.words, batch.id, next, 1).await.unwrap().unwrap();
    assert_eq!((page.len() + rest.0.len(), rest.1), (3, None));

    let reasonless = withdraw_import(&world, &visitor(), &world.tax, batch.id, " ").await.unwrap();
    assert_eq!(reasonless.unwrap_err(), Refusal::Reason);
    let withdraw =
        async || withdraw_import(&world, &visitor(), &world.tax, batch.id, "导错了").await.unwrap();
    let position = withdraw().await.unwrap();
    assert_eq!(world.in_force().await, ["甲 研发费用.2025=1万元"]);
    assert_eq!(withdraw().await.unwrap_err(), Refusal::NothingToDo);
    let mut read = world.read().await.unwrap();
    let then = profiles(&mut read, &world.words, "enterprise", None, 9, Some(counted_at)).await.unwrap();
    assert_eq!(then.len(), 2, "as of then it counted");
    let changes = super::super::super::changes_after(&mut read, counted_at, 9).await.unwrap();
    assert_eq!((changes[0].position, changes[0].subjects.len()), (position, 2));
}

async fn a_subject_that_came_with_a_withdrawn_batch_goes_with_it(test: TestStore) {
    let world = World::new(test).await;
    let text = format!("统一社会信用代码,名称\n{},甲\n", code(1));
    let batch = world.import(&text).await;
    assert_eq!(world.in_force().await, ["甲"]);
    withdraw_import(&world, &visitor(), &world.tax, batch.id, "导错了").await.unwrap().unwrap();
    assert_eq!(world.in_force().await, [""; 0]);
    let by_name = world.upload("名称,失信\n甲,否\n").await;
    assert_eq!(by_name.counts.bad, 1, "who is not in the register is not found by name");
    world.subject(1, "甲").await;
}
