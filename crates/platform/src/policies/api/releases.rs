//! Releases: what held from when on, and the texts of each.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::{Release, export, release, release_at, releases};
use super::Doors;
use crate::ground::Moment;
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query, parse_day};

/// Which releases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only the one that held at the end of this day, `2026-06-30`.
    on: Option<String>,
    /// Where to go on: `next` of the page before.
    after: Option<String>,
    /// How many at most, up to 200; 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A release.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseBody {
    #[schema(example = 1)]
    number: u64,
    /// SHA-256 over its paths and the digests of its texts.
    digest: String,
    /// It holds from this moment to the next release's.
    from_ms: i64,
    /// Why it was made.
    reason: String,
}

/// A text of a release.
#[derive(Serialize, ToSchema)]
pub(super) struct FileBody {
    /// Where it stands.
    #[schema(example = "policies/zone/zz-demo-2026/2026-01-01.yaml")]
    path: String,
    /// SHA-256 of the text.
    digest: String,
    /// The text, letter by letter.
    text: String,
}

impl From<Release> for ReleaseBody {
    fn from(release: Release) -> Self {
        Self {
            number: release.number,
            digest: release.digest.to_string(),
            from_ms: release.from.0,
            reason: release.reason,
        }
    }
}

/// Releases, the newest first.
#[utoipa::path(
    get, path = "/releases", tag = "policies", params(Filter),
    responses(
        (status = 200, body = Page<ReleaseBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    Query(filter): Query<Filter>,
) -> Result<Page<ReleaseBody>, Problem> {
    if let Some(on) = &filter.on {
        let day = parse_day(on, "query:on")?;
        let last = day.add_days(1).map_or(Moment(i64::MAX), |next| Moment(Moment::start_of(next).0 - 1));
        let items = release_at(&doors.ground, last).await?.into_iter().map(ReleaseBody::from).collect();
        return Ok(Page { items, next: None });
    }
    let page = PageQuery { after: filter.after, limit: filter.limit };
    let limit = page.limit()?;
    let before = match page.cursor(1)? {
        Some(cursor) => Some(u64::try_from(cursor.number(0)?).unwrap_or(0)),
        None => None,
    };
    let found = releases(&doors.ground, before, limit + 1).await?;
    let bodies = found.into_iter().map(ReleaseBody::from).collect();
    Ok(Page::new(bodies, limit, |release: &ReleaseBody| Cursor::new([release.number.to_string()])))
}

/// A release.
#[utoipa::path(
    get, path = "/releases/{release}", tag = "policies", params(("release" = String, Path, example = "1")),
    responses(
        (status = 200, body = ReleaseBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    Path(number): Path<String>,
) -> Result<Json<ReleaseBody>, Problem> {
    let number = number.parse().map_err(|_| Problem::not_there())?;
    let found = release(&doors.ground, number).await?.ok_or_else(Problem::not_there)?;
    Ok(Json(ReleaseBody::from(found)))
}

/// The texts of a release in order of their paths: the same bytes that were published.
#[utoipa::path(
    get, path = "/releases/{release}/texts", tag = "policies",
    params(("release" = String, Path, example = "1"), PageQuery),
    responses(
        (status = 200, body = Page<FileBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn texts(
    State(doors): State<Doors>,
    Path(number): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Page<FileBody>, Problem> {
    let (limit, cursor) = (page.limit()?, page.cursor(1)?);
    let number = number.parse().map_err(|_| Problem::not_there())?;
    let (_, files) = export(&doors.ground, number).await?.ok_or_else(Problem::not_there)?;
    let behind = |path: &str| cursor.as_ref().is_none_or(|cursor| path > cursor.part(0));
    let found = files.into_iter().filter(|file| behind(&file.path)).take(limit + 1);
    let bodies = found.map(|file| FileBody {
        digest: super::super::TextDigest::of(&file.text).to_string(),
        path: file.path,
        text: file.text,
    });
    Ok(Page::new(bodies.collect(), limit, |file: &FileBody| Cursor::new([file.path.clone()])))
}
