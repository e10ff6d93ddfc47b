//! Whether a subject could meet several conditions at once: by cases, each a set of values for every name.

use std::collections::{BTreeMap, BTreeSet};

use super::Logic;
use super::formula::{Atom, Formula};
use super::linear::{scaled, sum};
use crate::lint::sets::{Beyond, Ranges, Values};

/// Most cases that are kept side by side; with more nothing is concluded.
const CASES_MAX: usize = 3_000;

/// How a condition comes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    True,
    False,
    /// False, or neither.
    NotTrue,
    /// True, or neither.
    NotFalse,
}

impl Mode {
    fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    /// Whether a group of which all must hold has to come out so in all its members.
    fn is_of_all(self) -> bool {
        matches!(self, Self::True | Self::NotFalse)
    }
}

/// What each value may be.
type Case = BTreeMap<String, Values>;

/// A condition and how it is to come out.
pub(crate) type Wanted<'f> = (&'f Formula, Mode);

impl Logic<'_> {
    /// Whether no subject can be such that all of these come out as wanted. False where it cannot be told.
    pub(crate) fn is_impossible(&self, wanted: &[Wanted<'_>]) -> bool {
        self.is_impossible_of(wanted, Beyond::ALL)
    }

    /// The same of subjects whose values go no further beyond numbers and codes than that.
    pub(crate) fn is_impossible_of(&self, wanted: &[Wanted<'_>], beyond: Beyond) -> bool {
        // Those with the fewest cases first, so that few cases are ever kept.
        let mut by_size: Vec<&Wanted<'_>> = wanted.iter().collect();
        by_size.sort_by_key(|(formula, _)| formula.keys().len());
        let mut cases = vec![Case::new()];
        for (formula, mode) in by_size {
            match self.extend(cases, formula, *mode, beyond) {
                Some(next) => cases = next,
                None => return false,
            }
            if cases.is_empty() {
                return true;
            }
        }
        cases.iter().all(|case| self.contradicts_sums(case))
    }

    /// Whether a condition speaks of a value that one of the others speaks of, itself or in a sum.
    pub(crate) fn is_related(&self, to: &[&Formula], other: &Formula) -> bool {
        let known: BTreeSet<String> = to.iter().flat_map(|formula| self.values_of(formula)).collect();
        self.values_of(other).iter().any(|key| known.contains(key))
    }

    /// The one value that a condition speaks of, with the numbers for which it is true; `None` if it speaks of another
    /// thing or of several.
    pub(crate) fn numbers_of(&self, formula: &Formula) -> Option<(String, Ranges)> {
        let cases = self.extend(vec![Case::new()], formula, Mode::True, Beyond::NONE)?;
        let mut found: Option<(String, Ranges)> = None;
        for case in cases {
            let mut values = case.into_iter();
            let (Some((key, Values::Numbers(ranges))), None) = (values.next(), values.next()) else {
                return None;
            };
            found = match found {
                None => Some((key, ranges)),
                Some((known, all)) if known == key => Some((known, all.union(&ranges))),
                Some(_) => return None,
            };
        }
        found
    }

    fn values_of(&self, formula: &Formula) -> Vec<String> {
        let sums = self.sums.borrow();
        let mut keys = Vec::new();
        for key in formula.keys() {
            keys.push(key.to_owned());
            keys.extend(
                sums.get(key).into_iter().flat_map(|(terms, _)| terms.iter().map(|(key, _)| key.clone())),
            );
        }
        keys
    }

    fn extend(&self, cases: Vec<Case>, formula: &Formula, mode: Mode, beyond: Beyond) -> Option<Vec<Case>> {
        match formula {
            Formula::Not(inner) => self.extend(cases, inner, mode.negated(), beyond),
            Formula::NotTrue(inner) => {
                let inner_mode = if mode.is_of_all() { Mode::NotTrue } else { Mode::NotFalse };
                self.extend(cases, inner, inner_mode, beyond)
            }
            Formula::Exists(inner) if mode.is_of_all() => self.extend(cases, inner, mode, beyond),
            Formula::Exists(_) => Some(cases),
            Formula::Atom(atom) => Some(with_atom(cases, atom, mode, beyond)),
            Formula::All(parts) | Formula::Any(parts) => {
                if matches!(formula, Formula::All(_)) == mode.is_of_all() {
                    return parts
                        .iter()
                        .try_fold(cases, |cases, part| self.extend(cases, part, mode, beyond));
                }
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.extend(cases.clone(), part, mode, beyond)?);
                    if all.len() > CASES_MAX {
                        return None;
                    }
                }
                Some(all)
            }
        }
    }

    /// Whether a sum cannot be what the case says, given what it says of the terms.
    fn contradicts_sums(&self, case: &Case) -> bool {
        let sums = self.sums.borrow();
        case.iter().any(|(key, values)| {
            let (Values::Numbers(wanted), Some((terms, domains))) = (values, sums.get(key)) else {
                return false;
            };
            let of_term = |((key, factor), domain): (&(String, facts::Number), &Ranges)| {
                let range = match case.get(key) {
                    Some(Values::Numbers(narrowed)) => narrowed,
                    _ => domain,
                };
                scaled(range, factor)
            };
            // A term that is no number leaves the sum open.
            let known = terms.iter().zip(domains).map(of_term).collect::<Vec<_>>();
            let is_open = known.iter().any(|range| !range.has_numbers());
            !is_open && wanted.beyond.is_empty() && wanted.intersect(&sum(known.into_iter())).is_empty()
        })
    }
}

fn with_atom(cases: Vec<Case>, atom: &Atom, mode: Mode, beyond: Beyond) -> Vec<Case> {
    let set = if mode.is_of_all() { &atom.holds } else { &atom.fails };
    let undefined = atom.undefined && matches!(mode, Mode::NotTrue | Mode::NotFalse);
    let allowed = Beyond { undefined, ..set.beyond() }.and(beyond);
    let set = set.clone().with_beyond(allowed);
    let narrowed = cases.into_iter().filter_map(|mut case| {
        let values = match case.get(&atom.key) {
            Some(known) => known.intersect(&set),
            None => set.clone(),
        };
        if values.is_empty() {
            return None;
        }
        case.insert(atom.key.clone(), values);
        Some(case)
    });
    narrowed.collect()
}
