//! What an auditor sees and asks for.

use crate::ground::chain::{Entry, Erased, FiledHead, FiledHeads, Head, Proof};

/// Longest ground of law, in characters.
const GROUND_CHARACTERS_MAX: usize = 200;

/// An entry as its page shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The entry, with its values where they are not erased.
    pub entry: Entry,
    /// When and on what ground its values were erased.
    pub erased: Option<Erased>,
    /// That it is in the chain of the latest filed head; `None` while no filed head covers it.
    pub proof: Option<Proof>,
}

/// The head of now and those that were filed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heads {
    /// The head in the database.
    pub now: Head,
    /// Up to where entries were removed after their time.
    pub pruned_up_to: u64,
    /// The file of heads.
    pub filed: FiledHeads,
}

impl Heads {
    /// The latest filed head.
    pub fn latest(&self) -> Option<&FiledHead> {
        self.filed.heads.last()
    }
}

/// Which entries are taken out, by position; by default all that are there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// From that one on.
    pub from: Option<u64>,
    /// Up to that one.
    pub to: Option<u64>,
}

/// The ground of law on which something is erased.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroundOfLaw(String);

impl GroundOfLaw {
    /// Reads what was typed; `None` if nothing is left of it, or too much.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_fine = !text.is_empty()
            && text.chars().count() <= GROUND_CHARACTERS_MAX
            && !text.chars().any(char::is_control);
        is_fine.then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
