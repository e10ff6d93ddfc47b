//! What somebody sends: a JSON body, the words behind `?`. Whatever is wrong with it is told at its place.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use facts::{Date, Text};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Problem, letters};

/// Most bytes of a JSON body.
const JSON_BYTES_MAX: usize = 1 << 20;

/// Most bytes of a file that is uploaded.
const FILE_BYTES_MAX: usize = 10 << 20;

/// A JSON body that was understood; and one that is answered.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// The words behind `?`, understood.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// A body as it came, of at most ten megabytes: a file.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it says it is; whoever reads it looks for themselves.
    pub content_type: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = content_type(&request);
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence != "application/json" && !essence.ends_with("+json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "请求体应为 JSON,并注明 Content-Type: application/json。",
                "The body must be JSON, with Content-Type: application/json.",
            ));
        }
        parse(&read(request, JSON_BYTES_MAX).await?).map(Self)
    }
}

/// Reads a day of a request, as days are written everywhere.
pub fn parse_day(text: &str, place: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| {
        let what =
            Text { zh: "应为日期,如 2026-06-30".to_owned(), en: "a day, such as 2026-06-30".to_owned() };
        Problem::at(place, what)
    })
}

impl Body {
    /// As JSON, where more may come than a [`Json`] body holds.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        parse(&self.bytes)
    }
}

/// Parses JSON; what is wrong is told by pointer, line and column.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Err(error) = std::str::from_utf8(bytes) {
        let place = error.valid_up_to();
        let what = Text {
            zh: format!("第 {place} 字节起不是 UTF-8 文字"),
            en: format!("from byte {place} on it is not UTF-8"),
        };
        return Err(Problem::at("", what));
    }
    if let Some(place) = place_of_nul(bytes) {
        return Err(Problem::at(place, letters::not_text()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|error| {
        let place = pointer(error.path());
        not_understood(&place, error.inner())
    })?;
    reader.end().map_err(|error| not_understood("", &error))?;
    Ok(value)
}

/// Where the character NUL stands, which no database keeps. In JSON it can only be written as an escape, so that a body
/// without that escape is not looked at twice.
///
/// INVARIANT: a body that has one is refused, whether or not its place is found: a part that is kept as it was written may
/// hold what no reader of values takes.
fn place_of_nul(bytes: &[u8]) -> Option<String> {
    let mut escapes = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(br"\u0000"));
    escapes.find(|at| bytes[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0)?;
    let mut place = String::new();
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        has_nul(&value, &mut place);
    }
    Some(place)
}

/// Whether it stands in there; `place` is then the pointer to it. The reader has bounded the depth.
fn has_nul(value: &Value, place: &mut String) -> bool {
    let length = place.len();
    let mut within = |word: &str, value: &Value| {
        place.push('/');
        place.push_str(&escaped(word));
        let has = has_nul(value, place);
        if !has {
            place.truncate(length);
        }
        has
    };
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => {
            (0..).zip(values).any(|(at, value): (usize, _)| within(&at.to_string(), value))
        }
        // A key that has one is told by the object it stands in.
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || within(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A word of a JSON pointer (RFC 6901).
fn escaped(word: &str) -> String {
    word.replace('~', "~0").replace('/', "~1")
}

fn not_understood(place: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    // serde's words may quote what was sent, so that the one who sent it sees it; no log has them.
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let what = Text {
        zh: format!("第 {line} 行第 {column} 列无法理解:{said}"),
        en: format!("line {line}, column {column} is not understood: {said}"),
    };
    Problem::at(place, what)
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut text, segment| {
        let word = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => escaped(key),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => return text,
        };
        text.push('/');
        text.push_str(&word);
        text
    })
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|query| Self(query.0)).map_err(|error| {
            let said = error.to_string();
            let what = Text {
                zh: format!("查询参数无法理解:{said}"), en: format!("not understood: {said}")
            };
            Problem::at("query:", what)
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let content_type = content_type(&request);
        Ok(Self { bytes: read(request, FILE_BYTES_MAX).await?, content_type })
    }
}

fn content_type(request: &Request) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// All bytes, if they are not too many.
async fn read(request: Request, max: usize) -> Result<Vec<u8>, Problem> {
    match Limited::new(request.into_body(), max).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => {
            let kib = max >> 10;
            Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                format!("请求体超过上限 {kib} KiB。请拆分后重试。"),
                format!("The body is past its limit of {kib} KiB. Send it in parts."),
            ))
        }
        Err(_) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "cut-short",
            "请求体没有传完。请检查网络后重试。",
            "The body was cut short. Check the connection and send it again.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what is wrong is looked at")]
    struct Sent {
        list: Vec<Inner>,
    }

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what is wrong is looked at")]
    struct Inner {
        count: u8,
    }

    fn place(bytes: &[u8]) -> String {
        parse::<Sent>(bytes).unwrap_err().errors[0].place.clone()
    }

    #[test]
    fn what_is_wrong_in_a_body_is_told_at_its_place() {
        assert!(parse::<Sent>(br#"{"list":[{"count":1}]}"#).is_ok());
        assert_eq!(place(br#"{"list":[{"count":1},{"count":300}]}"#), "/list/1/count");
        assert_eq!(place(br#"{"list":[{"many":1}]}"#), "/list/0/many");
        let trailing = parse::<Sent>(br#"{"list":[]} x"#).unwrap_err();
        assert!(trailing.errors[0].what.en.starts_with("line 1, column 13"), "{trailing:?}");
        let not_utf8 = parse::<Sent>(b"{\"list\xff").unwrap_err();
        assert!(not_utf8.errors[0].what.en.contains("byte 6"), "{not_utf8:?}");
    }

    #[test]
    fn a_nul_is_told_at_its_place_however_it_is_written() {
        let place = |text: &str| place_of_nul(text.as_bytes());
        assert_eq!(place(r#"{"a":[1,{"b/c":"x\u0000"}]}"#).as_deref(), Some("/a/1/b~1c"));
        assert_eq!(place(r#"{"a":{"k\u0000":1}}"#).as_deref(), Some("/a"));
        assert_eq!(place(r#""\\\u0000""#).as_deref(), Some(""));
        assert_eq!(place(r#"{"a":"\\u0000"}"#), None, "a backslash and letters");
        assert_eq!(place(r#"{"a":"\u0001"}"#), None);
        assert_eq!(place(r#"{"a":1e400,"b":"\u0000"}"#).as_deref(), Some("/b"), "numbers are no floats");
        let deep = format!(r#"{{"a":{}{},"b":"\u0000"}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(place(&deep).as_deref(), Some(""), "refused, wherever it is");
    }

    #[test]
    fn a_body_nested_too_deep_is_refused_and_nothing_overflows() {
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        let problem = parse::<serde_json::Value>(&deep).unwrap_err();
        assert!(problem.errors[0].what.en.contains("recursion limit"), "{problem:?}");
    }
}
