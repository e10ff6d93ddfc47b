//! A subject that is handed in: what it may have. Nothing is kept, and nobody needs to sign in.

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use engine::point::{Engine, Options};
use facts::read::ReadProblem;
use facts::{Date, Text};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::super::request::{Check, problem, read_check};
use super::super::verdict::{Verdict, Words, with_reasons};
use super::super::workflow;
use super::Doors;
use crate::policies::Shelved;
use crate::policies::api::shelved;
use crate::web::{Body, Problem, ProblemBody, RateLimits, Visitor};

/// A subject, and what is asked about it. The body is read by the reader of files of facts, so that no digit passes through a
/// float; this describes it.
#[derive(ToSchema)]
#[schema(example = json!({ "subject": { "研发费用.2025": "240万元", "居民企业": true }, "on": "2026-06-30" }))]
#[allow(dead_code, reason = "the shape of what is sent, for the description")]
pub(super) struct CheckRequest {
    /// What is known: facts by key (`GET /vocabulary`), as in a file of facts; `主体` says the kind, an enterprise otherwise.
    subject: Value,
    /// The day of decision; today, if it is left out.
    on: Option<String>,
    /// Only these policies; all in force, if it is left out.
    policies: Option<Vec<String>>,
    /// With the tree of reasons.
    reasons: Option<bool>,
}

/// What a subject may have.
#[derive(Serialize, ToSchema)]
pub(super) struct CheckBody {
    /// The day of decision.
    #[schema(example = "2026-06-30")]
    on: String,
    /// The release of policies that it was decided by.
    release: u64,
    /// What was not understood of the subject; it counts as unknown.
    problems: Vec<NotUnderstood>,
    /// By policy, in order of their ids.
    results: Vec<Verdict>,
    /// The same with all reasons, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<Value>>,
}

/// Something that was not understood.
#[derive(Serialize, ToSchema)]
pub(super) struct NotUnderstood {
    /// A JSON pointer into the request.
    #[schema(example = "/subject/研发费用.2025")]
    place: String,
    /// Which kind of mistake.
    #[schema(example = "E0034")]
    code: &'static str,
    what: Words,
    /// What to write instead; empty if nothing more can be said.
    help: Words,
}

impl From<ReadProblem> for NotUnderstood {
    fn from(problem: ReadProblem) -> Self {
        let words = |text: Text| Words { zh: text.zh, en: text.en };
        Self {
            place: problem.place.zh,
            code: problem.code,
            what: words(problem.message),
            help: words(problem.help),
        }
    }
}

/// What a subject may have, from the facts in the request. Nothing is kept.
#[utoipa::path(
    post, path = "/check", tag = "eligibility", request_body = CheckRequest,
    responses(
        (status = 200, body = CheckBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn check(
    State(doors): State<Doors>,
    visitor: Visitor,
    Extension(rate_limits): Extension<RateLimits>,
    body: Body,
) -> Result<Response, Problem> {
    rate_limits.check(&visitor.caller.address)?;
    let _place = doors.engines.place().ok_or_else(crowded)?;
    let shelved = shelved(doors.engines.shelf())?;
    let today = doors.ground.now().day();
    let decided = doors.engines.run(move || answer(&body.bytes, &shelved, today)).await?;
    // It is written where it was decided: writing takes a core too.
    let bytes = decided.map_err(refused)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// Reads, decides and writes, all on the thread that decides.
fn answer(bytes: &[u8], shelved: &Shelved, today: Date) -> Result<Vec<u8>, Vec<ReadProblem>> {
    let rulebook = &shelved.library.rulebook;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        vec![problem(
            "",
            "E0001",
            &format!("第 {at} 字节起不是 UTF-8 文字"),
            &format!("from byte {at} on it is not UTF-8"),
        )]
    })?;
    let Check { profile, on, policies, with_reasons: reasons_wanted, problems } =
        read_check(text, &rulebook.vocabulary)?;
    let day = on.unwrap_or(today);
    for (at, id) in policies.iter().enumerate() {
        if rulebook.on(id, day).is_none() {
            let place = format!("/policies/{at}");
            return Err(vec![problem(&place, "E0612", "没有这项政策", "there is no such policy")]);
        }
    }
    let engine = Engine::new(rulebook).with(Options { gaps: reasons_wanted });
    let decisions = match policies.as_slice() {
        [] => workflow::in_force(shelved, &profile, day, reasons_wanted),
        ids => ids.iter().filter_map(|id| engine.decide(id, &profile, day)).collect(),
    };
    let reasons = reasons_wanted.then(|| {
        decisions.iter().map(|decision| with_reasons(decision, &profile, &rulebook.vocabulary)).collect()
    });
    let body = CheckBody {
        on: day.to_string(),
        release: shelved.release.number,
        problems: problems.into_iter().map(NotUnderstood::from).collect(),
        results: decisions.iter().map(Verdict::of).collect(),
        reasons,
    };
    Ok(serde_json::to_vec(&body).expect("keys are texts, and there are no floats"))
}

fn refused(found: Vec<ReadProblem>) -> Problem {
    let mut found = found.into_iter();
    let first = found.next().unwrap_or_else(|| problem("", "E0001", "无法理解", "not understood"));
    let status = if first.code == "E0003" { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    let mut told = Problem::at(first.place.zh, first.message);
    told.status = status;
    found.fold(told, |told, problem| told.and(problem.place.zh, problem.message))
}

fn crowded() -> Problem {
    let mut problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "crowded",
        "同时计算的请求过多。请按 Retry-After 给出的秒数稍候再试。",
        "Too many are asking at once. Wait for as many seconds as Retry-After says.",
    );
    problem.retry_after = Some(1);
    problem
}
