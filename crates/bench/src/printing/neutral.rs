//! The workload as files that any program can read: rows as Parquet, documents as JSON.
//!
//! `rows.parquet`: numbers and counts as 64-bit, codes as 8-bit, sets as 32-bit masks, days as dates; null is not known.
//! `documents.json`: `{atoms: [{kind, column, …, sql}], documents: [{id, needs: [node]}]}`, where a node is
//! `{atom: index}`, `{not: node}`, `{all: [node]}` or `{any: [node]}`.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, UInt8Array};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use super::sql;
use crate::workload::documents::{Atom, Documents, Node};
use crate::workload::fields::{FIELDS, Kind, SHARES, months_ago};
use crate::workload::rows::Rows;

/// Rows of a batch.
const BATCH_ROWS: usize = 65_536;

/// Rows `from..to` as one batch of columns.
pub fn batch(rows: &Rows, from: usize, to: usize) -> Result<RecordBatch> {
    let mut fields = Vec::with_capacity(FIELDS.len());
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(FIELDS.len());
    for (field, column) in FIELDS.iter().zip(&rows.columns) {
        let values = (from..to).map(|row| column.get(row));
        let array: ArrayRef = match field.kind {
            Kind::Money { .. } | Kind::Count { .. } | Kind::Part { .. } => {
                Arc::new(values.collect::<Int64Array>())
            }
            Kind::Date => {
                Arc::new(values.map(|value| value.map(|days| days as i32)).collect::<Date32Array>())
            }
            Kind::Code(_) => {
                Arc::new(values.map(|value| value.map(|code| code as u8)).collect::<UInt8Array>())
            }
            Kind::Bool => Arc::new(values.map(|value| value.map(|yes| yes == 1)).collect::<BooleanArray>()),
            Kind::Set(_) => {
                Arc::new(values.map(|value| value.map(|bits| bits as i32)).collect::<Int32Array>())
            }
        };
        fields.push(Field::new(field.column, array.data_type().clone(), true));
        arrays.push(array);
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// All rows in batches.
pub fn batches(rows: &Rows) -> Result<Vec<RecordBatch>> {
    let starts = (0..rows.count).step_by(BATCH_ROWS);
    starts.map(|from| batch(rows, from, (from + BATCH_ROWS).min(rows.count))).collect()
}

/// Writes both files into a folder.
pub fn write(folder: &Path, documents: &Documents, rows: &Rows) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making `{}`", folder.display()))?;
    let path = folder.join("documents.json");
    std::fs::write(&path, documents_json(documents).to_string())
        .with_context(|| format!("writing `{}`", path.display()))?;
    let path = folder.join("rows.parquet");
    let file = File::create(&path).with_context(|| format!("writing `{}`", path.display()))?;
    let batches = batches(rows)?;
    let schema = batches.first().context("the workload has rows")?.schema();
    let mut writer = ArrowWriter::try_new(file, schema, None)?;
    for batch in &batches {
        writer.write(batch)?;
    }
    writer.close()?;
    Ok(())
}

/// The documents in the neutral form.
pub fn documents_json(documents: &Documents) -> Value {
    let atoms: Vec<Value> = documents.atoms.iter().map(atom_json).collect();
    let texts: Vec<Value> = documents
        .documents
        .iter()
        .map(|document| json!({"id": document.id, "needs": nodes_json(&document.needs)}))
        .collect();
    let shares: Vec<Value> = SHARES
        .iter()
        .enumerate()
        .map(|(index, share)| {
            let name = |field: usize| FIELDS[field].column;
            json!({"numerator": name(share.numerator), "denominator": name(share.denominator), "sql": sql::share(index)})
        })
        .collect();
    json!({"shares": shares, "atoms": atoms, "documents": texts})
}

fn nodes_json(nodes: &[Node]) -> Vec<Value> {
    nodes.iter().map(node_json).collect()
}

fn node_json(node: &Node) -> Value {
    match node {
        Node::Atom(atom) => json!({"atom": atom}),
        Node::Not(inner) => json!({"not": node_json(inner)}),
        Node::All(members) => json!({"all": nodes_json(members)}),
        Node::Any(members) => json!({"any": nodes_json(members)}),
    }
}

/// Numbers in the stored unit, shares in thousandths, days since 1970.
fn atom_json(atom: &Atom) -> Value {
    let name = |field: &usize| FIELDS[*field].column;
    let mut value = match atom {
        Atom::AtLeast { field, cut } => json!({"kind": "at_least", "column": name(field), "cut": cut}),
        Atom::Below { field, cut } => json!({"kind": "below", "column": name(field), "cut": cut}),
        Atom::Within { field, low, high } => {
            json!({"kind": "within", "column": name(field), "low": low, "high": high})
        }
        Atom::ShareAtLeast { share, cut } => json!({"kind": "share_at_least", "share": share, "cut": cut}),
        Atom::ShareAtMost { share, cut } => json!({"kind": "share_at_most", "share": share, "cut": cut}),
        Atom::Young { field, months } => {
            json!({"kind": "since", "column": name(field), "day": months_ago(*months)})
        }
        Atom::Old { field, months } => {
            json!({"kind": "until", "column": name(field), "day": months_ago(*months)})
        }
        Atom::In { field, codes } => json!({"kind": "in", "column": name(field), "codes": codes}),
        Atom::Is { field } => json!({"kind": "is", "column": name(field)}),
        Atom::Has { field, code } => json!({"kind": "has", "column": name(field), "bit": 1_u32 << code}),
    };
    value["sql"] = Value::String(sql::condition(atom, false));
    value["sql_staged"] = Value::String(sql::condition(atom, true));
    value
}
