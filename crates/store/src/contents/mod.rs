//! All contents of a database, whatever its tables are: reading them in order of their keys, and putting them into another.
//!
//! What is read is the same on both databases: whole numbers (with 0 and 1 for no and yes), text, bytes, each possibly
//! absent. So contents go from either database into either. Names of tables and columns that become part of a statement are
//! the ones by which the database itself describes them, never what a file says.

mod describe;
mod load;

use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::statement::Bound;
use crate::transaction::Inner;
use crate::{Row, StoreError, Transaction, Value};

/// A table as the database describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<TableColumn>,
    /// Places of the columns of its primary key.
    key: Vec<usize>,
}

/// A column as the database describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    holds: Holds,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holds {
    Integers,
    Text,
    Bytes,
    /// On PostgreSQL alone; SQLite keeps them as 0 and 1.
    Truths,
}

impl Table {
    /// The names of its columns.
    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    /// The values of its key in a row.
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|place| row[*place].clone()).collect()
    }

    fn quoted_columns(&self) -> String {
        self.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
    }
}

/// A name as part of a statement.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Transaction {
    /// All tables but the list of migrations, in order of their names.
    pub async fn tables(&mut self) -> Result<Vec<Table>, StoreError> {
        describe::tables(self).await
    }

    /// The rows of a table behind a key, in order of keys, at most so many.
    pub async fn rows_after(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
        limit: u32,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let key: Vec<String> = table.key.iter().map(|place| quoted(&table.columns[*place].name)).collect();
        let key = key.join(", ");
        let (columns, name) = (table.quoted_columns(), quoted(&table.name));
        let (text, values) = match after {
            None => (format!("SELECT {columns} FROM {name} ORDER BY {key} LIMIT {limit}"), Vec::new()),
            Some(after) => {
                let places: Vec<String> = (1..=after.len()).map(|place| format!("${place}")).collect();
                let places = places.join(", ");
                let text = format!(
                    "SELECT {columns} FROM {name} WHERE ({key}) > ({places}) ORDER BY {key} LIMIT {limit}"
                );
                let in_place = table.key.iter().zip(after);
                (text, in_place.map(|(place, value)| table.columns[*place].holds.kept(value)).collect())
            }
        };
        let rows = self.fetch_built(text, values).await?;
        rows.iter().map(|row| read(table, row)).collect()
    }

    async fn fetch_built(&mut self, text: String, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        use sqlx::Executor as _;
        let text = AssertSqlSafe(text);
        Ok(match &mut self.0 {
            Inner::Sqlite(transaction) => {
                let query = sqlx::query::<Sqlite>(text).bind_all(values);
                let rows = (&mut **transaction).fetch_all(query).await?;
                rows.into_iter().map(|row| Row(crate::value::Inner::Sqlite(row))).collect()
            }
            Inner::Postgres(transaction) => {
                let query = sqlx::query::<Postgres>(text).bind_all(values);
                let rows = (&mut **transaction).fetch_all(query).await?;
                rows.into_iter().map(|row| Row(crate::value::Inner::Postgres(row))).collect()
            }
        })
    }
}

fn read(table: &Table, row: &Row) -> Result<Vec<Value>, StoreError> {
    let read = |column: &TableColumn| {
        let name = &column.name;
        Ok(match column.holds {
            Holds::Integers => Value::Integer(row.get(name)?),
            Holds::Text => Value::Text(row.get(name)?),
            Holds::Bytes => Value::Bytes(row.get(name)?),
            Holds::Truths => Value::Integer(row.get::<Option<bool>>(name)?.map(i64::from)),
        })
    };
    table.columns.iter().map(read).collect()
}

impl Holds {
    /// A value as it was read, as this column keeps it.
    fn kept(self, value: &Value) -> Value {
        match (self, value) {
            (Self::Truths, Value::Integer(number)) => Value::Truth(number.map(|number| number != 0)),
            (_, value) => value.clone(),
        }
    }

    /// Whether a value as it was read can stand here.
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Truths, Value::Integer(number)) => number.is_none_or(|number| number == 0 || number == 1),
            (Self::Integers, Value::Integer(_))
            | (Self::Text, Value::Text(_))
            | (Self::Bytes, Value::Bytes(_)) => true,
            _ => false,
        }
    }

    /// What is absent, as a value of this column.
    fn absent(self) -> Value {
        match self {
            Self::Integers | Self::Truths => Value::Integer(None),
            Self::Text => Value::Text(None),
            Self::Bytes => Value::Bytes(None),
        }
    }
}

impl TableColumn {
    /// What is absent, as a value of this column.
    pub fn absent(&self) -> Value {
        self.holds.absent()
    }
}
