//! What a set of documents comes to for bulk work: slots, numbers and truths, each kept once however many documents use it.
//!
//! A slot is something read of a subject. A number is computed for a chunk of rows as bounds, a truth as two bit planes.
//! Equal parts of different documents are the same entry here, so they are computed once a chunk.

use std::hash::Hash;

use facts::{FactId, Number, Period};
use lang::ir::{Compare, RankRule};
use rustc_hash::FxHashMap;

use crate::point::Truth;

/// Index of something read.
pub(super) type SlotId = usize;
/// Index of a number.
pub(super) type NumberId = usize;
/// Index of a truth.
pub(super) type TruthId = usize;

/// Something read of a subject, the same for all documents that read it alike.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Slot {
    /// The roles that lead from the subject to whom it is read of; empty is the subject.
    pub path: Vec<String>,
    /// What.
    pub kind: SlotKind,
}

/// Kinds of slot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum SlotKind {
    /// A fact in a period.
    Fact {
        /// The fact.
        fact: FactId,
        /// The period; absolute unless the reference year is a fact.
        period: Period,
        /// For something that happened: what a figure without a period means.
        default: Option<Period>,
        /// An entry without a period answers too.
        or_unstated: bool,
        /// The fact that says which year is this year.
        reference: Option<FactId>,
        /// Where it is not given, another document may decide it.
        derived: bool,
    },
    /// Whether a status is held.
    Status(String),
    /// What a person decided.
    Manual(String),
    /// What another document decides.
    Document(String),
}

/// A number for each row.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Numeric {
    /// The same for all.
    Constant(Number),
    /// Anything between these.
    Between(Option<Number>, Option<Number>),
    /// None, in that way.
    Absent(Missing),
    /// A numeric slot, or a day as days since 1970.
    Slot(SlotId),
    /// A day moved by whole months.
    Months(NumberId, i64),
    /// Whole months from a day to another.
    MonthsBetween(NumberId, NumberId),
    /// Of two.
    Binary(Binary, NumberId, NumberId),
    /// Of one.
    Unary(Unary, NumberId),
    /// Each band's rate on the part that lies in it.
    Progressive(NumberId, Vec<(Option<Number>, Number)>),
    /// The first where the truth holds, the second where it does not, either where it is open.
    Select(TruthId, NumberId, NumberId),
    /// The slot where it is given, the number elsewhere.
    Given(SlotId, NumberId),
    /// The slot where it is given; elsewhere something that only an exact decision can tell.
    GivenOnly(SlotId),
    /// Sum or mean of the years of a span, or the figure given for it.
    Span {
        /// One slot a year.
        years: Vec<SlotId>,
        /// The total as a figure of its own.
        total: SlotId,
        /// The mean as a figure of its own.
        mean: SlotId,
        /// The mean is asked for.
        is_mean: bool,
        /// Years before founding do not count.
        actual_years: bool,
    },
    /// The mean over quarters, or the figure given for it.
    Quarters(Vec<SlotId>, SlotId),
    /// How many of the truths hold.
    CountTrue(Vec<TruthId>),
}

impl Numeric {
    /// The upper or lower end of what may be anything between two.
    pub fn end(&self, is_upper: bool) -> Option<&Number> {
        match self {
            Self::Between(low, high) => {
                if is_upper {
                    high.as_ref()
                } else {
                    low.as_ref()
                }
            }
            _ => None,
        }
    }
}

/// Ways of being absent that a document can state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Missing {
    /// 无
    Nothing,
    /// No tier fits.
    NoTier,
}

/// Operations on two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Binary {
    /// Sum.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
    /// Quotient.
    Div,
    /// The lesser.
    Min,
    /// The greater.
    Max,
}

/// Operations on one number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Unary {
    /// Without sign.
    Abs,
    /// Down to whole.
    Floor,
    /// Up to whole.
    Ceiling,
    /// Half up to that many places.
    Round(i32),
    /// Whole power.
    Power(i32),
    /// One stretch from least to greatest.
    Hull,
}

/// A truth for each row.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Logical {
    /// The same for all.
    Constant(Truth),
    /// Read off a column.
    Atom(Atom),
    /// The opposite.
    Not(TruthId),
    /// All.
    And(Vec<TruthId>),
    /// One.
    Or(Vec<TruthId>),
}

/// What is read off a column, or compared.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Atom {
    /// A slot that is true or false.
    Slot(SlotId),
    /// A numeric slot against a constant.
    Cut(SlotId, Comparison, Number),
    /// A code is, or lies under, one of these.
    CodeIn(SlotId, Vec<String>),
    /// A text compared in some way with a constant.
    Text(SlotId, TextTest, String),
    /// The rows of a table that a code may fall under are just these; the flag says that none may fit.
    Rows(SlotId, Vec<Vec<String>>, Vec<usize>, bool),
    /// Two numbers.
    Compare(Comparison, NumberId, NumberId),
    /// A tier fits.
    TierFits(NumberId),
    /// The year lies before founding.
    BeforeFounding(SlotId),
    /// The slot is known, as far as can be.
    Settled(SlotId),
    /// What the planes cannot hold: always asked exactly. The number tells one from another.
    Opaque(usize),
}

