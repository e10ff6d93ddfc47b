//! Constants in words: as the document writes them where its text is at hand, else in the unit of what they stand beside.

use facts::{Dimension, FactDefinition, FactType, Number, Span, Unit};
use lang::ast::{self, BinaryOp, ExprKind};
use lang::ir::{Arithmetic, Builtin, Constant, Expr, Kind};
use lang::syntax;
use lang::types::Type;

use super::Phrases;
use crate::value::{self, plain_definition};

/// Longest text that is read again as a constant.
const CONSTANT_BYTES_MAX: usize = 200;

impl Phrases<'_> {
    /// An expression that stands beside another, whose unit a constant takes.
    pub(super) fn beside(&self, expr: &Expr, like: &Expr) -> String {
        match &expr.kind {
            Kind::Constant(Constant::Number(number)) => self.number(number, expr, Some(like)),
            Kind::Constant(Constant::Text(text)) => match &like.ty {
                Type::Code(fact) | Type::Codes(fact) => self.code(Some(self.vocabulary().get(*fact)), text),
                _ => format!("“{text}”"),
            },
            _ => self.subject(expr),
        }
    }

    /// A number that stands in an expression.
    pub(super) fn number(&self, number: &Number, at: &Expr, like: Option<&Expr>) -> String {
        if let Some(tree) = self.written(at.span, number) {
            let shown = self.literal(&tree);
            let is_bare = matches!(tree.kind, ExprKind::Number(_));
            // `500` of a fact that counts people is 500 people.
            return match like.and_then(|like| self.definition(like)).filter(|_| is_bare && !number.is_zero())
            {
                Some(definition) => definition.show(&facts::Value::Number(number.clone()), self.language),
                None => shown,
            };
        }
        self.number_of(number, like.unwrap_or(at))
    }

    /// A number in the unit of an expression.
    pub fn number_of(&self, number: &Number, of: &Expr) -> String {
        if let Some(definition) = self.definition(of) {
            return definition.show(&facts::Value::Number(number.clone()), self.language);
        }
        if self.is_share(of) {
            return self.share(number);
        }
        value::number(number, &of.ty, self.language)
    }

    /// A share in per cent.
    pub fn share(&self, number: &Number) -> String {
        plain_definition("", FactType::Ratio, None).show(&facts::Value::Number(number.clone()), self.language)
    }

    /// The constant that stands there in the text, if it is that number.
    fn written(&self, span: Span, number: &Number) -> Option<ast::Expr> {
        let text = self.text.get(span.start..span.end).filter(|text| text.len() <= CONSTANT_BYTES_MAX)?;
        let (tree, errors) = syntax::parse(text, 0, &syntax::NoNames);
        let tree = tree.filter(|_| errors.is_empty())?;
        (worth(&tree)? == *number).then_some(tree)
    }

    /// A constant as it is written.
    pub(super) fn literal(&self, tree: &ast::Expr) -> String {
        match &tree.kind {
            ExprKind::Number(number) => self.in_unit(number, None),
            ExprKind::Quantity(number, unit) => match Unit::find(&unit.text) {
                Some(unit) => self.in_unit(&(number * &unit.scale()), Some(unit)),
                None => unit.text.clone(),
            },
            ExprKind::Name(name) => match Unit::find(name) {
                Some(unit) => self.in_unit(&unit.scale(), Some(unit)),
                None => name.clone(),
            },
            ExprKind::Negate(inner) => format!("−{}", self.literal(inner)),
            ExprKind::Binary(BinaryOp::Div, top, bottom) if is_measure(bottom) => self.per(top, bottom),
            ExprKind::Binary(op, left, right) => {
                let sign = match op {
                    BinaryOp::Add => "+",
                    BinaryOp::Sub => "−",
                    BinaryOp::Mul => "×",
                    BinaryOp::Div => "÷",
                    _ => "^",
                };
                format!("{} {sign} {}", self.bracketed(left, *op), self.bracketed(right, *op))
            }
            _ => String::new(),
        }
    }

    /// `1000万元 / 亩`: 1000万元 for each 亩.
    fn per(&self, top: &ast::Expr, bottom: &ast::Expr) -> String {
        let (shown, base) = (self.literal(top), self.literal(bottom));
        let one = base.strip_prefix("1 ").or_else(|| base.strip_prefix('1'));
        let is_one =
            one.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit() || next == ','));
        let base = one.filter(|_| is_one).unwrap_or(&base);
        self.either(format!("每{base} {shown}"), format!("{shown} per {base}"))
    }

    fn bracketed(&self, tree: &ast::Expr, around: BinaryOp) -> String {
        let is_sum = matches!(tree.kind, ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub, ..));
        let shown = self.literal(tree);
        if is_sum && !matches!(around, BinaryOp::Add) { format!("({shown})") } else { shown }
    }

    fn in_unit(&self, base: &Number, unit: Option<&'static Unit>) -> String {
        // A unit that has no English word is told in the one it is made of.
        let has_word =
            |unit: &&'static Unit| !matches!(unit.name, "万吨标准煤" | "万平方米" | "季度" | "微米");
        let unit = match self.is_chinese() {
            true => unit,
            false => unit.map(|unit| {
                let base = || value::base_unit(unit.dimension).and_then(Unit::find);
                Some(unit).filter(has_word).or_else(base).unwrap_or(unit)
            }),
        };
        let is_money = unit.is_some_and(|unit| unit.dimension.is_money());
        let fact_type = if is_money { FactType::Money } else { FactType::Number };
        plain_definition("", fact_type, unit).show(&facts::Value::Number(base.clone()), self.language)
    }

    /// The fact whose unit an expression has.
    pub(super) fn definition(&self, expr: &Expr) -> Option<FactDefinition> {
        let fact = |input| match self.input_of(input).kind {
            lang::ir::InputKind::Fact(fact, _) => Some(self.vocabulary().get(fact).clone()),
            _ => None,
        };
        match &expr.kind {
            Kind::Input(input) | Kind::Span { total: input, .. } | Kind::QuarterMean(_, input) => {
                fact(*input)
            }
            Kind::Score(..) => Some(plain_definition("", FactType::Number, Unit::find("分"))),
            Kind::Let(index) => self.definition(&self.document.lets[*index].value),
            Kind::Call(
                Builtin::Sum
                | Builtin::Min
                | Builtin::Max
                | Builtin::Mean
                | Builtin::Median
                | Builtin::Abs
                | Builtin::Floor
                | Builtin::Ceiling
                | Builtin::RoundHalfUp,
                parts,
            ) => parts.iter().find_map(|part| self.definition(part)),
            Kind::Arithmetic(Arithmetic::Add | Arithmetic::Sub, left, right) if expr.ty != Type::Date => {
                self.definition(left).or_else(|| self.definition(right))
            }
            Kind::ForItems(_, _, body) | Kind::ForValues(_, _, body) => self.definition(body),
            Kind::Index(list, _) | Kind::FilterValues(list, ..) => self.definition(list),
            Kind::First(branches, _) => branches.iter().find_map(|(_, then)| self.definition(then)),
            _ => None,
        }
    }

    /// Whether an expression is a quotient of two like things.
    fn is_share(&self, expr: &Expr) -> bool {
        let is_plain = matches!(&expr.ty, Type::Number(measure) if measure.dimension() == Dimension::NONE);
        is_plain
            && match &expr.kind {
                Kind::Arithmetic(Arithmetic::Div, top, bottom) => top.ty.meet(&bottom.ty).is_some(),
                Kind::Let(index) => self.is_share(&self.document.lets[*index].value),
                Kind::Arithmetic(_, left, right) => self.is_share(left) || self.is_share(right),
                Kind::Call(_, parts) => parts.iter().any(|part| self.is_share(part)),
                _ => false,
            }
    }
}

