//! From a link to an account, without anybody being signed in.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{AccountId, Login};
use super::super::service::setup::{self, Newcomer};
use super::super::{Refusal, Secret};
use super::{Doors, Made, answered};
use crate::web::{Json, Problem, ProblemBody, RateLimits, Visitor};

/// Somebody who gets an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewcomerBody {
    /// What they sign in with.
    #[schema(example = "li.example", max_length = 64)]
    login: String,
    /// How they are called.
    #[schema(example = "示例·李", max_length = 64)]
    name: String,
}

impl NewcomerBody {
    pub(super) fn read(self) -> Result<Newcomer, Problem> {
        let login = Login::parse(&self.login).ok_or(Refusal::Name)?;
        Ok(Newcomer { login, name: self.name })
    }
}

/// Three different people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Administrators {
    /// The first link, as the server printed it.
    #[schema(example = "6f1c…", max_length = 256)]
    link: String,
    /// The department that they are of.
    #[schema(example = "示例园区管理办公室", max_length = 64)]
    department: String,
    system: NewcomerBody,
    security: NewcomerBody,
    auditor: NewcomerBody,
}

/// A link for each of the three, to set a password.
#[derive(Serialize, ToSchema)]
pub(super) struct AdministratorLinks {
    system: String,
    security: String,
    auditor: String,
}

/// Names the three administrators by the first link.
#[utoipa::path(
    post, path = "/set-up", tag = "identity", request_body = Administrators,
    responses(
        (status = 201, body = AdministratorLinks),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn name_administrators(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    visitor: Visitor,
    Json(body): Json<Administrators>,
) -> Result<(StatusCode, Json<AdministratorLinks>), Problem> {
    limits.costly(&visitor.caller.address)?;
    let three = [body.system.read()?, body.security.read()?, body.auditor.read()?];
    let link = Secret::received(&body.link);
    let named = setup::name_administrators(&doors.ground, &visitor.caller, &link, &body.department, three);
    let [system, security, auditor] = answered(named.await)?.map(|link| link.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(AdministratorLinks { system, security, auditor })))
}

/// A link and the password to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstPassword {
    /// The secret part of the link.
    #[schema(example = "6f1c…", max_length = 256)]
    link: String,
    /// At least twelve characters, and none of those that are known to have leaked.
    #[schema(example = "a pass phrase of one's own", min_length = 12, max_length = 256)]
    password: String,
}

/// Sets the password of the account that a link is for.
#[utoipa::path(
    post, path = "/links/accept", tag = "identity", request_body = FirstPassword,
    responses(
        (status = 200, body = Made, description = "The account; it can sign in now."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn accept_link(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    visitor: Visitor,
    Json(body): Json<FirstPassword>,
) -> Result<Json<Made>, Problem> {
    limits.costly(&visitor.caller.address)?;
    let link = Secret::received(&body.link);
    let set = setup::accept_link(&doors.ground, &visitor.caller, &doors.hasher, &link, &body.password);
    let account: AccountId = answered(set.await)?;
    Ok(Json(Made::new(account)))
}

/// Somebody who was invited and has no account yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitedNewcomer {
    /// The secret part of the invitation.
    #[schema(example = "6f1c…", max_length = 256)]
    link: String,
    /// What they will sign in with.
    #[schema(example = "wang.example", max_length = 64)]
    login: String,
    /// How they are called.
    #[schema(example = "示例·王", max_length = 64)]
    name: String,
    /// At least twelve characters, and none of those that are known to have leaked.
    #[schema(example = "a pass phrase of one's own", min_length = 12, max_length = 256)]
    password: String,
}

/// Becomes a member by an invitation, as somebody who has no account yet.
#[utoipa::path(
    post, path = "/invitations/accept", tag = "identity", request_body = InvitedNewcomer,
    responses(
        (status = 201, body = Made, description = "The account; it can sign in now."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn accept_invitation(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    visitor: Visitor,
    Json(body): Json<InvitedNewcomer>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    limits.costly(&visitor.caller.address)?;
    let newcomer = NewcomerBody { login: body.login, name: body.name }.read()?;
    let link = Secret::received(&body.link);
    let (caller, hasher) = (&visitor.caller, &doors.hasher);
    let made = setup::accept_as_newcomer(&doors.ground, caller, hasher, &link, &newcomer, &body.password);
    Ok((StatusCode::CREATED, Json(Made::new(answered(made.await)?))))
}
