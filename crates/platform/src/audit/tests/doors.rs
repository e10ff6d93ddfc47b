//! What the auditor gets through the doors of HTTP.

use axum::http::{Method, StatusCode, header};
use serde_json::json;

use super::*;
use crate::tests::world::World;

store::on_both_databases!(schema;
    an_auditor_pages_shows_verifies_and_takes_out_through_the_doors,
    what_cannot_be_understood_is_told_at_its_place,
);

async fn an_auditor_pages_shows_verifies_and_takes_out_through_the_doors(test: TestStore) {
    let world = World::new(test).await;
    let auditor = &world.auditor;
    let first = world.get(auditor, "/api/v1/audit?limit=2&action=identity").await.json();
    let positions = |page: &serde_json::Value| -> Vec<u64> {
        page["items"].as_array().unwrap().iter().map(|entry| entry["position"].as_u64().unwrap()).collect()
    };
    let next = first["next"].as_str().unwrap();
    let second =
        world.get(auditor, &format!("/api/v1/audit?limit=2&action=identity&after={next}")).await.json();
    assert!(positions(&first)[1] > positions(&second)[0], "the latest come first");
    assert!(first["items"][0]["action"].as_str().unwrap().starts_with("identity."));

    let taken = world.post(auditor, "/api/v1/audit/export", json!({ "from": 2 })).await;
    assert_eq!(taken.headers[header::CONTENT_TYPE], "application/jsonl");
    let lines: Vec<String> = String::from_utf8(taken.bytes).unwrap().lines().map(str::to_owned).collect();
    let entries = verify_export(&lines, &world.ground.ground.keys().verifying_key()).unwrap();
    assert_eq!(*entries.keys().next().unwrap(), 2);

    let found = world.get(auditor, "/api/v1/audit?action=identity.create-organisation").await.json();
    let at = &found["items"][0]["position"];
    let one = world.get(auditor, &format!("/api/v1/audit/{at}")).await.json();
    assert_eq!((&one["position"], &one["erased"]), (at, &json!(null)));
    assert!(one["after"].is_object() && one["proof"]["path"].is_array(), "{one}");
    let ground = json!({ "ground": "个人信息保护法" });
    let erased = world.post(auditor, &format!("/api/v1/audit/{at}/erase"), ground).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    let one = world.get(auditor, &format!("/api/v1/audit/{at}")).await.json();
    assert_eq!((&one["after"], &one["erased"]["ground"]), (&json!(null), &json!("个人信息保护法")));

    let heads = world.get(auditor, "/api/v1/audit/heads").await.json();
    let line = heads["filed"][0]["line"].as_str().unwrap();
    let kept = json!({ "heads": format!("{line}\n") });
    let verified = world.post(auditor, "/api/v1/audit/verify", kept).await.json();
    assert_eq!((&verified["is_whole"], &verified["filed_heads"]), (&json!(true), &json!(1)), "{verified}");
    let young = world.post(auditor, "/api/v1/audit/prune", json!({ "before": "2026-11-30" })).await;
    assert_eq!((young.status, young.code()), (StatusCode::CONFLICT, "not-pruned".to_owned()));
    let system = world.send(&world.system, Method::GET, "/api/v1/audit", serde_json::Value::Null).await;
    assert_eq!(system.status, StatusCode::FORBIDDEN);
}

async fn what_cannot_be_understood_is_told_at_its_place(test: TestStore) {
    let world = World::new(test).await;
    let auditor = &world.auditor;
    let long = format!("/api/v1/audit?subject={}", "a".repeat(201));
    for (path, place) in [
        ("/api/v1/audit?limit=201", "query:limit"),
        (long.as_str(), "query:subject"),
        ("/api/v1/audit?after=zz", "query:after"),
    ] {
        assert_eq!(world.get(auditor, path).await.json()["errors"][0]["place"], place, "{path}");
    }
    for (path, body, place) in [
        ("/api/v1/audit/prune", json!({ "before": "yesterday" }), "/before"),
        ("/api/v1/audit/1/erase", json!({ "ground": " " }), "/ground"),
        ("/api/v1/audit/export", json!({ "from": 4_000_000 }), "/from"),
    ] {
        assert_eq!(world.post(auditor, path, body).await.json()["errors"][0]["place"], place, "{path}");
    }
    for path in ["/api/v1/audit/0", "/api/v1/audit/none", "/api/v1/audit/99999999999999999999"] {
        assert_eq!(world.get(auditor, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
