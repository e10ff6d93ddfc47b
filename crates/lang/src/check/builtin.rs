//! Calls: FEEL's functions that policies use, and the few of ours.

use facts::{Date, Diagnostic, Dimension, Period, Quantity, QuarterEnd, Span, YearRef};

use super::Checker;
use super::expr::{constant, duration, logic};
use super::names::number;
use crate::ast::{self, Argument, ExprKind};
use crate::ir::{Builtin, Constant, Expr, InputKind, Kind, SUBJECT};
use crate::suggest;
use crate::types::{Measure, Type};

/// How the arguments of a function are typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signature {
    /// A list of numbers, or numbers: gives a number of their unit.
    Numbers,
    /// A list: gives a bare number, which can be compared with people and with items.
    Counting,
    /// A number: gives one of its unit.
    SameNumber,
    /// A number and a number of places.
    Rounding,
    /// Booleans: gives a plain number.
    CountingTrue,
    /// A list of booleans, or booleans: gives a boolean.
    Booleans,
    /// Two texts: gives a boolean.
    TwoTexts,
    /// A text: gives a plain number.
    TextLength,
    /// A list and a value: gives a boolean.
    ListAndValue,
    /// Two days: gives months.
    TwoDays,
}

const FUNCTIONS: &[(&str, Builtin, Signature)] = &[
    ("sum", Builtin::Sum, Signature::Numbers),
    ("min", Builtin::Min, Signature::Numbers),
    ("max", Builtin::Max, Signature::Numbers),
    ("mean", Builtin::Mean, Signature::Numbers),
    ("median", Builtin::Median, Signature::Numbers),
    ("count", Builtin::Count, Signature::Counting),
    ("abs", Builtin::Abs, Signature::SameNumber),
    ("floor", Builtin::Floor, Signature::SameNumber),
    ("ceiling", Builtin::Ceiling, Signature::SameNumber),
    ("round half up", Builtin::RoundHalfUp, Signature::Rounding),
    ("计数真", Builtin::CountTrue, Signature::CountingTrue),
    ("all", Builtin::All, Signature::Booleans),
    ("any", Builtin::Any, Signature::Booleans),
    ("starts with", Builtin::StartsWith, Signature::TwoTexts),
    ("ends with", Builtin::EndsWith, Signature::TwoTexts),
    ("contains", Builtin::Contains, Signature::TwoTexts),
    ("string length", Builtin::StringLength, Signature::TextLength),
    ("list contains", Builtin::ListContains, Signature::ListAndValue),
    ("满月数", Builtin::MonthsBetween, Signature::TwoDays),
];

/// Functions whose arguments are names of things rather than values.
const SPECIAL: &[&str] = &[
    "not",
    "date",
    "duration",
    "持有",
    "满足",
    "命中",
    "全部达到",
    "查表",
    "分段累进",
    "全年季度平均",
    "复合增长率",
];

/// The number of arguments of a function, least and most.
fn arity(signature: Signature) -> (usize, usize) {
    match signature {
        Signature::Numbers | Signature::CountingTrue | Signature::Booleans => (1, usize::MAX),
        Signature::Counting | Signature::SameNumber | Signature::TextLength => (1, 1),
        Signature::Rounding | Signature::TwoTexts | Signature::ListAndValue | Signature::TwoDays => (2, 2),
    }
}

