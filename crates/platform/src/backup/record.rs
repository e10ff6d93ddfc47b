//! The lines of a backup's stream.

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::contents::Table;
use store::{Applied, Value};

use crate::ground::{from_hex, to_hex};

/// What a backup says of itself before anything else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// When it was made.
    pub made_ms: i64,
    /// By which version of the program.
    pub version: String,
    /// From which database: `sqlite` or `postgres`.
    pub from: String,
    /// What the database went through.
    pub migrations: Vec<Applied>,
    /// How many entries the audit chain had.
    pub chain_size: u64,
    /// The root over them, in hexadecimal digits.
    pub chain_root: String,
    /// What the heads of the chain are verified with.
    pub verifying_key: [u8; 32],
    /// The tables with their columns.
    pub tables: Vec<(String, Vec<String>)>,
}

impl Manifest {
    /// As a line, without its end.
    pub fn to_line(&self) -> String {
        let migrations = self
            .migrations
            .iter()
            .map(|applied| json!({ "name": applied.name, "checksum": to_hex(&applied.checksum) }));
        let tables = self.tables.iter().map(|(name, columns)| json!({ "name": name, "columns": columns }));
        json!({ "manifest": {
            "made_ms": self.made_ms,
            "version": self.version,
            "from": self.from,
            "migrations": migrations.collect::<Vec<_>>(),
            "chain": { "size": self.chain_size, "root": self.chain_root },
            "verifying_key": to_hex(&self.verifying_key),
            "tables": tables.collect::<Vec<_>>(),
        } })
        .to_string()
    }

    /// Reads what [`Manifest::to_line`] writes.
    pub fn parse(line: &Json) -> Option<Self> {
        let told = line.get("manifest")?;
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let migration = |value: &Json| {
            let checksum = from_hex::<32>(value.get("checksum")?.as_str()?)?.to_vec();
            Some(Applied { name: text(value.get("name")?)?, checksum })
        };
        let table = |value: &Json| {
            let columns = value.get("columns")?.as_array()?.iter().map(text).collect::<Option<Vec<_>>>()?;
            Some((text(value.get("name")?)?, columns))
        };
        Some(Self {
            made_ms: told.get("made_ms")?.as_i64()?,
            version: text(told.get("version")?)?,
            from: text(told.get("from")?)?,
            migrations: told.get("migrations")?.as_array()?.iter().map(migration).collect::<Option<_>>()?,
            chain_size: told.get("chain")?.get("size")?.as_u64()?,
            chain_root: text(told.get("chain")?.get("root")?)?,
            verifying_key: from_hex(told.get("verifying_key")?.as_str()?)?,
            tables: told.get("tables")?.as_array()?.iter().map(table).collect::<Option<_>>()?,
        })
    }
}

/// Rows of one table, counted, with a digest that does not hang on their order: databases sort text differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    pub rows: u64,
    sum: [u64; 4],
}

impl Tally {
    pub fn add(&mut self, line: &str) {
        self.rows += 1;
        let digest: [u8; 32] = Sha256::digest(line.as_bytes()).into();
        for (lane, bytes) in self.sum.iter_mut().zip(digest.as_chunks::<8>().0) {
            *lane = lane.wrapping_add(u64::from_be_bytes(*bytes));
        }
    }

    pub fn to_json(self, table: &str) -> Json {
        let digest: Vec<u8> = self.sum.iter().flat_map(|lane| lane.to_be_bytes()).collect();
        json!({ "name": table, "rows": self.rows, "digest": to_hex(&digest) })
    }
}

/// A row as a line: numbers, texts, bytes as `{"x": "hexadecimal"}`, nothing as `null`.
pub fn row_line(row: &[Value]) -> String {
    let cell = |value: &Value| match value {
        Value::Integer(Some(number)) => Json::from(*number),
        Value::Text(Some(text)) => Json::from(text.as_str()),
        Value::Bytes(Some(bytes)) => json!({ "x": to_hex(bytes) }),
        Value::Truth(Some(truth)) => Json::from(i64::from(*truth)),
        _ => Json::Null,
    };
    Json::from(row.iter().map(cell).collect::<Vec<_>>()).to_string()
}

/// Reads what [`row_line`] wrote, for that table; `None` if it is no row of it.
pub fn read_row(table: &Table, line: &Json) -> Option<Vec<Value>> {
    let cells = line.as_array().filter(|cells| cells.len() == table.columns.len())?;
    let read = |(cell, column): (&Json, &store::contents::TableColumn)| {
        Some(match cell {
            Json::Null => column.absent(),
            Json::Number(number) => Value::from(number.as_i64()?),
            Json::String(text) => Value::from(text.as_str()),
            Json::Object(_) => Value::from(read_bytes(cell.get("x")?.as_str()?)?),
            _ => return None,
        })
    };
    cells.iter().zip(&table.columns).map(read).collect()
}

/// Bytes of hexadecimal digits.
pub fn read_bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok();
    if pairs.1.is_empty() { pairs.0.iter().map(byte).collect() } else { None }
}
