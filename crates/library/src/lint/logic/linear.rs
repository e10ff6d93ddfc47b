//! Sums of values with constant factors: what a comparison of numbers is brought to, so that `x >= 2 * y` and `y < x / 3`
//! are seen to speak of the same two values.

use std::collections::BTreeMap;

use facts::Number;
use lang::ir::{Arithmetic, Compare, Constant, Expr, Kind};

use super::Logic;
use super::formula::{Atom, Formula};
use crate::lint::sets::{Beyond, End, Interval, Ranges, Values};

/// A constant and terms by name, each with its factor and what it may be.
#[derive(Default)]
struct Linear {
    terms: BTreeMap<String, (Number, Ranges)>,
    constant: Number,
}

impl Linear {
    fn constant(constant: Number) -> Self {
        Self { terms: BTreeMap::new(), constant }
    }

    fn scaled(mut self, factor: &Number) -> Self {
        self.terms.values_mut().for_each(|(known, _)| *known = &*known * factor);
        self.constant = &self.constant * factor;
        self
    }

    fn plus(mut self, other: Self) -> Self {
        for (key, (factor, range)) in other.terms {
            match self.terms.get_mut(&key) {
                Some((known, _)) => *known = &*known + &factor,
                None => drop(self.terms.insert(key, (factor, range))),
            }
        }
        self.constant = &self.constant + &other.constant;
        self
    }
}

impl Logic<'_> {
    /// The comparison of two numbers.
    pub(super) fn compare_numbers(&self, op: Compare, left: &Expr, right: &Expr) -> Formula {
        let whole = self.linear(left).plus(self.linear(right).scaled(&-Number::one()));
        // A term that falls out may still be nothing that can be compared, so it is not quite gone.
        let hidden = whole.terms.values().any(|(factor, range)| factor.is_zero() && !range.beyond.is_empty());
        let terms: Vec<(String, Number, Ranges)> = whole
            .terms
            .into_iter()
            .filter(|(_, (factor, _))| !factor.is_zero())
            .map(|(key, (factor, range))| (key, factor, range))
            .collect();
        if hidden {
            return self.opaque(left, right, op);
        }
        let Some((_, first, _)) = terms.first() else {
            let holds = Ranges::that(op, &Number::zero()).intersect(&Ranges::exact(whole.constant));
            return if holds.has_numbers() { Formula::TRUE } else { Formula::FALSE };
        };
        let first = first.clone();
        let op = if first.is_negative() { op.mirrored() } else { op };
        let over = |number: &Number| number.checked_div(&first).expect("a factor of nought was left out");
        let bound = over(&-whole.constant);
        let terms: Vec<(String, Number, Ranges)> =
            terms.into_iter().map(|(key, factor, range)| (key, over(&factor), range)).collect();
        if let [(key, _, range)] = terms.as_slice() {
            return Formula::Atom(number_atom(key.clone(), range, op, &bound));
        }
        let key =
            terms.iter().map(|(key, factor, _)| format!("{factor:?}*{key}")).collect::<Vec<_>>().join("+");
        let domain = sum(terms.iter().map(|(_, factor, range)| scaled(range, factor)));
        let (factors, ranges) = terms.into_iter().map(|(key, factor, range)| ((key, factor), range)).unzip();
        self.sums.borrow_mut().insert(key.clone(), (factors, ranges));
        Formula::Atom(number_atom(key, &domain, op, &bound))
    }

    fn opaque(&self, left: &Expr, right: &Expr, op: Compare) -> Formula {
        Formula::Atom(Atom::truth(format!("{}{op:?}{}", self.key(left), self.key(right)), true))
    }

    fn linear(&self, expr: &Expr) -> Linear {
        let term = || {
            let entry = (self.key(expr), (Number::one(), self.range(expr)));
            Linear { terms: BTreeMap::from([entry]), constant: Number::zero() }
        };
        if !self.goes_on() {
            return term();
        }
        match &expr.kind {
            Kind::Constant(Constant::Number(number)) => Linear::constant(number.clone()),
            Kind::Arithmetic(Arithmetic::Add, left, right) => self.linear(left).plus(self.linear(right)),
            Kind::Arithmetic(Arithmetic::Sub, left, right) => {
                self.linear(left).plus(self.linear(right).scaled(&-Number::one()))
            }
            Kind::Arithmetic(Arithmetic::Mul, left, right) => {
                match (self.known_constant(left), self.known_constant(right)) {
                    (_, Some(factor)) => self.linear(left).scaled(&factor),
                    (Some(factor), _) => self.linear(right).scaled(&factor),
                    _ => term(),
                }
            }
            Kind::Arithmetic(Arithmetic::Div, left, right) => {
                let factor = self.known_constant(right).and_then(|by| Number::one().checked_div(&by));
                factor.map_or_else(term, |factor| self.linear(left).scaled(&factor))
            }
            Kind::Let(index) => match self.document.lets.get(*index) {
                Some(named) if !matches!(named.value.kind, Kind::First(..)) => self.linear(&named.value),
                _ => term(),
            },
            Kind::Param(index) => match self.document.params.get(*index) {
                Some(param) if param.between.0 == param.between.1 => {
                    Linear::constant(param.between.0.clone())
                }
                _ => term(),
            },
            _ => term(),
        }
    }

    /// The number that an expression always is.
    fn known_constant(&self, expr: &Expr) -> Option<Number> {
        match &expr.kind {
            Kind::Constant(Constant::Number(number)) => Some(number.clone()),
            Kind::Param(_) | Kind::Let(_) => {
                let linear = self.linear(expr);
                linear.terms.is_empty().then_some(linear.constant)
            }
            _ => None,
        }
    }
}

