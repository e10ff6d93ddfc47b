//! SQL, the dialect that DuckDB and DataFusion share.
//!
//! Two shapes, of which each engine gets the one it runs faster: [`flat`] writes every document out in full and leaves
//! sharing to the planner; [`staged`] computes shares, then conditions, then documents in nested selects, so that
//! nothing is computed twice.

use std::collections::BTreeSet;

use super::{Words, needs};
use crate::workload::documents::{Atom, Document, Documents, Node};
use crate::workload::fields::{FIELDS, SHARES, months_ago};

const WORDS: Words = Words { and: " AND ", or: " OR ", not: "NOT " };

/// Whether documents are written out in full, or by stages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Each document in full.
    Flat,
    /// Shares, conditions and documents in nested selects.
    Staged,
}

/// A condition. Shares are columns `r0` to `r3` where `is_staged`.
pub fn condition(atom: &Atom, is_staged: bool) -> String {
    let name = |field: usize| FIELDS[field].column;
    let ago = |months: i64| {
        let date = facts::Date::from_epoch_days(months_ago(months)).expect("a day of the calendar");
        format!("DATE '{date}'")
    };
    let share_text = |index: usize| if is_staged { format!("r{index}") } else { share(index) };
    let part = |cut: i64| format!("CAST({}.{:03} AS DOUBLE)", cut / 1_000, cut % 1_000);
    match atom {
        Atom::AtLeast { field, cut } => format!("{} >= {cut}", name(*field)),
        Atom::Below { field, cut } => format!("{} < {cut}", name(*field)),
        Atom::Within { field, low, high } => format!("{} BETWEEN {low} AND {high}", name(*field)),
        Atom::ShareAtLeast { share, cut } => format!("{} >= {}", share_text(*share), part(*cut)),
        Atom::ShareAtMost { share, cut } => format!("{} <= {}", share_text(*share), part(*cut)),
        Atom::Young { field, months } => format!("{} >= {}", name(*field), ago(*months)),
        Atom::Old { field, months } => format!("{} <= {}", name(*field), ago(*months)),
        Atom::In { field, codes } => {
            let codes: Vec<String> = codes.iter().map(u8::to_string).collect();
            format!("{} IN ({})", name(*field), codes.join(", "))
        }
        Atom::Is { field } => name(*field).to_owned(),
        Atom::Has { field, code } => format!("({} & {}) <> 0", name(*field), 1_u32 << code),
    }
}

/// A share as an expression of its two columns.
pub fn share(index: usize) -> String {
    let share = SHARES[index];
    let name = |field: usize| FIELDS[field].column;
    format!("CAST({} AS DOUBLE) / CAST({} AS DOUBLE)", name(share.numerator), name(share.denominator))
}

/// The documents as columns `p0` …, true, false or null, of the table `subjects`.
pub fn verdicts(documents: &Documents, range: std::ops::Range<usize>, shape: Shape) -> String {
    let chosen = &documents.documents[range];
    match shape {
        Shape::Flat => flat(documents, chosen),
        Shape::Staged => staged(documents, chosen),
    }
}

/// For each document how many rows it holds true for, and for how many that is known: `t0`, `k0`, `t1` ….
pub fn counts(documents: &Documents, range: std::ops::Range<usize>, shape: Shape) -> String {
    let counted: Vec<String> = (0..range.len())
        .map(|index| format!("sum(CAST(p{index} AS INT)) AS t{index}, count(p{index}) AS k{index}"))
        .collect();
    format!("SELECT {} FROM ({}) AS decided", counted.join(", "), verdicts(documents, range, shape))
}

fn flat(documents: &Documents, chosen: &[Document]) -> String {
    let columns = columns(chosen, &|atom| format!("({})", condition(&documents.atoms[atom], false)));
    format!("SELECT {columns} FROM subjects")
}

fn staged(documents: &Documents, chosen: &[Document]) -> String {
    let mut used = BTreeSet::new();
    for document in chosen {
        document.needs.iter().for_each(|need| atoms_of(need, &mut used));
    }
    let shares: Vec<String> =
        (0..SHARES.len()).map(|index| format!("{} AS r{index}", share(index))).collect();
    let atoms: Vec<String> =
        used.iter().map(|atom| format!("{} AS a{atom}", condition(&documents.atoms[*atom], true))).collect();
    let columns = columns(chosen, &|atom| format!("a{atom}"));
    format!(
        "SELECT {columns} FROM (SELECT {} FROM (SELECT *, {} FROM subjects) AS with_shares) AS with_conditions",
        atoms.join(", "),
        shares.join(", ")
    )
}

fn columns(chosen: &[Document], atom: &impl Fn(usize) -> String) -> String {
    let columns: Vec<String> = chosen
        .iter()
        .enumerate()
        .map(|(index, document)| format!("({}) AS p{index}", needs(&document.needs, WORDS, atom)))
        .collect();
    columns.join(", ")
}

fn atoms_of(node: &Node, used: &mut BTreeSet<usize>) {
    match node {
        Node::Atom(atom) => {
            used.insert(*atom);
        }
        Node::Not(inner) => atoms_of(inner, used),
        Node::All(members) | Node::Any(members) => {
            members.iter().for_each(|member| atoms_of(member, used));
        }
    }
}
