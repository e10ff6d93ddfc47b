//! Bulk runs: one policy for all enterprises, and who came out otherwise between two.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use facts::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::columns::Outcome;
use super::super::model::Run;
use super::super::service::runs;
use super::super::sql::runs::amount_json;
use super::{Doors, parse_day};
use crate::identity::api::{Signed, answered};
use crate::web::{Json, Problem, ProblemBody, RateLimits, Table, TableCell, Visitor};

/// A run to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunRequest {
    /// By which policy.
    #[schema(example = "zz-demo-rd-2026")]
    policy: String,
    /// On which day; today, if it is left out.
    #[schema(example = "2026-06-30")]
    on: Option<String>,
}

/// A bulk run.
#[derive(Serialize, ToSchema)]
pub(super) struct RunBody {
    #[schema(example = 1)]
    number: u64,
    /// By which policy.
    policy: String,
    /// Its version: the first day in force.
    version: String,
    /// The release that held, and its digest.
    release: u64,
    release_digest: String,
    /// The day of decision.
    on: String,
    /// As of which position of the ledger.
    position: u64,
    /// How the engine understood texts.
    semantics: u32,
    /// How many enterprises there were.
    subjects: usize,
    eligible: usize,
    ineligible: usize,
    /// Those of which something that decides is not known.
    open: usize,
    /// What the eligible get: `least_fen` and `most_fen` as texts, and how many amounts have no end or cannot be said.
    amount: Value,
    decided_ms: i64,
    /// By whom.
    decided_by: String,
}

impl From<&Run> for RunBody {
    fn from(run: &Run) -> Self {
        let totals = &run.outcomes.totals;
        Self {
            number: run.number,
            policy: run.policy.clone(),
            version: run.version.clone(),
            release: run.release,
            release_digest: run.release_digest.to_string(),
            on: run.day.to_string(),
            position: run.position,
            semantics: run.semantics,
            subjects: run.subjects.len(),
            eligible: totals.eligible,
            ineligible: totals.ineligible,
            open: totals.open,
            amount: amount_json(&totals.amount),
            decided_ms: run.decided.0,
            decided_by: run.decided_by.clone(),
        }
    }
}

/// Decides a policy for all enterprises as of now, and keeps what came out.
#[utoipa::path(
    post, path = "/runs", tag = "eligibility", request_body = RunRequest,
    responses(
        (status = 201, body = RunBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.run")))
)]
pub(super) async fn start(
    State(doors): State<Doors>,
    signed: Signed,
    Extension(rate_limits): Extension<RateLimits>,
    Json(body): Json<RunRequest>,
) -> Result<(StatusCode, Json<RunBody>), Problem> {
    let Signed { caller, principal } = &signed;
    rate_limits.costly(&principal.account.to_string())?;
    let on = body.on.as_deref().map(|text| parse_day(text, "/on")).transpose()?;
    let wanted = (body.policy.as_str(), on);
    let made = runs::run_for_all(&doors.ground, &doors.engines, caller, principal, wanted).await;
    Ok((StatusCode::CREATED, Json(RunBody::from(&answered(made)?))))
}

/// A run and its totals.
#[utoipa::path(
    get, path = "/runs/{run}", tag = "eligibility", params(("run" = String, Path, example = "1")),
    responses(
        (status = 200, body = RunBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.run")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(number): Path<String>,
) -> Result<Json<RunBody>, Problem> {
    let found = runs::run(&doors.ground, &signed.principal, number_of(&number)).await;
    Ok(Json(RunBody::from(&answered(found)?)))
}

/// Who came out how, as JSON, CSV or a workbook.
#[utoipa::path(
    get, path = "/runs/{run}/outcomes", tag = "eligibility", params(("run" = String, Path, example = "1")),
    responses(
        (status = 200, content(
            (Value = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.apache.parquet"),
        )),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.run")))
)]
pub(super) async fn outcomes(
    State(doors): State<Doors>,
    signed: Signed,
    visitor: Visitor,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = answered(runs::run(&doors.ground, &signed.principal, number_of(&number)).await)?;
    let rows = found.subjects.iter().enumerate();
    let rows = rows.map(|(row, id)| vec![word(id), word(found.outcomes.outcome(row).as_code())]);
    let columns = vec![("subject", heading("主体", "Subject")), ("outcome", heading("结果", "Outcome"))];
    Table { name: "outcomes", columns, rows: rows.collect() }.reply(&headers, visitor.language)
}

/// Who came out otherwise in the second of two runs, and in which direction.
#[utoipa::path(
    get, path = "/runs/{run}/flips/{second}", tag = "eligibility",
    params(("run" = String, Path, example = "1"), ("second" = String, Path, example = "2")),
    responses(
        (status = 200, content(
            (Value = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.apache.parquet"),
        )),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("eligibility.run")))
)]
pub(super) async fn flips(
    State(doors): State<Doors>,
    signed: Signed,
    visitor: Visitor,
    Path((first, second)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let two = (number_of(&first), number_of(&second));
    let flips = answered(runs::differences(&doors.ground, &signed.principal, two).await)?;
    let outcome = |outcome: Option<Outcome>| outcome.map_or(TableCell::Empty, |it| word(it.as_code()));
    let rows = flips.iter().map(|flip| vec![word(flip.subject), outcome(flip.before), outcome(flip.after)]);
    let columns = vec![
        ("subject", heading("主体", "Subject")),
        ("before", heading("此前", "Before")),
        ("after", heading("此后", "After")),
    ];
    Table { name: "flips", columns, rows: rows.collect() }.reply(&headers, visitor.language)
}

fn word(text: impl std::fmt::Display) -> TableCell {
    TableCell::Words(text.to_string())
}

fn heading(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

/// What is no number is no run's; whether somebody may ask is decided all the same.
fn number_of(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}
