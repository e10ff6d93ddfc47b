//! Where comparisons change: the values of an input at which something in a document is no longer what it was, and which
//! inputs there are such values of.

use facts::{Number, Vocabulary};
use lang::ir::{Amount, Document, Expr, InputKind, InputRef, Kind, Points, RankRule, Row, Test};

use super::causes::Slot;
use super::eval::Evaluator;
use super::numbers::Numbers;
use super::survey;
use super::value::Value;

/// The values of a slot at which a comparison of the document changes, with everything else as it is known.
pub(super) fn critical_points<'d>(evaluator: &mut Evaluator<'d>, slot: Slot) -> Vec<Number> {
    let document: &'d Document = evaluator.document;
    let mut out = Vec::new();
    for root in roots(document) {
        critical_points_of(evaluator, root, slot, &mut out);
    }
    evaluator.reset();
    out
}

/// The same within one expression.
pub(super) fn critical_points_of<'d>(
    evaluator: &mut Evaluator<'d>,
    root: &'d Expr,
    slot: Slot,
    out: &mut Vec<Number>,
) {
    let document: &'d Document = evaluator.document;
    let Comparisons { mut compares, tables, banded } = Comparisons::below(document, root);
    for (table, column) in tables {
        for row in evaluator.possible_rows(table) {
            compares.extend(reached(row, column));
        }
    }
    for (of, bounds) in banded {
        if !reads_slot(evaluator, of, slot) {
            continue;
        }
        for bound in bounds {
            let side =
                |evaluator: &mut Evaluator<'_>| evaluator.numbers(of).0.sub(&Numbers::exact(bound.clone()));
            out.extend(root_of(evaluator, slot, side));
        }
    }
    for (left, right) in compares {
        let reads = reads_slot(evaluator, left, slot) || reads_slot(evaluator, right, slot);
        if reads {
            let side =
                |evaluator: &mut Evaluator<'_>| evaluator.numbers(left).0.sub(&evaluator.numbers(right).0);
            out.extend(root_of(evaluator, slot, side));
        }
    }
}

/// Everything below an expression that changes at some value of what it reads.
#[derive(Default)]
struct Comparisons<'d> {
    /// Two sides.
    compares: Vec<(&'d Expr, &'d Expr)>,
    /// What a row of a table asks to be reached, in a column.
    tables: Vec<(usize, &'d str)>,
    /// What is sorted into bands, with their bounds.
    banded: Vec<(&'d Expr, Vec<&'d Number>)>,
}

impl<'d> Comparisons<'d> {
    fn below(document: &'d Document, root: &'d Expr) -> Self {
        let mut found = Self::default();
        survey::expressions(document, root, &mut |expr| match &expr.kind {
            Kind::Score(score, _) => bands_of(&document.scores[*score].root.points, &mut found.banded),
            Kind::Compare(_, left, right) => found.compares.push((left, right)),
            Kind::TableReached(table, column) => found.tables.push((*table, column)),
            _ => {}
        });
        found
    }
}

/// What a row asks to be reached in a column, and the bound.
fn reached<'d>(row: &'d Row, column: &'d str) -> impl Iterator<Item = (&'d Expr, &'d Expr)> {
    row.reach.iter().filter_map(move |(fact, bounds)| {
        let (_, bound) = bounds.iter().find(|(name, _)| name == column)?;
        Some((fact, bound))
    })
}

