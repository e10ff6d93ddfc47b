//! What is counted, in the words of Prometheus, for those networks that may read it.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ipnet::IpNet;

use super::{Problem, Visitor};

/// Who writes the figures down, and who may read them. The recorder is the binary's.
#[derive(Clone)]
pub struct Metrics {
    /// Writes all figures.
    pub render: Arc<dyn Fn() -> String + Send + Sync>,
    /// From where they may be read.
    pub readers: Vec<IpNet>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("readers", &self.readers).finish_non_exhaustive()
    }
}

/// The figures; for others there is no such door.
pub(super) async fn read(State(metrics): State<Metrics>, visitor: Visitor) -> Response {
    let address: Option<IpAddr> = visitor.caller.address.parse().ok();
    let may_read = address.is_some_and(|address| metrics.readers.iter().any(|net| net.contains(&address)));
    if !may_read {
        return Problem::not_there().into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (metrics.render)()).into_response()
}
