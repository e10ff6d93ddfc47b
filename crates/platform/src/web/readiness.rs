//! Whether the server can do its work just now.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use facts::{Language, Text};
use serde_json::json;

use super::{Json, Visitor};
use crate::ground::Ground;

/// Under so much free space nothing more is taken in.
const FREE_BYTES_MIN: u64 = 500 << 20;

/// One thing that must hold; `Err` says what does not and what to do.
pub trait Check: Send + Sync {
    /// Looks.
    fn look(&self) -> Pin<Box<dyn Future<Output = Result<(), Text>> + Send + '_>>;
}

/// All that must hold. Cloning it shares it.
#[derive(Clone)]
pub struct Readiness(Arc<Vec<Box<dyn Check>>>);

impl Readiness {
    /// When all of these hold.
    pub fn new(checks: Vec<Box<dyn Check>>) -> Self {
        Self(Arc::new(checks))
    }

    /// What does not hold.
    pub async fn lacking(&self) -> Vec<Text> {
        let mut lacking = Vec::new();
        for check in self.0.iter() {
            lacking.extend(check.look().await.err());
        }
        lacking
    }
}

/// The database answers.
impl Check for Ground {
    fn look(&self) -> Pin<Box<dyn Future<Output = Result<(), Text>> + Send + '_>> {
        Box::pin(async { self.store().ping().await.map_err(|error| error.message()) })
    }
}

/// There is room where a folder is.
#[derive(Clone, Debug)]
pub struct DiskSpace(PathBuf);

impl DiskSpace {
    /// Under that folder.
    pub fn under(folder: &Path) -> Self {
        Self(folder.to_owned())
    }
}

impl Check for DiskSpace {
    fn look(&self) -> Pin<Box<dyn Future<Output = Result<(), Text>> + Send + '_>> {
        Box::pin(async {
            let free =
                rustix::fs::statvfs(&self.0).map(|found| found.f_bavail.saturating_mul(found.f_frsize));
            match free {
                Ok(free) if free >= FREE_BYTES_MIN => Ok(()),
                Ok(free) => {
                    let mib = free >> 20;
                    Err(Text {
                        zh: format!("磁盘只剩 {mib} MiB。请释放空间。"),
                        en: format!("Only {mib} MiB of disk are left. Free some space."),
                    })
                }
                Err(cause) => Err(Text {
                    zh: format!("无法查看磁盘空间:{cause}"),
                    en: format!("The disk cannot be looked at: {cause}"),
                }),
            }
        })
    }
}

/// The program runs.
pub(super) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// The program can do its work.
pub(super) async fn ready(State(readiness): State<Readiness>, visitor: Visitor) -> Response {
    let lacking = readiness.lacking().await;
    let status = if lacking.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let lacking: Vec<&str> = lacking.iter().map(|text| text.get(visitor.language)).collect();
    let word = if lacking.is_empty() { "ready" } else { "not-ready" };
    let language = if visitor.language == Language::Chinese { "zh-CN" } else { "en" };
    let headers = [("content-language", language), ("cache-control", "no-store")];
    (status, headers, Json(json!({ "status": word, "lacking": lacking }))).into_response()
}
