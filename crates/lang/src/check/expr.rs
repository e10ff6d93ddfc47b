//! Types of expressions, one kind of syntax after the other.

use facts::{Date, Number, Span, Unit};

use super::Checker;
use super::names::number;
use crate::ast::{self, BinaryOp, ExprKind, Name};
use crate::ir::{Arithmetic, Compare, Constant, Expr, Kind};
use crate::types::{Measure, Type};

impl Checker<'_> {
    /// The typed form of an expression.
    pub(super) fn expr(&mut self, tree: &ast::Expr) -> Expr {
        let span = tree.span;
        match &tree.kind {
            ExprKind::Null => {
                self.error(
                    "E0402",
                    span,
                    "规则里没有 null;“已知没有”写 无",
                    "rules have no null; “known to have none” is 无",
                );
                self.wrong(span)
            }
            ExprKind::Nothing => constant(Constant::Nothing, Type::Nothing, span),
            ExprKind::Bool(value) => constant(Constant::Bool(*value), Type::Bool, span),
            ExprKind::Number(value) => {
                number(value.clone(), if value.is_zero() { Measure::Zero } else { Measure::Bare }, span)
            }
            ExprKind::Quantity(value, unit) => self.quantity(value, unit, span),
            ExprKind::Text(text) => constant(Constant::Text(text.clone()), Type::Text, span),
            ExprKind::At(text) => self.at(text, span),
            ExprKind::Name(_) | ExprKind::Path(..) => self.name_or_path(tree),
            ExprKind::Filter(list, condition) => self.filter(list, condition, span),
            ExprKind::Call(callee, arguments) => self.call(callee, arguments, span),
            ExprKind::Negate(inner) => self.negate(inner, span),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, span),
            ExprKind::Between(value, low, high) => {
                let (value, low, high) = (self.expr(value), self.expr(low), self.expr(high));
                let lower = self.compare(Compare::Ge, value.clone(), low, span);
                let upper = self.compare(Compare::Le, value, high, span);
                logic(Kind::And(vec![lower, upper]), span)
            }
            ExprKind::In(value, tests) => self.in_tests(value, tests, span),
            ExprKind::If(condition, then, otherwise) => self.if_else(condition, then, otherwise, span),
            ExprKind::For(iterations, body) => self.for_each(iterations, body, span),
            ExprKind::Quantified(quantifier, iterations, body) => {
                self.quantified(*quantifier, iterations, body, span)
            }
            ExprKind::List(items) => self.list(items, span),
            ExprKind::Range(..) => {
                self.unsupported("区间只能写在 in 后面", "a range stands after in only", span)
            }
            ExprKind::Context(_) => {
                self.unsupported("规则里不用上下文 {…}", "contexts {…} are not used in rules", span)
            }
            ExprKind::Function(..) => {
                self.unsupported("规则里不能定义函数", "rules cannot define functions", span)
            }
            ExprKind::InstanceOf(..) => self.unsupported(
                "规则里类型已知,不用 instance of",
                "types are known; instance of is not used",
                span,
            ),
        }
    }

    pub(super) fn unsupported(&mut self, zh: &str, en: &str, span: Span) -> Expr {
        self.error("E0403", span, zh, en);
        self.wrong(span)
    }

    fn quantity(&mut self, value: &Number, unit: &Name, span: Span) -> Expr {
        match Unit::find(&unit.text) {
            Some(unit) => number(value * &unit.scale(), Measure::Of(unit.dimension), span),
            None => {
                self.error(
                    "E0404",
                    unit.span,
                    format!("不认识的单位“{}”", unit.text),
                    format!("unknown unit “{}”", unit.text),
                );
                self.wrong(span)
            }
        }
    }

    fn at(&mut self, text: &str, span: Span) -> Expr {
        if let Ok(day) = text.parse::<Date>() {
            return constant(Constant::Date(day), Type::Date, span);
        }
        if let Some((value, unit)) = duration(text)
            && let Some(unit) = Unit::find(unit)
        {
            return number(value, Measure::Of(unit.dimension), span);
        }
        self.error(
            "E0405",
            span,
            format!("@\"{text}\" 不是日期或时长"),
            format!("@\"{text}\" is no date or duration"),
        );
        self.wrong(span)
    }

    fn name_or_path(&mut self, tree: &ast::Expr) -> Expr {
        let mut segments = Vec::new();
        let mut current = tree;
        loop {
            match &current.kind {
                ExprKind::Path(left, name) => {
                    segments.push(name.clone());
                    current = left;
                }
                ExprKind::Name(text) => {
                    segments.push(Name { text: text.clone(), span: current.span });
                    break;
                }
                _ => return self.path_of_value(current, &segments, tree.span),
            }
        }
        segments.reverse();
        self.path(&segments)
    }

    /// A path behind something that is no name: `(list[1]).fact`.
    fn path_of_value(&mut self, value: &ast::Expr, segments: &[Name], span: Span) -> Expr {
        let value = self.expr(value);
        if value.ty != Type::Wrong {
            let name = segments.last().map_or("", |name| name.text.as_str());
            self.error(
                "E0309",
                span,
                format!("这里没有“{name}”这一项"),
                format!("there is no “{name}” here"),
            );
        }
        self.wrong(span)
    }

    fn negate(&mut self, inner: &ast::Expr, span: Span) -> Expr {
        let inner = self.expr(inner);
        if let Kind::Constant(Constant::Number(value)) = &inner.kind {
            return Expr { kind: Kind::Constant(Constant::Number(-value.clone())), ty: inner.ty, span };
        }
        self.expect_number(&inner);
        let zero = number(Number::zero(), Measure::Zero, span);
        let ty = inner.ty.clone();
        Expr { kind: Kind::Arithmetic(Arithmetic::Sub, Box::new(zero), Box::new(inner)), ty, span }
    }

    fn binary(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        match op {
            BinaryOp::And | BinaryOp::Or => self.and_or(op, left, right, span),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow => {
                let (left, right) = (self.expr(left), self.expr(right));
                self.arithmetic(op, left, right, span)
            }
            _ => {
                let compare = compare_of(op);
                if let Some(found) = self.growth_comparison(compare, left, right, span) {
                    return found;
                }
                let (left, right) = (self.expr(left), self.expr(right));
                self.compare(compare, left, right, span)
            }
        }
    }

    /// `a and b and c` as one node, so that reasons list the three side by side.
    fn and_or(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let mut parts = Vec::new();
        for side in [left, right] {
            let typed = self.expr(side);
            self.expect(&typed, &Type::Bool);
            match typed.kind {
                Kind::And(inner) if op == BinaryOp::And => parts.extend(inner),
                Kind::Or(inner) if op == BinaryOp::Or => parts.extend(inner),
                _ => parts.push(typed),
            }
        }
        logic(if op == BinaryOp::And { Kind::And(parts) } else { Kind::Or(parts) }, span)
    }

    fn if_else(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        span: Span,
    ) -> Expr {
        let condition = self.expr(condition);
        self.expect(&condition, &Type::Bool);
        let (then, otherwise) = (self.expr(then), self.expr(otherwise));
        let ty = self.meet(&then, &otherwise);
        Expr { kind: Kind::First(vec![(condition, then)], Some(Box::new(otherwise))), ty, span }
    }

    fn list(&mut self, items: &[ast::Expr], span: Span) -> Expr {
        let items: Vec<Expr> = items.iter().map(|item| self.expr(item)).collect();
        let mut ty = items.first().map_or(Type::Wrong, |item| item.ty.clone());
        for pair in items.windows(2) {
            ty = self.meet(&pair[0], &pair[1]);
        }
        Expr { kind: Kind::Items(items), ty: Type::List(Box::new(ty)), span }
    }

    /// The type both share; reported at the second where there is none.
    pub(super) fn meet(&mut self, left: &Expr, right: &Expr) -> Type {
        self.meet_at(left, right, left.span.to(right.span))
    }

    /// The type both share; where there is none, it is reported at that place.
    pub(super) fn meet_at(&mut self, left: &Expr, right: &Expr, span: Span) -> Type {
        match left.ty.meet(&right.ty) {
            Some(ty) => ty,
            None => {
                self.mismatch(&left.ty, &right.ty, span);
                Type::Wrong
            }
        }
    }

    fn mismatch(&mut self, left: &Type, right: &Type, span: Span) {
        use facts::Language::{Chinese, English};
        let name = |ty: &Type, language| ty.name(self.vocabulary, language);
        let both_numbers = matches!((left, right), (Type::Number(_), Type::Number(_)));
        let code = if both_numbers { "E0406" } else { "E0407" };
        let (zh, en) = (
            format!("{} 和 {} 对不上", name(left, Chinese), name(right, Chinese)),
            format!("{} and {} do not go together", name(left, English), name(right, English)),
        );
        let found = facts::Diagnostic::error(code, span, zh, en);
        let lacks_unit = both_numbers && (is_bare(left) || is_bare(right));
        self.report(if lacks_unit { with_unit_help(found) } else { found });
    }

    /// The number that is written there, or a report that something else stands where one has to.
    pub(super) fn constant(
        &mut self,
        value: &Expr,
        code: &'static str,
        (zh, en): (&str, &str),
    ) -> Option<Number> {
        match &value.kind {
            Kind::Constant(Constant::Number(number)) => Some(number.clone()),
            _ => {
                if value.ty != Type::Wrong {
                    self.error(code, value.span, zh, en);
                }
                None
            }
        }
    }

    pub(super) fn expect_number(&mut self, value: &Expr) -> bool {
        let is_number = matches!(value.ty, Type::Number(_) | Type::Wrong);
        if !is_number {
            self.expect(value, &Type::RATIO);
        }
        is_number
    }
}

