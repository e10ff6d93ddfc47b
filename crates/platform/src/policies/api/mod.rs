//! The doors of this slice under `/api/v1`: policies and the vocabulary for everybody, releases, imports.

mod documents;
mod imports;
mod releases;
mod vocabulary;

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Shelf, Shelved};
use crate::ground::Ground;
use crate::web::Problem;

/// What the doors of this slice stand on. Cloning it shares it.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    shelf: Shelf,
}

impl Doors {
    /// Over a ground and a shelf.
    pub fn new(ground: &Ground, shelf: &Shelf) -> Self {
        Self { ground: ground.clone(), shelf: shelf.clone() }
    }

    fn shelved(&self) -> Result<Arc<Shelved>, Problem> {
        shelved(&self.shelf)
    }
}

/// All doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(documents::list))
        .routes(routes!(documents::one))
        .routes(routes!(documents::text))
        .routes(routes!(vocabulary::list))
        .routes(routes!(releases::list))
        .routes(routes!(releases::one))
        .routes(routes!(releases::texts))
        .routes(routes!(imports::plan))
        .routes(routes!(imports::apply))
        .with_state(doors)
}

/// What holds now; a problem before the first release.
pub fn shelved(shelf: &Shelf) -> Result<Arc<Shelved>, Problem> {
    shelf.current().ok_or_else(|| {
        let mut problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no-release",
            "政策库还没有发布任何版本。请稍后重试;如仍如此,请告诉管理员。",
            "No release of the policies has been made yet. Try again in a moment; if it stays so, tell the administrator.",
        );
        problem.retry_after = Some(1);
        problem
    })
}

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub struct Bilingual {
    /// Chinese.
    #[schema(example = "示例")]
    zh: String,
    /// English.
    #[schema(example = "an example")]
    en: String,
}

impl From<&facts::Text> for Bilingual {
    fn from(text: &facts::Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}
