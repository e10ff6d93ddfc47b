//! The verbs of the auditor, and the same for the command line of the server.

use std::path::Path;

use facts::Date;
use serde_json::json;
use store::{Store, Transaction};

use super::model::{GroundOfLaw, Heads, Range, Shown};
use crate::ground::chain::{
    self, Entry, Exporting, FiledHeads, NotPruned, Pruned, ValueSide, Verified, Wanted,
};
use crate::ground::{Caller, Fault, Ground, Keys, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, authorise, begin, refused};

/// Most bytes of a file of heads that somebody hands in: some two million hours.
const HEADS_BYTES_MAX: usize = 64 << 20;

/// Entries that fit, the latest first, at most so many.
pub async fn list(
    ground: &Ground,
    principal: &Principal,
    wanted: &Wanted,
    limit: usize,
) -> Answer<Vec<Entry>> {
    if let Err(refusal) = authorise(principal, Action::ReadAudit, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    Ok(Ok(chain::search(&mut ground.read().await?, wanted, limit).await?))
}

/// One entry with its values, what became of them, and the proof that it is in the chain of the latest filed head.
pub async fn one(ground: &Ground, principal: &Principal, filed: &Path, position: u64) -> Answer<Shown> {
    if let Err(refusal) = authorise(principal, Action::ReadAudit, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    let filed = FiledHeads::read(filed, &ground.keys().verifying_key())?;
    let mut read = ground.read().await?;
    let Some(entry) = chain::entry_at(&mut read, position).await? else {
        return Ok(Err(Refusal::NotThere));
    };
    let is_short = |side| entry.digest(side).is_some() && entry.value(side).is_none();
    let erased = if ValueSide::ALL.into_iter().any(is_short) {
        chain::erased(&mut read, position).await?
    } else {
        None
    };
    let proof = match filed.heads.last().filter(|head| head.size >= position) {
        Some(head) => chain::prove(&mut read, head, position).await?,
        None => None,
    };
    Ok(Ok(Shown { entry, erased, proof }))
}

/// The head of now and the filed ones.
pub async fn heads(ground: &Ground, principal: &Principal, filed: &Path) -> Answer<Heads> {
    if let Err(refusal) = authorise(principal, Action::ReadAudit, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    let mut read = ground.read().await?;
    let now = chain::head(&mut read, ground.keys()).await?;
    let pruned_up_to = chain::pruned_up_to(&mut read, ground.keys()).await?;
    let filed = FiledHeads::read(filed, &ground.keys().verifying_key())?;
    Ok(Ok(Heads { now, pruned_up_to, filed }))
}

/// Computes the whole chain again. With heads that somebody kept elsewhere, it is held against those instead of the file.
pub async fn verify(
    ground: &Ground,
    principal: &Principal,
    filed: &Path,
    kept: Option<&str>,
) -> Answer<Verified> {
    if let Err(refusal) = authorise(principal, Action::ReadAudit, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    let key = ground.keys().verifying_key();
    let filed = match kept {
        Some(text) if text.len() > HEADS_BYTES_MAX => return Ok(Err(Refusal::PastLimit)),
        Some(text) => FiledHeads::parse(text, &key),
        None => FiledHeads::read(filed, &key)?,
    };
    Ok(Ok(chain::verify(&mut ground.read().await?, &filed, &key).await?))
}

/// The same for whoever has the keys and the command line of the server, also where the head is no longer ours.
pub async fn verify_by_command(
    store: &Store,
    keys: &Keys,
    filed: &FiledHeads,
    tell: &mut (dyn FnMut(u64) + Send),
) -> Result<Verified, Fault> {
    chain::verify_telling(&mut store.read().await?, filed, &keys.verifying_key(), tell).await
}

/// Entries on their way out: the head's line first, then an entry a line, all of one state of the database.
pub struct Export {
    read: Transaction,
    exporting: Exporting,
    is_begun: bool,
}

/// What an export found.
pub enum Proven {
    /// The lines.
    Lines(Box<Export>),
    /// There are no such entries: the first was removed after its time or there is none yet, or the last is not there.
    NoSuchEntries {
        /// The first that is there.
        first: u64,
        /// The last.
        last: u64,
    },
}

impl Export {
    /// The next lines without their ends; none after the last.
    pub async fn next_lines(&mut self) -> Result<Vec<String>, Fault> {
        if !std::mem::replace(&mut self.is_begun, true) {
            return Ok(vec![self.exporting.head_line()]);
        }
        self.exporting.next_lines(&mut self.read).await
    }

    /// How many entries are still to be given.
    pub fn left(&self) -> u64 {
        self.exporting.left()
    }
}

/// Takes entries out with proofs against a head that is filed for it. The act itself is the last entry that the head covers.
pub async fn export(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    filed: &Path,
    range: Range,
) -> Answer<Proven> {
    let verb = begin!(ground, principal, caller, Action::ExportAudit, &Record::PLATFORM);
    Ok(Ok(export_in(verb, filed, range).await?))
}

/// The same for whoever has the keys and the command line of the server.
pub async fn export_by_command(
    ground: &Ground,
    caller: &Caller,
    filed: &Path,
    range: Range,
) -> Result<Proven, Fault> {
    export_in(ground.begin(caller).await?, filed, range).await
}

async fn export_in(mut verb: Verb, filed: &Path, range: Range) -> Result<Proven, Fault> {
    let ground = verb.ground().clone();
    let last = chain::head(verb.write(), ground.keys()).await?.size;
    let first = chain::pruned_up_to(verb.write(), ground.keys()).await? + 1;
    let (from, to) = (range.from.unwrap_or(first), range.to.unwrap_or(last));
    if from < first || from > to || to > last {
        return Ok(Proven::NoSuchEntries { first, last });
    }
    let after = json!({ "from": from, "to": to });
    verb.record(Action::ExportAudit.as_code(), "audit-entries", None, Some(after));
    verb.commit().await?;
    chain::file_head(&ground, filed).await?;
    let filed = FiledHeads::read(filed, &ground.keys().verifying_key())?;
    let mut read = ground.read().await?;
    let begun = match filed.heads.last() {
        Some(head) => Exporting::begin(&mut read, head, from, to).await?,
        None => None,
    };
    // The head was filed a moment ago, so the entries up to it are there unless somebody took them out.
    let exporting = begun.ok_or_else(|| {
        Fault::Damaged(format!("audit entries {from} to {to} do not lead to the filed head"))
    })?;
    Ok(Proven::Lines(Box::new(Export { read, exporting, is_begun: false })))
}

/// Removes entries of days before `before` up to a filed head; nothing younger than six calendar months.
pub async fn prune(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    filed: &Path,
    before: Date,
) -> Answer<Result<Pruned, NotPruned>> {
    const ACTION: Action = Action::PruneAudit;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let filed = FiledHeads::read(filed, &ground.keys().verifying_key())?;
    let pruned = chain::prune(&mut verb, &filed, before).await?;
    if pruned.is_err() {
        let mut verb = verb.anew().await?;
        let after = json!({ "reason": "retention", "before": before.to_string() });
        verb.record("refuse", ACTION.as_code(), None, Some(after));
        verb.commit().await?;
    } else {
        verb.commit().await?;
    }
    Ok(Ok(pruned))
}

/// Erases the values of an entry, on a ground of law. The entry itself stays, and the chain says that it was done.
pub async fn erase(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    position: u64,
    ground_of_law: &GroundOfLaw,
) -> Answer<()> {
    const ACTION: Action = Action::EraseAudit;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    if chain::erase_values(&mut verb, position, ground_of_law.as_str()).await? {
        verb.commit().await?;
        return Ok(Ok(()));
    }
    let refusal = match chain::entry_at(verb.write(), position).await? {
        Some(_) => Refusal::NothingToDo,
        None => Refusal::NotThere,
    };
    refused(verb, ACTION.as_code(), refusal).await
}
