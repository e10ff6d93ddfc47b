//! The layers around all doors, in their order, and the doors that belong to no slice.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use super::request::REQUEST_ID;
use super::{FormTokens, Limits, Metrics, Problem, Proxies, RateLimits, Readiness, Visitor};
use super::{csrf, etag, letters, limits, log, metrics, readiness};
use crate::ground::Ground;

/// How long a request may take before it is given up.
const REQUEST_MAX: Duration = Duration::from_secs(60);

/// How long a browser need not ask again whether a site may use an open door.
const PREFLIGHT_KEPT: Duration = Duration::from_secs(60 * 60);

/// What the operator says of the doors.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whose word about a request's origin counts.
    pub proxies: Proxies,
    /// How much somebody may ask.
    pub limits: Limits,
    /// What is counted, and who may read it.
    pub metrics: Option<Metrics>,
    /// Sites whose pages may use the open doors.
    pub open_to: Vec<Site>,
}

/// A site as browsers name it: `https://www.example.cn`, with a port if it is not the usual one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site(HeaderValue);

impl std::str::FromStr for Site {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(())?;
        let is_sign = |c: char| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '[' | ']')
        };
        let is_host = !host.is_empty() && host.chars().all(is_sign);
        if is_host { HeaderValue::from_str(text).map(Self).map_err(drop) } else { Err(()) }
    }
}

/// What the layers need. Cloning it shares it.
#[derive(Clone)]
pub struct Shell {
    ground: Ground,
    settings: Settings,
    readiness: Readiness,
    rate_limits: RateLimits,
    form_tokens: FormTokens,
}

impl Shell {
    /// Over a ground.
    pub fn new(ground: &Ground, settings: Settings, readiness: Readiness) -> Self {
        Self {
            ground: ground.clone(),
            rate_limits: RateLimits::new(settings.limits),
            form_tokens: FormTokens::new(ground),
            settings,
            readiness,
        }
    }

    /// What was asked lately, for doors that count by account.
    pub fn rate_limits(&self) -> &RateLimits {
        &self.rate_limits
    }

    /// Tokens of forms.
    pub fn form_tokens(&self) -> &FormTokens {
        &self.form_tokens
    }

    /// Puts the layers around all doors. What is asked first stands last.
    ///
    /// Open doors know nobody and change nothing, so no site can misuse them in somebody's name; pages of the sites that the
    /// operator names may use them.
    pub fn around(&self, doors: Router, open: Router) -> Router {
        let health = Router::new()
            .route("/health/live", get(readiness::live))
            .route("/health/ready", get(readiness::ready))
            .with_state(self.readiness.clone());
        let counted = match &self.settings.metrics {
            Some(metrics) => Router::new().route("/metrics", get(metrics::read)).with_state(metrics.clone()),
            None => Router::new(),
        };
        let csrf = CsrfLayer::new();
        doors
            .merge(health)
            .merge(counted)
            .fallback(async || Problem::not_there())
            .method_not_allowed_fallback(async || wrong_method())
            .layer(from_fn(etag::tag))
            .layer(Extension(self.rate_limits.clone()))
            .layer(Extension(self.form_tokens.clone()))
            .layer(from_fn_with_state(self.form_tokens.clone(), csrf::guard))
            .layer(csrf)
            .merge(self.around_open(open))
            .layer(from_fn(letters::guard))
            .layer(from_fn_with_state(self.rate_limits.clone(), limits::guard))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_MAX))
            .layer(CatchPanicLayer::custom(|_| panicked().into_response()))
            .layer(CompressionLayer::new())
            .layer(from_fn(log::record))
            .layer(from_fn_with_state(self.clone(), outermost))
    }
}

impl Shell {
    fn around_open(&self, open: Router) -> Router {
        let cors = CorsLayer::new()
            .allow_origin(self.settings.open_to.iter().map(|site| site.0.clone()).collect::<Vec<_>>())
            .allow_methods([Method::POST])
            .allow_headers([header::CONTENT_TYPE, header::ACCEPT_LANGUAGE])
            .max_age(PREFLIGHT_KEPT);
        open.method_not_allowed_fallback(async || wrong_method())
            .layer(Extension(self.rate_limits.clone()))
            .layer(cors)
    }
}

/// Gives the request its number, address and language; writes problems; says what holds for every reply.
async fn outermost(State(shell): State<Shell>, mut request: Request, next: Next) -> Response {
    let visitor = Visitor::of(&request, &shell.settings.proxies, shell.ground.chance());
    let is_head = request.method() == Method::HEAD;
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    let problem = response.extensions_mut().remove::<Problem>().or_else(|| of_a_layer(&response));
    if let Some(problem) = problem {
        let cookies: Vec<HeaderValue> =
            response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response = problem.reply(visitor.language, &visitor.caller.request);
        if is_head {
            *response.body_mut() = axum::body::Body::empty();
        }
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(visitor.caller.request.as_str()) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// What a library's layer refused with a bare status, in words.
fn of_a_layer(response: &Response) -> Option<Problem> {
    if response.extensions().get::<tower_http::csrf::ProtectionError>().is_some() {
        return Some(csrf::refusal());
    }
    (response.status() == StatusCode::REQUEST_TIMEOUT).then(|| {
        let mut problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-slow",
            "处理超时,已停止。请缩小范围后重试。",
            "This took too long and was given up. Ask for less, and try again.",
        );
        problem.retry_after = Some(REQUEST_MAX.as_secs());
        problem
    })
}

fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong-method",
        "该地址不支持这种请求方法。可用的方法见 Allow 和接口文档。",
        "This address does not take that method. Allow and the API's description tell those it takes.",
    )
}

fn panicked() -> Problem {
    tracing::error!("a request ended in a panic");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "fault",
        "服务器出现故障,您的操作没有执行。请稍后重试;如仍失败,请把请求编号告诉管理员。",
        "The server failed, and nothing was done. Try again later; if it fails again, give the request's number to the administrator.",
    )
}
