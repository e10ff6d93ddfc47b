//! Set-up mode: until system, security and audit administrator can all sign in, nobody does anything but set up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::super::service::setup::is_set_up;
use super::Known;
use crate::ground::Ground;
use crate::web::Problem;

/// Whether the platform was set up; once it was, that is not asked again.
#[derive(Clone)]
pub struct Gate {
    ground: Ground,
    is_open: Arc<AtomicBool>,
}

impl Gate {
    /// Not looked yet.
    pub fn new(ground: &Ground) -> Self {
        Self { ground: ground.clone(), is_open: Arc::new(AtomicBool::new(false)) }
    }

    async fn is_open(&self) -> Result<bool, Problem> {
        if !self.is_open.load(Ordering::Relaxed) {
            self.is_open.store(is_set_up(&self.ground).await?, Ordering::Relaxed);
        }
        Ok(self.is_open.load(Ordering::Relaxed))
    }
}

/// Lets visitors pass, who can change nothing, and everybody once the platform is set up.
pub async fn guard(
    State(gate): State<Gate>,
    Extension(known): Extension<Known>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(known, Known::Nobody) {
        return next.run(request).await;
    }
    match gate.is_open().await {
        Ok(true) => next.run(request).await,
        Ok(false) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "set-up-first",
            "系统尚未完成初始设置:系统、安全、审计三位管理员都设好密码并绑定验证器后才能使用。",
            "The platform is not set up yet: system, security and audit administrator must each have a password and a second factor first.",
        )
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}
