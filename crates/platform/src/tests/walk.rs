//! Every door is tried by everybody, on records of another organisation, and held against the table of rights.
//!
//! The doors come from the description that the router itself gives, so one that is not here does not exist. What a request
//! sends comes from the description's own examples.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use store::Schema;
use store::testing::TestStore;

use super::world::{Guest, World};
use crate::identity::{Action, Grantee, Relation, Role};

/// Stands in whatever belongs to the other organisation, and nowhere else.
const CANARY: &str = "金丝雀";

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    every_door_is_open_to_whom_the_table_says_and_shows_nobody_what_is_not_theirs,
);

/// Somebody, with the roles that they have.
pub struct Person {
    pub name: &'static str,
    pub guest: Guest,
    roles: &'static [Role],
    is_token: bool,
}

/// Ids that stand for the words in braces of a path, and for fields of that name.
pub type Ids = BTreeMap<&'static str, String>;

async fn every_door_is_open_to_whom_the_table_says_and_shows_nobody_what_is_not_theirs(test: TestStore) {
    let world = World::new(test).await;
    let (people, ids) = settle(&world).await;
    let description = serde_json::to_value(&world.description).unwrap();
    let mut wrong = Vec::new();
    let mut tried = 0;
    // Visitors first, administrators last: what these may end, the others still find.
    for person in &people {
        for (path, operations) in description["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let action = operation["x-action"].as_str().unwrap_or_default();
                // What would take the one who asks out of the story.
                if action == "entered" && method != "get" && person.name != "visitor" {
                    continue;
                }
                tried += 1;
                let body = body_of(operation, &description, &ids);
                let address = filled(path, &ids);
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let reply = world.send(&person.guest, method.clone(), &address, body).await;
                let door = format!("{} {method} {path} [{action}]", person.name);
                let has_record = path.contains('{');
                if let Some(why) = misfit(person, action, has_record, reply.status) {
                    wrong.push(format!(
                        "{door}: {why}, and got {} {}",
                        reply.status,
                        String::from_utf8_lossy(&reply.bytes)
                    ));
                }
                let text = String::from_utf8_lossy(&reply.bytes).into_owned();
                if text.contains(CANARY) && !may_see_any(person, action) {
                    wrong.push(format!("{door}: shows what belongs to others: {text}"));
                }
                if reply.status.is_server_error() {
                    wrong.push(format!("{door}: {} {text}", reply.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 200, "only {tried} doors were tried");
}

/// Two organisations with members, one of whom nobody else may know of; staff; administrators; programs.
pub async fn settle(world: &World) -> (Vec<Person>, Ids) {
    let post = async |guest: &Guest, path: &str, body: Value| {
        let reply = world.post(guest, path, body).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply.json()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let organisation = async |kind: &str, name: &str| {
        text(&post(&world.system, "/api/v1/organisations", json!({ "kind": kind, "name": name })).await["id"])
    };
    let own = organisation("service-partner", "示例企业").await;
    let office = organisation("department", "示例部门").await;
    let register = organisation("department", "示例登记部门").await;
    let other = organisation("enterprise", &format!("{CANARY}企业")).await;
    for number in 0..50 {
        organisation("enterprise", &format!("{CANARY}企业{number}")).await;
    }
    let mut ids = Ids::new();
    ids.insert("position", "1".to_owned());
    let mut guests = BTreeMap::new();
    let roles = [
        ("account", None),
        ("owner", Some((&own, "owner"))),
        ("clerk", Some((&own, "clerk"))),
        ("partner", Some((&own, "partner"))),
        ("officer", Some((&office, "officer"))),
        ("publisher", Some((&office, "publisher"))),
        ("stranger", Some((&other, "owner"))),
        ("registrar", Some((&register, "officer"))),
    ];
    for (login, role) in roles {
        let name = if login == "stranger" { format!("{CANARY}人") } else { format!("示例·{login}") };
        let made = post(&world.system, "/api/v1/accounts", json!({ "login": login, "name": name })).await;
        let mut membership = String::new();
        if let Some((organisation, role)) = role {
            let grant = json!({ "account": made["id"], "organisation": organisation, "role": role });
            membership = text(&post(&world.security, "/api/v1/memberships", grant).await["id"]);
        }
        guests.insert(login, (world.enters(login, &text(&made["link"])).await, membership.clone()));
        if login == "stranger" {
            ids.insert("account", text(&made["id"]));
            ids.insert("same_as", text(&made["id"]));
            ids.insert("membership", membership);
            ids.insert("organisation", other.clone());
        }
    }
    let token_of = async |login: &str, name: &str, scope: &str| {
        let (guest, membership) = &guests[login];
        let wanted = json!({ "name": name, "membership": membership, "scopes": [scope], "days": 1 });
        post(guest, "/api/v1/tokens", wanted).await
    };
    let strange = token_of("stranger", CANARY, "read").await;
    ids.insert("token", text(&strange["id"]));
    let sessions = world.get(&guests["stranger"].0, "/api/v1/sessions").await.json();
    ids.insert("session", text(&sessions[0]["id"]));
    let named = json!({ "department": register });
    world.send(&world.security, Method::PUT, "/api/v1/register/department", named).await;
    ids.extend(register_stranger(world, &guests["registrar"].0, &guests["stranger"].0, &other).await);
    let reading = Guest::with_token(&text(&token_of("owner", "reads", "read").await["token"]));
    let writing = Guest::with_token(&text(&token_of("owner", "writes", "write-facts").await["token"]));
    (everybody(world, &guests, &reading, &writing), ids)
}

/// Everybody who knocks, with what they may be.
fn everybody(
    world: &World,
    guests: &BTreeMap<&'static str, (Guest, String)>,
    reading: &Guest,
    writing: &Guest,
) -> Vec<Person> {
    let person = |name, guest: &Guest, roles| Person { name, guest: guest.clone(), roles, is_token: false };
    let of = |name: &'static str, roles| person(name, &guests[name].0, roles);
    vec![
        person("visitor", &Guest::default(), &[]),
        Person { is_token: true, ..person("token that reads", reading, &[Role::Owner]) },
        Person { is_token: true, ..person("token that writes", writing, &[Role::Owner]) },
        of("account", &[]),
        of("partner", &[Role::Partner]),
        of("clerk", &[Role::Clerk]),
        of("owner", &[Role::Owner]),
        of("officer", &[Role::Officer]),
        of("publisher", &[Role::Publisher]),
        person("auditor", &world.auditor, &[Role::Auditor]),
        person("security", &world.security, &[Role::SecurityAdministrator]),
        person("system", &world.system, &[Role::SystemAdministrator]),
    ]
}

/// A subject of the other organisation, with facts, a contest, a hold, a merge and a decision.
async fn register_stranger(world: &World, registrar: &Guest, stranger: &Guest, other: &str) -> Ids {
    let post = async |guest: &Guest, path: &str, body: Value| {
        let reply = world.post(guest, path, body).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply.json()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let subject = async |name: &str| {
        let wanted = json!({ "kind": "enterprise", "name": name });
        text(&post(registrar, "/api/v1/subjects", wanted).await["id"])
    };
    let (own, double) = (subject(&format!("{CANARY}主体")).await, subject(&format!("{CANARY}重复")).await);
    let linked = json!({ "organisation": other });
    let path = format!("/api/v1/subjects/{own}");
    let link = world.send(registrar, Method::PUT, &format!("{path}/organisation"), linked).await;
    assert_eq!(link.status, StatusCode::NO_CONTENT, "{link:?}");
    let facts = json!({ "内部评级": CANARY, "失信": true, "研发费用.2025": 7, "注册园区": "示例园区" });
    let said = json!({ "source": "zone", "observed_on": "2026-11-01", "evidence": CANARY, "facts": facts });
    let said = post(registrar, &format!("{path}/facts"), said).await;
    let contest = json!({ "item": "研发费用.2025", "statement": said["statement"], "reason": CANARY });
    let contest = post(stranger, &format!("{path}/contests"), contest).await;
    let hold = post(registrar, &format!("{path}/holds"), json!({ "ground": CANARY })).await;
    let merge = json!({ "from": double, "into": own, "reason": CANARY });
    let merge = post(registrar, "/api/v1/merges", merge).await;
    let decided = json!({ "subject": own, "policy": "zz-demo-size-2026" });
    let decided = post(stranger, "/api/v1/decisions", decided).await;
    [
        ("decision", decided["number"].to_string()),
        ("subject", own),
        ("contest", text(&contest["id"])),
        ("statement", text(&said["statement"])),
        ("hold", text(&hold["id"])),
        ("merge", text(&merge["id"])),
        ("source", "taxation".to_owned()),
    ]
    .into()
}

/// The relations in which the table gives somebody the right.
fn relations(person: &Person, action: Action) -> BTreeSet<u8> {
    let holds = |grantee: &Grantee| match grantee {
        Grantee::Account => true,
        Grantee::Role(role) => person.roles.contains(role),
    };
    let granted = action.grants().iter().filter(|(grantee, _)| holds(grantee));
    granted.map(|(_, relation)| if *relation == Relation::Any { 1 } else { 0 }).collect()
}

/// A token may do what its scope is for.
fn may_by_scope(person: &Person, action: Action) -> bool {
    !person.is_token
        || action.scope().is_some_and(|scope| {
            person.name.ends_with(match scope.as_code() {
                "read" => "reads",
                _ => "writes",
            })
        })
}

fn may_see_any(person: &Person, action: &str) -> bool {
    Action::parse_code(action)
        .is_some_and(|action| relations(person, action).contains(&1) && may_by_scope(person, action))
}

/// Why a reply is not what the table says, if it is not.
fn misfit(person: &Person, action: &str, has_record: bool, status: StatusCode) -> Option<&'static str> {
    let is_visitor = person.name == "visitor";
    let is_barred = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let Some(action) = Action::parse_code(action) else {
        return match action {
            "public" => (status == StatusCode::FORBIDDEN).then_some("everybody may"),
            "entered" if is_visitor || person.is_token => {
                (status != StatusCode::UNAUTHORIZED).then_some("only a session may")
            }
            "entered" => (status == StatusCode::FORBIDDEN).then_some("every session may"),
            "signed-in" if is_visitor => {
                (status != StatusCode::UNAUTHORIZED).then_some("only who is signed in may")
            }
            "signed-in" => is_barred.then_some("who is signed in may"),
            _ => Some("the door says neither an action of the table nor who may"),
        };
    };
    if is_visitor {
        return (status != StatusCode::UNAUTHORIZED).then_some("a visitor must sign in");
    }
    let relations = relations(person, action);
    if relations.is_empty() || !may_by_scope(person, action) {
        return (status != StatusCode::FORBIDDEN).then_some("the role may not");
    }
    if relations.contains(&1) {
        return is_barred.then_some("the role may, whosever it is");
    }
    if has_record {
        return (status != StatusCode::NOT_FOUND).then_some("it is somebody else's, so it is not there");
    }
    is_barred.then_some("the role may, what is its own")
}

/// A path with ids of the other organisation's records.
pub fn filled(path: &str, ids: &Ids) -> String {
    let nobody = "01931b2c-5e1a-7c3d-9f00-000000000001";
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(name) => ids.get(name.trim_end_matches('}')).map_or(nobody, String::as_str),
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A body that the description calls right, with ids of the other organisation's records.
pub fn body_of(operation: &Value, description: &Value, ids: &Ids) -> Value {
    let content = &operation["requestBody"]["content"]["application/json"];
    if let Some(example) = content.get("example") {
        return example.clone();
    }
    content.get("schema").map_or(Value::Null, |schema| example(schema, description, ids))
}

fn example(schema: &Value, description: &Value, ids: &Ids) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return example(description.pointer(pointer).unwrap(), description, ids);
    }
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    if let Some(properties) = schema["properties"].as_object() {
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let fields = properties.iter().filter(|(name, _)| required.contains(name.as_str()));
        return Value::Object(
            fields
                .map(|(name, schema)| {
                    let id = ids.get(name.as_str()).map(|id| Value::from(id.as_str()));
                    (name.clone(), id.unwrap_or_else(|| example(schema, description, ids)))
                })
                .collect::<Map<_, _>>(),
        );
    }
    match schema["type"].as_str() {
        Some("array") => json!([example(&schema["items"], description, ids)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!("示例文字"),
    }
}