/// A comparison that can be hashed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Comparison(pub Compare);

/// Ways to test a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum TextTest {
    /// The same.
    Equal,
    /// Begins with it.
    StartsWith,
    /// Ends with it.
    EndsWith,
    /// Holds it.
    Contains,
}

impl TextTest {
    /// Whether a text passes.
    pub fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::Equal => text == part,
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
            Self::Contains => text.contains(part),
        }
    }
}

/// All slots, numbers and truths, each once.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub slots: Interned<Slot>,
    pub numbers: Interned<Numeric>,
    pub truths: Interned<Logical>,
}

/// Values that are kept once and known by their place.
#[derive(Debug)]
pub(super) struct Interned<T> {
    items: Vec<T>,
    places: FxHashMap<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { items: Vec::new(), places: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The place of a value, new or known.
    pub fn place(&mut self, item: T) -> usize {
        if let Some(place) = self.places.get(&item) {
            return *place;
        }
        let place = self.items.len();
        self.items.push(item.clone());
        self.places.insert(item, place);
        place
    }

    pub fn get(&self, place: usize) -> &T {
        &self.items[place]
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }
}

impl Program {
    pub fn truth(&mut self, truth: Truth) -> TruthId {
        self.truths.place(Logical::Constant(truth))
    }

    pub fn atom(&mut self, atom: Atom) -> TruthId {
        self.truths.place(Logical::Atom(atom))
    }

    pub fn not(&mut self, of: TruthId) -> TruthId {
        match self.truths.get(of) {
            Logical::Not(inner) => *inner,
            Logical::Constant(truth) => {
                let negated = truth.negate();
                self.truth(negated)
            }
            _ => self.truths.place(Logical::Not(of)),
        }
    }

    /// All of them. Only rewrites that hold in three values: a constant that settles, one that says nothing, twice the same.
    pub fn and(&mut self, of: Vec<TruthId>) -> TruthId {
        let mut parts: Vec<TruthId> = Vec::with_capacity(of.len());
        for part in of {
            match self.truths.get(part) {
                Logical::Constant(Truth::False) => return part,
                Logical::Constant(Truth::True) => {}
                Logical::And(inner) => parts.extend(inner),
                _ => parts.push(part),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        match parts.as_slice() {
            [] => self.truth(Truth::True),
            [only] => *only,
            _ => self.truths.place(Logical::And(parts)),
        }
    }

    pub fn or(&mut self, of: Vec<TruthId>) -> TruthId {
        let mut parts: Vec<TruthId> = Vec::with_capacity(of.len());
        for part in of {
            match self.truths.get(part) {
                Logical::Constant(Truth::True) => return part,
                Logical::Constant(Truth::False) => {}
                Logical::Or(inner) => parts.extend(inner),
                _ => parts.push(part),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        match parts.as_slice() {
            [] => self.truth(Truth::False),
            [only] => *only,
            _ => self.truths.place(Logical::Or(parts)),
        }
    }

    /// The second where the first holds, the third where it does not; where it is open, what both agree on.
    pub fn choose(&mut self, when: TruthId, then: TruthId, otherwise: TruthId) -> TruthId {
        let not = self.not(when);
        let first = self.and(vec![when, then]);
        let second = self.and(vec![not, otherwise]);
        let both = self.and(vec![then, otherwise]);
        self.or(vec![first, second, both])
    }

    /// What all agree on, and unknown where they do not.
    pub fn agreed(&mut self, of: Vec<TruthId>) -> TruthId {
        let all = self.and(of.clone());
        let one = self.or(of);
        let unknown = self.truth(Truth::Unknown);
        let perhaps = self.and(vec![unknown, one]);
        self.or(vec![all, perhaps])
    }

    pub fn constant(&mut self, number: Number) -> NumberId {
        self.numbers.place(Numeric::Constant(number))
    }

    /// The constant that a number is, if it is one.
    pub fn as_constant(&self, id: NumberId) -> Option<&Number> {
        match self.numbers.get(id) {
            Numeric::Constant(number) => Some(number),
            _ => None,
        }
    }

    /// Of two numbers; constants are worked out at once, exactly.
    pub fn binary(&mut self, op: Binary, left: NumberId, right: NumberId) -> NumberId {
        if let (Some(a), Some(b)) = (self.as_constant(left), self.as_constant(right)) {
            let value = match op {
                Binary::Add => Some(a + b),
                Binary::Sub => Some(a - b),
                Binary::Mul => Some(a * b),
                Binary::Div => a.checked_div(b),
                Binary::Min => Some(a.min(b).clone()),
                Binary::Max => Some(a.max(b).clone()),
            };
            if let Some(value) = value {
                return self.constant(value);
            }
        }
        self.numbers.place(Numeric::Binary(op, left, right))
    }
}

/// Whether a rank is a place within a group, which only the whole population tells.
pub(super) fn is_grouped(rule: &RankRule) -> bool {
    matches!(rule, RankRule::InGroup { .. })
}
