//! A tree in prefix notation: `1 + 2 * 3` is `(+ 1 (* 2 3))`.

use lang::ast::{BinaryOp, Bound, Expr, ExprKind, Iteration, Quantifier, Test};

pub fn shape(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Nothing => "无".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(number) => number.to_string(),
        ExprKind::Quantity(number, unit) => format!("{number}'{}", unit.text),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::At(text) => format!("@{text:?}"),
        ExprKind::Name(name) if name.contains(' ') => format!("<{name}>"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Path(left, name) => format!("(. {} {})", shape(left), name.text),
        ExprKind::Filter(left, inner) => format!("(filter {} {})", shape(left), shape(inner)),
        ExprKind::Call(callee, arguments) => {
            let mut parts = vec!["call".to_owned(), shape(callee)];
            parts.extend(arguments.iter().map(|argument| match &argument.name {
                Some(name) => format!("{}: {}", name.text, shape(&argument.value)),
                None => shape(&argument.value),
            }));
            grouped(parts)
        }
        ExprKind::Negate(inner) => format!("(neg {})", shape(inner)),
        ExprKind::Binary(op, left, right) => format!("({} {} {})", sign(*op), shape(left), shape(right)),
        ExprKind::Between(value, low, high) => {
            format!("(between {} {} {})", shape(value), shape(low), shape(high))
        }
        ExprKind::In(left, tests) => {
            let mut parts = vec!["in".to_owned(), shape(left)];
            parts.extend(tests.iter().map(test));
            grouped(parts)
        }
        ExprKind::If(condition, then, other) => {
            format!("(if {} {} {})", shape(condition), shape(then), shape(other))
        }
        ExprKind::For(iterations, value) => format!("(for {} {})", sources(iterations), shape(value)),
        ExprKind::Quantified(Quantifier::Every, iterations, condition) => {
            format!("(every {} {})", sources(iterations), shape(condition))
        }
        ExprKind::Quantified(Quantifier::Some, iterations, condition) => {
            format!("(some {} {})", sources(iterations), shape(condition))
        }
        ExprKind::List(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(" ")),
        ExprKind::Range(low, low_bound, high, high_bound) => range(low, *low_bound, high, *high_bound),
        ExprKind::Context(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", entry.key.text, shape(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        ExprKind::Function(parameters, body) => {
            let parameters = parameters.iter().map(|(name, of)| match of {
                Some(of) => format!("{}: {of}", name.text),
                None => name.text.clone(),
            });
            format!("(function [{}] {})", parameters.collect::<Vec<_>>().join(" "), shape(body))
        }
        ExprKind::InstanceOf(value, of) => format!("(instance {} {of})", shape(value)),
    }
}

fn grouped(parts: Vec<String>) -> String {
    format!("({})", parts.join(" "))
}

fn test(test: &Test) -> String {
    match test {
        Test::Value(value) => shape(value),
        Test::Compare(op, value) => format!("({} {})", sign(*op), shape(value)),
        Test::Any => "-".to_owned(),
    }
}

fn sources(iterations: &[Iteration]) -> String {
    let each =
        iterations.iter().map(|iteration| format!("{}: {}", iteration.name.text, shape(&iteration.source)));
    each.collect::<Vec<_>>().join(" ")
}

fn range(low: &Option<Box<Expr>>, low_bound: Bound, high: &Option<Box<Expr>>, high_bound: Bound) -> String {
    let end = |end: &Option<Box<Expr>>| end.as_deref().map_or("∞".to_owned(), shape);
    let open = if low_bound == Bound::Closed { "[" } else { "]" };
    let close = if high_bound == Bound::Closed { "]" } else { "[" };
    format!("{open}{}..{}{close}", end(low), end(high))
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
