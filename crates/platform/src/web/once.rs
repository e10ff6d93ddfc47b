//! `Idempotency-Key`: a `POST` that bears one is done once, however often it is sent.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Response as Raw, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use facts::Text;
use serde::{Deserialize, Serialize};

use super::{Problem, Visitor};
use crate::ground::once::{self, Before, Key};
use crate::ground::{Fault, Ground};

const KEY: &str = "idempotency-key";

/// What a reply bears that was given before.
const REPLAYED: &str = "idempotency-replayed";

/// Longest key.
const KEY_BYTES_MAX: usize = 128;

/// Most bytes that are looked at: what the largest body may have.
const BODY_BYTES_MAX: usize = 10 << 20;

/// Largest reply that is kept.
const REPLY_BYTES_MAX: usize = 256 << 10;

/// A reply as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

/// Looks whether a request was done before, and keeps what it is answered. It stands behind the layer that finds out who asks.
pub async fn guard(State(ground): State<Ground>, visitor: Visitor, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY).cloned().filter(|_| request.method() == Method::POST) else {
        return next.run(request).await;
    };
    match done_once(&ground, visitor, &key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn done_once(
    ground: &Ground,
    visitor: Visitor,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key.to_str().ok().filter(|key| (1..=KEY_BYTES_MAX).contains(&key.len())).ok_or_else(|| {
        let what = Text {
            zh: format!("应为 1 到 {KEY_BYTES_MAX} 个可见的 ASCII 字符"),
            en: format!("from 1 to {KEY_BYTES_MAX} visible ASCII characters"),
        };
        Problem::at("header:idempotency-key", what)
    })?;
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "请求体没有传完,或超过上限。请检查后重试。",
            "The body was cut short or is past its limit. Check it and try again.",
        )
    })?;
    let who = format!("{} {}", visitor.caller.actor, visitor.caller.address_of_a_visitor());
    let key = Key::new(ground, &who, parts.uri.path(), key, &body);
    match once::before(ground, &key).await? {
        Before::Never => {}
        Before::Answered(kept) => return replay(&kept),
        Before::Other => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-used-otherwise",
                "该 Idempotency-Key 已用于另一请求。请换一个新的。",
                "This Idempotency-Key was used for another request. Take a new one.",
            ));
        }
        Before::Unanswered => return Err(repeated()),
    }
    let mut caller = visitor.caller.clone();
    caller.once = Some(key.clone());
    parts.extensions.insert(Visitor { caller, ..visitor });
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(ground, &key, response).await
}

/// What is heard by whoever sends a request again that was done and whose reply is gone, or that is being done.
pub(super) fn repeated() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "done-already",
        "该请求正在处理,或已经处理但答复没有保存。请查看相应记录,不要用新的 Idempotency-Key 重复提交。",
        "This request is being done, or was done and its reply is gone. Look at the record; do not send it again under a new key.",
    )
}

async fn keep(ground: &Ground, key: &Key, response: Response) -> Result<Response, Problem> {
    // A failure may be tried again; a cookie is for the one who got it first; a problem is written further out.
    let is_kept = response.status().is_success() && !response.headers().contains_key(header::SET_COOKIE);
    if !is_kept {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return Err(Problem::from(Fault::Damaged("a reply that does not end".to_owned())));
    };
    if bytes.len() <= REPLY_BYTES_MAX {
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kept = Kept {
            status: parts.status.as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: bytes.to_vec(),
        };
        let kept = serde_json::to_vec(&kept).expect("numbers and text are plain JSON");
        once::answer(ground, key, &kept).await?;
    }
    Ok(Raw::from_parts(parts, Body::from(bytes)))
}

fn replay(kept: &[u8]) -> Result<Response, Problem> {
    let damaged = || Problem::from(Fault::Damaged("a reply that was kept".to_owned()));
    let kept: Kept = serde_json::from_slice(kept).map_err(|_| damaged())?;
    let status = StatusCode::from_u16(kept.status).map_err(|_| damaged())?;
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Ok(value) = HeaderValue::from_str(&kept.content_type)
        && !kept.content_type.is_empty()
    {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"));
    Ok(response)
}
