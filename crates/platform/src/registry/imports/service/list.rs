//! Looking at batches.

use facts::Vocabulary;

use super::super::mapping::{Suggestion, suggest};
use super::super::model::{Batch, BatchId, Problem};
use super::super::{sql, workflow};
use super::{found, record_of};
use crate::ground::{Fault, Ground, chain};
use crate::identity::{Action, Answer, Principal, Refusal, authorise};

/// Most batches or problems of a page.
pub const PAGE_MAX: usize = 201;

/// A batch.
pub async fn batch(ground: &Ground, principal: &Principal, id: BatchId) -> Answer<Batch> {
    let (record, batch) = found(ground, id).await?;
    Ok(authorise(principal, Action::ImportFacts, &record).and_then(|()| batch.ok_or(Refusal::NotThere)))
}

/// The batches that somebody may see, before one of them, the latest first.
pub async fn batches(
    ground: &Ground,
    principal: &Principal,
    before: Option<BatchId>,
    limit: usize,
) -> Answer<Vec<Batch>> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut read = ground.read().await?;
    let mut page: Vec<Batch> = Vec::new();
    let mut before = before;
    let anywhere = record_of(&mut read, "").await?;
    if authorise(principal, Action::ImportFacts, &anywhere) == Err(Refusal::Forbidden) {
        return Ok(Err(Refusal::Forbidden));
    }
    while page.len() < limit {
        let next = sql::batches(&mut read, before, limit).await?;
        let Some(last) = next.last() else { break };
        before = Some(last.id);
        for batch in next {
            let record = record_of(&mut read, &batch.source).await?;
            if page.len() < limit && authorise(principal, Action::ImportFacts, &record).is_ok() {
                page.push(batch);
            }
        }
    }
    Ok(Ok(page))
}

/// What was not understood in a batch, behind a problem's number.
pub async fn problems(
    ground: &Ground,
    principal: &Principal,
    id: BatchId,
    after: u64,
    limit: usize,
) -> Answer<Vec<Problem>> {
    if let Err(refusal) = batch(ground, principal, id).await? {
        return Ok(Err(refusal));
    }
    let limit = limit.clamp(1, PAGE_MAX);
    Ok(Ok(sql::problems(&mut ground.read().await?, id, after, limit).await?))
}

/// What each column of a batch may mean, in order.
pub fn suggestions(vocabulary: &Vocabulary, batch: &Batch) -> Vec<Suggestion> {
    batch.mapping.columns.iter().map(|column| suggest(vocabulary, &column.header)).collect()
}

/// The Merkle root over a batch's statements as they stand in the database now. It is the one in the audit entry of the import,
/// unless somebody changed a statement past this program.
pub async fn root_of(ground: &Ground, id: BatchId) -> Result<[u8; 32], Fault> {
    let mut read = ground.read().await?;
    let algorithm = chain::head(&mut read, ground.keys()).await?.algorithm;
    Ok(workflow::root(algorithm, sql::digests(&mut read, id).await?))
}
