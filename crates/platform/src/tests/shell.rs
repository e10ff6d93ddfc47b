//! What every door owes whoever knocks, whichever slice it leads to.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use store::Schema;
use store::testing::TestStore;

use super::world::{Guest, World};
use crate::web::{Limits, Settings};

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    a_visitor_becomes_an_administrator_by_links_and_a_second_factor,
    every_reply_has_a_number_and_what_is_wrong_is_told_in_the_readers_language,
    a_post_from_another_site_is_refused_before_anybody_is_known,
    a_cookie_without_a_browsers_word_needs_a_forms_token,
    a_reader_who_has_a_reply_gets_it_no_second_time,
    too_many_requests_are_told_when_to_come_back,
    health_tells_whether_the_database_answers,
    whoever_acts_for_an_organisation_is_a_member_of_it,
    a_list_goes_on_where_its_page_ended,
);

async fn a_visitor_becomes_an_administrator_by_links_and_a_second_factor(test: TestStore) {
    let world = World::new(test).await;
    let me = world.get(&world.system, "/api/v1/session").await.json();
    assert_eq!(me["stage"], "full");
    assert_eq!(me["principal"]["memberships"][0]["role"], "system-administrator");
    assert_eq!(me["acting_for"], me["principal"]["memberships"][0]["organisation"]);
    let out = world.send(&world.system, Method::DELETE, "/api/v1/session", Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().starts_with("__Host-zhimei=; "));
    assert_eq!(world.get(&world.system, "/api/v1/session").await.code(), "sign-in-first");
}

