//! Values that go into statements and come out of rows: whole numbers, text, bytes, yes-or-no, each possibly absent.
//!
//! There is no float and no decimal on purpose: money is whole fen, time is whole milliseconds.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, Type, ValueRef as _};

use crate::StoreError;

/// One bound value. Its type is known even where the value is absent, since PostgreSQL asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// BIGINT
    Integer(Option<i64>),
    /// TEXT
    Text(Option<String>),
    /// BYTEA, BLOB
    Bytes(Option<Vec<u8>>),
    /// BOOLEAN
    Truth(Option<bool>),
}

macro_rules! value_from {
    ($($type:ty => $variant:ident by $convert:expr;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some(($convert)(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )*};
}

value_from! {
    i64 => Integer by std::convert::identity;
    &str => Text by str::to_owned;
    String => Text by std::convert::identity;
    &String => Text by String::clone;
    &[u8] => Bytes by <[u8]>::to_vec;
    Vec<u8> => Bytes by std::convert::identity;
    [u8; 32] => Bytes by |bytes: [u8; 32]| bytes.to_vec();
    bool => Truth by std::convert::identity;
}

/// A type that a column can be read as, on both databases.
pub trait Column:
    for<'r> sqlx::Decode<'r, sqlx::Sqlite>
    + Type<sqlx::Sqlite>
    + for<'r> sqlx::Decode<'r, sqlx::Postgres>
    + Type<sqlx::Postgres>
{
    /// Whether it has a value for what is absent.
    const IS_OPTIONAL: bool;
}

macro_rules! columns {
    ($($type:ty),*) => {$(
        impl Column for $type {
            const IS_OPTIONAL: bool = false;
        }
        impl Column for Option<$type> {
            const IS_OPTIONAL: bool = true;
        }
    )*};
}

columns!(i64, String, Vec<u8>, bool);

/// A row that a statement gave.
#[derive(Debug)]
pub struct Row(pub(crate) Inner);

#[derive(Debug)]
pub(crate) enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The column of that name. An error if there is none, if it holds another type, or if its value is absent and the type
    /// has nothing for that: then statement and table disagree.
    pub fn get<T: Column>(&self, column: &str) -> Result<T, StoreError> {
        // SQLite's driver would read an absent number as nought.
        let is_absent = match &self.0 {
            Inner::Sqlite(row) => row.try_get_raw(column)?.is_null(),
            Inner::Postgres(row) => row.try_get_raw(column)?.is_null(),
        };
        if is_absent && !T::IS_OPTIONAL {
            let source = Box::new(sqlx::error::UnexpectedNullError);
            return Err(sqlx::Error::ColumnDecode { index: column.to_owned(), source }.into());
        }
        let value = match &self.0 {
            Inner::Sqlite(row) => row.try_get(column),
            Inner::Postgres(row) => row.try_get(column),
        };
        value.map_err(StoreError::from)
    }
}
