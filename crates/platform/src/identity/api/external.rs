//! Signing in through the provider of OpenID Connect, if the operator named one.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::oidc::{OidcError, Provider};
use super::super::service::external;
use super::sessions::{StageBody, continued};
use super::{Anyone, Doors, Signed, answered};
use crate::ground::Caller;
use crate::web::{FormTokens, Json, Problem, ProblemBody, Query, RateLimits, Visitor};

/// The cookie that a browser carries to the provider and back; the first name demands an encrypted connection.
const JOURNEY_COOKIES: [&str; 2] = ["__Host-zhimei-oidc", "zhimei-oidc"];

/// How long it is kept, in seconds.
const JOURNEY_SECONDS: u32 = 600;

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        tracing::warn!(cause = %error, "OpenID Connect");
        match error {
            OidcError::Provider(_) => Self::new(
                StatusCode::BAD_GATEWAY,
                "provider-away",
                "统一身份认证暂时不可用。请稍后重试,或用账号密码登录。",
                "The provider of identities cannot be reached. Try again later, or sign in with a password.",
            ),
            OidcError::Journey(_) => Self::new(
                StatusCode::UNAUTHORIZED,
                "journey",
                "统一身份认证没有成功,或已超时。请重新开始登录。",
                "Signing in at the provider did not succeed, or took too long. Begin again.",
            ),
        }
    }
}

fn provider(doors: &Doors) -> Result<&Provider, Problem> {
    doors.provider.as_ref().ok_or_else(Problem::not_there)
}

fn journey_cookie(doors: &Doors, sealed: &str) -> HeaderValue {
    let [secure, plain] = JOURNEY_COOKIES;
    let (name, demand) = if doors.is_secure { (secure, "; Secure") } else { (plain, "") };
    let age = if sealed.is_empty() { 0 } else { JOURNEY_SECONDS };
    let text = format!("{name}={sealed}; Path=/; HttpOnly; SameSite=Lax{demand}; Max-Age={age}");
    HeaderValue::from_str(&text).expect("what is sealed is written in hexadecimal digits")
}

fn sealed(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        JOURNEY_COOKIES.contains(&name).then_some(value)
    })
}

/// Sends a browser to the provider, to sign in.
#[utoipa::path(
    get, path = "/oidc/start", tag = "identity",
    responses(
        (status = 303, description = "To the provider."),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn start(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let provider = provider(&doors)?;
    limits.costly(&visitor.caller.address)?;
    let departure = provider.depart(&doors.ground, None).await?;
    let cookie = journey_cookie(&doors, &departure.sealed);
    let headers =
        [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::SEE_OTHER, headers, [(header::LOCATION, departure.address)]).into_response())
}

/// Where the browser is sent, to link the provider's identity to one's account.
#[derive(Serialize, ToSchema)]
pub(super) struct Departing {
    address: String,
}

/// Begins to link the provider's identity to one's account. The reply sets a cookie; the browser goes to the address.
#[utoipa::path(
    post, path = "/session/external", tag = "identity",
    responses(
        (status = 200, body = Departing),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.link-external")))
)]
pub(super) async fn begin_link(State(doors): State<Doors>, signed: Signed) -> Result<Response, Problem> {
    super::super::authorise(
        &signed.principal,
        super::super::Action::LinkExternal,
        &super::super::Record::of_account(signed.principal.account),
    )?;
    let departure =
        provider(&doors)?.depart(&doors.ground, Some(signed.principal.account.to_string())).await?;
    let cookie = journey_cookie(&doors, &departure.sealed);
    Ok(([(header::SET_COOKIE, cookie)], Json(Departing { address: departure.address })).into_response())
}

/// Takes the link to the provider's identity back.
#[utoipa::path(
    delete, path = "/session/external", tag = "identity",
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.link-external")))
)]
pub(super) async fn unlink(State(doors): State<Doors>, signed: Signed) -> Result<StatusCode, Problem> {
    super::super::authorise(
        &signed.principal,
        super::super::Action::LinkExternal,
        &super::super::Record::of_account(signed.principal.account),
    )?;
    let issuer = provider(&doors)?.issuer();
    let taken = external::unlink_external(&doors.ground, &signed.caller, &signed.principal, issuer).await;
    answered(taken)?;
    Ok(StatusCode::NO_CONTENT)
}

/// With what the provider sends a browser back.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Returned {
    state: String,
    code: String,
}

/// Where the provider sends a browser back to: it signs in, or links, as it set out to.
#[utoipa::path(
    get, path = "/oidc/callback", tag = "identity", params(Returned),
    responses(
        (status = 200, body = StageBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn callback(
    State(doors): State<Doors>,
    axum::Extension(limits): axum::Extension<RateLimits>,
    axum::Extension(forms): axum::Extension<FormTokens>,
    anyone: Anyone,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Problem> {
    let provider = provider(&doors)?;
    limits.costly(&anyone.caller.address)?;
    let carried = sealed(&headers).unwrap_or_default();
    let arrival = provider.arrive(&doors.ground, carried, &returned.state, &returned.code).await?;
    let forget = journey_cookie(&doors, "");
    let mut response = if arrival.links.is_some() {
        let principal = anyone.principal.ok_or_else(Problem::sign_in_first)?;
        let linked = external::link_external(&doors.ground, &anyone.caller, &principal, &arrival).await;
        answered(linked)?;
        StatusCode::NO_CONTENT.into_response()
    } else {
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let visitor = Caller::visitor(anyone.caller.request.clone(), &anyone.caller.address);
        let signed = external::sign_in_external(&doors.ground, &visitor, &arrival, agent).await;
        continued(&doors, &forms, &answered(signed)?.secret).await?
    };
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}
