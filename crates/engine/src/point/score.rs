//! Scores: totals and parts, as a number or as everything they may come to.

use facts::Number;
use lang::ir::{Compare, Document, Part, Points};

use super::causes::Causes;
use super::compare::compare_numbers;
use super::eval::Evaluator;
use super::numbers::{Absence, Interval, Numbers};
use super::readers::PartReads;
use super::value::{Truth, Value};

/// A score or part with what it comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Name.
    pub name: String,
    /// Points.
    pub points: Numbers,
    /// What they hang on.
    pub causes: Causes,
    /// Parts, in order.
    pub parts: Vec<Scored>,
    /// A value was given and differs from the derivation.
    pub contradicted: Option<Numbers>,
}

/// What a score came to, and the inputs that changed since, in so far as it reads them.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    scored: Option<Scored>,
    stale: Causes,
}

impl Memo {
    /// Notes that an input changed.
    pub fn forget(&mut self, reads: &PartReads, input: usize) {
        if self.scored.is_some() && reads.inputs.has(input) {
            self.stale.insert(input);
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The score of that index with its parts.
    pub(super) fn score(&mut self, index: usize) -> &Scored {
        let Memo { scored, stale } = std::mem::take(&mut self.scores[index]);
        let scored = match scored {
            Some(scored) if stale.is_empty() => scored,
            known => self.work_out(index, known, &stale),
        };
        self.scores[index].scored.insert(scored)
    }

    /// A score from the start, or anew those parts of it that read what is stale.
    fn work_out(&mut self, index: usize, known: Option<Scored>, stale: &Causes) -> Scored {
        let document: &'a Document = self.document;
        let score = &document.scores[index];
        let reads = self.readers.map(|readers| &readers.scores[index]);
        let mut scored = match (known, reads) {
            (Some(mut scored), Some(reads)) => {
                self.refresh(&score.root, reads, stale, &mut scored);
                scored
            }
            _ => self.part(&score.root),
        };
        scored.contradicted = None;
        if let Some(given) = score.given {
            let value = self.input(given).clone();
            let slot = self.slot_of(given);
            if value.causes.is_empty() {
                let numbers = value.as_numbers();
                let derived = scored.points.as_exact().filter(|derived| Some(*derived) != numbers.as_exact());
                scored.contradicted = derived.cloned().map(Numbers::exact);
                scored.points = numbers;
                scored.causes = Causes::NONE;
            } else if scored.points.as_exact().is_none() && hangs_on_judgement(&score.root.points) {
                scored.causes.insert(slot);
            }
        }
        scored
    }

    pub(super) fn score_value(&mut self, index: usize, path: &[usize]) -> Value {
        let mut part = Some(self.score(index));
        for at in path {
            part = part.and_then(|part| part.parts.get(*at));
        }
        match part {
            Some(part) => Value::numbers(part.points.clone(), part.causes.clone()),
            None => Value::exact(Number::zero()),
        }
    }

    fn part(&mut self, part: &'a Part) -> Scored {
        let (points, causes, parts) = self.points(&part.points);
        let (points, causes) = capped(part, points, causes);
        Scored { name: part.name.clone(), points, causes, parts, contradicted: None }
    }

    /// Works out anew what reads something stale.
    fn refresh(&mut self, part: &'a Part, reads: &PartReads, stale: &Causes, scored: &mut Scored) {
        let (points, causes) = match &part.points {
            Points::Sum(parts) | Points::Best(parts) => {
                for ((part, reads), scored) in parts.iter().zip(&reads.parts).zip(&mut scored.parts) {
                    if reads.inputs.meets(stale) {
                        self.refresh(part, reads, stale, scored);
                    }
                }
                put_together(&part.points, &scored.parts)
            }
            points => {
                let (points, causes, parts) = self.points(points);
                scored.parts = parts;
                (points, causes)
            }
        };
        (scored.points, scored.causes) = capped(part, points, causes);
    }

    fn points(&mut self, points: &'a Points) -> (Numbers, Causes, Vec<Scored>) {
        match points {
            Points::Sum(parts) | Points::Best(parts) => {
                let parts: Vec<Scored> = parts.iter().map(|part| self.part(part)).collect();
                let (points, causes) = put_together(points, &parts);
                (points, causes, parts)
            }
            Points::Bands(of, compare, bands, otherwise) => {
                let (value, causes) = self.numbers(of);
                let (points, inner) = self.bands(&value, *compare, bands, otherwise.as_deref());
                (points, causes.union(&inner), Vec::new())
            }
            Points::First(tiers, otherwise) => self.tiers(tiers, otherwise.as_deref()),
            Points::Value(value) => {
                let (numbers, causes) = self.numbers(value);
                (numbers, causes, Vec::new())
            }
            Points::Expert(low, high) => {
                let interval = Interval::closed(Number::from(*low), Number::from(*high));
                (Numbers::interval(interval), Causes::NONE, Vec::new())
            }
        }
    }

    fn bands(
        &mut self,
        value: &Numbers,
        compare: Compare,
        bands: &'a [(Number, Points)],
        otherwise: Option<&'a Points>,
    ) -> (Numbers, Causes) {
        let mut result = Numbers::from_pieces(Vec::new(), Absence::NEVER);
        let mut causes = Causes::NONE;
        for (bound, points) in bands {
            let truth = compare_numbers(compare, value, &Numbers::exact(bound.clone()));
            if truth == Truth::False {
                continue;
            }
            let (points, why, _) = self.points(points);
            result = result.union(&points);
            causes.add(&why);
            if truth == Truth::True {
                return (result, causes);
            }
        }
        let last = match otherwise {
            Some(last) => {
                let (points, why, _) = self.points(last);
                causes.add(&why);
                points
            }
            None => Numbers::exact(Number::zero()),
        };
        (result.union(&last), causes)
    }

    fn tiers(
        &mut self,
        tiers: &'a [(lang::ir::Expr, Points)],
        otherwise: Option<&'a Points>,
    ) -> (Numbers, Causes, Vec<Scored>) {
        let mut result = Numbers::from_pieces(Vec::new(), Absence::NEVER);
        let mut causes = Causes::NONE;
        let mut parts = Vec::new();
        let mut is_decided = false;
        for (condition, points) in tiers {
            let (truth, why) = self.truth(condition);
            // Parts of all tiers are named side by side; those of a tier that does not apply come to nothing.
            let (numbers, inner, mut named) = self.points(points);
            if is_decided || truth == Truth::False {
                named.iter_mut().for_each(|part| part.points = Numbers::exact(Number::zero()));
                named.iter_mut().for_each(|part| part.causes = Causes::NONE);
                parts.append(&mut named);
                continue;
            }
            parts.append(&mut named);
            result = result.union(&numbers);
            causes.add(&inner);
            causes.add(&why);
            is_decided = truth == Truth::True;
        }
        if !is_decided {
            let (last, why, mut named) = match otherwise {
                Some(last) => self.points(last),
                None => (Numbers::exact(Number::zero()), Causes::NONE, Vec::new()),
            };
            causes.add(&why);
            parts.append(&mut named);
            result = result.union(&last);
        }
        (result, causes, parts)
    }
}

/// Points within the cap of their part.
fn capped(part: &Part, points: Numbers, causes: Causes) -> (Numbers, Causes) {
    let points = match &part.at_most {
        Some(cap) => points.min(&Numbers::exact(cap.clone())),
        None => points,
    };
    let causes = if points.as_exact().is_some() { Causes::NONE } else { causes };
    (points, causes)
}

/// The sum of parts, or the best of them.
fn put_together(how: &Points, parts: &[Scored]) -> (Numbers, Causes) {
    let zero = Numbers::exact(Number::zero());
    if !matches!(how, Points::Best(_)) {
        let sum = parts.iter().fold(zero, |sum, part| sum.add(&hull(&part.points)));
        return (sum, causes_of(parts));
    }
    let best = parts.iter().fold(zero, |best, part| best.max(&part.points));
    // A basis that cannot beat another has no say in what is missing.
    let floor = parts.iter().filter_map(|part| part.points.hull()?.low.value().cloned()).max();
    let matters = |part: &&Scored| {
        let top = part.points.hull().and_then(|hull| hull.high.value().cloned());
        top.zip(floor.as_ref()).is_none_or(|(top, floor)| top > *floor)
    };
    let mut causes = Causes::NONE;
    parts.iter().filter(matters).for_each(|part| causes.add(&part.causes));
    (best, causes)
}

fn causes_of(parts: &[Scored]) -> Causes {
    let mut causes = Causes::NONE;
    parts.iter().for_each(|part| causes.add(&part.causes));
    causes
}

/// Sums of many open parts keep to ranges; which of the sums between are possible is of no use to anybody.
fn hull(points: &Numbers) -> Numbers {
    match (points.as_exact(), points.hull()) {
        (None, Some(hull)) => Numbers::from_pieces(vec![hull], points.absence),
        _ => points.clone(),
    }
}

/// Whether an expert or an unpublished function decides some of the points, so that only the score itself settles them.
fn hangs_on_judgement(points: &Points) -> bool {
    match points {
        Points::Expert(low, high) => low != high,
        Points::Sum(parts) | Points::Best(parts) => parts.iter().any(|part| hangs_on_judgement(&part.points)),
        Points::Bands(_, _, bands, otherwise) => {
            bands.iter().any(|(_, points)| hangs_on_judgement(points))
                || otherwise.as_deref().is_some_and(hangs_on_judgement)
        }
        Points::First(tiers, otherwise) => {
            tiers.iter().any(|(_, points)| hangs_on_judgement(points))
                || otherwise.as_deref().is_some_and(hangs_on_judgement)
        }
        Points::Value(_) => false,
    }
}
