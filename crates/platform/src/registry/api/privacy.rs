//! What the law of personal data asks for.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value as Any;
use utoipa::ToSchema;

use super::super::model::{HoldId, SubjectId};
use super::super::service::privacy;
use super::Doors;
use crate::identity::api::{Made, Signed, answered, parse_id};
use crate::web::{Json, Problem, ProblemBody};

/// Everything that is held about a subject: facts as they were said, contests, holds, and who did and read what.
#[utoipa::path(
    get, path = "/subjects/{subject}/export", tag = "registry", params(("subject" = String, Path)),
    responses(
        (status = 200, body = Object),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.export")))
)]
pub(super) async fn export(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
) -> Result<Json<Any>, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    Ok(Json(answered(privacy::export_subject(&doors.ground, caller, principal, &words, id).await)?))
}

/// On what ground of law.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroundBody {
    #[schema(example = "个人信息保护法第四十七条", max_length = 2000)]
    ground: String,
}

/// Erases what is held about a subject. It cannot be undone, and is refused while a legal hold stands.
#[utoipa::path(
    post, path = "/subjects/{subject}/erasure", tag = "registry",
    params(("subject" = String, Path)), request_body = GroundBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.erase")))
)]
pub(super) async fn erase(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<GroundBody>,
) -> Result<StatusCode, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(privacy::erase_subject(&doors.ground, caller, principal, id, &body.ground).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Places a legal hold: while it stands, nothing of the subject is erased.
#[utoipa::path(
    post, path = "/subjects/{subject}/holds", tag = "registry",
    params(("subject" = String, Path)), request_body = GroundBody,
    responses(
        (status = 201, body = Made),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.hold")))
)]
pub(super) async fn hold(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<GroundBody>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let hold = answered(privacy::place_hold(&doors.ground, caller, principal, id, &body.ground).await)?;
    Ok((StatusCode::CREATED, Json(Made::new(hold))))
}

/// Why a hold is lifted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftBody {
    #[schema(example = "结案", max_length = 2000)]
    reason: String,
}

/// Lifts a legal hold.
#[utoipa::path(
    post, path = "/holds/{hold}/lift", tag = "registry",
    params(("hold" = String, Path)), request_body = LiftBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.hold")))
)]
pub(super) async fn lift(
    State(doors): State<Doors>,
    signed: Signed,
    Path(hold): Path<String>,
    Json(body): Json<LiftBody>,
) -> Result<StatusCode, Problem> {
    let id = parse_id(HoldId::parse, &hold)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(privacy::lift_hold(&doors.ground, caller, principal, id, &body.reason).await)?;
    Ok(StatusCode::NO_CONTENT)
}
