//! Projection to standard FEEL, so that other engines can run the rules.
//!
//! Units become numbers in base units (元, 人, m², 月 …), durations become `duration("P…")`, hierarchical codes become
//! `starts with`, tables become chains of `if`. What three-valued evaluation adds is lost: FEEL knows null only.

use facts::{Dimension, Number, Quantity, Span, Vocabulary};

use crate::ast::{Argument, BinaryOp, Expr as Tree, ExprKind, Iteration, Name, Test};
use crate::ir::{
    Arithmetic, Builtin, Compare, Condition, Constant, Document, Expr, InputRef, Kind, Link, SUBJECT,
    ScopeVar, Table, Test as Check,
};
use crate::syntax;
use crate::types::{Measure, Type};

/// An expression as standard FEEL text.
pub fn expression(expr: &Expr, document: &Document, vocabulary: &Vocabulary) -> String {
    syntax::format(&Projection { document, vocabulary }.expr(expr))
}

/// Every named value and rule of a document: its name, and the rule as standard FEEL.
pub fn document(document: &Document, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let text = |expr: &Expr| expression(expr, document, vocabulary);
    let mut out: Vec<(String, String)> =
        document.lets.iter().map(|named| (named.name.clone(), text(&named.value))).collect();
    for condition in document.conditions() {
        match &condition.test {
            Check::Rule(rule) if !condition.id.is_empty() => out.push((condition.id.clone(), text(rule))),
            Check::First(tiers, otherwise) => {
                let tree = Projection { document, vocabulary }.tiers(tiers, otherwise.as_deref());
                out.push((condition.id.clone(), syntax::format(&tree)));
            }
            _ => {}
        }
    }
    if let Some(crate::ir::Amount::Value(amount)) = &document.gives.amount {
        out.push(("amount".to_owned(), text(amount)));
    }
    out.extend(document.gives.also.iter().map(|named| (named.name.clone(), text(&named.value))));
    out
}

struct Projection<'d> {
    document: &'d Document,
    vocabulary: &'d Vocabulary,
}

fn tree(kind: ExprKind) -> Tree {
    Tree { kind, span: Span::default() }
}

fn name(text: &str) -> Tree {
    tree(ExprKind::Name(text.to_owned()))
}

fn word(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn text(text: &str) -> Tree {
    tree(ExprKind::Text(text.to_owned()))
}

fn call(function: &str, arguments: Vec<Tree>) -> Tree {
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value }).collect();
    tree(ExprKind::Call(Box::new(name(function)), arguments))
}

fn binary(op: BinaryOp, left: Tree, right: Tree) -> Tree {
    tree(ExprKind::Binary(op, Box::new(left), Box::new(right)))
}

fn if_else(condition: Tree, then: Tree, otherwise: Tree) -> Tree {
    tree(ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)))
}

/// `a.b.c` from its parts.
fn path(text: &str) -> Tree {
    let mut parts = text.split('.');
    let first = name(parts.next().unwrap_or_default());
    parts.fold(first, |left, part| tree(ExprKind::Path(Box::new(left), word(part))))
}

fn number(value: &Number) -> Tree {
    if value.is_negative() {
        return tree(ExprKind::Negate(Box::new(number(&value.abs()))));
    }
    if value.to_decimal(40).is_some() {
        return tree(ExprKind::Number(value.clone()));
    }
    let shown = value.to_string();
    let (top, bottom) = shown.split_once('/').unwrap_or((&shown, "1"));
    let part = |digits: &str| tree(ExprKind::Number(digits.parse().unwrap_or_default()));
    binary(BinaryOp::Div, part(top), part(bottom))
}

/// All of the trees joined by one operator; `empty` if there are none.
fn joined(op: BinaryOp, trees: Vec<Tree>, empty: bool) -> Tree {
    trees
        .into_iter()
        .reduce(|left, right| binary(op, left, right))
        .unwrap_or_else(|| tree(ExprKind::Bool(empty)))
}

