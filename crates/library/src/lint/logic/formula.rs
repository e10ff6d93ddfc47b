//! Conditions as formulas over sets of values.

use lang::ir::{Compare, Condition, Constant, Expr, InputRef, Kind, ScopeVar, Test};
use lang::types::Type;

use super::Logic;
use crate::lint::sets::{Beyond, CodeSet, Pattern, Values};

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    /// All of them.
    All(Vec<Formula>),
    /// One of them.
    Any(Vec<Formula>),
    /// Not.
    Not(Box<Formula>),
    /// Not true: false, or neither.
    NotTrue(Box<Formula>),
    /// Some item is such. That no item is such says nothing.
    Exists(Box<Formula>),
    /// A value lies in a set.
    Atom(Atom),
}

/// The condition that a value lies in a set.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    /// The value's name.
    pub key: String,
    /// What the value may be where the condition is true.
    pub holds: Values,
    /// What it may be where it is false.
    pub fails: Values,
    /// It may be neither.
    pub undefined: bool,
}

/// What a code that is named stands for.
#[derive(Clone, Copy)]
enum Naming {
    /// Itself.
    Text,
    /// Itself, and in a hierarchy what lies under it.
    Code,
    /// A row of a table: whatever begins with it.
    Row,
}

impl Formula {
    pub(crate) const TRUE: Self = Self::All(Vec::new());
    pub(crate) const FALSE: Self = Self::Any(Vec::new());

    /// The names of the values it speaks of.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::keys).collect(),
            Self::Not(inner) | Self::NotTrue(inner) | Self::Exists(inner) => inner.keys(),
            Self::Atom(atom) => vec![&atom.key],
        }
    }
}

impl Atom {
    /// A yes or no.
    pub(crate) fn truth(key: String, undefined: bool) -> Self {
        let word = |word| Values::Codes(CodeSet::of(vec![Pattern::exact(word)]));
        Self { key, holds: word("yes"), fails: word("no"), undefined }
    }

    fn code(key: String, named: Vec<Pattern>, all: Option<Vec<Pattern>>, is_in: bool, absent: bool) -> Self {
        let within = |set: CodeSet| match &all {
            Some(all) => set.intersect(&CodeSet::of(all.clone())),
            None => set,
        };
        let (named, rest) = (within(CodeSet::of(named.clone())), within(CodeSet::all_but(named)));
        let (mut holds, mut fails) = if is_in { (named, rest) } else { (rest, named) };
        // 无 is none of the codes.
        let nothing = Beyond { absent, ..Beyond::NONE };
        if is_in {
            fails.beyond = nothing
        } else {
            holds.beyond = nothing
        }
        Self { key, holds: Values::Codes(holds), fails: Values::Codes(fails), undefined: false }
    }
}

