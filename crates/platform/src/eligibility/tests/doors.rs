//! The doors: a subject that is handed in, other sites, decisions over HTTP.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;

use super::*;
use crate::tests::world::{Guest, World as Doors};
use crate::web::{Limits, Settings};

store::on_both_databases!(schema;
    a_subject_that_is_handed_in_is_decided_and_nothing_is_kept,
    only_named_sites_may_ask_from_their_pages_and_only_here,
    an_address_asks_so_often_and_no_more,
);

async fn a_subject_that_is_handed_in_is_decided_and_nothing_is_kept(test: TestStore) {
    let world = Doors::new(test).await;
    let nobody = Guest::default();
    let entries = async || {
        let mut read = world.ground.ground.read().await.unwrap();
        crate::ground::chain::head(&mut read, world.ground.ground.keys()).await.unwrap().size
    };
    let before = entries().await;
    let subject = json!({ "居民企业": true, "营业收入.2025": "4000万元", "研发费用.2025": "240万元" });
    let asked = json!({ "subject": subject, "on": "2026-06-30" });
    let reply = world.post(&nobody, "/api/v1/check", asked).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let body = reply.json();
    assert_eq!((&body["release"], &body["on"]), (&json!(1), &json!("2026-06-30")));
    assert_eq!(body["results"][0]["outcome"], "eligible");
    assert_eq!(body["results"][0]["amount_fen"], 24_000_000);
    assert_eq!(body["results"][1]["missing"], json!(["职工总数", "内部评级"]));
    assert!(body.get("reasons").is_none());

    let subject = json!({ "居民企业": true, "营业收入.2025": "4000万元", "研发费用.2025": "很多" });
    let asked =
        json!({ "subject": subject, "on": "2026-06-30", "policies": ["zz-demo-rd-2026"], "reasons": true });
    let body = world.post(&nobody, "/api/v1/check", asked).await.json();
    assert_eq!(body["problems"][0]["place"], "/subject/研发费用.2025");
    assert_eq!(body["results"][0]["outcome"], "unknown");
    assert_eq!(body["reasons"][0]["reasons"][0]["holds"], true);

    let refused = async |body| world.post(&nobody, "/api/v1/check", body).await;
    let unknown = refused(json!({ "subject": {}, "policies": ["nothing"] })).await;
    assert_eq!(
        (unknown.status, unknown.json()["errors"][0]["place"].clone()),
        (StatusCode::BAD_REQUEST, json!("/policies/0"))
    );
    let large = refused(json!({ "subject": { "名称": "示".repeat(100 << 10) } })).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{large:?}");
    let wrong = world.get(&nobody, "/api/v1/check").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(entries().await, before, "a question leaves nothing");
}

async fn only_named_sites_may_ask_from_their_pages_and_only_here(test: TestStore) {
    let open_to = vec!["https://www.example.cn".parse().unwrap()];
    let world = Doors::unset(test, Settings { open_to, ..Settings::default() }).await;
    let from = |method: Method, path: &str, site: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "zone.example")
            .header(header::ORIGIN, site)
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        request.body(Body::from(r#"{"subject": {}}"#)).unwrap()
    };
    let allowed = async |method, site| {
        let reply = world.knock(from(method, "/api/v1/check", site)).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert!(reply.headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS).is_none());
        reply.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).cloned()
    };
    assert_eq!(allowed(Method::OPTIONS, "https://www.example.cn").await.unwrap(), "https://www.example.cn");
    assert_eq!(allowed(Method::POST, "https://www.example.cn").await.unwrap(), "https://www.example.cn");
    assert_eq!(allowed(Method::OPTIONS, "https://other.example").await, None);
    let other = world.knock(from(Method::POST, "/api/v1/sessions", "https://www.example.cn")).await;
    assert_eq!((other.status, other.code()), (StatusCode::FORBIDDEN, "cross-site".to_owned()));
    for wrong in ["www.example.cn", "https://", "https://a.cn/path", "https://a.cn, https://b.cn", "*"] {
        assert!(wrong.parse::<crate::web::Site>().is_err(), "{wrong}");
    }
}

async fn an_address_asks_so_often_and_no_more(test: TestStore) {
    let limits = Limits { checks: 2.try_into().unwrap(), ..Limits::default() };
    let world = Doors::unset(test, Settings { limits, ..Settings::default() }).await;
    let ask = async || world.post(&Guest::default(), "/api/v1/check", json!({ "subject": {} })).await;
    for _ in 0..2 {
        assert_eq!(ask().await.status, StatusCode::OK);
    }
    let refused = ask().await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
}
