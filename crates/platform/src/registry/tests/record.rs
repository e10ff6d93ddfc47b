//! Subjects, statements, and what of them is in force.

use super::*;

store::on_both_databases!(schema;
    a_code_is_normalised_checked_and_taken_once,
    what_cannot_be_understood_is_told_with_its_place_and_nothing_is_recorded,
    a_year_said_in_words_is_kept_as_the_year_that_it_was,
);

async fn a_code_is_normalised_checked_and_taken_once(test: TestStore) {
    let world = World::new(test).await;
    let typed = format!(" {} ", code(2).replace('9', "９").to_lowercase());
    let subject = world.subject("enterprise", Some(typed), "示例二").await.unwrap();
    assert_eq!(world.held(subject, None).await.unwrap().subject.code, Some(code(2)));
    assert_eq!(world.subject("enterprise", Some(code(2)), "又一").await.unwrap_err(), Refusal::Taken);
    world.subject("person", None, "某人").await.unwrap();
    world.subject("地块", Some("G-12".to_owned()), "某地块").await.unwrap();
    let mut wrong = code(3);
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    for (kind, code, name) in [
        ("enterprise", Some(wrong), "校验不符"),
        ("person", Some("410101199001010000".to_owned()), "证件号"),
        ("公司", None, "类别不对"),
        ("enterprise", None, "  "),
    ] {
        let refused = world.subject(kind, code, name).await.unwrap_err();
        assert!(
            matches!(&refused, Refusal::Unreadable(problems) if problems.len() == 1),
            "{name}: {refused:?}"
        );
    }
}

async fn what_cannot_be_understood_is_told_with_its_place_and_nothing_is_recorded(test: TestStore) {
    let world = World::new(test).await;
    let before = world.position().await;
    let refused = world
        .says(
            "taxation",
            "2026-11-30",
            r#"{"研发费用.上年": "很多", "研发费": "3万元", "知识产权": [{"名称": "x", "没有": 1}], "manual:a": true}"#,
        )
        .await
        .unwrap_err();
    let Refusal::Unreadable(problems) = refused else { panic!("{refused:?}") };
    let mut places: Vec<&str> = problems.iter().map(|problem| problem.place.zh.as_str()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        ["/facts/manual:a", "/facts/知识产权/0/没有", "/facts/研发费", "/facts/研发费用.上年"]
    );
    assert_eq!(world.position().await, before);
    for facts in ["", "[]", "{}", "{", "null", r#"{"研发费用.上年": "1万元", "研发费用.2025": "2万元"}"#]
    {
        let refused = world.says("taxation", "2026-11-30", facts).await.unwrap_err();
        assert!(matches!(refused, Refusal::Unreadable(_)), "{facts}");
    }
    let late = world.says("taxation", "2026-12-01", r#"{"失信": "否"}"#).await.unwrap_err();
    assert!(matches!(&late, Refusal::Unreadable(found) if found[0].place.zh == "/observed_on"), "{late:?}");
    assert_eq!(world.says("nobody", "2026-11-30", r#"{"失信": "否"}"#).await.unwrap_err(), Refusal::NotThere);
}

async fn a_year_said_in_words_is_kept_as_the_year_that_it_was(test: TestStore) {
    let world = World::new(test).await;
    world.says("taxation", "2025-03-01", r#"{"研发支出.上年": "380", "职工总数.上年": 12}"#).await.unwrap();
    assert_eq!(world.value(world.firm, "研发费用.2024", None).await, "380万元 taxation");
    assert_eq!(world.value(world.firm, "职工总数.2024末", None).await, "12人 taxation");
    assert_eq!(world.value(world.firm, "研发费用.2025", None).await, "无人知道");
}
