//! Subjects and their duplicates.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{MergeId, NewSubject, Subject, SubjectId};
use super::super::service::find::Search;
use super::super::service::merges::Suggestion;
use super::super::service::{find, merges, subjects};
use super::Doors;
use crate::identity::OrganisationId;
use crate::identity::api::{Made, Signed, answered, parse_id};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query};

/// Somebody or something that facts are about.
#[derive(Serialize, ToSchema)]
pub(super) struct SubjectBody {
    id: String,
    /// `enterprise`, `institution`, `person`, `project` or `parcel`.
    #[schema(example = "enterprise")]
    kind: String,
    /// The credit code; of a project or a parcel its number.
    #[schema(example = "91999999MA0000001N")]
    code: Option<String>,
    #[schema(example = "示例传感科技有限公司")]
    name: String,
    /// The organisation whose members are its own people.
    organisation: Option<String>,
    /// The subject into which it is merged.
    merged_into: Option<String>,
    erased_ms: Option<i64>,
}

impl From<Subject> for SubjectBody {
    fn from(subject: Subject) -> Self {
        Self {
            id: subject.id.to_string(),
            kind: subject.kind,
            code: subject.code,
            name: subject.name,
            organisation: subject.organisation.map(|it| it.to_string()),
            merged_into: subject.merged_into.map(|it| it.to_string()),
            erased_ms: subject.erased.map(|it| it.0),
        }
    }
}

/// The subjects that one may find: for members their own, for officers all.
#[utoipa::path(
    get, path = "/subjects", tag = "registry", params(PageQuery),
    responses(
        (status = 200, body = Page<SubjectBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.find-subjects")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<SubjectBody>, Problem> {
    found(&doors, &signed, &query, &Search::default()).await
}

/// What is looked for. It is sent in the body, since codes stand in no address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchBody {
    /// Only of this kind.
    #[schema(example = "enterprise")]
    kind: Option<String>,
    /// A part of the name, or the tail of the code.
    #[schema(example = "传感", max_length = 64)]
    text: Option<String>,
}

/// Looks for subjects by a part of the name or the tail of the code.
#[utoipa::path(
    post, path = "/subjects/search", tag = "registry", params(PageQuery), request_body = SearchBody,
    responses(
        (status = 200, body = Page<SubjectBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.find-subjects")))
)]
pub(super) async fn search(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
    Json(body): Json<SearchBody>,
) -> Result<Page<SubjectBody>, Problem> {
    found(&doors, &signed, &query, &Search { kind: body.kind, text: body.text }).await
}

async fn found(
    doors: &Doors,
    signed: &Signed,
    query: &PageQuery,
    search: &Search,
) -> Result<Page<SubjectBody>, Problem> {
    let limit = query.limit()?;
    let after = query.cursor(1)?.map(|cursor| parse_id(SubjectId::parse, cursor.part(0))).transpose()?;
    let found = find::find_subjects(&doors.ground, &signed.principal, search, after, limit + 1).await;
    let page = Page::new(answered(found)?, limit, |one| Cursor::new([one.id.to_string()]));
    Ok(page.map(SubjectBody::from))
}

/// A subject to be put into the register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSubjectBody {
    /// `enterprise`, `institution`, `person`, `project` or `parcel`.
    #[schema(example = "enterprise")]
    kind: String,
    /// The credit code of an enterprise or institution, the number of a project or parcel; none for a person.
    code: Option<String>,
    #[schema(example = "示例传感科技有限公司", max_length = 200)]
    name: String,
}

/// Puts a subject into the register.
#[utoipa::path(
    post, path = "/subjects", tag = "registry", request_body = NewSubjectBody,
    responses(
        (status = 201, body = Made),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.create-subject")))
)]
pub(super) async fn create(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<NewSubjectBody>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let wanted = NewSubject { kind: body.kind, code: body.code, name: body.name };
    let made = subjects::create_subject(&doors.ground, &signed.caller, &signed.principal, &wanted).await;
    Ok((StatusCode::CREATED, Json(Made::new(answered(made)?))))
}

