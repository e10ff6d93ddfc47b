//! The job that stages a batch and makes it count.
//!
//! It begins by taking back what an attempt before it staged, so it may be cut short anywhere. Each step is a short transaction
//! that keeps the lease too: whoever lost it, or whose batch was given up, writes nothing more. The last transaction is small
//! however large the batch is: one entry of the ledger, one of the audit chain.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use facts::Vocabulary;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::jobs::{self, Lease};

use super::super::super::api::Words;
use super::super::super::content_digest;
use super::super::super::model::{EntryKind, StatementId, SubjectId};
use super::super::super::sql as registry;
use super::super::model::{Batch, BatchId, BatchState, Takes};
use super::super::rows::{self, Message, Prepared, Who};
use super::super::{sql, workflow};
use super::about;
use super::examine::resolve;
use crate::ground::worker::Handler;
use crate::ground::{Actor, Caller, Fault, Ground, Moment, RequestId, chain, to_hex};

/// Under which name workers know the job.
pub const JOB_KIND: &str = "registry.import";

/// How long a lease is kept at each step.
const LEASE: Duration = Duration::from_secs(60);

/// Statements that are taken back in one step.
const CLEARED_AT_ONCE: usize = 2_000;

/// Files that are put away in one step.
const FILES_AT_ONCE: usize = 1;

/// How long a batch waits to be confirmed.
const CONFIRM_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// After how long parts of a file without a batch belong to nobody: their upload was cut short.
const ORPHAN_AFTER: Duration = Duration::from_secs(60 * 60);

/// Bytes of a statement's salt.
const SALT_BYTES: usize = 16;

/// What the job is to do, and on whose behalf.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Order {
    pub batch: String,
    pub account: String,
    pub acting_for: Option<String>,
    pub request: String,
}

impl Order {
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("four texts are always written as JSON")
    }

    fn caller(&self, held: &Lease) -> Caller {
        let request = if self.request.is_empty() { &held.id } else { &self.request };
        let actor =
            if self.account.is_empty() { Actor::System } else { Actor::Account(self.account.clone()) };
        Caller {
            actor,
            acting_for: self.acting_for.clone(),
            request: RequestId::new(request),
            address: String::new(),
            once: None,
        }
    }
}

/// What came of staging.
enum Staged {
    /// All rows that are to be taken, with the digests of their statements in order of ids.
    All(Vec<(StatementId, [u8; 32])>),
    /// The batch was given up meanwhile.
    GivenUp,
    /// Rows are bad now, and all or nothing was asked for; or the file can no longer be read.
    Bad,
}

/// Does the jobs of imports for a worker.
pub struct Importer {
    ground: Ground,
    words: Words,
}

impl Importer {
    /// Over a ground, with the vocabulary in use.
    pub fn new(ground: &Ground, words: &Words) -> Self {
        Self { ground: ground.clone(), words: words.clone() }
    }
}

impl Handler for Importer {
    fn kind(&self) -> &'static str {
        JOB_KIND
    }

    fn run<'a>(&'a self, lease: &'a Lease) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>> {
        Box::pin(async { run_import(&self.ground, &self.words.now(), lease).await })
    }
}

/// Does the job of a lease: stages a batch and makes it count, or clears one that was given up. An error is for the worker to
/// put back into the queue; the next attempt begins anew.
pub async fn run_import(ground: &Ground, vocabulary: &Arc<Vocabulary>, held: &Lease) -> Result<(), Fault> {
    let order: Order = serde_json::from_str(&held.payload)
        .map_err(|error| Fault::Damaged(format!("the job {}: {error}", held.id)))?;
    let id = BatchId::parse(&order.batch)
        .ok_or_else(|| Fault::Damaged(format!("the job {} names no batch", held.id)))?;
    let batch = sql::batch(&mut ground.read().await?, id).await?;
    let batch = batch.ok_or_else(|| Fault::Damaged(format!("the batch of the job {} is gone", held.id)))?;
    let is_mine = batch.state == BatchState::Staging && !order.account.is_empty();
    if !is_mine {
        if matches!(batch.state, BatchState::Cancelled | BatchState::Failed) {
            clear(ground, held, id).await?;
        }
        return finish(ground, held).await;
    }
    clear(ground, held, id).await?;
    match stage(ground, vocabulary, held, &batch, &order).await? {
        Staged::All(digests) => make_visible(ground, held, &batch, &order, digests).await?,
        Staged::GivenUp => {
            clear(ground, held, id).await?;
            finish(ground, held).await?;
        }
        Staged::Bad => {
            clear(ground, held, id).await?;
            give_up(ground, held, id, &order).await?;
        }
    }
    put_away(ground).await.map(|_| ())
}

