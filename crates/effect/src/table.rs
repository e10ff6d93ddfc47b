//! An effect and a curve as lines of a table. Money is in 万元, exact.

use engine::batch::Sum;
use facts::{Language, Vocabulary};
use wording::total;

use crate::compare::Tally;
use crate::privacy::Seen;
use crate::sweep::{Curve, decimal};

/// What stands in `value` for groups that were put together.
pub const REST: &str = "(其他合计)";

/// Heads of the columns of [`effect`].
pub const EFFECT: [&str; 15] = [
    "by",
    "value",
    "subjects",
    "eligible_now",
    "eligible_then",
    "gain",
    "lose",
    "become_open",
    "more",
    "less",
    "open",
    "now_least_wan",
    "now_most_wan",
    "then_least_wan",
    "then_most_wan",
];

/// Heads of the columns of [`curve`].
pub const CURVE: [&str; 9] =
    ["value", "shown", "eligible", "ineligible", "open", "least_wan", "most_wan", "endless", "undetermined"];

/// A line for everybody and one for each group.
pub fn effect(seen: &Seen, vocabulary: &Vocabulary) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = seen.all.iter().map(|all| row("", "", all)).collect();
    for groups in &seen.groups {
        let by = &vocabulary.get(groups.told.fact).name;
        let tallies = groups.told.tallies.iter();
        rows.extend(tallies.map(|(value, tally)| row(by, value.as_deref().unwrap_or_default(), tally)));
        rows.extend(groups.rest.iter().map(|(_, tally)| row(by, REST, tally)));
    }
    rows
}

fn row(by: &str, value: &str, tally: &Tally) -> Vec<String> {
    let counts = [
        tally.subjects,
        tally.eligible_now(),
        tally.eligible_then(),
        tally.gain(),
        tally.lose(),
        tally.become_open(),
        tally.more,
        tally.less,
        tally.open(),
    ];
    let ends = |sum: &Sum| [total::wan_text(sum.least), total::wan_text(sum.most)];
    let mut cells = vec![by.to_owned(), value.to_owned()];
    cells.extend(counts.iter().map(usize::to_string));
    cells.extend(ends(&tally.now));
    cells.extend(ends(&tally.then));
    cells
}

/// A line for each point; cells stay empty where nothing may be told.
pub fn curve(curve: &Curve) -> Vec<Vec<String>> {
    let money = |fen: i128| if curve.pays() { total::wan_text(fen) } else { String::new() };
    let line = |point: &crate::sweep::Point| {
        let mut cells = vec![decimal(&point.value), curve.shown(&point.value, Language::Chinese)];
        if let Some(totals) = &point.totals {
            cells.extend([totals.eligible, totals.ineligible, totals.open].iter().map(usize::to_string));
            cells.extend([money(totals.amount.least), money(totals.amount.most)]);
            cells.extend([totals.amount.endless, totals.amount.undetermined].iter().map(usize::to_string));
        }
        cells.resize(CURVE.len(), String::new());
        cells
    };
    curve.points.iter().map(line).collect()
}
