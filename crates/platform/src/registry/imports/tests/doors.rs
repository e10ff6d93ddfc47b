//! An import over HTTP, from the file to the facts and back.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::super::super::api::Words;
use super::*;
use crate::ground::worker::Worker;
use crate::policies::Shelf;
use crate::tests::world::{Guest, Reply, World as Doors};

store::on_both_databases!(schema;
    a_file_is_handed_in_looked_at_mapped_imported_and_withdrawn,
    bad_cells_are_listed_page_by_page_and_as_a_file,
);

/// The doors, with an officer of the department that keeps the register.
async fn doors(test: TestStore) -> (Doors, Guest) {
    let doors = Doors::new(test).await;
    let (officer, department) = doors.member("department", "officer").await;
    let named = json!({ "department": department });
    let named = doors.send(&doors.security, Method::PUT, "/api/v1/register/department", named).await;
    assert!(named.status.is_success(), "{named:?}");
    (doors, officer)
}

async fn hands_in(doors: &Doors, guest: &Guest, query: &str, text: &str) -> Reply {
    let mut request = Request::builder().method(Method::POST).uri(format!("/api/v1/imports?{query}"));
    for (name, value) in &guest.headers {
        request = request.header(*name, value);
    }
    request = request.header(header::CONTENT_TYPE, "text/csv").header(header::ACCEPT_LANGUAGE, "en");
    doors.knock(request.body(Body::from(text.to_owned())).unwrap()).await
}

/// Does all jobs that are due.
async fn work(doors: &Doors) {
    let shelf = Shelf::open(&doors.ground.ground).await.unwrap();
    let words: &Words = shelf.words();
    let importer = Importer::new(&doors.ground.ground, words);
    let worker = Worker::new(&doors.ground.ground, vec![Box::new(importer)]);
    while worker.do_one().await.unwrap() {}
}

async fn a_file_is_handed_in_looked_at_mapped_imported_and_withdrawn(test: TestStore) {
    let (doors, officer) = doors(test).await;
    let text = format!("统一社会信用代码,名称,研发费用.2025,人数\n{},示例一,240万元,30\n", code(1));
    let refused = hands_in(&doors, &doors.auditor.clone(), "source=taxation", &text).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let nameless = hands_in(&doors, &officer, "", &text).await;
    assert_eq!(nameless.json()["errors"][0]["place"], "query:source", "{nameless:?}");
    let empty = hands_in(&doors, &officer, "source=taxation", "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{empty:?}");

    let asked = "source=taxation&observed_on=2026-03-01&file_name=%E7%A4%BA%E4%BE%8B.csv";
    let made = hands_in(&doors, &officer, asked, &text).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!((&made["state"], &made["file_name"]), (&json!("uploaded"), &json!("示例.csv")));
    assert_eq!((&made["counts"]["new"], &made["counts"]["bad"]), (&json!(1), &json!(0)));
    assert_eq!(made["columns"][3]["meaning"], Value::Null, "nothing is guessed");
    let path = format!("/api/v1/imports/{}", made["id"].as_str().unwrap());

    let meanings = ["统一社会信用代码", "名称", "研发费用.2025", "职工总数.2025末"];
    let columns: Vec<Value> = (0..)
        .zip(meanings)
        .map(|(column, meaning)| json!({ "column": column, "meaning": meaning }))
        .collect();
    let mapped =
        doors.send(&officer, Method::PUT, &format!("{path}/columns"), json!({ "columns": columns })).await;
    assert_eq!(mapped.json()["columns"][3]["meaning"], "职工总数.2025末", "{mapped:?}");
    let wrong = doors.post(&officer, &format!("{path}/commit"), json!({ "takes": "some" })).await;
    assert_eq!(wrong.json()["errors"][0]["place"], "/takes", "{wrong:?}");
    let begun = doors.post(&officer, &format!("{path}/commit"), json!({ "takes": "all" })).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    work(&doors).await;
    let done = doors.get(&officer, &path).await.json();
    assert_eq!((&done["state"], &done["done"]), (&json!("visible"), &json!(1)), "{done}");

    let found = doors.post(&officer, "/api/v1/subjects/search", json!({ "text": code(1) })).await.json();
    let subject = found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned();
    let facts = doors.get(&officer, &format!("/api/v1/subjects/{subject}/facts")).await;
    let facts = String::from_utf8(facts.bytes).unwrap();
    assert!(facts.contains("240万元") && facts.contains("职工总数.2025末"), "{facts}");

    let change = doors.get(&officer, &format!("{path}/withdrawal")).await.json();
    let keys: Vec<&str> =
        change["items"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&"研发费用.2025"), "{change}");
    let back = doors.post(&officer, &format!("{path}/withdrawal"), json!({ "reason": "导错了" })).await;
    assert_eq!(back.json()["state"], "withdrawn", "{back:?}");
    let again = doors.post(&officer, &format!("{path}/cancel"), Value::Null).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
    let list = doors.get(&officer, "/api/v1/imports").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

async fn bad_cells_are_listed_page_by_page_and_as_a_file(test: TestStore) {
    let (doors, officer) = doors(test).await;
    let mut text = "统一社会信用代码,名称,研发费用.2025\n".to_owned();
    for number in 1..=7 {
        text += &format!("{},示例{number},=很多{number}\n", code(number));
    }
    let made = hands_in(&doors, &officer, "source=taxation", &text).await.json();
    assert_eq!((&made["counts"]["bad"], &made["counts"]["problems"]), (&json!(7), &json!(7)), "{made}");
    let path = format!("/api/v1/imports/{}", made["id"].as_str().unwrap());
    let refused = doors.post(&officer, &format!("{path}/commit"), json!({ "takes": "all" })).await;
    assert_eq!(refused.code(), "bad-rows", "{refused:?}");
    let first = doors.get(&officer, &format!("{path}/problems?limit=5")).await.json();
    let next = first["next"].as_str().unwrap();
    let second = doors.get(&officer, &format!("{path}/problems?limit=5&after={next}")).await.json();
    let rows = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|it| it["row"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (rows(&first), rows(&second)),
        (vec![2.into(), 3.into(), 4.into(), 5.into(), 6.into()], vec![7.into(), 8.into()])
    );
    let mut wants_csv = officer.clone();
    wants_csv.headers.push(("accept", "text/csv".to_owned()));
    let file = doors.get(&wants_csv, &format!("{path}/problems")).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv");
    assert_eq!(String::from_utf8(file.bytes).unwrap().lines().count(), 8);
}
