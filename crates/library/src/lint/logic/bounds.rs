//! What a number may be at all: from the bounds in the vocabulary, through arithmetic, to points and tables.

use facts::{FactDefinition, FactType, Number};
use lang::ir::{Arithmetic, Builtin, Compare, Constant, Expr, InputRef, Kind, Part, Points};
use lang::types::Type;

use super::Logic;
use super::linear::{scaled, sum};
use crate::lint::sets::{Beyond, End, Interval, Ranges};

/// Whatever a value may be besides a number where nothing is known about that.
const UNSURE: Beyond = Beyond { absent: true, unborn: true, undefined: true };

impl Logic<'_> {
    /// What the expression may come to.
    pub(crate) fn range(&self, expr: &Expr) -> Ranges {
        if !self.goes_on() {
            return Ranges::anything();
        }
        match &expr.kind {
            Kind::Constant(Constant::Number(number)) => Ranges::exact(number.clone()),
            Kind::Input(input) => self.input_range(*input),
            Kind::QuarterMean(_, mean) => with_doubt(self.input_range(*mean)),
            Kind::Arithmetic(op, left, right) => arithmetic(*op, &self.range(left), &self.range(right)),
            Kind::Call(function, arguments) => self.call(*function, arguments),
            Kind::First(branches, otherwise) => {
                let all = branches.iter().map(|(_, then)| then).chain(otherwise.as_deref());
                let mut range = union(all.map(|branch| self.range(branch)));
                range.beyond.absent |= otherwise.is_none();
                range
            }
            Kind::Let(index) => self.named_range(*index),
            Kind::Param(index) => match self.document.params.get(*index) {
                Some(param) => closed(Some(param.between.0.clone()), Some(param.between.1.clone())),
                None => Ranges::anything(),
            },
            Kind::Score(index, path) => self.score_range(*index, path),
            Kind::TableValue(table, column) => match self.document.tables.get(*table) {
                Some(table) => {
                    let values = table.rows.iter().flat_map(|row| &row.values);
                    let values =
                        values.filter(|(name, _)| name == column).map(|(_, value)| self.range(value));
                    with_doubt(union(values))
                }
                None => Ranges::anything(),
            },
            Kind::Progressive(base, index) => {
                let base = self.range(base);
                let rates = self.document.brackets.get(*index).map(|known| known.bands.as_slice());
                let rises = rates.is_some_and(|bands| bands.iter().all(|(_, rate)| !rate.is_negative()));
                let low = rises.then(Number::zero);
                Ranges::new(vec![Interval::closed(low, None)], false, base.beyond)
            }
            Kind::Index(list, _) => with_doubt(self.element_range(list)),
            _ => Ranges::anything(),
        }
    }

    fn named_range(&self, index: usize) -> Ranges {
        if let Some(known) = self.named.borrow().get(&index) {
            return known.clone();
        }
        let named = self.document.lets.get(index);
        let range = named.map_or_else(Ranges::anything, |named| self.range(&named.value));
        self.named.borrow_mut().insert(index, range.clone());
        range
    }

    fn input_range(&self, input: InputRef) -> Ranges {
        match self.fact(input) {
            Some((definition, in_period)) => {
                if definition.fact_type == FactType::Money {
                    self.steps
                        .borrow_mut()
                        .insert(format!("{}()", self.input_key(input)), definition.grain_step());
                }
                fact_range(definition, in_period)
            }
            None => Ranges::anything(),
        }
    }

    /// A given score wins over its derivation, so it may be whatever the fact may be.
    fn score_range(&self, index: usize, path: &[usize]) -> Ranges {
        let Some(score) = self.document.scores.get(index) else { return Ranges::anything() };
        let Some(part) = score.root.at(path) else { return Ranges::anything() };
        let derived = self.part_range(part);
        match score.given.filter(|_| path.is_empty()) {
            Some(given) => derived.union(&self.input_range(given)),
            None => derived,
        }
    }

    fn part_range(&self, part: &Part) -> Ranges {
        let points = self.points_range(&part.points);
        match &part.at_most {
            Some(cap) => least_of(&[points, Ranges::exact(cap.clone())]),
            None => points,
        }
    }

    /// What points may come to; a value that a division by nought leaves open leaves the points open too.
    pub(crate) fn points_range(&self, points: &Points) -> Ranges {
        if !self.goes_on() {
            return Ranges::anything();
        }
        let zero = || Ranges::exact(Number::zero());
        let or_nought =
            |points: Option<&Points>| points.map_or_else(zero, |points| self.points_range(points));
        let range = match points {
            Points::Sum(parts) => sum(parts.iter().map(|part| self.part_range(part))),
            Points::Best(parts) => {
                let all: Vec<Ranges> =
                    parts.iter().map(|part| self.part_range(part)).chain([zero()]).collect();
                greatest_of(&all)
            }
            Points::Bands(_, _, bands, otherwise) => {
                let bands = bands.iter().map(|(_, points)| self.points_range(points));
                union(bands.chain([or_nought(otherwise.as_deref())]))
            }
            Points::First(tiers, otherwise) => {
                let tiers = tiers.iter().map(|(_, points)| self.points_range(points));
                union(tiers.chain([or_nought(otherwise.as_deref())]))
            }
            Points::Value(value) => self.range(value),
            Points::Expert(low, high) => closed(Some(Number::from(*low)), Some(Number::from(*high))),
        };
        with_doubt(range)
    }

    fn call(&self, function: Builtin, arguments: &[Expr]) -> Ranges {
        let first = || arguments.first().map_or_else(Ranges::anything, |argument| self.range(argument));
        match function {
            Builtin::Count | Builtin::StringLength => {
                Ranges::new(vec![Interval::closed(Some(Number::zero()), None)], true, UNSURE)
            }
            Builtin::CountTrue => {
                let most = i64::try_from(arguments.len()).unwrap_or(i64::MAX);
                let all = arguments.iter().all(|argument| argument.ty == Type::Bool);
                let most = all.then(|| Number::from(most));
                Ranges::new(vec![Interval::closed(Some(Number::zero()), most)], true, UNSURE)
            }
            Builtin::Sum | Builtin::Min | Builtin::Max | Builtin::Mean | Builtin::Median => {
                self.aggregate(function, arguments)
            }
            Builtin::Abs => {
                Ranges::new(vec![Interval::closed(Some(Number::zero()), None)], false, first().beyond)
            }
            Builtin::Floor => rounded(&first(), Number::floor),
            Builtin::Ceiling => rounded(&first(), Number::ceiling),
            Builtin::RoundHalfUp => {
                let range = first();
                let low = range.least().filter(|least| !least.is_negative()).map(|_| Number::zero());
                Ranges::new(vec![Interval::closed(low, None)], false, range.beyond)
            }
            _ => Ranges::anything(),
        }
    }

    /// Of a list, or of the arguments side by side.
    fn aggregate(&self, function: Builtin, arguments: &[Expr]) -> Ranges {
        let listed: Option<Vec<Ranges>> = match arguments {
            [list] if matches!(list.ty, Type::List(_)) => match &list.kind {
                Kind::Items(items) => Some(items.iter().map(|item| self.range(item)).collect()),
                Kind::Span { years, .. } => Some(years.iter().map(|year| self.input_range(*year)).collect()),
                _ => None,
            },
            values => Some(values.iter().map(|value| self.range(value)).collect()),
        };
        let range = match (&listed, function) {
            (Some(values), Builtin::Sum) => sum(values.iter().cloned()),
            // A value that is no number may play no part, so that the others alone promise too much.
            (Some(values), _) if !beyond(values).is_empty() => union(values.iter().cloned()),
            (Some(values), Builtin::Min) => least_of(values),
            (Some(values), Builtin::Max) => greatest_of(values),
            (Some(values), _) => union(values.iter().cloned()),
            (None, Builtin::Sum) => {
                let element =
                    arguments.first().map_or_else(Ranges::anything, |list| self.element_range(list));
                let low = element.least().is_some_and(|least| !least.is_negative()).then(Number::zero);
                closed(low, None)
            }
            (None, _) => arguments.first().map_or_else(Ranges::anything, |list| self.element_range(list)),
        };
        let is_side_by_side = arguments.len() > 1 && listed.is_some();
        let hull = Ranges::new(range.hull().into_iter().collect(), false, range.beyond);
        // A list may be empty, and a span may reach before the founding.
        if is_side_by_side { hull } else { with_doubt(hull) }
    }

    /// What the members of a list may be.
    fn element_range(&self, list: &Expr) -> Ranges {
        if !self.goes_on() {
            return Ranges::anything();
        }
        match &list.kind {
            Kind::Items(items) => union(items.iter().map(|item| self.range(item))),
            Kind::Span { years, .. } => union(years.iter().map(|year| self.input_range(*year))),
            Kind::ForItems(_, _, body) => self.range(body),
            Kind::FilterItems(inner, ..) | Kind::FilterValues(inner, ..) => self.element_range(inner),
            _ => Ranges::anything(),
        }
    }
}

