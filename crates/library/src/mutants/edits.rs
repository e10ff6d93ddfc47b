//! The mistakes that can be made in one expression: numbers, bounds, comparisons, logic.

use facts::yaml::Node;
use facts::{Date, Number, SPAN_YEARS_MAX, Span, Text};
use lang::ast::{Argument, BinaryOp, Bound, Expr, ExprKind, Iteration, Quantifier, Test};
use lang::syntax::{NoNames, parse};

use super::grain::{counts_months, day_beside, neighbours};
use super::{Edit, MutantKind};

/// Adds the edits of the expression in a scalar. One whose letters do not stand in the file one by one has no place of
/// its own for each sign, and is passed over.
pub(super) fn of_rule(node: &Node, text: &str, out: &mut Vec<Edit>) {
    let Some(scalar) = node.as_scalar() else { return };
    let Some(start) = scalar.text_start else { return };
    let (Some(tree), _) = parse(&scalar.text, start, &NoNames) else { return };
    let mut finder = Finder { text, out };
    finder.expr(&tree, None);
}

/// The comparison that an expression stands in.
#[derive(Clone, Copy)]
struct Compared<'t> {
    left: &'t str,
    right: &'t str,
}

struct Finder<'t, 'o> {
    text: &'t str,
    out: &'o mut Vec<Edit>,
}

