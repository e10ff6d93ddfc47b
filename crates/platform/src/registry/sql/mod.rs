//! The statements of this slice.
//!
//! | file | about |
//! | --- | --- |
//! | `ledger` | entries and their positions, what each changed |
//! | `subjects` | subjects, and which are merged into which |
//! | `statements` | what was said |
//! | `merges` | merges of duplicates |
//! | `contests` | contests of values, and their answers |
//! | `privacy` | erasing, holds, digests |
//! | `sources` | sources, their ranks and departments |

pub mod contests;
pub mod ledger;
pub mod merges;
pub mod privacy;
pub mod sources;
pub mod statements;
pub mod subjects;

use std::collections::BTreeMap;

use facts::Date;
use store::Row;

use super::model::{MergeId, SubjectId};
use crate::ground::Fault;

/// A merge, and from which position to which it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergeSpan {
    pub id: MergeId,
    pub from: SubjectId,
    pub into: SubjectId,
    pub since: u64,
    pub undone: Option<u64>,
}

/// Which subject is merged into which at a position, and by which merge.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Merges(pub BTreeMap<SubjectId, (SubjectId, MergeId)>);

impl Merges {
    /// Those that stand at a position.
    pub fn at(spans: &[MergeSpan], at: u64) -> Self {
        let stands = |span: &&MergeSpan| span.since <= at && span.undone.is_none_or(|undone| undone > at);
        Self(spans.iter().filter(stands).map(|span| (span.from, (span.into, span.id))).collect())
    }

    /// The subject as which somebody goes: itself, or whom it was merged into.
    pub fn survivor(&self, subject: SubjectId) -> SubjectId {
        let mut survivor = subject;
        // A chain of merges has no more links than there are merges.
        for _ in 0..=self.0.len() {
            match self.0.get(&survivor) {
                Some((into, _)) => survivor = *into,
                None => break,
            }
        }
        survivor
    }

    /// All that go as a subject, itself first.
    pub fn group(&self, survivor: SubjectId) -> Vec<SubjectId> {
        let others = self.0.keys().filter(|subject| self.survivor(**subject) == survivor);
        std::iter::once(survivor).chain(others.copied()).collect()
    }
}

/// A position as the database has it.
pub fn position(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

fn read_position(row: &Row, column: &str) -> Result<u64, Fault> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Fault::Damaged(format!("{column} is negative")))
}

fn id<T>(parse: impl Fn(&str) -> Option<T>, row: &Row, column: &str) -> Result<T, Fault> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| Fault::Damaged(format!("{column} is no id")))
}

fn id_or_none<T>(parse: impl Fn(&str) -> Option<T>, row: &Row, column: &str) -> Result<Option<T>, Fault> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse(&text).ok_or_else(|| Fault::Damaged(format!("{column} is no id")))).transpose()
}

fn code<T>(parse: impl Fn(&str) -> Option<T>, row: &Row, column: &str) -> Result<T, Fault> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| Fault::Damaged(format!("{column} is “{text}”")))
}

fn day(row: &Row, column: &str) -> Result<Date, Fault> {
    let days: i64 = row.get(column)?;
    Date::from_epoch_days(days).ok_or_else(|| Fault::Damaged(format!("{column} is no day")))
}

fn day_or_none(row: &Row, column: &str) -> Result<Option<Date>, Fault> {
    let days: Option<i64> = row.get(column)?;
    days.map(|days| Date::from_epoch_days(days).ok_or_else(|| Fault::Damaged(format!("{column} is no day"))))
        .transpose()
}
