//! Arithmetic with units, comparison, and `in`.

use facts::{Dimension, FactId, Number, Quantity, Span};

use super::Checker;
use super::expr::{compare_of, logic};
use super::names::number;
use crate::ast::{self, BinaryOp, Bound, ExprKind, Test};
use crate::ir::{Arithmetic, Compare, Constant, Expr, InputKind, Kind};
use crate::suggest;
use crate::types::{Measure, Type};

impl Checker<'_> {
    pub(super) fn arithmetic(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        let arithmetic = match op {
            BinaryOp::Add => Arithmetic::Add,
            BinaryOp::Sub => Arithmetic::Sub,
            BinaryOp::Mul => Arithmetic::Mul,
            BinaryOp::Div => Arithmetic::Div,
            _ => Arithmetic::Pow,
        };
        let ty = match (&left.ty, &right.ty) {
            (Type::Wrong, _) | (_, Type::Wrong) => Type::Wrong,
            (Type::Date, _) | (_, Type::Date) => self.date_arithmetic(arithmetic, &left, &right, span),
            (Type::Number(l), Type::Number(r)) => {
                self.number_arithmetic(arithmetic, (*l, &left), (*r, &right))
            }
            _ => {
                let wrong = if matches!(left.ty, Type::Number(_)) { &right } else { &left };
                self.expect_number(wrong);
                Type::Wrong
            }
        };
        if arithmetic == Arithmetic::Div
            && let Kind::Constant(Constant::Number(divisor)) = &right.kind
            && divisor.is_zero()
        {
            self.error("E0411", right.span, "不能除以零", "division by zero");
        }
        if ty == Type::Wrong {
            return self.wrong(span);
        }
        if arithmetic == Arithmetic::Pow && is_huge(&left, &right) {
            self.error("E0412", span, "这个乘方太大", "this power is too large");
            return Expr { ty: Type::Wrong, ..left };
        }
        fold(arithmetic, left, right, ty, span)
    }

    fn number_arithmetic(&mut self, op: Arithmetic, left: (Measure, &Expr), right: (Measure, &Expr)) -> Type {
        let both_bare = !matches!(left.0, Measure::Of(_)) && !matches!(right.0, Measure::Of(_));
        let product =
            |dimension| Type::Number(if both_bare { Measure::Bare } else { Measure::Of(dimension) });
        match op {
            Arithmetic::Add | Arithmetic::Sub => self.meet(left.1, right.1),
            Arithmetic::Mul => product(left.0.dimension().times(right.0.dimension())),
            Arithmetic::Div => product(left.0.dimension().times(right.0.dimension().inverse())),
            Arithmetic::Pow => {
                let exponent = match &right.1.kind {
                    Kind::Constant(Constant::Number(value)) => value.to_i64(),
                    _ => None,
                };
                match exponent.and_then(|exponent| i8::try_from(exponent).ok()) {
                    Some(exponent) => product(left.0.dimension().power(exponent)),
                    None => {
                        self.error(
                            "E0412",
                            right.1.span,
                            "乘方的指数要写成不大的整数",
                            "an exponent has to be a small whole number",
                        );
                        Type::Wrong
                    }
                }
            }
        }
    }

    /// A day plus or minus months or days; the days between two days.
    fn date_arithmetic(&mut self, op: Arithmetic, left: &Expr, right: &Expr, span: Span) -> Type {
        let is_duration = |ty: &Type| {
            let of = |quantity| *ty == Type::Number(Measure::Of(Dimension::of(quantity)));
            of(Quantity::Months) || of(Quantity::Days)
        };
        match (op, &left.ty, &right.ty) {
            (Arithmetic::Add | Arithmetic::Sub, Type::Date, ty) if is_duration(ty) => Type::Date,
            (Arithmetic::Sub, Type::Date, Type::Date) => {
                Type::Number(Measure::Of(Dimension::of(Quantity::Days)))
            }
            _ => {
                self.error(
                    "E0408",
                    span,
                    "日期只能加减时长(1年、24个月、30天),或两个日期相减得天数",
                    "a date takes a duration (1年, 24个月, 30天) added or taken away; two dates differ by days",
                );
                Type::Wrong
            }
        }
    }

    pub(super) fn compare(&mut self, op: Compare, left: Expr, right: Expr, span: Span) -> Expr {
        let ty = self.meet(&left, &right);
        let (left, right) = match &ty {
            Type::Code(fact) | Type::Codes(fact) => {
                (self.canonical_code(*fact, left), self.canonical_code(*fact, right))
            }
            _ => (left, right),
        };
        let ordered = matches!(op, Compare::Lt | Compare::Le | Compare::Gt | Compare::Ge);
        if ordered && !matches!(ty, Type::Wrong | Type::Number(_) | Type::Date | Type::Nothing) {
            let name = |language| ty.name(self.vocabulary, language);
            let (zh, en) = (
                format!("{}不分大小,不能用 {}", name(facts::Language::Chinese), op.symbol()),
                format!("{} has no order; {} cannot be used", name(facts::Language::English), op.symbol()),
            );
            self.error("E0409", span, zh, en);
        }
        if matches!(op, Compare::Lt | Compare::Le) {
            self.warn_of_floored_age(&left, span);
        }
        logic(Kind::Compare(op, Box::new(left), Box::new(right)), span)
    }

    /// An age in whole years is rounded down: "at most 5 years" would let five years and eleven months pass.
    fn warn_of_floored_age(&mut self, value: &Expr, span: Span) {
        let Kind::Input(input) = &value.kind else { return };
        let kind = self.kind_of(input.var);
        let InputKind::Fact(fact, _) = self.kinds[kind.0].inputs[input.index].kind else { return };
        let definition = self.vocabulary.get(fact);
        let in_years = definition.unit.is_some_and(|unit| unit.name == "年");
        let Some(since) = definition.since.clone().filter(|_| in_years) else { return };
        let name = definition.name.clone();
        let found = facts::Diagnostic::warning(
            "W0413",
            span,
            format!("“{name}”舍去不足一年的部分,用作上限会放宽"),
            format!("“{name}” drops the part of a year, which makes an upper limit too wide"),
        )
        .with_help(
            format!("改用日期:{since} >= 申请日 - 5年"),
            format!("compare the date instead: {since} >= 申请日 - 5年"),
        );
        self.report(found);
    }

    /// A literal code in its canonical spelling; one that is not in the list is an error.
    fn canonical_code(&mut self, fact: FactId, value: Expr) -> Expr {
        let Kind::Constant(Constant::Text(text)) = &value.kind else { return value };
        let definition = self.vocabulary.get(fact);
        if definition.codes.is_empty() {
            self.check_code(&Type::Code(fact), text, None, value.span);
            return value;
        }
        match definition.canonical_code(text) {
            Some(code) => {
                let code = Constant::Text(code.to_owned());
                Expr { kind: Kind::Constant(code), ..value }
            }
            None => {
                let codes = || definition.codes.iter().map(|known| known.code.as_str());
                let near = suggest::nearest(text, codes()).map_or_else(
                    || (codes().collect::<Vec<_>>().join("、"), codes().collect::<Vec<_>>().join(", ")),
                    |near| (near.to_owned(), near.to_owned()),
                );
                let found = facts::Diagnostic::error(
                    "E0410",
                    value.span,
                    format!("“{text}”不是“{}”的取值", definition.name),
                    format!("“{text}” is not a value of “{}”", definition.name),
                )
                .with_help(format!("可用:{}", near.0), format!("use: {}", near.1));
                self.report(found);
                value
            }
        }
    }

    /// `x in (tests)`.
    pub(super) fn in_tests(&mut self, value: &ast::Expr, tests: &[Test], span: Span) -> Expr {
        let value = self.expr(value);
        let mut codes = Vec::new();
        let mut parts = Vec::new();
        for test in tests {
            match test {
                Test::Any => parts.push(super::expr::constant(Constant::Bool(true), Type::Bool, span)),
                Test::Compare(op, bound) => {
                    let bound = self.expr(bound);
                    parts.push(self.compare(compare_of(*op), value.clone(), bound, span));
                }
                Test::Value(tree) => self.in_value(&value, tree, &mut codes, &mut parts),
            }
        }
        if !codes.is_empty() {
            parts.insert(0, logic(Kind::CodeIn(Box::new(value), codes), span));
        }
        if parts.len() == 1 { parts.swap_remove(0) } else { logic(Kind::Or(parts), span) }
    }

    fn in_value(&mut self, value: &Expr, tree: &ast::Expr, codes: &mut Vec<String>, parts: &mut Vec<Expr>) {
        match &tree.kind {
            ExprKind::List(items) => {
                for item in items {
                    self.in_value(value, item, codes, parts);
                }
            }
            ExprKind::Range(low, low_bound, high, high_bound) => {
                let ends = [
                    (low, low_bound, Compare::Ge, Compare::Gt),
                    (high, high_bound, Compare::Le, Compare::Lt),
                ];
                let mut both = Vec::new();
                for (end, bound, closed, open) in ends {
                    if let Some(end) = end {
                        let op = if *bound == Bound::Closed { closed } else { open };
                        let end = self.expr(end);
                        both.push(self.compare(op, value.clone(), end, tree.span));
                    }
                }
                parts.push(logic(Kind::And(both), tree.span));
            }
            _ => {
                let item = self.expr(tree);
                if let (Type::Code(fact) | Type::Codes(fact), Type::Text) = (&value.ty, &item.ty)
                    && let Kind::Constant(Constant::Text(code)) =
                        self.canonical_code(*fact, item.clone()).kind
                {
                    codes.push(code);
                } else if matches!(item.ty, Type::List(_)) {
                    let list = vec![item, value.clone()];
                    parts.push(logic(Kind::Call(crate::ir::Builtin::ListContains, list), tree.span));
                } else {
                    parts.push(self.compare(Compare::Eq, value.clone(), item, tree.span));
                }
            }
        }
    }

    /// `复合增长率(起, 止, n) >= r` is decided as `止 / 起 >= (1 + r) ** n`, which needs no root.
    pub(super) fn growth_comparison(
        &mut self,
        op: Compare,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (call, rate, op) = match (growth_arguments(left), growth_arguments(right)) {
            (Some(call), _) => (call, right, op),
            (None, Some(call)) => (call, left, op.mirrored()),
            (None, None) => return None,
        };
        let [from, to, years] = call else { return None };
        let (from, to, years) = (self.expr(&from.value), self.expr(&to.value), self.expr(&years.value));
        let rate = self.expr(rate);
        let growth = self.arithmetic(BinaryOp::Div, to, from, span);
        let one = number(Number::one(), Measure::Of(Dimension::NONE), span);
        let factor = self.arithmetic(BinaryOp::Add, one, rate, span);
        let power = self.arithmetic(BinaryOp::Pow, factor, years, span);
        Some(self.compare(op, growth, power, span))
    }
}

