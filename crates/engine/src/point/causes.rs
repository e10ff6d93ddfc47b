//! Sets of slots: which unknown inputs a value hangs on.

/// The index of an input of one decision.
pub type Slot = usize;

/// A set of slots. Empty sets, by far the most, take no memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Causes {
    words: Vec<u64>,
}

impl Causes {
    /// No slot.
    pub const NONE: Causes = Causes { words: Vec::new() };

    /// One slot.
    pub fn one(slot: Slot) -> Self {
        let mut set = Self::NONE;
        set.insert(slot);
        set
    }

    /// Adds a slot.
    pub fn insert(&mut self, slot: Slot) {
        let word = slot / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (slot % 64);
    }

    /// Whether the slot is in it.
    pub fn has(&self, slot: Slot) -> bool {
        self.words.get(slot / 64).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }

    /// Whether some slot is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(mine, theirs)| mine & theirs != 0)
    }

    /// Adds all of another set.
    pub fn add(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// Both together.
    pub fn union(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// In rising order.
    pub fn iter(&self) -> impl Iterator<Item = Slot> {
        let of_word = |(index, word): (usize, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        };
        self.words.iter().enumerate().flat_map(of_word).collect::<Vec<_>>().into_iter()
    }
}
