//! What of a document nobody can work out or nobody has verified, counted.

use lang::ir::{Document, Part, Points, Test};

/// Conditions that a person decides.
pub fn manual_conditions(document: &Document) -> usize {
    document.conditions().iter().filter(|condition| matches!(condition.test, Test::Manual(..))).count()
}

/// Conditions, table rows and parts of scores whose article nobody saw.
pub fn unseen_clauses(document: &Document) -> usize {
    let is_rule = |test: &Test| matches!(test, Test::Rule(_) | Test::Manual(..) | Test::First(..));
    let conditions = document.conditions();
    let of_conditions = conditions
        .iter()
        // The tiers of a condition stand under the condition's own article.
        .filter(|condition| {
            is_rule(&condition.test) && condition.clause.is_none() && !condition.id.is_empty()
        })
        .count();
    let of_rows =
        document.tables.iter().flat_map(|table| &table.rows).filter(|row| row.clause.is_none()).count();
    let of_parts: usize = document.scores.iter().map(|score| unseen_parts(&score.root)).sum();
    of_conditions + of_rows + of_parts
}

/// Parts without an article of their own or of a part above them.
fn unseen_parts(part: &Part) -> usize {
    if part.clause.is_some() {
        return 0;
    }
    match &part.points {
        Points::Sum(parts) => parts.iter().map(unseen_parts).sum(),
        _ => 1,
    }
}
