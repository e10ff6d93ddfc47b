//! The doors of this slice under `/api/v1`: a subject that is handed in, subjects of the register, stored decisions.

mod check;
mod decisions;
mod runs;
mod subjects;

use std::path::PathBuf;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Engines;
use crate::ground::Ground;

/// What the doors of this slice stand on. Cloning it shares it.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    engines: Engines,
    /// The file to which heads of the audit chain are filed.
    heads: PathBuf,
}

impl Doors {
    /// Over a ground and what decides; heads are filed to that file.
    pub fn new(ground: &Ground, engines: &Engines, heads: PathBuf) -> Self {
        Self { ground: ground.clone(), engines: engines.clone(), heads }
    }
}

/// The doors that know nobody and change nothing; pages of other sites may use them.
pub fn open_routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(check::check)).with_state(doors)
}

/// All other doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(subjects::eligibility))
        .routes(routes!(decisions::store))
        .routes(routes!(decisions::one))
        .routes(routes!(decisions::replay))
        .routes(routes!(decisions::bundle))
        .routes(routes!(runs::start))
        .routes(routes!(runs::one))
        .routes(routes!(runs::outcomes))
        .routes(routes!(runs::flips))
        .with_state(doors)
}
