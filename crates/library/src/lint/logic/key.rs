//! Names for values: the same name means the same value, wherever and however often it is written.

use std::fmt::Write as _;

use lang::ir::{Expr, InputRef, Kind, ScopeVar};

use super::Logic;

/// Variables that are bound on the way down, innermost last.
#[derive(Default)]
struct Bound {
    items: Vec<ScopeVar>,
    locals: Vec<usize>,
}

impl Logic<'_> {
    /// The name of what an expression computes.
    pub(crate) fn key(&self, expr: &Expr) -> String {
        let mut out = String::new();
        self.write(expr, &mut Bound::default(), &mut out);
        out
    }

    /// The name of an input.
    pub(crate) fn input_key(&self, input: InputRef) -> String {
        format!("{}#{}", self.var_key(input.var, &Bound::default()), input.index)
    }

    /// A related party is the same party wherever it is named; an item is told from others by what binds it.
    fn var_key(&self, var: ScopeVar, bound: &Bound) -> String {
        if let Some(place) = bound.items.iter().rposition(|known| *known == var) {
            return format!("b{place}");
        }
        let binding = self.document.vars.get(var.0);
        if let Some(parent) = binding.and_then(|binding| binding.role_of) {
            let kind = binding.map_or(0, |binding| binding.kind.0);
            return format!("{}/{kind}", self.var_key(parent, bound));
        }
        let apart = self.apart.borrow();
        match apart.iter().rev().find(|(known, _)| *known == var) {
            Some((_, group)) => format!("v{}@{group}", var.0),
            None => format!("v{}", var.0),
        }
    }

    fn write(&self, expr: &Expr, bound: &mut Bound, out: &mut String) {
        if !self.goes_on() {
            // A name that nothing else has: nothing is concluded from it.
            let _ = write!(out, "?{}", self.nodes.get());
            return;
        }
        let input =
            |input: &InputRef, bound: &Bound| format!("{}#{}", self.var_key(input.var, bound), input.index);
        let head = match &expr.kind {
            Kind::Constant(constant) => format!("{constant:?}"),
            Kind::Input(one) => input(one, bound),
            Kind::Span { years, total, .. } => format!("span{}x{}", input(total, bound), years.len()),
            Kind::QuarterMean(cells, mean) => format!("quarters{}x{}", input(mean, bound), cells.len()),
            Kind::Today => "today".to_owned(),
            Kind::Let(index) => format!("let{index}"),
            Kind::Param(index) => format!("param{index}"),
            Kind::Score(index, path) => format!("score{index}{path:?}"),
            Kind::Local(index) => match bound.locals.iter().rposition(|known| known == index) {
                Some(place) => format!("l{place}"),
                None => format!("local{index}"),
            },
            Kind::Collection(one, kind) => format!("items{}k{}", input(one, bound), kind.0),
            Kind::List(index) => format!("list{index}"),
            Kind::Passing => "passing".to_owned(),
            Kind::Not(_) => "not".to_owned(),
            Kind::And(_) => "and".to_owned(),
            Kind::Or(_) => "or".to_owned(),
            Kind::Arithmetic(op, ..) => format!("{op:?}"),
            Kind::Compare(op, ..) => format!("{op:?}"),
            Kind::CodeIn(_, codes) => format!("in{codes:?}"),
            Kind::First(branches, _) => format!("first{}", branches.len()),
            Kind::Items(_) => "list".to_owned(),
            Kind::Call(function, _) => format!("{function:?}"),
            Kind::ForItems(..) => "for-items".to_owned(),
            Kind::ForValues(..) => "for-values".to_owned(),
            Kind::FilterItems(..) => "filter-items".to_owned(),
            Kind::FilterValues(..) => "filter-values".to_owned(),
            Kind::Index(_, place) => format!("at{place}"),
            Kind::TableMatch(table) => format!("match{table}"),
            Kind::TableReached(table, column) => format!("reached{table}{column:?}"),
            Kind::TableValue(table, column) => format!("value{table}{column:?}"),
            Kind::Progressive(_, brackets) => format!("progressive{brackets}"),
        };
        out.push_str(&head);
        out.push('(');
        match &expr.kind {
            Kind::ForItems(list, var, body) | Kind::FilterItems(list, var, body) => {
                self.write(list, bound, out);
                out.push(',');
                bound.items.push(*var);
                self.write(body, bound, out);
                bound.items.pop();
            }
            Kind::ForValues(list, local, body) | Kind::FilterValues(list, local, body) => {
                self.write(list, bound, out);
                out.push(',');
                bound.locals.push(*local);
                self.write(body, bound, out);
                bound.locals.pop();
            }
            _ => {
                for child in expr.children() {
                    self.write(child, bound, out);
                    out.push(',');
                }
            }
        }
        out.push(')');
    }
}
