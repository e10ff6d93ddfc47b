//! Lists in pages: so many at a time, and an opaque word by which to go on.

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use facts::Text;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Problem;

/// How many a page has if nobody says.
const LIMIT_USUAL: usize = 50;

/// Most that a page has.
const LIMIT_MAX: usize = 200;

/// Longest cursor that is looked at.
const CURSOR_BYTES_MAX: usize = 512;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Where to go on: `next` of the page before.
    pub after: Option<String>,
    /// How many at most, up to 200; 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<usize>,
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where to go on; `null` on the last page.
    pub next: Option<String>,
}

/// The place in a list behind which a page begins: what a slice puts into it and nobody else needs to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor(Vec<String>);

impl PageQuery {
    /// How many items, at least one.
    pub fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_USUAL);
        if (1..=LIMIT_MAX).contains(&limit) {
            return Ok(limit);
        }
        let what = Text {
            zh: format!("每页数量应在 1 到 {LIMIT_MAX} 之间"),
            en: format!("a page has from 1 to {LIMIT_MAX} items"),
        };
        Err(Problem::at("query:limit", what))
    }

    /// The place to go on from, which must have so many parts.
    pub fn cursor(&self, parts: usize) -> Result<Option<Cursor>, Problem> {
        let Some(text) = &self.after else {
            return Ok(None);
        };
        let read = Cursor::parse(text).filter(|cursor| cursor.0.len() == parts);
        read.map(Some).ok_or_else(|| {
            let what = Text {
                zh: "不是本列表给出的翻页标记,请从第一页重新开始".to_owned(),
                en: "this is no `next` of this list; begin at its first page".to_owned(),
            };
            Problem::at("query:after", what)
        })
    }
}

impl Cursor {
    /// Of these parts.
    pub fn new(parts: impl IntoIterator<Item = String>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// A part.
    pub fn part(&self, index: usize) -> &str {
        self.0.get(index).map_or("", String::as_str)
    }

    /// A part that is a number.
    pub fn number(&self, index: usize) -> Result<i64, Problem> {
        self.part(index).parse().map_err(|_| {
            let what = Text {
                zh: "不是本列表给出的翻页标记,请从第一页重新开始".to_owned(),
                en: "this is no `next` of this list; begin at its first page".to_owned(),
            };
            Problem::at("query:after", what)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        if text.len() > 2 * CURSOR_BYTES_MAX {
            return None;
        }
        serde_json::from_slice(&crate::ground::bytes_of_hex(text)?).ok().map(Self)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = serde_json::to_vec(&self.0).map_err(|_| std::fmt::Error)?;
        f.write_str(&crate::ground::to_hex(&json))
    }
}

impl<T> Page<T> {
    /// Of one item more than asked for at most, which tells that there is a next page.
    pub fn new(mut items: Vec<T>, limit: usize, cursor_of: impl Fn(&T) -> Cursor) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(|last| cursor_of(last).to_string());
        Self { items, next }
    }

    /// With its items as something else.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self
            .next
            .as_ref()
            .and_then(|next| HeaderValue::from_str(&format!("<?after={next}>; rel=\"next\"")).ok());
        let mut response = axum::Json(self).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(axum::http::header::LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_told_at_its_place() {
        let cursor = Cursor::new(["企业".to_owned(), "7".to_owned()]);
        let query = |after: &str| PageQuery { after: Some(after.to_owned()), limit: None };
        let back = query(&cursor.to_string()).cursor(2).unwrap().unwrap();
        assert_eq!((back.part(0), back.number(1).unwrap()), ("企业", 7));
        for wrong in ["", "zz", "5b", "é0", &cursor.to_string()[2..], &"5b".repeat(600)] {
            assert_eq!(query(wrong).cursor(2).unwrap_err().errors[0].place, "query:after", "{wrong}");
        }
        assert!(query(&cursor.to_string()).cursor(3).is_err());
    }

    #[test]
    fn a_page_tells_where_to_go_on_only_if_there_is_more() {
        let page =
            |count: u32, limit| Page::new((0..count).collect(), limit, |n| Cursor::new([n.to_string()]));
        assert_eq!((page(3, 2).items, page(3, 2).next.is_some()), (vec![0, 1], true));
        assert!(page(2, 2).next.is_none());
        assert!(page(0, 2).next.is_none());
    }
}
