//! The database: pools, transactions, migrations and the queue of background jobs, on SQLite and on PostgreSQL.
//!
//! SQLite is one file that is created on first start; PostgreSQL is a URL. Both are asked by the same SQL text. This crate
//! knows no feature: tables of a slice are the slice's own, handed over as [`Migration`]s. It reads no clock and draws no
//! numbers; whoever calls it says what time it is.
//!
//! - [`Store`] opens a database and begins transactions: [`Transaction`] sees one state of it and writes nothing,
//!   [`Write`] writes. A verb is one transaction; what is dropped without [`Write::commit`] never happened. [`Rows`] are many
//!   rows put into a table at once.
//! - [`Schema`] is the ordered list of migrations; [`Store::open`] refuses a database that is older, newer or different.
//! - [`contents`] reads everything there is and puts it into another database, of either kind: what backups are made of.
//! - [`jobs`] is the queue, whose entries are made and finished inside the transactions of the work they belong to.
//!
//! ```
//! use store::sql;
//! let statement = sql("UPDATE organisation SET name = $1 WHERE id = $2").bind("示例科技").bind("0190");
//! assert_eq!(statement.text(store::Kind::Postgres), statement.text(store::Kind::Sqlite));
//! ```

mod bulk;
pub mod contents;
mod error;
pub mod jobs;
mod lock;
mod open;
mod schema;
mod statement;
#[cfg(feature = "testing")]
pub mod testing;
mod transaction;
mod value;

pub use bulk::{Rows, rows_into};
pub use error::StoreError;
pub use open::{Kind, Location, Store};
pub use schema::{Applied, Migration, Plan, Schema};
pub use statement::{Statement, sql, sql_of_each};
pub use transaction::{Transaction, Write};
pub use value::{Column, Row, Value};
