//! The door through which entries leave, line by line as they are read.

use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use facts::Text;
use http_body_util::channel::Channel;

use super::super::service::{self, Export, Proven};
use super::Doors;
use super::body::ExportBody;
use crate::identity::api::{Signed, answered};
use crate::web::{Json, Problem, ProblemBody, RateLimits};

/// How long somebody may leave a page lying before the reply is cut off: a connection to the database waits with it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A JSON object a line.
const LINES: &str = "application/jsonl";

/// How many pages are read ahead of whoever takes them.
const AHEAD: usize = 2;

/// Takes entries out: a JSON object a line, the signed head first, then each entry with the path that leads to it.
#[utoipa::path(
    post, path = "/audit/export", tag = "audit", request_body = ExportBody,
    responses(
        (status = 200, body = String, content_type = "application/jsonl"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.export")))
)]
pub(super) async fn export(
    State(doors): State<Doors>,
    Extension(limits): Extension<RateLimits>,
    signed: Signed,
    Json(body): Json<ExportBody>,
) -> Result<Response, Problem> {
    limits.costly(&signed.principal.account.to_string())?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let proven = service::export(&doors.ground, caller, principal, &doors.heads, body.range()).await;
    match answered(proven)? {
        Proven::Lines(export) => {
            let named = "attachment; filename=\"audit.jsonl\"";
            Ok(([(header::CONTENT_TYPE, LINES), (header::CONTENT_DISPOSITION, named)], streamed(*export))
                .into_response())
        }
        Proven::NoSuchEntries { first, last } => {
            let what = Text {
                zh: format!("现存第 {first} 条到第 {last} 条"),
                en: format!("entries {first} to {last} are there"),
            };
            Err(Problem::at("/from", what))
        }
    }
}

/// The lines as they are read. If reading fails half-way the reply is cut off, which whoever takes it notices.
fn streamed(mut export: Export) -> Body {
    let (mut sender, channel) = Channel::<Bytes, crate::ground::Fault>::new(AHEAD);
    tokio::spawn(async move {
        loop {
            match export.next_lines().await {
                Ok(lines) if lines.is_empty() => return,
                Ok(lines) => {
                    let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
                    let sent = tokio::time::timeout(PATIENCE, sender.send_data(Bytes::from(text))).await;
                    // Whoever asked went away, or takes nothing more.
                    if !matches!(sent, Ok(Ok(()))) {
                        return;
                    }
                }
                Err(fault) => {
                    tracing::error!(%fault, "an export of the audit was cut off");
                    sender.abort(fault);
                    return;
                }
            }
        }
    });
    Body::new(channel)
}
