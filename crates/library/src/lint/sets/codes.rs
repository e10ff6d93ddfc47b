//! Sets of codes: those named, or all but those named. A name may stand for all codes that lie under it.

use super::Beyond;

/// A code, or all codes under it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Pattern {
    pub text: String,
    pub under: bool,
}

impl Pattern {
    pub(crate) fn exact(text: impl Into<String>) -> Self {
        Self { text: text.into(), under: false }
    }

    /// Whether every code of `other` is one of its own.
    fn holds_all(&self, other: &Self) -> bool {
        match self.under {
            true => other.text.starts_with(&self.text),
            false => !other.under && other.text == self.text,
        }
    }
}

/// A set of codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CodeSet {
    /// These; all codes there are if absent.
    only: Option<Vec<Pattern>>,
    /// But none of these.
    but: Vec<Pattern>,
    pub beyond: Beyond,
}

impl CodeSet {
    pub(crate) fn of(patterns: Vec<Pattern>) -> Self {
        Self { only: Some(patterns), but: Vec::new(), beyond: Beyond::NONE }
    }

    pub(crate) fn all_but(patterns: Vec<Pattern>) -> Self {
        Self { only: None, but: patterns, beyond: Beyond::NONE }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.only.as_ref().is_some_and(Vec::is_empty) && self.beyond.is_empty()
    }

    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let mut only = match (&self.only, &other.only) {
            (Some(left), Some(right)) => Some(meet(left, right)),
            (Some(known), None) | (None, Some(known)) => Some(known.clone()),
            (None, None) => None,
        };
        let mut but: Vec<Pattern> = self.but.iter().chain(&other.but).cloned().collect();
        but.sort();
        but.dedup();
        if let Some(only) = &mut only {
            only.retain(|pattern| !but.iter().any(|excluded| excluded.holds_all(pattern)));
        }
        Self { only, but, beyond: self.beyond.and(other.beyond) }
    }
}

fn meet(left: &[Pattern], right: &[Pattern]) -> Vec<Pattern> {
    let mut both = Vec::new();
    for one in left {
        for other in right {
            if one.holds_all(other) {
                both.push(other.clone());
            } else if other.holds_all(one) {
                both.push(one.clone());
            }
        }
    }
    both.sort();
    both.dedup();
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| Pattern { text: (*text).to_owned(), under: true }).collect()
    }

    #[test]
    fn a_finer_code_lies_in_the_coarser_one() {
        let both = CodeSet::of(under(&["C", "I65"])).intersect(&CodeSet::of(under(&["C39"])));
        assert_eq!(both, CodeSet::of(under(&["C39"])));
        assert!(CodeSet::of(under(&["C39"])).intersect(&CodeSet::of(under(&["I65"]))).is_empty());
    }

    #[test]
    fn excluding_the_coarser_code_excludes_the_finer_and_not_the_other_way_round() {
        assert!(CodeSet::of(under(&["C39"])).intersect(&CodeSet::all_but(under(&["C"]))).is_empty());
        assert!(!CodeSet::of(under(&["C"])).intersect(&CodeSet::all_but(under(&["C39"]))).is_empty());
    }
}
