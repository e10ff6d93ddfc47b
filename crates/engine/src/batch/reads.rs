//! What truths and numbers read.

use rustc_hash::FxHashSet;

use super::program::{Atom, Logical, NumberId, Numeric, Program, SlotId, TruthId};

/// Something that reads, or is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Node {
    Slot(SlotId),
    Number(NumberId),
    Truth(TruthId),
}

/// Past this many readings it no longer matters how many there are.
const READS_MAX: usize = 4_096;

/// Every slot that something reads, as often as it reads it.
pub(super) fn slots_as_often(program: &Program, root: Node) -> Vec<SlotId> {
    let (mut slots, mut open) = (Vec::new(), vec![root]);
    while let Some(node) = open.pop() {
        if slots.len() > READS_MAX {
            break;
        }
        match node {
            Node::Slot(slot) => slots.push(slot),
            other => parts(program, other, &mut |part| open.push(part)),
        }
    }
    slots
}

/// Every slot that something reads, each once, in ascending order.
pub(super) fn slots_read(program: &Program, root: Node) -> Vec<SlotId> {
    slots_and_numbers_read(program, root).0
}

/// The same, and how many numbers it reads.
pub(super) fn slots_and_numbers_read(program: &Program, root: Node) -> (Vec<SlotId>, usize) {
    let (mut slots, mut numbers) = (Vec::new(), 0);
    for node in nodes_read(program, root) {
        match node {
            Node::Slot(slot) => slots.push(slot),
            Node::Number(_) => numbers += 1,
            Node::Truth(_) => {}
        }
    }
    slots.sort_unstable();
    (slots, numbers)
}

/// Everything that something reads, itself included.
fn nodes_read(program: &Program, root: Node) -> FxHashSet<Node> {
    let (mut seen, mut open) = (FxHashSet::default(), vec![root]);
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            parts(program, node, &mut |part| open.push(part));
        }
    }
    seen
}

/// What a node reads itself.
fn parts(program: &Program, node: Node, read: &mut dyn FnMut(Node)) {
    match node {
        Node::Slot(_) => {}
        Node::Number(number) => parts_of_number(program.numbers.get(number), read),
        Node::Truth(truth) => match program.truths.get(truth) {
            Logical::Constant(_) => {}
            Logical::Atom(atom) => parts_of_atom(atom, read),
            Logical::Not(inner) => read(Node::Truth(*inner)),
            Logical::And(parts) | Logical::Or(parts) => {
                parts.iter().for_each(|part| read(Node::Truth(*part)));
            }
        },
    }
}

fn parts_of_atom(atom: &Atom, read: &mut dyn FnMut(Node)) {
    match atom {
        Atom::Slot(slot)
        | Atom::Cut(slot, ..)
        | Atom::CodeIn(slot, _)
        | Atom::Text(slot, ..)
        | Atom::Rows(slot, ..)
        | Atom::BeforeFounding(slot)
        | Atom::Settled(slot) => read(Node::Slot(*slot)),
        Atom::Compare(_, left, right) => {
            read(Node::Number(*left));
            read(Node::Number(*right));
        }
        Atom::TierFits(number) => read(Node::Number(*number)),
        Atom::Opaque(_) => {}
    }
}

fn parts_of_number(numeric: &Numeric, read: &mut dyn FnMut(Node)) {
    match numeric {
        Numeric::Constant(_) | Numeric::Between(..) | Numeric::Absent(_) => {}
        Numeric::Slot(slot) | Numeric::GivenOnly(slot) => read(Node::Slot(*slot)),
        Numeric::Months(of, _) | Numeric::Unary(_, of) | Numeric::Progressive(of, _) => {
            read(Node::Number(*of));
        }
        Numeric::MonthsBetween(left, right) | Numeric::Binary(_, left, right) => {
            read(Node::Number(*left));
            read(Node::Number(*right));
        }
        Numeric::Select(when, then, otherwise) => {
            read(Node::Truth(*when));
            read(Node::Number(*then));
            read(Node::Number(*otherwise));
        }
        Numeric::Given(slot, derived) => {
            read(Node::Slot(*slot));
            read(Node::Number(*derived));
        }
        Numeric::Span { years, total, mean, .. } => {
            years.iter().chain([total, mean]).for_each(|slot| read(Node::Slot(*slot)));
        }
        Numeric::Quarters(cells, mean) => {
            cells.iter().chain([mean]).for_each(|slot| read(Node::Slot(*slot)));
        }
        Numeric::CountTrue(truths) => truths.iter().for_each(|truth| read(Node::Truth(*truth))),
    }
}
