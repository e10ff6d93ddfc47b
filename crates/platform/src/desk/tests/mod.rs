//! The desk over a register of its own: what is told, to whom, and that it is what a run counts.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::num::NonZeroUsize;

use axum::http::{Method, StatusCode, header};
use facts::Date;
use serde_json::{Value, json};
use store::Schema;
use store::testing::TestStore;

use super::*;
use crate::eligibility::Engines;
use crate::ground::chain;
use crate::ground::testing::TestGround;
use crate::ground::{Caller, RequestId};
use crate::identity::{
    AccountId, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Refusal,
    Role, SessionId, Through, create_organisation,
};
use crate::policies::tests::library::document_with_share;
use crate::registry::{NewStatement, NewSubject, create_subject, name_office, record_statement};

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    a_draft_tells_who_gains_and_what_it_costs_and_leaves_an_entry,
    whoever_may_not_read_the_facts_is_not_told_of_a_few,
    a_curve_goes_through_what_runs_of_each_value_would_count,
    mistakes_are_told_at_their_place_and_nothing_is_kept,
    the_doors_are_for_officers_and_publishers_and_answer_as_json_and_csv,
);

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Twelve firms with R&D of 1 to 12 % of their revenue, an office that answers for every source, and an officer of another
/// department.
struct Zone {
    ground: TestGround,
    engines: Engines,
    office: Principal,
    other: Principal,
    owner: Principal,
}

fn somebody(ground: &TestGround, organisation: OrganisationId, role: Role) -> Principal {
    let (now, chance) = (ground.ground.now(), ground.ground.chance());
    let id = MembershipId::new(now, chance);
    Principal {
        account: AccountId::new(now, chance),
        person: PersonId::new(now, chance),
        name: role.as_code().to_owned(),
        memberships: vec![Membership { id, organisation, role }],
        through: Through::Session(SessionId::new(now, chance)),
    }
}

impl Zone {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let shelf = crate::policies::tests::shelf(&ground.ground).await;
        let engines = Engines::new(&shelf, NonZeroUsize::MIN);
        let nowhere = OrganisationId::new(ground.ground.now(), ground.ground.chance());
        let system = somebody(&ground, nowhere, Role::SystemAdministrator);
        let security = somebody(&ground, nowhere, Role::SecurityAdministrator);
        let organisation = async |kind, name: &str| {
            create_organisation(&ground.ground, &visitor(), &system, kind, name).await.unwrap().unwrap()
        };
        let registering = organisation(OrganisationKind::Department, "登记科").await;
        let elsewhere = organisation(OrganisationKind::Department, "规划科").await;
        let firm = organisation(OrganisationKind::Enterprise, "示例一").await;
        name_office(&ground.ground, &visitor(), &security, registering).await.unwrap().unwrap();
        let zone = Self {
            office: somebody(&ground, registering, Role::Officer),
            other: somebody(&ground, elsewhere, Role::Officer),
            owner: somebody(&ground, firm, Role::Owner),
            engines,
            ground,
        };
        for number in 1..=12 {
            zone.firm(number).await;
        }
        zone
    }

    async fn firm(&self, percent: u32) {
        let code = facts::Uscc::with_checks(&format!("91999999{percent:08}")).unwrap().to_string();
        let wanted =
            NewSubject { kind: "企业".to_owned(), code: Some(code), name: format!("示例{percent}") };
        let ground = &self.ground.ground;
        let subject = create_subject(ground, &visitor(), &self.office, &wanted).await.unwrap().unwrap();
        let research = 10 * percent;
        let facts = format!(
            r#"{{"居民企业": true, "营业收入.2025": "1000万元", "研发费用.2025": "{research}万元"}}"#
        );
        let wanted = NewStatement {
            subject,
            source: "zone".to_owned(),
            observed: day("2026-03-01"),
            valid_until: None,
            evidence: None,
            facts,
        };
        let shelved = self.engines.shelf().current().unwrap();
        let words = &shelved.library.rulebook.vocabulary;
        let said = record_statement(ground, &visitor(), &self.office, words, &wanted).await;
        said.unwrap().unwrap();
    }

    async fn simulates(&self, by: &Principal, text: &str) -> Result<Effects, Refusal> {
        let wanted =
            DraftWanted { text: text.to_owned(), against: None, on: Some(day("2026-06-30")), by: Vec::new() };
        simulate(&self.ground.ground, &self.engines, &visitor(), by, &wanted).await.unwrap()
    }

    async fn sweeps(
        &self,
        by: &Principal,
        (from, to, steps): (&str, &str, usize),
    ) -> Result<Effects, Refusal> {
        let wanted = CurveWanted {
            of: Of::Policy("zz-demo-rd-2026".to_owned()),
            condition: "rd-share".to_owned(),
            constant: None,
            from: from.to_owned(),
            to: to.to_owned(),
            steps,
            on: Some(day("2026-06-30")),
        };
        sweep(&self.ground.ground, &self.engines, &visitor(), by, &wanted).await.unwrap()
    }

    async fn entries(&self) -> u64 {
        let mut read = self.ground.ground.read().await.unwrap();
        chain::head(&mut read, self.ground.ground.keys()).await.unwrap().size
    }
}

