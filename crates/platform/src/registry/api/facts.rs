//! Facts: what is in force, what was said, and saying something.

use std::collections::BTreeMap;

use ::facts::Text;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value as Any;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::super::model::{NewStatement, Stated, StatementId, SubjectId};
use super::super::service::conditions::{NewDecision, decide_condition};
use super::super::service::read::{Past, PastCursor, SeenValue, read_facts, read_history};
use super::super::service::record::record_statement;
use super::{Doors, parse_at, parse_day_or_none};
use crate::identity::api::{Signed, answered, parse_id};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query, parse_day};

/// Who said a value, and when.
#[derive(Serialize, ToSchema)]
pub(super) struct StatedBody {
    /// The statement, to contest it by.
    statement: String,
    /// Who said it.
    #[schema(example = "taxation")]
    source: String,
    /// On which day it was so.
    #[schema(example = "2026-10-31")]
    observed_on: String,
    /// The last day on which the source stands by it.
    valid_until: Option<String>,
    recorded_ms: i64,
    /// What it rests on.
    evidence: Option<String>,
    /// Why an officer decided so.
    ground: Option<String>,
    /// The position of the ledger from which it counts.
    position: u64,
}

impl From<&Stated> for StatedBody {
    fn from(stated: &Stated) -> Self {
        Self {
            statement: stated.id.to_string(),
            source: stated.source.clone(),
            observed_on: stated.observed.to_string(),
            valid_until: stated.valid_until.map(|it| it.to_string()),
            recorded_ms: stated.recorded.0,
            evidence: stated.evidence.clone(),
            ground: stated.ground.clone(),
            position: stated.position,
        }
    }
}

/// What another source says.
#[derive(Serialize, ToSchema)]
pub(super) struct ConflictBody {
    /// The value, as it is handed in.
    #[schema(value_type = serde_json::Value)]
    value: Any,
    stated: StatedBody,
}

/// A value in force.
#[derive(Serialize, ToSchema)]
pub(super) struct ValueBody {
    /// The value, as it is handed in.
    #[schema(value_type = serde_json::Value)]
    value: Any,
    stated: StatedBody,
    /// What other sources said last, where it is something else.
    conflicts: Vec<ConflictBody>,
    /// The contest that is not answered yet.
    contest: Option<String>,
    /// Its source stands by it only up to a day that is over.
    is_over: bool,
}

impl From<SeenValue> for ValueBody {
    fn from(seen: SeenValue) -> Self {
        let conflicts = seen.conflicts.into_iter();
        Self {
            value: seen.value,
            stated: StatedBody::from(&*seen.stated),
            conflicts: conflicts
                .map(|(value, stated)| ConflictBody { value, stated: StatedBody::from(&*stated) })
                .collect(),
            contest: seen.contest.map(|it| it.to_string()),
            is_over: seen.is_over,
        }
    }
}

/// What is in force about a subject, as far as the reader may see it.
#[derive(Serialize, ToSchema)]
pub(super) struct FactsBody {
    subject: String,
    /// The position of the ledger at which it is so.
    position: u64,
    /// By key: a fact with its period, `status:`, `manual:`, a collection, a related party.
    values: BTreeMap<String, ValueBody>,
}

/// At which position of the ledger.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AtQuery {
    /// As of this position of the ledger; without it, now.
    #[param(minimum = 0, example = 1)]
    at: Option<i64>,
}

/// What is in force about a subject.
#[utoipa::path(
    get, path = "/subjects/{subject}/facts", tag = "registry", params(("subject" = String, Path), AtQuery),
    responses(
        (status = 200, body = FactsBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.read-facts")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Query(query): Query<AtQuery>,
) -> Result<Json<FactsBody>, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let at = parse_at(query.at)?;
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    let seen = answered(read_facts(&doors.ground, caller, principal, &words, id, at).await)?;
    Ok(Json(FactsBody {
        subject: seen.subject.id.to_string(),
        position: seen.position,
        values: seen.values.into_iter().map(|(key, value)| (key, value.into())).collect(),
    }))
}

/// What a source says about a subject.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStatementBody {
    /// Who says so; `self` for what a subject says of itself.
    #[schema(example = "self")]
    source: String,
    /// On which day it was so.
    #[schema(example = "2026-11-30")]
    observed_on: String,
    /// The last day on which the source stands by it.
    valid_until: Option<String>,
    /// What it rests on.
    evidence: Option<String>,
    /// Facts by key, as in a file of facts.
    #[schema(value_type = Object, example = json!({ "研发费用.2025": "95万元" }))]
    facts: Box<RawValue>,
}

