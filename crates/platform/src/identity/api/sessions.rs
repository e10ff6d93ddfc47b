//! Signing in, step by step, and one's own sessions.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{Membership, SessionId};
use super::super::service::{second_factor, sessions, sign_in as signing};
use super::super::workflow::Stage;
use super::super::{Principal, Refusal, Secret};
use super::{Doors, Entered, Signed, answered, parse_id};
use crate::web::{FormTokens, Json, Problem, ProblemBody, RateLimits, SESSION_COOKIES, Visitor};

/// What somebody signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    #[schema(example = "li.example", max_length = 64)]
    login: String,
    #[schema(example = "a pass phrase of one's own", max_length = 256)]
    password: String,
}

/// How far signing in has come.
#[derive(Serialize, ToSchema)]
pub(super) struct StageBody {
    /// What is wanted next: `second-factor`, `change-password`, `enrol`, or nothing more: `full`.
    #[schema(example = "second-factor")]
    stage: &'static str,
    /// What a program that sends the cookie itself sends as `X-Form-Token` with everything but `GET`.
    form_token: String,
}

/// The stage's word.
fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::SecondFactor => "second-factor",
        Stage::ChangePassword => "change-password",
        Stage::Enrol => "enrol",
        Stage::Full => "full",
    }
}

/// The cookie that a browser keeps; with an empty value, the one that it forgets.
fn cookie(doors: &Doors, value: &str) -> HeaderValue {
    let [secure, plain] = SESSION_COOKIES;
    let (name, demand) = if doors.is_secure { (secure, "; Secure") } else { (plain, "") };
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{demand}{age}");
    HeaderValue::from_str(&text).expect("a secret is of hexadecimal digits")
}

/// Replies with a new cookie.
fn with_cookie(doors: &Doors, secret: &Secret, body: impl Serialize) -> Response {
    let headers = [(header::SET_COOKIE, cookie(doors, secret.reveal()))];
    (headers, Json(body)).into_response()
}

/// Signs in with login and password. The reply sets the session's cookie.
#[utoipa::path(
    post, path = "/sessions", tag = "identity", request_body = Credentials,
    responses(
        (status = 200, body = StageBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn sign_in(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    axum::Extension(forms): axum::Extension<FormTokens>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(body): Json<Credentials>,
) -> Result<Response, Problem> {
    limits.costly(&visitor.caller.address)?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (caller, hasher) = (&visitor.caller, &doors.hasher);
    let signed = signing::sign_in(&doors.ground, caller, hasher, &body.login, &body.password, agent);
    let signed = answered(signed.await)?;
    let form_token = forms.token(signed.secret.reveal());
    Ok(with_cookie(&doors, &signed.secret, StageBody { stage: word(signed.stage), form_token }))
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct CurrentSession {
    /// What is still wanted: `second-factor`, `change-password`, `enrol`, or nothing more: `full`.
    #[schema(example = "full")]
    stage: &'static str,
    /// Who; absent until nothing more is wanted.
    principal: Option<PrincipalBody>,
    /// For which organisation they act.
    acting_for: Option<String>,
}

/// Somebody who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct PrincipalBody {
    account: String,
    #[schema(example = "示例·李")]
    name: String,
    memberships: Vec<MembershipBody>,
}

/// A role in an organisation.
#[derive(Serialize, ToSchema)]
pub(super) struct MembershipBody {
    id: String,
    organisation: String,
    #[schema(example = "owner")]
    role: &'static str,
}

impl From<&Membership> for MembershipBody {
    fn from(membership: &Membership) -> Self {
        Self {
            id: membership.id.to_string(),
            organisation: membership.organisation.to_string(),
            role: membership.role.as_code(),
        }
    }
}

impl From<&Principal> for PrincipalBody {
    fn from(principal: &Principal) -> Self {
        Self {
            account: principal.account.to_string(),
            name: principal.name.clone(),
            memberships: principal.memberships.iter().map(MembershipBody::from).collect(),
        }
    }
}

/// Tells who is signed in and what is still wanted of them.
#[utoipa::path(
    get, path = "/session", tag = "identity",
    responses(
        (status = 200, body = CurrentSession),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn current(entered: Entered) -> Json<CurrentSession> {
    Json(CurrentSession {
        stage: word(entered.session.stage),
        principal: entered.session.principal().map(PrincipalBody::from),
        acting_for: entered.caller.acting_for,
    })
}

/// Signs out.
#[utoipa::path(
    delete, path = "/session", tag = "identity",
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn sign_out(State(doors): State<Doors>, entered: Entered) -> Result<Response, Problem> {
    sessions::sign_out(&doors.ground, &entered.caller, &entered.session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&doors, ""))]).into_response())
}

/// A code of the app, or one of the recovery codes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    /// Six digits of the app.
    #[schema(example = "123456", max_length = 16)]
    code: Option<String>,
    /// Instead of it, a recovery code, which works once.
    #[schema(example = "abcde-fghij", max_length = 32)]
    recovery_code: Option<String>,
}

