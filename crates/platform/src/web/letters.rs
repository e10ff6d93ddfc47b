//! What the address and the headers of a request say must be text: UTF-8 without the character NUL, which no database keeps.
//!
//! Bodies are looked at where they are read. Refusing here, before any door, spares every door the question.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use facts::Text;

use super::Problem;

/// Headers whose words decide what is done. Others may hold what they like, since nobody listens to them.
static HEARD: [HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    HeaderName::from_static("x-form-token"),
    HeaderName::from_static("x-acting-for"),
];

/// Longest value of a parameter behind `?`. An address as a whole is bounded below 64 KiB by the protocol's own reader.
pub(crate) const QUERY_CHARACTERS_MAX: usize = 4_000;

/// Refuses a request whose address or headers are no text.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let wrong = wrong_in_address(request.uri()).or_else(|| {
        let mut heard = HEARD
            .iter()
            .flat_map(|name| request.headers().get_all(name).iter().map(move |value| (name, value)));
        heard.find(|(_, value)| !is_ascii(value)).map(|(name, _)| {
            let what = Text {
                zh: "只能使用可见的 ASCII 字符".to_owned(),
                en: "only visible ASCII characters can stand here".to_owned(),
            };
            Problem::at(format!("header:{name}"), what)
        })
    });
    match wrong {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn is_ascii(value: &HeaderValue) -> bool {
    value.to_str().is_ok()
}

fn wrong_in_address(uri: &Uri) -> Option<Problem> {
    if text_of(&bytes_of(uri.path())).is_none() {
        return Some(Problem::at("path:", not_text()));
    }
    uri.query().unwrap_or_default().split('&').find_map(wrong_in_pair)
}

fn wrong_in_pair(pair: &str) -> Option<Problem> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let (name, value) = (text_of(&bytes_of(name)), text_of(&bytes_of(value)));
    let place = format!("query:{}", name.as_deref().unwrap_or_default());
    if name.is_none() {
        return Some(Problem::at(place, not_text()));
    }
    let Some(value) = value else {
        return Some(Problem::at(place, not_text()));
    };
    (value.chars().count() > QUERY_CHARACTERS_MAX).then(|| {
        let what = Text {
            zh: format!("超过 {QUERY_CHARACTERS_MAX} 个字符"),
            en: format!("longer than {QUERY_CHARACTERS_MAX} characters"),
        };
        Problem::at(place, what)
    })
}

/// What is said of letters that no text has.
pub(super) fn not_text() -> Text {
    Text {
        zh: "应为 UTF-8 文字,且不含空字符(NUL)".to_owned(),
        en: "this must be UTF-8 text without the character NUL".to_owned(),
    }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).map(str::to_owned)
}

/// The bytes that percent signs stand for. A percent sign without two digits stands for itself.
fn bytes_of(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        match (bytes[at], pair) {
            (b'%', (Some(high), Some(low))) => {
                decoded.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(uri: &str) -> Option<String> {
        wrong_in_address(&uri.parse().unwrap()).map(|problem| problem.errors[0].place.clone())
    }

    #[test]
    fn an_address_is_text_once_its_percent_signs_are_read() {
        assert_eq!(place("/a/%E7%A4%BA?q=%E7%A4%BA&x=100%"), None);
        assert_eq!(place("/a/%00").as_deref(), Some("path:"));
        assert_eq!(place("/a/%ff").as_deref(), Some("path:"));
        assert_eq!(place("/a?b=1&%E7%A4%BA=%00").as_deref(), Some("query:示"));
        assert_eq!(place("/a?b=%c3%28").as_deref(), Some("query:b"));
        assert_eq!(place(&format!("/a?b={}", "x".repeat(4_000))), None);
        assert_eq!(place(&format!("/a?b={}", "x".repeat(4_001))).as_deref(), Some("query:b"));
        assert_eq!(place("/a?%ff=1").as_deref(), Some("query:"));
        assert_eq!(place("/a/%2500"), None, "what is left after reading once is text");
    }
}
