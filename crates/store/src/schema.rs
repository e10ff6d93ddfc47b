//! Migrations: which there are, which a database went through, and going through the rest.
//!
//! A migration is one SQL text for both databases and is never edited after it was applied anywhere: its checksum is kept
//! and compared. All that are missing are applied in one transaction, so a database is before or after, never between.

use sha2::{Digest, Sha256};

use crate::{Kind, Store, StoreError, Transaction, Write, sql, sql_of_each};

/// One step of the schema.
///
/// The text is PostgreSQL's, in the part that SQLite shares: `BIGINT`, `TEXT`, `BYTEA`, `BOOLEAN`. For SQLite the types are
/// put in its words and tables, whose last line is `);` alone, are made `STRICT`. From a line `-- only sqlite` or
/// `-- only postgres` on, the text is for that one, up to a line `-- both`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its name, which says what it brings.
    pub name: &'static str,
    /// The statements.
    pub text: &'static str,
}

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.text.as_bytes()).to_vec()
    }

    fn script(&self, kind: Kind) -> String {
        let mut script = String::new();
        let mut is_meant = true;
        for line in self.text.lines() {
            match line.trim_end() {
                "-- only sqlite" => is_meant = kind == Kind::Sqlite,
                "-- only postgres" => is_meant = kind == Kind::Postgres,
                "-- both" => is_meant = true,
                line if is_meant => {
                    script.push_str(&in_words_of(kind, line));
                    script.push('\n');
                }
                _ => {}
            }
        }
        script
    }
}

fn in_words_of(kind: Kind, line: &str) -> String {
    match (kind, line) {
        (Kind::Postgres, line) => line.to_owned(),
        (Kind::Sqlite, ");") => ") STRICT;".to_owned(),
        (Kind::Sqlite, line) => {
            line.replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB").replace("BOOLEAN", "INTEGER")
        }
    }
}

/// All migrations in their order.
#[derive(Clone, Debug)]
pub struct Schema(Vec<Migration>);

/// A migration that a database went through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// Its name.
    pub name: String,
    /// Of its text.
    pub checksum: Vec<u8>,
}

/// What a database lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Nothing of ours is in the database yet.
    pub is_first: bool,
    /// Names of the migrations that are missing, in order.
    pub missing: Vec<&'static str>,
}

impl Plan {
    pub(crate) fn must_be_empty(self) -> Result<(), StoreError> {
        if self.missing.is_empty() { Ok(()) } else { Err(StoreError::SchemaOlder { missing: self.missing }) }
    }
}

const OWN_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    position BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    checksum BYTEA NOT NULL,
    applied_ms BIGINT NOT NULL
);";

impl Schema {
    /// From the migrations of everybody who has tables, the earlier first. New ones go to the end.
    pub fn new(migrations: impl IntoIterator<Item = Migration>) -> Self {
        Self(migrations.into_iter().collect())
    }

    /// How many migrations there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With further migrations at the end.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = Migration>) -> Self {
        self.0.extend(more);
        self
    }

    /// Compares with what was applied. An error if that is not a beginning of this list.
    fn compare(&self, applied: Option<&[Applied]>) -> Result<Plan, StoreError> {
        let is_first = applied.is_none();
        let applied = applied.unwrap_or_default();
        for (index, Applied { name, checksum }) in applied.iter().enumerate() {
            match self.0.get(index) {
                Some(known) if known.name == name && known.checksum() == *checksum => {}
                Some(known) if known.name == name => {
                    return Err(StoreError::SchemaDiffers { name: name.clone() });
                }
                _ if self.0.iter().any(|known| known.name == name) => {
                    return Err(StoreError::SchemaDiffers { name: name.clone() });
                }
                _ => return Err(StoreError::SchemaNewer { unknown: name.clone() }),
            }
        }
        Ok(Plan { is_first, missing: self.0[applied.len()..].iter().map(|known| known.name).collect() })
    }

    /// The beginning of this list that a database went through. An error if what it went through is none.
    pub fn as_applied(&self, applied: &[Applied]) -> Result<Self, StoreError> {
        self.compare(Some(applied))?;
        Ok(Self(self.0[..applied.len()].to_vec()))
    }

    /// Applies what is missing, within a transaction that holds the lock.
    pub(crate) async fn apply(&self, write: &mut Write, now_ms: i64) -> Result<Plan, StoreError> {
        let before = write.applied().await?;
        let done = before.as_ref().map_or(0, Vec::len);
        let plan = self.compare(before.as_deref())?;
        let kind = write.kind();
        let own = Migration { name: "schema_migration", text: OWN_TABLE };
        write.execute_script(own.script(kind)).await?;
        for (index, migration) in self.0.iter().enumerate().skip(done) {
            write.execute_script(migration.script(kind)).await?;
            let statement = sql("INSERT INTO schema_migration (position, name, checksum, applied_ms) \
                                 VALUES ($1, $2, $3, $4)")
            .bind(i64::try_from(index).expect("there are few migrations"))
            .bind(migration.name)
            .bind(migration.checksum())
            .bind(now_ms);
            write.execute(statement).await?;
        }
        Ok(plan)
    }
}

impl Store {
    /// What the database lacks of this schema. An error if it is newer or different.
    pub async fn plan(&self, schema: &Schema) -> Result<Plan, StoreError> {
        schema.compare(self.read().await?.applied().await?.as_deref())
    }

    /// Applies what is missing, all of it or nothing; of two that try at once the second finds nothing left to do.
    pub async fn migrate(&self, schema: &Schema, now_ms: i64) -> Result<Plan, StoreError> {
        let mut write = self.write().await?;
        write.lock("schema_migration").await?;
        let plan = schema.apply(&mut write, now_ms).await?;
        write.commit().await?;
        Ok(plan)
    }
}

impl Transaction {
    /// The migrations that the database went through, in order; `None` if it has no table of them.
    pub async fn applied(&mut self) -> Result<Option<Vec<Applied>>, StoreError> {
        // Each database keeps its own list of tables.
        let is_there = sql_of_each(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'schema_migration'",
        );
        if self.fetch_optional(is_there).await?.is_none() {
            return Ok(None);
        }
        let rows =
            self.fetch_all(sql("SELECT name, checksum FROM schema_migration ORDER BY position")).await?;
        let read =
            rows.iter().map(|row| Ok(Applied { name: row.get("name")?, checksum: row.get("checksum")? }));
        read.collect::<Result<Vec<_>, StoreError>>().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration {
        name: "first",
        text: "CREATE TABLE a (\n    digest BYTEA NOT NULL,\n    at_ms BIGINT\n);\n-- only sqlite\nPRAGMA one;\n-- only postgres\nSELECT 1;\n-- both\nCREATE INDEX b ON a (at_ms);\n",
    };

    #[test]
    fn one_text_is_put_in_the_words_of_each_database() {
        assert_eq!(
            FIRST.script(Kind::Sqlite),
            "CREATE TABLE a (\n    digest BLOB NOT NULL,\n    at_ms INTEGER\n) STRICT;\nPRAGMA one;\nCREATE INDEX b ON a (at_ms);\n"
        );
        assert_eq!(
            FIRST.script(Kind::Postgres),
            "CREATE TABLE a (\n    digest BYTEA NOT NULL,\n    at_ms BIGINT\n);\nSELECT 1;\nCREATE INDEX b ON a (at_ms);\n"
        );
    }
}
