//! Removing entries whose time is over: only up to a filed head, and never anything younger than the law says.

use facts::{Date, Text};
use serde_json::json;

use super::entry::{PRUNE, PRUNED_SUBJECT};
use super::filed::FiledHeads;
use super::{Head, PAGE_MAX, sql};
use crate::ground::{Fault, Moment, Verb};

/// Months for which every entry is kept. Source: 网络安全法 (2017), art. 21 (3): logs are kept "不少于六个月".
pub const RETENTION_MONTHS: i64 = 6;

/// What was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pruned {
    /// Up to where.
    pub up_to: u64,
    /// How many entries.
    pub entries: u64,
}

/// Why nothing was removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotPruned {
    /// Entries of that day must be kept for now.
    TooYoung {
        /// Entries of days before this one may go.
        earliest: Date,
    },
    /// Nothing is older, or no head is filed that proves what was there.
    Nothing,
}

impl NotPruned {
    /// As a person reads it.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::TooYoung { earliest } => (
                format!("审计记录须保存满 {RETENTION_MONTHS} 个月。现在最多可清理 {earliest} 之前的记录。"),
                format!(
                    "Audit entries are kept for {RETENTION_MONTHS} months. Those before {earliest} may be removed now."
                ),
            ),
            Self::Nothing => (
                "没有可清理的记录:只清理已归档链首所覆盖的部分。请先归档链首。".to_owned(),
                "There is nothing to remove: only what a filed head covers can go. File a head first."
                    .to_owned(),
            ),
        };
        Text { zh, en }
    }
}

/// Removes entries of days before `before`, up to the last filed head that covers only such, as part of a verb.
///
/// What stays begins with a checkpoint: hash and peaks at that place, signed, so the rest verifies as before.
pub async fn prune(
    verb: &mut Verb,
    filed: &FiledHeads,
    before: Date,
) -> Result<Result<Pruned, NotPruned>, Fault> {
    let today = verb.now().day();
    let earliest = today.add_months(-RETENTION_MONTHS).expect("half a year ago is in the calendar");
    if before > earliest {
        return Ok(Err(NotPruned::TooYoung { earliest }));
    }
    let ground = verb.ground().clone();
    let keys = ground.keys();
    let head = super::head(verb.write(), keys).await?;
    let start = match sql::checkpoint(verb.write(), head.algorithm).await? {
        Some(checkpoint) => checkpoint.verified(keys)?,
        None => Head::empty(head.algorithm),
    };
    let young = sql::first_not_before(verb.write(), Moment::start_of(before)).await?;
    let old_up_to = young.map_or(head.size, |position| position - 1);
    let Some(target) =
        filed.heads.iter().rev().find(|filed| filed.size <= old_up_to && filed.size > start.size)
    else {
        return Ok(Err(NotPruned::Nothing));
    };
    let mut reached = start.clone();
    while reached.size < target.size {
        let page = sql::hashes_after(verb.write(), reached.size, PAGE_MAX).await?;
        if page.is_empty() {
            return Ok(Err(NotPruned::Nothing));
        }
        for (position, hash) in page.into_iter().take_while(|(position, _)| *position <= target.size) {
            if position != reached.size + 1 {
                return Err(Fault::Damaged(format!("audit entry {} is missing", reached.size + 1)));
            }
            reached.add(hash);
        }
    }
    if reached.hash != target.hash || reached.root() != target.root {
        return Err(Fault::Damaged(format!(
            "audit entries up to {} are not those of the filed head",
            target.size
        )));
    }
    let signature = reached.sign(keys);
    sql::set_checkpoint(verb.write(), &reached, &signature).await?;
    sql::delete_up_to(verb.write(), reached.size).await?;
    let after = json!({ "from": start.size + 1, "up_to": reached.size, "hash": reached.hash.to_string() });
    verb.record(PRUNE, format!("{PRUNED_SUBJECT}{}", reached.size), None, Some(after));
    Ok(Ok(Pruned { up_to: reached.size, entries: reached.size - start.size }))
}
