//! Accounts and roles, as administrators see them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Refusal;
use super::super::model::{AccountId, MembershipId, OrganisationId, Role};
use super::super::service::{accounts, directory};
use super::super::sql::ListedAccount;
use super::set_up::NewcomerBody;
use super::{Doors, Made, OneTimeLink, Signed, answered, parse_id, parse_word};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query};

/// An account.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountBody {
    id: String,
    #[schema(example = "li.example")]
    login: String,
    #[schema(example = "示例·李")]
    name: String,
    /// Accounts of one person bear the same.
    person: String,
    is_disabled: bool,
    has_second_factor: bool,
    created_ms: i64,
}

impl From<ListedAccount> for AccountBody {
    fn from(listed: ListedAccount) -> Self {
        Self {
            id: listed.account.id.to_string(),
            login: listed.account.login,
            name: listed.account.name,
            person: listed.account.person.to_string(),
            is_disabled: listed.account.is_disabled,
            has_second_factor: listed.account.totp_is_confirmed,
            created_ms: listed.created.0,
        }
    }
}

/// All accounts.
#[utoipa::path(
    get, path = "/accounts", tag = "identity", params(PageQuery),
    responses(
        (status = 200, body = Page<AccountBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.read-accounts")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Page<AccountBody>, Problem> {
    let limit = query.limit()?;
    let after = query.cursor(1)?.map(|cursor| parse_id(AccountId::parse, cursor.part(0))).transpose()?;
    let listed = directory::list_accounts(&doors.ground, &signed.principal, after, limit + 1).await;
    let page = Page::new(answered(listed)?, limit, |one| Cursor::new([one.account.id.to_string()]));
    Ok(page.map(AccountBody::from))
}

/// An account that was made, and a link for its owner.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountMade {
    id: String,
    /// To set a password; it works once and is shown once.
    #[schema(example = "6f1c…")]
    link: String,
}

/// Creates an account without any role.
#[utoipa::path(
    post, path = "/accounts", tag = "identity", request_body = NewcomerBody,
    responses(
        (status = 201, body = AccountMade),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.create-account")))
)]
pub(super) async fn create(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<NewcomerBody>,
) -> Result<(StatusCode, Json<AccountMade>), Problem> {
    let newcomer = body.read()?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let made = accounts::create_account(&doors.ground, caller, principal, &newcomer.login, &newcomer.name);
    let (id, link) = answered(made.await)?;
    let made = AccountMade { id: id.to_string(), link: link.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes an account out of service.
#[utoipa::path(
    post, path = "/accounts/{account}/disable", tag = "identity", params(("account" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.disable-account")))
)]
pub(super) async fn disable(
    State(doors): State<Doors>,
    signed: Signed,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let account = parse_id(AccountId::parse, &account)?;
    answered(accounts::disable_account(&doors.ground, &signed.caller, &signed.principal, account).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes password and second factor back, of somebody who was recognised in person, and gives a new link.
#[utoipa::path(
    post, path = "/accounts/{account}/reset", tag = "identity", params(("account" = String, Path)),
    responses(
        (status = 200, body = OneTimeLink),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.reset-account")))
)]
pub(super) async fn reset(
    State(doors): State<Doors>,
    signed: Signed,
    Path(account): Path<String>,
) -> Result<Json<OneTimeLink>, Problem> {
    let account = parse_id(AccountId::parse, &account)?;
    let link = accounts::reset_account(&doors.ground, &signed.caller, &signed.principal, account).await;
    Ok(Json(answered(link)?.into()))
}

/// Another account of the same person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SamePerson {
    /// The account whose person is kept.
    same_as: String,
}

/// States that two accounts are of one person.
#[utoipa::path(
    post, path = "/accounts/{account}/person", tag = "identity", params(("account" = String, Path)),
    request_body = SamePerson,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.link-person")))
)]
pub(super) async fn link_person(
    State(doors): State<Doors>,
    signed: Signed,
    Path(account): Path<String>,
    Json(body): Json<SamePerson>,
) -> Result<StatusCode, Problem> {
    let other = parse_id(AccountId::parse, &account)?;
    let kept = AccountId::parse(&body.same_as).ok_or(Refusal::NotThere)?;
    answered(accounts::link_person(&doors.ground, &signed.caller, &signed.principal, kept, other).await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A role to be granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    account: String,
    organisation: String,
    /// `owner`, `clerk`, `partner`, `officer`, `publisher`, `system-administrator`, `security-administrator`, `auditor`.
    #[schema(example = "officer")]
    role: String,
}

/// Grants a role in an organisation.
#[utoipa::path(
    post, path = "/memberships", tag = "identity", request_body = Grant,
    responses(
        (status = 201, body = Made),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.grant-role")))
)]
pub(super) async fn grant_role(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<Grant>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let all = Role::ALL.iter().map(|role| role.as_code());
    let role = parse_word(Role::parse_code, &body.role, "/role", all)?;
    let account = AccountId::parse(&body.account).ok_or(Refusal::NotThere)?;
    let organisation = OrganisationId::parse(&body.organisation).ok_or(Refusal::NotThere)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let granted = accounts::grant_role(&doors.ground, caller, principal, account, organisation, role).await;
    Ok((StatusCode::CREATED, Json(Made::new(answered(granted)?))))
}

/// Ends a membership.
#[utoipa::path(
    delete, path = "/memberships/{membership}", tag = "identity", params(("membership" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.end-membership")))
)]
pub(super) async fn end_membership(
    State(doors): State<Doors>,
    signed: Signed,
    Path(membership): Path<String>,
) -> Result<StatusCode, Problem> {
    let membership = parse_id(MembershipId::parse, &membership)?;
    answered(accounts::end_membership(&doors.ground, &signed.caller, &signed.principal, membership).await)?;
    Ok(StatusCode::NO_CONTENT)
}
