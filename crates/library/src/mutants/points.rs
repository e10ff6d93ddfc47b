//! Which points a part of a score can come to, and the most of them, as far as that is written down.

use facts::Number;
use lang::ir::{Builtin, Constant, Expr, Kind, Part, Points};

/// Most different numbers of points that are followed; past that, nothing is said.
const KINDS_MAX: usize = 2_000;

/// The most points that can be given; none where it is not written down.
pub(super) fn most(points: &Points) -> Option<Number> {
    match points {
        Points::Sum(parts) => {
            let all = parts.iter().map(most_of).collect::<Option<Vec<Number>>>()?;
            Some(all.iter().fold(Number::zero(), |sum, points| &sum + points))
        }
        Points::Best(parts) => greatest(parts.iter().map(most_of)),
        Points::Bands(_, _, bands, otherwise) => {
            greatest(bands.iter().map(|(_, points)| points).chain(otherwise.as_deref()).map(most))
        }
        Points::First(tiers, otherwise) => {
            greatest(tiers.iter().map(|(_, points)| points).chain(otherwise.as_deref()).map(most))
        }
        Points::Value(value) => match &value.kind {
            Kind::Call(Builtin::Min, parts) => parts.iter().filter_map(constant).min(),
            _ => constant(value),
        },
        Points::Expert(_, most) => Some(Number::from(*most)),
    }
}

fn most_of(part: &Part) -> Option<Number> {
    let inner = most(&part.points);
    match (&part.at_most, inner) {
        (Some(cap), Some(inner)) => Some(cap.clone().min(inner)),
        (cap, inner) => inner.or_else(|| cap.clone()),
    }
}

/// The greatest, if all are known. Where nothing fits there are no points, which is nought.
fn greatest(all: impl Iterator<Item = Option<Number>>) -> Option<Number> {
    all.collect::<Option<Vec<Number>>>()?.into_iter().chain([Number::zero()]).max()
}

/// Every number of points that a part can come to, and maybe more; none where that is not written down.
pub(super) fn possible(part: &Part) -> Option<Vec<Number>> {
    let mut all = possible_points(&part.points)?;
    if let Some(cap) = &part.at_most {
        all = all.into_iter().map(|points| points.min(cap.clone())).collect();
    }
    few(all)
}

fn possible_points(points: &Points) -> Option<Vec<Number>> {
    match points {
        Points::Sum(parts) => parts.iter().try_fold(vec![Number::zero()], |sums, part| {
            let own = possible(part)?;
            few(sums.iter().flat_map(|sum| own.iter().map(move |points| sum + points)).collect())
        }),
        Points::Best(parts) => together(parts.iter().map(possible)),
        Points::Bands(_, _, bands, otherwise) => {
            together(bands.iter().map(|(_, points)| points).chain(otherwise.as_deref()).map(possible_points))
        }
        Points::First(tiers, otherwise) => {
            together(tiers.iter().map(|(_, points)| points).chain(otherwise.as_deref()).map(possible_points))
        }
        Points::Value(value) => constant(value).map(|points| vec![points]),
        // Between whole points a range is told, but its ends are whole.
        Points::Expert(least, most) => few((*least..=*most).map(Number::from).collect()),
    }
}

/// All of them, and nought, which stands where nothing fits.
fn together(all: impl Iterator<Item = Option<Vec<Number>>>) -> Option<Vec<Number>> {
    few(all.collect::<Option<Vec<Vec<Number>>>>()?.into_iter().flatten().chain([Number::zero()]).collect())
}

fn few(mut all: Vec<Number>) -> Option<Vec<Number>> {
    all.sort();
    all.dedup();
    (all.len() <= KINDS_MAX).then_some(all)
}

fn constant(value: &Expr) -> Option<Number> {
    match &value.kind {
        Kind::Constant(Constant::Number(number)) => Some(number.clone()),
        _ => None,
    }
}
