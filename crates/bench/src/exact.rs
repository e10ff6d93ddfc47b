//! What is true: the documents decided over the rows in whole numbers, three-valued.
//!
//! This is what every engine is compared with. It is itself held to the product's exact engine by a test. Nothing here
//! rounds: a share is compared by multiplying, in 128 bits. Nought as a denominator leaves the share unknown.

use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::documents::{Atom, Documents, Node};
use crate::workload::fields::{SHARES, months_ago};
use crate::workload::rows::Rows;

/// Decides all documents for the first `count` rows.
pub fn decide(documents: &Documents, rows: &Rows, count: usize) -> Verdicts {
    let mut verdicts = Verdicts::new(documents.documents.len(), count);
    let tests: Vec<Test> = documents.atoms.iter().map(Test::of).collect();
    let mut states = vec![UNKNOWN; tests.len()];
    for row in 0..count {
        for (state, test) in states.iter_mut().zip(&tests) {
            *state = test.state(rows, row);
        }
        for (index, document) in documents.documents.iter().enumerate() {
            verdicts.set(index, row, all(&document.needs, &states));
        }
    }
    verdicts
}

/// Kleene's and.
fn all(members: &[Node], states: &[u8]) -> u8 {
    let mut result = TRUE;
    for member in members {
        match value(member, states) {
            FALSE => return FALSE,
            UNKNOWN => result = UNKNOWN,
            _ => {}
        }
    }
    result
}

/// Kleene's or.
fn any(members: &[Node], states: &[u8]) -> u8 {
    let mut result = FALSE;
    for member in members {
        match value(member, states) {
            TRUE => return TRUE,
            UNKNOWN => result = UNKNOWN,
            _ => {}
        }
    }
    result
}

fn value(node: &Node, states: &[u8]) -> u8 {
    match node {
        Node::Atom(atom) => states[*atom],
        Node::Not(inner) => match value(inner, states) {
            TRUE => FALSE,
            FALSE => TRUE,
            unknown => unknown,
        },
        Node::All(members) => all(members, states),
        Node::Any(members) => any(members, states),
    }
}

/// A condition with everything looked up that does not hang on the row.
enum Test {
    /// The stored number lies in `low..=high`.
    Range { field: usize, low: i64, high: i64 },
    /// The share is at least (or at most) so many thousandths.
    Share { numerator: usize, denominator: usize, cut: i64, is_least: bool },
    /// The code, or any code of the set, has its bit here.
    Bits { field: usize, bits: u64, is_set: bool },
}

impl Test {
    fn of(atom: &Atom) -> Self {
        let bits = |codes: &[u8]| codes.iter().map(|code| 1 << code).sum();
        match *atom {
            Atom::AtLeast { field, cut } => Self::Range { field, low: cut, high: i64::MAX },
            Atom::Below { field, cut } => Self::Range { field, low: i64::MIN, high: cut - 1 },
            Atom::Within { field, low, high } => Self::Range { field, low, high },
            Atom::Young { field, months } => Self::Range { field, low: months_ago(months), high: i64::MAX },
            Atom::Old { field, months } => Self::Range { field, low: i64::MIN, high: months_ago(months) },
            Atom::Is { field } => Self::Range { field, low: 1, high: 1 },
            Atom::In { field, ref codes } => Self::Bits { field, bits: bits(codes), is_set: false },
            Atom::Has { field, code } => Self::Bits { field, bits: bits(&[code]), is_set: true },
            Atom::ShareAtLeast { share, cut } => Self::share(share, cut, true),
            Atom::ShareAtMost { share, cut } => Self::share(share, cut, false),
        }
    }

    fn share(share: usize, cut: i64, is_least: bool) -> Self {
        let share = SHARES[share];
        Self::Share { numerator: share.numerator, denominator: share.denominator, cut, is_least }
    }

    fn state(&self, rows: &Rows, row: usize) -> u8 {
        let get = |field: usize| rows.columns[field].get(row);
        let known = match *self {
            Self::Range { field, low, high } => get(field).map(|value| (low..=high).contains(&value)),
            Self::Bits { field, bits, is_set } => get(field).map(|value| {
                let of_row = if is_set { value as u64 } else { 1 << value };
                bits & of_row != 0
            }),
            Self::Share { numerator, denominator, cut, is_least } => {
                get(numerator).zip(get(denominator)).filter(|(_, below)| *below != 0).map(|(above, below)| {
                    let above = i128::from(above) * 1_000;
                    let below = i128::from(below) * i128::from(cut);
                    if is_least { above >= below } else { above <= below }
                })
            }
        };
        match known {
            Some(true) => TRUE,
            Some(false) => FALSE,
            None => UNKNOWN,
        }
    }
}
