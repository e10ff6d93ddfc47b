//! One document for all subjects, over their columns.

use std::collections::BTreeMap;

use engine::batch::{Bands, Plan, Request, Totals};
use engine::point::{Member, Standing};
use facts::Date;
use population::Bits;

use super::Columns;
use crate::identity::coded;
use crate::policies::Shelved;

coded! {
    /// How a subject came out in a run.
    Outcome {
        /// All conditions hold.
        Eligible = "eligible", "符合", "eligible";
        /// One does not.
        Ineligible = "ineligible", "不符合", "ineligible";
        /// Something that is not known decides.
        Unknown = "unknown", "待定", "unknown";
    }
}

/// What a document says of all subjects, in order of their ids.
#[derive(Clone, PartialEq, Debug)]
pub struct OutcomesOfAll {
    /// All conditions hold.
    pub eligible: Bits,
    /// One does not.
    pub ineligible: Bits,
    /// How many, and what they get.
    pub totals: Totals,
}

impl OutcomesOfAll {
    /// Of a row.
    pub fn outcome(&self, row: usize) -> Outcome {
        match (self.eligible.get(row), self.ineligible.get(row)) {
            (true, _) => Outcome::Eligible,
            (_, true) => Outcome::Ineligible,
            _ => Outcome::Unknown,
        }
    }
}

/// Decides a document for all subjects. `None` if no version is in force on the day.
pub fn decide_all_subjects(
    shelved: &Shelved,
    columns: &Columns,
    policy: &str,
    day: Date,
) -> Option<OutcomesOfAll> {
    let rulebook = &shelved.library.rulebook;
    if !matches!(rulebook.on(policy, day)?, Standing::InForce(_)) {
        return None;
    }
    let plan = Plan::new(rulebook, [policy], day);
    let bands = bands(&plan, columns);
    let request = Request { amounts: true, details: false };
    let mut all = OutcomesOfAll {
        eligible: Bits::new(columns.len()),
        ineligible: Bits::new(columns.len()),
        totals: Totals::default(),
    };
    let mut first = 0;
    for chunk in &columns.chunks {
        let rows = chunk.ids.len();
        let of_chunk: Bands =
            bands.iter().map(|(id, bands)| (id.clone(), bands[first..first + rows].to_vec())).collect();
        let document = plan.decide_ranked(&chunk.rows, request, &of_chunk).documents.pop()?;
        document.eligible.iter_ones().for_each(|row| all.eligible.set(first + row, true));
        document.ineligible.iter_ones().for_each(|row| all.ineligible.set(first + row, true));
        all.totals.merge(&document.totals());
        first += rows;
    }
    Some(all)
}

/// Ranks within a group are among all subjects, whatever their chunks.
fn bands(plan: &Plan<'_>, columns: &Columns) -> Bands {
    let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for chunk in &columns.chunks {
        for (id, of_chunk) in plan.members(&chunk.rows) {
            members.entry(id).or_default().extend(of_chunk);
        }
    }
    plan.bands(&members)
}
