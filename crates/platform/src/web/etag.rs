//! Whether a reader has a reply already: a tag over its bytes, so that nothing is sent twice.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};

use crate::ground::to_hex;

/// How much of the digest stands in a tag, in bytes.
const TAG_BYTES: usize = 16;

/// Tags what is read, and answers "not modified" where the reader has it.
///
/// The whole body is at hand for all doors of ours; a reply that is streamed has no length and is left alone.
pub(super) async fn tag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_whole = axum::body::HttpBody::size_hint(response.body()).exact().is_some();
    if !is_read
        || response.status() != StatusCode::OK
        || !is_whole
        || response.headers().contains_key(header::ETAG)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let bytes = collected.to_bytes();
    let tag = format!("\"{}\"", to_hex(&Sha256::digest(&bytes)[..TAG_BYTES]));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    // What is not said to be everybody's is the asker's own.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if known.is_some_and(|known| is_among(&known, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        drop_content(&mut parts.headers);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_among(known: &HeaderValue, tag: &str) -> bool {
    let Ok(known) = known.to_str() else {
        return false;
    };
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn drop_content(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_TYPE);
}
