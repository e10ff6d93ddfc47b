//! What went wrong, as RFC 9457 has it: a code for programs, words for people, and where in the request it was.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use facts::{Language, Text};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ground::{Fault, RequestId};

/// A `type` is this with the code behind it: a name, and no address that could be fetched.
const TYPES: &str = "urn:zhimei:problem:";

/// After how long a database that was away is asked again.
const RETRY_SECONDS: u64 = 5;

/// Something wrong at one place of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Located {
    /// A JSON pointer into the body, `path:`, `query:limit` or `header:accept`.
    pub place: String,
    /// What is wrong there, and what would be right.
    pub what: Text,
}

/// An answer that is not what was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Of the reply.
    pub status: StatusCode,
    /// Which kind it is, for programs.
    pub code: &'static str,
    /// What happened and what to do next.
    pub message: Text,
    /// At which places.
    pub errors: Vec<Located>,
    /// When another attempt may help, in seconds.
    pub retry_after: Option<u64>,
}

/// How a problem is written.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Which kind of problem, as a name that is the same everywhere.
    #[schema(example = "urn:zhimei:problem:not-there")]
    r#type: String,
    /// The kind in a word, for programs.
    #[schema(example = "not-there")]
    code: String,
    /// The kind in words.
    #[schema(example = "Not Found")]
    title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What happened and what to do next, in the language that was asked for.
    detail: String,
    /// The request, as the server's log has it.
    instance: String,
    /// At which places of the request something is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<LocatedBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LocatedProblem)]
struct LocatedBody {
    /// A JSON pointer into the body, `path:`, or `query:` or `header:` with a name.
    #[schema(example = "/facts/营业收入/2024")]
    place: String,
    /// What is wrong there.
    detail: String,
}

impl Problem {
    /// Of that kind.
    pub fn new(status: StatusCode, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let message = Text { zh: zh.into(), en: en.into() };
        Self { status, code, message, errors: Vec::new(), retry_after: None }
    }

    /// Of a request that cannot be understood, at a place.
    pub fn at(place: impl Into<String>, what: Text) -> Self {
        let message = Text {
            zh: "请求中有无法理解的内容,位置和原因见 errors。请改正后重试。".to_owned(),
            en: "Something in the request cannot be understood; `errors` says where and why. Correct it and try again.".to_owned(),
        };
        let errors = vec![Located { place: place.into(), what }];
        Self { status: StatusCode::BAD_REQUEST, code: "not-understood", message, errors, retry_after: None }
    }

    /// There is no such thing, or none that the asker may know of.
    pub fn not_there() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-there",
            "没有找到该记录,或您无权查看。请核对地址。",
            "There is no such record, or you may not see it. Check the address.",
        )
    }

    /// Nobody signed in.
    pub fn sign_in_first() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "sign-in-first",
            "请先登录,或在 Authorization 请求头中提供有效的访问令牌。",
            "Sign in first, or send a valid token in the Authorization header.",
        )
    }

    /// With another place.
    #[must_use]
    pub fn and(mut self, place: impl Into<String>, what: Text) -> Self {
        self.errors.push(Located { place: place.into(), what });
        self
    }

    /// As it is sent to a reader of that language.
    pub(super) fn reply(self, language: Language, request: &RequestId) -> Response {
        let body = ProblemBody {
            r#type: format!("{TYPES}{}", self.code),
            code: self.code.to_owned(),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            detail: self.message.get(language).to_owned(),
            instance: format!("urn:request:{}", request.as_str()),
            errors: self
                .errors
                .iter()
                .map(|error| LocatedBody {
                    place: error.place.clone(),
                    detail: error.what.get(language).to_owned(),
                })
                .collect(),
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let tag = if language == Language::Chinese { "zh-CN" } else { "en" };
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// An empty reply that carries the problem to the outermost layer, which knows language and request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Fault> for Problem {
    /// The operator's log has the cause; whoever asked hears that it was not their fault.
    fn from(fault: Fault) -> Self {
        if matches!(fault, Fault::Repeated) {
            return super::once::repeated();
        }
        tracing::error!(cause = %fault, "a verb failed");
        if let Fault::Store(error) = &fault
            && error.is_passing()
        {
            let Text { zh, en } = error.message();
            let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "database-away", zh, en);
            problem.retry_after = Some(RETRY_SECONDS);
            return problem;
        }
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "服务器出现故障,您的操作没有执行。请稍后重试;如仍失败,请把请求编号告诉管理员。",
            "The server failed, and nothing was done. Try again later; if it fails again, give the request's number to the administrator.",
        )
    }
}