/// Gives the second factor. The reply sets a new cookie.
#[utoipa::path(
    post, path = "/session/second-factor", tag = "identity", request_body = Code,
    responses(
        (status = 200, body = StageBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn second_factor(
    State(doors): State<Doors>,
    axum::Extension(forms): axum::Extension<FormTokens>,
    entered: Entered,
    Json(body): Json<Code>,
) -> Result<Response, Problem> {
    let (ground, caller, session) = (&doors.ground, &entered.caller, &entered.session);
    let used = match (&body.code, &body.recovery_code) {
        (Some(code), None) => second_factor::use_totp(ground, caller, session, code).await,
        (None, Some(code)) => second_factor::use_recovery_code(ground, caller, session, code).await,
        _ => {
            let what = facts::Text {
                zh: "请只填 code 与 recovery_code 之一".to_owned(),
                en: "give one of `code` and `recovery_code`".to_owned(),
            };
            return Err(Problem::at("/code", what));
        }
    };
    continued(&doors, &forms, &answered(used)?).await
}

/// Replies with the new cookie and what is wanted next.
pub(super) async fn continued(
    doors: &Doors,
    forms: &FormTokens,
    secret: &Secret,
) -> Result<Response, Problem> {
    let session = sessions::authenticate(&doors.ground, secret).await?.ok_or(Refusal::SignIn)?;
    let form_token = forms.token(secret.reveal());
    Ok(with_cookie(doors, secret, StageBody { stage: word(session.stage), form_token }))
}

/// What an authenticator app needs. It is shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolmentBody {
    /// The secret, to be typed.
    secret: String,
    /// The same as an address, to be shown as a square code.
    uri: String,
}

/// Begins to set up a second factor.
#[utoipa::path(
    post, path = "/session/totp", tag = "identity",
    responses(
        (status = 201, body = EnrolmentBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn enrol(
    State(doors): State<Doors>,
    entered: Entered,
) -> Result<(StatusCode, Json<EnrolmentBody>), Problem> {
    let made = second_factor::enrol_totp(&doors.ground, &entered.caller, &entered.session).await;
    let made = answered(made)?;
    Ok((StatusCode::CREATED, Json(EnrolmentBody { secret: made.secret, uri: made.uri })))
}

/// The first code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstCode {
    #[schema(example = "123456", max_length = 16)]
    code: String,
}

/// Recovery codes. They are shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    recovery_codes: Vec<String>,
    form_token: String,
}

/// Ends setting up a second factor. The reply sets a new cookie.
#[utoipa::path(
    post, path = "/session/totp/confirm", tag = "identity", request_body = FirstCode,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn confirm(
    State(doors): State<Doors>,
    axum::Extension(forms): axum::Extension<FormTokens>,
    entered: Entered,
    Json(body): Json<FirstCode>,
) -> Result<Response, Problem> {
    let confirmed =
        second_factor::confirm_totp(&doors.ground, &entered.caller, &entered.session, &body.code).await;
    let (secret, recovery_codes) = answered(confirmed)?;
    let form_token = forms.token(secret.reveal());
    Ok(with_cookie(&doors, &secret, RecoveryCodes { recovery_codes, form_token }))
}

/// The old password and the new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    #[schema(max_length = 256)]
    old: String,
    /// At least twelve characters, and none of those that are known to have leaked.
    #[schema(min_length = 12, max_length = 256)]
    new: String,
}

/// Changes one's password; one's other sessions are over.
#[utoipa::path(
    post, path = "/session/password", tag = "identity", request_body = PasswordChange,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("entered")))
)]
pub(super) async fn change_password(
    State(doors): State<Doors>,
    entered: Entered,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let (caller, hasher, session) = (&entered.caller, &doors.hasher, &entered.session);
    let changed = signing::change_password(&doors.ground, caller, hasher, session, &body.old, &body.new);
    answered(changed.await)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A session of one's own.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionBody {
    id: String,
    created_ms: i64,
    seen_ms: i64,
    address: String,
    agent: String,
    is_this: bool,
}

/// One's own sessions, the liveliest first.
#[utoipa::path(
    get, path = "/sessions", tag = "identity",
    responses(
        (status = 200, body = Vec<SessionBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.manage-sessions")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
) -> Result<Json<Vec<SessionBody>>, Problem> {
    let listed = answered(sessions::list_sessions(&doors.ground, &signed.principal).await)?;
    let bodies = listed.into_iter().map(|one| SessionBody {
        id: one.id.to_string(),
        created_ms: one.created.0,
        seen_ms: one.seen.0,
        address: one.address,
        agent: one.agent,
        is_this: one.is_this,
    });
    Ok(Json(bodies.collect()))
}

/// Ends one of one's own sessions.
#[utoipa::path(
    delete, path = "/sessions/{session}", tag = "identity", params(("session" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.manage-sessions")))
)]
pub(super) async fn end(
    State(doors): State<Doors>,
    signed: Signed,
    Path(session): Path<String>,
) -> Result<StatusCode, Problem> {
    let session = parse_id(SessionId::parse, &session)?;
    answered(sessions::end_session(&doors.ground, &signed.caller, &signed.principal, session).await)?;
    Ok(StatusCode::NO_CONTENT)
}