/// What expressions read of which cases may be tried: everything that is no number, and numbers that the document
/// compares with something anywhere.
pub(crate) fn may_be_split<'d>(
    document: &'d Document,
    vocabulary: &Vocabulary,
    expressions: &[&'d Expr],
) -> Vec<InputRef> {
    let kind_of = |input: InputRef| (document.vars[input.var.0].kind, input.index);
    let mut compared = Vec::new();
    for root in roots(document) {
        let Comparisons { mut compares, tables, banded } = Comparisons::below(document, root);
        for (table, column) in tables {
            compares.extend(document.tables[table].rows.iter().flat_map(|row| reached(row, column)));
        }
        let sides = compares.into_iter().flat_map(|(left, right)| [left, right]);
        for side in sides.chain(banded.into_iter().map(|(of, _)| of)) {
            survey::inputs(document, side, &|_| false, &mut |input| compared.push(kind_of(input)));
        }
    }
    let is_number = |input: InputRef| match &document.kinds[kind_of(input).0.0].inputs[input.index].kind {
        InputKind::Fact(fact, _) => vocabulary.get(*fact).is_numeric(),
        _ => false,
    };
    let mut out = Vec::new();
    for expr in expressions {
        survey::inputs(document, expr, &|_| false, &mut |input| {
            if (!is_number(input) || compared.contains(&kind_of(input))) && !out.contains(&input) {
                out.push(input);
            }
        });
    }
    out
}

/// Whether an expression reads a slot.
pub(super) fn reads_slot(evaluator: &Evaluator<'_>, expr: &Expr, slot: Slot) -> bool {
    let mut found = false;
    survey::inputs(evaluator.document, expr, &|_| false, &mut |input| {
        found |= evaluator.is_bound(input.var) && evaluator.slot_of(input) == slot;
    });
    found
}

/// Where a difference that is linear in the slot, or in one divided by it, is nought.
fn root_of(
    evaluator: &mut Evaluator<'_>,
    slot: Slot,
    mut side: impl FnMut(&mut Evaluator<'_>) -> Numbers,
) -> Option<Number> {
    let mut at = |evaluator: &mut Evaluator<'_>, x: &Number| {
        evaluator.set(slot, Value::exact(x.clone()));
        side(evaluator).as_exact().cloned()
    };
    let samples = [Number::from(1), Number::from(2), Number::from(4)];
    let y: Option<Vec<Number>> = samples.iter().map(|x| at(evaluator, x)).collect();
    evaluator.reset();
    let y = y?;
    let (first, second) = (&y[1] - &y[0], &y[2] - &y[1]);
    if first.is_zero() && second.is_zero() {
        return None;
    }
    let two = Number::from(2);
    if second == &first * &two {
        // y = y1 + slope (x − 1)
        return (-y[0].clone()).checked_div(&first).map(|step| &step + &samples[0]);
    }
    if first == &second * &two {
        // y = a + b / x: y1 − y2 = b / 2
        let b = -(&first * &two);
        let a = &y[0] - &b;
        return (-b).checked_div(&a);
    }
    None
}

/// The expressions of a document on which outcome, rank and amount hang.
pub(super) fn roots(document: &Document) -> Vec<&Expr> {
    let mut out = Vec::new();
    for condition in document.conditions() {
        match &condition.test {
            Test::Rule(rule) => out.push(rule),
            Test::First(tiers, _) => out.extend(tiers.iter().map(|(when, _)| when)),
            _ => {}
        }
    }
    let gives = &document.gives;
    match &gives.amount {
        Some(Amount::Value(value)) => out.push(value),
        Some(Amount::Milestones(stages, _)) => {
            out.extend(stages.iter().flat_map(|stage| [&stage.when, &stage.amount]));
        }
        None => {}
    }
    out.extend(&gives.at_most);
    if let Some(rank) = &gives.rank
        && let RankRule::First(tiers, _) = &rank.rule
    {
        out.extend(tiers.iter().map(|(when, _)| when));
    }
    out
}

fn bands_of<'d>(points: &'d Points, out: &mut Vec<(&'d Expr, Vec<&'d Number>)>) {
    match points {
        Points::Sum(parts) | Points::Best(parts) => parts.iter().for_each(|part| bands_of(&part.points, out)),
        Points::Bands(of, _, bands, _) => out.push((of, bands.iter().map(|(bound, _)| bound).collect())),
        Points::First(tiers, otherwise) => {
            tiers.iter().for_each(|(_, points)| bands_of(points, out));
            if let Some(last) = otherwise {
                bands_of(last, out);
            }
        }
        Points::Value(_) | Points::Expert(..) => {}
    }
}
