//! Mistakes that provably change no answer, whatever is known of a subject.
//!
//! Nobody can write an example that notices them, so they count neither way. Everything here is a proof from the checked
//! documents; what is not proved is taken for a difference. Two things are proved: that a cap lies where the points below
//! it cannot reach, and that no value that the left side of a comparison can take tells the two comparisons apart.

use facts::{FactType, Number, Vocabulary};
use lang::ir::{
    Amount, Arithmetic, Builtin, Compare, Constant, Document, Expr, InputKind, InputRef, Kind, Part,
    RankRule, Test,
};

use super::points::{most, possible};

/// Whether the two, which differ in one place, provably give the same answers.
pub(super) fn decides_the_same(original: &Document, mutant: &Document, vocabulary: &Vocabulary) -> bool {
    let scores = || original.scores.iter().zip(&mutant.scores);
    let is_idle = |pair: (&Part, &Part)| is_idle_cap(pair.0, pair.1);
    if scores().any(|(left, right)| any_part(&left.root, &right.root, &is_idle)) {
        return true;
    }
    let (left, right) = (comparisons(original), comparisons(mutant));
    let changed = left.iter().zip(&right).find(|(left, right)| (left.1, &left.2) != (right.1, &right.2));
    changed.is_some_and(|(left, right)| {
        let domain = domain(left.0, original, vocabulary);
        domain.is_some_and(|domain| domain.agrees((left.1, &left.2), (right.1, &right.2)))
    })
}

/// Whether `holds` of some part of a score and the same part of its twin.
fn any_part(left: &Part, right: &Part, holds: &dyn Fn((&Part, &Part)) -> bool) -> bool {
    let mut inner = left.points.parts().into_iter().zip(right.points.parts());
    holds((left, right)) || inner.any(|(left, right)| any_part(left, right, holds))
}

/// Two caps, neither of which the points below them can reach over.
fn is_idle_cap(left: &Part, right: &Part) -> bool {
    let (Some(one), Some(other)) = (&left.at_most, &right.at_most) else { return false };
    one != other && most(&left.points).is_some_and(|most| most <= *one && most <= *other)
}

/// A comparison of an expression with a number.
type Comparison<'d> = (&'d Expr, Compare, Number);

/// Every comparison with a number in the document, in one order for all documents of the same build.
fn comparisons(document: &Document) -> Vec<Comparison<'_>> {
    let mut out = Vec::new();
    for root in roots(document) {
        let mut open = vec![root];
        while let Some(expr) = open.pop() {
            if let Kind::Compare(compare, left, right) = &expr.kind
                && let Kind::Constant(Constant::Number(number)) = &right.kind
            {
                out.push((left.as_ref(), *compare, number.clone()));
            }
            open.extend(expr.children());
        }
    }
    out
}

/// The outermost expressions that a decision is made with.
fn roots(document: &Document) -> Vec<&Expr> {
    let mut out: Vec<&Expr> = Vec::new();
    for condition in document.conditions() {
        match &condition.test {
            Test::Rule(rule) => out.push(rule),
            Test::First(tiers, _) => out.extend(tiers.iter().map(|(when, _)| when)),
            Test::Manual(..)
            | Test::All(_)
            | Test::Any(_)
            | Test::Include(..)
            | Test::About(..)
            | Test::Each(..) => {}
        }
    }
    out.extend(document.lets.iter().chain(&document.gives.also).map(|named| &named.value));
    out.extend(document.lists.iter().filter_map(|list| list.filter.as_ref()));
    document.scores.iter().for_each(|score| out.extend(score.root.points.expressions()));
    match &document.gives.amount {
        Some(Amount::Value(value)) => out.push(value),
        Some(Amount::Milestones(stages, _)) => {
            out.extend(stages.iter().flat_map(|stage| [&stage.when, &stage.amount]));
        }
        None => {}
    }
    out.extend(&document.gives.at_most);
    match document.gives.rank.as_ref().map(|rank| &rank.rule) {
        Some(RankRule::First(tiers, _)) => out.extend(tiers.iter().map(|(when, _)| when)),
        Some(RankRule::InGroup { outside: Some((when, _)), .. }) => out.push(when),
        _ => {}
    }
    out
}

/// What a number can be; more than it really can be is safe.
#[derive(Clone, PartialEq, Debug)]
enum Domain {
    /// One of these.
    These(Vec<Number>),
    /// Between two bounds, each where there is one; whole or not.
    Between { least: Option<Number>, most: Option<Number>, is_whole: bool },
}

