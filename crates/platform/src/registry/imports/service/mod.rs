//! The verbs of imports, and the job that stages a batch.

pub mod commit;
pub mod examine;
pub mod job;
pub mod list;
pub mod upload;
pub mod withdraw;

use store::Transaction;

use super::super::sql as registry;
use super::model::{Batch, BatchId};
use super::sql;
use crate::ground::{Fault, Ground};
use crate::identity::{Record, Refusal};

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 2_000;

/// How entries of the audit chain name a batch, and under which name acts on it wait for each other.
fn about(batch: BatchId) -> String {
    format!("import:{batch}")
}

/// What batches of a source belong to: the source's department, and the one that keeps the register.
async fn record_of(transaction: &mut Transaction, source: &str) -> Result<Record, Fault> {
    let office = registry::sources::office(transaction).await?;
    let department = registry::sources::find(transaction, source).await?.and_then(|source| source.department);
    Ok(Record::of_departments(department, office))
}

/// A batch and what it belongs to; nothing of a batch that is not there.
async fn found(ground: &Ground, id: BatchId) -> Result<(Record, Option<Batch>), Fault> {
    let mut read = ground.read().await?;
    let batch = sql::batch(&mut read, id).await?;
    let record = match &batch {
        Some(batch) => record_of(&mut read, &batch.source).await?,
        None => record_of(&mut read, "").await?,
    };
    Ok((record, batch))
}

/// A reason, without blanks around it.
fn needed(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let is_fine = !text.is_empty() && text.chars().count() <= REASON_CHARS_MAX;
    if is_fine { Ok(text.to_owned()) } else { Err(Refusal::Reason) }
}
