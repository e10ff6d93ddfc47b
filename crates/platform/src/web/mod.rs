//! The shell that every door of HTTP stands in: requests, problems, bodies, pages of lists, limits, and the order of layers.
//!
//! It lies below all slices and knows none of them. A slice has its doors in its own `api.rs`; the binary puts them together
//! and hands them to [`Shell::around`].
//!
//! - Every request has an id, an address and a language ([`Visitor`]); every reply bears the id.
//! - Whatever goes wrong is a [`Problem`] (RFC 9457): what happened, where in the request, what to do next, in the reader's
//!   language. Handlers answer with it; the outermost layer writes it.
//! - Bodies are read by [`Json`], lists are given by [`Page`] with an opaque cursor, tables as JSON, CSV, XLSX or Parquet
//!   by [`Table`].
//! - INVARIANT: no text that is stored or looked for holds the character NUL: bodies, paths and queries with one are refused.
//! - INVARIANT: `GET` changes nothing. A `POST` from another site is refused before anybody is asked who they are.
//! - INVARIANT: no log line, metric or problem holds a value that somebody sent, only where it stood.

mod body;
mod csrf;
mod etag;
mod letters;
mod limits;
mod listen;
mod log;
mod metrics;
mod once;
mod page;
mod problem;
mod readiness;
mod request;
mod shell;
mod table;

pub use body::{Body, Json, Query, parse_day};
pub use csrf::FormTokens;
pub(crate) use csrf::{SESSION_COOKIES, session_cookie};
pub(crate) use letters::QUERY_CHARACTERS_MAX;
pub use limits::{Limits, RateLimits};
pub use listen::listen;
pub use metrics::Metrics;
pub(crate) use once::guard as once;
pub use page::{Cursor, Page, PageQuery};
pub use problem::{Located, Problem, ProblemBody};
pub use readiness::{Check, DiskSpace, Readiness};
pub use request::{Proxies, Visitor};
pub use shell::{Settings, Shell, Site};
pub use table::{Table, TableCell, heading};
