//! What a batch may become, and what a row changes. Nothing here touches the database.

use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use super::mapping::Mapping;
use super::model::{BatchState, Counts, Standing, Takes};
use crate::ground::chain::{Algorithm, Digest, Peaks};
use crate::identity::Refusal;

/// Which content is the same as which: file, meaning of its columns, source and kind of subjects.
pub fn same_as(file: [u8; 32], mapping: &Mapping, source: &str, kind: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"zhimei import 1");
    hash.update(file);
    hash.update(mapping.digest());
    for part in [source, kind] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Whether a batch may be staged now, so that those rows are taken.
pub fn may_commit(state: BatchState, counts: &Counts, takes: Takes) -> Result<(), Refusal> {
    if state != BatchState::Uploaded {
        return Err(Refusal::WrongState);
    }
    let is_taken = match takes {
        Takes::All => counts.bad == 0 && counts.total > 0,
        Takes::Good => counts.bad < counts.total,
    };
    if is_taken { Ok(()) } else { Err(Refusal::BadRows) }
}

/// Whether a batch may still be given up.
pub fn may_cancel(state: BatchState) -> Result<(), Refusal> {
    match state {
        BatchState::Uploaded | BatchState::Staging => Ok(()),
        BatchState::Cancelled => Err(Refusal::NothingToDo),
        _ => Err(Refusal::WrongState),
    }
}

/// Whether a batch may be withdrawn.
pub fn may_withdraw(state: BatchState) -> Result<(), Refusal> {
    match state {
        BatchState::Visible => Ok(()),
        BatchState::Withdrawn => Err(Refusal::NothingToDo),
        _ => Err(Refusal::WrongState),
    }
}

/// What a source has said of one subject, key by key, the later over the earlier.
#[derive(Default)]
pub struct LastWords(Option<Map<String, Json>>);

impl LastWords {
    /// A statement that came later.
    pub fn hear(&mut self, content: &str) {
        if let Ok(Json::Object(said)) = serde_json::from_str(content) {
            self.0.get_or_insert_default().extend(said);
        }
    }

    /// What a row would change.
    pub fn standing(&self, content: &str) -> Standing {
        let (Some(said), Ok(Json::Object(row))) = (&self.0, serde_json::from_str(content)) else {
            return Standing::New;
        };
        if row.iter().all(|(key, value)| said.get(key) == Some(value)) {
            Standing::Same
        } else {
            Standing::Changed
        }
    }
}

/// The Merkle root over statements' digests in the order of their ids; every statement can be proved from it.
pub fn root(algorithm: Algorithm, digests: impl IntoIterator<Item = [u8; 32]>) -> [u8; 32] {
    let mut peaks = Peaks::default();
    for digest in digests {
        peaks.add(algorithm, Digest(digest));
    }
    peaks.root(algorithm).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_new_changed_or_the_same_as_what_its_source_said_last() {
        let mut words = LastWords::default();
        assert_eq!(words.standing("{}"), Standing::New);
        words.hear(r#"{"甲": "1", "乙": "2"}"#);
        words.hear(r#"{"甲": "3"}"#);
        assert_eq!(words.standing(r#"{"甲": "3"}"#), Standing::Same);
        assert_eq!(words.standing(r#"{"乙": "2", "甲": "3"}"#), Standing::Same);
        assert_eq!(words.standing(r#"{"甲": "1"}"#), Standing::Changed);
        assert_eq!(words.standing(r#"{"甲": "3", "丙": "1"}"#), Standing::Changed);
    }

    #[test]
    fn rows_are_taken_as_was_chosen() {
        let counts = |total, bad| Counts { total, bad, ..Counts::default() };
        let may = |total, bad, takes| may_commit(BatchState::Uploaded, &counts(total, bad), takes).is_ok();
        assert!(may(3, 0, Takes::All) && may(3, 0, Takes::Good) && may(3, 2, Takes::Good));
        assert!(!may(3, 1, Takes::All) && !may(3, 3, Takes::Good) && !may(0, 0, Takes::All));
        for state in BatchState::ALL.iter().filter(|state| **state != BatchState::Uploaded) {
            assert_eq!(may_commit(*state, &counts(3, 0), Takes::All), Err(Refusal::WrongState));
        }
    }
}
