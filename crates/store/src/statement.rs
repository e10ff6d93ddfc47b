//! One SQL text with its values. The text is a literal of the program; nothing that anybody typed can become part of it.

use sqlx::query::Query;
use sqlx::{Postgres, Sqlite};

use crate::{Kind, Value};

/// A statement ready to be run.
#[derive(Clone, Debug)]
pub struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
    pub(crate) values: Vec<Value>,
}

/// A statement for both databases. `$1` is the first value bound.
pub fn sql(text: &'static str) -> Statement {
    Statement { sqlite: text, postgres: text, values: Vec::new() }
}

/// A statement whose text differs; a comment at the call says why it must.
pub fn sql_of_each(sqlite: &'static str, postgres: &'static str) -> Statement {
    Statement { sqlite, postgres, values: Vec::new() }
}

impl Statement {
    /// With its next value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The text for that database.
    pub fn text(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Sqlite => self.sqlite,
            Kind::Postgres => self.postgres,
        }
    }
}

/// A driver's query with all its values.
pub(crate) trait Bound {
    /// With these values after those that it has.
    #[must_use]
    fn bind_all(self, values: Vec<Value>) -> Self;
}

macro_rules! bound_for {
    ($($database:ty),*) => {$(
        impl Bound for Query<'_, $database, <$database as sqlx::Database>::Arguments> {
            fn bind_all(self, values: Vec<Value>) -> Self {
                values.into_iter().fold(self, |query, value| match value {
                    Value::Integer(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Bytes(value) => query.bind(value),
                    Value::Truth(value) => query.bind(value),
                })
            }
        }
    )*};
}

bound_for!(Sqlite, Postgres);