/// What a fact may be; a figure of a period may be of one before the founding.
fn fact_range(definition: &FactDefinition, in_period: bool) -> Ranges {
    let whole = matches!(definition.fact_type, FactType::Count | FactType::Year);
    let piece = Interval::closed(definition.least.clone(), definition.most.clone());
    let beyond = Beyond { absent: definition.none_allowed, unborn: in_period, undefined: false };
    Ranges::new(vec![piece], whole, beyond)
}

fn closed(low: Option<Number>, high: Option<Number>) -> Ranges {
    Ranges::one(Interval::closed(low, high))
}

fn with_doubt(mut range: Ranges) -> Ranges {
    range.beyond = UNSURE;
    range
}

fn union(ranges: impl Iterator<Item = Ranges>) -> Ranges {
    ranges.reduce(|left, right| left.union(&right)).unwrap_or_else(Ranges::anything)
}

fn rounded(range: &Ranges, round: fn(&Number) -> Number) -> Ranges {
    let end = |end: &Option<End>| end.as_ref().map(|end| round(&end.at));
    let piece = |piece: &Interval| Interval::closed(end(&piece.low), end(&piece.high));
    Ranges::new(range.pieces().iter().map(piece).collect(), false, range.beyond)
}

fn beyond(ranges: &[Ranges]) -> Beyond {
    ranges.iter().fold(Beyond::NONE, |all, range| all.or(range.beyond))
}

