//! Facts of many subjects from files: handed in, looked at, confirmed or given up, withdrawn.

mod shown;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::imports::{self, BatchId, MappedColumn, Mapping, Takes, Upload};
use super::super::model::SubjectId;
use super::Doors;
use crate::identity::Refusal;
use crate::identity::api::{Signed, answered, parse_id, parse_word};
use crate::web::{
    Body, Cursor, Json, Page, PageQuery, Problem, ProblemBody, Query, Table, TableCell, Visitor, heading,
    parse_day,
};
use shown::{BadCellBody, ImportBody};

/// Most bad cells of a list that is taken away as a file.
const LISTED_MAX: usize = 100_000;

/// What a file is about.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// Who says so: a source (`GET /sources`).
    #[param(example = "taxation")]
    source: Option<String>,
    /// What its rows are: `enterprise`, if left out.
    kind: Option<String>,
    /// On which day it was so; today, if left out.
    #[param(example = "2026-06-30")]
    observed_on: Option<String>,
    /// Name of the file, for people.
    #[param(max_length = 200)]
    file_name: Option<String>,
}

async fn shown(doors: &Doors, signed: &Signed, id: BatchId) -> Result<ImportBody, Problem> {
    let batch = answered(imports::batch(&doors.ground, &signed.principal, id).await)?;
    let suggestions = imports::suggestions(&doors.words.now(), &batch);
    Ok(ImportBody::of(batch, suggestions))
}

/// Hands in a file of at most ten megabytes: CSV, a workbook or Parquet, told by its content. It is looked through, and nothing
/// counts yet.
#[utoipa::path(
    post, path = "/imports", tag = "registry", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn upload(
    State(doors): State<Doors>,
    signed: Signed,
    Query(about): Query<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<ImportBody>), Problem> {
    let today = || doors.ground.now().day();
    let observed =
        about.observed_on.as_deref().map(|text| parse_day(text, "query:observed_on")).transpose()?;
    let is_named = about.source.is_some();
    let upload = Upload {
        subject_kind: about.kind.unwrap_or_else(|| "enterprise".to_owned()),
        source: about.source.unwrap_or_default(),
        observed: observed.unwrap_or_else(today),
        file_name: about.file_name.unwrap_or_default(),
        bytes: body.bytes,
    };
    let words = doors.words.now();
    let made = imports::upload(&doors.ground, &signed.caller, &signed.principal, &words, upload).await;
    let id = match made {
        Ok(Err(Refusal::NotThere)) if !is_named => {
            let what = ::facts::Text {
                zh: "应写明来源,如 taxation".to_owned(),
                en: "the source is to be named, such as taxation".to_owned(),
            };
            return Err(Problem::at("query:source", what));
        }
        made => answered(made)?,
    };
    Ok((StatusCode::CREATED, Json(shown(&doors, &signed, id).await?)))
}

