//! What is worth saying of the values themselves: figures that contradict each other, dates known only roughly.

use facts::Precision;
use lang::ir::{Builtin, Document, Expr, InputRef, Kind, SUBJECT, Test};

use super::decision::Note;
use super::eval::Evaluator;
use super::numbers::Numbers;
use super::survey;

/// Notes on the inputs of the subject.
pub(super) fn of_inputs<'a>(evaluator: &mut Evaluator<'a>) -> Vec<Note> {
    let document: &'a Document = evaluator.document;
    let mut out = Vec::new();
    for state in &evaluator.inputs.slots {
        let rough = match state.known.as_ref().map(|known| &known.value) {
            Some(facts::Value::Date(date)) => date.precision != Precision::Day,
            _ => false,
        };
        if rough {
            out.push(Note::ImpreciseDate(state.key.clone()));
        }
    }
    let mut spans: Vec<(&Expr, InputRef, InputRef)> = Vec::new();
    let mut collect = |root: &'a Expr| {
        survey::expressions(document, root, &mut |expr| {
            if let Kind::Span { total, mean, .. } = &expr.kind
                && total.var == SUBJECT
                && !spans.iter().any(|(_, known, _)| known == total)
            {
                spans.push((expr, *total, *mean));
            }
        });
    };
    for condition in document.conditions() {
        match &condition.test {
            Test::Rule(rule) => collect(rule),
            Test::First(tiers, _) => tiers.iter().for_each(|(when, _)| collect(when)),
            _ => {}
        }
    }
    for (span, total, mean) in spans {
        for (given, builtin) in [(total, Builtin::Sum), (mean, Builtin::Mean)] {
            if differs(evaluator, span, given, builtin) {
                let slot = evaluator.slot_of(given);
                out.push(Note::SpanDiffers(evaluator.inputs.slots[slot].key.clone()));
            }
        }
    }
    out
}

/// Whether a given total or mean contradicts years that are all known.
fn differs(evaluator: &mut Evaluator<'_>, span: &Expr, given: InputRef, builtin: Builtin) -> bool {
    let value = evaluator.input(given).clone();
    let Kind::Span { years, .. } = &span.kind else { return false };
    let all_known = years.iter().all(|year| evaluator.input(*year).causes.is_empty());
    if !value.causes.is_empty() || !all_known {
        return false;
    }
    let derived: Numbers = evaluator.call(builtin, std::slice::from_ref(span)).as_numbers();
    derived.as_exact().is_some() && derived.as_exact() != value.as_numbers().as_exact()
}
