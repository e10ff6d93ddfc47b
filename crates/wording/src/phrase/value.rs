//! Values in words: sums and shares, the least and the greatest, tiers, lists and their items.

use lang::ir::{Arithmetic, Builtin, Constant, Expr, Kind, Test};
use lang::types::Type;

use super::{DEPTH_MAX, Phrases};

impl Phrases<'_> {
    /// An expression as a thing.
    pub fn value(&self, expr: &Expr) -> String {
        if self.depth > DEPTH_MAX {
            return self.say("更细的算法", "a further calculation").to_owned();
        }
        let inner = self.deeper();
        let document = self.document;
        match &expr.kind {
            Kind::Constant(constant) => inner.constant(constant, expr),
            Kind::Input(input) => inner.input(*input),
            Kind::Span { total, .. } => inner.span(*total),
            Kind::QuarterMean(_, mean) => inner.quarter_mean(*mean),
            Kind::Today => self.say("申请日", "the day of application").to_owned(),
            Kind::Let(index) => quoted(&document.lets[*index].name),
            Kind::Param(index) => quoted(&document.params[*index].name),
            Kind::Score(index, path) => inner.score(*index, path),
            Kind::Local(_) => self.say("该值", "the value").to_owned(),
            Kind::Collection(input, _) => inner.input(*input),
            Kind::List(index) => quoted(&document.lists[*index].name),
            Kind::Passing => inner.passing(),
            Kind::Arithmetic(op, left, right) => inner.arithmetic(*op, left, right, expr),
            Kind::First(branches, otherwise) => inner.first(branches, otherwise.as_deref()),
            Kind::Items(items) => inner.and(&inner.all(items)),
            Kind::Call(builtin, arguments) => inner.call(*builtin, arguments),
            Kind::ForItems(list, _, body) | Kind::ForValues(list, _, body) => {
                let (list, body) = (inner.value(list), inner.operand(body));
                self.either(format!("{list}逐项的{body}"), format!("{body} of each of {list}"))
            }
            Kind::FilterItems(list, _, body) | Kind::FilterValues(list, _, body) => {
                let (list, body) = (inner.value(list), inner.holds(body));
                self.either(format!("{list}中{body}的"), format!("those of {list} where {body}"))
            }
            Kind::Index(list, place) => inner.place(list, *place),
            Kind::TableValue(table, column) => {
                let name = &document.tables[*table].name;
                self.either(
                    format!("表“{name}”里对应的“{column}”"),
                    format!("“{column}” in the table “{name}”"),
                )
            }
            Kind::Progressive(base, index) => {
                let (base, name) = (inner.operand(base), &document.brackets[*index].name);
                self.either(
                    format!("{base}按“{name}”分段累进计算"),
                    format!("{base}, band by band by “{name}”"),
                )
            }
            Kind::Not(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Compare(..)
            | Kind::CodeIn(..)
            | Kind::TableMatch(_)
            | Kind::TableReached(..) => {
                let holds = inner.holds(expr);
                self.either(format!("是否{holds}"), format!("whether {holds}"))
            }
        }
    }

    /// A value within another; one of several parts stands in brackets.
    pub(super) fn operand(&self, expr: &Expr) -> String {
        let shown = self.value(expr);
        let is_sum = matches!(expr.kind, Kind::Arithmetic(..) | Kind::First(..)) && expr.ty != Type::Date;
        if is_sum || is_limited(expr) { format!("({shown})") } else { shown }
    }

    /// A value of which something is said; its own comma would end it too soon.
    pub(super) fn subject(&self, expr: &Expr) -> String {
        let shown = self.value(expr);
        if is_limited(expr) { format!("({shown})") } else { shown }
    }

    fn all(&self, exprs: &[Expr]) -> Vec<String> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn constant(&self, constant: &Constant, at: &Expr) -> String {
        match constant {
            Constant::Nothing => self.say("无", "none").to_owned(),
            Constant::Bool(true) => self.say("是", "yes").to_owned(),
            Constant::Bool(false) => self.say("否", "no").to_owned(),
            Constant::Number(number) => self.number(number, at, None),
            Constant::Text(text) => quoted(text),
            Constant::Date(day) => day.to_string(),
        }
    }

    /// The years of a span: what its total is called, without saying that it is a total.
    fn span(&self, total: lang::ir::InputRef) -> String {
        let input = self.input_of(total);
        let lang::ir::InputKind::Fact(fact, period) = &input.kind else { return self.input(total) };
        let years = period.taken_as(facts::SpanAs::Years);
        let label = || match period {
            facts::Period::Label(label) => {
                let base = label.strip_suffix("合计").unwrap_or(label);
                facts::Period::Label(base.to_owned())
            }
            other => other.clone(),
        };
        self.fact(*fact, &years.unwrap_or_else(label))
    }

    /// The items that pass what is asked of each.
    fn passing(&self) -> String {
        let conditions = self.document.conditions();
        let list = conditions.iter().find_map(|condition| match &condition.test {
            Test::Each(list, ..) => Some(self.value(list)),
            _ => None,
        });
        let list = list.unwrap_or_else(|| self.say("各项", "items").to_owned());
        self.either(format!("合格的{list}"), format!("qualifying {list}"))
    }

    fn quarter_mean(&self, mean: lang::ir::InputRef) -> String {
        let lang::ir::InputKind::Fact(fact, _) = self.input_of(mean).kind else { return self.input(mean) };
        let label = self.label(fact);
        self.either(
            format!("{label}的全年季度平均数"),
            format!("the mean of {label} over the quarters of the year"),
        )
    }

    fn score(&self, index: usize, path: &[usize]) -> String {
        let score = &self.document.scores[index];
        let part = score.root.at(path).filter(|_| !path.is_empty());
        let Some(part) = part else { return quoted(&score.name) };
        self.either(
            format!("“{}”里“{}”一项的得分", score.name, part.name),
            format!("the points for “{}” in “{}”", part.name, score.name),
        )
    }

    fn arithmetic(&self, op: Arithmetic, left: &Expr, right: &Expr, whole: &Expr) -> String {
        match (&left.ty, &right.ty) {
            (Type::Date, Type::Date) => {
                let (from, to) = (self.operand(right), self.operand(left));
                return self.either(format!("从{from}到{to}的天数"), format!("the days from {from} to {to}"));
            }
            (Type::Date, _) => {
                let (day, by) = (self.operand(left), self.operand(right));
                let is_before = op == Arithmetic::Sub;
                return self.either(
                    format!("{day}{}{by}", if is_before { "之前" } else { "之后" }),
                    format!("{by} {} {day}", if is_before { "before" } else { "after" }),
                );
            }
            _ => {}
        }
        if op == Arithmetic::Mul
            && let Some(share) = self.part_of(left, right).or_else(|| self.part_of(right, left))
        {
            return share;
        }
        let sign = match op {
            Arithmetic::Add => "+",
            Arithmetic::Sub => "−",
            Arithmetic::Mul => "×",
            Arithmetic::Div => "÷",
            Arithmetic::Pow => "^",
        };
        let is_sum = matches!(op, Arithmetic::Add | Arithmetic::Sub);
        let side = |expr: &Expr, is_right: bool| {
            let is_flat = match &expr.kind {
                Kind::Arithmetic(Arithmetic::Mul | Arithmetic::Div, ..) => is_sum || !is_right,
                Kind::Arithmetic(Arithmetic::Add, ..) => op == Arithmetic::Add || is_sum && !is_right,
                Kind::Arithmetic(Arithmetic::Sub, ..) => is_sum && !is_right,
                _ => false,
            };
            if is_flat { self.value(expr) } else { self.beside_sum(expr, whole) }
        };
        format!("{} {sign} {}", side(left, false), side(right, true))
    }

    /// A member of a sum: a bare constant takes the unit of the whole.
    fn beside_sum(&self, expr: &Expr, whole: &Expr) -> String {
        match &expr.kind {
            Kind::Constant(Constant::Number(number)) => {
                let is_alike = expr.ty == whole.ty;
                let shown = self.number(number, expr, Some(whole).filter(|_| is_alike));
                // `25% − 15%` is one number here.
                let is_sum = [" + ", " − ", " × ", " ÷ "].iter().any(|sign| shown.contains(sign));
                if is_sum { format!("({shown})") } else { shown }
            }
            _ => self.operand(expr),
        }
    }

    /// `研发费用的10%`: a share of something that has a unit.
    fn part_of(&self, of: &Expr, share: &Expr) -> Option<String> {
        let Kind::Constant(Constant::Number(number)) = &share.kind else { return None };
        let is_measured = matches!(&of.ty, Type::Number(measure) if !measure.dimension().is_none());
        let shown = self.number(number, share, None);
        let is_constant = matches!(of.kind, Kind::Constant(_));
        if !shown.ends_with('%') || shown.contains(' ') || !is_measured || is_constant {
            return None;
        }
        let of = self.operand(of);
        Some(self.either(format!("{of}的{shown}"), format!("{shown} of {of}")))
    }

    fn first(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
        let is_nothing =
            |expr: &Expr| matches!(&expr.kind, Kind::Constant(Constant::Number(number)) if number.is_zero());
        if let ([(when, then)], Some(last)) = (branches, otherwise)
            && is_nothing(last)
        {
            let (when, then) = (self.holds(when), self.operand(then));
            return self
                .either(format!("{then}(限{when}的,否则为 0)"), format!("{then} if {when}, else nothing"));
        }
        let mut parts: Vec<String> = Vec::new();
        for (when, then) in branches {
            let (when, then) = (self.holds(when), self.operand(then));
            parts.push(self.either(format!("{when}的,{then}"), format!("{then} if {when}")));
        }
        parts.push(match otherwise {
            Some(last) => {
                let last = self.operand(last);
                self.either(format!("其他的,{last}"), format!("otherwise {last}"))
            }
            None => self.say("其他的没有对应的档", "no tier for others").to_owned(),
        });
        parts.join(self.say(";", "; "))
    }

    fn call(&self, builtin: Builtin, arguments: &[Expr]) -> String {
        match (builtin, arguments) {
            (Builtin::Min | Builtin::Max, [_, _, ..]) => self.extreme(builtin, arguments),
            (Builtin::Sum | Builtin::Mean | Builtin::Median | Builtin::Min | Builtin::Max, [list]) => {
                self.of_list(builtin, list)
            }
            (Builtin::Count, [list]) => {
                let list = self.value(list);
                self.either(format!("{list}的数量"), format!("the number of {list}"))
            }
            (Builtin::CountTrue, parts) => {
                let shown: Vec<String> = parts.iter().map(|part| self.holds(part)).collect();
                let (count, list) = (shown.len(), shown.join(self.say(";", "; ")));
                self.either(
                    format!("以下 {count} 项里符合的项数({list})"),
                    format!("how many of these {count} hold ({list})"),
                )
            }
            (Builtin::Floor, [of]) => self.around(of, "的整数部分", "the whole part of "),
            (Builtin::Ceiling, [of]) => self.around(of, "(进到整数)", "the next whole number from "),
            (Builtin::Abs, [of]) => self.around(of, "(不论正负)", "the size, without sign, of "),
            (Builtin::StringLength, [of]) => self.around(of, "的字数", "the number of characters of "),
            (Builtin::RoundHalfUp, [of, places]) => {
                let (of, places) = (self.operand(of), self.value(places));
                self.either(
                    format!("{of}(四舍五入到 {places} 位小数)"),
                    format!("{of}, rounded half up to {places} places"),
                )
            }
            (Builtin::MonthsBetween, [from, to]) => {
                let (from, to) = (self.operand(from), self.operand(to));
                self.either(
                    format!("从{from}到{to}的满月数"),
                    format!("the whole months from {from} to {to}"),
                )
            }
            (Builtin::Sum | Builtin::Mean | Builtin::Median, parts) => {
                let list = self.and(&self.all(parts));
                self.either(format!("{list}{}", taken(builtin).0), format!("{}{list}", taken(builtin).1))
            }
            (_, parts) => {
                let list = self.and(&self.all(parts));
                self.either(format!("{list}合在一起看"), format!("{list} together"))
            }
        }
    }

    fn around(&self, of: &Expr, zh: &str, en: &str) -> String {
        let of = self.operand(of);
        self.either(format!("{of}{zh}"), format!("{en}{of}"))
    }

    fn of_list(&self, builtin: Builtin, list: &Expr) -> String {
        let (zh, en) = taken(builtin);
        if let Kind::ForItems(items, _, body) | Kind::ForValues(items, _, body) = &list.kind {
            let (items, body) = (self.value(items), self.operand(body));
            return self.either(format!("{items}的{body}{zh}"), format!("{en}{body} over {items}"));
        }
        let list = self.value(list);
        self.either(format!("{list}{zh}"), format!("{en}{list}"))
    }

    /// The least or greatest of several: a constant among two is a cap or a floor.
    fn extreme(&self, builtin: Builtin, arguments: &[Expr]) -> String {
        let is_min = builtin == Builtin::Min;
        if let [one, other] = arguments {
            let (limit, of) = match (&one.kind, &other.kind) {
                (Kind::Constant(_), _) => (one, other),
                (_, Kind::Constant(_)) => (other, one),
                _ => return self.lesser(is_min, arguments),
            };
            let is_zero = matches!(&limit.kind, Kind::Constant(Constant::Number(number)) if number.is_zero());
            let shown = self.beside(limit, of);
            let of = self.value(of);
            return match (is_min, is_zero) {
                (true, _) => self.either(format!("{of},最多 {shown}"), format!("{of}, at most {shown}")),
                (false, true) => self.either(format!("{of},负数按 0 算"), format!("{of}, 0 if negative")),
                (false, false) => {
                    self.either(format!("{of},最少 {shown}"), format!("{of}, at least {shown}"))
                }
            };
        }
        self.lesser(is_min, arguments)
    }

    fn lesser(&self, is_min: bool, arguments: &[Expr]) -> String {
        let list = self.and(&arguments.iter().map(|part| self.operand(part)).collect::<Vec<_>>());
        let are_two = arguments.len() == 2;
        let (zh, en) = match (is_min, are_two) {
            (true, true) => ("中较小的", "the smaller of "),
            (true, false) => ("中最小的", "the least of "),
            (false, true) => ("中较大的", "the greater of "),
            (false, false) => ("中最大的", "the greatest of "),
        };
        self.either(format!("{list}{zh}"), format!("{en}{list}"))
    }

    fn place(&self, list: &Expr, place: i64) -> String {
        let list = self.value(list);
        let from_end = place < 0;
        let place = place.unsigned_abs();
        match (self.is_chinese(), from_end, place) {
            (true, true, 1) => format!("{list}的最后一项"),
            (true, true, _) => format!("{list}的倒数第 {place} 项"),
            (true, false, _) => format!("{list}的第 {place} 项"),
            (false, true, 1) => format!("the last of {list}"),
            (false, true, _) => format!("number {place} from the end of {list}"),
            (false, false, _) => format!("number {place} of {list}"),
        }
    }

    /// How long a number of months is: `3年`, `18个月`.
    pub fn months(&self, months: &facts::Number) -> String {
        let definition = crate::value::plain_definition("", facts::FactType::Number, facts::Unit::find("年"));
        definition.show(&facts::Value::Number(months.clone()), self.language)
    }
}

/// Whether a value has a limit said behind a comma.
fn is_limited(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Call(Builtin::Min | Builtin::Max, parts) => {
            parts.len() == 2 && parts.iter().any(|part| matches!(part.kind, Kind::Constant(_)))
        }
        _ => false,
    }
}

/// What is taken of a list.
fn taken(builtin: Builtin) -> (&'static str, &'static str) {
    match builtin {
        Builtin::Sum => ("合计", "the total of "),
        Builtin::Mean => ("的平均数", "the mean of "),
        Builtin::Median => ("的中位数", "the median of "),
        Builtin::Min => ("中最小的", "the least of "),
        _ => ("中最大的", "the greatest of "),
    }
}

/// A name that the document gives.
pub fn quoted(name: &str) -> String {
    format!("“{name}”")
}
