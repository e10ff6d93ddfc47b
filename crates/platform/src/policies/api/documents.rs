//! Policies: which there are, their versions, their texts.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use engine::point::{Entry, Standing};
use facts::yaml::{Node, NodeKind};
use facts::{Date, Text};
use lang::ir::Document;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::super::Shelved;
use super::{Bilingual, Doors};
use crate::web::{Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query};

/// What a text is sent as unless JSON is asked for.
const YAML: &str = "application/yaml; charset=utf-8";

/// Longest word that is searched for, in characters.
const WORD_CHARACTERS_MAX: usize = 100;

/// Which policies.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// `national`, `province`, `city`, `zone`.
    level: Option<String>,
    /// `qualification`, `tax`, `subsidy`, `evaluation`, `space`, `gate`.
    kind: Option<String>,
    /// For whom: `enterprise`, `institution`, `person`, `project`, `parcel`.
    subject: Option<String>,
    /// A word in the name of an issuer.
    issuer: Option<String>,
    /// A word in the id, the title or an issuer.
    text: Option<String>,
    /// Only those in force on this day, `2026-06-30`.
    on: Option<String>,
    /// Where to go on: `next` of the page before.
    after: Option<String>,
    /// How many at most, up to 200; 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A version of a policy.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionBody {
    /// The policy's id.
    #[schema(example = "zz-demo-2026")]
    id: String,
    /// The first day in force, by which the version goes.
    #[schema(example = "2026-01-01")]
    from: String,
    /// The last day in force; `null`: without end.
    to: Option<String>,
    /// Whether it is in force today, or on the day that was asked for.
    in_force: bool,
    title: Bilingual,
    /// A shorter title.
    short: Bilingual,
    summary: Bilingual,
    #[schema(example = "zone")]
    level: String,
    #[schema(example = "subsidy")]
    kind: String,
    /// For whom.
    #[schema(example = "enterprise")]
    subject: String,
    /// Who issued it.
    issuer: Vec<String>,
    /// Numbers of the documents that it follows.
    documents: Vec<String>,
    /// Where its figures were read: `official`, `press`, `third_party`, `none`.
    grade: String,
    /// How many points are still uncertain.
    open_points: usize,
    /// Path of its text in a release.
    path: String,
    /// SHA-256 of its text.
    digest: String,
}

/// A policy with all its versions.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyBody {
    id: String,
    /// The release that holds now.
    release: u64,
    /// Oldest first.
    versions: Vec<VersionBody>,
}

/// A version with its text as a tree.
#[derive(Serialize, ToSchema)]
pub(super) struct TextBody {
    #[serde(flatten)]
    version: VersionBody,
    /// The release that holds now.
    release: u64,
    /// The text as a tree; every scalar as it is written.
    document: Value,
}

fn body(entry: &Entry, on: Date, shelved: &Shelved) -> VersionBody {
    let document = &entry.document;
    let digest = shelved.texts.get(&document.path).map(|(digest, _)| digest.to_string());
    VersionBody {
        id: document.id.clone(),
        from: document.from.to_string(),
        to: document.to.map(|day| day.to_string()),
        in_force: entry.is_in_force_on(on),
        title: Bilingual::from(&document.title),
        short: Bilingual::from(&document.short),
        summary: Bilingual::from(&document.summary),
        level: document.level.clone(),
        kind: document.kind.clone(),
        subject: document.subject.clone(),
        issuer: document.legal.issuer.clone(),
        documents: document.legal.document.clone(),
        grade: document.legal.grade.clone(),
        open_points: document.open_points.len(),
        path: document.path.clone(),
        digest: digest.unwrap_or_default(),
    }
}

