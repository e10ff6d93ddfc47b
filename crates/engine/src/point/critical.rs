//! Where comparisons change: the values of an input at which something in a document is no longer what it was, and which
//! inputs there are such values of.

use facts::{Number, Vocabulary};
use lang::ir::{Amount, Document, Expr, InputKind, InputRef, Kind, Points, RankRule, Test};

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
    let mut compares = Vec::new();
    let mut tables = Vec::new();
    let mut banded = Vec::new();
    survey::expressions(document, root, &mut |expr| match &expr.kind {
        Kind::Score(score, _) => bands_of(&document.scores[*score].root.points, &mut banded),
        Kind::Compare(_, left, right) => compares.push((left.as_ref(), right.as_ref())),
        Kind::TableReached(table, column) => tables.push((*table, column)),
        _ => {}
    });
    for (table, column) in tables {
        for row in evaluator.possible_rows(table) {
            let bound = |bounds: &'d [(String, Expr)]| bounds.iter().find(|(name, _)| name == column);
            let reached = row.reach.iter().filter_map(|(fact, bounds)| Some((fact, &bound(bounds)?.1)));
            compares.extend(reached);
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

/// What an expression reads of which cases may be tried: everything that is no number, and numbers that the document
/// compares with something anywhere.
pub(crate) fn may_be_split<'d>(
    document: &'d Document,
    vocabulary: &Vocabulary,
    expressions: &[&'d Expr],
) -> Vec<InputRef> {
    let kind_of = |input: InputRef| (document.vars[input.var.0].kind, input.index);
    let mut compared = Vec::new();
    for root in roots(document) {
        survey::expressions(document, root, &mut |expr| {
            let mut sides: Vec<&Expr> = Vec::new();
            match &expr.kind {
                Kind::Score(score, _) => {
                    let mut banded = Vec::new();
                    bands_of(&document.scores[*score].root.points, &mut banded);
                    sides.extend(banded.into_iter().map(|(of, _)| of));
                }
                Kind::Compare(_, left, right) => sides.extend([left.as_ref(), right.as_ref()]),
                Kind::TableReached(table, _) => {
                    let reached = document.tables[*table].rows.iter().flat_map(|row| &row.reach);
                    let facts_and_bounds = reached.flat_map(|(fact, bounds)| {
                        std::iter::once(fact).chain(bounds.iter().map(|(_, to)| to))
                    });
                    sides.extend(facts_and_bounds);
                }
                _ => {}
            }
            for side in sides {
                survey::inputs(document, side, &|_| false, &mut |input| compared.push(kind_of(input)));
            }
        });
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
