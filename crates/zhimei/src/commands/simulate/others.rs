//! What those who gain already get from other policies, and which policies exclude this one.

use engine::batch::{Outcomes, Plan, Sum};
use engine::point::{Entry, Rulebook};
use facts::Date;
use population::Bits;

use super::in_force;

/// Another policy that some of the gainers already benefit from, or that the draft cannot be had beside.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its id.
    pub id: String,
    /// Gainers who are eligible for it.
    pub gainers: usize,
    /// What it gives them.
    pub paid: Sum,
    /// Either excludes the other.
    pub is_exclusive: bool,
    /// It is in the library, and in force.
    pub is_known: bool,
}

/// The other policies for the same kind of subject that give money of the same nature.
fn alike<'r>(rulebook: &'r Rulebook, draft: &Entry, day: Date) -> Vec<&'r Entry> {
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

/// Those that matter, with the most gainers first.
pub fn of(rulebook: &Rulebook, draft: &Entry, day: Date, given: &Outcomes, gainers: &Bits) -> Vec<Other> {
    let mut out = Vec::new();
    for (entry, outcomes) in alike(rulebook, draft, day).into_iter().zip(&given.documents) {
        let is_gainer = |row: &usize| gainers.get(*row) && outcomes.eligible.get(*row);
        let count = (0..gainers.len()).filter(is_gainer).count();
        let mut paid = Sum::default();
        let amounts = outcomes.amounts.iter().filter(|(row, _)| gainers.get(*row as usize));
        amounts.for_each(|(_, money)| paid.add(money));
        let is_exclusive = excludes(entry, draft);
        if count > 0 || is_exclusive {
            let id = entry.document.id.clone();
            out.push(Other { id, gainers: count, paid, is_exclusive, is_known: true });
        }
    }
    for id in &draft.document.exclusive_with {
        if out.iter().all(|other| other.id != *id) {
            let (gainers, paid) = (0, Sum::default());
            out.push(Other { id: id.clone(), gainers, paid, is_exclusive: true, is_known: false });
        }
    }
    out.sort_by(|left, right| right.gainers.cmp(&left.gainers).then(left.id.cmp(&right.id)));
    out
}