pub(super) fn constant(value: Constant, ty: Type, span: Span) -> Expr {
    Expr { kind: Kind::Constant(value), ty, span }
}

pub(super) fn logic(kind: Kind, span: Span) -> Expr {
    Expr { kind, ty: Type::Bool, span }
}

/// The comparison that an operator writes.
pub(super) fn compare_of(op: BinaryOp) -> Compare {
    match op {
        BinaryOp::Ne => Compare::Ne,
        BinaryOp::Lt => Compare::Lt,
        BinaryOp::Le => Compare::Le,
        BinaryOp::Gt => Compare::Gt,
        BinaryOp::Ge => Compare::Ge,
        _ => Compare::Eq,
    }
}

/// `P1Y6M` as months, `P30D` as days.
pub(super) fn duration(text: &str) -> Option<(Number, &'static str)> {
    let body = text.strip_prefix('P')?;
    if let Some(days) = body.strip_suffix('D') {
        return Some((days.parse().ok()?, "天"));
    }
    let (years, months) = match body.split_once('Y') {
        Some((years, rest)) => (years, rest),
        None => ("0", body),
    };
    let months = if months.is_empty() { "0" } else { months.strip_suffix('M')? };
    let (years, months): (i64, i64) = (years.parse().ok()?, months.parse().ok()?);
    Some((Number::from(years.checked_mul(12)?.checked_add(months)?), "月"))
}

/// Whether a number stands there without a unit.
pub(super) fn is_bare(ty: &Type) -> bool {
    matches!(ty, Type::Number(Measure::Bare))
}

/// What to do about a number that needs its unit.
pub(super) fn with_unit_help(found: facts::Diagnostic) -> facts::Diagnostic {
    found.with_help(
        "给数写上单位,例如 100万元、30亩、24个月、365天",
        "write the number with its unit, for example 100万元, 30亩, 24个月, 365天",
    )
}
