//! From a checked document to slots, numbers and truths.
//!
//! Whatever the planes cannot hold becomes [`Atom::Opaque`]: rows that hang on it are decided exactly. Lowering must mean
//! what [`crate::point`] means, in all three values; the laws compare both on generated documents.

mod condition;
mod gives;
mod number;
mod score;
mod table;
mod truth;

use facts::{FactId, FactType, Vocabulary};
use lang::ir::{Document, Expr, InputKind, InputRef, Link, ReferenceYear, SUBJECT, ScopeVar};

use super::program::{Atom, NumberId, Program, Slot, SlotId, SlotKind, TruthId};
use crate::point::Calendar;

pub(super) use condition::Leaf;
pub(super) use gives::{AmountPlan, RankPlan};

/// A document in terms of the program.
#[derive(Debug)]
pub(super) struct Lowered {
    /// The conditions that have a truth of their own, groups left out.
    pub leaves: Vec<Leaf>,
    /// Eligible, ineligible or open.
    pub outcome: TruthId,
    /// What it pays.
    pub amount: AmountPlan,
    /// Which rank it gives.
    pub rank: Option<RankPlan>,
    /// What the planes cannot hold, with why.
    pub opaque: Vec<Fallback>,
}

/// A part of a document that is decided exactly, row by row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fallback {
    /// The condition, or `amount`, `rank`.
    pub place: String,
    /// What about it, in a word or two.
    pub why: Why,
}

/// Why the planes cannot hold something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Why {
    /// It goes through items of a collection.
    Items,
    /// It compares texts or codes with each other.
    Texts,
    /// A function without a bulk form.
    Function,
    /// A place in a group, which the whole population tells.
    Group,
    /// Stages of a payment.
    Stages,
    /// Something else.
    Shape,
}

impl Why {
    /// All reasons with their codes.
    pub const CODES: [(&'static str, Why); 6] = [
        ("items", Why::Items),
        ("texts", Why::Texts),
        ("function", Why::Function),
        ("group", Why::Group),
        ("stages", Why::Stages),
        ("shape", Why::Shape),
    ];

    /// Its code in JSON and CSV.
    pub fn as_code(self) -> &'static str {
        Self::CODES.iter().find(|(_, why)| *why == self).map_or("shape", |(code, _)| code)
    }
}

/// A bound local of `every`, `some`, `for`.
#[derive(Clone, Copy, Debug)]
enum Local {
    Number(NumberId),
    Truth(TruthId),
}

/// Lowers one document.
pub(super) struct Lowerer<'a, 'p> {
    program: &'p mut Program,
    document: &'a Document,
    vocabulary: &'a Vocabulary,
    calendar: Calendar,
    locals: Vec<Option<Local>>,
    opaque: Vec<Fallback>,
    /// The condition that is being lowered.
    place: String,
    /// Tells opaque atoms apart; counted over all documents.
    next_opaque: &'p mut usize,
}

/// Something the planes cannot hold.
type Held<T> = Result<T, Why>;

impl<'a, 'p> Lowerer<'a, 'p> {
    pub fn new(
        program: &'p mut Program,
        document: &'a Document,
        vocabulary: &'a Vocabulary,
        calendar: Calendar,
        next_opaque: &'p mut usize,
    ) -> Self {
        Self {
            program,
            document,
            vocabulary,
            calendar,
            locals: Vec::new(),
            opaque: Vec::new(),
            place: String::new(),
            next_opaque,
        }
    }

    /// The whole document.
    pub fn lower(mut self) -> Lowered {
        let mut leaves = Vec::new();
        let needs: Vec<TruthId> =
            self.document.needs.iter().map(|need| self.condition(need, &mut leaves)).collect();
        let mut all = needs;
        "amount".clone_into(&mut self.place);
        let (amount, tier) = self.amount();
        all.extend(tier);
        "rank".clone_into(&mut self.place);
        let rank = self.rank();
        all.extend(rank.as_ref().map(|rank| rank.is_settled));
        let outcome = self.program.and(all);
        Lowered { leaves, outcome, amount, rank, opaque: self.opaque }
    }

    /// An atom that is always asked exactly, noted with its reason.
    fn opaque(&mut self, why: Why) -> TruthId {
        self.opaque.push(Fallback { place: self.place.clone(), why });
        let number = *self.next_opaque;
        *self.next_opaque += 1;
        self.program.atom(Atom::Opaque(number))
    }

    fn let_value(&self, index: usize) -> &'a Expr {
        &self.document.lets[index].value
    }

    /// The roles that lead to what a variable is bound to; none for an item of a collection.
    fn path(&self, var: ScopeVar) -> Held<Vec<String>> {
        if var == SUBJECT {
            return Ok(Vec::new());
        }
        let binding = self.document.vars[var.0];
        let owner = binding.role_of.ok_or(Why::Items)?;
        let Link::Role(_, role) = &self.document.kinds[binding.kind.0].link else { return Err(Why::Items) };
        let mut path = self.path(owner)?;
        path.push(role.clone());
        Ok(path)
    }

    /// The slot of an input.
    fn slot(&mut self, input: InputRef) -> Held<SlotId> {
        let path = self.path(input.var)?;
        let kind = self.document.vars[input.var.0].kind;
        let kind = match &self.document.kinds[kind.0].inputs[input.index].kind {
            InputKind::Fact(fact, period) => self.fact_slot(*fact, period),
            InputKind::Status(name) => SlotKind::Status(name.clone()),
            InputKind::Manual(id) => SlotKind::Manual(id.clone()),
            // What another document decides is decided for the subject itself.
            InputKind::Document(id) if path.is_empty() => SlotKind::Document(id.clone()),
            InputKind::Document(_) => return Err(Why::Shape),
            InputKind::Collection(_) => return Err(Why::Items),
        };
        Ok(self.program.slots.place(Slot { path, kind }))
    }

    /// Periods that mean the same on the day become the same slot.
    fn fact_slot(&self, fact: FactId, period: &facts::Period) -> SlotKind {
        let definition = self.vocabulary.get(fact);
        let default = self.document.default_period.as_ref();
        let is_event = definition.fact_type == FactType::Event;
        let reference = match self.document.reference {
            ReferenceYear::Calendar => None,
            ReferenceYear::Fact(input) => match &self.document.kinds[0].inputs[input.index].kind {
                InputKind::Fact(fact, _) => Some(*fact),
                _ => None,
            },
        };
        let or_unstated = !is_event && self.calendar.is_default(period, default, definition);
        let as_written = is_event || reference.is_some();
        let period = if as_written { period.clone() } else { self.calendar.absolute(period) };
        let default = default.filter(|_| as_written).cloned();
        // A document that decides the fact itself reads only what is given.
        let ranks = |rank: &lang::ir::Rank| rank.fact == fact;
        let derived = !self.document.gives.rank.as_ref().is_some_and(ranks);
        SlotKind::Fact { fact, period, default, or_unstated, reference, derived }
    }

    /// The type of the fact behind a slot; none for statuses and the like, which are true or false.
    fn slot_type(&self, slot: SlotId) -> Option<FactType> {
        match &self.program.slots.get(slot).kind {
            SlotKind::Fact { fact, .. } => Some(self.vocabulary.get(*fact).fact_type),
            _ => None,
        }
    }
}
