//! What those who gain already get from other policies, and which policies exclude this one.

use engine::batch::{Outcomes, Plan, Sum};
use engine::point::{Entry, Money, Rulebook};
use facts::{Date, Fen};
use population::Bits;

use crate::in_force;

/// Another policy that some of the gainers already benefit from, or that the draft cannot be had beside.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its id.
    pub id: String,
    /// Gainers who are eligible for it.
    pub gainers: usize,
    /// What it gives them.
    pub paid: Sum,
    /// How many of them it gives something, or may.
    pub payees: usize,
    /// Either excludes the other.
    pub is_exclusive: bool,
    /// It is in the library, and in force.
    pub is_known: bool,
}

/// The other policies for the same kind of subject that give money of the same nature.
pub fn alike<'r>(rulebook: &'r Rulebook, draft: &Entry, day: Date) -> Vec<&'r Entry> {
    let document = &draft.document;
    let ids = rulebook.ids().into_iter().filter(|id| *id != document.id);
    let entries = ids.filter_map(|id| in_force(rulebook, id, day));
    let is_alike = |entry: &&Entry| {
        let other = &entry.document;
        let same_nature = other.gives.amount.is_some() && other.gives.nature == document.gives.nature;
        other.subject == document.subject && (same_nature || excludes(entry, draft))
    };
    entries.filter(is_alike).collect()
}

fn excludes(one: &Entry, other: &Entry) -> bool {
    one.document.exclusive_with.contains(&other.document.id)
        || other.document.exclusive_with.contains(&one.document.id)
}

/// How they are decided.
pub fn plan<'r>(rulebook: &'r Rulebook, draft: &Entry, day: Date) -> Plan<'r> {
    Plan::of_entries(rulebook, &alike(rulebook, draft, day), day)
}

/// What the gainers get from each of the others, as it grows from chunk to chunk.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    each: Vec<Share>,
}

#[derive(Clone, Debug, Default)]
struct Share {
    gainers: usize,
    paid: Sum,
    payees: usize,
}

impl Shares {
    /// Adds what [`plan`] decided of a chunk, for those of its rows that gain.
    pub fn add(&mut self, given: &Outcomes, gainers: &Bits) {
        self.each.resize(given.documents.len(), Share::default());
        for (share, outcomes) in self.each.iter_mut().zip(&given.documents) {
            share.gainers += gainers.iter_ones().filter(|row| outcomes.eligible.get(*row)).count();
            let amounts = outcomes.amounts.iter().filter(|(row, _)| gainers.get(*row as usize));
            for (_, money) in amounts {
                share.paid.add(money);
                share.payees += usize::from(*money != Money::Exact(Fen::ZERO));
            }
        }
    }

    /// Those that matter, with the most gainers first.
    pub fn others(&self, rulebook: &Rulebook, draft: &Entry, day: Date) -> Vec<Other> {
        let mut out = Vec::new();
        let mut shares = self.each.iter();
        for entry in alike(rulebook, draft, day) {
            let Share { gainers, paid, payees } = shares.next().cloned().unwrap_or_default();
            let is_exclusive = excludes(entry, draft);
            if gainers > 0 || is_exclusive {
                let id = entry.document.id.clone();
                out.push(Other { id, gainers, paid, payees, is_exclusive, is_known: true });
            }
        }
        for id in &draft.document.exclusive_with {
            if out.iter().all(|other| other.id != *id) {
                out.push(Other {
                    id: id.clone(),
                    gainers: 0,
                    paid: Sum::default(),
                    payees: 0,
                    is_exclusive: true,
                    is_known: false,
                });
            }
        }
        out.sort_by(|left, right| right.gainers.cmp(&left.gainers).then(left.id.cmp(&right.id)));
        out
    }
}