/// A statement that counts.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordedBody {
    statement: String,
    /// The position of the ledger from which it counts.
    position: u64,
}

impl From<(StatementId, u64)> for RecordedBody {
    fn from((statement, position): (StatementId, u64)) -> Self {
        Self { statement: statement.to_string(), position }
    }
}

/// Records what a source says: all of it, or nothing with every place that is not understood.
#[utoipa::path(
    post, path = "/subjects/{subject}/facts", tag = "registry",
    params(("subject" = String, Path)), request_body = NewStatementBody,
    responses(
        (status = 201, body = RecordedBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.record")))
)]
pub(super) async fn record(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<NewStatementBody>,
) -> Result<(StatusCode, Json<RecordedBody>), Problem> {
    let wanted = NewStatement {
        subject: parse_id(SubjectId::parse, &subject)?,
        source: body.source,
        observed: parse_day(&body.observed_on, "/observed_on")?,
        valid_until: parse_day_or_none(body.valid_until.as_deref(), "/valid_until")?,
        evidence: body.evidence,
        facts: body.facts.get().to_owned(),
    };
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    let said = answered(record_statement(&doors.ground, caller, principal, &words, &wanted).await)?;
    Ok((StatusCode::CREATED, Json(said.into())))
}

/// A value that was said once.
#[derive(Serialize, ToSchema)]
pub(super) struct PastBody {
    #[schema(example = "研发费用.2025")]
    key: String,
    /// The value, as it is handed in.
    #[schema(value_type = serde_json::Value)]
    value: Any,
    stated: StatedBody,
    is_in_force: bool,
}

/// Of which key.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KeyQuery {
    /// Only of this key.
    #[param(example = "研发费用.2025")]
    key: Option<String>,
}

/// Everything that was said about a subject, the latest first.
#[utoipa::path(
    get, path = "/subjects/{subject}/history", tag = "registry",
    params(("subject" = String, Path), KeyQuery, PageQuery),
    responses(
        (status = 200, body = Page<PastBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.read-facts")))
)]
pub(super) async fn history(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Query(key): Query<KeyQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Page<PastBody>, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let limit = query.limit()?;
    let after = query.cursor(3)?.map(|cursor| read_cursor(&cursor)).transpose()?;
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    let wanted = (id, key.key.as_deref());
    let past = read_history(&doors.ground, caller, principal, &words, wanted, (after, limit + 1)).await;
    let cursor = |it: &Past| {
        let (position, key, statement) = it.cursor();
        Cursor::new([position.to_string(), key, statement.to_string()])
    };
    Ok(Page::new(answered(past)?, limit, cursor).map(|past| PastBody {
        key: past.key,
        value: past.value,
        stated: StatedBody::from(&*past.stated),
        is_in_force: past.is_in_force,
    }))
}

fn read_cursor(cursor: &Cursor) -> Result<PastCursor, Problem> {
    let position = u64::try_from(cursor.number(0)?).map_err(|_| Problem::not_there())?;
    Ok((position, cursor.part(1).to_owned(), parse_id(StatementId::parse, cursor.part(2))?))
}

/// A decision of a condition.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecisionBody {
    /// The condition's id.
    #[schema(example = "zz-demo-2026/resident", max_length = 200)]
    condition: String,
    /// Whether it is met.
    is_met: bool,
    /// Why.
    #[schema(example = "现场核查属实", max_length = 2000)]
    ground: String,
    /// What that rests on.
    evidence: Option<String>,
    /// The last day on which the decision holds.
    valid_until: Option<String>,
}

/// Decides a condition that only a person can judge. It is a fact of the ledger like any other.
#[utoipa::path(
    post, path = "/subjects/{subject}/conditions", tag = "registry",
    params(("subject" = String, Path)), request_body = NewDecisionBody,
    responses(
        (status = 201, body = RecordedBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.decide-condition")))
)]
pub(super) async fn decide(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<NewDecisionBody>,
) -> Result<(StatusCode, Json<RecordedBody>), Problem> {
    let wanted = NewDecision {
        subject: parse_id(SubjectId::parse, &subject)?,
        condition: body.condition,
        is_met: body.is_met,
        ground: body.ground,
        evidence: body.evidence,
        valid_until: parse_day_or_none(body.valid_until.as_deref(), "/valid_until")?,
    };
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    let said = answered(decide_condition(&doors.ground, caller, principal, &words, &wanted).await)?;
    Ok((StatusCode::CREATED, Json(said.into())))
}

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct TextBody {
    zh: String,
    en: String,
}

impl From<Text> for TextBody {
    fn from(text: Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}
