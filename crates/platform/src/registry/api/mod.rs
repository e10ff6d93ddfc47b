//! The doors of this slice under `/api/v1`: subjects, facts, contests, sources, merges, what the law of personal data asks for.

mod contests;
mod facts;
mod imports;
mod privacy;
mod sources;
mod subjects;

use std::sync::{Arc, PoisonError, RwLock};

use ::facts::{Date, Text, Vocabulary};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ground::Ground;
use crate::web::{Problem, parse_day};

/// The vocabulary in use. Cloning it shares it; whoever publishes another one sets it.
#[derive(Clone)]
pub struct Words(Arc<RwLock<Arc<Vocabulary>>>);

impl Words {
    /// This vocabulary, until another is set.
    pub fn new(vocabulary: Vocabulary) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(vocabulary))))
    }

    /// The one in use.
    pub fn now(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From here on it is that one.
    pub fn set(&self, vocabulary: Vocabulary) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(vocabulary);
    }
}

/// What the doors of this slice stand on. Cloning it shares it.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    words: Words,
}

impl Doors {
    /// Over a ground, with the vocabulary in use.
    pub fn new(ground: &Ground, words: &Words) -> Self {
        Self { ground: ground.clone(), words: words.clone() }
    }
}

/// All doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(subjects::list, subjects::create))
        .routes(routes!(subjects::search))
        .routes(routes!(subjects::one))
        .routes(routes!(subjects::link))
        .routes(routes!(facts::list, facts::record))
        .routes(routes!(facts::history))
        .routes(routes!(facts::decide))
        .routes(routes!(contests::about, contests::raise))
        .routes(routes!(contests::open))
        .routes(routes!(contests::answer))
        .routes(routes!(sources::list))
        .routes(routes!(sources::rank))
        .routes(routes!(sources::department))
        .routes(routes!(sources::office))
        .routes(routes!(subjects::merge))
        .routes(routes!(subjects::suggestions))
        .routes(routes!(subjects::unmerge))
        .routes(routes!(privacy::export))
        .routes(routes!(privacy::erase))
        .routes(routes!(privacy::hold))
        .routes(routes!(privacy::lift))
        .routes(routes!(imports::list, imports::upload))
        .routes(routes!(imports::one))
        .routes(routes!(imports::problems))
        .routes(routes!(imports::map))
        .routes(routes!(imports::commit))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::would_change, imports::withdraw))
        .with_state(doors)
}

/// Reads a day of a body that may be left out.
fn parse_day_or_none(text: Option<&str>, place: &str) -> Result<Option<Date>, Problem> {
    text.map(|text| parse_day(text, place)).transpose()
}

/// Reads a position of the ledger behind `?`.
fn parse_at(at: Option<i64>) -> Result<Option<u64>, Problem> {
    at.map(u64::try_from).transpose().map_err(|_| {
        let what = Text {
            zh: "应为台账位置,从 0 起的整数".to_owned(),
            en: "a position of the ledger: a whole number from 0".to_owned(),
        };
        Problem::at("query:at", what)
    })
}
