//! Who asks: a session's cookie or a token, looked up once a request, and what handlers ask for.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::super::service::sessions::{self, Session};
use super::super::service::tokens;
use super::super::{OrganisationId, Principal, Secret};
use crate::ground::{Caller, Ground};
use crate::web::{Problem, RateLimits, Visitor, session_cookie};

/// In which whoever serves several organisations says for which one they act.
const ACTING_FOR: &str = "x-acting-for";

/// Who a request is of.
#[derive(Clone, Debug)]
pub enum Known {
    /// Nobody who said who they are.
    Nobody,
    /// A session, at whatever stage.
    Session(Session),
    /// A token.
    Token(Principal),
}

/// What is needed to find out who asks.
#[derive(Clone)]
pub struct Identify {
    /// The ground.
    pub ground: Ground,
    /// What accounts asked lately.
    pub rate_limits: RateLimits,
}

/// Finds out who asks, before any door. A token that is not good is refused here; a cookie that is over is nobody's.
pub async fn identify(
    State(identify): State<Identify>,
    visitor: Visitor,
    mut request: Request,
    next: Next,
) -> Response {
    match known(&identify, &visitor, request.headers()).await {
        Ok((known, caller)) => {
            request.extensions_mut().insert(known);
            request.extensions_mut().insert(Visitor { caller, ..visitor });
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn known(
    identify: &Identify,
    visitor: &Visitor,
    headers: &HeaderMap,
) -> Result<(Known, Caller), Problem> {
    let known = if let Some(given) = headers.get(header::AUTHORIZATION) {
        let token = given.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let token = token.ok_or_else(Problem::sign_in_first)?;
        let found = tokens::authenticate_token(&identify.ground, &Secret::received(token)).await?;
        Known::Token(found.ok_or_else(Problem::sign_in_first)?)
    } else if let Some(cookie) = session_cookie(headers) {
        let found = sessions::authenticate(&identify.ground, &Secret::received(cookie)).await?;
        found.map_or(Known::Nobody, Known::Session)
    } else {
        Known::Nobody
    };
    let mut caller = visitor.caller.clone();
    if let Some(principal) = known.principal() {
        caller = principal.caller(&caller);
        identify.rate_limits.of_account(&principal.account.to_string())?;
        caller.acting_for = acting_for(headers, principal)?;
    }
    Ok((known, caller))
}

/// The organisation that is acted for: the one that was named, or the only one there is.
fn acting_for(headers: &HeaderMap, principal: &Principal) -> Result<Option<String>, Problem> {
    let mut organisations: Vec<OrganisationId> =
        principal.memberships.iter().map(|membership| membership.organisation).collect();
    organisations.dedup();
    let Some(named) = headers.get(ACTING_FOR) else {
        let only = (organisations.len() == 1).then(|| organisations[0].to_string());
        return Ok(only);
    };
    let named = named.to_str().ok().and_then(OrganisationId::parse);
    match named.filter(|named| organisations.contains(named)) {
        Some(named) => Ok(Some(named.to_string())),
        None => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not-a-member",
            "您不是该机构的成员,不能代表它操作。请在“切换企业”中另选。",
            "You are no member of that organisation and cannot act for it. Choose another.",
        )),
    }
}

impl Known {
    /// Whoever it is, once nothing more is wanted of them.
    pub fn principal(&self) -> Option<&Principal> {
        match self {
            Self::Nobody => None,
            Self::Session(session) => session.principal(),
            Self::Token(principal) => Some(principal),
        }
    }
}

/// Somebody who is signed in with everything that is asked of them, or a token.
#[derive(Clone, Debug)]
pub struct Signed {
    /// As entries name the request; verbs take it together with the principal.
    pub caller: Caller,
    /// Who.
    pub principal: Principal,
}

/// Somebody with a session, of whom something may still be wanted.
#[derive(Clone, Debug)]
pub struct Entered {
    /// As entries name the request.
    pub caller: Caller,
    /// The session.
    pub session: Session,
}

/// Anybody, known or not.
#[derive(Clone, Debug)]
pub struct Anyone {
    /// As entries name the request.
    pub caller: Caller,
    /// Who, if they are signed in.
    pub principal: Option<Principal>,
}

fn asked(parts: &Parts) -> (Option<&Known>, Caller) {
    let caller = parts.extensions.get::<Visitor>().map(|visitor| visitor.caller.clone());
    let caller = caller.unwrap_or_else(|| Caller::visitor(crate::ground::RequestId::new(""), ""));
    (parts.extensions.get::<Known>(), caller)
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (known, caller) = asked(parts);
        match known {
            Some(Known::Session(session)) if session.principal().is_none() => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "sign-in-unfinished",
                "登录尚未完成:请先提供验证码、修改初始密码或绑定验证器。",
                "Signing in is not finished: give the code, change the first password, or set up the authenticator.",
            )),
            Some(known) => known
                .principal()
                .cloned()
                .map(|principal| Self { caller, principal })
                .ok_or_else(Problem::sign_in_first),
            None => Err(Problem::sign_in_first()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Entered {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match asked(parts) {
            (Some(Known::Session(session)), caller) => Ok(Self { caller, session: session.clone() }),
            _ => Err(Problem::sign_in_first()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (known, caller) = asked(parts);
        Ok(Self { caller, principal: known.and_then(Known::principal).cloned() })
    }
}
