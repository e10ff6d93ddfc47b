//! The audit chain: who did what to what and when, so that nobody can change it later unnoticed.
//!
//! Each entry holds the hash of the one before it. The *head* tells how many entries there are, the hash of the last and
//! the root of a Merkle tree over all of them, signed with a key outside the database. Heads are also *filed*: appended to a
//! file outside the database, each line holding the digest of the line before.
//!
//! | who can write to | is found by |
//! | --- | --- |
//! | entries | the hashes |
//! | entries and hashes | the root and hash in the signed head, and in every filed head |
//! | entries, hashes and an older signed head | the filed heads |
//! | the filed heads | their signatures and their own chain, and the copies that others hold |
//!
//! Values before and after an act lie beside the entry, which holds their salted digests. Erasing takes value and salt and
//! leaves an entry of its own, so the chain still verifies and says when and on what ground something was erased.
//!
//! INVARIANT: an entry's position is given out under the lock of the head's row, as the last thing before COMMIT, so
//! whoever reads up to a position has read everything before it.

mod entry;
mod export;
mod filed;
mod hash;
mod head;
mod merkle;
mod prune;
mod sql;
#[cfg(test)]
mod tests;
mod verify;

use serde_json::Value;
use store::{Migration, Store, Transaction, Write};

use super::{Caller, Fault, Ground, Keys, Moment};

pub use entry::{Entry, Erased, ValueSide, value_digest};
pub use export::{ExportProblem, Exporting, Proof, prove, prove_in_lines, verify_export};
pub use filed::{FiledHead, FiledHeads, file_head};
pub use hash::{Algorithm, Digest};
pub use head::Head;
pub use merkle::{Peaks, is_included};
pub use prune::{NotPruned, Pruned, RETENTION_MONTHS, prune};
pub use verify::{Finding, Verified, verify, verify_telling};

/// The chain's tables.
pub const MIGRATION: Migration = Migration { name: "audit-chain-1", text: include_str!("0001.sql") };

/// Most entries that a page holds.
pub const PAGE_MAX: i64 = 500;

/// What a verb says it did.
pub(super) struct Draft {
    pub action: &'static str,
    pub subject: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Lays the head of an empty chain, or sees that the one that is there is ours.
pub(super) async fn begin(write: &mut Write, keys: &Keys, algorithm: Algorithm) -> Result<(), Fault> {
    match sql::head(write).await? {
        Some(signed) => signed.verified(keys).map(|_| ()),
        None if sql::is_empty(write).await? => {
            let head = Head::empty(algorithm);
            sql::insert_head(write, &head, &head.sign(keys)).await
        }
        None => Err(Fault::ForeignHead),
    }
}

/// Whether the chain of that database has not begun: it is new, and so are its keys.
pub async fn is_unbegun(store: &Store) -> Result<bool, Fault> {
    Ok(sql::head(&mut store.read().await?).await?.is_none())
}

/// Puts entries behind the head. The position of the last.
pub(super) async fn append(
    write: &mut Write,
    ground: &Ground,
    caller: &Caller,
    at: Moment,
    drafts: Vec<Draft>,
) -> Result<u64, Fault> {
    let mut head = sql::lock_head(write).await?.ok_or(Fault::ForeignHead)?.verified(ground.keys())?;
    for draft in drafts {
        let entry = Entry::new(&head, caller, at, &draft, ground.chance());
        head.add(entry.hash);
        sql::insert_entry(write, &entry).await?;
    }
    sql::update_head(write, &head, &head.sign(ground.keys())).await?;
    Ok(head.size)
}

/// The head, if it is ours.
pub async fn head(transaction: &mut Transaction, keys: &Keys) -> Result<Head, Fault> {
    sql::head(transaction).await?.ok_or(Fault::ForeignHead)?.verified(keys)
}

/// Entries after a position, in order, at most [`PAGE_MAX`].
pub async fn entries_after(transaction: &mut Transaction, position: u64) -> Result<Vec<Entry>, Fault> {
    sql::entries_after(transaction, position, PAGE_MAX).await
}

/// Which entries somebody looks for. By default all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Before that position.
    pub before: u64,
    /// About that subject.
    pub subject: Option<String>,
    /// By that actor; an account with all its tokens.
    pub actor: Option<String>,
    /// That action; `identity` stands for all of its actions.
    pub action: Option<String>,
    /// Not earlier than that.
    pub from: Moment,
    /// Earlier than that.
    pub until: Moment,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            before: u64::MAX,
            subject: None,
            actor: None,
            action: None,
            from: Moment(i64::MIN),
            until: Moment(i64::MAX),
        }
    }
}

/// Entries that are looked for, the latest first, at most as many as asked for and [`PAGE_MAX`].
pub async fn search(
    transaction: &mut Transaction,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<Entry>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(PAGE_MAX).min(PAGE_MAX);
    sql::search(transaction, wanted, limit).await
}

/// The entry at a position.
pub async fn entry_at(transaction: &mut Transaction, position: u64) -> Result<Option<Entry>, Fault> {
    sql::entry_at(transaction, position).await
}

/// When and on what ground the values of an entry were erased, if they were.
pub async fn erased(transaction: &mut Transaction, position: u64) -> Result<Option<Erased>, Fault> {
    let told = sql::erasure_of(transaction, position).await?;
    Ok(told.map(|entry| Erased { at: entry.at, ground: verify::ground_of(&entry) }))
}

/// Up to where entries were removed after their time; nought if none were.
pub async fn pruned_up_to(transaction: &mut Transaction, keys: &Keys) -> Result<u64, Fault> {
    let algorithm = head(transaction, keys).await?.algorithm;
    let checkpoint = sql::checkpoint(transaction, algorithm).await?;
    checkpoint.map_or(Ok(0), |checkpoint| Ok(checkpoint.verified(keys)?.size))
}

/// Erases the values of an entry with their salts, as part of a verb, which thereby records it. `false` if there is no such
/// entry or nothing is left of its values.
pub async fn erase_values(verb: &mut super::Verb, position: u64, ground_of_law: &str) -> Result<bool, Fault> {
    let erased = sql::delete_values(verb.write(), position).await?;
    if erased {
        let after = serde_json::json!({ "ground": ground_of_law });
        verb.record(entry::ERASE, format!("{}{position}", entry::ERASED_SUBJECT), None, Some(after));
    }
    Ok(erased)
}
