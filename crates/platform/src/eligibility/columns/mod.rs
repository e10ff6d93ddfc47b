//! All subjects of a kind in columns, kept right as the ledger grows.
//!
//! They stand in chunks in order of their ids. After a change the ledger is asked for the changed subjects alone, and their
//! chunks are unpacked and packed again: that costs some milliseconds a chunk, and in exchange a run reads columns and nothing
//! else. (Changed rows laid over the columns would make a change cheaper and every run dearer, and would have to be packed in the end.)
//! Where much changed at once, all is read anew by pages, which is cheaper than chunk after chunk.
//!
//! - INVARIANT: columns are of one release and one position: those of the ledger read at that position.
//! - INVARIANT: whoever asks for columns gets them as of a position that is not before what was written when they asked.

mod packed;
mod run;

use std::collections::BTreeSet;
use std::sync::Arc;

use facts::{Date, Profile, Vocabulary};
use population::{Population, Wanted};

use super::Engines;
use crate::ground::{Fault, Ground};
use crate::policies::Shelved;
use crate::registry::{self, Held, PAGE_MAX, SubjectId};

pub use packed::{pack, unpack};
pub use run::{Outcome, OutcomesOfAll, decide_all_subjects};

/// Subjects of a chunk.
#[cfg(not(test))]
const CHUNK_ROWS: usize = PAGE_MAX;
/// So few in tests that there are several chunks.
#[cfg(test)]
const CHUNK_ROWS: usize = 4;

/// A chunk with more than so many times its size is divided.
const GROWTH_MAX: usize = 2;

/// Past this part of all subjects everything is read anew.
const CHANGED_PART_MAX: usize = 8;

/// The kind of subjects that are kept in columns.
pub const KIND: &str = "enterprise";

/// A stretch of subjects.
#[derive(Debug)]
pub struct Chunk {
    /// In order.
    pub ids: Vec<SubjectId>,
    /// A row a subject.
    pub rows: Population,
    /// From each row's first day on which one of its values no longer counts.
    pub until: Vec<Option<Date>>,
}

/// All subjects, as of a position.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The release whose words they are in.
    pub release: u64,
    /// The position of the ledger.
    pub position: u64,
    /// In order of the ids.
    pub chunks: Vec<Arc<Chunk>>,
}

/// A subject as it goes into a chunk.
struct Row {
    id: SubjectId,
    profile: Profile,
    until: Option<Date>,
}

impl Row {
    fn of(held: Held) -> Self {
        let until = held.standings.values().filter_map(|standing| standing.stated.valid_until).min();
        Self { id: held.subject.id, profile: held.profile, until }
    }
}

impl Chunk {
    fn new(rows: Vec<Row>, vocabulary: &Vocabulary) -> Self {
        let profiles: Vec<&Profile> = rows.iter().map(|row| &row.profile).collect();
        let packed = Population::from_profiles(KIND, &profiles, vocabulary);
        Self {
            ids: rows.iter().map(|row| row.id).collect(),
            until: rows.iter().map(|row| row.until).collect(),
            rows: packed,
        }
    }

    fn unpacked(&self) -> impl Iterator<Item = Row> + '_ {
        self.ids.iter().enumerate().map(|(row, id)| Row {
            id: *id,
            profile: self.rows.profile(row, &Wanted::all()),
            until: self.until[row],
        })
    }
}

impl Columns {
    /// How many subjects there are.
    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.ids.len()).sum()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = SubjectId> + '_ {
        self.chunks.iter().flat_map(|chunk| chunk.ids.iter().copied())
    }

    /// All rows in one.
    pub fn together(&self, vocabulary: &Vocabulary) -> Population {
        let rows: Vec<Row> = self.chunks.iter().flat_map(|chunk| chunk.unpacked()).collect();
        Chunk::new(rows, vocabulary).rows
    }

    /// The chunk in which an id stands, or would stand.
    fn place(&self, id: SubjectId) -> usize {
        let behind = self.chunks.partition_point(|chunk| chunk.ids.first().is_some_and(|first| *first <= id));
        behind.saturating_sub(1)
    }

    /// With rows in the place of what was known of these subjects; those without a row are gone.
    fn with(
        &self,
        changed: &BTreeSet<SubjectId>,
        rows: Vec<Row>,
        vocabulary: &Vocabulary,
    ) -> Vec<Arc<Chunk>> {
        let mut by_place: Vec<Vec<Row>> = Vec::new();
        by_place.resize_with(self.chunks.len().max(1), Vec::new);
        for row in rows {
            by_place[self.place(row.id)].push(row);
        }
        let touched: BTreeSet<usize> = changed.iter().map(|id| self.place(*id)).collect();
        let mut chunks = Vec::new();
        for (place, fresh) in by_place.into_iter().enumerate() {
            let before = self.chunks.get(place);
            if let Some(before) = before.filter(|_| !touched.contains(&place)) {
                chunks.push(Arc::clone(before));
                continue;
            }
            let kept = before.into_iter().flat_map(|chunk| chunk.unpacked());
            let mut all: Vec<Row> = kept.filter(|row| !changed.contains(&row.id)).chain(fresh).collect();
            all.sort_by_key(|row| row.id);
            let size = if all.len() > GROWTH_MAX * CHUNK_ROWS { CHUNK_ROWS } else { all.len().max(1) };
            while !all.is_empty() {
                let rest = all.split_off(size.min(all.len()));
                chunks.push(Arc::new(Chunk::new(std::mem::replace(&mut all, rest), vocabulary)));
            }
        }
        chunks
    }
}

