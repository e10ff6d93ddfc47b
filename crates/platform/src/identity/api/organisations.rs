//! Organisations, and who is a member of them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Secret;
use super::super::model::{OrganisationId, OrganisationKind, Role};
use super::super::service::{accounts, directory, setup};
use super::super::sql::{ListedMember, ListedOrganisation};
use super::{Doors, GivenLink, Made, OneTimeLink, Signed, answered, parse_id, parse_word};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query};

/// An organisation.
#[derive(Serialize, ToSchema)]
pub(super) struct OrganisationBody {
    id: String,
    /// What it is.
    #[schema(example = "enterprise")]
    kind: &'static str,
    #[schema(example = "示例传感科技有限公司")]
    name: String,
    created_ms: i64,
}

impl From<ListedOrganisation> for OrganisationBody {
    fn from(listed: ListedOrganisation) -> Self {
        Self {
            id: listed.id.to_string(),
            kind: listed.kind.as_code(),
            name: listed.name,
            created_ms: listed.created.0,
        }
    }
}

/// The organisations that one may see: for members their own, for administrators all.
#[utoipa::path(
    get, path = "/organisations", tag = "identity", params(PageQuery),
    responses(
        (status = 200, body = Page<OrganisationBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.read-organisation")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<OrganisationBody>, Problem> {
    let limit = query.limit()?;
    let after = query.cursor(1)?.map(|cursor| parse_id(OrganisationId::parse, cursor.part(0))).transpose()?;
    let listed = directory::list_organisations(&doors.ground, &signed.principal, after, limit + 1).await;
    let page = Page::new(answered(listed)?, limit, |one| Cursor::new([one.id.to_string()]));
    Ok(page.map(OrganisationBody::from))
}

/// An organisation to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrganisation {
    /// What it is: `enterprise`, `institute`, `incubator`, `bank`, `service-partner`, `department`, `government`, `village`,
    /// `community`, `school`, `health-centre`, `state-owned`, `private`, `social-organisation`.
    #[schema(example = "enterprise")]
    kind: String,
    #[schema(example = "示例传感科技有限公司", max_length = 64)]
    name: String,
}

/// Registers an organisation.
#[utoipa::path(
    post, path = "/organisations", tag = "identity", request_body = NewOrganisation,
    responses(
        (status = 201, body = Made),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.create-organisation")))
)]
pub(super) async fn create(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<NewOrganisation>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let all = OrganisationKind::ALL.iter().map(|kind| kind.as_code());
    let kind = parse_word(OrganisationKind::parse_code, &body.kind, "/kind", all)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let made = accounts::create_organisation(&doors.ground, caller, principal, kind, &body.name).await;
    Ok((StatusCode::CREATED, Json(Made::new(answered(made)?))))
}

/// One organisation.
#[utoipa::path(
    get, path = "/organisations/{organisation}", tag = "identity", params(("organisation" = String, Path)),
    responses(
        (status = 200, body = OrganisationBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.read-organisation")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(organisation): Path<String>,
) -> Result<Json<OrganisationBody>, Problem> {
    let id = parse_id(OrganisationId::parse, &organisation)?;
    let found = answered(directory::organisation(&doors.ground, &signed.principal, id).await)?;
    Ok(Json(found.into()))
}

/// Somebody's role in an organisation.
#[derive(Serialize, ToSchema)]
pub(super) struct MemberBody {
    /// The membership.
    id: String,
    account: String,
    #[schema(example = "示例·李")]
    name: String,
    #[schema(example = "owner")]
    role: &'static str,
    granted_ms: i64,
}

impl From<ListedMember> for MemberBody {
    fn from(listed: ListedMember) -> Self {
        Self {
            id: listed.membership.id.to_string(),
            account: listed.account.to_string(),
            name: listed.name,
            role: listed.membership.role.as_code(),
            granted_ms: listed.granted.0,
        }
    }
}

/// The members of an organisation.
#[utoipa::path(
    get, path = "/organisations/{organisation}/members", tag = "identity",
    params(("organisation" = String, Path), PageQuery),
    responses(
        (status = 200, body = Page<MemberBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.read-organisation")))
)]
pub(super) async fn members(
    State(doors): State<Doors>,
    signed: Signed,
    Path(organisation): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Page<MemberBody>, Problem> {
    let id = parse_id(OrganisationId::parse, &organisation)?;
    let limit = query.limit()?;
    let after = query.cursor(1)?.map(|cursor| cursor.part(0).to_owned());
    let listed = directory::list_members(&doors.ground, &signed.principal, id, after.as_deref(), limit + 1);
    let page = Page::new(answered(listed.await)?, limit, |one| Cursor::new([one.membership.id.to_string()]));
    Ok(page.map(MemberBody::from))
}

/// As what somebody is invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    /// `owner`, `clerk` or `partner`.
    #[schema(example = "clerk")]
    role: String,
}

/// Invites a colleague: a link that works once, to be handed to them.
#[utoipa::path(
    post, path = "/organisations/{organisation}/invitations", tag = "identity",
    params(("organisation" = String, Path)), request_body = Invitation,
    responses(
        (status = 201, body = OneTimeLink),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.invite-member")))
)]
pub(super) async fn invite(
    State(doors): State<Doors>,
    signed: Signed,
    Path(organisation): Path<String>,
    Json(body): Json<Invitation>,
) -> Result<(StatusCode, Json<OneTimeLink>), Problem> {
    let id = parse_id(OrganisationId::parse, &organisation)?;
    let all = Role::ALL.iter().map(|role| role.as_code());
    let role = parse_word(Role::parse_code, &body.role, "/role", all)?;
    let link = accounts::invite_member(&doors.ground, &signed.caller, &signed.principal, id, role).await;
    Ok((StatusCode::CREATED, Json(answered(link)?.into())))
}

/// Becomes a member by an invitation, with the account that one has. A token cannot.
#[utoipa::path(
    post, path = "/invitations/join", tag = "identity", request_body = GivenLink,
    responses(
        (status = 200, body = Made, description = "The organisation."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.join")))
)]
pub(super) async fn join(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<GivenLink>,
) -> Result<Json<Made>, Problem> {
    let link = Secret::received(&body.link);
    let joined = setup::accept_as_member(&doors.ground, &signed.caller, &signed.principal, &link).await;
    Ok(Json(Made::new(answered(joined)?)))
}
