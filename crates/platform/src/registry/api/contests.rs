//! Contests and their answers.

use ::facts::Date;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::super::model::{Contest, ContestId, Outcome, StatementId, SubjectId};
use super::super::service::contests::{
    NewAnswer, NewContest, answer_contest, contest_value, contests_about, open_contests,
};
use super::Doors;
use crate::identity::api::{Signed, answered, parse_id, parse_word};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query, parse_day};

/// A contest of a value.
#[derive(Serialize, ToSchema)]
pub(super) struct ContestBody {
    id: String,
    subject: String,
    /// The statement that the value is of.
    statement: String,
    /// The key of the value.
    #[schema(example = "研发费用.2025")]
    item: String,
    /// Who said it.
    #[schema(example = "taxation")]
    source: String,
    reason: Option<String>,
    evidence: Option<String>,
    raised_ms: i64,
    /// The working day by which it is to be answered.
    #[schema(example = "2026-12-14")]
    due_on: String,
    /// The department that must answer; `null` until one is named.
    department: Option<String>,
    /// `upheld`, `corrected` or `refused`.
    outcome: Option<&'static str>,
    answer: Option<String>,
    answered_ms: Option<i64>,
}

impl From<Contest> for ContestBody {
    fn from(contest: Contest) -> Self {
        Self {
            id: contest.id.to_string(),
            subject: contest.subject.to_string(),
            statement: contest.statement.to_string(),
            item: contest.item,
            source: contest.source,
            reason: contest.reason,
            evidence: contest.evidence,
            raised_ms: contest.raised.0,
            due_on: contest.due.to_string(),
            department: contest.department.map(|it| it.to_string()),
            outcome: contest.outcome.map(Outcome::as_code),
            answer: contest.answer,
            answered_ms: contest.answered.map(|it| it.0),
        }
    }
}

/// The contests about a subject, with who must answer each.
#[utoipa::path(
    get, path = "/subjects/{subject}/contests", tag = "registry", params(("subject" = String, Path)),
    responses(
        (status = 200, body = [ContestBody]),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.contest")))
)]
pub(super) async fn about(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
) -> Result<Json<Vec<ContestBody>>, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let found = contests_about(&doors.ground, &signed.principal, &doors.words.now(), id).await;
    Ok(Json(answered(found)?.into_iter().map(ContestBody::from).collect()))
}

/// A value that is not right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewContestBody {
    /// The key of the value.
    #[schema(example = "研发费用.2025")]
    item: String,
    /// The statement that it is of, as it was seen.
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000001")]
    statement: String,
    /// Why it is not right.
    #[schema(example = "申报表为 95 万元", max_length = 2000)]
    reason: String,
    /// What that rests on.
    evidence: Option<String>,
}

/// A contest was raised.
#[derive(Serialize, ToSchema)]
pub(super) struct RaisedBody {
    id: String,
    /// The working day by which it is to be answered.
    #[schema(example = "2026-12-14")]
    due_on: String,
}

/// Contests a value that is in force. It stays in force, marked as contested, until it is answered.
#[utoipa::path(
    post, path = "/subjects/{subject}/contests", tag = "registry",
    params(("subject" = String, Path)), request_body = NewContestBody,
    responses(
        (status = 201, body = RaisedBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.contest")))
)]
pub(super) async fn raise(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<NewContestBody>,
) -> Result<(StatusCode, Json<RaisedBody>), Problem> {
    let wanted = NewContest {
        subject: parse_id(SubjectId::parse, &subject)?,
        item: body.item,
        statement: parse_id(StatementId::parse, &body.statement)?,
        reason: body.reason,
        evidence: body.evidence,
    };
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    let raised = contest_value(&doors.ground, caller, principal, &words, &wanted).await;
    let (id, due) = answered(raised)?;
    Ok((StatusCode::CREATED, Json(RaisedBody { id: id.to_string(), due_on: due.to_string() })))
}

/// The contests that one's departments must answer, those due first.
#[utoipa::path(
    get, path = "/contests", tag = "registry", params(PageQuery),
    responses(
        (status = 200, body = Page<ContestBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.answer")))
)]
pub(super) async fn open(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<ContestBody>, Problem> {
    let limit = query.limit()?;
    let place = |cursor: &Cursor| {
        let due: Date = cursor.part(0).parse().map_err(|_| Problem::not_there())?;
        Ok::<_, Problem>((due, parse_id(ContestId::parse, cursor.part(1))?))
    };
    let after = query.cursor(2)?.map(|cursor| place(&cursor)).transpose()?;
    let found = answered(open_contests(&doors.ground, &signed.principal, after, limit + 1).await)?;
    let cursor = |it: &Contest| Cursor::new([it.due.to_string(), it.id.to_string()]);
    Ok(Page::new(found, limit, cursor).map(ContestBody::from))
}

/// What the source says instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionBody {
    /// On which day it was so.
    #[schema(example = "2026-11-30")]
    observed_on: String,
    /// Facts by key, as in a file of facts; the contested key among them.
    #[schema(value_type = Object, example = json!({ "研发费用.2025": "95万元" }))]
    facts: Box<RawValue>,
}

/// An answer to a contest.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnswerBody {
    /// `upheld`: the value no longer counts; `corrected`: another takes its place; `refused`: it stays.
    #[schema(example = "refused")]
    outcome: String,
    /// Why. A correction needs none.
    #[schema(example = "与申报一致", max_length = 2000)]
    reason: String,
    /// What the source says instead; with `corrected` only.
    correction: Option<CorrectionBody>,
}

/// Answers a contest.
#[utoipa::path(
    post, path = "/contests/{contest}/answer", tag = "registry",
    params(("contest" = String, Path)), request_body = NewAnswerBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.answer")))
)]
pub(super) async fn answer(
    State(doors): State<Doors>,
    signed: Signed,
    Path(contest): Path<String>,
    Json(body): Json<NewAnswerBody>,
) -> Result<StatusCode, Problem> {
    let all = Outcome::ALL.iter().map(|it| it.as_code());
    let correction = body.correction.map(|it| {
        let observed = parse_day(&it.observed_on, "/correction/observed_on")?;
        Ok::<_, Problem>((it.facts.get().to_owned(), observed))
    });
    let wanted = NewAnswer {
        contest: parse_id(ContestId::parse, &contest)?,
        outcome: parse_word(Outcome::parse_code, &body.outcome, "/outcome", all)?,
        reason: body.reason,
        correction: correction.transpose()?,
    };
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(answer_contest(&doors.ground, caller, principal, &words, &wanted).await)?;
    Ok(StatusCode::NO_CONTENT)
}
