//! Which way what an outcome reads leans: whether eligibility gains where it is true or great, or where it is false or
//! small. Only a hint what to fill in; nothing is decided by it.

use lang::ir::Compare;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::batch::program::{Atom, Binary, Logical, NumberId, Numeric, Program, SlotId, TruthId, Unary};
use crate::batch::reads::{Node, slots_read};

/// Most steps of the walk that finds out what leans which way.
const STEPS_MAX: u32 = 50_000;

/// Which way what an outcome reads leans.
#[derive(Debug, Default)]
pub(in crate::batch) struct Leanings {
    /// How often each slot is read in favour of true and great, and of false and small.
    pub votes: FxHashMap<SlotId, (u32, u32)>,
    /// The same for figures that, where they are given, win over what they could be worked out from.
    pub given: FxHashMap<SlotId, (u32, u32)>,
    /// The same for numbers that may be anything between two ends, as experts' points.
    pub ranges: FxHashMap<NumberId, (u32, u32)>,
    /// What each slot of codes is tested for, and whether true is in favour.
    pub tests: FxHashMap<SlotId, Vec<(TruthId, bool)>>,
    /// Everything that is read.
    pub reads: Vec<SlotId>,
    /// What something is divided by.
    pub divisors: FxHashSet<SlotId>,
    /// What is read otherwise than as a year of a span.
    pub alone: FxHashSet<SlotId>,
    /// The years of spans, with the total and the mean that serve in their place where they are given.
    pub spans: Vec<(Vec<SlotId>, [SlotId; 2])>,
}

/// Which way each slot of an outcome leans.
pub(in crate::batch) fn leanings(program: &Program, outcome: TruthId) -> Leanings {
    let mut walker = Walker { program, leanings: Leanings::default(), steps: STEPS_MAX };
    walker.truth(outcome, true);
    walker.leanings.reads = slots_read(program, Node::Truth(outcome));
    walker.leanings
}

struct Walker<'p> {
    program: &'p Program,
    leanings: Leanings,
    steps: u32,
}

fn count(votes: &mut (u32, u32), is_up: bool) {
    if is_up { votes.0 += 1 } else { votes.1 += 1 }
}

impl Walker<'_> {
    fn vote(&mut self, slot: SlotId, is_up: bool) {
        self.leanings.alone.insert(slot);
        count(self.leanings.votes.entry(slot).or_default(), is_up);
    }

    fn is_spent(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps == 0
    }

    fn truth(&mut self, truth: TruthId, is_up: bool) {
        if self.is_spent() {
            return;
        }
        let program = self.program;
        match program.truths.get(truth) {
            Logical::Constant(_) => {}
            Logical::Not(inner) => self.truth(*inner, !is_up),
            Logical::And(parts) | Logical::Or(parts) => {
                parts.iter().for_each(|part| self.truth(*part, is_up));
            }
            Logical::Atom(atom) => self.atom(truth, atom, is_up),
        }
    }

    fn atom(&mut self, truth: TruthId, atom: &Atom, is_up: bool) {
        let of = |op: Compare| is_up != matches!(op, Compare::Lt | Compare::Le);
        match atom {
            Atom::Slot(slot) => self.vote(*slot, is_up),
            Atom::Cut(slot, op, _) => self.vote(*slot, of(op.0)),
            Atom::Compare(op, left, right) => {
                self.number(*left, of(op.0));
                self.number(*right, !of(op.0));
            }
            Atom::TierFits(number) => self.number(*number, is_up),
            Atom::CodeIn(slot, _) | Atom::Text(slot, ..) | Atom::Rows(slot, ..) => {
                self.vote(*slot, is_up);
                self.leanings.tests.entry(*slot).or_default().push((truth, is_up));
            }
            Atom::Settled(slot) => self.vote(*slot, is_up),
            Atom::BeforeFounding(_) | Atom::Opaque(_) => {}
        }
    }

    fn number(&mut self, number: NumberId, is_up: bool) {
        if self.is_spent() {
            return;
        }
        let program = self.program;
        match program.numbers.get(number) {
            Numeric::Constant(_) | Numeric::Absent(_) | Numeric::GivenOnly(_) => {}
            Numeric::Between(..) => count(self.leanings.ranges.entry(number).or_default(), is_up),
            Numeric::Slot(slot) => self.vote(*slot, is_up),
            Numeric::Months(of, _) | Numeric::Progressive(of, _) => self.number(*of, is_up),
            Numeric::Unary(op, of) => self.number(*of, is_up || *op == Unary::Abs),
            Numeric::MonthsBetween(from, to) => {
                self.number(*from, !is_up);
                self.number(*to, is_up);
            }
            Numeric::Binary(op, left, right) => {
                self.number(*left, is_up);
                self.number(*right, is_up != matches!(op, Binary::Sub | Binary::Div));
                if *op == Binary::Div {
                    self.leanings.divisors.extend(slots_read(program, Node::Number(*right)));
                }
            }
            Numeric::Select(when, then, otherwise) => {
                // The branch that is named first is the better one as a rule.
                self.truth(*when, is_up);
                self.number(*then, is_up);
                self.number(*otherwise, is_up);
            }
            // What it is worked out from is what is unknown as a rule.
            Numeric::Given(slot, derived) => {
                count(self.leanings.given.entry(*slot).or_default(), is_up);
                self.number(*derived, is_up);
            }
            Numeric::Span { years, total, mean, .. } => {
                for slot in years {
                    count(self.leanings.votes.entry(*slot).or_default(), is_up);
                }
                let span = (years.clone(), [*total, *mean]);
                if !self.leanings.spans.contains(&span) {
                    self.leanings.spans.push(span);
                }
            }
            Numeric::Quarters(cells, _) => cells.iter().for_each(|slot| self.vote(*slot, is_up)),
            Numeric::CountTrue(truths) => truths.iter().for_each(|truth| self.truth(*truth, is_up)),
        }
    }
}
