//! Unknowns whose readings hang together.
//!
//! The exact decision tries the cases of an unknown that is read more than once, and may find a definite answer where
//! plain three-valued logic leaves it open. That can only happen where no case makes all that reads the unknown favour
//! eligibility, or none makes all of it disfavour it: three-valued logic is monotone, so with one case of each kind the
//! answer stays open. Whatever is not proved harmless in this way sends its open rows to the exact decision.

use std::collections::{BTreeMap, BTreeSet};

use facts::{FactDefinition, FactType, Number, Vocabulary};
use lang::ir::Compare;

use super::program::{
    Atom, Binary, Comparison, Logical, NumberId, Numeric, Program, SlotId, SlotKind, TruthId,
};
use super::reads::{Node, slots_as_often};

/// An atom as the outcome reads it: as it is, or negated.
type Literal = (TruthId, bool);

/// Literals that stand beside each other and read the same column alone: all of them, or one of them. A single literal
/// is a group of its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Group {
    literals: Vec<Literal>,
    is_one_of: bool,
}

/// The slots whose unknown rows have to be asked exactly where the outcome is open.
pub(super) fn entangled(program: &Program, vocabulary: &Vocabulary, outcome: TruthId) -> Vec<SlotId> {
    let mut groups = BTreeSet::new();
    collect(program, outcome, false, &mut groups);
    let mut reads: BTreeMap<SlotId, Vec<&Group>> = BTreeMap::new();
    let mut tied: BTreeSet<SlotId> = BTreeSet::new();
    for group in &groups {
        let (truth, _) = group.literals[0];
        let Some(atom) = atom_of(program, group.literals[0]) else { continue };
        let slots = slots_as_often(program, Node::Truth(truth));
        let distinct: BTreeSet<SlotId> = slots.iter().copied().collect();
        for slot in distinct {
            let is_once = slots.iter().filter(|other| **other == slot).count() == 1;
            reads.entry(slot).or_default().push(group);
            if !is_once || !is_exact(program, atom) {
                tied.insert(slot);
            }
        }
    }
    let definition = |slot: SlotId| match &program.slots.get(slot).kind {
        SlotKind::Fact { fact, .. } => Some(vocabulary.get(*fact)),
        _ => None,
    };
    let is_entangled = |(slot, groups): &(SlotId, Vec<&Group>)| {
        let definition = definition(*slot);
        is_split(definition)
            && (tied.contains(slot)
                || ((groups.len() > 1 || groups[0].literals.len() > 1)
                    && !has_both_cases(program, definition, groups)
                    && !leans_one_way(program, vocabulary, *slot, groups)))
    };
    reads.into_iter().filter(is_entangled).map(|(slot, _)| slot).collect()
}

/// Whether the exact decision tries cases of it at all.
fn is_split(definition: Option<&FactDefinition>) -> bool {
    definition.is_none_or(|definition| {
        !matches!(definition.fact_type, FactType::Date | FactType::Codes | FactType::Text)
    })
}

fn atom_of(program: &Program, literal: Literal) -> Option<&Atom> {
    match program.truths.get(literal.0) {
        Logical::Atom(atom) => Some(atom),
        _ => None,
    }
}

fn collect(program: &Program, truth: TruthId, is_negated: bool, out: &mut BTreeSet<Group>) {
    match program.truths.get(truth) {
        Logical::Constant(_) => {}
        Logical::Atom(_) => drop(out.insert(Group { literals: vec![(truth, is_negated)], is_one_of: false })),
        Logical::Not(inner) => collect(program, *inner, !is_negated, out),
        Logical::And(parts) => collect_parts(program, parts, is_negated, is_negated, out),
        Logical::Or(parts) => collect_parts(program, parts, is_negated, !is_negated, out),
    }
}

fn collect_parts(
    program: &Program,
    parts: &[TruthId],
    is_negated: bool,
    is_one_of: bool,
    out: &mut BTreeSet<Group>,
) {
    let mut by_slot: BTreeMap<SlotId, Vec<Literal>> = BTreeMap::new();
    for part in parts {
        let literal = match program.truths.get(*part) {
            Logical::Not(inner) => (*inner, !is_negated),
            _ => (*part, is_negated),
        };
        match atom_of(program, literal).and_then(simple_slot) {
            Some(slot) => by_slot.entry(slot).or_default().push(literal),
            None => collect(program, *part, is_negated, out),
        }
    }
    out.extend(by_slot.into_values().map(|literals| Group { literals, is_one_of }));
}

