//! Stored decisions: made, read, derived again.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::model::{DecisionNumber, Replay, StoredDecision};
use super::super::service::{bundles, stored};
use super::Doors;
use crate::ground::to_hex;
use crate::identity::api::{Signed, answered, parse_id};
use crate::registry::SubjectId;
use crate::web::{Json, Problem, ProblemBody, parse_day};

/// A decision to be made and kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionRequest {
    /// About whom.
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000001")]
    subject: String,
    /// By which policy.
    #[schema(example = "zz-demo-rd-2026")]
    policy: String,
    /// On which day; today, if it is left out.
    #[schema(example = "2026-06-30")]
    on: Option<String>,
}

/// A decision was kept.
#[derive(Serialize, ToSchema)]
pub(super) struct DecisionMade {
    /// Its permanent number.
    #[schema(example = 1)]
    number: u64,
    /// `eligible`, `ineligible`, `unknown`, `not_in_force`.
    #[schema(example = "eligible")]
    outcome: String,
}

/// A stored decision.
#[derive(Serialize, ToSchema)]
pub(super) struct DecisionBody {
    /// Its permanent number.
    number: u64,
    /// About whom.
    subject: String,
    /// By which policy.
    policy: String,
    /// Its version: the first day in force.
    version: String,
    /// SHA-256 of the version's text.
    text_digest: String,
    /// The release that held.
    release: u64,
    /// Its digest.
    release_digest: String,
    /// The day of decision.
    on: String,
    /// As of which position of the ledger.
    position: u64,
    /// How the engine understood texts then.
    semantics: u32,
    /// The outcome.
    outcome: String,
    decided_ms: i64,
    /// By whom.
    decided_by: String,
    /// Over salt, values and decision as they were kept.
    digest: String,
    /// Whether its content was erased with what is held about its subject.
    is_erased: bool,
    /// The values that could bear on it, with their sources; `withheld` where the asker may not see one.
    inputs: Option<Value>,
    /// The decision with its reasons.
    decision: Option<Value>,
}

/// What deriving a decision again came to.
#[derive(Serialize, ToSchema)]
pub(super) struct ReplayBody {
    /// `same`, `erased`, `different`.
    #[schema(example = "same")]
    result: &'static str,
    /// Keys of inputs that were erased since.
    erased: Vec<String>,
    /// Where it came out otherwise: pointers into `inputs` and `decision`.
    differences: Vec<String>,
    /// How the engine understands texts now, if otherwise than then.
    semantics_now: Option<u32>,
}

impl From<StoredDecision> for DecisionBody {
    fn from(decision: StoredDecision) -> Self {
        let is_erased = decision.content.is_none();
        let (inputs, told) = decision.content.map(|content| (content.inputs, content.decision)).unzip();
        Self {
            number: decision.number.0,
            subject: decision.subject.to_string(),
            policy: decision.policy,
            version: decision.version,
            text_digest: decision.text_digest.to_string(),
            release: decision.release,
            release_digest: decision.release_digest.to_string(),
            on: decision.day.to_string(),
            position: decision.position,
            semantics: decision.semantics,
            outcome: decision.outcome,
            decided_ms: decision.decided.0,
            decided_by: decision.decided_by,
            digest: to_hex(&decision.digest),
            is_erased,
            inputs,
            decision: told,
        }
    }
}

impl From<Replay> for ReplayBody {
    fn from(replay: Replay) -> Self {
        let mut body =
            Self { result: "same", erased: Vec::new(), differences: Vec::new(), semantics_now: None };
        match replay {
            Replay::Same => {}
            Replay::Erased { keys } => {
                body.result = "erased";
                body.erased = keys;
            }
            // The values themselves are for whoever may read the decision's facts; where they stand is for everybody here.
            Replay::Different { differences, semantics_now } => {
                body.result = "different";
                body.differences = differences.into_iter().map(|difference| difference.place).collect();
                body.semantics_now = semantics_now;
            }
        }
        body
    }
}

/// Decides a policy for a subject and keeps the decision under a permanent number.
#[utoipa::path(
    post, path = "/decisions", tag = "eligibility", request_body = DecisionRequest,
    responses(
        (status = 201, body = DecisionMade),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.decide")))
)]
pub(super) async fn store(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<DecisionRequest>,
) -> Result<(StatusCode, Json<DecisionMade>), Problem> {
    let subject = parse_id(SubjectId::parse, &body.subject)?;
    let on = body.on.as_deref().map(|text| parse_day(text, "/on")).transpose()?;
    let wanted = (subject, body.policy.as_str(), on);
    let Signed { caller, principal } = &signed;
    let stored = stored::store_decision(&doors.ground, &doors.engines, caller, principal, wanted).await;
    let decision = answered(stored)?;
    let made = DecisionMade { number: decision.number.0, outcome: decision.outcome };
    Ok((StatusCode::CREATED, Json(made)))
}

/// A stored decision.
#[utoipa::path(
    get, path = "/decisions/{decision}", tag = "eligibility", params(("decision" = String, Path, example = "1")),
    responses(
        (status = 200, body = DecisionBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.read-decision")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(number): Path<String>,
) -> Result<Json<DecisionBody>, Problem> {
    let number = number_of(&number);
    let Signed { caller, principal } = &signed;
    let found = stored::read_decision(&doors.ground, &doors.engines, caller, principal, number).await;
    Ok(Json(DecisionBody::from(answered(found)?)))
}

/// Derives a stored decision again from the ledger and the release of its day, and tells whether it is the same.
#[utoipa::path(
    post, path = "/decisions/{decision}/replay", tag = "eligibility",
    params(("decision" = String, Path, example = "1")),
    responses(
        (status = 200, body = ReplayBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.read-decision")))
)]
pub(super) async fn replay(
    State(doors): State<Doors>,
    signed: Signed,
    Path(number): Path<String>,
) -> Result<Json<ReplayBody>, Problem> {
    let number = number_of(&number);
    let replayed = stored::replay(&doors.ground, &doors.engines, &signed.principal, number).await;
    Ok(Json(ReplayBody::from(answered(replayed)?)))
}

/// A stored decision in one file that proves itself: `zhimei verify` checks it without this server. Only for whoever may see every
/// value in it.
#[utoipa::path(
    get, path = "/decisions/{decision}/bundle", tag = "eligibility",
    params(("decision" = String, Path, example = "1")),
    responses(
        (status = 200, body = Object),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.read-decision")))
)]
pub(super) async fn bundle(
    State(doors): State<Doors>,
    signed: Signed,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number = number_of(&number);
    let Signed { caller, principal } = &signed;
    let wanted = (number, doors.heads.as_path());
    let bundle = answered(bundles::bundle(&doors.ground, &doors.engines, caller, principal, wanted).await)?;
    let disposition = format!("attachment; filename=\"decision-{number}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, disposition)], Json(bundle)).into_response())
}

/// What is no number is no decision's; whether somebody may ask is decided all the same.
fn number_of(text: &str) -> DecisionNumber {
    DecisionNumber::parse(text).unwrap_or(DecisionNumber(0))
}
