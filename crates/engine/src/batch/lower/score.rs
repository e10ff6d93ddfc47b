//! Scores.

use facts::Number;
use lang::ir::{Compare, Part, Points};

use super::{Held, Lowerer, Why};
use crate::batch::program::{Binary, NumberId, Numeric, Unary};

impl Lowerer<'_, '_> {
    /// The score of that index, or its part at that path.
    pub(super) fn score(&mut self, index: usize, path: &[usize]) -> Held<NumberId> {
        let score = &self.document.scores[index];
        if !path.is_empty() {
            return self.part_at(&score.root, path);
        }
        let derived = self.part(&score.root)?;
        match score.given {
            Some(given) => {
                let slot = self.slot(given)?;
                Ok(self.program.numbers.place(Numeric::Given(slot, derived)))
            }
            None => Ok(derived),
        }
    }

    fn part_at(&mut self, part: &Part, path: &[usize]) -> Held<NumberId> {
        let Some((first, rest)) = path.split_first() else { return self.part(part) };
        match &part.points {
            Points::Sum(parts) | Points::Best(parts) => {
                self.part_at(parts.get(*first).ok_or(Why::Shape)?, rest)
            }
            _ => Err(Why::Shape),
        }
    }

    fn part(&mut self, part: &Part) -> Held<NumberId> {
        let points = self.points(&part.points)?;
        Ok(match &part.at_most {
            Some(cap) => {
                let cap = self.program.constant(cap.clone());
                self.program.binary(Binary::Min, points, cap)
            }
            None => points,
        })
    }

    fn points(&mut self, points: &Points) -> Held<NumberId> {
        match points {
            Points::Sum(parts) => {
                let mut sum = self.program.constant(Number::zero());
                for part in parts {
                    let points = self.part(part)?;
                    let points = match self.program.as_constant(points) {
                        Some(_) => points,
                        None => self.unary(Unary::Hull, points),
                    };
                    sum = self.program.binary(Binary::Add, sum, points);
                }
                Ok(sum)
            }
            Points::Best(parts) => {
                let mut best = self.program.constant(Number::zero());
                for part in parts {
                    let points = self.part(part)?;
                    best = self.program.binary(Binary::Max, best, points);
                }
                Ok(best)
            }
            Points::Bands(of, compare, bands, otherwise) => {
                let value = self.number(of)?;
                self.bands(value, *compare, bands, otherwise.as_deref())
            }
            Points::First(tiers, otherwise) => {
                let mut result = self.otherwise(otherwise.as_deref())?;
                for (when, points) in tiers.iter().rev() {
                    let (when, then) = (self.truth(when), self.points(points)?);
                    result = self.program.numbers.place(Numeric::Select(when, then, result));
                }
                Ok(result)
            }
            Points::Value(value) => self.number(value),
            Points::Expert(low, high) => Ok(self.between(Number::from(*low), Number::from(*high))),
        }
    }

    fn otherwise(&mut self, otherwise: Option<&Points>) -> Held<NumberId> {
        match otherwise {
            Some(last) => self.points(last),
            None => Ok(self.program.constant(Number::zero())),
        }
    }

    /// The first bound that the value reaches, or keeps within.
    fn bands(
        &mut self,
        value: NumberId,
        compare: Compare,
        bands: &[(Number, Points)],
        otherwise: Option<&Points>,
    ) -> Held<NumberId> {
        let mut result = self.otherwise(otherwise)?;
        for (bound, points) in bands.iter().rev() {
            let bound = self.program.constant(bound.clone());
            let when = self.compare_numbers(compare, value, bound);
            let then = self.points(points)?;
            result = self.program.numbers.place(Numeric::Select(when, then, result));
        }
        Ok(result)
    }
}