/// The condition that a value of that name compares so with the bound.
pub(super) fn number_atom(key: String, domain: &Ranges, op: Compare, bound: &Number) -> Atom {
    let set = Ranges::that(op, bound);
    // 无, a tier that is missing and a year before founding differ from every number and are in no order with any.
    let comparable = Beyond { undefined: false, ..domain.beyond };
    let (in_holds, in_fails) =
        if op == Compare::Ne { (comparable, Beyond::NONE) } else { (Beyond::NONE, comparable) };
    let holds = Values::Numbers(domain.intersect(&set)).with_beyond(in_holds);
    let fails = Values::Numbers(domain.intersect(&set.complement())).with_beyond(in_fails);
    Atom { key, holds, fails, undefined: domain.beyond.undefined }
}

/// A range times a factor other than nought.
pub(super) fn scaled(range: &Ranges, factor: &Number) -> Ranges {
    let end = |end: &Option<End>| end.as_ref().map(|end| End { at: &end.at * factor, closed: end.closed });
    let piece = |piece: &Interval| match factor.is_negative() {
        true => Interval { low: end(&piece.high), high: end(&piece.low) },
        false => Interval { low: end(&piece.low), high: end(&piece.high) },
    };
    Ranges::new(range.pieces().iter().map(piece).collect(), false, range.beyond)
}

/// From the sum of the least to the sum of the greatest.
pub(super) fn sum(parts: impl Iterator<Item = Ranges>) -> Ranges {
    let mut total = Ranges::exact(Number::zero());
    for part in parts {
        let beyond = total.beyond.or(part.beyond);
        let (Some(left), Some(right)) = (total.hull(), part.hull()) else {
            return Ranges::new(Vec::new(), false, beyond);
        };
        let add = |left: Option<End>, right: Option<End>| {
            left.zip(right).map(|(l, r)| End { at: &l.at + &r.at, closed: l.closed && r.closed })
        };
        let hull = Interval { low: add(left.low, right.low), high: add(left.high, right.high) };
        total = Ranges::new(vec![hull], false, beyond);
    }
    total
}
