//! Entries taken out of the database so that anybody can check them: JSON lines, each entry with the path that leads from it
//! to the root of a signed head, which is the first line.
//!
//! Values are not in it: they may be personal data, and what leaves the database cannot be erased. Their digests are.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use serde_json::{Value, json};
use store::Transaction;

use super::entry::Entry;
use super::filed::FiledHead;
use super::hash::{Algorithm, Digest};
use super::merkle::{BLOCK, Blocks, is_included};
use super::{Head, PAGE_MAX, sql};
use crate::ground::{Fault, Moment};

/// How many hashes are read at a time.
const HASHES_AT_ONCE: u64 = 8 * BLOCK;

/// Why an export does not prove what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExportProblem {
    /// A line cannot be read. Lines count from 1.
    NotALine(usize),
    /// The head on the first line is not signed with that key.
    HeadNotSigned,
    /// The entry on a line is not in the chain of that head.
    NotIncluded(usize),
}

/// Entries on their way out, page by page; 64 bytes are kept for each 1,024 entries of the chain.
pub struct Exporting {
    head: FiledHead,
    /// What is known of the entries that were removed after their time.
    known: Head,
    blocks: Blocks,
    done: u64,
    to: u64,
}

/// That an entry is in the chain of a filed head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The head.
    pub head: FiledHead,
    /// Hash of the entry before.
    pub previous: Digest,
    /// The digests that lead from the entry to the head's root, the nearest first.
    pub path: Vec<Digest>,
}

impl Exporting {
    /// The entries from `from` to `to`, both included, proven by a filed head that covers them. `None` where the head covers
    /// less, where `from` was removed after its time, or where the chain is not that of the head.
    pub async fn begin(
        transaction: &mut Transaction,
        head: &FiledHead,
        from: u64,
        to: u64,
    ) -> Result<Option<Self>, Fault> {
        let checkpoint = sql::checkpoint(transaction, head.algorithm).await?;
        let known = checkpoint.map_or(Head::empty(head.algorithm), |checkpoint| checkpoint.head);
        if from <= known.size || from > to || to > head.size {
            return Ok(None);
        }
        let mut blocks = Blocks::new(head.algorithm, &known.peaks);
        let mut last = known.size;
        while last < head.size {
            let limit = i64::try_from((head.size - last).min(HASHES_AT_ONCE)).expect("it is a small number");
            let page = sql::hashes_after(transaction, last, limit).await?;
            if page.is_empty() {
                return Ok(None);
            }
            for (position, hash) in page {
                if position != last + 1 {
                    return Ok(None);
                }
                blocks.add(hash);
                last = position;
            }
        }
        let is_that_chain = blocks.finish() == Some(head.root);
        Ok(is_that_chain.then(|| Self { head: head.clone(), known, blocks, done: from - 1, to }))
    }

    /// The first line.
    pub fn head_line(&self) -> String {
        self.head.line()
    }

    /// How many entries were given, and how many are left.
    pub fn left(&self) -> u64 {
        self.to - self.done
    }

    /// The next lines; none after the last. The transaction is the one that it began with.
    pub async fn next_lines(&mut self, transaction: &mut Transaction) -> Result<Vec<String>, Fault> {
        let lines = self.next(transaction).await?;
        Ok(lines.iter().map(|(entry, proof)| line(entry, proof)).collect())
    }

    /// The next entries within one block.
    async fn next(&mut self, transaction: &mut Transaction) -> Result<Vec<(Entry, Proof)>, Fault> {
        if self.done == self.to {
            return Ok(Vec::new());
        }
        let block = self.done / BLOCK;
        let first = (block * BLOCK).max(self.known.size);
        let end = ((block + 1) * BLOCK).min(self.head.size);
        // With the entry before the block, whose hash its first entry holds.
        let limit = i64::try_from(end - first + 1).expect("a block is small");
        let mut hashes: Vec<Digest> = Vec::new();
        for (position, hash) in sql::hashes_after(transaction, first.saturating_sub(1), limit).await? {
            if position > first && position <= end {
                hashes.push(hash);
            } else if position == first {
                hashes.insert(0, hash);
            }
        }
        if first == self.known.size {
            hashes.insert(0, self.known.hash);
        }
        if hashes.len() as u64 != end - first + 1 {
            return Err(Fault::Damaged(format!("audit entries after {first} are missing")));
        }
        let paths = self.blocks.paths(block, &hashes[1..]);
        let limit = i64::try_from(self.to.min(end) - self.done).expect("a block is small").min(PAGE_MAX);
        let mut proven = Vec::new();
        for entry in sql::entries_after(transaction, self.done, limit).await? {
            self.done += 1;
            let place = usize::try_from(entry.position.saturating_sub(first + 1)).unwrap_or(usize::MAX);
            let previous = hashes.get(place).copied();
            let path = paths.path(entry.position.saturating_sub(1));
            let is_whole = previous.is_some_and(|previous| {
                entry.position == self.done && entry.hash_after(self.head.algorithm, previous) == entry.hash
            });
            match (previous, path) {
                (Some(previous), Some(path)) if is_whole => {
                    proven.push((entry, Proof { head: self.head.clone(), previous, path }));
                }
                _ => return Err(Fault::Damaged(format!("audit entry {} was altered", self.done))),
            }
        }
        if proven.is_empty() {
            return Err(Fault::Damaged(format!("audit entry {} is missing", self.done + 1)));
        }
        Ok(proven)
    }
}

