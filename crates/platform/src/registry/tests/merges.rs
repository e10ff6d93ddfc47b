//! Duplicates become one, and two again.

use super::*;

store::on_both_databases!(schema;
    a_merge_joins_what_was_said_and_undoing_it_gives_back_exactly_what_was,
    duplicates_are_suggested_by_name_and_by_organisation_code,
    only_two_of_a_kind_are_merged_and_never_in_a_circle,
);

async fn merge(world: &World, from: SubjectId, into: SubjectId) -> Result<MergeId, Refusal> {
    let merged = merge_subjects(world, &visitor(), &world.office, (from, into), "同一企业").await.unwrap();
    merged.map(|(id, _)| id)
}

async fn a_merge_joins_what_was_said_and_undoing_it_gives_back_exactly_what_was(test: TestStore) {
    let world = World::new(test).await;
    let double = world.subject("enterprise", None, "示例一(重复)").await.unwrap();
    let say = async |subject, source: &str, facts: &str| {
        world.says_of(&world.office, subject, (source, "2026-10-31"), facts).await.unwrap()
    };
    say(world.firm, "taxation", r#"{"研发费用.2025": "90万元"}"#).await;
    say(double, "statistics", r#"{"研发费用.2025": "80万元", "职工总数.2025": 12}"#).await;
    let before = (world.held(world.firm, None).await, world.held(double, None).await);
    let position = world.position().await;
    let merged = merge(&world, double, world.firm).await.unwrap();
    let joined = world.held(world.firm, None).await.unwrap();
    assert_eq!(world.held(double, None).await.unwrap(), joined, "asked for either, it is the one");
    assert_eq!(world.value(world.firm, "职工总数.2025末", None).await, "12人 statistics");
    assert_eq!(joined.standings[&world.item("研发费用.2025")].conflicts.len(), 1);
    let mut read = world.read().await.unwrap();
    let page = profiles(&mut read, &world.words, "enterprise", None, 10, None).await.unwrap();
    assert_eq!(page, std::slice::from_ref(&joined));
    let old = profiles(&mut read, &world.words, "enterprise", None, 10, Some(position)).await.unwrap();
    assert_eq!(old.len(), 2, "at the position before they were two");
    drop(read);
    // The firm's own people may read it under either id.
    let seen = read_facts(&world, &visitor(), &world.owner, &world.words, double, None).await.unwrap();
    assert!(seen.unwrap().values.contains_key("职工总数.2025末"));

    unmerge_subjects(&world, &visitor(), &world.office, merged).await.unwrap().unwrap();
    let after = (world.held(world.firm, None).await, world.held(double, None).await);
    assert_eq!(after, before);
    let again = unmerge_subjects(&world, &visitor(), &world.office, merged).await.unwrap();
    assert_eq!(again.unwrap_err(), Refusal::NothingToDo);
    let mut read = world.read().await.unwrap();
    let changes = changes_after(&mut read, position, 10).await.unwrap();
    let both = vec![world.firm.min(double), world.firm.max(double)];
    assert!(changes.iter().all(|change| change.subjects == both), "{changes:?}");
}

async fn duplicates_are_suggested_by_name_and_by_organisation_code(test: TestStore) {
    let world = World::new(test).await;
    let body = code(1)[8..16].to_owned();
    let moved = facts::Uscc::with_checks(&format!("91888888{body}")).unwrap().to_string();
    let moved = world.subject("enterprise", Some(moved), "示例一搬家").await.unwrap();
    let same_name = world.subject("enterprise", None, " 示例 一 ").await.unwrap();
    world.subject("institution", None, "示例一").await.unwrap();
    let suggest = async |after| suggest_merges(&world, &world.office, after, 10).await.unwrap().unwrap();
    let pair =
        |a: SubjectId, b: SubjectId, is_by_name| Suggestion { one: a.min(b), other: a.max(b), is_by_name };
    let mut wanted = vec![pair(world.firm, moved, false), pair(world.firm, same_name, true)];
    wanted.sort_by_key(|it| (it.one, it.other));
    assert_eq!(suggest(None).await, wanted);
    assert_eq!(suggest(Some((wanted[0].one, wanted[0].other))).await, wanted[1..]);
    merge(&world, same_name, world.firm).await.unwrap();
    assert_eq!(suggest(None).await, [pair(world.firm, moved, false)]);
    let others = suggest_merges(&world, &world.tax, None, 10).await.unwrap();
    assert_eq!(others.unwrap_err(), Refusal::NotThere);
}

async fn only_two_of_a_kind_are_merged_and_never_in_a_circle(test: TestStore) {
    let world = World::new(test).await;
    let a = world.subject("enterprise", None, "甲").await.unwrap();
    let b = world.subject("enterprise", None, "乙").await.unwrap();
    let c = world.subject("enterprise", None, "丙").await.unwrap();
    let person = world.subject("person", None, "甲").await.unwrap();
    assert_eq!(merge(&world, a, a).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(merge(&world, a, person).await.unwrap_err(), Refusal::NotThere);
    merge(&world, a, b).await.unwrap();
    assert_eq!(merge(&world, b, a).await.unwrap_err(), Refusal::NothingToDo);
    merge(&world, b, c).await.unwrap();
    assert_eq!(merge(&world, c, a).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(world.held(a, None).await.unwrap().subject.id, c);
    let organisation = Some(world.tax.memberships[0].organisation);
    let linked = link_subject(&world, &visitor(), &world.office, c, organisation).await.unwrap();
    assert_eq!(linked.unwrap_err(), Refusal::RoleDoesNotFit, "no subject is a department's own");
}