/// Takes back what was staged.
async fn clear(ground: &Ground, held: &Lease, id: BatchId) -> Result<(), Fault> {
    loop {
        let mut write = ground.housekeeping().await?;
        jobs::renew_in(&mut write, held, ground.now().0, LEASE).await?;
        let gone = sql::delete_staged(&mut write, id, CLEARED_AT_ONCE).await?;
        write.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

async fn finish(ground: &Ground, held: &Lease) -> Result<(), Fault> {
    let mut write = ground.housekeeping().await?;
    jobs::finish(&mut write, held).await?;
    Ok(write.commit().await?)
}

async fn stage(
    ground: &Ground,
    vocabulary: &Arc<Vocabulary>,
    held: &Lease,
    batch: &Batch,
    order: &Order,
) -> Result<Staged, Fault> {
    let bytes = Arc::new(sql::file(&mut ground.read().await?, batch.id).await?);
    let mut messages = rows::start(batch.reading(vocabulary, &bytes));
    let mut step = Step {
        ground,
        held,
        batch,
        by: order.caller(held).actor.to_string(),
        seen: BTreeSet::new(),
        digests: Vec::new(),
    };
    loop {
        match messages.recv().await {
            Some(Message::Rows(rows)) => {
                if let Some(ended) = step.take(rows).await? {
                    return Ok(ended);
                }
            }
            Some(Message::End) => {
                step.digests.sort_unstable_by_key(|(id, _)| *id);
                return Ok(Staged::All(step.digests));
            }
            Some(Message::Refused(_)) | None => return Ok(Staged::Bad),
        }
    }
}

struct Step<'a> {
    ground: &'a Ground,
    held: &'a Lease,
    batch: &'a Batch,
    by: String,
    seen: BTreeSet<SubjectId>,
    digests: Vec<(StatementId, [u8; 32])>,
}

impl Step<'_> {
    /// Stages some rows. Something, if that was the end.
    async fn take(&mut self, mut rows: Vec<Prepared>) -> Result<Option<Staged>, Fault> {
        let now = self.ground.now();
        let batch = self.batch;
        // Whom a row is about is looked up before the writing begins: other writers wait for as little as possible.
        let kind = &batch.subject_kind;
        let subjects = resolve(&mut self.ground.read().await?, kind, &mut rows, &mut self.seen).await?;
        let mut taken: Vec<(Prepared, Option<SubjectId>)> = Vec::with_capacity(rows.len());
        for (row, subject) in rows.into_iter().zip(subjects) {
            if row.problems.is_empty() {
                taken.push((row, subject));
            } else if batch.takes != Some(Takes::Good) {
                return Ok(Some(Staged::Bad));
            }
        }
        let mut write = self.ground.housekeeping().await?;
        write.lock(&about(batch.id)).await?;
        jobs::renew_in(&mut write, self.held, now.0, LEASE).await?;
        let done = (self.digests.len() + taken.len()) as u64;
        if !sql::set_done(&mut write, batch.id, done).await? {
            return Ok(Some(Staged::GivenUp));
        }
        self.bring_subjects(&mut write, &mut taken, now).await?;
        let mut statements = sql::statement_rows();
        for (row, subject) in taken {
            let Some(subject) = subject else {
                return Err(Fault::Damaged("a subject that was just put into the register".to_owned()));
            };
            let chance = self.ground.chance();
            let id = StatementId::new(now, chance);
            let salt = chance.bytes::<SALT_BYTES>();
            let digest = content_digest(&salt, &row.content);
            self.digests.push((id, digest));
            statements.push([
                id.to_string().into(),
                batch.id.to_string().into(),
                subject.to_string().into(),
                batch.source.as_str().into(),
                batch.observed.to_epoch_days().into(),
                now.0.into(),
                self.by.as_str().into(),
                digest.into(),
                salt.to_vec().into(),
                row.content.into(),
            ]);
        }
        write.insert_rows(statements).await?;
        write.commit().await?;
        Ok(None)
    }

    /// Puts those into the register who come with the batch. Somebody else may have done so since they were looked up.
    async fn bring_subjects(
        &self,
        write: &mut store::Write,
        taken: &mut [(Prepared, Option<SubjectId>)],
        now: Moment,
    ) -> Result<(), Fault> {
        let kind = &self.batch.subject_kind;
        let mut newcomers = Vec::new();
        for (row, subject) in taken.iter_mut().filter(|(_, subject)| subject.is_none()) {
            if let Who::Code(code) = &row.who {
                let id = SubjectId::new(now, self.ground.chance());
                newcomers.push((id, code.as_str(), row.name.as_str()));
                *subject = Some(id);
            }
        }
        let brought = sql::insert_subjects(write, kind, &newcomers, now).await?;
        if brought == newcomers.len() as u64 {
            return Ok(());
        }
        let ours: BTreeSet<SubjectId> = newcomers.iter().map(|(id, _, _)| *id).collect();
        let wanted: Vec<&Who> = taken.iter().map(|(row, _)| &row.who).collect();
        let found = sql::find_subjects(write, kind, &wanted).await?;
        for (row, subject) in taken.iter_mut().filter(|(_, it)| it.is_some_and(|it| ours.contains(&it))) {
            if let Who::Code(code) = &row.who {
                *subject = found.get(code).and_then(|there| there.first()).map(|there| there.id);
            }
        }
        Ok(())
    }
}