/// The proof that an entry is in the chain of a filed head; `None` where [`Exporting::begin`] has nothing.
pub async fn prove(
    transaction: &mut Transaction,
    head: &FiledHead,
    position: u64,
) -> Result<Option<Proof>, Fault> {
    match Exporting::begin(transaction, head, position, position).await? {
        None => Ok(None),
        Some(mut exporting) => Ok(exporting.next(transaction).await?.pop().map(|(_, proof)| proof)),
    }
}

/// The same as two lines of an export: the head, and the entry with its path.
pub async fn prove_in_lines(
    transaction: &mut Transaction,
    head: &FiledHead,
    position: u64,
) -> Result<Option<[String; 2]>, Fault> {
    match Exporting::begin(transaction, head, position, position).await? {
        None => Ok(None),
        Some(mut exporting) => {
            let lines = exporting.next_lines(transaction).await?;
            Ok(lines.into_iter().next().map(|line| [exporting.head_line(), line]))
        }
    }
}

fn line(entry: &Entry, proof: &Proof) -> String {
    let text = |digest: Option<Digest>| digest.map(|digest| digest.to_string());
    json!({
        "position": entry.position,
        "at_ms": entry.at.0,
        "actor": entry.actor,
        "acting_for": entry.acting_for,
        "action": entry.action,
        "subject": entry.subject,
        "before_digest": text(entry.before_digest),
        "after_digest": text(entry.after_digest),
        "request_id": entry.request,
        "previous": proof.previous.to_string(),
        "path": proof.path.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
    .to_string()
}

/// Checks an export without any database: the head's signature, each entry's hash, each path. The entries by position.
pub fn verify_export(lines: &[String], key: &VerifyingKey) -> Result<BTreeMap<u64, Entry>, ExportProblem> {
    let head = lines.first().and_then(|line| FiledHead::parse(line)).ok_or(ExportProblem::NotALine(1))?;
    if !head.is_signed_with(key) {
        return Err(ExportProblem::HeadNotSigned);
    }
    let mut entries = BTreeMap::new();
    for (index, line) in lines.iter().enumerate().skip(1) {
        let (entry, path) = parse(line, head.algorithm).ok_or(ExportProblem::NotALine(index + 1))?;
        let place = entry.position.wrapping_sub(1);
        if !is_included(head.algorithm, entry.hash, place, head.size, &path, head.root) {
            return Err(ExportProblem::NotIncluded(index + 1));
        }
        entries.insert(entry.position, entry);
    }
    Ok(entries)
}

/// The entry of a line, its hash computed from what it says, and its path.
fn parse(line: &str, algorithm: Algorithm) -> Option<(Entry, Vec<Digest>)> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let digest = |key: &str| match value.get(key)? {
        Value::Null => Some(None),
        Value::String(text) => Digest::parse(text).map(Some),
        _ => None,
    };
    let mut entry = Entry {
        position: value.get("position")?.as_u64()?,
        at: Moment(value.get("at_ms")?.as_i64()?),
        actor: text("actor")?,
        acting_for: text("acting_for"),
        action: text("action")?,
        subject: text("subject")?,
        before_digest: digest("before_digest")?,
        after_digest: digest("after_digest")?,
        request: text("request_id")?,
        hash: Digest([0; 32]),
        values: Vec::new(),
    };
    entry.hash = entry.hash_after(algorithm, digest("previous")??);
    let path = value.get("path")?.as_array()?;
    let path = path.iter().map(|digest| Digest::parse(digest.as_str()?)).collect::<Option<Vec<_>>>()?;
    Some((entry, path))
}
