//! What nobody means well with: refused with a problem, or taken as the plain text that it is; never a failure of the server.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use store::Schema;
use store::testing::TestStore;

use super::walk::{Ids, Person, body_of, filled, settle};
use super::world::{Guest, Reply, World};

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    whatever_stands_in_a_text_or_number_of_any_body_no_door_fails,
    bodies_that_are_too_large_too_deep_or_no_text_are_refused_at_their_place,
    tricks_with_paths_queries_and_headers_lead_nowhere,
    files_that_unpack_without_end_or_are_broken_are_refused,
    marks_of_query_languages_and_pages_are_plain_text,
);

/// In place of every text and number of a body.
const INSTEAD: [&str; 9] = [
    r#""\u0000""#,
    r#""a\u0000b""#,
    r#""'; DROP TABLE subject; -- {{7*7}} ${7*7} <script>alert(1)</script>""#,
    r#""\ud83d\ude00 \u202e \ufeff""#,
    r#""%00../../../etc/passwd""#,
    "1e400",
    "-9223372036854775809",
    "18446744073709551616",
    "null",
];

/// A body with something else at each of its leaves, one after the other.
fn altered(body: &Value, instead: &str) -> Vec<String> {
    const MARK: &str = "\u{1}here\u{1}";
    let mut places = Vec::new();
    collect(body, String::new(), &mut places);
    let one = |place: &String| {
        let mut body = body.clone();
        if let Some(leaf) = body.pointer_mut(place) {
            *leaf = Value::from(MARK);
        }
        body.to_string().replace(&Value::from(MARK).to_string(), instead)
    };
    places.iter().map(one).collect()
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{place}/{key}"), places);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, format!("{place}/{at}"), places));
        }
        _ => places.push(place),
    }
}

async fn sends(world: &World, guest: &Guest, method: &str, path: &str, body: impl Into<Body>) -> Reply {
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let mut request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in &guest.headers {
        request = request.header(*name, value);
    }
    world.knock(request.body(body.into()).unwrap()).await
}

/// Why a reply is not what a hostile request gets, if it is not.
fn misfit(reply: &Reply) -> Option<String> {
    let text = || String::from_utf8_lossy(&reply.bytes).into_owned();
    if reply.status.is_server_error() {
        return Some(text());
    }
    let is_problem =
        reply.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    (reply.status.is_client_error() && !is_problem).then(|| format!("no problem document: {}", text()))
}