/// Policies in order of their ids: of each the version in force, or the nearest one.
#[utoipa::path(
    get, path = "/policies", tag = "policies", params(Filter),
    responses(
        (status = 200, body = Page<VersionBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    Query(filter): Query<Filter>,
) -> Result<Page<VersionBody>, Problem> {
    let shelved = doors.shelved()?;
    let page = PageQuery { after: filter.after.clone(), limit: filter.limit };
    let (limit, cursor) = (page.limit()?, page.cursor(1)?);
    let asked = filter.on.as_deref().map(|text| parse_day(text, "query:on")).transpose()?;
    let on = asked.unwrap_or_else(|| doors.ground.now().day());
    let words = filter.words()?;
    let rulebook = &shelved.library.rulebook;
    let behind = cursor.as_ref().map(|cursor| cursor.part(0).to_owned());
    let ids = rulebook.ids().into_iter().filter(|id| behind.as_deref().is_none_or(|behind| *id > behind));
    let entries = ids.filter_map(|id| match (rulebook.on(id, on)?, asked) {
        (Standing::NotInForce { .. }, Some(_)) => None,
        (standing, _) => Some(standing.entry()),
    });
    let found = entries.filter(|entry| filter.keeps(&entry.document, &words)).take(limit + 1);
    let bodies = found.map(|entry| body(entry, on, &shelved)).collect();
    Ok(Page::new(bodies, limit, |version: &VersionBody| Cursor::new([version.id.clone()])))
}

/// A policy with all its versions.
#[utoipa::path(
    get, path = "/policies/{policy}", tag = "policies", params(("policy" = String, Path)),
    responses(
        (status = 200, body = PolicyBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    Path(policy): Path<String>,
) -> Result<Json<PolicyBody>, Problem> {
    let shelved = doors.shelved()?;
    let today = doors.ground.now().day();
    let versions: Vec<VersionBody> =
        shelved.library.rulebook.versions(&policy).map(|entry| body(entry, today, &shelved)).collect();
    if versions.is_empty() {
        return Err(Problem::not_there());
    }
    Ok(Json(PolicyBody { id: policy, release: shelved.release.number, versions }))
}

/// The text of a version: YAML as it was published, or as a tree where JSON is accepted.
#[utoipa::path(
    get, path = "/policies/{policy}/versions/{from}", tag = "policies",
    params(("policy" = String, Path), ("from" = String, Path, example = "2026-01-01")),
    responses(
        (status = 200, content((Value = "application/yaml"), (TextBody = "application/json"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn text(
    State(doors): State<Doors>,
    Path((policy, from)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shelved = doors.shelved()?;
    let mut versions = shelved.library.rulebook.versions(&policy);
    let entry = versions.find(|entry| entry.document.from.to_string() == from);
    let entry = entry.ok_or_else(Problem::not_there)?;
    let (_, text) = shelved.texts.get(&entry.document.path).ok_or_else(Problem::not_there)?;
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let kinds = accepted.split(',').filter_map(|part| part.split(';').next()).map(str::trim);
    for kind in kinds {
        match kind {
            "application/json" => {
                let version = body(entry, doors.ground.now().day(), &shelved);
                let document = facts::yaml::parse(text).0.map_or(Value::Null, |root| tree(&root));
                let release = shelved.release.number;
                return Ok(Json(TextBody { version, release, document }).into_response());
            }
            "application/yaml" | "text/yaml" | "text/plain" | "text/*" | "application/*" | "*/*" => {
                return Ok(([(header::CONTENT_TYPE, YAML)], text.clone()).into_response());
            }
            _ => {}
        }
    }
    let what = Text {
        zh: "可用的格式:application/yaml、application/json".to_owned(),
        en: "the formats are application/yaml and application/json".to_owned(),
    };
    let mut problem = Problem::at("header:accept", what);
    problem.status = StatusCode::NOT_ACCEPTABLE;
    problem.code = "no-such-format";
    Err(problem)
}

/// A tree of YAML as JSON; YAML's own typing is not applied, so every scalar is text.
fn tree(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Scalar(scalar) => Value::from(scalar.text.as_str()),
        NodeKind::List(items) => items.iter().map(tree).collect(),
        NodeKind::Map(entries) => {
            let pairs = entries
                .iter()
                .map(|(key, value)| (key.as_text().unwrap_or_default().to_owned(), tree(value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

/// A day as it is written everywhere.
pub(super) fn parse_day(text: &str, place: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| {
        let what =
            Text { zh: "应为日期,如 2026-06-30".to_owned(), en: "a day, such as 2026-06-30".to_owned() };
        Problem::at(place, what)
    })
}

/// The words of a filter in lower case: of the issuer, of any text.
type Words = (Option<String>, Option<String>);

impl Filter {
    fn words(&self) -> Result<Words, Problem> {
        let word = |given: &Option<String>, place: &str| match given {
            Some(word) if word.chars().count() > WORD_CHARACTERS_MAX => {
                let what = Text {
                    zh: format!("不超过 {WORD_CHARACTERS_MAX} 个字"),
                    en: format!("at most {WORD_CHARACTERS_MAX} characters"),
                };
                Err(Problem::at(place, what))
            }
            given => Ok(given.as_ref().map(|word| word.to_lowercase())),
        };
        for (given, place, all) in [
            (&self.level, "query:level", lang::document::shape::LEVELS),
            (&self.kind, "query:kind", lang::document::shape::KINDS),
        ] {
            if let Some(given) = given.as_ref().filter(|given| !all.contains(&given.as_str())) {
                let all = all.join(", ");
                let what = Text {
                    zh: format!("没有“{given}”;应为 {all} 之一"),
                    en: format!("there is no “{given}”; it is one of {all}"),
                };
                return Err(Problem::at(place, what));
            }
        }
        Ok((word(&self.issuer, "query:issuer")?, word(&self.text, "query:text")?))
    }

    fn keeps(&self, document: &Document, (issuer, text): &Words) -> bool {
        let has = |within: &str, word: &str| within.to_lowercase().contains(word);
        let any_issuer = |word: &str| document.legal.issuer.iter().any(|issuer| has(issuer, word));
        let anywhere = |word: &str| {
            let titles = [&document.id, &document.title.zh, &document.title.en, &document.short.zh];
            titles.into_iter().chain([&document.short.en]).any(|text| has(text, word)) || any_issuer(word)
        };
        self.level.as_ref().is_none_or(|level| *level == document.level)
            && self.kind.as_ref().is_none_or(|kind| *kind == document.kind)
            && self.subject.as_ref().is_none_or(|subject| *subject == document.subject)
            && issuer.as_deref().is_none_or(any_issuer)
            && text.as_deref().is_none_or(anywhere)
    }
}