async fn a_draft_tells_who_gains_and_what_it_costs_and_leaves_an_entry(test: TestStore) {
    let zone = Zone::new(test).await;
    let before = zone.entries().await;
    // From 5 % down to 2 %: those with 2, 3 and 4 % gain; a tenth of 20, 30 and 40 万元.
    let told = zone.simulates(&zone.office, &document_with_share("2%")).await.unwrap();
    let all = &told.json["all"];
    assert_eq!((&all["subjects"], &all["eligible_now"], &all["gain"]), (&json!(12), &json!(8), &json!(3)));
    assert_eq!((&all["lose"], &all["open"]), (&json!(0), &json!(0)));
    let wan = |column: usize| told.lines[0][column].as_str();
    assert_eq!((effect::table::EFFECT[11], wan(11)), ("now_least_wan", "68"));
    assert_eq!((effect::table::EFFECT[13], wan(13)), ("then_least_wan", "77"));
    assert_eq!(told.json["against"], "zz-demo-rd-2026@2026-01-01");
    assert!(told.json.get("suppressed").is_none(), "the office answers for every source");
    assert_eq!(zone.entries().await, before + 1);
    // A new firm counts at once.
    zone.firm(13).await;
    let later = zone.simulates(&zone.office, &document_with_share("2%")).await.unwrap();
    assert_eq!(later.json["all"]["subjects"], 13);
    assert!(later.stand.position > told.stand.position);
}

async fn whoever_may_not_read_the_facts_is_not_told_of_a_few(test: TestStore) {
    let zone = Zone::new(test).await;
    // Three gain: too few for somebody of another department, whose facts these are not.
    let told = zone.simulates(&zone.other, &document_with_share("2%")).await.unwrap();
    assert_eq!((&told.json["all"], &told.json["missing"]), (&Value::Null, &Value::Null));
    assert_eq!(told.json["suppressed"], json!({ "fewest": 5, "subjects": 12 }));
    assert!(told.lines.is_empty(), "{:?}", told.lines);
    let curve = zone.sweeps(&zone.other, ("1%", "12%", 12)).await.unwrap();
    let points = curve.json["points"].as_array().unwrap();
    let shown: Vec<u64> = points.iter().filter_map(|point| point["eligible"].as_u64()).collect();
    assert!(shown.iter().all(|count| *count == 0 || *count >= 5), "{shown:?}");
    assert!(shown.windows(2).all(|pair| pair[0] == pair[1] || pair[0].abs_diff(pair[1]) >= 5), "{shown:?}");
}

async fn a_curve_goes_through_what_runs_of_each_value_would_count(test: TestStore) {
    let zone = Zone::new(test).await;
    let before = zone.entries().await;
    let curve = zone.sweeps(&zone.office, ("1%", "12%", 12)).await.unwrap();
    for (point, percent) in curve.json["points"].as_array().unwrap().iter().zip(1_u64..) {
        assert_eq!(point["eligible"], 13 - percent, "at {percent} %");
        let alone = zone.simulates(&zone.office, &document_with_share(&format!("{percent}%"))).await.unwrap();
        assert_eq!(point["eligible"], alone.json["all"]["eligible_then"]);
        assert_eq!(point["paid"], alone.json["all"]["paid_then"]);
    }
    assert_eq!(curve.json["current"]["eligible"], 8);
    assert_eq!(curve.lines.len(), 12);
    assert_eq!(zone.entries().await, before + 13);
}

async fn mistakes_are_told_at_their_place_and_nothing_is_kept(test: TestStore) {
    let zone = Zone::new(test).await;
    let places = |refusal: Refusal| match refusal {
        Refusal::Unreadable(found) => found.into_iter().map(|it| it.place.en).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let wrong = document_with_share("5%").replace("研发费用.上年 * 10%", "研发费用.上年 * 十成");
    let found = places(zone.simulates(&zone.office, &wrong).await.unwrap_err());
    assert!(found.iter().all(|place| place.starts_with("draft:2")), "{found:?}");
    let found = places(zone.sweeps(&zone.office, ("1人", "12%", 12)).await.unwrap_err());
    assert_eq!(found, ["/from"]);
    let found = places(zone.sweeps(&zone.office, ("1%", "12%", 1)).await.unwrap_err());
    assert_eq!(found, ["/steps"]);
    assert_eq!(zone.simulates(&zone.owner, &document_with_share("2%")).await, Err(Refusal::Forbidden));
}

async fn the_doors_are_for_officers_and_publishers_and_answer_as_json_and_csv(test: TestStore) {
    let world = crate::tests::world::World::new(test).await;
    let asked = json!({ "draft": document_with_share("2%"), "on": "2026-06-30" });
    let refused = world.post(&world.auditor, "/api/v1/simulate", asked.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let (officer, _) = world.member("department", "officer").await;
    let told = world.post(&officer, "/api/v1/simulate", asked.clone()).await;
    assert_eq!(told.status, StatusCode::OK, "{told:?}");
    assert_eq!(told.json()["draft"], "zz-demo-rd-2026@2026-01-01");
    let mut wants_csv = officer.clone();
    wants_csv.headers.push((header::ACCEPT.as_str(), "text/csv".to_owned()));
    let asked = json!({
        "policy": "zz-demo-rd-2026", "condition": "rd-share", "from": "3%", "to": "8%", "steps": 6, "on": "2026-06-30",
    });
    let told = world.send(&wants_csv, Method::POST, "/api/v1/sweep", asked).await;
    assert_eq!(told.status, StatusCode::OK, "{told:?}");
    let text = String::from_utf8(told.bytes).unwrap();
    assert_eq!(text.lines().count(), 7, "{text}");
    assert!(text.starts_with('\u{feff}') && text.contains("3%"), "{text}");
    let both = json!({ "condition": "rd-share", "from": "3%", "to": "8%" });
    let wrong = world.post(&officer, "/api/v1/sweep", both).await;
    assert_eq!(
        (wrong.status, wrong.json()["errors"][0]["place"].clone()),
        (StatusCode::BAD_REQUEST, json!("/policy"))
    );
}
