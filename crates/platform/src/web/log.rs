//! One line of log and two metrics a request: which door, how it ended, how long it took. Never what was in it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

use super::{Problem, Visitor};

/// What stands for a request that no door was for.
const NO_ROUTE: &str = "none";

/// Writes the line and counts.
#[allow(clippy::disallowed_methods, reason = "how long a request took is no input of anything")]
pub(super) async fn record(visitor: Visitor, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    // The route as it is written in the program; the path itself may hold what somebody sent.
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let code = response.extensions().get::<Problem>().map_or("", |problem| problem.code);
    tracing::info!(
        request = visitor.caller.request.as_str(),
        method = method.as_str(),
        route,
        status,
        code,
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("zhimei_requests_total", &labels).increment(1);
    metrics::histogram!("zhimei_request_seconds", &labels[..2]).record(took.as_secs_f64());
    response
}
