//! Unknowns whose readings hang together.
//!
//! The exact decision tries the cases of an unknown that is read more than once, and may find a definite answer where
//! plain three-valued logic leaves it open. That can only happen where no case makes all that reads the unknown favour
//! eligibility, or none makes all of it disfavour it: three-valued logic is monotone, so with one case of each kind the
//! answer stays open. Whatever is not proved harmless in this way sends its open rows to the exact decision.

use std::collections::{BTreeMap, BTreeSet};

use facts::{FactDefinition, FactType, Number, Vocabulary};
use lang::ir::Compare;

use super::program::{Atom, Comparison, Logical, NumberId, Numeric, Program, SlotId, SlotKind, TruthId};

/// An atom as the outcome reads it: as it is, or negated.
type Literal = (TruthId, bool);

/// The slots whose unknown rows have to be asked exactly where the outcome is open.
pub(super) fn entangled(program: &Program, vocabulary: &Vocabulary, outcome: TruthId) -> Vec<SlotId> {
    let mut literals = BTreeSet::new();
    collect(program, outcome, false, &mut literals);
    let mut reads: BTreeMap<SlotId, Vec<(Literal, bool)>> = BTreeMap::new();
    for literal in literals {
        let Logical::Atom(atom) = program.truths.get(literal.0) else { continue };
        let mut slots = Vec::new();
        slots_of_atom(program, atom, &mut slots);
        let is_simple = slots.len() == 1 && is_simple(atom);
        let distinct: BTreeSet<SlotId> = slots.iter().copied().collect();
        for slot in distinct {
            let is_once = slots.iter().filter(|other| **other == slot).count() == 1;
            let entry = reads.entry(slot).or_default();
            entry.push((literal, is_simple));
            if !is_once || !is_exact(program, atom) {
                // Twice, so that it counts as hanging together with itself.
                entry.push((literal, false));
            }
        }
    }
    let is_entangled = |(slot, reads): &(SlotId, Vec<(Literal, bool)>)| {
        let definition = match &program.slots.get(*slot).kind {
            SlotKind::Fact { fact, .. } => Some(vocabulary.get(*fact)),
            _ => None,
        };
        reads.len() > 1
            && !(reads.iter().all(|(_, is_simple)| *is_simple) && has_both_cases(program, definition, reads))
    };
    reads.into_iter().filter(is_entangled).map(|(slot, _)| slot).collect()
}

fn collect(program: &Program, truth: TruthId, is_negated: bool, out: &mut BTreeSet<Literal>) {
    match program.truths.get(truth) {
        Logical::Constant(_) => {}
        Logical::Atom(_) => drop(out.insert((truth, is_negated))),
        Logical::Not(inner) => collect(program, *inner, !is_negated, out),
        Logical::And(parts) | Logical::Or(parts) => {
            parts.iter().for_each(|part| collect(program, *part, is_negated, out));
        }
    }
}

/// Whether an atom is read off one column alone.
fn is_simple(atom: &Atom) -> bool {
    matches!(atom, Atom::Slot(_) | Atom::Cut(..))
}

/// Whether an atom over unknowns that it reads once is open only where cases of both kinds exist.
fn is_exact(program: &Program, atom: &Atom) -> bool {
    match atom {
        Atom::Compare(Comparison(Compare::Eq | Compare::Ne), ..) => false,
        Atom::Compare(_, left, right) => is_continuous(program, *left) && is_continuous(program, *right),
        Atom::TierFits(_) | Atom::Rows(..) | Atom::Opaque(_) => false,
        _ => true,
    }
}

/// Plain arithmetic, whose bounds are taken.
fn is_continuous(program: &Program, number: NumberId) -> bool {
    match program.numbers.get(number) {
        Numeric::Constant(_) | Numeric::Between(..) | Numeric::Slot(_) => true,
        Numeric::Binary(_, left, right) => is_continuous(program, *left) && is_continuous(program, *right),
        _ => false,
    }
}

/// Every slot that an atom reads, as often as it reads it.
pub(super) fn slots_of_atom(program: &Program, atom: &Atom, out: &mut Vec<SlotId>) {
    match atom {
        Atom::Slot(slot)
        | Atom::Cut(slot, ..)
        | Atom::CodeIn(slot, _)
        | Atom::Text(slot, ..)
        | Atom::Rows(slot, ..)
        | Atom::BeforeFounding(slot)
        | Atom::Settled(slot) => out.push(*slot),
        Atom::Compare(_, left, right) => {
            slots_of_number(program, *left, out);
            slots_of_number(program, *right, out);
        }
        Atom::TierFits(number) => slots_of_number(program, *number, out),
        Atom::Opaque(_) => {}
    }
}

