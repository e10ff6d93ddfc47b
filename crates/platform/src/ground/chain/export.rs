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
use super::merkle::{Tree, is_included};
use super::{Head, PAGE_MAX, sql};
use crate::ground::{Fault, Moment};

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

/// The entries from `from` to `to`, both included, proven by a filed head that covers them. `None` where the head covers
/// less, where `from` was removed after its time, or where the chain is not that of the head.
pub async fn export(
    transaction: &mut Transaction,
    head: &FiledHead,
    from: u64,
    to: u64,
) -> Result<Option<Vec<String>>, Fault> {
    let Some(known) = start(transaction, head).await? else {
        return Ok(None);
    };
    if from <= known.size || from > to || to > head.size {
        return Ok(None);
    }
    let Some(hashes) = hashes_between(transaction, known.size, head.size).await? else {
        return Ok(None);
    };
    let tree = Tree::new(head.algorithm, &known.peaks, &hashes);
    if tree.root() != Some(head.root) {
        return Ok(None);
    }
    let mut lines = vec![head.line()];
    let mut done = from - 1;
    while done < to {
        let limit = i64::try_from(to - done).unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let page = sql::entries_after(transaction, done, limit).await?;
        for entry in &page {
            let behind =
                usize::try_from(entry.position - known.size - 1).expect("hashes in memory are counted");
            let place = usize::try_from(entry.position - 1).expect("leaves in memory are counted");
            let previous = behind.checked_sub(1).map_or(known.hash, |before| hashes[before]);
            let Some(path) = tree.path(place) else {
                return Ok(None);
            };
            lines.push(line(entry, previous, &path));
        }
        done += page.len() as u64;
        if page.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(lines))
}

/// Where the chain that is still there begins; `None` if the head lies before it.
async fn start(transaction: &mut Transaction, head: &FiledHead) -> Result<Option<Head>, Fault> {
    let checkpoint = sql::checkpoint(transaction, head.algorithm).await?;
    let known = checkpoint.map_or(Head::empty(head.algorithm), |checkpoint| checkpoint.head);
    Ok((known.size < head.size).then_some(known))
}

/// The hashes after one position up to another; `None` if one is missing.
async fn hashes_between(
    transaction: &mut Transaction,
    after: u64,
    up_to: u64,
) -> Result<Option<Vec<Digest>>, Fault> {
    let mut hashes: Vec<Digest> = Vec::new();
    let mut last = after;
    while last < up_to {
        let limit = i64::try_from(up_to - last).unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let page = sql::hashes_after(transaction, last, limit).await?;
        if page.is_empty() {
            return Ok(None);
        }
        for (position, hash) in page {
            if position != last + 1 {
                return Ok(None);
            }
            hashes.push(hash);
            last = position;
        }
    }
    Ok(Some(hashes))
}

fn line(entry: &Entry, previous: Digest, path: &[Digest]) -> String {
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
        "previous": previous.to_string(),
        "path": path.iter().map(ToString::to_string).collect::<Vec<_>>(),
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