async fn every_reply_has_a_number_and_what_is_wrong_is_told_in_the_readers_language(test: TestStore) {
    let world = World::new(test).await;
    let reply = world.get(&Guest::default(), "/api/v1/no-such-door").await;
    assert_eq!((reply.status, reply.code()), (StatusCode::NOT_FOUND, "not-there".to_owned()));
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    let number = reply.headers["x-request-id"].to_str().unwrap();
    assert_eq!(reply.json()["instance"], format!("urn:request:{number}"));
    assert!(reply.json()["detail"].as_str().unwrap().starts_with("There is no such record"));
    let chinese = Request::builder().uri("/api/v1/tokens").body(Body::empty()).unwrap();
    let chinese = world.knock(chinese).await;
    assert_eq!(chinese.status, StatusCode::UNAUTHORIZED);
    assert!(chinese.json()["detail"].as_str().unwrap().starts_with("请先登录"));
    let method = world.send(&Guest::default(), Method::PUT, "/api/v1/tokens", Value::Null).await;
    assert_eq!((method.status, method.code()), (StatusCode::METHOD_NOT_ALLOWED, "wrong-method".to_owned()));
    let wrong =
        world.post(&world.system, "/api/v1/organisations", json!({ "kind": "firm", "name": "x" })).await;
    assert_eq!(
        (wrong.status, wrong.json()["errors"][0]["place"].clone()),
        (StatusCode::BAD_REQUEST, json!("/kind"))
    );
    let large = json!({ "kind": "enterprise", "name": "x".repeat(2 << 20) });
    assert_eq!(
        world.post(&world.system, "/api/v1/organisations", large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

async fn a_post_from_another_site_is_refused_before_anybody_is_known(test: TestStore) {
    let world = World::new(test).await;
    let mut foreign = world.system.clone();
    foreign.headers[1].1 = "cross-site".to_owned();
    let made = json!({ "kind": "enterprise", "name": "示例" });
    let reply = world.post(&foreign, "/api/v1/organisations", made.clone()).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::FORBIDDEN, "cross-site".to_owned()));
    assert_eq!(world.post(&world.system, "/api/v1/organisations", made).await.status, StatusCode::CREATED);
}

async fn a_cookie_without_a_browsers_word_needs_a_forms_token(test: TestStore) {
    let world = World::new(test).await;
    let mut silent = world.system.clone();
    silent.headers.truncate(1);
    let made = json!({ "kind": "enterprise", "name": "示例" });
    let refused = world.post(&silent, "/api/v1/organisations", made.clone()).await;
    assert_eq!(refused.code(), "cross-site");
    assert_eq!(world.get(&silent, "/api/v1/session").await.status, StatusCode::OK);
    let credentials = json!({ "login": "sys", "password": super::world::PASSWORD });
    let signed = world.post(&Guest::default(), "/api/v1/sessions", credentials).await;
    let token = signed.json()["form_token"].as_str().unwrap().to_owned();
    let mut other = Guest::with_cookie(&signed);
    other.headers[1] = ("x-form-token", token.clone());
    assert_eq!(
        world.send(&other, Method::DELETE, "/api/v1/session", Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    silent.headers.push(("x-form-token", token));
    assert_eq!(
        world.post(&silent, "/api/v1/organisations", made).await.code(),
        "cross-site",
        "another session's"
    );
}

async fn a_reader_who_has_a_reply_gets_it_no_second_time(test: TestStore) {
    let world = World::new(test).await;
    let first = world.get(&world.system, "/api/v1/organisations").await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(first.headers[header::CACHE_CONTROL], "private, no-cache");
    let mut known = world.system.clone();
    known.headers.push(("if-none-match", tag));
    let again = world.get(&known, "/api/v1/organisations").await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    world.post(&world.system, "/api/v1/organisations", json!({ "kind": "school", "name": "示例学校" })).await;
    assert_eq!(world.get(&known, "/api/v1/organisations").await.status, StatusCode::OK);
}

async fn too_many_requests_are_told_when_to_come_back(test: TestStore) {
    let limits = Limits { by_address: 3.try_into().unwrap(), ..Limits::default() };
    let world = World::unset(test, Settings { limits, ..Settings::default() }).await;
    for _ in 0..3 {
        assert_eq!(world.get(&Guest::default(), "/health/live").await.status, StatusCode::OK);
    }
    let reply = world.get(&Guest::default(), "/health/live").await;
    assert_eq!((reply.status, reply.code()), (StatusCode::TOO_MANY_REQUESTS, "too-many".to_owned()));
    let wait: u64 = reply.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
}

async fn health_tells_whether_the_database_answers(test: TestStore) {
    let world = World::unset(test, Settings::default()).await;
    assert_eq!(world.get(&Guest::default(), "/health/ready").await.json()["status"], "ready");
    world.ground.test.store.clone().close().await;
    let reply = world.get(&Guest::default(), "/health/ready").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.json()["lacking"][0].as_str().unwrap().contains("cannot be reached"), "{reply:?}");
    assert_eq!(world.get(&Guest::default(), "/health/live").await.status, StatusCode::OK);
    let asked =
        world.post(&Guest::default(), "/api/v1/sessions", json!({ "login": "a", "password": "b" })).await;
    assert_eq!((asked.status, asked.code()), (StatusCode::SERVICE_UNAVAILABLE, "database-away".to_owned()));
}

async fn whoever_acts_for_an_organisation_is_a_member_of_it(test: TestStore) {
    let world = World::new(test).await;
    let made = json!({ "kind": "enterprise", "name": "示例" });
    let other = world.post(&world.system, "/api/v1/organisations", made).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut guest = world.system.clone();
    guest.headers.push(("x-acting-for", other));
    let reply = world.get(&guest, "/api/v1/session").await;
    assert_eq!((reply.status, reply.code()), (StatusCode::FORBIDDEN, "not-a-member".to_owned()));
}

async fn a_list_goes_on_where_its_page_ended(test: TestStore) {
    let world = World::new(test).await;
    for name in ["甲", "乙", "丙"] {
        world.post(&world.system, "/api/v1/organisations", json!({ "kind": "village", "name": name })).await;
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/organisations?limit=2".to_owned();
    loop {
        let page = world.get(&world.system, &path).await.json();
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/organisations?limit=2&after={next}"),
            None => break,
        }
    }
    // Those made within one moment stand in no order of their own; none is missing and none comes twice.
    seen.sort();
    let mut all = ["示例园区管理办公室", "甲", "乙", "丙"];
    all.sort_unstable();
    assert_eq!(seen, all);
    assert_eq!(
        world.get(&world.system, "/api/v1/organisations?limit=0").await.json()["errors"][0]["place"],
        "query:limit"
    );
}
