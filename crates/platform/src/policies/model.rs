//! The words of this slice: texts, releases, imports.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::ground::{Moment, to_hex};
use crate::identity::coded;

/// SHA-256 of a text, or of a release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TextDigest(pub [u8; 32]);

impl TextDigest {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex =
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let mut digest = [0; 32];
        for (at, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2).filter(|_| is_hex)?, 16).ok()?;
        }
        Some(Self(digest))
    }
}

impl fmt::Display for TextDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// Which text stands under which path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Files(pub BTreeMap<String, TextDigest>);

impl Files {
    /// The digest of the set: it tells two sets apart however they came to be.
    pub fn digest(&self) -> TextDigest {
        let mut hash = Sha256::new();
        hash.update(b"zhimei release 1\n");
        for (path, digest) in &self.0 {
            // A path has no line break, so no two sets read the same.
            hash.update(format!("{digest} {path}\n").as_bytes());
        }
        TextDigest(hash.finalize().into())
    }
}

/// What held from a moment on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// 1, 2, 3 …
    pub number: u64,
    /// Over its files.
    pub digest: TextDigest,
    /// From when on.
    pub from: Moment,
    /// Who made it, as audit entries name them.
    pub made_by: String,
    /// Why.
    pub reason: String,
}

/// What somebody changed in the texts of a release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// The release that they began with.
    pub since: u64,
    /// The new text of a path, or that it is gone.
    pub changes: BTreeMap<String, Option<String>>,
}

coded! {
    /// What an import does to a path.
    Effect {
        /// It is new.
        Added = "added", "新增", "added";
        /// It has another text.
        Changed = "changed", "修改", "changed";
        /// It is gone.
        Removed = "removed", "删除", "removed";
        /// It is so already.
        Same = "same", "已相同", "the same already";
        /// Somebody else changed it since; nothing is done.
        Conflict = "conflict", "冲突", "conflict";
    }
}

/// What an import does to one path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanLine {
    /// The path.
    pub path: String,
    /// What is done.
    pub effect: Effect,
    /// The text that the importer began with.
    pub base: Option<TextDigest>,
    /// The text that holds now.
    pub ours: Option<TextDigest>,
    /// The text of the import.
    pub theirs: Option<TextDigest>,
}

/// What an import would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The release that holds now, on which it was planned.
    pub onto: u64,
    /// Path by path.
    pub lines: Vec<PlanLine>,
    /// What there would be.
    pub files: Files,
}

impl Plan {
    /// Whether something was changed on both sides.
    pub fn has_conflicts(&self) -> bool {
        self.lines.iter().any(|line| line.effect == Effect::Conflict)
    }

    /// Whether anything would be another than it is.
    pub fn changes_something(&self) -> bool {
        self.lines.iter().any(|line| !matches!(line.effect, Effect::Same | Effect::Conflict))
    }
}