impl Logic<'_> {
    /// The condition of a document.
    pub(crate) fn condition(&self, condition: &Condition) -> Formula {
        let all = |inner: &[Condition]| Formula::All(inner.iter().map(|one| self.condition(one)).collect());
        match &condition.test {
            Test::Rule(rule) => self.truth(rule),
            Test::Manual(_, input) | Test::Include(_, input) => self.yes(*input, false),
            Test::All(inner) | Test::About(_, _, inner) => all(inner),
            Test::Any(inner) => Formula::Any(inner.iter().map(|one| self.condition(one)).collect()),
            Test::First(tiers, otherwise) => self.tiers(
                tiers.iter().map(|(when, tier)| (self.truth(when), self.condition(tier))).collect(),
                otherwise.as_deref().map(|last| self.condition(last)),
            ),
            Test::Each(_, var, inner) => {
                let body = self.apart(*var, condition.span.start, || all(inner));
                Formula::Exists(Box::new(body))
            }
        }
    }

    /// What is said of the item apart from what other groups say of theirs.
    pub(crate) fn apart<T>(&self, var: ScopeVar, group: usize, body: impl FnOnce() -> T) -> T {
        self.apart.borrow_mut().push((var, group));
        let result = body();
        self.apart.borrow_mut().pop();
        result
    }

    fn tiers(&self, tiers: Vec<(Formula, Formula)>, otherwise: Option<Formula>) -> Formula {
        let mut before: Vec<Formula> = Vec::new();
        let mut ways = Vec::new();
        for (when, then) in tiers {
            ways.push(Formula::All(before.iter().cloned().chain([when.clone(), then]).collect()));
            before.push(Formula::NotTrue(Box::new(when)));
        }
        if let Some(last) = otherwise {
            before.push(last);
            ways.push(Formula::All(before));
        }
        Formula::Any(ways)
    }

    fn yes(&self, input: InputRef, undefined: bool) -> Formula {
        Formula::Atom(Atom::truth(self.input_key(input), undefined))
    }

    /// The rule, true or false.
    pub(crate) fn truth(&self, rule: &Expr) -> Formula {
        let opaque = || Formula::Atom(Atom::truth(self.key(rule), true));
        if !self.goes_on() {
            return opaque();
        }
        let all = |parts: &[Expr]| parts.iter().map(|part| self.truth(part)).collect();
        match &rule.kind {
            Kind::Constant(Constant::Bool(value)) => {
                if *value {
                    Formula::TRUE
                } else {
                    Formula::FALSE
                }
            }
            Kind::And(parts) => Formula::All(all(parts)),
            Kind::Or(parts) => Formula::Any(all(parts)),
            Kind::Not(inner) => Formula::Not(Box::new(self.truth(inner))),
            Kind::Input(input) => {
                // An event of a period before the founding, or a 无, is neither yes nor no.
                let may_lack =
                    self.fact(*input).is_some_and(|(fact, in_period)| fact.none_allowed || in_period);
                self.yes(*input, may_lack)
            }
            Kind::Let(index) => match self.document.lets.get(*index) {
                Some(named) if named.value.ty == Type::Bool => self.truth(&named.value),
                _ => opaque(),
            },
            // Without a last branch it may be neither.
            Kind::First(branches, Some(last)) => self.tiers(
                branches.iter().map(|(when, then)| (self.truth(when), self.truth(then))).collect(),
                Some(self.truth(last)),
            ),
            Kind::Compare(op, left, right) => self.compare(*op, left, right).unwrap_or_else(opaque),
            Kind::CodeIn(value, codes) => self
                .code_in(value, codes.iter().map(String::as_str), Naming::Code, true)
                .unwrap_or_else(opaque),
            Kind::TableMatch(table) => {
                let table = self.document.tables.get(*table);
                let keys = table.map(|table| table.rows.iter().flat_map(|row| &row.keys));
                let named = table.zip(keys);
                let found = named.and_then(|(table, keys)| {
                    self.code_in(&table.key, keys.map(String::as_str), Naming::Row, true)
                });
                found.unwrap_or_else(opaque)
            }
            _ => opaque(),
        }
    }

    fn compare(&self, op: Compare, left: &Expr, right: &Expr) -> Option<Formula> {
        let of_nothing = |expr: &Expr| matches!(expr.kind, Kind::Constant(Constant::Nothing));
        if of_nothing(left) || of_nothing(right) {
            return None;
        }
        match (&left.ty, &right.ty) {
            (Type::Number(_), Type::Number(_)) => Some(self.compare_numbers(op, left, right)),
            (Type::Date, Type::Date) => self.compare_days(op, left, right).map(Formula::Atom),
            (Type::Bool, Type::Bool) => {
                let (value, wanted) = match (&left.kind, &right.kind) {
                    (_, Kind::Constant(Constant::Bool(wanted))) => (left, *wanted),
                    (Kind::Constant(Constant::Bool(wanted)), _) => (right, *wanted),
                    _ => return None,
                };
                let truth = self.truth(value);
                Some(if wanted == (op == Compare::Eq) { truth } else { Formula::Not(Box::new(truth)) })
            }
            _ => {
                let (value, text) = match (&left.kind, &right.kind) {
                    (_, Kind::Constant(Constant::Text(text))) => (left, text),
                    (Kind::Constant(Constant::Text(text)), _) => (right, text),
                    _ => return None,
                };
                self.code_in(value, [text.as_str()].into_iter(), Naming::Text, op == Compare::Eq)
            }
        }
    }

    /// The value is, or lies under, one of the codes; only of a fact that has one code.
    fn code_in<'c>(
        &self,
        value: &Expr,
        codes: impl Iterator<Item = &'c str>,
        naming: Naming,
        is_in: bool,
    ) -> Option<Formula> {
        let Kind::Input(input) = &value.kind else { return None };
        let (definition, in_period) = self.fact(*input)?;
        if !matches!(value.ty, Type::Code(_) | Type::Text) {
            return None;
        }
        let under = match naming {
            Naming::Text => false,
            Naming::Code => definition.hierarchy,
            Naming::Row => true,
        };
        let named = codes.map(|code| Pattern { text: code.to_owned(), under }).collect();
        let all = (!definition.codes.is_empty())
            .then(|| definition.codes.iter().map(|known| Pattern::exact(known.code.clone())).collect());
        let absent = definition.none_allowed;
        let mut atom = Atom::code(self.input_key(*input), named, all, is_in, absent);
        atom.undefined = in_period;
        Some(Formula::Atom(atom))
    }
}
