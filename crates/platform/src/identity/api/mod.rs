//! The doors of this slice under `/api/v1`: setting up, signing in, accounts, roles, tokens.

mod accounts;
mod external;
mod gate;
mod known;
mod organisations;
mod sessions;
mod set_up;
mod tokens;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::oidc::Provider;
use super::{Answer, Hasher, Refusal, Secret};
use crate::ground::Ground;
use crate::web::Problem;

pub use gate::{Gate, guard as set_up_first};
pub use known::{Anyone, Entered, Identify, Known, Signed, identify};

/// What the doors of this slice stand on. Cloning it shares it.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    hasher: Hasher,
    /// Whether the server is reached over encrypted connections, so that a cookie may demand one.
    is_secure: bool,
    provider: Option<Provider>,
}

impl Doors {
    /// Over a ground.
    pub fn new(ground: &Ground, hasher: Hasher, is_secure: bool, provider: Option<Provider>) -> Self {
        Self { ground: ground.clone(), hasher, is_secure, provider }
    }
}

/// All doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(set_up::name_administrators))
        .routes(routes!(set_up::accept_link))
        .routes(routes!(set_up::accept_invitation))
        .routes(routes!(sessions::sign_in, sessions::list))
        .routes(routes!(sessions::current, sessions::sign_out))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::second_factor))
        .routes(routes!(sessions::enrol))
        .routes(routes!(sessions::confirm))
        .routes(routes!(sessions::change_password))
        .routes(routes!(external::start))
        .routes(routes!(external::callback))
        .routes(routes!(external::begin_link, external::unlink))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::end))
        .routes(routes!(organisations::list, organisations::create))
        .routes(routes!(organisations::one))
        .routes(routes!(organisations::members))
        .routes(routes!(organisations::invite))
        .routes(routes!(organisations::join))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::disable))
        .routes(routes!(accounts::reset))
        .routes(routes!(accounts::link_person))
        .routes(routes!(accounts::grant_role))
        .routes(routes!(accounts::end_membership))
        .with_state(doors)
}

/// What is shown once and never again.
#[derive(Serialize, ToSchema)]
pub struct OneTimeLink {
    /// The secret part of a link; whoever has it may use it, once.
    #[schema(example = "6f1c…")]
    link: String,
}

impl From<Secret> for OneTimeLink {
    fn from(secret: Secret) -> Self {
        Self { link: secret.reveal().to_owned() }
    }
}

/// A link that somebody was given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenLink {
    /// The secret part of the link.
    #[schema(example = "6f1c…", max_length = 256)]
    link: String,
}

/// An id was made.
#[derive(Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    #[schema(example = "01931b2c-5e1a-7c3d-9f00-000000000001")]
    id: String,
}

impl Made {
    /// Of anything that has an id.
    pub fn new(id: impl std::fmt::Display) -> Self {
        Self { id: id.to_string() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Forbidden => StatusCode::FORBIDDEN,
            Refusal::NotThere => StatusCode::NOT_FOUND,
            Refusal::SignIn | Refusal::Code => StatusCode::UNAUTHORIZED,
            Refusal::Link => StatusCode::GONE,
            Refusal::Separation
            | Refusal::Oneself
            | Refusal::NothingToDo
            | Refusal::Taken
            | Refusal::Linked
            | Refusal::Hold
            | Refusal::Moved
            | Refusal::Conflict
            | Refusal::WrongState
            | Refusal::BadRows
            | Refusal::Withheld
            | Refusal::AlreadyImported(_) => StatusCode::CONFLICT,
            Refusal::Password(_)
            | Refusal::Name
            | Refusal::RoleDoesNotFit
            | Refusal::PastLimit
            | Refusal::Reason
            | Refusal::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let facts::Text { zh, en } = refusal.message();
        let problem = Self::new(status, refusal.as_code(), zh, en);
        let Refusal::Unreadable(found) = refusal else { return problem };
        let told = |message: String, help: String, between: &str| {
            if help.is_empty() { message } else { format!("{message}{between}{help}") }
        };
        found.into_iter().fold(problem, |problem, it| {
            let zh = told(it.message.zh, it.help.zh, "。");
            let en = told(it.message.en, it.help.en, "; ");
            problem.and(it.place.zh, facts::Text { zh, en })
        })
    }
}

/// What a verb made, or the problem that its refusal is.
pub fn answered<T>(answer: Answer<T>) -> Result<T, Problem> {
    Ok(answer??)
}

/// Reads an id of a path; what is none names no record.
pub fn parse_id<T>(parse: impl Fn(&str) -> Option<T>, text: &str) -> Result<T, Problem> {
    parse(text).ok_or_else(Problem::not_there)
}

/// Reads one of the words of a list.
pub fn parse_word<T>(
    parse: impl Fn(&str) -> Option<T>,
    text: &str,
    place: &str,
    all: impl IntoIterator<Item = &'static str>,
) -> Result<T, Problem> {
    parse(text).ok_or_else(|| {
        let all: Vec<&str> = all.into_iter().collect();
        let what = facts::Text {
            zh: format!("应为下列之一:{}", all.join("、")),
            en: format!("this must be one of {}", all.join(", ")),
        };
        Problem::at(place, what)
    })
}