impl Domain {
    /// Whether the two comparisons say the same of everything in it. Both change only at their numbers, so looking there,
    /// between and beside them is enough.
    fn agrees(&self, left: (Compare, &Number), right: (Compare, &Number)) -> bool {
        let holds = |value: &Number, (compare, number): (Compare, &Number)| compare.holds(value.cmp(number));
        let same = |value: &Number| holds(value, left) == holds(value, right);
        match self {
            Self::These(values) => values.iter().all(same),
            Self::Between { least, most, is_whole } => {
                let one = Number::one();
                let two = &one + &one;
                let middle = (left.1 + right.1).checked_div(&two).unwrap_or_else(Number::zero);
                let near = [left.1.clone(), right.1.clone(), middle];
                let beside = near.iter().flat_map(|number| [number - &one, number.clone(), number + &one]);
                let whole = beside.clone().flat_map(|number| [number.floor(), number.ceiling()]);
                let candidates: Vec<Number> = if *is_whole { whole.collect() } else { beside.collect() };
                let ends = least.iter().chain(most).cloned();
                let is_in = |value: &Number| {
                    least.as_ref().is_none_or(|least| value >= least)
                        && most.as_ref().is_none_or(|most| value <= most)
                };
                candidates.into_iter().chain(ends).filter(is_in).all(|value| same(&value))
            }
        }
    }
}

/// What an expression can come to; none where nothing is known of it.
fn domain(expr: &Expr, document: &Document, vocabulary: &Vocabulary) -> Option<Domain> {
    match &expr.kind {
        Kind::Input(input) => fact_domain(*input, document, vocabulary),
        Kind::Score(index, path) => {
            let score = document.scores.get(*index)?;
            // A total that is given may be anything.
            if path.is_empty() && score.given.is_some() {
                return None;
            }
            possible(score.root.at(path)?).map(Domain::These)
        }
        Kind::Call(Builtin::Count, _) => {
            Some(Domain::Between { least: Some(Number::zero()), most: None, is_whole: true })
        }
        Kind::Call(Builtin::CountTrue, parts) => {
            let most = i64::try_from(parts.len()).ok().map(Number::from);
            Some(Domain::Between { least: Some(Number::zero()), most, is_whole: true })
        }
        Kind::Arithmetic(Arithmetic::Add, left, right) => {
            sum(domain(left, document, vocabulary)?, domain(right, document, vocabulary)?)
        }
        _ => None,
    }
}

fn sum(left: Domain, right: Domain) -> Option<Domain> {
    let (
        Domain::Between { least: low, most: high, is_whole },
        Domain::Between { least: other_low, most: other_high, is_whole: other_whole },
    ) = (left, right)
    else {
        return None;
    };
    let add = |one: Option<Number>, other: Option<Number>| Some(&one? + &other?);
    Some(Domain::Between {
        least: add(low, other_low),
        most: add(high, other_high),
        is_whole: is_whole && other_whole,
    })
}

fn fact_domain(input: InputRef, document: &Document, vocabulary: &Vocabulary) -> Option<Domain> {
    let kind = document.vars.get(input.var.0)?.kind;
    let InputKind::Fact(fact, _) = document.kinds.get(kind.0)?.inputs.get(input.index)?.kind else {
        return None;
    };
    let definition = vocabulary.get(fact);
    let is_number = matches!(
        definition.fact_type,
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio | FactType::Year
    );
    let is_whole = matches!(definition.fact_type, FactType::Count | FactType::Year);
    is_number.then(|| Domain::Between {
        least: definition.least.clone(),
        most: definition.most.clone(),
        is_whole,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole_from_nought() -> Domain {
        Domain::Between { least: Some(Number::zero()), most: None, is_whole: true }
    }

    #[test]
    fn comparisons_that_no_value_tells_apart_agree() {
        let [zero, one] = [0, 1].map(Number::from);
        let minus = Number::from(-1);
        let half = Number::ratio(1, 2).unwrap();
        let whole = whole_from_nought();
        assert!(whole.agrees((Compare::Ge, &zero), (Compare::Ge, &minus)));
        assert!(whole.agrees((Compare::Gt, &zero), (Compare::Ge, &one)));
        assert!(whole.agrees((Compare::Ge, &half), (Compare::Gt, &half)));
        assert!(
            Domain::These(vec![zero.clone(), Number::from(4)])
                .agrees((Compare::Gt, &zero), (Compare::Gt, &one))
        );
    }

    #[test]
    fn comparisons_that_some_value_tells_apart_do_not() {
        let [zero, one] = [0, 1].map(Number::from);
        let whole = whole_from_nought();
        assert!(!whole.agrees((Compare::Gt, &zero), (Compare::Gt, &one)));
        assert!(!whole.agrees((Compare::Gt, &zero), (Compare::Ge, &zero)));
        let any = Domain::Between { least: Some(zero.clone()), most: None, is_whole: false };
        assert!(!any.agrees((Compare::Gt, &zero), (Compare::Ge, &one)));
        assert!(!Domain::These(vec![one.clone()]).agrees((Compare::Eq, &one), (Compare::Ne, &one)));
    }
}