/// Every slot that a truth reads, as often as it reads it.
pub(super) fn slots_of_truth(program: &Program, truth: TruthId, out: &mut Vec<SlotId>) {
    match program.truths.get(truth) {
        Logical::Constant(_) => {}
        Logical::Atom(atom) => slots_of_atom(program, atom, out),
        Logical::Not(inner) => slots_of_truth(program, *inner, out),
        Logical::And(parts) | Logical::Or(parts) => {
            parts.iter().for_each(|part| slots_of_truth(program, *part, out));
        }
    }
}

/// Every slot that a number reads, as often as it reads it.
pub(super) fn slots_of_number(program: &Program, number: NumberId, out: &mut Vec<SlotId>) {
    /// Past this many readings it no longer matters how many there are.
    const READS_MAX: usize = 4_096;
    if out.len() > READS_MAX {
        return;
    }
    match program.numbers.get(number) {
        Numeric::Constant(_) | Numeric::Between(..) | Numeric::Absent(_) => {}
        Numeric::Slot(slot) => out.push(*slot),
        Numeric::Months(of, _) | Numeric::Unary(_, of) | Numeric::Progressive(of, _) => {
            slots_of_number(program, *of, out);
        }
        Numeric::MonthsBetween(left, right) | Numeric::Binary(_, left, right) => {
            slots_of_number(program, *left, out);
            slots_of_number(program, *right, out);
        }
        Numeric::Select(when, then, otherwise) => {
            slots_of_truth(program, *when, out);
            slots_of_number(program, *then, out);
            slots_of_number(program, *otherwise, out);
        }
        Numeric::Given(slot, derived) => {
            out.push(*slot);
            slots_of_number(program, *derived, out);
        }
        Numeric::Span { years, total, mean, .. } => {
            out.extend(years);
            out.extend([total, mean]);
        }
        Numeric::Quarters(cells, mean) => {
            out.extend(cells);
            out.push(*mean);
        }
        Numeric::CountTrue(truths) => truths.iter().for_each(|truth| slots_of_truth(program, *truth, out)),
    }
}

/// Whether one case makes no literal false and another makes none true. All literals read one column alone.
fn has_both_cases(program: &Program, definition: Option<&FactDefinition>, reads: &[(Literal, bool)]) -> bool {
    let mut bounds: BTreeSet<Number> = BTreeSet::new();
    for ((truth, _), _) in reads {
        if let Logical::Atom(Atom::Cut(_, _, number)) = program.truths.get(*truth) {
            bounds.insert(number.clone());
        }
    }
    let mut cases: Vec<Number> = Vec::new();
    let one = Number::one();
    let half = Number::ratio(1, 2).unwrap_or_default();
    let bounds: Vec<Number> = bounds.into_iter().collect();
    if let (Some(first), Some(last)) = (bounds.first(), bounds.last()) {
        cases.extend([first - &one, last + &one]);
        cases.extend(bounds.iter().cloned());
        cases.extend(bounds.windows(2).map(|pair| &(&pair[0] + &pair[1]) * &half));
    } else {
        cases.extend([Number::zero(), one]);
    }
    // Only cases that the fact can be in.
    if let Some(definition) = definition {
        let is_whole = matches!(definition.fact_type, FactType::Count | FactType::Date | FactType::Year);
        let is_numeric = definition.is_numeric();
        cases.retain(|case| {
            let is_within = definition.least.as_ref().is_none_or(|least| least <= case)
                && definition.most.as_ref().is_none_or(|most| case <= most);
            (!is_numeric || is_within) && (!is_whole || case.is_integer())
        });
    }
    let holds = |((truth, is_negated), _): &(Literal, bool), case: &Number| {
        let holds = match program.truths.get(*truth) {
            Logical::Atom(Atom::Cut(_, Comparison(op), number)) => match op {
                Compare::Eq => case == number,
                Compare::Ne => case != number,
                Compare::Lt => case < number,
                Compare::Le => case <= number,
                Compare::Gt => case > number,
                Compare::Ge => case >= number,
            },
            _ => !case.is_zero(),
        };
        holds != *is_negated
    };
    let favours = cases.iter().any(|case| reads.iter().all(|read| holds(read, case)));
    let disfavours = cases.iter().any(|case| reads.iter().all(|read| !holds(read, case)));
    favours && disfavours
}
