//! What a name means: bound names first, then the item's facts, the document's own names, the subject's facts.

use facts::{
    Diagnostic, Dimension, FactDefinition, FactId, FactType, Grain, Number, Period, Span, SpanAs, Unit,
    YearRef,
};

use super::{Binding, Checker};
use crate::ast::Name;
use crate::ir::{Builtin, Constant, Expr, InputKind, Kind, Link, SUBJECT, ScopeVar};
use crate::suggest;
use crate::types::{Measure, Type};

/// The day of decision.
pub(super) const TODAY: &str = "申请日";
/// The items that pass `each`.
pub(super) const PASSING: &str = "合格";

impl Checker<'_> {
    /// The value of a dotted path of names.
    pub(super) fn path(&mut self, segments: &[Name]) -> Expr {
        let (head, rest) = segments.split_first().expect("a path has at least one name");
        let whole = segments.iter().fold(head.span, |span, name| span.to(name.span));
        if let Some(found) = self.bound(head, rest, whole) {
            return found;
        }
        if let Some(found) = self.own(head, rest, whole) {
            return found;
        }
        let scope = self.innermost_with(&head.text).unwrap_or(SUBJECT);
        if let Some(fact) = self.vocabulary.find(&head.text) {
            if scope == SUBJECT && !self.subject_may_have(fact) {
                self.not_of_subject(fact, head.span);
                return self.wrong(whole);
            }
            return self.fact_path(scope, fact, head, rest, whole);
        }
        if let Some(found) = self.collection_path(scope, head, rest, whole) {
            return found;
        }
        if let Some(unit) = Unit::find(&head.text).filter(|_| rest.is_empty()) {
            let ty = Type::Number(Measure::Of(unit.dimension));
            return Expr { kind: Kind::Constant(Constant::Number(unit.scale())), ty, span: whole };
        }
        self.unknown_name(&head.text, head.span);
        self.wrong(whole)
    }

    /// Whether the subject can have the fact: its own kind has it, or it reads what it lacks from its owner.
    fn subject_may_have(&self, fact: FactId) -> bool {
        let of = &self.vocabulary.get(fact).of;
        let subject = &self.kinds[0].subject;
        let has_owner = matches!(subject.as_str(), "project" | "parcel" | "person");
        has_owner || of.is_empty() || of.contains(subject)
    }

    pub(super) fn wrong(&self, span: Span) -> Expr {
        Expr { kind: Kind::Constant(Constant::Nothing), ty: Type::Wrong, span }
    }

    /// A name that an iteration bound.
    fn bound(&mut self, head: &Name, rest: &[Name], span: Span) -> Option<Expr> {
        let binding = self.bindings.iter().rev().find(|binding| match binding {
            Binding::Local(name, ..)
            | Binding::Item(name, _)
            | Binding::Year(name, _)
            | Binding::Alias(name, _)
            | Binding::Wrong(name) => *name == head.text,
            Binding::Scope(_) => false,
        })?;
        match binding.clone() {
            Binding::Local(_, index, ty) => {
                self.no_more(rest);
                Some(Expr { kind: Kind::Local(index), ty, span })
            }
            Binding::Alias(_, value) => {
                self.no_more(rest);
                Some(Expr { span, ..value })
            }
            Binding::Year(..) => {
                self.error(
                    "E0308",
                    head.span,
                    format!("“{}”是年份,只能写成 事实.{}", head.text, head.text),
                    format!("“{}” is a year; write fact.{}", head.text, head.text),
                );
                Some(self.wrong(span))
            }
            Binding::Item(_, var) => Some(self.item_path(var, rest, span)),
            Binding::Wrong(_) => Some(self.wrong(span)),
            Binding::Scope(_) => None,
        }
    }

    /// What stands behind an item's name: roles, then a fact with its period.
    pub(super) fn item_path(&mut self, var: ScopeVar, rest: &[Name], span: Span) -> Expr {
        let Some((next, further)) = rest.split_first() else {
            let kind = self.kind_of(var);
            return Expr { kind: Kind::Constant(Constant::Nothing), ty: Type::Item(kind), span };
        };
        if let Some(role) = self.role_of(var, &next.text) {
            let kind = self.kind_below(Link::Role(self.kind_of(var), next.text.clone()), &role);
            let inner = self.new_var(kind, Some(var));
            return self.item_path(inner, further, span);
        }
        match self.vocabulary.find(&next.text) {
            Some(fact) => self.fact_path(var, fact, next, further, span),
            None => {
                self.unknown_name(&next.text, next.span);
                self.wrong(span)
            }
        }
    }

    /// The kind of subject that a role of this scope names.
    pub(super) fn role_of(&self, var: ScopeVar, role: &str) -> Option<String> {
        let kind = &self.kinds[self.kind_of(var).0];
        let roles =
            |collection: &str| self.vocabulary.collection(collection).map(|known| known.roles.clone());
        let of_items = match &kind.link {
            Link::Items(_, collection) => roles(collection),
            _ => None,
        };
        of_items.and_then(|roles| roles.get(role).cloned())
    }

    /// The innermost item scope whose kind has a fact of that name.
    fn innermost_with(&self, name: &str) -> Option<ScopeVar> {
        let scopes = self.bindings.iter().rev().filter_map(|binding| match binding {
            Binding::Scope(var) => Some(*var),
            _ => None,
        });
        for var in scopes {
            let subject = &self.kinds[self.kind_of(var).0].subject;
            let has = |fact: &FactDefinition| fact.of.iter().any(|kind| kind == subject);
            if self.vocabulary.find(name).is_some_and(|fact| has(self.vocabulary.get(fact))) {
                return Some(var);
            }
            if self
                .vocabulary
                .collection(name)
                .is_some_and(|known| known.of.iter().any(|kind| kind == subject))
            {
                return Some(var);
            }
        }
        None
    }

    /// Names that the document itself declares.
    fn own(&mut self, head: &Name, rest: &[Name], span: Span) -> Option<Expr> {
        let name = head.text.as_str();
        // A name that a fact has already is reported where it is declared, and stays the fact's.
        let is_score = self.scores.iter().any(|slot| slot.name == name);
        if !is_score && self.vocabulary.find(name).is_some() {
            return None;
        }
        if name == TODAY {
            self.no_more(rest);
            return Some(Expr { kind: Kind::Today, ty: Type::Date, span });
        }
        if let Some(index) = self.params.iter().position(|(param, _)| param.name == name) {
            self.no_more(rest);
            let ty = self.params[index].1.clone();
            return Some(Expr { kind: Kind::Param(index), ty, span });
        }
        if let Some(index) = self.lets.iter().position(|slot| slot.name == name) {
            self.no_more(rest);
            let ty = self.check_let(index, span);
            return Some(Expr { kind: Kind::Let(index), ty, span });
        }
        if let Some(index) = self.scores.iter().position(|slot| slot.name == name) {
            return Some(self.score_path(index, rest, span));
        }
        if let Some(index) = self.lists.iter().position(|slot| slot.name == name) {
            let list = self.list_value(index, span);
            return Some(self.list_path(list, rest, span));
        }
        if name == PASSING && self.each.is_none() && self.root.get("each").is_some() {
            return Some(self.wrong(span));
        }
        if name == PASSING && self.each.is_some() {
            let ty = self.each.as_ref().map_or(Type::Wrong, |(list, _)| list.ty.clone());
            return Some(self.list_path(Expr { kind: Kind::Passing, ty, span }, rest, span));
        }
        None
    }

    fn collection_path(&mut self, scope: ScopeVar, head: &Name, rest: &[Name], span: Span) -> Option<Expr> {
        let collection = self.vocabulary.collection(&head.text)?;
        let (name, item) = (collection.name.clone(), collection.item.clone());
        let input = self.input(scope, InputKind::Collection(name.clone()), name.clone());
        let kind = self.kind_below(Link::Items(self.kind_of(scope), name), &item);
        let ty = Type::List(Box::new(Type::Item(kind)));
        Some(self.list_path(Expr { kind: Kind::Collection(input, kind), ty, span }, rest, span))
    }

    /// `list.fact.period`: the fact of each item.
    fn list_path(&mut self, list: Expr, rest: &[Name], span: Span) -> Expr {
        if rest.is_empty() {
            return list;
        }
        let Type::List(item) = &list.ty else { return self.wrong(span) };
        let Type::Item(kind) = **item else {
            self.no_more(rest);
            return self.wrong(span);
        };
        let var = self.new_var(kind, None);
        let value = self.item_path(var, rest, span);
        let ty = Type::List(Box::new(value.ty.clone()));
        Expr { kind: Kind::ForItems(Box::new(list), var, Box::new(value)), ty, span }
    }

    /// A fact with the period behind it, or in the default period.
    pub(super) fn fact_path(
        &mut self,
        var: ScopeVar,
        fact: FactId,
        head: &Name,
        rest: &[Name],
        span: Span,
    ) -> Expr {
        let definition = self.vocabulary.get(fact);
        let period = match rest.split_first() {
            None => None,
            Some((name, further)) => {
                self.no_more(further);
                match self.period_named(name) {
                    Some(period) => Some(period),
                    None => return self.wrong(span),
                }
            }
        };
        let is_series = definition.grain != Grain::Once;
        let period = match (period, is_series) {
            (Some(Period::Label(label)), _) => Period::Label(label),
            (Some(period), true) => period,
            (None, false) => Period::Unstated,
            (Some(period), false) => {
                let (zh, en) = (
                    format!("“{}”不随时间重复,不能写期间“{period}”", definition.name),
                    format!("“{}” holds once; it takes no period “{period}”", definition.name),
                );
                self.error("E0304", rest[0].span, zh, en);
                return self.wrong(span);
            }
            (None, true) => match self.default_period.clone() {
                Some(period) => period,
                None if definition.fact_type == FactType::Event => Period::Unstated,
                None => {
                    self.needs_period(definition, head.span);
                    return self.wrong(span);
                }
            },
        };
        let bare = rest.is_empty();
        self.fact_in(var, fact, period, bare, span)
    }

    /// The period of that name: bound years, built-in words, declared labels.
    pub(super) fn period_named(&mut self, name: &Name) -> Option<Period> {
        let bound = self.bindings.iter().rev().find_map(|binding| match binding {
            Binding::Year(bound, period) if *bound == name.text => Some(period.clone()),
            _ => None,
        });
        if let Some(period) = bound.or_else(|| Period::parse(&name.text)) {
            return Some(period);
        }
        if self.bindings.iter().any(|binding| matches!(binding, Binding::Wrong(bound) if *bound == name.text))
        {
            return None;
        }
        let (base, taken) = crate::check::iterate::split_taken(&name.text);
        let is_taken = taken != SpanAs::Years;
        let spans = || self.vocabulary.period(base).is_some_and(|label| !label.years.is_empty());
        if self.vocabulary.period(&name.text).is_some() || (is_taken && spans()) {
            return Some(Period::Label(name.text.clone()));
        }
        let known = [
            "上年",
            "当年",
            "前年",
            "大前年",
            "上年末",
            "近2年",
            "近3年",
            "近5年",
            "上年及当年",
            "当年及前2年",
        ];
        let labels = self.vocabulary.periods.iter().map(|label| label.name.as_str());
        let near = suggest::nearest(&name.text, known.into_iter().chain(labels)).map(str::to_owned);
        let found = Diagnostic::error(
            "E0302",
            name.span,
            format!("不认识的期间“{}”", name.text),
            format!("unknown period “{}”", name.text),
        );
        let found = match near {
            Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
            None => found.with_help(
                "可用 当年 上年 前年 大前年 上年末 近3年 当年及前2年,或在 library/facts/periods.yaml 里声明",
                "known: 当年 上年 前年 大前年 上年末 近3年 当年及前2年, or declare it in library/facts/periods.yaml",
            ),
        };
        self.report(found);
        None
    }

    /// The expression that reads a fact in a period.
    pub(super) fn fact_in(
        &mut self,
        var: ScopeVar,
        fact: FactId,
        period: Period,
        bare: bool,
        span: Span,
    ) -> Expr {
        let definition = self.vocabulary.get(fact);
        if definition.fact_type == FactType::Event {
            return self.single(var, fact, period, bare, span);
        }
        let is_stock = definition.grain == Grain::Stock;
        if let (Some(years), Some(taken)) = (period.years(), period.taken()) {
            let years = years.into_iter().map(|year| year_of(is_stock, year)).collect();
            let base = period.taken_as(SpanAs::Years).unwrap_or(period).to_string();
            return self.span_of(var, fact, years, &base, taken, span);
        }
        match period {
            Period::Label(label) => self.label(var, fact, &label, bare, span),
            Period::Year(year) => self.single(var, fact, year_of(is_stock, year), bare, span),
            other => self.single(var, fact, other, bare, span),
        }
    }

    fn label(&mut self, var: ScopeVar, fact: FactId, label: &str, bare: bool, span: Span) -> Expr {
        let exact = self.vocabulary.period(label).filter(|known| known.years.is_empty()).is_some();
        let (base, taken) = super::iterate::split_taken(label);
        let (base, taken) =
            if self.vocabulary.period(label).is_some() { (label, SpanAs::Years) } else { (base, taken) };
        let years = self.vocabulary.period(base).map(|known| known.years.clone()).unwrap_or_default();
        if exact || years.is_empty() {
            return self.single(var, fact, Period::Label(label.to_owned()), bare, span);
        }
        let years = years.into_iter().map(Period::Label).collect();
        self.span_of(var, fact, years, base, taken, span)
    }

    fn single(&mut self, var: ScopeVar, fact: FactId, period: Period, bare: bool, span: Span) -> Expr {
        let definition = self.vocabulary.get(fact);
        let key = if bare || period == Period::Unstated {
            definition.name.clone()
        } else {
            format!("{}.{period}", definition.name)
        };
        let ty = value_type(fact, definition);
        let input = self.input(var, InputKind::Fact(fact, period), key);
        Expr { kind: Kind::Input(input), ty, span }
    }

    fn span_of(
        &mut self,
        var: ScopeVar,
        fact: FactId,
        years: Vec<Period>,
        base: &str,
        taken: SpanAs,
        span: Span,
    ) -> Expr {
        let definition = self.vocabulary.get(fact);
        let name = &definition.name;
        let ty = value_type(fact, definition);
        if !matches!(ty, Type::Number(_) | Type::Wrong) {
            self.error(
                "E0305",
                span,
                format!("“{name}”不是数,不能取“{base}”的逐年值"),
                format!("“{name}” is no number; “{base}” cannot list its years"),
            );
            return self.wrong(span);
        }
        let read = |checker: &mut Self, period: Period| {
            let key = format!("{name}.{period}");
            checker.input(var, InputKind::Fact(fact, period), key)
        };
        let span_period = |taken: SpanAs| match Period::parse(base) {
            Some(period) => period.taken_as(taken).unwrap_or(period),
            None => Period::Label(format!("{base}{taken}")),
        };
        let years = years.into_iter().map(|period| read(self, period)).collect();
        let total = read(self, span_period(SpanAs::Total));
        let mean = read(self, span_period(SpanAs::Mean));
        let list =
            Expr { kind: Kind::Span { years, total, mean }, ty: Type::List(Box::new(ty.clone())), span };
        match taken {
            SpanAs::Years => list,
            SpanAs::Total => Expr { kind: Kind::Call(Builtin::Sum, vec![list]), ty, span },
            SpanAs::Mean => Expr { kind: Kind::Call(Builtin::Mean, vec![list]), ty, span },
        }
    }
}

/// A stock in a year is its value at the year's end.
fn year_of(is_stock: bool, year: YearRef) -> Period {
    if is_stock { Period::YearEnd(year) } else { Period::Year(year) }
}

/// The type of a fact's values.
pub(super) fn value_type(fact: FactId, definition: &FactDefinition) -> Type {
    let dimension = || definition.unit.map_or(Dimension::NONE, |unit| unit.dimension);
    match definition.fact_type {
        FactType::Money => Type::Number(Measure::Of(Dimension::of(facts::Quantity::Money))),
        FactType::Count | FactType::Number => Type::Number(Measure::Of(dimension())),
        FactType::Ratio | FactType::Year => Type::RATIO,
        FactType::Bool | FactType::Event => Type::Bool,
        FactType::Date => Type::Date,
        FactType::Code => Type::Code(fact),
        FactType::Codes => Type::Codes(fact),
        FactType::Text => Type::Text,
    }
}

/// A number as a constant expression.
pub(super) fn number(value: Number, measure: Measure, span: Span) -> Expr {
    Expr { kind: Kind::Constant(Constant::Number(value)), ty: Type::Number(measure), span }
}
