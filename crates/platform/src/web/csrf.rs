//! Requests that another site makes in somebody's name.
//!
//! Browsers of today say where a request comes from (`Sec-Fetch-Site`, `Origin`); the library's layer refuses what comes from
//! elsewhere. Old web views say nothing; where such a request bears a session's cookie it must bear a token of our own
//! forms too.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Problem;
use crate::ground::{Ground, to_hex};

/// The cookie of a session. `__Host-` binds it to this host and to encrypted connections; over plain HTTP on the own machine
/// browsers would not take that name.
pub(crate) const SESSION_COOKIES: [&str; 2] = ["__Host-zhimei", "zhimei"];

/// In which a form's token is sent by a program.
const FORM_TOKEN: &str = "x-form-token";

/// Tokens of our forms: good for one session's cookie, made from it with a key, so nothing is kept.
#[derive(Clone)]
pub struct FormTokens(Ground);

impl FormTokens {
    /// Under the keys of this installation.
    pub fn new(ground: &Ground) -> Self {
        Self(ground.clone())
    }

    /// For whoever has that cookie.
    pub fn token(&self, cookie: &str) -> String {
        to_hex(&self.0.keys().digest("form token", &[cookie]))
    }

    /// Whether it is theirs.
    pub fn is_good(&self, cookie: &str, token: &str) -> bool {
        // Compared under a key once more, so that the time it takes tells nothing of how much was right.
        let of = |text: &str| self.0.keys().digest("form token compared", &[text]);
        of(token) == of(&self.token(cookie))
    }
}

/// The session's cookie among all that were sent.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        SESSION_COOKIES.contains(&name).then_some(value)
    })
}

/// Lets pass what changes nothing, what a browser vouches for, what bears no cookie, and what bears a form's token.
pub(super) async fn guard(State(tokens): State<FormTokens>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_vouched_for = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes
        && !is_vouched_for
        && let Some(cookie) = session_cookie(headers)
    {
        let token = headers.get(FORM_TOKEN).and_then(|value| value.to_str().ok());
        if !token.is_some_and(|token| tokens.is_good(cookie, token)) {
            return refusal().into_response();
        }
    }
    next.run(request).await
}

/// What somebody reads whose request seems to come from another site.
pub(super) fn refusal() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "该请求看起来来自其他网站,已拒绝。请回到本站页面重新提交。",
        "This request seems to come from another site and was refused. Go back to our page and send it again.",
    )
}
