//! Documents with another number in one of their conditions: what a curve over a threshold is drawn from.

use facts::{Number, Span};

use super::condition::{Condition, Test};
use super::document::Document;
use super::expr::{Constant, Expr, Kind};
use crate::types::Type;

/// A number that a condition is written with.
#[derive(Clone, PartialEq, Debug)]
pub struct NumberConstant {
    /// The number in base units.
    pub value: Number,
    /// Its type, which tells the unit.
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
}

impl Expr {
    /// The expressions right below this one.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Constant(_)
            | Kind::Input(_)
            | Kind::Span { .. }
            | Kind::QuarterMean(..)
            | Kind::Today
            | Kind::Let(_)
            | Kind::Param(_)
            | Kind::Score(..)
            | Kind::Local(_)
            | Kind::Collection(..)
            | Kind::List(_)
            | Kind::Passing
            | Kind::TableMatch(_)
            | Kind::TableReached(..)
            | Kind::TableValue(..) => Vec::new(),
            Kind::Not(inner)
            | Kind::CodeIn(inner, _)
            | Kind::Index(inner, _)
            | Kind::Progressive(inner, _) => {
                vec![inner]
            }
            Kind::And(parts) | Kind::Or(parts) | Kind::Items(parts) | Kind::Call(_, parts) => {
                parts.iter().collect()
            }
            Kind::Arithmetic(_, left, right) | Kind::Compare(_, left, right) => vec![left, right],
            Kind::ForItems(list, _, body) | Kind::FilterItems(list, _, body) => vec![list, body],
            Kind::ForValues(list, _, body) | Kind::FilterValues(list, _, body) => vec![list, body],
            Kind::First(branches, otherwise) => {
                let branches = branches.iter().flat_map(|(when, then)| [when, then]);
                branches.chain(otherwise.as_deref()).collect()
            }
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            Kind::Constant(_)
            | Kind::Input(_)
            | Kind::Span { .. }
            | Kind::QuarterMean(..)
            | Kind::Today
            | Kind::Let(_)
            | Kind::Param(_)
            | Kind::Score(..)
            | Kind::Local(_)
            | Kind::Collection(..)
            | Kind::List(_)
            | Kind::Passing
            | Kind::TableMatch(_)
            | Kind::TableReached(..)
            | Kind::TableValue(..) => Vec::new(),
            Kind::Not(inner)
            | Kind::CodeIn(inner, _)
            | Kind::Index(inner, _)
            | Kind::Progressive(inner, _) => {
                vec![inner]
            }
            Kind::And(parts) | Kind::Or(parts) | Kind::Items(parts) | Kind::Call(_, parts) => {
                parts.iter_mut().collect()
            }
            Kind::Arithmetic(_, left, right) | Kind::Compare(_, left, right) => vec![left, right],
            Kind::ForItems(list, _, body) | Kind::FilterItems(list, _, body) => vec![list, body],
            Kind::ForValues(list, _, body) | Kind::FilterValues(list, _, body) => vec![list, body],
            Kind::First(branches, otherwise) => {
                let branches = branches.iter_mut().flat_map(|(when, then)| [when, then]);
                branches.chain(otherwise.as_deref_mut()).collect()
            }
        }
    }

    /// Calls `visit` with each number written here, in order.
    fn numbers(&mut self, visit: &mut dyn FnMut(&mut Number, &Type, Span)) {
        if let Kind::Constant(Constant::Number(number)) = &mut self.kind {
            visit(number, &self.ty, self.span);
        }
        for child in self.children_mut() {
            child.numbers(visit);
        }
    }
}

impl Document {
    /// The numbers that the condition of that id is written with, in order; `None` if there is no such condition. Those
    /// of named values that it reads, of scores and of tables are not its own.
    pub fn constants(&self, condition: &str) -> Option<Vec<NumberConstant>> {
        let mut out = Vec::new();
        let mut needs = self.needs.clone();
        let found = find(&mut needs, condition)?;
        numbers_of(found, &mut |number, ty, span| {
            out.push(NumberConstant { value: number.clone(), ty: ty.clone(), span });
        });
        Some(out)
    }

