//! What holds or fails, in words.

use lang::ir::{Builtin, Compare, Constant, Expr, InputKind, InputRef, Kind};
use lang::types::Type;

use super::{DEPTH_MAX, Phrases};

impl Phrases<'_> {
    /// That the expression is true.
    pub fn holds(&self, expr: &Expr) -> String {
        self.truth(expr, true)
    }

    /// How a rule reckons, to stand beside what the document says of it; nothing where it only asks yes or no.
    pub fn reckons(&self, rule: &Expr) -> Option<String> {
        let asked = match &rule.kind {
            Kind::Not(inner) => inner,
            _ => rule,
        };
        if matches!(asked.kind, Kind::Input(_)) {
            return None;
        }
        let rule = self.holds(rule);
        Some(self.either(format!("即:{rule}"), format!("That is: {rule}")))
    }

    /// That the expression is false.
    pub fn fails(&self, expr: &Expr) -> String {
        self.truth(expr, false)
    }

    fn truth(&self, expr: &Expr, is_true: bool) -> String {
        if self.depth > DEPTH_MAX {
            return self.say("满足更细的规则", "further rules hold").to_owned();
        }
        let inner = self.deeper();
        match &expr.kind {
            Kind::Not(negated) => inner.truth(negated, !is_true),
            Kind::And(parts) if is_true => inner.all_hold(parts),
            Kind::And(parts) => inner.group(parts, ("不同时符合:", "not all of: "), ";", "; "),
            Kind::Or(parts) if is_true => inner.one_holds(parts),
            Kind::Or(parts) => inner.group(parts, ("一项也不符合:", "none of: "), ";", "; "),
            Kind::Compare(op, left, right) => {
                inner.compare(if is_true { *op } else { opposite(*op) }, left, right, expr.span)
            }
            Kind::CodeIn(code, codes) => inner.code_in(code, codes, is_true),
            Kind::Input(input) => inner.input_truth(*input, is_true),
            Kind::Constant(Constant::Bool(value)) if *value == is_true => {
                self.say("不作要求", "nothing is asked").to_owned()
            }
            Kind::Constant(_) => self.say("不可能符合", "it cannot hold").to_owned(),
            Kind::First(branches, otherwise) => inner.tiers(branches, otherwise.as_deref(), is_true),
            Kind::Call(builtin, arguments) => inner.call_truth(*builtin, arguments, expr, is_true),
            Kind::TableMatch(table) => inner.table_match(*table, is_true),
            Kind::TableReached(table, column) => inner.table_reached(*table, column, is_true),
            // Whatever else is true or false has a name of its own.
            _ => inner.named_truth(&inner.value(expr), is_true),
        }
    }

    /// `符合“名称”`.
    fn named_truth(&self, name: &str, is_true: bool) -> String {
        match (self.is_chinese(), is_true) {
            (true, true) => format!("符合{name}"),
            (true, false) => format!("不符合{name}"),
            (false, true) => format!("{name} holds"),
            (false, false) => format!("{name} does not hold"),
        }
    }

    fn input_truth(&self, input: InputRef, is_true: bool) -> String {
        match &self.input_of(input).kind {
            InputKind::Fact(fact, period) => self.fact_truth(*fact, period, is_true),
            InputKind::Status(status) => {
                let status = self.status(status);
                match (self.is_chinese(), is_true) {
                    (true, true) => format!("持有“{status}”资格"),
                    (true, false) => format!("没有“{status}”资格"),
                    (false, true) => format!("holds the status “{status}”"),
                    (false, false) => format!("does not hold the status “{status}”"),
                }
            }
            InputKind::Document(id) => {
                let title = self.title(id);
                match (self.is_chinese(), is_true) {
                    (true, true) => format!("符合《{title}》的条件"),
                    (true, false) => format!("不符合《{title}》的条件"),
                    (false, true) => format!("meets the conditions of “{title}”"),
                    (false, false) => format!("does not meet the conditions of “{title}”"),
                }
            }
            InputKind::Manual(_) => self
                .say(
                    if is_true { "专家或部门认定符合" } else { "专家或部门认定不符合" },
                    if is_true {
                        "a person finds that it holds"
                    } else {
                        "a person finds that it does not hold"
                    },
                )
                .to_owned(),
            InputKind::Collection(name) => self.named_truth(&self.collection(name), is_true),
        }
    }

    fn all_hold(&self, parts: &[Expr]) -> String {
        if let Some(yearly) = self.in_each_year(parts) {
            return yearly;
        }
        if let Some(between) = self.between(parts) {
            return between;
        }
        let shown: Vec<String> = parts.iter().map(|part| self.member(part)).collect();
        self.joined(&shown, ",并且", " and ")
    }

    fn one_holds(&self, parts: &[Expr]) -> String {
        let shown: Vec<String> = parts.iter().map(|part| self.member(part)).collect();
        self.joined(&shown, ",或者", " or ")
    }

    /// A member of a group; one that is a group itself stands in brackets.
    fn member(&self, expr: &Expr) -> String {
        let shown = self.holds(expr);
        let is_group = matches!(&expr.kind, Kind::And(parts) | Kind::Or(parts) if parts.len() > 1)
            || matches!(expr.kind, Kind::First(..));
        if is_group { format!("({shown})") } else { shown }
    }

    fn joined(&self, parts: &[String], zh: &str, en: &str) -> String {
        let Some((last, before)) = parts.split_last() else {
            return self.say("不作要求", "nothing is asked").to_owned();
        };
        if before.is_empty() {
            return last.clone();
        }
        format!("{}{}{last}", before.join(self.say(",", ", ")), self.say(zh, en))
    }

    /// Members after a word for what is asked of them.
    fn group(&self, parts: &[Expr], head: (&str, &str), zh: &str, en: &str) -> String {
        let shown: Vec<String> = parts.iter().map(|part| self.holds(part)).collect();
        format!("({}{})", self.say(head.0, head.1), shown.join(self.say(zh, en)))
    }

    fn code_in(&self, code: &Expr, codes: &[String], is_true: bool) -> String {
        let fact = match &code.ty {
            Type::Code(fact) | Type::Codes(fact) => Some(self.vocabulary().get(*fact)),
            _ => None,
        };
        let shown: Vec<String> = codes.iter().map(|code| self.code(fact, code)).collect();
        let (subject, choices) = (self.value(code), self.or(&shown));
        let lies_under = fact.is_some_and(|fact| fact.hierarchy);
        match (self.is_chinese(), lies_under, is_true) {
            (true, true, true) => format!("{subject}属于{choices}"),
            (true, true, false) => format!("{subject}不属于{choices}"),
            (true, false, true) => format!("{subject}是{choices}"),
            (true, false, false) => format!("{subject}不是{choices}"),
            (false, true, true) => format!("{subject} lies under {choices}"),
            (false, true, false) => format!("{subject} does not lie under {choices}"),
            (false, false, true) => format!("{subject} is {choices}"),
            (false, false, false) => format!("{subject} is not {choices}"),
        }
    }

    fn tiers(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, is_true: bool) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (when, then) in branches {
            let (when, then) = (self.holds(when), self.truth(then, is_true));
            parts.push(self.either(format!("如果{when},要{then}"), format!("if {when}, then {then}")));
        }
        if let Some(last) = otherwise {
            let last = self.truth(last, is_true);
            parts.push(self.either(format!("其他情形要{last}"), format!("otherwise {last}")));
        }
        parts.join(self.say(";", "; "))
    }

    fn call_truth(&self, builtin: Builtin, arguments: &[Expr], whole: &Expr, is_true: bool) -> String {
        match (builtin, arguments) {
            (Builtin::All | Builtin::Any, [list]) => {
                if let Kind::ForItems(list, _, body) | Kind::ForValues(list, _, body) = &list.kind {
                    return self.of_items(builtin, list, body, is_true);
                }
                self.named_truth(&self.value(whole), is_true)
            }
            (Builtin::All, parts) if is_true => self.all_hold(parts),
            (Builtin::Any, parts) if is_true => self.one_holds(parts),
            (Builtin::StartsWith | Builtin::EndsWith | Builtin::Contains, [text, part]) => {
                let (text, part) = (self.value(text), self.value(part));
                let (zh, en) = match (builtin, is_true) {
                    (Builtin::StartsWith, true) => ("开头是", "begins with"),
                    (Builtin::StartsWith, false) => ("开头不是", "does not begin with"),
                    (Builtin::EndsWith, true) => ("结尾是", "ends with"),
                    (Builtin::EndsWith, false) => ("结尾不是", "does not end with"),
                    (_, true) => ("含有", "contains"),
                    (_, false) => ("不含", "does not contain"),
                };
                self.either(format!("{text}{zh}{part}"), format!("{text} {en} {part}"))
            }
            (Builtin::ListContains, [list, value]) => {
                let (list, value) = (self.value(list), self.value(value));
                match (self.is_chinese(), is_true) {
                    (true, true) => format!("{list}里有{value}"),
                    (true, false) => format!("{list}里没有{value}"),
                    (false, true) => format!("{value} is among {list}"),
                    (false, false) => format!("{value} is not among {list}"),
                }
            }
            _ => self.named_truth(&self.value(whole), is_true),
        }
    }

    fn of_items(&self, builtin: Builtin, list: &Expr, body: &Expr, is_true: bool) -> String {
        let list = self.value(list);
        // Not all of them: one fails. Not one of them: all fail.
        let is_every = (builtin == Builtin::All) == is_true;
        let body = self.truth(body, is_true);
        match (self.is_chinese(), is_every) {
            (true, true) => format!("{list}的每一项都{body}"),
            (true, false) => format!("{list}里至少一项{body}"),
            (false, true) => format!("for every item of {list}, {body}"),
            (false, false) => format!("for at least one item of {list}, {body}"),
        }
    }

    fn table_match(&self, table: usize, is_true: bool) -> String {
        let table = &self.document.tables[table];
        let (key, name) = (self.value(&table.key), &table.name);
        match (self.is_chinese(), is_true) {
            (true, true) => format!("{key}在表“{name}”之内"),
            (true, false) => format!("{key}不在表“{name}”之内"),
            (false, true) => format!("{key} is in the table “{name}”"),
            (false, false) => format!("{key} is not in the table “{name}”"),
        }
    }

    fn table_reached(&self, table: usize, column: &str, is_true: bool) -> String {
        let name = &self.document.tables[table].name;
        match (self.is_chinese(), is_true) {
            (true, true) => format!("各项指标都达到表“{name}”里的“{column}”一栏"),
            (true, false) => format!("有指标没有达到表“{name}”里的“{column}”一栏"),
            (false, true) => format!("every figure reaches the column “{column}” of the table “{name}”"),
            (false, false) => format!("some figure misses the column “{column}” of the table “{name}”"),
        }
    }
}

/// What is true where the comparison is false.
fn opposite(op: Compare) -> Compare {
    match op {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt => Compare::Ge,
        Compare::Le => Compare::Gt,
        Compare::Gt => Compare::Le,
        Compare::Ge => Compare::Lt,
    }
}
