//! Named values and lists of a document, each checked when it is first read; one that reads itself is an error.

use facts::yaml::Node;
use facts::{Span, Text};

use super::{Binding, Checker, Progress};
use crate::ir::{self, Expr, InputKind, Kind, SUBJECT};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn check_let(&mut self, index: usize, span: Span) -> Type {
        match &self.lets[index].progress {
            Progress::Done(ty) => return ty.clone(),
            Progress::Running => {
                let name = self.lets[index].name.clone();
                self.cyclic(&name, span);
                return Type::Wrong;
            }
            Progress::Waiting => {}
        }
        self.lets[index].progress = Progress::Running;
        let node = self.lets[index].node;
        let value = self.outside_bindings(|checker| checker.value(node));
        let ty = value.ty.clone();
        self.lets[index].degree = self.degree(&value);
        self.lets[index].progress = Progress::Done(ty.clone());
        self.lets[index].value = Some(value);
        ty
    }

    pub(super) fn cyclic(&mut self, name: &str, span: Span) {
        self.error(
            "E0306",
            span,
            format!("“{name}”的定义用到了它自己"),
            format!("the definition of “{name}” reads itself"),
        );
    }

    /// A named value does not see what happens to be bound where it is first read.
    pub(super) fn outside_bindings<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        let bindings = std::mem::take(&mut self.bindings);
        let forced = self.forced_span.take();
        let value = body(self);
        self.bindings = bindings;
        self.forced_span = forced;
        value
    }

    /// An expression, or `first:` tiers of them.
    pub(super) fn value(&mut self, node: &Node) -> Expr {
        let Some(tiers) = node.get("first").and_then(Node::as_list) else { return self.rule(node) };
        let mut branches = Vec::new();
        let mut otherwise: Option<Box<Expr>> = None;
        let mut merged: Option<Expr> = None;
        for tier in tiers {
            let value = if let (Some(when), Some(then)) = (tier.get("when"), tier.get("then")) {
                let when = self.rule_bool(when);
                let then = self.rule(then);
                branches.push((when, then.clone()));
                then
            } else if let Some(last) = tier.get("else") {
                let last = self.rule(last);
                otherwise = Some(Box::new(last.clone()));
                last
            } else {
                continue;
            };
            merged = Some(match merged {
                None => value,
                Some(known) => Expr { ty: self.meet_at(&known, &value, value.span), ..value },
            });
        }
        let ty = merged.map_or(Type::Wrong, |value| value.ty);
        Expr { kind: Kind::First(branches, otherwise), ty, span: node.span }
    }

    /// The list of that name as a value.
    pub(super) fn list_value(&mut self, index: usize, span: Span) -> Expr {
        let ty = self.check_list(index, span);
        Expr { kind: Kind::List(index), ty, span }
    }

    fn check_list(&mut self, index: usize, span: Span) -> Type {
        match &self.lists[index].progress {
            Progress::Done(ty) => return ty.clone(),
            Progress::Running => {
                let name = self.lists[index].name.clone();
                self.cyclic(&name, span);
                return Type::Wrong;
            }
            Progress::Waiting => {}
        }
        self.lists[index].progress = Progress::Running;
        let (name, node) = (self.lists[index].name.clone(), self.lists[index].node);
        let list = self.outside_bindings(|checker| checker.item_list(name, node));
        let ty = list.as_ref().map_or(Type::Wrong, |list| list.from.ty.clone());
        self.lists[index].progress = Progress::Done(ty.clone());
        self.lists[index].list = list;
        ty
    }

    fn item_list(&mut self, name: String, node: &Node) -> Option<ir::ItemList> {
        let from = self.rule(node.get("from")?);
        let Type::List(item) = &from.ty else {
            self.expect(&from, &Type::List(Box::new(Type::Wrong)));
            return None;
        };
        let Type::Item(kind) = **item else { return None };
        let var = self.new_var(kind, None);
        let filter =
            node.get("where").map(|node| self.with(Binding::Scope(var), |checker| checker.rule_bool(node)));
        let count = node.get("count").and_then(|node| {
            let fact = self.fact_named(node)?;
            let definition = self.vocabulary.get(fact);
            let key = definition.name.clone();
            let ty = super::names::value_type(fact, definition);
            self.expect_number(&Expr { ty, ..self.wrong(node.span) });
            Some(self.input(SUBJECT, InputKind::Fact(fact, facts::Period::Unstated), key))
        });
        Some(ir::ItemList { name, from, var, filter, count })
    }

    /// Parameters, which stand before everything that reads them.
    pub(super) fn read_params(&mut self) {
        let Some(entries) = self.root.get("params").and_then(Node::as_map) else { return };
        for (key, node) in entries {
            let Some(name) = key.as_text().map(str::to_owned) else { continue };
            let ends: Vec<Expr> = match (node.get("value"), node.get("between").and_then(Node::as_list)) {
                (Some(value), _) => vec![self.rule(value)],
                (None, Some(ends)) => ends.iter().map(|end| self.rule(end)).collect(),
                (None, None) => continue,
            };
            let numbers: Vec<_> = ends
                .iter()
                .filter_map(|end| {
                    self.constant(end, "E0432", ("参数要写成数", "a parameter has to be a number"))
                })
                .collect();
            let (Some(low), Some(high), true) =
                (numbers.first(), numbers.last(), numbers.len() == ends.len())
            else {
                continue;
            };
            if low > high {
                let span = ends.iter().fold(ends[0].span, |span, end| span.to(end.span));
                self.error("E0433", span, "下限大于上限", "the lower end is above the upper");
            }
            let ty = if ends.len() == 2 { self.meet(&ends[0], &ends[1]) } else { ends[0].ty.clone() };
            let own = |key: &str| node.get(key).map_or_else(Text::default, super::describe::text);
            let (set_by, note) = (own("set_by"), own("note"));
            let param = ir::Param { name, between: (low.clone(), high.clone()), set_by, note };
            self.params.push((param, ty));
        }
    }
}