/// The columns as of now: what was there, and what the ledger has behind it.
pub async fn current(
    ground: &Ground,
    engines: &Engines,
    shelved: &Arc<Shelved>,
) -> Result<Arc<Columns>, Fault> {
    // One brings them up to date at a time; whoever waits finds what the other made.
    let mut kept = engines.columns().lock().await;
    let position = registry::position(&mut ground.read().await?).await?;
    let before = kept.clone().filter(|columns| columns.release == shelved.release.number);
    let columns = match before {
        Some(columns) if columns.position == position => return Ok(columns),
        Some(columns) if columns.position < position => match changed(ground, &columns, position).await? {
            Some(changed) => {
                let wanted = (columns, changed, position);
                with_read(ground, engines, wanted, shelved, |held| held).await?
            }
            None => built(ground, engines, position, shelved).await?,
        },
        // None, of another release, or of a ledger that was put back to an earlier state.
        _ => built(ground, engines, position, shelved).await?,
    };
    let columns = Arc::new(columns);
    *kept = Some(Arc::clone(&columns));
    engines.note_standing();
    Ok(columns)
}

/// The columns as of now, as they are on a day.
pub async fn current_on(
    ground: &Ground,
    engines: &Engines,
    shelved: &Arc<Shelved>,
    day: Date,
) -> Result<Arc<Columns>, Fault> {
    let columns = current(ground, engines, shelved).await?;
    on_day(ground, engines, columns, day, shelved).await
}

/// The same on a day: subjects of whose values one no longer counts then are read as they are on that day.
pub async fn on_day(
    ground: &Ground,
    engines: &Engines,
    columns: Arc<Columns>,
    day: Date,
    shelved: &Arc<Shelved>,
) -> Result<Arc<Columns>, Fault> {
    let is_over = |until: &Option<Date>| until.is_some_and(|last| last < day);
    let rows = columns.chunks.iter().flat_map(|chunk| chunk.ids.iter().zip(&chunk.until));
    let stale: BTreeSet<SubjectId> = rows.filter(|(_, until)| is_over(until)).map(|(id, _)| *id).collect();
    if stale.is_empty() {
        return Ok(columns);
    }
    let position = columns.position;
    let as_then = |held: Held| held.on(day);
    Ok(Arc::new(with_read(ground, engines, (columns, stale, position), shelved, as_then).await?))
}

/// Everything, read from the ledger by pages.
async fn built(
    ground: &Ground,
    engines: &Engines,
    position: u64,
    shelved: &Arc<Shelved>,
) -> Result<Columns, Fault> {
    let mut chunks = Vec::new();
    let mut after = None;
    loop {
        let vocabulary = &shelved.library.rulebook.vocabulary;
        let mut read = ground.read().await?;
        let page = registry::profiles(&mut read, vocabulary, KIND, after, CHUNK_ROWS, Some(position)).await?;
        drop(read);
        let Some(last) = page.last() else { break };
        after = Some(last.subject.id);
        let shelved = Arc::clone(shelved);
        let rows: Vec<Row> = page.into_iter().map(Row::of).collect();
        let chunk = engines.run(move || Chunk::new(rows, &shelved.library.rulebook.vocabulary)).await?;
        chunks.push(Arc::new(chunk));
    }
    Ok(Columns { release: shelved.release.number, position, chunks })
}

/// Whose values may be others up to a position; `None` if it is so many that all is better read anew.
async fn changed(
    ground: &Ground,
    columns: &Columns,
    position: u64,
) -> Result<Option<BTreeSet<SubjectId>>, Fault> {
    let most = (columns.len() / CHANGED_PART_MAX).max(CHUNK_ROWS);
    let mut changed = BTreeSet::new();
    let mut behind = columns.position;
    while behind < position {
        let page = registry::changes_after(&mut ground.read().await?, behind, PAGE_MAX).await?;
        let Some(last) = page.last() else { break };
        behind = last.position;
        let within = page.into_iter().filter(|change| change.position <= position);
        changed.extend(within.flat_map(|change| change.subjects));
        if changed.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(changed))
}

async fn with_read(
    ground: &Ground,
    engines: &Engines,
    (before, changed, position): (Arc<Columns>, BTreeSet<SubjectId>, u64),
    shelved: &Arc<Shelved>,
    as_then: impl Fn(Held) -> Held,
) -> Result<Columns, Fault> {
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let mut read = ground.read().await?;
    let mut rows = Vec::new();
    for subject in &changed {
        let held = registry::profile(&mut read, vocabulary, *subject, Some(position)).await?;
        // One that is merged gives the other, which stands for itself.
        let own = held.filter(|it| it.subject.id == *subject && it.subject.kind == KIND);
        rows.extend(own.map(&as_then).map(Row::of));
    }
    drop(read);
    let (shelved, release) = (Arc::clone(shelved), before.release);
    let packed = engines.run(move || before.with(&changed, rows, &shelved.library.rulebook.vocabulary));
    Ok(Columns { release, position, chunks: packed.await? })
}