async fn whatever_stands_in_a_text_or_number_of_any_body_no_door_fails(test: TestStore) {
    let world = World::new(test).await;
    let (people, ids): (Vec<Person>, Ids) = settle(&world).await;
    let description = serde_json::to_value(&world.description).unwrap();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for person in
        people.iter().filter(|it| ["owner", "officer", "publisher", "security", "system"].contains(&it.name))
    {
        for (path, operations) in description["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                // What would take the one who asks out of the story.
                if operation["x-action"] == "entered" {
                    continue;
                }
                let body = body_of(operation, &description, &ids);
                for instead in INSTEAD {
                    for text in altered(&body, instead) {
                        tried += 1;
                        let reply =
                            sends(&world, &person.guest, method, &filled(path, &ids), text.clone()).await;
                        if let Some(why) = misfit(&reply) {
                            wrong.push(format!(
                                "{} {method} {path} {text}: {} {why}",
                                person.name, reply.status
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 2_000, "only {tried} were tried");
}

async fn bodies_that_are_too_large_too_deep_or_no_text_are_refused_at_their_place(test: TestStore) {
    let world = World::new(test).await;
    let (officer, _) = world.member("department", "officer").await;
    let nobody = Guest::default();
    let large = format!(r#"{{"kind": "enterprise", "name": "{}"}}"#, "示".repeat(1 << 20));
    for path in ["/api/v1/subjects", "/api/v1/subjects/search"] {
        let refused = sends(&world, &officer, "post", path, large.clone()).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    }
    let file =
        sends(&world, &officer, "post", "/api/v1/imports?source=taxation", vec![b'x'; (10 << 20) + 1]).await;
    assert_eq!(file.status, StatusCode::PAYLOAD_TOO_LARGE, "{file:?}");
    for depth in [200, 20_000] {
        let deep = format!(r#"{{"subject": {}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let refused = sends(&world, &nobody, "post", "/api/v1/check", deep).await;
        assert!(refused.status.is_client_error() && misfit(&refused).is_none(), "{refused:?}");
        let deep = format!(r#"{{"kind": {}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let refused = sends(&world, &officer, "post", "/api/v1/subjects", deep).await;
        assert_eq!(refused.json()["errors"][0]["place"], "/kind", "{refused:?}");
    }
    for (path, guest) in [("/api/v1/check", &nobody), ("/api/v1/subjects", &officer)] {
        let refused = sends(&world, guest, "post", path, b"{\"kind\": \"\xff\xfe\"}".to_vec()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.bytes).contains("UTF-8"), "{refused:?}");
        for broken in ["", "{", "[]", "nul", "{\"kind\": \"enterprise\"} {}", "\u{feff}{}"] {
            let refused = sends(&world, guest, "post", path, broken).await;
            assert!(refused.status.is_client_error() && misfit(&refused).is_none(), "{broken}: {refused:?}");
        }
    }
    let unknown =
        sends(&world, &officer, "post", "/api/v1/subjects", r#"{"kind": "enterprise", "nme": "x"}"#).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "{unknown:?}");
}

async fn tricks_with_paths_queries_and_headers_lead_nowhere(test: TestStore) {
    let world = World::new(test).await;
    let (officer, _) = world.member("department", "officer").await;
    for path in [
        "/api/v1/subjects/..%2f..%2fetc%2fpasswd",
        "/api/v1/subjects/%00",
        "/api/v1/subjects/%ff%fe",
        "/api/v1/subjects/%252e%252e",
        "/api/v1/decisions/-1",
        "/api/v1/decisions/99999999999999999999999",
        "/api/v1/runs/1e9/outcomes",
        "/api/v1/policies/..%5c..%5cwindows",
        "/api/browse/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/imports/%27%20OR%201%3D1",
    ] {
        let reply = world.get(&officer, path).await;
        assert!(reply.status.is_client_error(), "{path}: {reply:?}");
        assert!(!String::from_utf8_lossy(&reply.bytes).contains("root:"), "{path}");
    }
    let long = format!("/api/v1/subjects/{}", "a".repeat(6_000));
    assert!(world.get(&officer, &long).await.status.is_client_error());
    for query in ["limit=-1", "limit=99999999999999999999", "after=%00", "after=%ff", "limit=1&limit=2"] {
        let reply = world.get(&officer, &format!("/api/v1/imports?{query}")).await;
        assert!(reply.status.is_client_error() && misfit(&reply).is_none(), "{query}: {reply:?}");
    }
    for key in ["k".repeat(129).as_bytes(), "键".as_bytes(), b"\xff"] {
        let mut request = Request::builder().method(Method::POST).uri("/api/v1/subjects");
        for (name, value) in &officer.headers {
            request = request.header(*name, value);
        }
        let request = request.header("idempotency-key", key).header(header::CONTENT_TYPE, "application/json");
        let reply =
            world.knock(request.body(Body::from(r#"{"kind": "enterprise", "name": "示例"}"#)).unwrap()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
        assert_eq!(reply.json()["errors"][0]["place"], "header:idempotency-key");
    }
    for kind in
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json;charset=gbk"]
    {
        let mut request = Request::builder().method(Method::POST).uri("/api/v1/subjects");
        for (name, value) in &officer.headers {
            request = request.header(*name, value);
        }
        let reply =
            world.knock(request.header(header::CONTENT_TYPE, kind).body(Body::from("{}")).unwrap()).await;
        assert!(reply.status.is_client_error() && misfit(&reply).is_none(), "{kind}: {reply:?}");
    }
    let mut strange = officer.clone();
    strange.headers.push(("accept", "image/png".to_owned()));
    strange.headers.push(("x-request-id", "\u{7f}".repeat(300).replace('\u{7f}', "x")));
    let reply = world.get(&strange, "/api/v1/imports").await;
    assert!(!reply.status.is_server_error() && misfit(&reply).is_none(), "{reply:?}");
}

/// A workbook of a few bytes whose directory says that its sheet unpacks to four gigabytes.
fn bomb() -> Vec<u8> {
    let (name, packed) = (b"xl/sharedStrings.xml", b"\x03\x00");
    let sizes = [0_u32.to_le_bytes(), 2_u32.to_le_bytes(), u32::MAX.to_le_bytes()].concat();
    let lengths = [20_u16.to_le_bytes(), 0_u16.to_le_bytes()].concat();
    let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &lengths].concat();
    let part = [&b"PK\x03\x04"[..], &common, name, packed].concat();
    let entry = [&b"PK\x01\x02\x14\x00"[..], &common, &[0; 14], name].concat();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let end = [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &length(&entry), &length(&part), &[0, 0]].concat();
    [part, entry, end].concat()
}

async fn files_that_unpack_without_end_or_are_broken_are_refused(test: TestStore) {
    let world = World::new(test).await;
    let (officer, department) = world.member("department", "officer").await;
    let named = json!({ "department": department });
    world.send(&world.security, Method::PUT, "/api/v1/register/department", named).await;
    let bomb = bomb();
    let mut cut = bomb.clone();
    cut.truncate(bomb.len() / 2);
    let files: [(&str, Vec<u8>); 7] = [
        ("a bomb", bomb),
        ("a zip that is cut off", cut),
        ("no zip at all", b"PK\x03\x04 and nothing more".to_vec()),
        ("no Parquet", b"PAR1 and nothing more PAR1".to_vec()),
        ("a page", b"<html><script>alert(1)</script></html>".to_vec()),
        ("a program", b"\x7fELF\x02\x01\x01\x00\x00\x00".to_vec()),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in files {
        let reply = sends(&world, &officer, "post", "/api/v1/imports?source=taxation", bytes).await;
        assert!(reply.status.is_client_error() && misfit(&reply).is_none(), "{what}: {reply:?}");
        assert!(
            reply.json()["errors"].as_array().is_some_and(|errors| !errors.is_empty()),
            "{what}: {reply:?}"
        );
    }
}

async fn marks_of_query_languages_and_pages_are_plain_text(test: TestStore) {
    let world = World::new(test).await;
    let (officer, department) = world.member("department", "officer").await;
    let named = json!({ "department": department });
    world.send(&world.security, Method::PUT, "/api/v1/register/department", named).await;
    for name in [
        "示例'; DROP TABLE subject; --",
        "示例\" OR \"\"=\"",
        "示例%_\\",
        "示例{{7*7}}${7*7}<%= 7*7 %>",
        "示例<script>alert(1)</script>",
        "=示例+cmd|' /C calc'!A0",
    ] {
        let made =
            world.post(&officer, "/api/v1/subjects", json!({ "kind": "enterprise", "name": name })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{name}: {made:?}");
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let read = world.get(&officer, &format!("/api/v1/subjects/{id}")).await.json();
        assert_eq!(read["name"], name);
        let found = world.post(&officer, "/api/v1/subjects/search", json!({ "text": name })).await.json();
        let ids: Vec<&str> =
            found["items"].as_array().unwrap().iter().filter_map(|it| it["id"].as_str()).collect();
        assert_eq!(ids, [id.as_str()], "{name}: nobody else is found by it");
    }
}
