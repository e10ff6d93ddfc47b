//! Imports: a plan that a person looks at, and the release that follows.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{Import, Plan, apply_import, plan_import};
use super::Doors;
use crate::identity::api::{Signed, answered};
use crate::web::{Body, Json, Problem, ProblemBody};

/// What somebody changed in the texts of a release.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportRequest {
    /// The release that they began with.
    #[schema(example = 1)]
    since: u64,
    /// By path: the new text, or `null` where it is gone.
    #[schema(example = json!({ "policies/zone/zz-demo-2026/cases.yaml": null }))]
    changes: BTreeMap<String, Option<String>>,
}

/// An import whose plan somebody has seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplyRequest {
    /// The release that they began with.
    #[schema(example = 1)]
    since: u64,
    /// The release on which the plan was made: `onto` of the plan.
    #[schema(example = 1)]
    onto: u64,
    /// Why.
    #[schema(example = "年度修订", max_length = 2000)]
    reason: String,
    /// By path: the new text, or `null` where it is gone.
    #[schema(example = json!({ "policies/zone/zz-demo-2026/cases.yaml": null }))]
    changes: BTreeMap<String, Option<String>>,
}

/// What an import would do.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanBody {
    /// The release that holds now; it goes into the import.
    onto: u64,
    /// Whether something was changed on both sides; then nothing can be applied.
    has_conflicts: bool,
    /// Path by path.
    lines: Vec<LineBody>,
}

/// What an import would do to a path.
#[derive(Serialize, ToSchema)]
pub(super) struct LineBody {
    path: String,
    /// `added`, `changed`, `removed`, `same`, `conflict`.
    effect: &'static str,
    /// SHA-256 of the text that the importer began with.
    base: Option<String>,
    /// Of the text that holds now.
    ours: Option<String>,
    /// Of the import's text.
    theirs: Option<String>,
}

/// A release was made.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseMade {
    #[schema(example = 2)]
    release: u64,
    /// SHA-256 over its paths and the digests of its texts.
    digest: String,
}

impl From<Plan> for PlanBody {
    fn from(plan: Plan) -> Self {
        let has_conflicts = plan.has_conflicts();
        let lines = plan.lines.into_iter().map(|line| LineBody {
            path: line.path,
            effect: line.effect.as_code(),
            base: line.base.map(|digest| digest.to_string()),
            ours: line.ours.map(|digest| digest.to_string()),
            theirs: line.theirs.map(|digest| digest.to_string()),
        });
        Self { onto: plan.onto, has_conflicts, lines: lines.collect() }
    }
}

/// What an import would do; nothing is changed.
#[utoipa::path(
    post, path = "/policies/import/plan", tag = "policies", request_body = ImportRequest,
    responses(
        (status = 200, body = PlanBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("policies.import")))
)]
pub(super) async fn plan(
    State(doors): State<Doors>,
    signed: Signed,
    body: Body,
) -> Result<Json<PlanBody>, Problem> {
    let ImportRequest { since, changes } = body.json()?;
    let import = Import { since, changes };
    let planned = answered(plan_import(&doors.ground, &signed.principal, &import).await)?;
    Ok(Json(PlanBody::from(planned)))
}

/// Makes a release of an import. Every text is checked and every example is run first.
#[utoipa::path(
    post, path = "/policies/import", tag = "policies", request_body = ApplyRequest,
    responses(
        (status = 201, body = ReleaseMade),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("policies.import")))
)]
pub(super) async fn apply(
    State(doors): State<Doors>,
    signed: Signed,
    body: Body,
) -> Result<(StatusCode, Json<ReleaseMade>), Problem> {
    let ApplyRequest { since, onto, reason, changes } = body.json()?;
    let wanted = Import { since, changes };
    let (caller, principal) = (&signed.caller, &signed.principal);
    let made = apply_import(&doors.ground, caller, principal, &doors.shelf, (&wanted, onto, &reason)).await;
    let release = answered(made)?;
    let made = ReleaseMade { release: release.number, digest: release.digest.to_string() };
    Ok((StatusCode::CREATED, Json(made)))
}
