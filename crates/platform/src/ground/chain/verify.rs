//! Verifying a chain: everything is computed again, and the first thing that is not as it was written is named.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use facts::Text;
use store::Transaction;

use super::entry::{ERASE, ERASED_SUBJECT, Entry, Erased, PRUNE, PRUNED_SUBJECT, ValueSide};
use super::filed::FiledHeads;
use super::{Head, PAGE_MAX, sql};
use crate::ground::Fault;

/// What is wrong with a chain: the first thing, in the order of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// An entry is not what was written, or was put in.
    Altered {
        /// Where.
        position: u64,
    },
    /// No entry stands at a position before the last.
    Missing {
        /// Where.
        position: u64,
    },
    /// An entry stands where another stood.
    Reordered {
        /// Where it stands.
        position: u64,
        /// Where it was written.
        belongs_at: u64,
    },
    /// A value beside an entry is not the one whose digest the entry holds.
    ValueAltered {
        /// Where.
        position: u64,
    },
    /// A value beside an entry is gone, and no entry says that it was erased.
    ValueMissing {
        /// Where.
        position: u64,
    },
    /// Entries at the end are gone.
    Truncated {
        /// The last that is there.
        last: u64,
        /// How many there were.
        size: u64,
    },
    /// Entries stand behind the end that the head tells.
    Beyond {
        /// The first of them.
        position: u64,
    },
    /// The chain holds together, but is not the one whose head was filed: it was made anew.
    MadeAnew {
        /// Up to where it should be the filed one.
        size: u64,
    },
    /// The head in the database is not the chain's, or not signed with our key.
    HeadAltered,
    /// The checkpoint, up to which entries were removed after their time, was not set by this program.
    CheckpointAltered,
    /// A line of the file of heads was altered, moved or put in.
    FiledHeadAltered {
        /// Its number from 1.
        line: usize,
    },
}

impl Finding {
    /// As it stands in the API.
    pub fn as_code(&self) -> &'static str {
        match self {
            Self::Altered { .. } => "altered",
            Self::Missing { .. } => "missing",
            Self::Reordered { .. } => "reordered",
            Self::ValueAltered { .. } => "value-altered",
            Self::ValueMissing { .. } => "value-missing",
            Self::Truncated { .. } => "truncated",
            Self::Beyond { .. } => "beyond",
            Self::MadeAnew { .. } => "made-anew",
            Self::HeadAltered => "head-altered",
            Self::CheckpointAltered => "checkpoint-altered",
            Self::FiledHeadAltered { .. } => "filed-head-altered",
        }
    }

    /// At which entry, where it is about one.
    pub fn position(&self) -> Option<u64> {
        match self {
            Self::Altered { position }
            | Self::Missing { position }
            | Self::Reordered { position, .. }
            | Self::ValueAltered { position }
            | Self::ValueMissing { position }
            | Self::Beyond { position } => Some(*position),
            Self::Truncated { last, .. } => Some(*last + 1),
            Self::MadeAnew { size } => Some(*size),
            Self::HeadAltered | Self::CheckpointAltered | Self::FiledHeadAltered { .. } => None,
        }
    }

    /// As the auditor reads it.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::Altered { position } => {
                (format!("第 {position} 条被改动或被插入"), format!("entry {position} was altered or put in"))
            }
            Self::Missing { position } => {
                (format!("第 {position} 条缺失"), format!("entry {position} is missing"))
            }
            Self::Reordered { position, belongs_at } => (
                format!("第 {position} 条的位置被调换,原为第 {belongs_at} 条"),
                format!("entry {position} was moved: it was written as entry {belongs_at}"),
            ),
            Self::ValueAltered { position } => (
                format!("第 {position} 条所附的值被改动"),
                format!("a value beside entry {position} was altered"),
            ),
            Self::ValueMissing { position } => (
                format!("第 {position} 条所附的值缺失,且没有删除记录"),
                format!("a value beside entry {position} is gone, and no entry says that it was erased"),
            ),
            Self::Truncated { last, size } => (
                format!("链尾被截断:应有 {size} 条,现止于第 {last} 条"),
                format!("the end was cut off: there were {size} entries, and the last is entry {last}"),
            ),
            Self::Beyond { position } => (
                format!("第 {position} 条超出链首记录的长度,是事后追加的"),
                format!("entry {position} stands behind the end that the head tells"),
            ),
            Self::MadeAnew { size } => (
                format!("整条链被重新计算过:前 {size} 条与已归档的链首不符"),
                format!("the chain was made anew: its first {size} entries are not those of the filed head"),
            ),
            Self::HeadAltered => (
                "数据库中的链首被替换或改动(签名或内容不符)".to_owned(),
                "the head in the database was swapped or altered: its signature or content does not fit"
                    .to_owned(),
            ),
            Self::CheckpointAltered => (
                "截止点不是由本系统设置的".to_owned(),
                "the checkpoint was not set by this program".to_owned(),
            ),
            Self::FiledHeadAltered { line } => (
                format!("链首文件第 {line} 行被改动、移动或插入"),
                format!("line {line} of the file of heads was altered, moved or put in"),
            ),
        };
        Text { zh, en }
    }
}