impl<'t> Finder<'t, '_> {
    fn expr(&mut self, expr: &Expr, within: Option<Compared<'t>>) {
        match &expr.kind {
            ExprKind::Number(number) => self.number(number, None, expr.span, within, false),
            ExprKind::Quantity(number, unit) => {
                self.number(number, Some((unit.text.as_str(), unit.span)), expr.span, within, false);
            }
            ExprKind::At(text) => self.day(text, expr.span, "@"),
            ExprKind::Binary(op, left, right) => self.binary(*op, (left, right), within),
            ExprKind::Between(value, low, high) => self.between(expr, value, low, high),
            ExprKind::In(value, tests) => self.membership(expr, value, tests),
            ExprKind::Range(low, low_bound, high, high_bound) => {
                self.ends(expr.span, (*low_bound, low.is_some()), (*high_bound, high.is_some()), within);
                low.iter().chain(high).for_each(|end| self.expr(end, within));
            }
            ExprKind::Call(callee, arguments) => {
                if matches!(&callee.kind, ExprKind::Name(name) if name == "not") {
                    let wanted = only_this(self.slice(expr.span));
                    self.replace(callee.span, MutantKind::Logic, String::new(), wanted);
                }
                let is_day = matches!(&callee.kind, ExprKind::Name(name) if name == "date");
                match arguments.as_slice() {
                    [Argument { value: Expr { kind: ExprKind::Text(text), span }, .. }] if is_day => {
                        self.day(text, *span, "");
                    }
                    _ => arguments.iter().for_each(|argument| self.expr(&argument.value, within)),
                }
            }
            ExprKind::Path(inner, name) => {
                self.expr(inner, within);
                self.years(&name.text, name.span);
            }
            ExprKind::Name(name) => self.years(name, expr.span),
            ExprKind::Quantified(quantifier, iterations, body) => {
                self.quantifier(*quantifier, expr.span);
                self.iterations(iterations, within);
                self.expr(body, within);
            }
            ExprKind::For(iterations, body) => {
                self.iterations(iterations, within);
                self.expr(body, within);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(condition, None);
                self.expr(then, within);
                self.expr(otherwise, within);
            }
            ExprKind::Negate(inner) => self.expr(inner, within),
            ExprKind::Filter(list, inner) => {
                self.expr(list, within);
                self.expr(inner, None);
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item, within)),
            ExprKind::Null
            | ExprKind::Nothing
            | ExprKind::Bool(_)
            | ExprKind::Text(_)
            | ExprKind::Context(_)
            | ExprKind::Function(..)
            | ExprKind::InstanceOf(..) => {}
        }
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn replace(&mut self, span: Span, kind: MutantKind, new: String, wanted: Text) {
        self.out.push(Edit { span, kind, new: vec![new], wanted });
    }

    /// A number one grain lower and higher. A span of months that is added to a day or taken from it moves by a day.
    fn number(
        &mut self,
        number: &Number,
        unit: Option<(&str, Span)>,
        span: Span,
        within: Option<Compared<'t>>,
        is_added: bool,
    ) {
        let end = unit.map_or(span.end, |(_, unit)| unit.start);
        let digits = self.slice(Span::new(span.start, end));
        let old = self.slice(span);
        for up in [true, false] {
            let mut new = neighbours(number, unit.map(|(name, _)| name), digits, up);
            if is_added && unit.is_some_and(|(name, _)| counts_months(name)) {
                new.insert(0, day_beside(old, up));
            }
            let shown = new.first().cloned().unwrap_or_default();
            let wanted = between_both(old, &shown, within);
            self.out.push(Edit { span, kind: MutantKind::Grain, new, wanted });
        }
    }

    /// A day written as a text behind `sign`, a day earlier and later.
    fn day(&mut self, text: &str, span: Span, sign: &str) {
        let Ok(day) = text.parse::<Date>() else { return };
        for step in [1, -1] {
            let other = day.add_days(step).map(|day| day.to_string());
            let wanted = between_both(text, other.as_deref().unwrap_or_default(), None);
            let new = other.map(|day| format!("{sign}\"{day}\"")).into_iter().collect();
            self.out.push(Edit { span, kind: MutantKind::Grain, new, wanted });
        }
    }

    /// `近3年` as one year less and more, as far as there are such spans.
    fn years(&mut self, name: &str, span: Span) {
        let years = name.strip_prefix('近').and_then(|rest| rest.strip_suffix('年'));
        let Some(years) = years.and_then(|years| years.parse::<u32>().ok()) else { return };
        for other in [years + 1, years.saturating_sub(1)] {
            if (1..=u32::from(SPAN_YEARS_MAX)).contains(&other) {
                let wanted = Text {
                    zh: format!("一个在近 {} 年这一年上有不同的例子", years.max(other)),
                    en: format!(
                        "an example in which the last {} years differ in the first of them",
                        years.max(other)
                    ),
                };
                self.replace(span, MutantKind::Grain, format!("近{other}年"), wanted);
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, (left, right): (&Expr, &Expr), within: Option<Compared<'t>>) {
        let here = Compared { left: self.slice(left.span), right: self.slice(right.span) };
        let gap = Span::new(left.span.end, right.span.start);
        match other_sign(op) {
            Some((signs, new, kind)) => {
                if let Some(span) = self.sign_in(gap, signs) {
                    let wanted = match kind {
                        MutantKind::Bound => exactly(here),
                        _ => differently(here),
                    };
                    self.replace(span, kind, new.to_owned(), wanted);
                }
            }
            None if matches!(op, BinaryOp::Add | BinaryOp::Sub) => {
                self.expr(left, within);
                match &right.kind {
                    ExprKind::Quantity(number, unit) => {
                        self.number(number, Some((unit.text.as_str(), unit.span)), right.span, within, true);
                    }
                    _ => self.expr(right, within),
                }
                return;
            }
            None => {}
        }
        let within = match op {
            BinaryOp::And | BinaryOp::Or => None,
            _ if other_sign(op).is_some() => Some(here),
            _ => within,
        };
        self.expr(left, within);
        self.expr(right, within);
    }

    /// Where one of these signs first stands in that stretch.
    fn sign_in(&self, gap: Span, signs: &[&str]) -> Option<Span> {
        let text = self.slice(gap);
        let (at, sign) = signs.iter().filter_map(|sign| Some((text.find(sign)?, *sign))).min()?;
        Some(Span::new(gap.start + at, gap.start + at + sign.len()))
    }

    /// `x between a and b` holds both ends; each in turn is left out.
    fn between(&mut self, whole: &Expr, value: &Expr, low: &Expr, high: &Expr) {
        let [value_text, low_text, high_text] = [value, low, high].map(|part| self.slice(part.span));
        for (first, second, end) in [(">", "<=", low_text), (">=", "<", high_text)] {
            let new = format!("({value_text} {first} {low_text} and {value_text} {second} {high_text})");
            let wanted = exactly(Compared { left: value_text, right: end });
            self.replace(whole.span, MutantKind::Bound, new, wanted);
        }
        self.expr(value, None);
        self.expr(low, Some(Compared { left: value_text, right: low_text }));
        self.expr(high, Some(Compared { left: value_text, right: high_text }));
    }

    fn membership(&mut self, whole: &Expr, value: &Expr, tests: &[Test]) {
        self.expr(value, None);
        let left = self.slice(value.span);
        let mut before = value.span.end;
        for test in tests {
            match test {
                Test::Value(inner) => {
                    self.expr(inner, Some(Compared { left, right: self.slice(inner.span) }));
                    before = inner.span.end;
                }
                Test::Compare(op, inner) => {
                    let here = Compared { left, right: self.slice(inner.span) };
                    if let Some((signs, new, kind)) = other_sign(*op)
                        && let Some(span) = self.sign_in(Span::new(before, inner.span.start), signs)
                    {
                        self.replace(span, kind, new.to_owned(), exactly(here));
                    }
                    self.expr(inner, Some(here));
                    before = inner.span.end;
                }
                Test::Any => {}
            }
        }
        debug_assert!(before <= whole.span.end, "tests stand within their expression");
    }

    /// The brackets of a range, each with its end opened or closed.
    fn ends(&mut self, span: Span, low: (Bound, bool), high: (Bound, bool), within: Option<Compared<'t>>) {
        let text = self.slice(span);
        let wanted = || exactly(within.unwrap_or(Compared { left: "", right: text }));
        let first = text.chars().next().filter(|sign| matches!(sign, '[' | '(' | ']'));
        let last = text.chars().next_back().filter(|sign| matches!(sign, ']' | ')' | '['));
        if let (Some(first), (bound, true)) = (first, low) {
            let new = if bound == Bound::Closed { "(" } else { "[" };
            let place = Span::new(span.start, span.start + first.len_utf8());
            self.replace(place, MutantKind::Bound, new.to_owned(), wanted());
        }
        if let (Some(last), (bound, true)) = (last, high) {
            let new = if bound == Bound::Closed { ")" } else { "]" };
            let place = Span::new(span.end - last.len_utf8(), span.end);
            self.replace(place, MutantKind::Bound, new.to_owned(), wanted());
        }
    }

    fn quantifier(&mut self, quantifier: Quantifier, span: Span) {
        let (old, new) = match quantifier {
            Quantifier::Every => ("every", "some"),
            Quantifier::Some => ("some", "every"),
        };
        if let Some(place) = self.sign_in(span, &[old]) {
            let wanted = Text {
                zh: "一个只有一部分满足的例子".to_owned(),
                en: "an example in which some satisfy it and some do not".to_owned(),
            };
            self.replace(place, MutantKind::Logic, new.to_owned(), wanted);
        }
    }

    fn iterations(&mut self, iterations: &[Iteration], within: Option<Compared<'t>>) {
        iterations.iter().for_each(|iteration| self.expr(&iteration.source, within));
    }
}

/// How an operator may be written, what it is mistaken for, and what kind of mistake that is.
fn other_sign(op: BinaryOp) -> Option<(&'static [&'static str], &'static str, MutantKind)> {
    use MutantKind::{Bound, Equality, Logic};
    Some(match op {
        BinaryOp::Ge => (&[">=", "≥", "＞＝"], ">", Bound),
        BinaryOp::Gt => (&[">", "＞"], ">=", Bound),
        BinaryOp::Le => (&["<=", "≤", "＜＝"], "<", Bound),
        BinaryOp::Lt => (&["<", "＜"], "<=", Bound),
        BinaryOp::Eq => (&["=", "＝"], "!=", Equality),
        BinaryOp::Ne => (&["!=", "≠"], "=", Equality),
        BinaryOp::And => (&["and"], "or", Logic),
        BinaryOp::Or => (&["or"], "and", Logic),
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow => return None,
    })
}

