//! Many rows put into a table with few statements: one statement a row costs more than the row.

use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, Postgres, Sqlite};

use crate::transaction::Inner;
use crate::{StoreError, Value, Write};

/// Most values that one statement binds. PostgreSQL takes 65,535 and SQLite 32,766.
const VALUES_MAX: usize = 32_766;

/// Most rows that one statement holds; beyond that it gets no faster and longer to read.
const ROWS_MAX: usize = 250;

/// Rows of one width on their way into a table.
#[derive(Clone, Debug)]
pub struct Rows {
    into: &'static str,
    behind: &'static str,
    width: usize,
    values: Vec<Value>,
}

/// No rows yet, for `INSERT INTO part (thing_id, number)`.
///
/// ```
/// let rows = store::rows_into("INSERT INTO part (thing_id, number)", "ON CONFLICT DO NOTHING", 2);
/// assert!(rows.is_empty());
/// ```
pub fn rows_into(into: &'static str, behind: &'static str, width: usize) -> Rows {
    assert!((1..=VALUES_MAX).contains(&width), "a row has at least one value, and fits into a statement");
    Rows { into, behind, width, values: Vec::new() }
}

impl Rows {
    /// One more row.
    pub fn push<const WIDTH: usize>(&mut self, row: [Value; WIDTH]) {
        assert_eq!(WIDTH, self.width, "all rows have as many values as there are columns");
        self.values.extend(row);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The text for that many rows.
    fn text(&self, rows: usize) -> String {
        use std::fmt::Write as _;
        let mut text = format!("{} VALUES ", self.into);
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.width {
                let comma = if column == 0 { "" } else { ", " };
                let _ = write!(text, "{comma}${}", row * self.width + column + 1);
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.behind);
        text
    }
}

impl Write {
    /// Inserts the rows, in order; the number of rows that were.
    pub async fn insert_rows(&mut self, rows: Rows) -> Result<u64, StoreError> {
        let at_once = ROWS_MAX.min(VALUES_MAX / rows.width);
        let full = rows.text(at_once);
        let mut inserted = 0;
        let mut values = rows.values.iter();
        let mut left = rows.len();
        while left > 0 {
            let count = left.min(at_once);
            let text = if count == at_once { full.clone() } else { rows.text(count) };
            let chunk = values.by_ref().take(count * rows.width).cloned();
            // A statement of an odd length is not kept: it would drive those out that come again.
            inserted += self.execute_many(text, chunk, count == at_once).await?;
            left -= count;
        }
        Ok(inserted)
    }

    async fn execute_many(
        &mut self,
        text: String,
        values: impl Iterator<Item = Value>,
        is_kept: bool,
    ) -> Result<u64, StoreError> {
        macro_rules! run {
            ($database:ty, $transaction:expr) => {{
                let mut arguments = <$database as sqlx::Database>::Arguments::default();
                for value in values {
                    let added = match value {
                        Value::Integer(value) => arguments.add(value),
                        Value::Text(value) => arguments.add(value),
                        Value::Bytes(value) => arguments.add(value),
                        Value::Truth(value) => arguments.add(value),
                    };
                    added.map_err(sqlx::Error::Encode)?;
                }
                // The text holds the program's own words and numbers of places; what people typed is bound.
                let query = sqlx::query_with(AssertSqlSafe(text), arguments).persistent(is_kept);
                Ok((&mut **$transaction).execute(query).await?.rows_affected())
            }};
        }
        match &mut self.0.0 {
            Inner::Sqlite(transaction) => run!(Sqlite, transaction),
            Inner::Postgres(transaction) => run!(Postgres, transaction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        let rows = rows_into("INSERT INTO part (thing_id, number)", "ON CONFLICT DO NOTHING", 2);
        assert_eq!(
            rows.text(2),
            "INSERT INTO part (thing_id, number) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
        );
    }
}
