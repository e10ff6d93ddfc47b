//! The doors of this slice.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use store::Kind;
use store::jobs::{Dead, LIST_MAX};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service;
use crate::ground::Ground;
use crate::identity::api::{Signed, answered};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query};

/// All doors of this slice.
pub fn routes(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(state))
        .routes(routes!(dead_jobs))
        .routes(routes!(revive))
        .with_state(ground)
}

/// The state of the whole.
#[derive(Serialize, ToSchema)]
struct StateBody {
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// `sqlite` or `postgresql`.
    #[schema(example = "sqlite")]
    database: &'static str,
    audit_entries: u64,
    jobs_waiting: i64,
    jobs_dead: i64,
}

/// The state of the whole, for whoever runs it.
#[utoipa::path(
    get, path = "/system", tag = "operations",
    responses(
        (status = 200, body = StateBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("operations.read-jobs")))
)]
async fn state(State(ground): State<Ground>, signed: Signed) -> Result<Json<StateBody>, Problem> {
    let state = answered(service::state(&ground, &signed.principal).await)?;
    Ok(Json(StateBody {
        version: env!("CARGO_PKG_VERSION"),
        database: match state.database {
            Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgresql",
        },
        audit_entries: state.audit_entries,
        jobs_waiting: state.jobs.waiting,
        jobs_dead: state.jobs.dead,
    }))
}

/// A job that was given up.
#[derive(Serialize, ToSchema)]
struct DeadBody {
    id: String,
    /// What was to be done.
    kind: String,
    /// How often it was begun.
    attempts: i64,
    /// Why the last attempt failed.
    reason: String,
    since_ms: i64,
}

impl From<Dead> for DeadBody {
    fn from(dead: Dead) -> Self {
        Self {
            id: dead.id,
            kind: dead.kind,
            attempts: dead.attempts,
            reason: dead.reason,
            since_ms: dead.since_ms,
        }
    }
}

/// The jobs that were given up, the latest first.
#[utoipa::path(
    get, path = "/jobs/dead", tag = "operations", params(PageQuery),
    responses(
        (status = 200, body = Page<DeadBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("operations.read-jobs")))
)]
async fn dead_jobs(
    State(ground): State<Ground>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<DeadBody>, Problem> {
    // The store gives at most so many; one of them tells that there are more.
    let most = usize::try_from(LIST_MAX).unwrap_or(usize::MAX).saturating_sub(1);
    let limit = query.limit()?.min(most);
    let after = match query.cursor(2)? {
        None => None,
        Some(cursor) => Some(Dead {
            id: cursor.part(1).to_owned(),
            since_ms: cursor.number(0)?,
            kind: String::new(),
            attempts: 0,
            reason: String::new(),
        }),
    };
    let dead = answered(service::dead_jobs(&ground, &signed.principal, after.as_ref()).await)?;
    let page = Page::new(dead, limit, |dead| Cursor::new([dead.since_ms.to_string(), dead.id.clone()]));
    Ok(page.map(DeadBody::from))
}

/// Lets a job that was given up run again, with all its attempts.
#[utoipa::path(
    post, path = "/jobs/{job}/revive", tag = "operations", params(("job" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("operations.revive-job")))
)]
async fn revive(
    State(ground): State<Ground>,
    signed: Signed,
    Path(job): Path<String>,
) -> Result<StatusCode, Problem> {
    answered(service::revive_job(&ground, &signed.caller, &signed.principal, &job).await)?;
    Ok(StatusCode::NO_CONTENT)
}