fn exactly(here: Compared<'_>) -> Text {
    Text {
        zh: format!("一个“{}”恰为 {} 的例子", here.left, here.right),
        en: format!("an example in which “{}” is exactly {}", here.left, here.right),
    }
}

fn differently(here: Compared<'_>) -> Text {
    Text {
        zh: format!("一个只看“{}”是否为 {} 的例子", here.left, here.right),
        en: format!("an example that hangs only on whether “{}” is {}", here.left, here.right),
    }
}

/// What an example needs so that it hangs on a condition alone.
pub(super) fn only_this(condition: &str) -> Text {
    Text {
        zh: format!("一个只在“{condition}”上不同的例子"),
        en: format!("an example that hangs only on “{condition}”"),
    }
}

fn between_both(old: &str, new: &str, within: Option<Compared<'_>>) -> Text {
    match within {
        Some(Compared { left, right }) => {
            let side = if right.contains(old) { left } else { right };
            Text {
                zh: format!("一个“{side}”恰为 {old},或在 {old} 与 {new} 之间的例子"),
                en: format!("an example in which “{side}” is exactly {old}, or lies between {old} and {new}"),
            }
        }
        None => Text {
            zh: format!("一个结果里用到 {old} 的例子"),
            en: format!("an example whose result is made with {old}"),
        },
    }
}