/// Makes all rows count at once.
async fn make_visible(
    ground: &Ground,
    held: &Lease,
    batch: &Batch,
    order: &Order,
    digests: Vec<(StatementId, [u8; 32])>,
) -> Result<(), Fault> {
    let mut verb = ground.begin(&order.caller(held)).await?;
    verb.write().lock(&about(batch.id)).await?;
    let now = verb.now();
    let current = sql::batch(verb.write(), batch.id).await?;
    let Some(mut current) = current.filter(|it| it.state == BatchState::Staging) else {
        // Given up at the last moment: the job of that act clears it.
        drop(verb);
        return finish(ground, held).await;
    };
    let algorithm = chain::head(verb.write(), ground.keys()).await?.algorithm;
    let count = digests.len() as u64;
    let root = workflow::root(algorithm, digests.into_iter().map(|(_, digest)| digest));
    (current.state, current.since, current.done) = (BatchState::Visible, now, count);
    current.root = Some(root);
    current.samples.clear();
    sql::update_batch(verb.write(), &current).await?;
    jobs::finish(verb.write(), held).await?;
    let after = json!({
        "source": batch.source,
        "observed_on": batch.observed.to_string(),
        "file": to_hex(&batch.file_digest),
        "rows": count,
        "root": to_hex(&root),
        "hash": algorithm.as_code(),
    });
    verb.record("registry.import", about(batch.id), None, Some(after));
    registry::ledger::append(verb.write(), now, EntryKind::Import, &batch.id.to_string(), None).await?;
    verb.commit().await?;
    Ok(())
}

/// Says that nothing was imported, since rows became bad after the preview.
async fn give_up(ground: &Ground, held: &Lease, id: BatchId, order: &Order) -> Result<(), Fault> {
    let mut verb = ground.begin(&order.caller(held)).await?;
    verb.write().lock(&about(id)).await?;
    let now = verb.now();
    let current = sql::batch(verb.write(), id).await?;
    let Some(mut current) = current.filter(|it| it.state == BatchState::Staging) else {
        drop(verb);
        return finish(ground, held).await;
    };
    (current.state, current.since, current.done) = (BatchState::Failed, now, 0);
    current.samples.clear();
    sql::update_batch(verb.write(), &current).await?;
    jobs::finish(verb.write(), held).await?;
    verb.record("registry.fail-import", about(id), None, None);
    verb.commit().await?;
    Ok(())
}

/// Puts files away that nobody needs any more, and gives up batches that nobody confirmed. How many batches were given up.
pub async fn tidy_up(ground: &Ground) -> Result<usize, Fault> {
    let now = ground.now();
    let before = Moment(now.0.saturating_sub(ms(CONFIRM_WITHIN)));
    let forgotten = sql::forgotten(&mut ground.read().await?, before, CLEARED_AT_ONCE).await?;
    for batch in &forgotten {
        let mut verb = ground.begin(&Caller::system(RequestId::new("tidy-up"))).await?;
        verb.write().lock(&about(batch.id)).await?;
        let current = sql::batch(verb.write(), batch.id).await?;
        if let Some(mut current) = current.filter(|it| it.state == BatchState::Uploaded) {
            (current.state, current.since) = (BatchState::Cancelled, now);
            current.samples.clear();
            sql::update_batch(verb.write(), &current).await?;
            verb.record("registry.cancel-import", about(batch.id), None, None);
            verb.commit().await?;
        }
    }
    while put_away(ground).await? > 0 {}
    Ok(forgotten.len())
}

async fn put_away(ground: &Ground) -> Result<u64, Fault> {
    let orphaned = Moment(ground.now().0.saturating_sub(ms(ORPHAN_AFTER)));
    let bound = BatchId::new(orphaned, ground.chance()).to_string();
    let mut write = ground.housekeeping().await?;
    let gone = sql::delete_parts(&mut write, &bound, FILES_AT_ONCE).await?;
    write.commit().await?;
    Ok(gone)
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Stages a batch and stops there, as a worker does that dies.
#[cfg(test)]
pub async fn stage_for_test(ground: &Ground, vocabulary: &Arc<Vocabulary>, held: &Lease) {
    let order: Order = serde_json::from_str(&held.payload).expect("the job of a commit");
    let id = BatchId::parse(&order.batch).expect("a batch");
    let batch = sql::batch(&mut ground.read().await.expect("read"), id).await.expect("read").expect("there");
    let staged = stage(ground, vocabulary, held, &batch, &order).await.expect("staged");
    assert!(matches!(staged, Staged::All(_)));
}
