//! Which value is in force, as of when.

use super::*;

store::on_both_databases!(schema;
    the_higher_rank_then_the_later_day_then_the_later_position_is_in_force,
    a_rank_holds_from_its_entry_on,
    zone_membership_is_what_each_office_says_of_it,
    what_holds_up_to_a_day_is_unknown_after_it,
    a_subject_is_in_the_register_from_its_entry_on,
    many_speak_at_once_and_no_position_is_lost_or_given_twice,
);

const COST: &str = "研发费用.2025";

impl World {
    async fn history(&self, by: &Principal, key: &str) -> Vec<Past> {
        let wanted = (self.firm, Some(key));
        let history = read_history(self, &visitor(), by, &self.words, wanted, (None, 10)).await;
        history.unwrap().unwrap()
    }
}

async fn the_higher_rank_then_the_later_day_then_the_later_position_is_in_force(test: TestStore) {
    let world = World::new(test).await;
    let firm = world.firm;
    let say = async |source: &str, day: &str, value: &str| {
        world.says(source, day, &format!(r#"{{"{COST}": "{value}"}}"#)).await.unwrap().1
    };
    let own = say("self", "2026-11-20", "100万元").await;
    assert_eq!(world.value(firm, COST, None).await, "100万元 self");
    let tax = say("taxation", "2026-03-31", "90万元").await;
    assert_eq!(world.value(firm, COST, None).await, "90万元 taxation", "an earlier day, and a higher rank");
    say("taxation", "2026-02-28", "80万元").await;
    assert_eq!(world.value(firm, COST, None).await, "90万元 taxation", "heard later, and of an earlier day");
    say("taxation", "2026-03-31", "85万元").await;
    assert_eq!(world.value(firm, COST, None).await, "85万元 taxation", "of the same day, the later position");
    assert_eq!(world.value(firm, COST, Some(own)).await, "100万元 self");
    assert_eq!(world.value(firm, COST, Some(tax)).await, "90万元 taxation");
    let held = world.held(firm, None).await.unwrap();
    let standing = &held.standings[&world.item(COST)];
    let conflicts: Vec<_> = standing.conflicts.iter().map(|(_, stated)| stated.source.as_str()).collect();
    assert_eq!(conflicts, ["self"], "what the same source said before is history");
    let fact = world.words.find("研发费用").unwrap();
    assert_eq!(held.profile.facts[&fact][0].origin.text.zh, "税务 2026-03-31");
    let history = world.history(&world.tax, COST).await;
    let told: Vec<_> = history.iter().map(|past| (past.value.as_str().unwrap(), past.is_in_force)).collect();
    // Of what the firm says of itself the tax department is not told.
    assert_eq!(told, [("85万元", true), ("80万元", false), ("90万元", false)]);
}

async fn a_rank_holds_from_its_entry_on(test: TestStore) {
    let world = World::new(test).await;
    let firm = world.firm;
    world.says("statistics", "2026-11-01", &format!(r#"{{"{COST}": "70万元"}}"#)).await.unwrap();
    let (_, before) =
        world.says("taxation", "2026-01-01", &format!(r#"{{"{COST}": "80万元"}}"#)).await.unwrap();
    let rank = async |by: &Principal, source: &str, rank: i64, reason: &str| {
        rank_source(&world, &visitor(), by, (source, rank), reason).await.unwrap()
    };
    assert_eq!(rank(&world.tax, "taxation", 10, "试").await.unwrap_err(), Refusal::NotThere);
    assert_eq!(rank(&world.owner, "taxation", 10, "试").await.unwrap_err(), Refusal::Forbidden);
    assert_eq!(rank(&world.office, "taxation", 10, " ").await.unwrap_err(), Refusal::Reason);
    assert_eq!(rank(&world.office, "taxation", 90, "x").await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(rank(&world.office, "taxation", -1, "x").await.unwrap_err(), Refusal::PastLimit);
    let after = rank(&world.office, "taxation", 10, "数据滞后").await.unwrap();
    assert_eq!(world.value(firm, COST, None).await, "70万元 statistics");
    assert_eq!(world.value(firm, COST, Some(before)).await, "80万元 taxation");
    assert_eq!(world.value(firm, COST, Some(after)).await, "70万元 statistics");
    let mut read = world.read().await.unwrap();
    let changes = changes_after(&mut read, before, 10).await.unwrap();
    assert_eq!(changes, [Change { position: after, kind: EntryKind::Rank, subjects: vec![firm] }]);
}

async fn zone_membership_is_what_each_office_says_of_it(test: TestStore) {
    let world = World::new(test).await;
    for (source, key, zone) in [
        ("market-regulation", "注册园区", "示例甲区"),
        ("taxation", "税务登记园区", "示例乙区"),
        ("statistics", "统计关系园区", "示例甲区"),
    ] {
        world.says(source, "2026-06-30", &format!(r#"{{"{key}": "{zone}"}}"#)).await.unwrap();
    }
    world.says("taxation", "2026-09-30", r#"{"税务登记园区": "示例甲区"}"#).await.unwrap();
    for (key, told) in [
        ("注册园区", "示例甲区 market-regulation"),
        ("税务登记园区", "示例甲区 taxation"),
        ("统计关系园区", "示例甲区 statistics"),
    ] {
        assert_eq!(world.value(world.firm, key, None).await, told);
    }
    let history = world.history(&world.owner, "税务登记园区").await;
    let days: Vec<_> = history.iter().map(|past| past.stated.observed.to_string()).collect();
    assert_eq!(days, ["2026-09-30", "2026-06-30"]);
}

async fn what_holds_up_to_a_day_is_unknown_after_it(test: TestStore) {
    let world = World::new(test).await;
    let wanted = NewDecision {
        subject: world.firm,
        condition: "示例政策/第三条".to_owned(),
        is_met: true,
        ground: "现场核查".to_owned(),
        evidence: Some("核查表 2026-11-30".to_owned()),
        valid_until: Some(day("2027-05-31")),
    };
    let decide = async |by: &Principal, wanted: &NewDecision| {
        decide_condition(&world, &visitor(), by, &world.words, wanted).await.unwrap()
    };
    assert_eq!(decide(&world.owner, &wanted).await.unwrap_err(), Refusal::Forbidden);
    let unfounded = NewDecision { ground: String::new(), ..wanted.clone() };
    assert_eq!(decide(&world.tax, &unfounded).await.unwrap_err(), Refusal::Reason);
    let over = NewDecision { valid_until: Some(day("2026-11-29")), ..wanted.clone() };
    assert_eq!(decide(&world.tax, &over).await.unwrap_err(), Refusal::PastLimit);
    decide(&world.tax, &wanted).await.unwrap();
    let held = world.held(world.firm, None).await.unwrap();
    assert!(held.profile.manual["示例政策/第三条"]);
    let item = world.item("manual:示例政策/第三条");
    assert_eq!(held.standings[&item].stated.ground.as_deref(), Some("现场核查"));
    assert_eq!(held.clone().on(day("2027-05-31")).profile.manual.len(), 1);
    let later = held.on(day("2027-06-01"));
    assert!(later.profile.manual.is_empty() && !later.standings.contains_key(&item));
}

async fn a_subject_is_in_the_register_from_its_entry_on(test: TestStore) {
    let world = World::new(test).await;
    let before = world.position().await;
    let late = world.subject("enterprise", None, "示例迟到").await.unwrap();
    assert!(world.held(late, Some(before)).await.is_none());
    assert!(world.held(late, Some(before + 1)).await.is_some());
    let mut read = world.read().await.unwrap();
    let mut counts = Vec::new();
    for at in [Some(before), None] {
        counts.push(profiles(&mut read, &world.words, "enterprise", None, 10, at).await.unwrap().len());
    }
    assert_eq!(counts, [1, 2]);
}

async fn many_speak_at_once_and_no_position_is_lost_or_given_twice(test: TestStore) {
    const SPEAKERS: u64 = 12;
    let world = std::sync::Arc::new(World::new(test).await);
    let before = world.position().await;
    let speakers: Vec<_> = (0..SPEAKERS)
        .map(|number| {
            let world = std::sync::Arc::clone(&world);
            tokio::spawn(async move {
                let facts = format!(r#"{{"{COST}": "{}万元"}}"#, number + 1);
                world.says("taxation", "2026-10-31", &facts).await.unwrap().1
            })
        })
        .collect();
    let mut given = Vec::new();
    for speaker in speakers {
        given.push(speaker.await.unwrap());
    }
    given.sort_unstable();
    assert_eq!(given, (before + 1..=before + SPEAKERS).collect::<Vec<_>>());
    // Of one day the latest position is in force, whoever it was.
    let held = world.held(world.firm, None).await.unwrap();
    assert_eq!(held.standings[&world.item(COST)].stated.position, before + SPEAKERS);
}