/// The imports that one may see, the latest first.
#[utoipa::path(
    get, path = "/imports", tag = "registry", params(PageQuery),
    responses(
        (status = 200, body = Page<ImportBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
    Query(page): Query<PageQuery>,
) -> Result<Page<ImportBody>, Problem> {
    let limit = page.limit()?;
    let before = page.cursor(1)?.map(|cursor| parse_id(BatchId::parse, cursor.part(0))).transpose()?;
    let found = imports::batches(&doors.ground, &signed.principal, before, limit + 1).await;
    let page = Page::new(answered(found)?, limit, |batch| Cursor::new([batch.id.to_string()]));
    let words = doors.words.now();
    Ok(page.map(|batch| {
        let suggestions = imports::suggestions(&words, &batch);
        ImportBody::of(batch, suggestions)
    }))
}

/// An import: what would change, and how far it has come.
#[utoipa::path(
    get, path = "/imports/{import}", tag = "registry", params(("import" = String, Path)),
    responses(
        (status = 200, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn one(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
) -> Result<Json<ImportBody>, Problem> {
    Ok(Json(shown(&doors, &signed, parse_id(BatchId::parse, &import)?).await?))
}

/// What was not understood, page by page; as CSV or a workbook all of it, to be sent back to whoever made the file.
#[utoipa::path(
    get, path = "/imports/{import}/problems", tag = "registry", params(("import" = String, Path), PageQuery),
    responses(
        (status = 200, content((Page<BadCellBody> = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn problems(
    State(doors): State<Doors>,
    signed: Signed,
    visitor: Visitor,
    Path(import): Path<String>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    if !Table::is_file_wanted(&headers) {
        let limit = page.limit()?;
        let after = page.cursor(1)?.map(|cursor| cursor.number(0)).transpose()?;
        let after = after.and_then(|after| u64::try_from(after).ok()).unwrap_or(0);
        let found = imports::problems(&doors.ground, &signed.principal, id, after, limit + 1).await;
        let page = Page::new(answered(found)?, limit, |it| Cursor::new([it.number.to_string()]));
        return Ok(page.map(BadCellBody::from).into_response());
    }
    let mut rows = Vec::new();
    let mut after = 0;
    loop {
        let found = imports::problems(&doors.ground, &signed.principal, id, after, imports::PAGE_MAX).await;
        let found = answered(found)?;
        let Some(last) = found.last() else { break };
        after = last.number;
        rows.extend(found.into_iter().map(|it| {
            let number = |it: u64| TableCell::Whole(i64::try_from(it).unwrap_or(i64::MAX));
            let column = it.column.map_or(TableCell::Empty, number);
            let (what, help) = (it.message.get(visitor.language), it.help.get(visitor.language));
            let words = [&it.header, &it.code, what, help].map(|word| TableCell::Words(word.to_owned()));
            let mut row = vec![TableCell::Words(it.sheet.clone()), number(it.row), column];
            row.extend(words);
            row
        }));
        if rows.len() >= LISTED_MAX {
            break;
        }
    }
    let columns = vec![
        ("sheet", heading("工作表", "Sheet")),
        ("row", heading("行", "Row")),
        ("column", heading("列", "Column")),
        ("header", heading("列名", "Header")),
        ("code", heading("代码", "Code")),
        ("what", heading("问题", "Problem")),
        ("help", heading("怎么改", "What to do")),
    ];
    Table { name: "import-problems", columns, rows }.reply(&headers, visitor.language)
}

/// What columns mean. Columns that are not named keep nothing: they are not imported.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingBody {
    #[schema(max_items = 2000)]
    columns: Vec<MeaningBody>,
}

/// What a column means.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MeaningBody {
    /// Column, from 0.
    #[schema(example = 0)]
    column: usize,
    /// As a header of ours, such as `研发费用.2025(元)`; `null`: it is not imported.
    #[schema(example = "统一社会信用代码", max_length = 300)]
    meaning: Option<String>,
}

/// Gives columns their meanings; the file is looked through again. The next file with the same headers is taken so.
#[utoipa::path(
    put, path = "/imports/{import}/columns", tag = "registry",
    params(("import" = String, Path)), request_body = MappingBody,
    responses(
        (status = 200, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn map(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
    Json(body): Json<MappingBody>,
) -> Result<Json<ImportBody>, Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    let batch = answered(imports::batch(&doors.ground, &signed.principal, id).await)?;
    let meaning_of = |column: usize| {
        let named = body.columns.iter().find(|it| it.column == column);
        named.and_then(|it| it.meaning.clone())
    };
    let columns =
        batch.mapping.columns.into_iter().map(|it| MappedColumn { meaning: meaning_of(it.column), ..it });
    let mapping = Mapping { header_row: batch.mapping.header_row, columns: columns.collect() };
    let words = doors.words.now();
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(imports::map_columns(&doors.ground, caller, principal, &words, id, mapping).await)?;
    Ok(Json(shown(&doors, &signed, id).await?))
}

/// Which rows are taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommitBody {
    /// `all`: nothing if any is bad; `good`: those in which nothing is wrong.
    #[schema(example = "all")]
    takes: String,
}

/// Imports the rows: a job stages them, and then all of them count at once.
#[utoipa::path(
    post, path = "/imports/{import}/commit", tag = "registry",
    params(("import" = String, Path)), request_body = CommitBody,
    responses(
        (status = 202, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn commit(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
    Json(body): Json<CommitBody>,
) -> Result<(StatusCode, Json<ImportBody>), Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    let takes =
        parse_word(Takes::parse_code, &body.takes, "/takes", Takes::ALL.iter().map(|it| it.as_code()))?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(imports::commit_import(&doors.ground, caller, principal, id, takes).await)?;
    Ok((StatusCode::ACCEPTED, Json(shown(&doors, &signed, id).await?)))
}

/// Gives an import up before any of it counts.
#[utoipa::path(
    post, path = "/imports/{import}/cancel", tag = "registry", params(("import" = String, Path)),
    responses(
        (status = 200, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.import")))
)]
pub(super) async fn cancel(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
) -> Result<Json<ImportBody>, Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(imports::cancel_import(&doors.ground, caller, principal, id).await)?;
    Ok(Json(shown(&doors, &signed, id).await?))
}

/// A value in force that would be another without the import.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeBody {
    subject: String,
    name: String,
    key: String,
    now: Option<String>,
    then: Option<String>,
}

/// What would be in force without an import that counts, subject by subject.
#[utoipa::path(
    get, path = "/imports/{import}/withdrawal", tag = "registry",
    params(("import" = String, Path), PageQuery),
    responses(
        (status = 200, body = Page<ChangeBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.withdraw-import")))
)]
pub(super) async fn would_change(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Page<ChangeBody>, Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    let limit = page.limit()?;
    let after = page.cursor(1)?.map(|cursor| parse_id(SubjectId::parse, cursor.part(0))).transpose()?;
    let words = doors.words.now();
    let found = imports::would_change(&doors.ground, &signed.principal, &words, id, after, limit).await;
    let (changes, next) = answered(found)?;
    let body = |it: imports::ValueChange| ChangeBody {
        subject: it.subject.to_string(),
        name: it.name,
        key: it.key,
        now: it.now,
        then: it.then,
    };
    Ok(Page {
        items: changes.into_iter().map(body).collect(),
        next: next.map(|subject| Cursor::new([subject.to_string()]).to_string()),
    })
}

/// Why an import is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawBody {
    #[schema(example = "导错了文件", max_length = 2000)]
    reason: String,
}

/// Takes an import back whole: from here on none of it counts.
#[utoipa::path(
    post, path = "/imports/{import}/withdrawal", tag = "registry",
    params(("import" = String, Path)), request_body = WithdrawBody,
    responses(
        (status = 200, body = ImportBody),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("registry.withdraw-import")))
)]
pub(super) async fn withdraw(
    State(doors): State<Doors>,
    signed: Signed,
    Path(import): Path<String>,
    Json(body): Json<WithdrawBody>,
) -> Result<Json<ImportBody>, Problem> {
    let id = parse_id(BatchId::parse, &import)?;
    let (caller, principal) = (&signed.caller, &signed.principal);
    answered(imports::withdraw_import(&doors.ground, caller, principal, id, &body.reason).await)?;
    Ok(Json(shown(&doors, &signed, id).await?))
}
