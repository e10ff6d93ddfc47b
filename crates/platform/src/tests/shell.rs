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
    until_three_administrators_can_sign_in_nobody_does_anything_else,
    a_post_with_a_key_is_done_once,
    a_key_whose_reply_is_gone_does_nothing_a_second_time,
    figures_are_for_the_networks_that_were_named,
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

async fn a_post_with_a_key_is_done_once(test: TestStore) {
    let world = World::new(test).await;
    let made = json!({ "kind": "bank", "name": "示例银行" });
    let with_key = |guest: &Guest, key: &str| {
        let mut guest = guest.clone();
        guest.headers.push(("idempotency-key", key.to_owned()));
        guest
    };
    let path = "/api/v1/organisations";
    let first = world.post(&with_key(&world.system, "k-1"), path, made.clone()).await;
    let again = world.post(&with_key(&world.system, "k-1"), path, made.clone()).await;
    assert_eq!((again.status, &again.bytes), (StatusCode::CREATED, &first.bytes));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.headers[header::CONTENT_TYPE], "application/json");
    let other = json!({ "kind": "bank", "name": "另一银行" });
    let otherwise = world.post(&with_key(&world.system, "k-1"), path, other).await;
    assert_eq!(otherwise.code(), "key-used-otherwise");
    let another = world.post(&with_key(&world.system, "k-2"), path, made.clone()).await;
    assert_ne!(another.json()["id"], first.json()["id"]);
    let stranger = world.post(&with_key(&world.auditor, "k-1"), path, made).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN, "a key is one asker's own");
    let listed = world.get(&world.system, path).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "the office and two banks");
    let wrong = world.post(&with_key(&world.system, &"k".repeat(129)), path, json!({})).await;
    assert_eq!(wrong.json()["errors"][0]["place"], "header:idempotency-key");
}

async fn a_key_whose_reply_is_gone_does_nothing_a_second_time(test: TestStore) {
    use crate::ground::once::{Before, Key, before, forget};
    use crate::ground::{Caller, Fault, RequestId};
    let world = World::new(test).await;
    let ground = &world.ground.ground;
    let key = Key::new(ground, "somebody", "/door", "k", b"");
    let verb = async |request: &str| {
        let caller = Caller { once: Some(key.clone()), ..Caller::system(RequestId::new(request)) };
        let mut verb = ground.begin(&caller).await.unwrap();
        verb.record("test", "platform", None, None);
        verb.commit().await
    };
    verb("r-1").await.unwrap();
    verb("r-1").await.unwrap();
    assert_eq!(before(ground, &key).await.unwrap(), Before::Unanswered);
    assert!(matches!(verb("r-2").await, Err(Fault::Repeated)), "another request with the same key");
    assert_eq!(forget(ground).await.unwrap(), 0);
    world.ground.clock.advance(std::time::Duration::from_secs(90_000));
    assert_eq!(forget(ground).await.unwrap(), 1);
    assert_eq!(before(ground, &key).await.unwrap(), Before::Never);
}

async fn figures_are_for_the_networks_that_were_named(test: TestStore) {
    use crate::web::Metrics;
    use axum::extract::ConnectInfo;
    let metrics = Metrics {
        render: std::sync::Arc::new(|| "zhimei_requests_total 7".to_owned()),
        readers: vec!["10.0.0.0/8".parse().unwrap()],
    };
    let world = World::unset(test, Settings { metrics: Some(metrics), ..Settings::default() }).await;
    let ask = async |peer: [u8; 4]| {
        let mut request = Request::builder().uri("/metrics").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from((peer, 1))));
        world.knock(request).await
    };
    assert_eq!(ask([10, 1, 2, 3]).await.bytes, b"zhimei_requests_total 7");
    assert_eq!(ask([192, 0, 2, 1]).await.status, StatusCode::NOT_FOUND);
}

async fn until_three_administrators_can_sign_in_nobody_does_anything_else(test: TestStore) {
    use crate::ground::{Caller, RequestId};
    let world = World::unset(test, Settings::default()).await;
    let caller = Caller::visitor(RequestId::new("test"), "");
    let first = crate::identity::first_link(&world.ground.ground, &caller).await.unwrap().unwrap();
    let one = |login: &str| json!({ "login": login, "name": login });
    let three = json!({
        "link": first.reveal(), "department": "示例办公室",
        "system": one("sys"), "security": one("sec"), "auditor": one("aud"),
    });
    let links = world.post(&Guest::default(), "/api/v1/set-up", three).await.json();
    let system = world.enters("sys", links["system"].as_str().unwrap()).await;
    let refused = world.get(&system, "/api/v1/system").await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "set-up-first".to_owned())
    );
    world.enters("sec", links["security"].as_str().unwrap()).await;
    world.enters("aud", links["auditor"].as_str().unwrap()).await;
    assert_eq!(world.get(&system, "/api/v1/system").await.status, StatusCode::OK);
}
