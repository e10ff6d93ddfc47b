//! Putting contents into an empty database.

use sqlx::{AssertSqlSafe, Executor as _, Postgres, Sqlite};

use super::{Table, quoted};
use crate::statement::Bound;
use crate::transaction::Inner;
use crate::{Kind, Location, Schema, Store, StoreError, Value, Write, sql, sql_of_each};

/// Most values that one statement binds: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES_MAX: usize = 30_000;

/// Most rows that one statement inserts.
const ROWS_MAX: usize = 500;

/// References between tables that were put aside.
#[must_use = "references that are not put back are lost when this is committed"]
pub struct References(Vec<(String, String, String)>);

impl Store {
    /// Opens an empty database as its only owner, with this schema laid in a transaction that is not committed yet: whoever
    /// fills it makes everything true at once. Rows that migrations themselves put in are taken out again.
    pub async fn open_empty(
        location: &Location,
        schema: &Schema,
        now_ms: i64,
    ) -> Result<(Self, Write), StoreError> {
        let store = Self::connect(location, true).await?;
        let mut write = store.write().await?;
        write.lock("schema_migration").await?;
        if !write.is_empty().await? {
            drop(write);
            store.close().await;
            return Err(StoreError::NotEmpty);
        }
        schema.apply(&mut write, now_ms).await?;
        let references = write.put_references_aside().await?;
        for table in write.tables().await? {
            write.run_built(format!("DELETE FROM {}", quoted(&table.name)), Vec::new()).await?;
        }
        write.put_references_back(references).await?;
        Ok((store, write))
    }
}

impl crate::Transaction {
    /// Whether there is no table at all.
    pub async fn is_empty(&mut self) -> Result<bool, StoreError> {
        // Each database keeps its own list of tables.
        let any = sql_of_each(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1",
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema() LIMIT 1",
        );
        Ok(self.fetch_optional(any).await?.is_none())
    }
}

impl Write {
    /// Inserts rows as [`crate::Transaction::rows_after`] gave them. The table is as this database describes it.
    pub async fn restore_rows(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        let width = table.columns.len();
        let fits = |row: &Vec<Value>| {
            row.len() == width
                && table.columns.iter().zip(row).all(|(column, value)| column.holds.takes(value))
        };
        if !rows.iter().all(fits) {
            return Err(StoreError::StrangeTable { table: table.name.clone() });
        }
        for chunk in rows.chunks((VALUES_MAX / width).clamp(1, ROWS_MAX)) {
            let row_of = |row: usize| {
                let places: Vec<String> =
                    (1..=width).map(|place| format!("${}", row * width + place)).collect();
                format!("({})", places.join(", "))
            };
            let places: Vec<String> = (0..chunk.len()).map(row_of).collect();
            let (name, columns) = (quoted(&table.name), table.quoted_columns());
            let text = format!("INSERT INTO {name} ({columns}) VALUES {}", places.join(", "));
            let values = chunk.iter().flat_map(|row| {
                table.columns.iter().zip(row).map(|(column, value)| column.holds.kept(value))
            });
            self.run_built(text, values.collect()).await?;
        }
        Ok(())
    }

    /// From here on rows may name rows that come later. On SQLite references are looked at when this is committed; on
    /// PostgreSQL [`Write::put_references_back`] looks at all of them.
    pub async fn put_references_aside(&mut self) -> Result<References, StoreError> {
        if self.kind() == Kind::Sqlite {
            self.execute(sql("PRAGMA defer_foreign_keys = ON")).await?;
            return Ok(References(Vec::new()));
        }
        let found = sql("SELECT CAST(c.conname AS TEXT) AS name, CAST(t.relname AS TEXT) AS table_name, \
                         pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c \
                         JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = c.connamespace \
                         WHERE c.contype = 'f' AND n.nspname = current_schema() ORDER BY c.oid");
        let mut references = Vec::new();
        for row in self.fetch_all(found).await? {
            let reference: (String, String, String) =
                (row.get("table_name")?, row.get("name")?, row.get("definition")?);
            let (table, name) = (quoted(&reference.0), quoted(&reference.1));
            self.run_built(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"), Vec::new()).await?;
            references.push(reference);
        }
        Ok(References(references))
    }

    /// References hold again, or this is refused.
    pub async fn put_references_back(&mut self, references: References) -> Result<(), StoreError> {
        for (table, name, definition) in references.0 {
            let (table, name) = (quoted(&table), quoted(&name));
            let text = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}");
            self.run_built(text, Vec::new()).await?;
        }
        Ok(())
    }

    async fn run_built(&mut self, text: String, values: Vec<Value>) -> Result<(), StoreError> {
        let text = AssertSqlSafe(text);
        match &mut self.0.0 {
            Inner::Sqlite(transaction) => {
                (&mut **transaction).execute(sqlx::query::<Sqlite>(text).bind_all(values)).await?;
            }
            Inner::Postgres(transaction) => {
                (&mut **transaction).execute(sqlx::query::<Postgres>(text).bind_all(values)).await?;
            }
        }
        Ok(())
    }
}