    /// The document with another number, in base units, in place of one of [`Document::constants`]; `None` if there is
    /// no such condition or number. The rule as written stays what it was.
    #[must_use]
    pub fn with_constant(&self, condition: &str, index: usize, value: &Number) -> Option<Document> {
        let mut varied = self.clone();
        let found = find(&mut varied.needs, condition)?;
        let mut at = 0;
        let mut is_done = false;
        numbers_of(found, &mut |number, _, _| {
            if at == index {
                number.clone_from(value);
                is_done = true;
            }
            at += 1;
        });
        is_done.then_some(varied)
    }
}

/// The numbers of the condition's own rules; its members have their own.
fn numbers_of(condition: &mut Condition, visit: &mut dyn FnMut(&mut Number, &Type, Span)) {
    match &mut condition.test {
        Test::Rule(rule) => rule.numbers(visit),
        Test::First(tiers, _) => tiers.iter_mut().for_each(|(when, _)| when.numbers(visit)),
        Test::Manual(..)
        | Test::All(_)
        | Test::Any(_)
        | Test::Include(..)
        | Test::About(..)
        | Test::Each(..) => {}
    }
}

fn find<'c>(conditions: &'c mut [Condition], id: &str) -> Option<&'c mut Condition> {
    for condition in conditions {
        if condition.id == id {
            return Some(condition);
        }
        let found = match &mut condition.test {
            Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) | Test::Each(_, _, inner) => {
                find(inner, id)
            }
            Test::First(tiers, otherwise) => {
                let tiers = tiers.iter_mut().map(|(_, tier)| tier);
                tiers.chain(otherwise.as_deref_mut()).find_map(|tier| find(std::slice::from_mut(tier), id))
            }
            Test::Rule(_) | Test::Manual(..) | Test::Include(..) => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use facts::{Source, vocabulary};

    use super::*;
    use crate::{Catalog, compile};

    fn document() -> Document {
        let words =
            "facts: [{name: 研发费用, type: money, grain: once}, {name: 营业收入, type: money, grain: once}]";
        let (vocabulary, found) = vocabulary::load(&[Source::new("facts.yaml", words)]);
        assert!(found.is_empty(), "{found:?}");
        let text = "id: d\ntitle: {zh: 甲}\nshort: {zh: 甲}\nkind: subsidy\nsubject: enterprise\nsource: {issuer: [乙], document: [], grade: none, read: 2026-01-02}\nin_force: {from: 2026-01-01}\nneeds:\n  - id: group\n    all:\n      - {id: effort, clause: 待核, rule: 研发费用 / 营业收入 >= 5% and 营业收入 <= 2亿元}\ngives: {amount: 研发费用 * 10%, nature: grant}\n";
        let (document, found) = compile(&Source::new("d.yaml", text), &vocabulary, &Catalog::default());
        document.unwrap_or_else(|| panic!("{found:?}"))
    }

    #[test]
    fn the_numbers_of_a_condition_are_those_written_in_it() {
        let document = document();
        let values: Vec<String> =
            document.constants("effort").unwrap().iter().map(|constant| constant.value.to_string()).collect();
        assert_eq!(values, ["0.05", "200000000"]);
        assert_eq!(document.constants("group").unwrap(), []);
        assert_eq!(document.constants("nobody"), None);
    }

    #[test]
    fn only_the_chosen_number_changes() {
        let document = document();
        let eight = Number::ratio(8, 100).unwrap();
        let varied = document.with_constant("effort", 0, &eight).unwrap();
        let values: Vec<Number> =
            varied.constants("effort").unwrap().into_iter().map(|constant| constant.value).collect();
        assert_eq!(values, [eight.clone(), Number::from(200_000_000)]);
        assert_eq!(varied.with_constant("effort", 0, &Number::ratio(5, 100).unwrap()).unwrap(), document);
        assert_eq!(document.with_constant("effort", 2, &eight), None);
    }
}
