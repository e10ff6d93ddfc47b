//! Policies, vocabulary and releases as everybody reads them over HTTP.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use store::testing::TestStore;

use super::library::{DOCUMENT_PATH, document_with_share};
use super::schema;
use crate::tests::world::{Guest, World};

store::on_both_databases!(schema;
    everybody_reads_policies_by_filter_and_page,
    a_text_comes_as_yaml_or_as_a_tree,
    everybody_reads_the_vocabulary_and_releases,
);

async fn everybody_reads_policies_by_filter_and_page(test: TestStore) {
    let world = World::new(test).await;
    let nobody = Guest::default();
    let ids = async |path: &str| {
        let reply = world.get(&nobody, path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {reply:?}");
        let items = reply.json()["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (research, size) = ("zz-demo-rd-2026", "zz-demo-size-2026");
    assert_eq!(ids("/api/v1/policies").await, [research, size]);
    assert_eq!(ids("/api/v1/policies?kind=subsidy&level=zone").await, [research]);
    assert_eq!(ids("/api/v1/policies?issuer=%E7%BB%9F%E8%AE%A1").await, [size]);
    assert_eq!(ids("/api/v1/policies?on=2028-01-01").await, [size]);
    assert!(ids("/api/v1/policies?on=2025-12-31").await.is_empty());
    let first = world.get(&nobody, "/api/v1/policies?limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    assert_eq!(ids(&format!("/api/v1/policies?limit=1&after={next}")).await, [size]);
    for wrong in ["kind=gift", "on=tomorrow", "limit=0", "after=zz", "colour=red"] {
        let reply = world.get(&nobody, &format!("/api/v1/policies?{wrong}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}: {reply:?}");
    }
    let one = world.get(&nobody, "/api/v1/policies/zz-demo-rd-2026").await.json();
    assert_eq!(one["versions"][0]["from"], "2026-01-01");
    assert_eq!(world.get(&nobody, "/api/v1/policies/nothing").await.status, StatusCode::NOT_FOUND);
}

async fn a_text_comes_as_yaml_or_as_a_tree(test: TestStore) {
    let world = World::new(test).await;
    let address = "/api/v1/policies/zz-demo-rd-2026/versions/2026-01-01";
    let yaml = world.get(&Guest::default(), address).await;
    assert_eq!(String::from_utf8(yaml.bytes).unwrap(), document_with_share("5%"));
    let asking = |accept: &str| {
        Request::builder().uri(address).header(header::ACCEPT, accept).body(Body::empty()).unwrap()
    };
    let tree = world.knock(asking("application/json")).await.json();
    assert_eq!(tree["document"]["needs"][1]["clause"], "第三条");
    assert_eq!(tree["path"], DOCUMENT_PATH);
    assert_eq!(world.knock(asking("image/png")).await.status, StatusCode::NOT_ACCEPTABLE);
    let other = world.get(&Guest::default(), &address.replace("2026-01-01", "2025-01-01")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

async fn everybody_reads_the_vocabulary_and_releases(test: TestStore) {
    let world = World::new(test).await;
    let nobody = Guest::default();
    let found = world.get(&nobody, "/api/v1/vocabulary?text=revenue").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&found["items"][0]["name"], &found["items"][0]["unit"]),
        (&"营业收入".into(), &"万元".into())
    );
    let first = world.get(&nobody, "/api/v1/vocabulary?limit=4").await.json();
    let next = first["next"].as_str().unwrap();
    let rest = world.get(&nobody, &format!("/api/v1/vocabulary?limit=4&after={next}")).await.json();
    assert_eq!(rest["items"][0]["name"], "内部评级");
    assert!(rest["next"].is_null());
    let releases = world.get(&nobody, "/api/v1/releases").await.json();
    assert_eq!(releases["items"][0]["number"], 1);
    let texts = world.get(&nobody, "/api/v1/releases/1/texts?limit=200").await.json();
    assert_eq!(texts["items"].as_array().unwrap().len(), 4);
    assert_eq!(world.get(&nobody, "/api/v1/releases/2").await.status, StatusCode::NOT_FOUND);
}
