//! Opening a database and beginning transactions on it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::Sqlite;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::lock::FileLock;
use crate::transaction::Inner;
use crate::{Plan, Schema, StoreError, Transaction, Write};

/// How many reading connections a SQLite file has. WAL lets them read while one writes.
const SQLITE_READERS_MAX: u32 = 8;

/// How many connections one server holds to PostgreSQL, whose own limit is 100 for all servers together.
const POSTGRES_CONNECTIONS_MAX: u32 = 16;

/// How long a verb waits for a connection, or for its turn to write, before it says that the database is not to be had.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// How long SQLite waits for another process that writes to the same file.
const BUSY_MAX: Duration = Duration::from_secs(5);

/// Which database it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where a database is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Location {
    /// A file of SQLite.
    File(PathBuf),
    /// A URL of PostgreSQL. It may hold a password and is never printed.
    Url(String),
}

impl FromStr for Location {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Url(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(StoreError::NotALocation(path.split("://").next().unwrap_or_default().to_owned()));
        }
        Ok(Self::File(PathBuf::from(path)))
    }
}

/// An open database. Cloning it shares its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite {
        readers: SqlitePool,
        /// One connection: writers queue for it in the order in which they came.
        writer: SqlitePool,
        /// Let go of when the store is closed, also while clones of it are about.
        lock: Arc<Mutex<Option<FileLock>>>,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens a database whose schema is exactly this one, as its only owner where it is a file.
    ///
    /// A database without any tables gets them all, since there is nothing in it that a backup could save.
    pub async fn open(location: &Location, schema: &Schema, now_ms: i64) -> Result<Self, StoreError> {
        let store = Self::connect(location, true).await?;
        let plan = store.plan(schema).await?;
        if plan.is_first {
            store.migrate(schema, now_ms).await?;
        } else {
            plan.must_be_empty()?;
        }
        Ok(store)
    }

    /// Opens a database beside the server that owns it, to look at it or to write one small thing.
    pub async fn open_beside(location: &Location, schema: &Schema) -> Result<Self, StoreError> {
        let store = Self::connect(location, false).await?;
        store.plan(schema).await?.must_be_empty()?;
        Ok(store)
    }

    /// Opens a database as its only owner and brings it up to this schema. Says what was done.
    pub async fn open_and_migrate(
        location: &Location,
        schema: &Schema,
        now_ms: i64,
    ) -> Result<(Self, Plan), StoreError> {
        let store = Self::connect(location, true).await?;
        let plan = store.migrate(schema, now_ms).await?;
        Ok((store, plan))
    }

    /// Opens a database as its only owner, whatever it lacks of this schema, to save it before [`Store::migrate`].
    pub async fn open_to_migrate(location: &Location, schema: &Schema) -> Result<(Self, Plan), StoreError> {
        let store = Self::connect(location, true).await?;
        let plan = store.plan(schema).await?;
        Ok((store, plan))
    }

    pub(crate) async fn connect(location: &Location, owned: bool) -> Result<Self, StoreError> {
        let pools = match location {
            Location::File(path) => sqlite(path, owned).await?,
            Location::Url(url) => postgres(url).await?,
        };
        Ok(Self { pools })
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        match &self.pools {
            Pools::Sqlite { .. } => Kind::Sqlite,
            Pools::Postgres(_) => Kind::Postgres,
        }
    }

    /// Begins to read: everything read through it is of one state of the database, and it can write nothing.
    pub async fn read(&self) -> Result<Transaction, StoreError> {
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => {
                Inner::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        Ok(Transaction(inner))
    }

    /// Begins to write. On SQLite the others wait from here on; on PostgreSQL from the first [`Write::lock`] on.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(begin_immediate(writer).await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Write(Transaction(inner)))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut transaction = self.read().await?;
        transaction.fetch_optional(crate::sql("SELECT CAST(1 AS BIGINT) AS one")).await.map(|_| ())
    }

    /// Finishes what runs and closes all connections. On SQLite the file then stands alone, without its journal.
    pub async fn close(self) {
        match self.pools {
            Pools::Sqlite { readers, writer, lock } => {
                readers.close().await;
                writer.close().await;
                lock.lock().unwrap_or_else(PoisonError::into_inner).take();
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// On a full disk SQLite rolls a transaction back by itself, which its driver does not notice: it believes that the
/// transaction goes on, and would refuse to begin another on that connection for ever. Then a new connection takes its place.
async fn begin_immediate(writer: &SqlitePool) -> Result<sqlx::Transaction<'static, Sqlite>, sqlx::Error> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match writer.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            writer.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

async fn sqlite(path: &Path, owned: bool) -> Result<Pools, StoreError> {
    let lock = if owned {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|cause| StoreError::Folder { path: folder.to_owned(), cause })?;
        }
        Some(FileLock::take(path)?)
    } else {
        None
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(owned)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged outlives a loss of power, not only a crash of the program.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_MAX)
        .pragma("trusted_schema", "OFF");
    // The writer comes first: it makes the file and turns the journal to WAL before anybody reads.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(WAIT_MAX)
        .connect_with(options.clone())
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS_MAX)
        .acquire_timeout(WAIT_MAX)
        .connect_with(options.create_if_missing(false).pragma("query_only", "ON"))
        .await?;
    Ok(Pools::Sqlite { readers, writer, lock: Arc::new(Mutex::new(lock)) })
}

async fn postgres(url: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::NotALocation("postgres".to_owned()))?
        .application_name("zhimei");
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(WAIT_MAX)
        // A connection that broke while it lay idle is found out before a verb begins on it.
        .test_before_acquire(true)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
