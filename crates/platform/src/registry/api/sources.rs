//! Sources: their ranks and who answers for them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::service::sources;
use super::Doors;
use super::facts::TextBody;
use crate::identity::OrganisationId;
use crate::identity::api::{Signed, answered, parse_id};
use crate::web::{Json, Problem, ProblemBody};

/// Who says something.
#[derive(Serialize, ToSchema)]
pub(super) struct SourceBody {
    #[schema(example = "taxation")]
    code: String,
    name: TextBody,
    /// The higher goes before the lower.
    #[schema(example = 90)]
    rank: i64,
    /// What a subject says about itself.
    is_self: bool,
    /// The department that answers for it; `null`: the one that keeps the register.
    department: Option<String>,
}

/// All sources, the highest rank first.
#[utoipa::path(
    get, path = "/sources", tag = "registry",
    responses(
        (status = 200, body = [SourceBody]),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("signed-in")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    _signed: Signed,
) -> Result<Json<Vec<SourceBody>>, Problem> {
    let sources = sources::sources(&doors.ground, None).await?;
    let body = |source: super::super::Source| SourceBody {
        code: source.code,
        name: source.name.into(),
        rank: source.rank,
        is_self: source.is_self,
        department: source.department.map(|it| it.to_string()),
    };
    Ok(Json(sources.into_iter().map(body).collect()))
}

/// Another rank.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RankBody {
    /// From 0 to 1000.
    #[schema(example = 90, minimum = 0, maximum = 1000)]
    rank: i64,
    #[schema(example = "该来源按月更新", max_length = 2000)]
    reason: String,
}

/// Gives a source another rank, from here on.
#[utoipa::path(
    put, path = "/sources/{source}/rank", tag = "registry",
    params(("source" = String, Path)), request_body = RankBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.rank")))
)]
pub(super) async fn rank(
    State(doors): State<Doors>,
    signed: Signed,
    Path(source): Path<String>,
    Json(body): Json<RankBody>,
) -> Result<StatusCode, Problem> {
    let (caller, principal) = (&signed.caller, &signed.principal);
    let wanted = (source.as_str(), body.rank);
    answered(sources::rank_source(&doors.ground, caller, principal, wanted, &body.reason).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceDepartmentBody {
    /// The department; `null`: the one that keeps the register.
    department: Option<String>,
}

/// Says which department answers for a source.
#[utoipa::path(
    put, path = "/sources/{source}/department", tag = "registry",
    params(("source" = String, Path)), request_body = SourceDepartmentBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.name-department")))
)]
pub(super) async fn department(
    State(doors): State<Doors>,
    signed: Signed,
    Path(source): Path<String>,
    Json(body): Json<SourceDepartmentBody>,
) -> Result<StatusCode, Problem> {
    let department = body.department.as_deref();
    let department = department.map(|it| parse_id(OrganisationId::parse, it)).transpose()?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let named =
        sources::name_department_of_source(&doors.ground, caller, principal, &source, department).await;
    answered(named)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The department that keeps the register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeBody {
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000001")]
    department: String,
}

/// Says which department keeps the register. It answers for every source for which no other is named.
#[utoipa::path(
    put, path = "/register/department", tag = "registry", request_body = OfficeBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.name-department")))
)]
pub(super) async fn office(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<OfficeBody>,
) -> Result<StatusCode, Problem> {
    let department = parse_id(OrganisationId::parse, &body.department)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(sources::name_office(&doors.ground, caller, principal, department).await)?;
    Ok(StatusCode::NO_CONTENT)
}
