//! One entry of the chain.

use super::hash::{Algorithm, Canonical, Digest};
use super::{Draft, Head};
use crate::ground::{Caller, Chance, Moment};

/// The action of an entry that tells of erased values.
pub const ERASE: &str = "audit.erase";

/// The action of an entry that tells of entries removed after their time.
pub const PRUNE: &str = "audit.prune";

/// Before the position of the entry whose values were erased.
pub const ERASED_SUBJECT: &str = "audit-entry:";

/// Before the position up to which entries were removed.
pub const PRUNED_SUBJECT: &str = "audit-entries-up-to:";

const SALT_BYTES: usize = 16;

/// Before or after the act.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ValueSide {
    /// What held before.
    Before,
    /// What holds since.
    After,
}

impl ValueSide {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Before, Self::After];

    /// As it stands in the database.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }

    /// Reads what [`ValueSide::as_code`] writes.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_code() == code)
    }
}

/// A value beside an entry, with the salt that keeps its digest from being guessed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SaltedValue {
    pub side: ValueSide,
    pub salt: Vec<u8>,
    pub value: String,
}

impl SaltedValue {
    fn new(side: ValueSide, value: &serde_json::Value, chance: &dyn Chance) -> Self {
        Self { side, salt: chance.bytes::<SALT_BYTES>().to_vec(), value: value.to_string() }
    }

    pub fn digest(&self, algorithm: Algorithm) -> Digest {
        value_digest(algorithm, &self.salt, &self.value)
    }
}

/// The digest of a value beside an entry.
pub fn value_digest(algorithm: Algorithm, salt: &[u8], value: &str) -> Digest {
    let bytes = Canonical::of("zhimei audit value 1").bytes(salt).text(value);
    algorithm.hash(&bytes.finish())
}

/// Who did what to what, when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its place in the chain, from 1.
    pub position: u64,
    /// When.
    pub at: Moment,
    /// Who, as [`crate::ground::Actor`] writes it.
    pub actor: String,
    /// For which organisation.
    pub acting_for: Option<String>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Salted digest of what held before.
    pub before_digest: Option<Digest>,
    /// Salted digest of what holds since.
    pub after_digest: Option<Digest>,
    /// In which request.
    pub request: String,
    /// Hash of this entry and of the one before.
    pub hash: Digest,
    /// The values themselves, where they are not erased.
    pub(super) values: Vec<SaltedValue>,
}

/// What became of an entry's values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Erased {
    /// When they were erased.
    pub at: Moment,
    /// On what ground of law.
    pub ground: String,
}

impl Entry {
    pub(super) fn new(head: &Head, caller: &Caller, at: Moment, draft: &Draft, chance: &dyn Chance) -> Self {
        let salted = |side, value: &Option<serde_json::Value>| {
            value.as_ref().map(|value| SaltedValue::new(side, value, chance))
        };
        let before = salted(ValueSide::Before, &draft.before);
        let after = salted(ValueSide::After, &draft.after);
        let digest = |value: &Option<SaltedValue>| value.as_ref().map(|value| value.digest(head.algorithm));
        let mut entry = Self {
            position: head.size + 1,
            at,
            actor: caller.actor.to_string(),
            acting_for: caller.acting_for.clone(),
            action: draft.action.to_owned(),
            subject: draft.subject.clone(),
            before_digest: digest(&before),
            after_digest: digest(&after),
            request: caller.request.as_str().to_owned(),
            hash: Digest([0; 32]),
            values: before.into_iter().chain(after).collect(),
        };
        entry.hash = entry.hash_after(head.algorithm, head.hash);
        entry
    }

    /// The hash that the entry must have behind an entry of that hash.
    pub fn hash_after(&self, algorithm: Algorithm, previous: Digest) -> Digest {
        self.hash_at(algorithm, previous, self.position)
    }

    /// The hash that it would have at another position.
    pub(super) fn hash_at(&self, algorithm: Algorithm, previous: Digest, position: u64) -> Digest {
        let bytes = Canonical::of("zhimei audit entry 1")
            .bytes(&previous.0)
            .number(position)
            .number(self.at.0.cast_unsigned())
            .text(&self.actor)
            .optional(self.acting_for.as_deref().map(str::as_bytes))
            .text(&self.action)
            .text(&self.subject)
            .optional(self.before_digest.as_ref().map(|digest| &digest.0[..]))
            .optional(self.after_digest.as_ref().map(|digest| &digest.0[..]))
            .text(&self.request);
        algorithm.hash(&bytes.finish())
    }

    /// The digest of the value on that side.
    pub fn digest(&self, side: ValueSide) -> Option<Digest> {
        match side {
            ValueSide::Before => self.before_digest,
            ValueSide::After => self.after_digest,
        }
    }

    /// What the digest of the value on that side is salted with, where it is not erased.
    pub fn salt(&self, side: ValueSide) -> Option<&[u8]> {
        self.values.iter().find(|value| value.side == side).map(|value| value.salt.as_slice())
    }

    /// The value on that side as JSON, where there was one and it is not erased.
    pub fn value(&self, side: ValueSide) -> Option<&str> {
        self.values.iter().find(|value| value.side == side).map(|value| value.value.as_str())
    }
}