impl Checker<'_> {
    pub(super) fn call(&mut self, callee: &ast::Expr, arguments: &[Argument], span: Span) -> Expr {
        let ExprKind::Name(name) = &callee.kind else {
            return self.unsupported("这里不能调用", "this cannot be called", span);
        };
        if let Some(named) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
            self.error(
                "E0421",
                named.span,
                "规则里的函数按位置写参数",
                "functions in rules take their arguments by position",
            );
        }
        let trees: Vec<&ast::Expr> = arguments.iter().map(|argument| &argument.value).collect();
        if SPECIAL.contains(&name.as_str()) {
            return self.special(name, &trees, span);
        }
        let Some((_, builtin, signature)) = FUNCTIONS.iter().find(|(known, ..)| known == name) else {
            self.unknown_function(name, callee.span);
            trees.iter().for_each(|tree| drop(self.expr(tree)));
            return self.wrong(span);
        };
        let (least, most) = arity(*signature);
        if trees.len() < least || trees.len() > most {
            self.wrong_arity(name, least, trees.len(), span);
            return self.wrong(span);
        }
        let values: Vec<Expr> = trees.iter().map(|tree| self.expr(tree)).collect();
        let ty = self.result_type(*signature, &values);
        Expr { kind: Kind::Call(*builtin, values), ty, span }
    }

    fn wrong_arity(&mut self, name: &str, wanted: usize, given: usize, span: Span) {
        self.error(
            "E0422",
            span,
            format!("{name}() 要 {wanted} 个参数,现在是 {given} 个"),
            format!("{name}() takes {wanted} arguments, {given} given"),
        );
    }

    fn unknown_function(&mut self, name: &str, span: Span) {
        let known = FUNCTIONS.iter().map(|(known, ..)| *known).chain(SPECIAL.iter().copied());
        let found = Diagnostic::error(
            "E0420",
            span,
            format!("没有函数“{name}”"),
            format!("there is no function “{name}”"),
        );
        let found = match suggest::nearest(name, known) {
            Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
            None => found,
        };
        self.report(found);
    }

    fn expect_each(&mut self, values: &[Expr], ty: &Type) {
        for value in values {
            self.expect(value, ty);
        }
    }

    fn result_type(&mut self, signature: Signature, values: &[Expr]) -> Type {
        match signature {
            Signature::Numbers => self.numbers(values),
            Signature::Counting => {
                if !matches!(values[0].ty, Type::List(_) | Type::Wrong) {
                    self.expect(&values[0], &Type::List(Box::new(Type::Wrong)));
                }
                Type::Number(Measure::Bare)
            }
            Signature::SameNumber => {
                self.expect_number(&values[0]);
                values[0].ty.clone()
            }
            Signature::Rounding => {
                self.expect_number(&values[0]);
                self.expect(&values[1], &Type::RATIO);
                values[0].ty.clone()
            }
            Signature::CountingTrue => {
                self.expect_each(values, &Type::Bool);
                Type::RATIO
            }
            Signature::Booleans => {
                for value in values {
                    if value.ty != Type::List(Box::new(Type::Bool)) {
                        self.expect(value, &Type::Bool);
                    }
                }
                Type::Bool
            }
            Signature::TwoTexts => {
                for value in values.iter().filter(|value| !matches!(value.ty, Type::Code(_))) {
                    self.expect(value, &Type::Text);
                }
                Type::Bool
            }
            Signature::TextLength => {
                self.expect(&values[0], &Type::Text);
                Type::RATIO
            }
            Signature::ListAndValue => {
                if let Type::List(item) = &values[0].ty {
                    let item = (**item).clone();
                    self.expect(&values[1], &item);
                } else {
                    self.expect(&values[0], &Type::List(Box::new(Type::Wrong)));
                }
                Type::Bool
            }
            Signature::TwoDays => {
                self.expect_each(values, &Type::Date);
                Type::Number(Measure::Of(Dimension::of(Quantity::Months)))
            }
        }
    }

    /// `sum(list)` or `min(a, b, …)`: the unit that all share.
    fn numbers(&mut self, values: &[Expr]) -> Type {
        if let [only] = values
            && let Type::List(item) = &only.ty
        {
            let item = (**item).clone();
            if !matches!(item, Type::Number(_) | Type::Wrong) {
                self.expect(only, &Type::List(Box::new(Type::RATIO)));
                return Type::Wrong;
            }
            return item;
        }
        for value in values {
            self.expect_number(value);
        }
        let mut merged = values[0].clone();
        for value in &values[1..] {
            merged.ty = self.meet(&merged, value);
        }
        merged.ty
    }

    fn special(&mut self, name: &str, trees: &[&ast::Expr], span: Span) -> Expr {
        let wanted = match name {
            "全部达到" | "查表" | "分段累进" => 2,
            "复合增长率" => 3,
            _ => 1,
        };
        if trees.len() != wanted {
            self.wrong_arity(name, wanted, trees.len(), span);
            return self.wrong(span);
        }
        match name {
            "not" => {
                let inner = self.expr(trees[0]);
                self.expect(&inner, &Type::Bool);
                logic(Kind::Not(Box::new(inner)), span)
            }
            "date" | "duration" => self.literal_call(name, trees[0], span),
            "持有" => self.holds(trees[0], span),
            "满足" => self.satisfied(trees[0], span),
            "命中" => match self.table_named(trees[0]) {
                Some(table) => logic(Kind::TableMatch(table), span),
                None => self.wrong(span),
            },
            "全部达到" | "查表" => self.table_column(name, trees, span),
            "分段累进" => self.progressive(trees, span),
            "全年季度平均" => self.quarter_mean(trees[0], span),
            _ => self.unsupported(
                "复合增长率只能与一个比率比较,如 复合增长率(起, 止, 2) >= 10%",
                "compound growth can only be compared with a rate: 复合增长率(from, to, 2) >= 10%",
                span,
            ),
        }
    }

    fn literal_call(&mut self, name: &str, tree: &ast::Expr, span: Span) -> Expr {
        if let ExprKind::Text(text) = &tree.kind {
            if name == "date"
                && let Ok(day) = text.parse::<Date>()
            {
                return constant(Constant::Date(day), Type::Date, span);
            }
            if name == "duration"
                && let Some((value, unit)) = duration(text)
                && let Some(unit) = facts::Unit::find(unit)
            {
                return number(value, Measure::Of(unit.dimension), span);
            }
        }
        self.error(
            "E0405",
            tree.span,
            format!("{name}() 里要写日期或时长的文字,如 \"2026-04-01\"、\"P1Y\""),
            format!("{name}() takes the text of a date or duration, such as \"2026-04-01\" or \"P1Y\""),
        );
        self.wrong(span)
    }

    fn text_argument(&mut self, tree: &ast::Expr) -> Option<String> {
        match &tree.kind {
            ExprKind::Text(text) => Some(text.clone()),
            _ => {
                self.error("E0423", tree.span, "这里要写引号里的文字", "a text in quotes should stand here");
                None
            }
        }
    }

    fn holds(&mut self, tree: &ast::Expr, span: Span) -> Expr {
        let Some(name) = self.text_argument(tree) else { return self.wrong(span) };
        self.known_status(&name, tree.span);
        let key = format!("status:{name}");
        let input = self.input(SUBJECT, InputKind::Status(name), key);
        Expr { kind: Kind::Input(input), ty: Type::Bool, span }
    }

    /// Reports a status that neither the vocabulary nor a document of the library has.
    pub(super) fn known_status(&mut self, name: &str, span: Span) {
        let declared = self.vocabulary.statuses.iter().map(|status| status.name.as_str());
        let known = declared.chain(self.catalog.statuses.iter().map(String::as_str));
        if !known.clone().any(|status| status == name) {
            let near = suggest::nearest(name, known).map(str::to_owned);
            let found = Diagnostic::error(
                "E0311",
                span,
                format!("没有声明过称号“{name}”"),
                format!("status “{name}” is not declared"),
            );
            let found = match near {
                Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
                None => found.with_help(
                    "在 library/facts/statuses.yaml 里声明",
                    "declare it in library/facts/statuses.yaml",
                ),
            };
            self.report(found);
        }
    }

    fn satisfied(&mut self, tree: &ast::Expr, span: Span) -> Expr {
        let Some(id) = self.text_argument(tree) else { return self.wrong(span) };
        self.known_document(&id, tree.span);
        let input = self.input(SUBJECT, InputKind::Document(id.clone()), id);
        Expr { kind: Kind::Input(input), ty: Type::Bool, span }
    }

    /// Reports the id of a document that neither the library nor the list of outside documents has.
    pub(super) fn known_document(&mut self, id: &str, span: Span) {
        if self.catalog.documents.contains(id) || self.vocabulary.documents.iter().any(|known| known.id == id)
        {
            return;
        }
        let near = suggest::nearest(id, self.catalog.documents.iter().map(String::as_str)).map(str::to_owned);
        let found = Diagnostic::error(
            "E0312",
            span,
            format!("没有文件“{id}”"),
            format!("there is no document “{id}”"),
        );
        let found = match near {
            Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
            None => found.with_help(
                "库外的文件要在 library/facts/documents.yaml 里声明",
                "declare an outside document in library/facts/documents.yaml",
            ),
        };
        self.report(found);
    }

    /// Mean over four quarters of (opening + closing) / 2.
    fn quarter_mean(&mut self, tree: &ast::Expr, span: Span) -> Expr {
        let fact = match &tree.kind {
            ExprKind::Name(name) => self.vocabulary.find(name),
            _ => None,
        };
        let Some(fact) = fact.filter(|fact| self.vocabulary.get(*fact).is_numeric()) else {
            self.error(
                "E0424",
                tree.span,
                "全年季度平均() 里写一个数值事实的名字,不写期间",
                "全年季度平均() takes the name of a numeric fact, without a period",
            );
            return self.wrong(span);
        };
        let definition = self.vocabulary.get(fact);
        let (name, ty) = (definition.name.clone(), super::names::value_type(fact, definition));
        let year = YearRef::Relative(0);
        let mut cells = Vec::new();
        for quarter in 1..=4 {
            for end in [QuarterEnd::Opening, QuarterEnd::Closing] {
                let period = Period::Quarter(year, quarter, end);
                let key = format!("{name}.{period}");
                cells.push(self.input(SUBJECT, InputKind::Fact(fact, period), key));
            }
        }
        let period = Period::QuarterMean(year);
        let key = format!("{name}.{period}");
        let mean = self.input(SUBJECT, InputKind::Fact(fact, period), key);
        Expr { kind: Kind::QuarterMean(cells, mean), ty, span }
    }
}
