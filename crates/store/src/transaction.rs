//! Transactions: what reads one state of the database, and what changes it all at once or not at all.

use std::ops::{Deref, DerefMut};

use sqlx::{Executor as _, Postgres, Sqlite};

use crate::statement::Bound as _;
use crate::value::{Inner as RowInner, Row};
use crate::{Kind, Statement, StoreError};

pub(crate) enum Inner {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Runs one expression on whichever connection it is, with the statement as that driver's query.
macro_rules! on_either {
    ($inner:expr, $statement:expr, |$connection:ident, $query:ident, $wrap:ident| $run:expr) => {{
        let statement: Statement = $statement;
        match $inner {
            Inner::Sqlite(transaction) => {
                let $wrap = RowInner::Sqlite;
                let $query = bound!(Sqlite, Kind::Sqlite, statement);
                let $connection = &mut **transaction;
                $run
            }
            Inner::Postgres(transaction) => {
                let $wrap = RowInner::Postgres;
                let $query = bound!(Postgres, Kind::Postgres, statement);
                let $connection = &mut **transaction;
                $run
            }
        }
    }};
}

macro_rules! bound {
    ($database:ty, $kind:expr, $statement:expr) => {
        sqlx::query::<$database>($statement.text($kind)).bind_all($statement.values)
    };
}

/// Reads one state of the database. What a statement would write through it, the database refuses.
pub struct Transaction(pub(crate) Inner);

impl Transaction {
    /// Which database it is.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Inner::Sqlite(_) => Kind::Sqlite,
            Inner::Postgres(_) => Kind::Postgres,
        }
    }

    /// All rows. The statement says itself how many there can be.
    pub async fn fetch_all(&mut self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        on_either!(&mut self.0, statement, |connection, query, wrap| {
            let rows = connection.fetch_all(query).await?;
            Ok(rows.into_iter().map(|row| Row(wrap(row))).collect())
        })
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(&mut self, statement: Statement) -> Result<Option<Row>, StoreError> {
        on_either!(&mut self.0, statement, |connection, query, wrap| {
            Ok(connection.fetch_optional(query).await?.map(|row| Row(wrap(row))))
        })
    }

    /// The one row; an error if there is none.
    pub async fn fetch_one(&mut self, statement: Statement) -> Result<Row, StoreError> {
        on_either!(&mut self.0, statement, |connection, query, wrap| {
            Ok(Row(wrap(connection.fetch_one(query).await?)))
        })
    }

    /// Whether the database understands the statement; nothing is run.
    #[cfg(feature = "testing")]
    pub async fn prepare(&mut self, statement: &Statement) -> Result<(), StoreError> {
        use sqlx::SqlSafeStr as _;
        match &mut self.0 {
            Inner::Sqlite(transaction) => {
                (&mut **transaction).prepare(statement.text(Kind::Sqlite).into_sql_str()).await?;
            }
            Inner::Postgres(transaction) => {
                (&mut **transaction).prepare(statement.text(Kind::Postgres).into_sql_str()).await?;
            }
        }
        Ok(())
    }
}

/// Changes the database. Dropped without [`Write::commit`], it has changed nothing.
pub struct Write(pub(crate) Transaction);

impl Write {
    /// Runs a statement; the number of rows that it changed.
    pub async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        on_either!(&mut self.0.0, statement, |connection, query, _wrap| {
            Ok(connection.execute(query).await?.rows_affected())
        })
    }

    /// Runs several statements without values, one text after another.
    pub(crate) async fn execute_script(&mut self, script: String) -> Result<(), StoreError> {
        let script = sqlx::AssertSqlSafe(script);
        match &mut self.0.0 {
            Inner::Sqlite(transaction) => {
                sqlx::raw_sql(script).execute(&mut **transaction).await?;
            }
            Inner::Postgres(transaction) => {
                sqlx::raw_sql(script).execute(&mut **transaction).await?;
            }
        }
        Ok(())
    }

    /// Waits until no other writer holds this name, and holds it to the end of the transaction.
    ///
    /// Whoever reads a record, decides and writes it takes the record's name first: so no update is lost, also between
    /// two servers. SQLite has one writer at a time, so there every name is held already.
    pub async fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        if self.kind() == Kind::Postgres {
            let statement = crate::sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))").bind(name);
            self.fetch_one(statement).await?;
        }
        Ok(())
    }

    /// Takes back everything done through it, and is done with it when this returns.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        match self.0.0 {
            Inner::Sqlite(transaction) => transaction.rollback().await?,
            Inner::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }

    /// Makes everything done through it true at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0.0 {
            Inner::Sqlite(transaction) => transaction.commit().await?,
            Inner::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Deref for Write {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Transaction {
        &mut self.0
    }
}