impl Projection<'_> {
    fn expr(&self, expr: &Expr) -> Tree {
        match &expr.kind {
            Kind::Constant(constant) => self.constant(constant),
            Kind::Input(input) => self.input(*input),
            Kind::Span { total, .. } => self.span(*total),
            Kind::QuarterMean(cells, _) => self.quarter_mean(cells),
            Kind::Today => name("申请日"),
            Kind::Let(index) => name(&self.document.lets[*index].name),
            Kind::Param(index) => name(&self.document.params[*index].name),
            Kind::Score(index, parts) => self.score(*index, parts),
            Kind::Local(index) => name(&format!("值{}", index + 1)),
            Kind::Collection(input, _) => self.input(*input),
            Kind::List(index) => name(&self.document.lists[*index].name),
            Kind::Passing => name("合格"),
            Kind::Not(inner) => call("not", vec![self.expr(inner)]),
            Kind::And(parts) => joined(BinaryOp::And, self.all(parts), true),
            Kind::Or(parts) => joined(BinaryOp::Or, self.all(parts), false),
            Kind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right),
            Kind::Compare(op, left, right) => binary(compare(*op), self.expr(left), self.expr(right)),
            Kind::CodeIn(code, codes) => self.code_in(code, codes),
            Kind::First(branches, otherwise) => {
                let last = otherwise.as_ref().map_or_else(|| tree(ExprKind::Null), |last| self.expr(last));
                branches
                    .iter()
                    .rev()
                    .fold(last, |rest, (when, then)| if_else(self.expr(when), self.expr(then), rest))
            }
            Kind::Items(items) => tree(ExprKind::List(self.all(items))),
            Kind::Call(builtin, arguments) => self.call(*builtin, arguments),
            Kind::ForItems(list, var, body) => self.iterate(&self.var_name(*var), list, body),
            Kind::ForValues(list, local, body) => self.iterate(&format!("值{}", local + 1), list, body),
            Kind::FilterItems(list, var, body) => {
                let bound = self.var_name(*var);
                self.filter(&bound, list, body)
            }
            Kind::FilterValues(list, local, body) => self.filter(&format!("值{}", local + 1), list, body),
            Kind::Index(list, place) => {
                let place = number(&Number::from(*place));
                tree(ExprKind::Filter(Box::new(self.expr(list)), Box::new(place)))
            }
            Kind::TableMatch(table) => self.table_match(&self.document.tables[*table]),
            Kind::TableReached(table, column) => self.table(*table, tree(ExprKind::Bool(false)), &|row| {
                let reached = row.reach.iter().filter_map(|(fact, bounds)| {
                    let (_, bound) = bounds.iter().find(|(name, _)| name == column)?;
                    Some(binary(BinaryOp::Ge, self.expr(fact), self.expr(bound)))
                });
                joined(BinaryOp::And, reached.collect(), true)
            }),
            Kind::TableValue(table, column) => self.table(*table, tree(ExprKind::Null), &|row| {
                let value = row.values.iter().find(|(name, _)| name == column);
                value.map_or_else(|| tree(ExprKind::Null), |(_, value)| self.expr(value))
            }),
            Kind::Progressive(base, index) => self.progressive(base, *index),
        }
    }

    fn all(&self, exprs: &[Expr]) -> Vec<Tree> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn constant(&self, constant: &Constant) -> Tree {
        match constant {
            Constant::Nothing => tree(ExprKind::Null),
            Constant::Bool(value) => tree(ExprKind::Bool(*value)),
            Constant::Number(value) => number(value),
            Constant::Text(value) => text(value),
            Constant::Date(day) => call("date", vec![text(&day.to_string())]),
        }
    }

    /// An input under the variable it is read of; the subject's stand by themselves.
    fn input(&self, input: InputRef) -> Tree {
        let kind = self.document.vars[input.var.0].kind;
        let key = &self.document.kinds[kind.0].inputs[input.index].key;
        let prefix = self.prefix(input.var);
        let key = match key.split_once(':') {
            Some((_, status)) => status.to_owned(),
            None => key.clone(),
        };
        path(&format!("{prefix}{key}"))
    }

    fn prefix(&self, var: ScopeVar) -> String {
        let binding = self.document.vars[var.0];
        match (binding.role_of, &self.document.kinds[binding.kind.0].link) {
            (Some(owner), Link::Role(_, role)) => format!("{}{role}.", self.prefix(owner)),
            _ if var == SUBJECT => String::new(),
            _ => format!("{}.", self.var_name(var)),
        }
    }

    fn var_name(&self, var: ScopeVar) -> String {
        format!("项{}", var.0)
    }

    fn span(&self, total: InputRef) -> Tree {
        let kind = self.document.vars[total.var.0].kind;
        let key = &self.document.kinds[kind.0].inputs[total.index].key;
        let base = key.strip_suffix("合计").unwrap_or(key);
        path(&format!("{}{base}", self.prefix(total.var)))
    }

    fn quarter_mean(&self, cells: &[InputRef]) -> Tree {
        let two = || number(&Number::from(2));
        let pair = |pair: &[InputRef]| {
            let sum = pair.iter().map(|cell| self.input(*cell)).reduce(|l, r| binary(BinaryOp::Add, l, r));
            binary(BinaryOp::Div, sum.unwrap_or_else(|| tree(ExprKind::Null)), two())
        };
        call("mean", vec![tree(ExprKind::List(cells.chunks(2).map(pair).collect()))])
    }

    fn score(&self, index: usize, parts: &[usize]) -> Tree {
        let score = &self.document.scores[index];
        let mut part = &score.root;
        let mut out = name(&score.name);
        for at in parts {
            let Some(next) = part.points.parts().get(*at).copied() else { break };
            out = tree(ExprKind::Path(Box::new(out), word(&next.name)));
            part = next;
        }
        out
    }

    fn arithmetic(&self, op: Arithmetic, left: &Expr, right: &Expr) -> Tree {
        let symbol = match op {
            Arithmetic::Add => BinaryOp::Add,
            Arithmetic::Sub => BinaryOp::Sub,
            Arithmetic::Mul => BinaryOp::Mul,
            Arithmetic::Div => BinaryOp::Div,
            Arithmetic::Pow => BinaryOp::Pow,
        };
        match (&left.ty, &right.ty) {
            (Type::Date, Type::Date) => {
                let days = binary(BinaryOp::Sub, self.expr(left), self.expr(right));
                binary(BinaryOp::Div, days, call("duration", vec![text("P1D")]))
            }
            (Type::Date, ty) => {
                let is_months = *ty == Type::Number(Measure::Of(Dimension::of(Quantity::Months)));
                binary(symbol, self.expr(left), self.duration(right, if is_months { "M" } else { "D" }))
            }
            _ => binary(symbol, self.expr(left), self.expr(right)),
        }
    }

    /// A number of months or days as a duration of that letter.
    fn duration(&self, value: &Expr, letter: &str) -> Tree {
        if let Kind::Constant(Constant::Number(value)) = &value.kind {
            return call("duration", vec![text(&format!("P{value}{letter}"))]);
        }
        let unit = call("duration", vec![text(&format!("P1{letter}"))]);
        binary(BinaryOp::Mul, self.expr(value), unit)
    }

    fn under(&self, code: &Tree, codes: &[String]) -> Tree {
        let tests = codes.iter().map(|known| call("starts with", vec![code.clone(), text(known)]));
        joined(BinaryOp::Or, tests.collect(), false)
    }

    fn code_in(&self, code: &Expr, codes: &[String]) -> Tree {
        let value = self.expr(code);
        match &code.ty {
            Type::Code(fact) if self.vocabulary.get(*fact).hierarchy => self.under(&value, codes),
            Type::Codes(_) => {
                let tests = codes.iter().map(|known| call("list contains", vec![value.clone(), text(known)]));
                joined(BinaryOp::Or, tests.collect(), false)
            }
            _ => {
                let tests = codes.iter().map(|known| Test::Value(text(known))).collect();
                tree(ExprKind::In(Box::new(value), tests))
            }
        }
    }

    fn call(&self, builtin: Builtin, arguments: &[Expr]) -> Tree {
        let plain = |function: &str| call(function, self.all(arguments));
        match builtin {
            Builtin::Sum => plain("sum"),
            Builtin::Count => plain("count"),
            Builtin::Min => plain("min"),
            Builtin::Max => plain("max"),
            Builtin::Mean => plain("mean"),
            Builtin::Median => plain("median"),
            Builtin::Abs => plain("abs"),
            Builtin::Floor => plain("floor"),
            Builtin::Ceiling => plain("ceiling"),
            Builtin::RoundHalfUp => plain("round half up"),
            Builtin::All => plain("all"),
            Builtin::Any => plain("any"),
            Builtin::StartsWith => plain("starts with"),
            Builtin::EndsWith => plain("ends with"),
            Builtin::Contains => plain("contains"),
            Builtin::StringLength => plain("string length"),
            Builtin::ListContains => plain("list contains"),
            Builtin::CountTrue => {
                let list = tree(ExprKind::List(self.all(arguments)));
                let is_true = binary(BinaryOp::Eq, name("item"), tree(ExprKind::Bool(true)));
                call("count", vec![tree(ExprKind::Filter(Box::new(list), Box::new(is_true)))])
            }
            Builtin::MonthsBetween => {
                let between = call("years and months duration", self.all(arguments));
                binary(BinaryOp::Div, between, call("duration", vec![text("P1M")]))
            }
        }
    }

    fn iterate(&self, bound: &str, list: &Expr, body: &Expr) -> Tree {
        let iteration = Iteration { name: word(bound), source: self.expr(list) };
        tree(ExprKind::For(vec![iteration], Box::new(self.expr(body))))
    }

    /// `for x in list return if condition then x else null`, without the nulls: a filter whose names are written out.
    fn filter(&self, bound: &str, list: &Expr, body: &Expr) -> Tree {
        let iteration = Iteration { name: word(bound), source: self.expr(list) };
        let kept = if_else(self.expr(body), name(bound), tree(ExprKind::Null));
        let all = tree(ExprKind::For(vec![iteration], Box::new(kept)));
        let not_null = binary(BinaryOp::Ne, name("item"), tree(ExprKind::Null));
        tree(ExprKind::Filter(Box::new(all), Box::new(not_null)))
    }

    fn table_match(&self, table: &Table) -> Tree {
        let key = self.expr(&table.key);
        let codes: Vec<String> = table.rows.iter().flat_map(|row| row.keys.clone()).collect();
        self.under(&key, &codes)
    }

    /// One `if` a code, the longest codes first.
    fn table(&self, index: usize, otherwise: Tree, value: &dyn Fn(&crate::ir::Row) -> Tree) -> Tree {
        let table = &self.document.tables[index];
        let key = self.expr(&table.key);
        let mut entries: Vec<(&String, &crate::ir::Row)> =
            table.rows.iter().flat_map(|row| row.keys.iter().map(move |code| (code, row))).collect();
        entries.sort_by_key(|(code, _)| code.len());
        entries.into_iter().fold(otherwise, |rest, (code, row)| {
            if_else(self.under(&key, std::slice::from_ref(code)), value(row), rest)
        })
    }

    fn progressive(&self, base: &Expr, index: usize) -> Tree {
        let mut low = Number::zero();
        let mut parts = Vec::new();
        for (up_to, rate) in &self.document.brackets[index].bands {
            let base = self.expr(base);
            let top = match up_to {
                Some(up_to) => call("min", vec![base, number(up_to)]),
                None => base,
            };
            let width = binary(BinaryOp::Sub, top, number(&low));
            let width = call("max", vec![number(&Number::zero()), width]);
            parts.push(binary(BinaryOp::Mul, width, number(rate)));
            if let Some(up_to) = up_to {
                low = up_to.clone();
            }
        }
        joined(BinaryOp::Add, parts, false)
    }

    fn tiers(&self, tiers: &[(Expr, Condition)], otherwise: Option<&Condition>) -> Tree {
        let rule = |condition: &Condition| match &condition.test {
            Check::Rule(rule) => self.expr(rule),
            _ => tree(ExprKind::Null),
        };
        let last = otherwise.map_or_else(|| tree(ExprKind::Bool(false)), rule);
        tiers.iter().rev().fold(last, |rest, (when, tier)| if_else(self.expr(when), rule(tier), rest))
    }
}

fn compare(op: Compare) -> BinaryOp {
    match op {
        Compare::Eq => BinaryOp::Eq,
        Compare::Ne => BinaryOp::Ne,
        Compare::Lt => BinaryOp::Lt,
        Compare::Le => BinaryOp::Le,
        Compare::Gt => BinaryOp::Gt,
        Compare::Ge => BinaryOp::Ge,
    }
}
