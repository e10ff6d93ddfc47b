//! Tokens for programs.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{MembershipId, TokenId};
use super::super::service::tokens::{self, NewToken};
use super::super::{Refusal, Scope};
use super::{Doors, Signed, answered, parse_id, parse_word};
use crate::web::{Json, Problem, ProblemBody};

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// What for, as its owner will recognise it.
    #[schema(example = "ERP upload", max_length = 64)]
    name: String,
    /// Of which of one's memberships.
    membership: String,
    /// What it is good for: `read`, `write-facts`.
    #[schema(example = json!(["read"]), min_items = 1)]
    scopes: Vec<String>,
    /// For how many days, up to 366.
    #[schema(example = 90, minimum = 1, maximum = 366)]
    days: u16,
}

/// A token, which is shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenMade {
    id: String,
    /// What goes into `Authorization: Bearer …`.
    #[schema(example = "zhimei_6f1c…")]
    token: String,
}

/// A token as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenBody {
    id: String,
    #[schema(example = "ERP upload")]
    name: String,
    scopes: Vec<&'static str>,
    created_ms: i64,
    expires_ms: i64,
}

/// One's own tokens that are not over.
#[utoipa::path(
    get, path = "/tokens", tag = "identity",
    responses(
        (status = 200, body = Vec<TokenBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.manage-tokens")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    signed: Signed,
) -> Result<Json<Vec<TokenBody>>, Problem> {
    let listed = answered(tokens::list_tokens(&doors.ground, &signed.principal).await)?;
    let bodies = listed.into_iter().map(|token| TokenBody {
        id: token.id.to_string(),
        name: token.name,
        scopes: token.scopes.iter().map(|scope| scope.as_code()).collect(),
        created_ms: token.created.0,
        expires_ms: token.expires.0,
    });
    Ok(Json(bodies.collect()))
}

/// Makes a token. It is shown once.
#[utoipa::path(
    post, path = "/tokens", tag = "identity", request_body = TokenRequest,
    responses(
        (status = 201, body = TokenMade),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.manage-tokens")))
)]
pub(super) async fn create(
    State(doors): State<Doors>,
    signed: Signed,
    Json(body): Json<TokenRequest>,
) -> Result<(StatusCode, Json<TokenMade>), Problem> {
    let mut scopes = BTreeSet::new();
    for (index, word) in body.scopes.iter().enumerate() {
        let all = Scope::ALL.iter().map(|scope| scope.as_code());
        scopes.insert(parse_word(Scope::parse_code, word, &format!("/scopes/{index}"), all)?);
    }
    let wanted = NewToken {
        name: body.name,
        membership: MembershipId::parse(&body.membership).ok_or(Refusal::NotThere)?,
        scopes,
        life: Duration::from_secs(u64::from(body.days) * 24 * 60 * 60),
    };
    let made = tokens::create_token(&doors.ground, &signed.caller, &signed.principal, &wanted).await;
    let (id, secret) = answered(made)?;
    let made = TokenMade { id: id.to_string(), token: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Ends one of one's own tokens.
#[utoipa::path(
    delete, path = "/tokens/{token}", tag = "identity", params(("token" = String, Path)),
    responses(
        (status = 204),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("identity.manage-tokens")))
)]
pub(super) async fn end(
    State(doors): State<Doors>,
    signed: Signed,
    Path(token): Path<String>,
) -> Result<StatusCode, Problem> {
    let token = parse_id(TokenId::parse, &token)?;
    answered(tokens::end_token(&doors.ground, &signed.caller, &signed.principal, token).await)?;
    Ok(StatusCode::NO_CONTENT)
}