/// Whether a constant is one of a unit that something can be counted by: `1000m²`, `亩`, `10家`, but not `2%` or `3`.
fn is_measure(tree: &ast::Expr) -> bool {
    match &tree.kind {
        ExprKind::Name(_) => true,
        ExprKind::Quantity(_, unit) => {
            Unit::find(&unit.text).is_some_and(|unit| !unit.dimension.is_none() || unit.counts_items())
        }
        _ => false,
    }
}

/// What a constant comes to in base units.
fn worth(tree: &ast::Expr) -> Option<Number> {
    match &tree.kind {
        ExprKind::Number(number) => Some(number.clone()),
        ExprKind::Quantity(number, unit) => Some(number * &Unit::find(&unit.text)?.scale()),
        ExprKind::Name(name) => Some(Unit::find(name)?.scale()),
        ExprKind::Negate(inner) => Some(-worth(inner)?),
        ExprKind::Binary(op, left, right) => {
            let (left, right) = (worth(left)?, worth(right)?);
            match op {
                BinaryOp::Add => Some(&left + &right),
                BinaryOp::Sub => Some(&left - &right),
                BinaryOp::Mul => Some(&left * &right),
                BinaryOp::Div => left.checked_div(&right),
                _ => None,
            }
        }
        _ => None,
    }
}