/// What the least of them may be.
fn least_of(ranges: &[Ranges]) -> Ranges {
    extreme(ranges, Extreme::Least)
}

/// What the greatest of them may be.
fn greatest_of(ranges: &[Ranges]) -> Ranges {
    extreme(ranges, Extreme::Greatest)
}

#[derive(Clone, Copy, PartialEq)]
enum Extreme {
    Least,
    Greatest,
}

fn extreme(ranges: &[Ranges], which: Extreme) -> Ranges {
    let hulls: Vec<Interval> = ranges.iter().filter_map(Ranges::hull).collect();
    let ends = |pick: fn(&Interval) -> &Option<End>| -> Vec<Option<Number>> {
        hulls.iter().map(|hull| pick(hull).as_ref().map(|end| end.at.clone())).collect()
    };
    let (lows, highs) = (ends(|hull| &hull.low), ends(|hull| &hull.high));
    // An end that is missing is infinite: it decides on its own side, and has no say on the other.
    let all = |ends: &[Option<Number>]| ends.iter().cloned().collect::<Option<Vec<Number>>>();
    let known = |ends: Vec<Option<Number>>| ends.into_iter().flatten();
    let (low, high) = match which {
        Extreme::Least => (all(&lows).and_then(|lows| lows.into_iter().min()), known(highs).min()),
        Extreme::Greatest => (known(lows).max(), all(&highs).and_then(|highs| highs.into_iter().max())),
    };
    Ranges::new(vec![Interval::closed(low, high)], false, beyond(ranges))
}

fn arithmetic(op: Arithmetic, left: &Ranges, right: &Ranges) -> Ranges {
    let beyond = left.beyond.or(right.beyond);
    let range = match op {
        Arithmetic::Add => sum([left.clone(), right.clone()].into_iter()),
        Arithmetic::Sub => sum([left.clone(), scaled(right, &-Number::one())].into_iter()),
        Arithmetic::Mul => product(left, right),
        Arithmetic::Div => {
            let never_nought = !right.intersect(&Ranges::that(Compare::Eq, &Number::zero())).has_numbers();
            let mut quotient = quotient(left, right);
            quotient.beyond.undefined |= !never_nought;
            quotient
        }
        Arithmetic::Pow => {
            let low = left.least().filter(|least| !least.is_negative()).map(|_| Number::zero());
            closed(low, None)
        }
    };
    let beyond = beyond.or(range.beyond);
    Ranges::new(range.pieces().to_vec(), false, beyond)
}

fn product(left: &Ranges, right: &Ranges) -> Ranges {
    let (Some(l), Some(r)) = (left.hull(), right.hull()) else {
        return Ranges::new(Vec::new(), false, left.beyond.or(right.beyond));
    };
    let at = |end: &Option<End>| end.as_ref().map(|end| end.at.clone());
    let is_positive = |end: &Option<End>| end.as_ref().is_some_and(|end| !end.at.is_negative());
    if is_positive(&l.low) && is_positive(&r.low) {
        let low = at(&l.low).zip(at(&r.low)).map(|(l, r)| &l * &r);
        let high = at(&l.high).zip(at(&r.high)).map(|(l, r)| &l * &r);
        return closed(low, high);
    }
    match (at(&l.low), at(&l.high), at(&r.low), at(&r.high)) {
        (Some(a), Some(b), Some(c), Some(d)) => {
            let corners = [&a * &c, &a * &d, &b * &c, &b * &d];
            closed(corners.iter().min().cloned(), corners.iter().max().cloned())
        }
        _ => Ranges::one(Interval::ALL),
    }
}

fn quotient(left: &Ranges, right: &Ranges) -> Ranges {
    if let (Some(by), Some(same)) = (right.least(), right.greatest())
        && by == same
        && let Some(factor) = Number::one().checked_div(by)
    {
        return scaled(left, &factor);
    }
    let is_at_least_nought = |range: &Ranges| range.least().is_some_and(|least| !least.is_negative());
    let low = (is_at_least_nought(left) && is_at_least_nought(right)).then(Number::zero);
    closed(low, None)
}
