//! What tables there are, as each database keeps its own description of itself.

use super::{Holds, Table, TableColumn};
use crate::{StoreError, Transaction, sql_of_each};

/// All tables but the list of migrations.
pub async fn tables(transaction: &mut Transaction) -> Result<Vec<Table>, StoreError> {
    // Each database keeps its own description of itself. `place` is that in the primary key, or nought.
    let columns = sql_of_each(
        "SELECT t.name AS table_name, c.name AS column_name, LOWER(c.type) AS holds, c.pk AS place \
         FROM pragma_table_list t, pragma_table_info(t.name) c \
         WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND t.name <> 'schema_migration' ORDER BY t.name, c.cid",
        "SELECT CAST(c.table_name AS TEXT) AS table_name, CAST(c.column_name AS TEXT) AS column_name, \
         CAST(c.data_type AS TEXT) AS holds, COALESCE((SELECT CAST(k.ordinal_position AS BIGINT) \
         FROM information_schema.key_column_usage k JOIN information_schema.table_constraints p \
         ON p.constraint_schema = k.constraint_schema AND p.constraint_name = k.constraint_name \
         WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema \
         AND k.table_name = c.table_name AND k.column_name = c.column_name), 0) AS place \
         FROM information_schema.columns c JOIN information_schema.tables t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' \
         AND c.table_name <> 'schema_migration' ORDER BY c.table_name COLLATE \"C\", c.ordinal_position",
    );
    let mut tables: Vec<(Table, Vec<(i64, usize)>)> = Vec::new();
    for row in transaction.fetch_all(columns).await? {
        let (table, column): (String, String) = (row.get("table_name")?, row.get("column_name")?);
        let told: String = row.get("holds")?;
        let holds = match told.as_str() {
            "integer" | "bigint" => Holds::Integers,
            "text" => Holds::Text,
            "blob" | "bytea" => Holds::Bytes,
            "boolean" => Holds::Truths,
            _ => return Err(StoreError::StrangeTable { table: format!("{table}.{column} {told}") }),
        };
        if tables.last().is_none_or(|(last, _)| last.name != table) {
            tables.push((Table { name: table, columns: Vec::new(), key: Vec::new() }, Vec::new()));
        }
        let (table, key) = tables.last_mut().expect("one was put in if there was none");
        let place: i64 = row.get("place")?;
        if place > 0 {
            key.push((place, table.columns.len()));
        }
        table.columns.push(TableColumn { name: column, holds });
    }
    let finish = |(mut table, mut key): (Table, Vec<(i64, usize)>)| {
        key.sort_unstable();
        table.key = key.into_iter().map(|(_, column)| column).collect();
        if table.key.is_empty() { Err(StoreError::StrangeTable { table: table.name }) } else { Ok(table) }
    };
    tables.into_iter().map(finish).collect()
}
