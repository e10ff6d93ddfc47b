//! Subjects of the register: what they may have.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::model::Question;
use super::super::service::decide::decide_subject;
use super::super::verdict::Verdict;
use super::Doors;
use crate::identity::api::{Signed, answered, parse_id};
use crate::registry::SubjectId;
use crate::web::{Json, Problem, ProblemBody, Query, parse_day};

/// As of when, and about what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    /// As of which position of the ledger; now, if it is left out.
    at: Option<u64>,
    /// On which day, `2026-06-30`; today, if it is left out.
    on: Option<String>,
    /// Only this policy, with its reasons.
    policy: Option<String>,
}

/// What a subject may have.
#[derive(Serialize, ToSchema)]
pub(super) struct EligibilityBody {
    /// Whom it is about; another than was asked for, if that one was merged.
    subject: String,
    /// Its kind.
    #[schema(example = "enterprise")]
    kind: String,
    /// As of which position of the ledger.
    position: u64,
    /// By which release of the policies.
    release: u64,
    /// On which day.
    #[schema(example = "2026-06-30")]
    on: String,
    /// By policy, in order of their ids.
    results: Vec<Verdict>,
    /// The policy that was asked for, with its reasons, as far as its values may be shown to the asker.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Value>,
}

/// What a subject may have, from what the register holds: all policies in force in short, or one with its reasons.
#[utoipa::path(
    get, path = "/subjects/{subject}/eligibility", tag = "eligibility",
    params(("subject" = String, Path), When),
    responses(
        (status = 200, body = EligibilityBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.decide")))
)]
pub(super) async fn eligibility(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Query(when): Query<When>,
) -> Result<Json<EligibilityBody>, Problem> {
    let question = Question {
        subject: parse_id(SubjectId::parse, &subject)?,
        at: when.at,
        on: when.on.as_deref().map(|text| parse_day(text, "query:on")).transpose()?,
        policy: when.policy,
    };
    let Signed { caller, principal } = &signed;
    let decided =
        answered(decide_subject(&doors.ground, &doors.engines, caller, principal, &question).await)?;
    Ok(Json(EligibilityBody {
        subject: decided.subject.to_string(),
        kind: decided.kind,
        position: decided.position,
        release: decided.release,
        on: decided.day.to_string(),
        results: decided.verdicts,
        reasons: decided.reasons,
    }))
}
