//! What a run over a population comes to.

use std::sync::Arc;

use population::Bits;

use crate::point::{Money, Outcome};

/// The outcomes of several documents for a population.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// Number of subjects.
    pub rows: usize,
    /// In the order asked for.
    pub documents: Vec<DocumentOutcomes>,
}

/// The outcomes of one document, a row a subject.
#[derive(Clone, Debug, Default)]
pub struct DocumentOutcomes {
    /// Its id.
    pub id: String,
    /// Whether a version was in force; if not, all that follows is empty.
    pub is_in_force: bool,
    /// All conditions hold.
    pub eligible: Bits,
    /// One does not. Rows in neither are open.
    pub ineligible: Bits,
    /// What is due, for eligible rows of documents that pay, by row.
    pub amounts: Vec<(u32, Money)>,
    /// The rank, for rows that have one, as a place in `rank_names`; by row.
    pub ranks: Vec<(u32, u32)>,
    /// Rank names.
    pub rank_names: Vec<String>,
    /// Ids of failed conditions of ineligible rows, where details were asked for; by row.
    pub failed: Vec<(u32, Arc<[String]>)>,
    /// What is missing of open rows, where details were asked for; by row.
    pub missing: Vec<(u32, Arc<[String]>)>,
    /// How many rows were decided exactly, one by one.
    pub asked: usize,
}

impl DocumentOutcomes {
    /// The outcome of a row.
    pub fn outcome(&self, row: usize) -> Outcome {
        if !self.is_in_force {
            Outcome::NotInForce
        } else if self.eligible.get(row) {
            Outcome::Eligible
        } else if self.ineligible.get(row) {
            Outcome::Ineligible
        } else {
            Outcome::Unknown
        }
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.eligible.len() - self.eligible.count_ones() - self.ineligible.count_ones()
    }

    /// The amount of a row, if it is eligible and the document pays.
    pub fn amount(&self, row: usize) -> Option<&Money> {
        find(&self.amounts, row)
    }

    /// The rank of a row.
    pub fn rank(&self, row: usize) -> Option<&str> {
        find(&self.ranks, row).map(|place| self.rank_names[*place as usize].as_str())
    }

    /// Ids of the conditions that failed.
    pub fn failed(&self, row: usize) -> &[String] {
        find(&self.failed, row).map_or(&[], |list| list)
    }

    /// What is missing.
    pub fn missing(&self, row: usize) -> &[String] {
        find(&self.missing, row).map_or(&[], |list| list)
    }
}

fn find<T>(list: &[(u32, T)], row: usize) -> Option<&T> {
    let row = u32::try_from(row).ok()?;
    list.binary_search_by_key(&row, |(row, _)| *row).ok().map(|at| &list[at].1)
}
