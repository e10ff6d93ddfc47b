//! `for`, `every`, `some` and filters. Over years and lists of known length they are written out; over items they stay.

use facts::{Period, Span, SpanAs};

use super::expr::logic;
use super::{Binding, Checker};
use crate::ast::{self, ExprKind, Iteration, Quantifier};
use crate::ir::{Builtin, Expr, Kind};
use crate::types::Type;

/// Most bodies that the iterations of one document are written out to.
const WRITTEN_OUT_MAX: usize = 2_000;

/// What an iteration runs over.
enum Source {
    /// Years or labels.
    Years(Vec<Period>),
    /// Expressions, one by one.
    Listed(Vec<Expr>),
    /// Items or values known only when a subject is.
    Dynamic(Expr),
    /// Reported.
    Wrong,
}

/// `投资当年及次年合计` as its span and what is taken of it.
pub(super) fn split_taken(text: &str) -> (&str, SpanAs) {
    for (word, taken) in [("合计", SpanAs::Total), ("累计", SpanAs::Total), ("均值", SpanAs::Mean)] {
        if let Some(base) = text.strip_suffix(word) {
            return (base, taken);
        }
    }
    (text, SpanAs::Years)
}

impl Checker<'_> {
    pub(super) fn quantified(
        &mut self,
        quantifier: Quantifier,
        iterations: &[Iteration],
        body: &ast::Expr,
        span: Span,
    ) -> Expr {
        let Some((first, rest)) = iterations.split_first() else {
            let body = self.expr(body);
            self.expect(&body, &Type::Bool);
            return body;
        };
        let source = self.source(first);
        let (listed, dynamic) = self.bodies(first, source, |checker| {
            let inner = checker.quantified(quantifier, rest, body, span);
            checker.expect(&inner, &Type::Bool);
            inner
        });
        if let Some(list) = dynamic {
            let builtin = if quantifier == Quantifier::Every { Builtin::All } else { Builtin::Any };
            return logic(Kind::Call(builtin, vec![list]), span);
        }
        logic(if quantifier == Quantifier::Every { Kind::And(listed) } else { Kind::Or(listed) }, span)
    }

    pub(super) fn for_each(&mut self, iterations: &[Iteration], body: &ast::Expr, span: Span) -> Expr {
        let Some((first, rest)) = iterations.split_first() else { return self.expr(body) };
        if !rest.is_empty() {
            return self.unsupported("规则里的 for 只带一个变量", "for takes one variable in rules", span);
        }
        let source = self.source(first);
        let (listed, dynamic) = self.bodies(first, source, |checker| checker.expr(body));
        if let Some(list) = dynamic {
            return list;
        }
        let mut ty = listed.first().map_or(Type::Wrong, |item| item.ty.clone());
        for pair in listed.windows(2) {
            ty = self.meet(&pair[0], &pair[1]);
        }
        Expr { kind: Kind::Items(listed), ty: Type::List(Box::new(ty)), span }
    }

    fn source(&mut self, iteration: &Iteration) -> Source {
        if let ExprKind::Name(name) = &iteration.source.kind {
            match Period::parse(name).map(|period| (period.years(), period.taken())) {
                Some((Some(years), Some(SpanAs::Years))) => {
                    return Source::Years(years.into_iter().map(Period::Year).collect());
                }
                Some(_) => {
                    self.error(
                        "E0431",
                        iteration.source.span,
                        format!("“{name}”不是若干年,不能逐年"),
                        format!("“{name}” is no span of years"),
                    );
                    return Source::Wrong;
                }
                None => {}
            }
            if let Some(label) = self.vocabulary.period(name).filter(|label| !label.years.is_empty()) {
                return Source::Years(label.years.iter().cloned().map(Period::Label).collect());
            }
        }
        let list = self.expr(&iteration.source);
        match (&list.kind, &list.ty) {
            (_, Type::Wrong) => Source::Wrong,
            (Kind::Items(items), _) => Source::Listed(items.clone()),
            (Kind::Span { years, .. }, Type::List(item)) => {
                let one = |input: &crate::ir::InputRef| Expr {
                    kind: Kind::Input(*input),
                    ty: (**item).clone(),
                    span: list.span,
                };
                Source::Listed(years.iter().map(one).collect())
            }
            (_, Type::List(_)) => Source::Dynamic(list),
            _ => {
                self.expect(&list, &Type::List(Box::new(Type::Wrong)));
                Source::Wrong
            }
        }
    }

    /// The body once for each member, or once over a list that is known only later.
    fn bodies(
        &mut self,
        iteration: &Iteration,
        source: Source,
        body: impl Fn(&mut Self) -> Expr,
    ) -> (Vec<Expr>, Option<Expr>) {
        let name = iteration.name.text.clone();
        match self.within_limit(source, iteration) {
            Source::Years(years) => {
                let bound = years.into_iter().map(|year| Binding::Year(name.clone(), year));
                (bound.map(|binding| self.with(binding, &body)).collect(), None)
            }
            Source::Listed(items) => {
                let bound = items.into_iter().map(|item| Binding::Alias(name.clone(), item));
                (bound.map(|binding| self.with(binding, &body)).collect(), None)
            }
            Source::Dynamic(list) => {
                let span = iteration.source.span;
                let Type::List(item) = list.ty.clone() else { return (Vec::new(), None) };
                let (kind, ty) = if let Type::Item(kind) = *item {
                    let var = self.new_var(kind, None);
                    let inner = self.with(Binding::Item(name, var), &body);
                    let ty = inner.ty.clone();
                    (Kind::ForItems(Box::new(list), var, Box::new(inner)), ty)
                } else {
                    let local = self.new_local();
                    let inner = self.with(Binding::Local(name, local, *item), &body);
                    let ty = inner.ty.clone();
                    (Kind::ForValues(Box::new(list), local, Box::new(inner)), ty)
                };
                (Vec::new(), Some(Expr { kind, ty: Type::List(Box::new(ty)), span }))
            }
            Source::Wrong => (vec![self.with(Binding::Wrong(name), &body)], None),
        }
    }

    /// The source, unless what it is written out to goes past the limit; that is reported once a document.
    fn within_limit(&mut self, source: Source, iteration: &Iteration) -> Source {
        let count = match &source {
            Source::Years(years) => years.len(),
            Source::Listed(items) => items.len(),
            Source::Dynamic(_) | Source::Wrong => return source,
        };
        let before = self.written_out;
        self.written_out = before.saturating_add(count);
        if self.written_out <= WRITTEN_OUT_MAX {
            return source;
        }
        if before <= WRITTEN_OUT_MAX {
            self.written_out = WRITTEN_OUT_MAX + 1;
            let span = iteration.source.span;
            let found = facts::Diagnostic::error(
                "E0434",
                span,
                format!("逐个展开超过 {WRITTEN_OUT_MAX} 次"),
                format!("written out one by one, this comes to more than {WRITTEN_OUT_MAX} expressions"),
            );
            self.report(found.with_help("减少嵌套的 for、every、some", "nest fewer for, every and some"));
        }
        Source::Wrong
    }

    fn new_local(&mut self) -> usize {
        self.locals += 1;
        self.locals - 1
    }

    pub(super) fn with<T>(&mut self, binding: Binding, body: impl Fn(&mut Self) -> T) -> T {
        self.bindings.push(binding);
        let value = body(self);
        self.bindings.pop();
        value
    }

    fn check_place(&mut self, list: &Expr, place: i64, span: Span) {
        let past = known_length(list)
            .is_some_and(|length| usize::try_from(place.unsigned_abs()).is_ok_and(|at| at > length));
        if place == 0 || past {
            self.error(
                "E0413",
                span,
                "没有这一项:位置从 1 数起,-1 是最后一项",
                "there is no such place: places are counted from 1, and -1 is the last",
            );
        }
    }

    /// `list[condition]`, where names are the item's and `item` is the value; `list[1]` is a place.
    pub(super) fn filter(&mut self, list: &ast::Expr, condition: &ast::Expr, span: Span) -> Expr {
        let list = self.expr(list);
        let Type::List(item) = list.ty.clone() else {
            self.expect(&list, &Type::List(Box::new(Type::Wrong)));
            return self.wrong(span);
        };
        if let Some(place) = place(condition) {
            self.check_place(&list, place, condition.span);
            return Expr { kind: Kind::Index(Box::new(list), place), ty: *item, span };
        }
        let ty = list.ty.clone();
        let kind = if let Type::Item(kind) = *item {
            let var = self.new_var(kind, None);
            let body = self.with(Binding::Scope(var), |checker| {
                checker.with(Binding::Item("item".to_owned(), var), |checker| checker.expr(condition))
            });
            self.expect(&body, &Type::Bool);
            Kind::FilterItems(Box::new(list), var, Box::new(body))
        } else {
            let local = self.new_local();
            let binding = Binding::Local("item".to_owned(), local, *item);
            let body = self.with(binding, |checker| checker.expr(condition));
            self.expect(&body, &Type::Bool);
            Kind::FilterValues(Box::new(list), local, Box::new(body))
        };
        Expr { kind, ty, span }
    }
}

/// How many values a list has, where that is written in the rule.
fn known_length(list: &Expr) -> Option<usize> {
    match &list.kind {
        Kind::Items(items) => Some(items.len()),
        Kind::Span { years, .. } => Some(years.len()),
        _ => None,
    }
}

/// A literal place in a list: `1`, `-1`.
fn place(condition: &ast::Expr) -> Option<i64> {
    match &condition.kind {
        ExprKind::Number(value) => value.to_i64(),
        ExprKind::Negate(inner) => place(inner).map(|place| -place),
        _ => None,
    }
}
