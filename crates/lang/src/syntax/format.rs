//! Tree to canonical text: one blank around operators, parentheses only where they are needed.

use super::chars::{continues_name, starts_name};
use super::operators::{Strength, strength_of};
use crate::ast::{
    Argument, BinaryOp, Bound, ContextEntry, Expr, ExprKind, Iteration, Name, Quantifier, Test,
};
use facts::Number;

/// The canonical text of a tree. Parsed with the same names, it gives the same tree but for the spans, and formatting
/// that tree gives the same text.
pub fn format(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Nothing => "无".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(number) => number_text(number, ""),
        ExprKind::Quantity(number, unit) => number_text(number, &unit.text),
        ExprKind::Text(text) => quoted(text),
        ExprKind::At(text) => format!("@{}", quoted(text)),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Path(left, name) => path(left, name),
        ExprKind::Filter(left, inner) => format!("{}[{}]", operand(left, Strength::Postfix), format(inner)),
        ExprKind::Call(callee, arguments) => call(callee, arguments),
        ExprKind::Negate(inner) => format!("-{}", operand(inner, Strength::Negation)),
        ExprKind::Binary(op, left, right) => binary(*op, left, right),
        ExprKind::Between(value, low, high) => between(value, low, high),
        ExprKind::In(left, tests) => {
            format!("{} in {}", operand(left, Strength::Comparison), membership(tests))
        }
        ExprKind::If(condition, then, other) => {
            format!("if {} then {} else {}", format(condition), format(then), format(other))
        }
        ExprKind::For(iterations, value) => format!("for {} return {}", sources(iterations), format(value)),
        ExprKind::Quantified(quantifier, iterations, condition) => {
            let word = if *quantifier == Quantifier::Every { "every" } else { "some" };
            format!("{word} {} satisfies {}", sources(iterations), format(condition))
        }
        ExprKind::List(items) => format!("[{}]", joined(items, format)),
        ExprKind::Range(low, low_bound, high, high_bound) => range((low, *low_bound), (high, *high_bound)),
        ExprKind::Context(entries) => format!("{{{}}}", joined(entries, entry)),
        ExprKind::Function(parameters, body) => {
            format!("function({}) {}", joined(parameters, parameter), format(body))
        }
        ExprKind::InstanceOf(value, of) => {
            format!("{} instance of {of}", operand(value, Strength::InstanceOf))
        }
    }
}

/// How tightly the outermost operator binds.
fn strength(expr: &Expr) -> Strength {
    match &expr.kind {
        ExprKind::If(..) | ExprKind::For(..) | ExprKind::Quantified(..) | ExprKind::Function(..) => {
            Strength::Expression
        }
        ExprKind::Binary(op, ..) => strength_of(*op),
        ExprKind::Between(..) | ExprKind::In(..) => Strength::Comparison,
        ExprKind::Negate(_) => Strength::Negation,
        ExprKind::InstanceOf(..) => Strength::InstanceOf,
        // A computed constant may be a fraction or below nought, which no literal is.
        ExprKind::Number(number) | ExprKind::Quantity(number, _) => match number_text(number, "") {
            text if text.contains('/') => Strength::Product,
            text if text.starts_with('-') => Strength::Negation,
            _ => Strength::Postfix,
        },
        _ => Strength::Postfix,
    }
}

/// The text, in parentheses if its outermost operator binds less tightly than `least`.
fn operand(expr: &Expr, least: Strength) -> String {
    if strength(expr) < least { format!("({})", format(expr)) } else { format(expr) }
}

fn joined<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn number_text(number: &Number, unit: &str) -> String {
    match number.to_decimal(u32::MAX) {
        Some(decimal) => format!("{decimal}{unit}"),
        None => {
            let rational = number.as_rational();
            format!("{}{unit} / {}", rational.numerator(), rational.denominator())
        }
    }
}

fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    for c in text.chars() {
        match c {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c.is_control() => result.push_str(&format!("\\U{:06X}", u32::from(c))),
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

/// A year behind a bare number would read as its decimals.
fn path(left: &Expr, name: &Name) -> String {
    let is_number = matches!(left.kind, ExprKind::Number(_));
    let text = operand(left, Strength::Postfix);
    if is_number && name.text.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("({text}).{}", name.text);
    }
    format!("{text}.{}", name.text)
}

fn call(callee: &Expr, arguments: &[Argument]) -> String {
    let argument = |argument: &Argument| match &argument.name {
        Some(name) => format!("{}: {}", name.text, format(&argument.value)),
        None => format(&argument.value),
    };
    format!("{}({})", operand(callee, Strength::Postfix), joined(arguments, argument))
}

fn binary(op: BinaryOp, left: &Expr, right: &Expr) -> String {
    let strength = strength_of(op);
    let (left, right) = (operand(left, strength), operand(right, strength.tighter()));
    let sign = sign(op);
    if op == BinaryOp::And { joined_by_and(&left, &right) } else { format!("{left} {sign} {right}") }
}

/// `date and time(x)` would read as a call of `date and time`, so the left side gets parentheses there.
fn joined_by_and(left: &str, right: &str) -> String {
    let ends = ["date", "days", "years"].iter().any(|word| left.ends_with(word));
    let begins = ["time", "months"].iter().any(|word| right.starts_with(word));
    if ends && begins { format!("({left}) and {right}") } else { format!("{left} and {right}") }
}

fn between(value: &Expr, low: &Expr, high: &Expr) -> String {
    let limits = joined_by_and(&operand(low, Strength::Sum), &operand(high, Strength::Sum));
    format!("{} between {limits}", operand(value, Strength::Comparison))
}

/// What stands after `in`. A lone value needs parentheses where it begins with one itself: `((< 5))` is a range as a
/// value, `(< 5)` a comparison.
fn membership(tests: &[Test]) -> String {
    let test = |test: &Test| match test {
        Test::Value(value) => format(value),
        Test::Compare(op, value) => format!("{} {}", sign(*op), operand(value, Strength::Sum)),
        Test::Any => "-".to_owned(),
    };
    match tests {
        [Test::Value(value)] => {
            let text = format(value);
            let is_two_sided = matches!(value.kind, ExprKind::Range(Some(_), _, Some(_), _));
            if strength(value) >= Strength::Sum && (is_two_sided || !text.starts_with('(')) {
                text
            } else {
                format!("({text})")
            }
        }
        _ => format!("({})", joined(tests, test)),
    }
}

fn sources(iterations: &[Iteration]) -> String {
    joined(iterations, |iteration| {
        let source = match &iteration.source.kind {
            ExprKind::Range(Some(low), Bound::Closed, Some(high), Bound::Closed) => {
                format!("{}..{}", operand(low, Strength::Sum), operand(high, Strength::Sum))
            }
            _ => format(&iteration.source),
        };
        format!("{} in {source}", iteration.name.text)
    })
}

fn range(low: (&Option<Box<Expr>>, Bound), high: (&Option<Box<Expr>>, Bound)) -> String {
    let end = |end: &Expr| operand(end, Strength::Sum);
    match (low, high) {
        ((Some(low), low_bound), (Some(high), high_bound)) => {
            let open = if low_bound == Bound::Closed { '[' } else { '(' };
            let close = if high_bound == Bound::Closed { ']' } else { ')' };
            format!("{open}{}..{}{close}", end(low), end(high))
        }
        ((Some(low), Bound::Closed), (None, _)) => format!("(>= {})", end(low)),
        ((Some(low), Bound::Open), (None, _)) => format!("(> {})", end(low)),
        ((None, _), (Some(high), Bound::Closed)) => format!("(<= {})", end(high)),
        ((None, _), (Some(high), Bound::Open)) => format!("(< {})", end(high)),
        ((None, _), (None, _)) => "(null..null)".to_owned(),
    }
}

fn entry(entry: &ContextEntry) -> String {
    let key = &entry.key.text;
    let is_word = key.starts_with(starts_name) && key.chars().all(continues_name);
    let key = if is_word { key.clone() } else { quoted(key) };
    format!("{key}: {}", format(&entry.value))
}

fn parameter((name, of): &(Name, Option<String>)) -> String {
    match of {
        Some(of) => format!("{}: {of}", name.text),
        None => name.text.clone(),
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Pow => "**",
        BinaryOp::Eq => "=",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}