/// What a verification saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// How many entries were computed again.
    pub entries: u64,
    /// Up to where entries were removed after their time.
    pub pruned_up_to: u64,
    /// How many filed heads were met.
    pub heads: usize,
    /// Entries whose values were erased, by position.
    pub erased: BTreeMap<u64, Erased>,
    /// The first thing that is wrong; `None`: everything is as it was written.
    pub finding: Option<Finding>,
}

/// Verifies the chain against the head in the database, the filed heads and the key that signed both.
pub async fn verify(
    transaction: &mut Transaction,
    filed: &FiledHeads,
    key: &VerifyingKey,
) -> Result<Verified, Fault> {
    verify_telling(transaction, filed, key, &mut |_| ()).await
}

/// As [`verify`], telling after each page how many entries were computed so far.
pub async fn verify_telling(
    transaction: &mut Transaction,
    filed: &FiledHeads,
    key: &VerifyingKey,
    tell: &mut (dyn FnMut(u64) + Send),
) -> Result<Verified, Fault> {
    let mut verified =
        Verified { entries: 0, pruned_up_to: 0, heads: 0, erased: BTreeMap::new(), finding: None };
    let told = match sql::head(transaction).await {
        Ok(Some(told)) => told,
        Ok(None) | Err(Fault::ForeignHead | Fault::Damaged(_)) => {
            verified.finding = Some(Finding::HeadAltered);
            return Ok(verified);
        }
        Err(fault) => return Err(fault),
    };
    let algorithm = told.head.algorithm;
    let start = match sql::checkpoint(transaction, algorithm).await {
        Ok(None) => Head::empty(algorithm),
        Ok(Some(checkpoint)) if checkpoint.is_signed_with(key) => checkpoint.head,
        Ok(Some(_)) | Err(Fault::ForeignHead | Fault::Damaged(_)) => {
            verified.finding = Some(Finding::CheckpointAltered);
            return Ok(verified);
        }
        Err(fault) => return Err(fault),
    };
    verified.pruned_up_to = start.size;
    // What a head tells that we did not sign says nothing about where the chain ends.
    let told_size = told.is_signed_with(key).then_some(told.head.size);
    let mut walk = Walk::new(start, filed, told_size.unwrap_or(u64::MAX));
    let in_chain = walk.run(transaction, tell).await?;
    verified.entries = walk.head.size - verified.pruned_up_to;
    verified.heads = walk.met;
    let last = walk.head.size;
    let is_checkpoint_told = walk.pruned_up_to == verified.pruned_up_to;
    let at_end = || {
        let size = told_size.unwrap_or(0).max(filed.heads.last().map_or(0, |head| head.size));
        if last < size {
            return Some(Finding::Truncated { last, size });
        }
        if told.head != walk.head || told_size.is_none() {
            return Some(Finding::HeadAltered);
        }
        if !is_checkpoint_told {
            return Some(Finding::CheckpointAltered);
        }
        filed.wrong_line.map(|line| Finding::FiledHeadAltered { line })
    };
    verified.finding = match in_chain {
        Some(finding) => Some(finding),
        None => at_end().or_else(|| {
            walk.values_gone.first().map(|position| Finding::ValueMissing { position: *position })
        }),
    };
    verified.erased = walk.erased;
    Ok(verified)
}

/// One pass over the entries in their order.
struct Walk<'a> {
    head: Head,
    filed: &'a FiledHeads,
    /// The filed head that comes next.
    next: usize,
    met: usize,
    told_size: u64,
    /// Entries that hold a digest without a value beside it, until an entry says that it was erased.
    values_gone: BTreeSet<u64>,
    erased: BTreeMap<u64, Erased>,
    /// What the last entry about pruning tells.
    pruned_up_to: u64,
}

impl<'a> Walk<'a> {
    fn new(start: Head, filed: &'a FiledHeads, told_size: u64) -> Self {
        let next = filed.heads.iter().take_while(|head| head.size < start.size).count();
        Self {
            head: start,
            filed,
            next,
            met: 0,
            told_size,
            values_gone: BTreeSet::new(),
            erased: BTreeMap::new(),
            pruned_up_to: 0,
        }
    }

