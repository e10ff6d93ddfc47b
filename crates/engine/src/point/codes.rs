//! Cases of a code whose values lie under one another, where it is known coarsely: one for each finer code that the
//! document names, and the rest. Of a code that is not known at all there would be more cases than the answer is worth.

use std::collections::BTreeSet;

use lang::ir::{Builtin, Constant, Document, Expr, InputKind, Kind};

use super::causes::Slot;
use super::critical::{reads_slot, roots};
use super::eval::Evaluator;
use super::numbers::Absence;
use super::survey;
use super::value::{Thing, Value};

/// Stands behind a code for everything under it that the document does not name.
const REST: char = '\u{0}';

/// The cases of a hierarchical code that is known coarsely; none if the document looks at its letters.
pub(super) fn cells(evaluator: &Evaluator<'_>, slot: Slot) -> Option<Vec<Value>> {
    let InputKind::Fact(fact, _) = evaluator.inputs.slots[slot].kind else { return None };
    let definition = evaluator.inputs.vocabulary.get(fact);
    if !definition.hierarchy {
        return None;
    }
    let (known, absence) = match &evaluator.slot_value(slot).thing {
        Thing::Texts(Some(codes), absence) if codes.len() == 1 => (codes.first()?.clone(), *absence),
        _ => return None,
    };
    let mut codes = named(evaluator, slot)?;
    codes.retain(|code| code.starts_with(known.as_str()));
    codes.insert(known);
    let one = |code: String| Thing::Texts(Some([format!("{code}{REST}")].into()), Absence::NEVER);
    let mut cells: Vec<Value> = codes.into_iter().map(|code| Value::certain(one(code))).collect();
    if absence.is_possible() {
        cells.push(Value::certain(Thing::Texts(Some([].into()), absence)));
    }
    Some(cells)
}

/// The codes that the document compares the slot with; none where it reads the letters of the code some other way.
fn named(evaluator: &Evaluator<'_>, slot: Slot) -> Option<BTreeSet<String>> {
    let document: &Document = evaluator.document;
    let mut codes = BTreeSet::new();
    let mut is_sound = true;
    for root in roots(document) {
        survey::expressions(document, root, &mut |expr| match &expr.kind {
            Kind::CodeIn(code, named) if reads_slot(evaluator, code, slot) => {
                codes.extend(named.iter().cloned())
            }
            Kind::Compare(_, left, right) => {
                for (side, other) in [(left, right), (right, left)] {
                    if reads_slot(evaluator, side, slot) {
                        codes.extend(constant(other));
                    }
                }
            }
            Kind::TableMatch(table) | Kind::TableReached(table, _) | Kind::TableValue(table, _)
                if reads_slot(evaluator, &document.tables[*table].key, slot) =>
            {
                codes.extend(document.tables[*table].rows.iter().flat_map(|row| row.keys.iter().cloned()));
            }
            Kind::Call(
                Builtin::StartsWith | Builtin::EndsWith | Builtin::Contains | Builtin::StringLength,
                arguments,
            ) => is_sound &= !arguments.iter().any(|argument| reads_slot(evaluator, argument, slot)),
            _ => {}
        });
    }
    is_sound.then_some(codes)
}

fn constant(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Constant(Constant::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