/// One subject.
#[utoipa::path(
    get, path = "/subjects/{subject}", tag = "registry", params(("subject" = String, Path)),
    responses(
        (status = 200, body = SubjectBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.read-facts")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
) -> Result<Json<SubjectBody>, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let found = answered(find::subject(&doors.ground, &signed.caller, &signed.principal, id).await)?;
    Ok(Json(found.into()))
}

/// Whose members are a subject's own people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkBody {
    /// The organisation; `null` takes it back.
    organisation: Option<String>,
}

/// Says whose members are a subject's own people.
#[utoipa::path(
    put, path = "/subjects/{subject}/organisation", tag = "registry",
    params(("subject" = String, Path)), request_body = LinkBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.link-subject")))
)]
pub(super) async fn link(
    State(doors): State<Doors>,
    signed: Signed,
    Path(subject): Path<String>,
    Json(body): Json<LinkBody>,
) -> Result<StatusCode, Problem> {
    let id = parse_id(SubjectId::parse, &subject)?;
    let organisation = body.organisation.as_deref();
    let organisation = organisation.map(|it| parse_id(OrganisationId::parse, it)).transpose()?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(subjects::link_subject(&doors.ground, caller, principal, id, organisation).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Two subjects that are one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMerge {
    /// Which is merged.
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000001")]
    from: String,
    /// Into which.
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000002")]
    into: String,
    /// Why they are one.
    #[schema(example = "同一企业重复登记", max_length = 2000)]
    reason: String,
}

/// Merges a subject into another. It can be undone.
#[utoipa::path(
    post, path = "/merges", tag = "registry", request_body = NewMerge,
    responses(
        (status = 201, body = Made),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.merge")))
)]
pub(super) async fn merge(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<NewMerge>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let pair = (parse_id(SubjectId::parse, &body.from)?, parse_id(SubjectId::parse, &body.into)?);
    let (caller, principal) = (&signed.caller, &signed.principal);
    let merged = merges::merge_subjects(&doors.ground, caller, principal, pair, &body.reason).await;
    let (id, _) = answered(merged)?;
    Ok((StatusCode::CREATED, Json(Made::new(id))))
}

/// Undoes a merge; each of the two has again exactly what it had.
#[utoipa::path(
    delete, path = "/merges/{merge}", tag = "registry", params(("merge" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.merge")))
)]
pub(super) async fn unmerge(
    State(doors): State<Doors>,
    signed: Signed,
    Path(merge): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = parse_id(MergeId::parse, &merge)?;
    answered(merges::unmerge_subjects(&doors.ground, &signed.caller, &signed.principal, id).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Two subjects that may be one.
#[derive(Serialize, ToSchema)]
pub(super) struct SuggestionBody {
    one: String,
    other: String,
    /// `name`: they bear the same name; `code`: their credit codes hold the same organisation code.
    #[schema(example = "name")]
    by: &'static str,
}

/// Subjects that may be duplicates; a person decides.
#[utoipa::path(
    get, path = "/merges/suggestions", tag = "registry", params(PageQuery),
    responses(
        (status = 200, body = Page<SuggestionBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.merge")))
)]
pub(super) async fn suggestions(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<SuggestionBody>, Problem> {
    let limit = query.limit()?;
    let pair = |cursor: &Cursor| {
        Ok::<_, Problem>((
            parse_id(SubjectId::parse, cursor.part(0))?,
            parse_id(SubjectId::parse, cursor.part(1))?,
        ))
    };
    let after = query.cursor(2)?.map(|cursor| pair(&cursor)).transpose()?;
    let found = merges::suggest_merges(&doors.ground, &signed.principal, after, limit + 1).await;
    let cursor = |it: &Suggestion| Cursor::new([it.one.to_string(), it.other.to_string()]);
    Ok(Page::new(answered(found)?, limit, cursor).map(|it| SuggestionBody {
        one: it.one.to_string(),
        other: it.other.to_string(),
        by: if it.is_by_name { "name" } else { "code" },
    }))
}