    async fn run(
        &mut self,
        transaction: &mut Transaction,
        tell: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Option<Finding>, Fault> {
        let start = self.head.size;
        if let Some(finding) = self.meet_filed() {
            return Ok(Some(finding));
        }
        loop {
            let page = match sql::entries_after(transaction, self.head.size, PAGE_MAX).await {
                Ok(page) => page,
                // A digest of the wrong length was not written by this program.
                Err(Fault::Damaged(_)) => {
                    return Ok(Some(Finding::Altered {
                        position: self.first_unreadable(transaction).await?,
                    }));
                }
                Err(fault) => return Err(fault),
            };
            if page.is_empty() {
                return Ok(None);
            }
            for entry in page {
                if let Some(finding) = self.step(transaction, &entry).await? {
                    return Ok(Some(finding));
                }
            }
            tell(self.head.size - start);
        }
    }

    /// The entry that cannot be read, looked for one by one.
    async fn first_unreadable(&self, transaction: &mut Transaction) -> Result<u64, Fault> {
        let mut position = self.head.size;
        loop {
            match sql::entries_after(transaction, position, 1).await {
                Ok(page) => match page.first() {
                    Some(entry) => position = entry.position,
                    None => return Ok(position),
                },
                Err(Fault::Damaged(_)) => return Ok(position + 1),
                Err(fault) => return Err(fault),
            }
        }
    }

    async fn step(&mut self, transaction: &mut Transaction, entry: &Entry) -> Result<Option<Finding>, Fault> {
        let expected = self.head.size + 1;
        if entry.position > self.told_size {
            return Ok(Some(Finding::Beyond { position: entry.position }));
        }
        if entry.position != expected {
            return Ok(Some(Finding::Missing { position: expected }));
        }
        if entry.hash_after(self.head.algorithm, self.head.hash) != entry.hash {
            return self.name_wrong(transaction, entry).await.map(Some);
        }
        self.head.add(entry.hash);
        if let Some(finding) = self.look_at_values(entry) {
            return Ok(Some(finding));
        }
        self.note(entry);
        Ok(self.meet_filed())
    }

    /// An entry that was moved still has the hash of its former place: behind an entry that is elsewhere now.
    async fn name_wrong(&self, transaction: &mut Transaction, entry: &Entry) -> Result<Finding, Fault> {
        let algorithm = self.head.algorithm;
        let mut after = 0;
        loop {
            let page = sql::hashes_after(transaction, after, PAGE_MAX).await?;
            let Some((last, _)) = page.last() else {
                return Ok(Finding::Altered { position: entry.position });
            };
            after = *last;
            for (position, hash) in page {
                // The neighbour before stands where it stood, or is the one that changed places with it.
                for belongs_at in [position, position + 1] {
                    let is_from_there = belongs_at != entry.position
                        && entry.hash_at(algorithm, hash, belongs_at) == entry.hash;
                    if is_from_there {
                        let there = sql::hashes_after(transaction, belongs_at - 1, 1).await?;
                        // Where the original still stands, this is a copy that was put in.
                        let is_copy = there.first() == Some(&(belongs_at, entry.hash));
                        return Ok(if is_copy {
                            Finding::Altered { position: entry.position }
                        } else {
                            Finding::Reordered { position: entry.position, belongs_at }
                        });
                    }
                }
            }
        }
    }

    fn look_at_values(&mut self, entry: &Entry) -> Option<Finding> {
        for side in ValueSide::ALL {
            let value = entry.values.iter().find(|value| value.side == side);
            match (entry.digest(side), value) {
                (None, None) => {}
                (Some(digest), Some(value)) if value.digest(self.head.algorithm) == digest => {}
                (Some(_), None) => {
                    self.values_gone.insert(entry.position);
                }
                _ => return Some(Finding::ValueAltered { position: entry.position }),
            }
        }
        None
    }

    fn note(&mut self, entry: &Entry) {
        if entry.action == PRUNE {
            let told = entry.subject.strip_prefix(PRUNED_SUBJECT).and_then(|text| text.parse().ok());
            self.pruned_up_to = told.unwrap_or(self.pruned_up_to);
        }
        if entry.action == ERASE {
            let named = entry.subject.strip_prefix(ERASED_SUBJECT).and_then(|text| text.parse().ok());
            if let Some(position) = named.filter(|position| self.values_gone.remove(position)) {
                self.erased.insert(position, Erased { at: entry.at, ground: ground_of(entry) });
            }
        }
    }

    /// Compares with every head that was filed at this size.
    fn meet_filed(&mut self) -> Option<Finding> {
        while let Some(filed) = self.filed.heads.get(self.next).filter(|filed| filed.size == self.head.size) {
            let is_same = filed.hash == self.head.hash
                && filed.root == self.head.root()
                && filed.algorithm == self.head.algorithm;
            if !is_same {
                return Some(Finding::MadeAnew { size: filed.size });
            }
            self.next += 1;
            self.met += 1;
        }
        None
    }
}

pub(super) fn ground_of(entry: &Entry) -> String {
    let value =
        entry.value(ValueSide::After).and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    value.and_then(|value| value.get("ground")?.as_str().map(str::to_owned)).unwrap_or_default()
}