/// The column that an atom is read off, if it is one alone whose cases can be listed.
fn simple_slot(atom: &Atom) -> Option<SlotId> {
    match atom {
        Atom::Slot(slot) | Atom::Cut(slot, ..) | Atom::CodeIn(slot, _) => Some(*slot),
        _ => None,
    }
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

/// A case of a column.
enum Case {
    Number(Number),
    Code(String),
}

/// Whether a group holds in a case; none for what is read off more than the column.
fn holds(program: &Program, group: &Group, case: &Case) -> Option<bool> {
    let mut all = group.literals.iter().map(|literal| {
        let holds = match (atom_of(program, *literal)?, case) {
            (Atom::Cut(_, Comparison(op), number), Case::Number(case)) => op.holds(case.cmp(number)),
            (Atom::Slot(_), Case::Number(case)) => !case.is_zero(),
            (Atom::CodeIn(_, codes), Case::Code(code)) => codes.contains(code),
            _ => return None,
        };
        Some(holds != literal.1)
    });
    if group.is_one_of {
        all.try_fold(false, |any, holds| Some(any | holds?))
    } else {
        all.try_fold(true, |every, holds| Some(every & holds?))
    }
}

/// The cases of a column, ascending: each constant it is compared with, something between any two, something beyond.
fn cases(program: &Program, definition: Option<&FactDefinition>, groups: &[&Group]) -> Vec<Case> {
    if let Some(definition) = definition.filter(|definition| definition.fact_type == FactType::Code) {
        // Codes under one another are split only where they are known coarsely.
        let listed = definition.codes.iter().filter(|_| !definition.hierarchy);
        return listed.map(|code| Case::Code(code.code.clone())).collect();
    }
    let mut bounds: BTreeSet<Number> = BTreeSet::new();
    for literal in groups.iter().flat_map(|group| &group.literals) {
        if let Some(Atom::Cut(_, _, number)) = atom_of(program, *literal) {
            bounds.insert(number.clone());
        }
    }
    let one = Number::one();
    let half = Number::ratio(1, 2).unwrap_or_default();
    let bounds: Vec<Number> = bounds.into_iter().collect();
    let mut cases: Vec<Number> = Vec::new();
    if let (Some(first), Some(last)) = (bounds.first(), bounds.last()) {
        cases.extend([first - &one, last + &one]);
        cases.extend(bounds.iter().cloned());
        cases.extend(bounds.windows(2).map(|pair| &(&pair[0] + &pair[1]) * &half));
    } else {
        cases.extend([Number::zero(), one]);
    }
    // Only cases that the fact can be in.
    if let Some(definition) = definition {
        let is_whole = matches!(definition.fact_type, FactType::Count | FactType::Year);
        cases.retain(|case| {
            let is_within = definition.least.as_ref().is_none_or(|least| least <= case)
                && definition.most.as_ref().is_none_or(|most| case <= most);
            (!definition.is_numeric() || is_within) && (!is_whole || case.is_integer())
        });
    }
    cases.sort();
    cases.into_iter().map(Case::Number).collect()
}

/// Whether one case makes all groups hold and another none. All literals read one column alone.
fn has_both_cases(program: &Program, definition: Option<&FactDefinition>, groups: &[&Group]) -> bool {
    let cases = cases(program, definition, groups);
    let all_are = |wanted: bool| {
        cases.iter().any(|case| groups.iter().all(|group| holds(program, group, case) == Some(wanted)))
    };
    all_are(true) && all_are(false)
}

/// Whether all that reads a column gains where it is great, or all where it is small: the column alone, and as one side
/// of a quotient of columns that are never negative.
fn leans_one_way(program: &Program, vocabulary: &Vocabulary, slot: SlotId, groups: &[&Group]) -> bool {
    let definition = match &program.slots.get(slot).kind {
        SlotKind::Fact { fact, .. } => vocabulary.get(*fact),
        _ => return false,
    };
    if !reaches_from_nought(definition) {
        return false;
    }
    let cases = cases(program, Some(definition), groups);
    let (Some(least), Some(most)) = (cases.first(), cases.last()) else { return false };
    let leaning = |group: &Group| {
        if let [literal] = group.literals.as_slice()
            && let Some(Atom::Compare(Comparison(op), left, right)) = atom_of(program, *literal)
        {
            let is_above = quotient_side(program, vocabulary, (*left, *right), slot)?;
            let is_up = matches!(op, Compare::Ge | Compare::Gt);
            let is_order = !matches!(op, Compare::Eq | Compare::Ne);
            return is_order.then_some((is_above == is_up) != literal.1);
        }
        match (holds(program, group, least)?, holds(program, group, most)?) {
            (false, true) => Some(true),
            (true, false) => Some(false),
            _ => None,
        }
    };
    let first = leaning(groups[0]);
    first.is_some() && groups.iter().all(|group| leaning(group) == first)
}

/// Whether the slot is what is divided (true) or what divides (false) in a quotient of two columns, never negative, that
/// is compared with a positive constant.
fn quotient_side(
    program: &Program,
    vocabulary: &Vocabulary,
    (left, right): (NumberId, NumberId),
    slot: SlotId,
) -> Option<bool> {
    let Numeric::Binary(Binary::Div, above, below) = program.numbers.get(left) else { return None };
    let (Numeric::Slot(above), Numeric::Slot(below)) =
        (program.numbers.get(*above), program.numbers.get(*below))
    else {
        return None;
    };
    let bound = program.as_constant(right)?;
    let is_fit = |slot: SlotId| match &program.slots.get(slot).kind {
        SlotKind::Fact { fact, .. } => reaches_from_nought(vocabulary.get(*fact)),
        _ => false,
    };
    let is_positive = !bound.is_negative() && !bound.is_zero();
    (is_positive && above != below && is_fit(*above) && is_fit(*below)).then_some(*above == slot)
}

/// Never negative, not known to be nought, without an upper end, and never 无.
pub(super) fn reaches_from_nought(definition: &FactDefinition) -> bool {
    definition.is_numeric()
        && definition.fact_type != FactType::Ratio
        && definition.least.as_ref().is_some_and(Number::is_zero)
        && definition.most.is_none()
        && !definition.none_allowed
}
