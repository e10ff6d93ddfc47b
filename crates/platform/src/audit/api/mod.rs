//! The doors of this slice: the auditor's.
//!
//! Taking entries out leaves one, so that door is a `POST`, as everything that changes something.

mod body;
mod export;

use std::path::PathBuf;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use facts::Date;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{GroundOfLaw, service};
use crate::ground::Ground;
use crate::identity::api::{Signed, answered};
use crate::web::{Cursor, Json, Page, Problem, ProblemBody, Query, RateLimits};
use body::{
    EraseBody, HeadsBody, ListedEntry, PruneBody, PrunedBody, SearchQuery, ShownBody, VerifiedBody,
    VerifyBody,
};

/// What the doors of this slice stand on.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    heads: PathBuf,
}

impl Doors {
    /// Over a ground whose heads are filed there.
    pub fn new(ground: &Ground, heads: PathBuf) -> Self {
        Self { ground: ground.clone(), heads }
    }
}

/// All doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(heads))
        .routes(routes!(verify))
        .routes(routes!(export::export))
        .routes(routes!(prune))
        .routes(routes!(one))
        .routes(routes!(erase))
        .with_state(doors)
}

/// Entries that fit, the latest first.
#[utoipa::path(
    get, path = "/audit", tag = "audit", params(SearchQuery),
    responses(
        (status = 200, body = Page<ListedEntry>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.read")))
)]
async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Query(query): Query<SearchQuery>,
) -> Result<Page<ListedEntry>, Problem> {
    let (wanted, limit) = query.read()?;
    let listed = answered(service::list(&doors.ground, &signed.principal, &wanted, limit + 1).await)?;
    let page = Page::new(listed, limit, |entry| Cursor::new([entry.position.to_string()]));
    Ok(page.map(ListedEntry::from))
}

fn position(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::not_there())
}

/// One entry with its values, what was erased of it, and the proof that it is in the chain of the latest filed head.
#[utoipa::path(
    get, path = "/audit/{position}", tag = "audit", params(("position" = u64, Path)),
    responses(
        (status = 200, body = ShownBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.read")))
)]
async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(text): Path<String>,
) -> Result<Json<ShownBody>, Problem> {
    let shown = service::one(&doors.ground, &signed.principal, &doors.heads, position(&text)?).await;
    Ok(Json(answered(shown)?.into()))
}

/// The head of now, and the latest of those that were filed.
#[utoipa::path(
    get, path = "/audit/heads", tag = "audit",
    responses(
        (status = 200, body = HeadsBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.read")))
)]
async fn heads(State(doors): State<Doors>, signed: Signed) -> Result<Json<HeadsBody>, Problem> {
    let heads = answered(service::heads(&doors.ground, &signed.principal, &doors.heads).await)?;
    Ok(Json(HeadsBody::new(&heads, doors.ground.keys())))
}

/// Computes the whole chain again and names the first thing that is wrong.
#[utoipa::path(
    post, path = "/audit/verify", tag = "audit", request_body = VerifyBody,
    responses(
        (status = 200, body = VerifiedBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.read")))
)]
async fn verify(
    State(doors): State<Doors>,
    Extension(limits): Extension<RateLimits>,
    signed: Signed,
    Json(body): Json<VerifyBody>,
) -> Result<Json<VerifiedBody>, Problem> {
    limits.costly(&signed.principal.account.to_string())?;
    let kept = body.heads.as_deref();
    let verified = service::verify(&doors.ground, &signed.principal, &doors.heads, kept).await;
    Ok(Json(VerifiedBody::from(&answered(verified)?)))
}

/// Removes entries whose time is over, up to a filed head.
#[utoipa::path(
    post, path = "/audit/prune", tag = "audit", request_body = PruneBody,
    responses(
        (status = 200, body = PrunedBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.prune")))
)]
async fn prune(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<PruneBody>,
) -> Result<Json<PrunedBody>, Problem> {
    let before: Date = body.before.parse().map_err(|_| {
        let what = facts::Text {
            zh: "日期写成 2026-06-30".to_owned(),
            en: "a day is written 2026-06-30".to_owned(),
        };
        Problem::at("/before", what)
    })?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    let pruned = service::prune(&doors.ground, caller, principal, &doors.heads, before).await;
    match answered(pruned)? {
        Ok(pruned) => Ok(Json(PrunedBody::from(pruned))),
        Err(why) => {
            let facts::Text { zh, en } = why.message();
            Err(Problem::new(StatusCode::CONFLICT, "not-pruned", zh, en))
        }
    }
}

/// Erases the values beside an entry, on a ground of law. The entry stays and says that it was done.
#[utoipa::path(
    post, path = "/audit/{position}/erase", tag = "audit", params(("position" = u64, Path)), request_body = EraseBody,
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("audit.erase")))
)]
async fn erase(
    State(doors): State<Doors>,
    signed: Signed,
    Path(text): Path<String>,
    Json(body): Json<EraseBody>,
) -> Result<StatusCode, Problem> {
    let position = position(&text)?;
    let law = GroundOfLaw::parse(&body.ground).ok_or_else(|| {
        let what = facts::Text {
            zh: "请写明法律依据,最多 200 个字,一行".to_owned(),
            en: "name the ground of law, at most 200 characters on one line".to_owned(),
        };
        Problem::at("/ground", what)
    })?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(service::erase(&doors.ground, caller, principal, position, &law).await)?;
    Ok(StatusCode::NO_CONTENT)
}
