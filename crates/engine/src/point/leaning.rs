//! Which way an input leans: whether eligibility gains where it is true or great, or where it is false or small.
//!
//! Only a hint where to look for somebody eligible; nothing is decided by it.

use std::collections::HashMap;

use lang::ir::{Arithmetic, Compare, Condition, Document, Expr, InputRef, Kind, Part, Points, Test};
use lang::types::KindId;

/// Most expressions that are gone into.
const NODES_MAX: u32 = 20_000;

/// How often an input is read one way and the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Leanings {
    votes: HashMap<(KindId, usize), (u32, u32)>,
}

impl Leanings {
    pub fn of(document: &Document) -> Self {
        let mut walker = Walker { document, budget: NODES_MAX, leanings: Self::default() };
        document.needs.iter().for_each(|need| walker.condition(need));
        walker.leanings
    }

    pub fn of_input(&self, kind: KindId, index: usize) -> Option<bool> {
        match self.votes.get(&(kind, index)) {
            Some((_, 0)) => Some(true),
            Some((0, _)) => Some(false),
            _ => None,
        }
    }
}

struct Walker<'d> {
    document: &'d Document,
    budget: u32,
    leanings: Leanings,
}

impl<'d> Walker<'d> {
    fn condition(&mut self, condition: &'d Condition) {
        match &condition.test {
            Test::Rule(rule) => self.expr(rule, true),
            Test::Manual(_, input) | Test::Include(_, input) => self.vote(*input, true),
            Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) | Test::Each(_, _, inner) => {
                inner.iter().for_each(|inner| self.condition(inner));
            }
            Test::First(tiers, otherwise) => {
                tiers.iter().for_each(|(_, tier)| self.condition(tier));
                otherwise.iter().for_each(|last| self.condition(last));
            }
        }
    }

    fn vote(&mut self, input: InputRef, is_up: bool) {
        let kind = self.document.vars[input.var.0].kind;
        let votes = self.leanings.votes.entry((kind, input.index)).or_default();
        if is_up { votes.0 += 1 } else { votes.1 += 1 }
    }

    fn expr(&mut self, expr: &'d Expr, is_up: bool) {
        if self.budget == 0 {
            return;
        }
        self.budget -= 1;
        match &expr.kind {
            Kind::Input(input) => self.vote(*input, is_up),
            Kind::Span { years, total, mean } => {
                years.iter().chain([total, mean]).for_each(|input| self.vote(*input, is_up));
            }
            Kind::QuarterMean(cells, mean) => {
                cells.iter().chain([mean]).for_each(|input| self.vote(*input, is_up));
            }
            Kind::Not(inner) => self.expr(inner, !is_up),
            Kind::And(parts) | Kind::Or(parts) | Kind::Items(parts) | Kind::Call(_, parts) => {
                parts.iter().for_each(|part| self.expr(part, is_up));
            }
            Kind::Arithmetic(op, left, right) => {
                self.expr(left, is_up);
                self.expr(right, is_up != matches!(op, Arithmetic::Sub | Arithmetic::Div));
            }
            Kind::Compare(op, left, right) => {
                let left_is_up = is_up != matches!(op, Compare::Lt | Compare::Le);
                self.expr(left, left_is_up);
                self.expr(right, !left_is_up);
            }
            Kind::Let(index) => self.expr(&self.document.lets[*index].value, is_up),
            Kind::Score(index, _) => {
                let score = &self.document.scores[*index];
                score.given.into_iter().for_each(|given| self.vote(given, is_up));
                self.part(&score.root, is_up);
            }
            Kind::First(branches, otherwise) => {
                branches.iter().for_each(|(_, then)| self.expr(then, is_up));
                otherwise.iter().for_each(|last| self.expr(last, is_up));
            }
            Kind::ForItems(list, _, body)
            | Kind::ForValues(list, _, body)
            | Kind::FilterItems(list, _, body)
            | Kind::FilterValues(list, _, body) => {
                self.expr(list, is_up);
                self.expr(body, is_up);
            }
            Kind::Index(inner, _) | Kind::Progressive(inner, _) => self.expr(inner, is_up),
            _ => {}
        }
    }

    fn part(&mut self, part: &'d Part, is_up: bool) {
        self.points(&part.points, is_up);
    }

    fn points(&mut self, points: &'d Points, is_up: bool) {
        match points {
            Points::Sum(parts) | Points::Best(parts) => parts.iter().for_each(|part| self.part(part, is_up)),
            Points::Bands(of, compare, ..) => self.expr(of, is_up == (*compare == Compare::Ge)),
            // The first tier is the best one as a rule.
            Points::First(tiers, _) => tiers.iter().for_each(|(when, _)| self.expr(when, is_up)),
            Points::Value(value) => self.expr(value, is_up),
            Points::Expert(..) => {}
        }
    }
}
