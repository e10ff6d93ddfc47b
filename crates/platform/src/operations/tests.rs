//! Jobs that were given up are seen by whoever runs the system, and run again.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::Value;
use store::Schema;
use store::jobs::{self, NewJob};
use store::testing::TestStore;

use crate::tests::world::World;

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema; a_job_that_was_given_up_is_listed_with_its_reason_and_can_be_revived_once);

async fn a_job_that_was_given_up_is_listed_with_its_reason_and_can_be_revived_once(test: TestStore) {
    let world = World::new(test).await;
    let ground = &world.ground.ground;
    for number in 0..3 {
        let id = format!("job-{number}");
        let mut write = ground.housekeeping().await.unwrap();
        let now = ground.now().0;
        let job = NewJob { id: &id, kind: "mail", payload: "{}", due_ms: now, attempts_max: 1 };
        jobs::enqueue(&mut write, &job).await.unwrap();
        write.commit().await.unwrap();
        let lease = jobs::claim(ground.store(), "w", now, Duration::from_secs(9)).await.unwrap().unwrap();
        jobs::fail(ground.store(), &lease, "no such host", now).await.unwrap();
        world.ground.clock.advance(Duration::from_secs(1));
    }
    let first = world.get(&world.system, "/api/v1/jobs/dead?limit=2").await.json();
    assert_eq!(first["items"][0]["id"], "job-2");
    assert_eq!(first["items"][0]["reason"], "no such host");
    let next = format!("/api/v1/jobs/dead?limit=2&after={}", first["next"].as_str().unwrap());
    let second = world.get(&world.system, &next).await.json();
    assert_eq!(
        (second["items"][0]["id"].clone(), second["next"].clone()),
        (Value::from("job-0"), Value::Null)
    );

    assert_eq!(world.get(&world.system, "/api/v1/system").await.json()["jobs_dead"], 3);
    let revive = async || world.post(&world.system, "/api/v1/jobs/job-1/revive", Value::Null).await.status;
    assert_eq!(revive().await, StatusCode::NO_CONTENT);
    assert_eq!(revive().await, StatusCode::NOT_FOUND);
    let system = world.get(&world.system, "/api/v1/system").await.json();
    assert_eq!(
        (system["jobs_waiting"].clone(), system["jobs_dead"].clone()),
        (Value::from(1), Value::from(2))
    );
}
