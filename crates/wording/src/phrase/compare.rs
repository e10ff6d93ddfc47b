//! Comparisons in words: thresholds, shares, growth, days, and what holds in each of several years.

use std::collections::BTreeSet;

use facts::{Dimension, Period, Quantity, Span, YearRef};
use lang::ast::{self, ExprKind};
use lang::ir::{Arithmetic, Builtin, Compare, Constant, Expr, InputKind, Kind};
use lang::syntax;
use lang::types::{Measure, Type};

use super::Phrases;

/// The function whose comparison is decided without a root, as rules write it.
const GROWTH: &str = "复合增长率";

/// A threshold: what is compared, which way, with which number.
#[derive(Clone, PartialEq, Debug)]
pub struct Bound {
    /// The other side in words.
    pub of: String,
    /// Whether more is asked for, as opposed to less.
    pub is_floor: bool,
    /// The number in base units.
    pub number: facts::Number,
}

impl Phrases<'_> {
    /// The threshold that a rule consists of, if it is one.
    pub fn bound(&self, rule: &Expr) -> Option<Bound> {
        let Kind::Compare(op, left, right) = &rule.kind else { return None };
        let (left, op, right) = sorted(*op, left, right);
        let Kind::Constant(Constant::Number(number)) = &right.kind else { return None };
        let is_floor = match op {
            Compare::Ge | Compare::Gt => true,
            Compare::Le | Compare::Lt => false,
            Compare::Eq | Compare::Ne => return None,
        };
        Some(Bound { of: self.value(left), is_floor, number: number.clone() })
    }

    pub(super) fn compare(&self, op: Compare, left: &Expr, right: &Expr, span: Span) -> String {
        if let Some(growth) = self.growth(op, left, right, span) {
            return growth;
        }
        let (left, op, right) = sorted(op, left, right);
        match &right.kind {
            Kind::Constant(Constant::Bool(value)) => {
                return if *value == (op == Compare::Eq) { self.holds(left) } else { self.fails(left) };
            }
            Kind::Constant(Constant::Nothing) => return self.nothing(left, op),
            _ => {}
        }
        if let Some(chosen) = self.counted(op, left, right) {
            return chosen;
        }
        let object = self.beside(right, left);
        if let Kind::Arithmetic(Arithmetic::Div, top, bottom) = &left.kind {
            let is_share = object.ends_with('%') && top.ty.meet(&bottom.ty).is_some();
            let (top, bottom) = (self.operand(top), self.operand(bottom));
            let verb = self.verb(op, left);
            if is_share {
                return self.either(
                    format!("{top}占{bottom}的比例{verb}{object}"),
                    format!("{top} {verb} {object} of {bottom}"),
                );
            }
            return self.either(
                format!("{top}与{bottom}之比{verb}{object}"),
                format!("the ratio of {top} to {bottom} {verb} {object}"),
            );
        }
        let (subject, verb) = (self.subject(left), self.verb(op, left));
        self.either(format!("{subject}{verb}{object}"), format!("{subject} {verb} {object}"))
    }

    /// The verb of a comparison: days come before and after, people and items are counted, the rest is high or low.
    fn verb(&self, op: Compare, of: &Expr) -> &'static str {
        let is_day = of.ty == Type::Date;
        let is_counted = match &of.ty {
            Type::Number(Measure::Of(dimension)) => {
                [Quantity::People, Quantity::Months, Quantity::Days, Quantity::Area]
                    .into_iter()
                    .any(|quantity| *dimension == Dimension::of(quantity))
                    || self.definition(of).is_some_and(|fact| fact.fact_type == facts::FactType::Count)
            }
            Type::Number(Measure::Bare) => true,
            _ => false,
        };
        let is_number = matches!(of.ty, Type::Number(_));
        match op {
            Compare::Eq if is_number => self.say("等于", "equals"),
            Compare::Eq => self.say("是", "is"),
            Compare::Ne if is_number => self.say("不等于", "does not equal"),
            Compare::Ne => self.say("不是", "is not"),
            Compare::Ge if is_day => self.say("不早于", "is not before"),
            Compare::Gt if is_day => self.say("晚于", "is after"),
            Compare::Le if is_day => self.say("不晚于", "is not after"),
            Compare::Lt if is_day => self.say("早于", "is before"),
            Compare::Ge if is_counted => self.say("不少于", "is at least"),
            Compare::Ge => self.say("不低于", "is at least"),
            Compare::Gt => self.say("超过", "is more than"),
            Compare::Le => self.say("不超过", "is at most"),
            Compare::Lt if is_counted => self.say("少于", "is less than"),
            Compare::Lt => self.say("低于", "is below"),
        }
    }

    fn nothing(&self, of: &Expr, op: Compare) -> String {
        let of = self.value(of);
        match (self.is_chinese(), op == Compare::Eq) {
            (true, true) => format!("没有{of}"),
            (true, false) => format!("有{of}"),
            (false, true) => format!("there is no {of}"),
            (false, false) => format!("there is {of}"),
        }
    }

    /// `计数真(甲, 乙, 丙) >= 2`: at least two of the three.
    fn counted(&self, op: Compare, left: &Expr, right: &Expr) -> Option<String> {
        let Kind::Call(Builtin::CountTrue, parts) = &left.kind else { return None };
        let shown: Vec<String> = parts.iter().map(|part| self.holds(part)).collect();
        let (count, wanted) = (parts.len(), self.beside(right, left));
        let list = shown.join(self.say(";", "; "));
        let (zh, en) = match op {
            Compare::Ge => ("至少符合", "at least"),
            Compare::Gt => ("符合的超过", "more than"),
            Compare::Le => ("最多符合", "at most"),
            Compare::Lt => ("符合的少于", "fewer than"),
            Compare::Eq => ("正好符合", "exactly"),
            Compare::Ne => return None,
        };
        Some(self.either(
            format!("以下 {count} 项中{zh} {wanted} 项({list})"),
            format!("{en} {wanted} of these {count} ({list})"),
        ))
    }

    /// `复合增长率(起, 止, n) >= r`, which the checked rule holds as a power.
    fn growth(&self, op: Compare, left: &Expr, right: &Expr, span: Span) -> Option<String> {
        let Kind::Arithmetic(Arithmetic::Div, to, from) = &left.kind else { return None };
        let (tree, errors) = syntax::parse(self.text.get(span.start..span.end)?, 0, &syntax::NoNames);
        let ExprKind::Binary(_, one, other) = tree.filter(|_| errors.is_empty())?.kind else { return None };
        let (call, rate) = if is_growth(&one) { (one, other) } else { (other, one) };
        let ExprKind::Call(_, arguments) = call.kind.clone() else { return None };
        if !is_growth(&call) || left.span != right.span {
            return None;
        }
        let years = &arguments.get(2)?.value;
        let (to, from) = (self.operand(to), self.operand(from));
        let (years, rate, verb) = (self.literal(years), self.literal(&rate), self.verb(op, right));
        Some(self.either(
            format!("从{from}到{to},每年平均增长(复合,按 {years} 年算){verb}{rate}"),
            format!("compound growth a year from {from} to {to}, over {years} years, {verb} {rate}"),
        ))
    }

    /// `每年都…`, where the parts say the same of several years.
    pub(super) fn in_each_year(&self, parts: &[Expr]) -> Option<String> {
        if parts.len() < 2 || self.is_undated {
            return None;
        }
        let undated = self.undated();
        let said = undated.holds(&parts[0]);
        let mut years = Vec::new();
        for part in parts {
            let mut read = BTreeSet::new();
            self.years_read(part, &mut read);
            let [year] = read.into_iter().collect::<Vec<_>>()[..] else { return None };
            if undated.holds(part) != said || years.contains(&year) {
                return None;
            }
            years.push(year);
        }
        years.sort_unstable();
        let count = years.len();
        let are_last = years.iter().rev().zip(1..).all(|(year, back)| *year == -back);
        if are_last {
            return Some(self.either(
                format!("近{count}年每年{said}"),
                format!("in each of the last {count} years {said}"),
            ));
        }
        let words: Vec<String> =
            years.iter().map(|year| self.period(&Period::Year(YearRef::Relative(*year)))).collect();
        Some(self.either(
            format!("{}每年{said}", self.and(&words)),
            format!("in each of {} {said}", self.and(&words)),
        ))
    }

    /// The relative years that an expression reads.
    fn years_read(&self, expr: &Expr, out: &mut BTreeSet<i32>) {
        if let Kind::Input(input) = &expr.kind
            && let InputKind::Fact(_, Period::Year(year) | Period::YearEnd(year)) =
                &self.input_of(*input).kind
            && let YearRef::Relative(offset) = year
        {
            out.insert(*offset);
        }
        for child in expr.children() {
            self.years_read(child, out);
        }
    }

    /// `2023 <= x and x <= 2027`: x from 2023 to 2027.
    pub(super) fn between(&self, parts: &[Expr]) -> Option<String> {
        let [first, second] = parts else { return None };
        let (Kind::Compare(low_op, low_of, low), Kind::Compare(high_op, high_of, high)) =
            (&first.kind, &second.kind)
        else {
            return None;
        };
        let (low_of, low_op, low) = sorted(*low_op, low_of, low);
        let (high_of, high_op, high) = sorted(*high_op, high_of, high);
        let is_pair = (low_op, high_op) == (Compare::Ge, Compare::Le);
        if !is_pair || low_of.kind != high_of.kind || !is_constant(low) || !is_constant(high) {
            return None;
        }
        let (of, low, high) = (self.value(low_of), self.beside(low, low_of), self.beside(high, high_of));
        Some(self.either(format!("{of}在{low}至{high}之间"), format!("{of} is from {low} to {high}")))
    }
}

fn is_growth(tree: &ast::Expr) -> bool {
    matches!(&tree.kind, ExprKind::Call(callee, _) if matches!(&callee.kind, ExprKind::Name(name) if name == GROWTH))
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Constant(_))
}

/// The constant on the right.
fn sorted<'e>(op: Compare, left: &'e Expr, right: &'e Expr) -> (&'e Expr, Compare, &'e Expr) {
    if !is_constant(left) || is_constant(right) {
        return (left, op, right);
    }
    (right, op.mirrored(), left)
}