fn growth_arguments(tree: &ast::Expr) -> Option<&[ast::Argument]> {
    match &tree.kind {
        ExprKind::Call(callee, arguments) => match &callee.kind {
            ExprKind::Name(name) if name == "复合增长率" => Some(arguments),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a power of two constants would have too many digits to be worked out.
fn is_huge(base: &Expr, exponent: &Expr) -> bool {
    let (Kind::Constant(Constant::Number(base)), Kind::Constant(Constant::Number(exponent))) =
        (&base.kind, &exponent.kind)
    else {
        return false;
    };
    let digits = u64::try_from(base.to_string().len()).unwrap_or(u64::MAX);
    let times = exponent.to_i64().map_or(u64::MAX, i64::unsigned_abs);
    digits.saturating_mul(times) > super::degree::CONSTANT_DIGITS_MAX
}

/// Arithmetic of two constants is done at once.
fn fold(op: Arithmetic, left: Expr, right: Expr, ty: Type, span: Span) -> Expr {
    if let (Kind::Constant(Constant::Number(l)), Kind::Constant(Constant::Number(r))) =
        (&left.kind, &right.kind)
    {
        let value = match op {
            Arithmetic::Add => Some(l + r),
            Arithmetic::Sub => Some(l - r),
            Arithmetic::Mul => Some(l * r),
            Arithmetic::Div => l.checked_div(r),
            Arithmetic::Pow => r.to_i64().and_then(|exponent| l.checked_powi(exponent)),
        };
        if let Some(value) = value {
            return Expr { kind: Kind::Constant(Constant::Number(value)), ty, span };
        }
    }
    Expr { kind: Kind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span }
}
