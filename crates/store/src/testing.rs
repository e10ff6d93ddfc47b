//! The harness of all tests that need a database: each runs on SQLite and on PostgreSQL, from one list.
//!
//! A test gets a database of its own. Where PostgreSQL is, the environment says: `cargo xtask test` and
//! `cargo xtask postgres` start one and set [`POSTGRES_VARIABLE`]. A test that has no PostgreSQL fails, unless it was said
//! that PostgreSQL is left out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::{Kind, Location, Schema, Store, StoreError, sql, sql_of_each};

/// URL of a PostgreSQL server whose user may create databases, or [`LEFT_OUT`].
pub const POSTGRES_VARIABLE: &str = "ZHIMEI_TEST_POSTGRES";

/// Instead of a URL: PostgreSQL is left out on purpose.
pub const LEFT_OUT: &str = "left-out";

/// The time at which every test begins: 2026-11-30 08:00 in Shanghai.
pub const NOW_MS: i64 = 1_795_996_800_000;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database for one test.
pub struct TestStore {
    /// Opened as a server opens it, with the schema of the test.
    pub store: Store,
    /// Where it is.
    pub location: Location,
    /// A folder of the test's own, removed after it.
    pub folder: PathBuf,
}

/// Makes of each test in the list one on SQLite and one on PostgreSQL. The tests are `async fn (TestStore)`; the schema is
/// what their databases start with.
#[macro_export]
macro_rules! on_both_databases {
    ($schema:ident; $($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $test() {
                $crate::testing::run($crate::Kind::Sqlite, &super::$schema(), super::$test);
            })*
        }
        mod on_postgres {
            $(#[test]
            fn $test() {
                $crate::testing::run($crate::Kind::Postgres, &super::$schema(), super::$test);
            })*
        }
    };
}

/// Runs one test on one database.
pub fn run<F>(kind: Kind, schema: &Schema, test: impl FnOnce(TestStore) -> F)
where
    F: Future<Output = ()>,
{
    let postgres = match kind {
        Kind::Sqlite => None,
        Kind::Postgres => match postgres_url() {
            Some(url) => Some(url),
            None => return,
        },
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(format!("zhimei_{name}"));
    std::fs::create_dir_all(&folder).expect("the folder of temporary files can be written");
    runtime.block_on(async {
        let location = match &postgres {
            None => Location::File(folder.join("test.db")),
            Some(url) => {
                admin(url, format!("CREATE DATABASE {name} TEMPLATE template0")).await;
                let (server, _) = url.rsplit_once('/').expect("a URL names a database");
                Location::Url(format!("{server}/{name}"))
            }
        };
        let store = Store::open(&location, schema, NOW_MS).await.expect("a new database opens");
        test(TestStore { store: store.clone(), location, folder: folder.clone() }).await;
        store.close().await;
        if let Some(url) = &postgres {
            admin(url, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            admin(url, format!("DROP DATABASE IF EXISTS {name}{ANOTHER} WITH (FORCE)")).await;
        }
    });
    let _ = std::fs::remove_dir_all(folder);
}

#[allow(
    clippy::disallowed_methods,
    reason = "cargo xtask tells the tests by the environment where PostgreSQL is"
)]
fn postgres_url() -> Option<String> {
    match std::env::var(POSTGRES_VARIABLE) {
        Ok(text) if text == LEFT_OUT => {
            eprintln!("left out: {POSTGRES_VARIABLE} says so");
            None
        }
        Ok(url) => Some(url),
        Err(_) => panic!(
            "this test needs PostgreSQL: run it by `cargo xtask test`, or by `cargo xtask postgres -- cargo test …`; \
             {POSTGRES_VARIABLE}={LEFT_OUT} does without"
        ),
    }
}

/// Behind the name of a test's database: another one beside it.
const ANOTHER: &str = "_another";

impl TestStore {
    /// An empty database beside the test's own, of the same kind.
    pub async fn another(&self) -> Location {
        match &self.location {
            Location::File(path) => Location::File(path.with_extension("another.db")),
            Location::Url(url) => {
                let (_, name) = url.rsplit_once('/').expect("a URL names a database");
                admin(url, format!("CREATE DATABASE {name}{ANOTHER} TEMPLATE template0")).await;
                Location::Url(format!("{url}{ANOTHER}"))
            }
        }
    }
}

async fn admin(url: &str, statement: String) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    connection.execute(AssertSqlSafe(statement)).await.expect("the test's user may create databases");
    connection.close().await.expect("the connection closes");
}

impl Store {
    /// Runs a script as somebody would who has the database but not this program: as mutations of tests do.
    pub async fn run_script(&self, script: &str) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        write.execute_script(script.to_owned()).await?;
        write.commit().await
    }
}

/// Every column of every table, `table.column type nullable?`, and every index, in the words that both databases share.
pub async fn described(store: &Store) -> Vec<String> {
    // Each database keeps its own description of itself.
    let columns = sql_of_each(
        "SELECT t.name || '.' || c.name || ' ' || c.type \
         || CASE WHEN c.\"notnull\" = 1 THEN ' not null' ELSE '' END AS line \
         FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
        "SELECT table_name || '.' || column_name || ' ' || data_type \
         || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END AS line \
         FROM information_schema.columns WHERE table_schema = current_schema()",
    );
    let indexes = sql_of_each(
        "SELECT 'index ' || name AS line FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%'",
        "SELECT 'index ' || indexname AS line FROM pg_indexes WHERE schemaname = current_schema() \
         AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key'",
    );
    let mut transaction = store.read().await.expect("the database answers");
    let mut lines = Vec::new();
    for statement in [columns, indexes] {
        for row in transaction.fetch_all(statement).await.expect("the database describes itself") {
            let line: String = row.get("line").expect("a line");
            lines.push(shared_words(&line));
        }
    }
    lines.sort();
    lines
}

/// INTEGER stands for BIGINT and BOOLEAN on SQLite, so the three are one word here.
fn shared_words(line: &str) -> String {
    line.replace(" bigint", " INTEGER")
        .replace(" boolean", " INTEGER")
        .replace(" bytea", " BLOB")
        .replace(" text", " TEXT")
}

/// An error unless the database understands each statement. Nothing is run.
pub async fn prepare_each(store: &Store, statements: &[&'static str]) {
    let mut transaction = store.read().await.expect("the database answers");
    for text in statements {
        let prepared = transaction.prepare(&sql(text)).await;
        assert!(prepared.is_ok(), "{text}: {prepared:?}");
    }
}
