//! Ranks within a group: who stands in which band, from the scores of all that are given.
//!
//! A subject's place is the number of members with a strictly better score over the number of members; ties share the
//! better band. Those that stand outside, and those whose conditions fail, are no members. Where scores, groups or
//! membership are not known, a band is given only if it is the same for all that they may be. The group is the
//! population given: a subject alone in it has no band.

use std::collections::BTreeMap;

use facts::{Date, Number, Profile};
use lang::ir::RankRule;

use super::decision::Engine;
use super::numbers::Numbers;
use super::rulebook::{Entry, Standing};
use super::value::{Thing, Truth};
use super::verdict::{Band, Verdict};

/// Fewest members that a band can be told among.
const MEMBERS_LEAST: usize = 2;

/// What is known of one that may be ranked.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Whether it is ranked at all.
    pub is_member: Truth,
    /// The group that it belongs to; none if that is not known.
    pub group: Option<String>,
    /// Its score.
    pub score: Numbers,
}

/// The bands of all subjects for the document of that id on a day, in the order of the subjects; `None` where the
/// document ranks nobody within a group or no version of it is in force.
pub fn group_bands(engine: &Engine<'_>, id: &str, profiles: &[&Profile], day: Date) -> Option<Vec<Band>> {
    let Some(Standing::InForce(entry)) = engine.rulebook().on(id, day) else { return None };
    let RankRule::InGroup { bands, .. } = &entry.document.gives.rank.as_ref()?.rule else {
        return None;
    };
    let members: Vec<Member> = profiles.iter().map(|profile| member(engine, entry, profile, day)).collect();
    Some(bands_of(bands, &members))
}

/// What is known of one that a document may rank within a group.
pub(crate) fn member(engine: &Engine<'_>, entry: &Entry, profile: &Profile, day: Date) -> Member {
    let nobody = Member { is_member: Truth::False, group: None, score: Numbers::exact(Number::zero()) };
    let Some(RankRule::InGroup { group, by, outside, .. }) =
        entry.document.gives.rank.as_ref().map(|rank| &rank.rule)
    else {
        return nobody;
    };
    engine.inspect(entry, profile, day, |evaluator| {
        let conditions = Verdict::of(evaluator, &None).truth;
        let is_outside = outside.as_ref().map_or(Truth::False, |(when, _)| evaluator.truth(when).0);
        let group = match &evaluator.input(*group).thing {
            Thing::Texts(Some(texts), _) if texts.len() == 1 => texts.first().cloned(),
            _ => None,
        };
        Member {
            is_member: conditions.and(is_outside.negate()),
            group,
            score: evaluator.score(*by).points.clone(),
        }
    })
}

/// The band of each, given the bands with their shares of the group, best first.
pub fn bands_of(bands: &[(String, Number)], members: &[Member]) -> Vec<Band> {
    let mut groups: BTreeMap<&str, Field> = BTreeMap::new();
    for group in members.iter().filter_map(|member| member.group.as_deref()) {
        groups.entry(group).or_default();
    }
    for member in members.iter().filter(|member| member.is_member != Truth::False) {
        let span = Span::of(&member.score);
        match member.group.as_deref() {
            Some(group) => {
                let field = groups.entry(group).or_default();
                field.add(&span, member.is_member == Truth::True);
            }
            // It may belong to any of them.
            None => groups.values_mut().for_each(|field| field.add(&span, false)),
        }
    }
    groups.values_mut().for_each(Field::sort);
    members
        .iter()
        .map(|member| {
            let field = groups.get(member.group.as_deref()?)?;
            if member.is_member == Truth::False {
                return None;
            }
            field.band(bands, &Span::of(&member.score), member.is_member == Truth::True)
        })
        .collect()
}

/// Least and greatest score; the flag of the greatest says that there is none.
#[derive(Clone, PartialEq, Debug)]
struct Span {
    low: Option<Number>,
    high: (bool, Number),
}

impl Span {
    fn of(score: &Numbers) -> Self {
        let hull = score.hull().filter(|_| !score.absence.is_possible());
        let (low, high) = match &hull {
            Some(hull) => (hull.low.value().cloned(), hull.high.value().cloned()),
            None => (None, None),
        };
        Self { low, high: high.map_or((true, Number::zero()), |high| (false, high)) }
    }
}

/// The scores of a group, those of certain and those of possible members.
#[derive(Default)]
struct Field {
    certain: Scores,
    possible: Scores,
}

#[derive(Default)]
struct Scores {
    lows: Vec<Option<Number>>,
    highs: Vec<(bool, Number)>,
}

impl Scores {
    /// How many are better than the span at its best.
    fn surely_better(&self, span: &Span) -> usize {
        let (is_endless, high) = &span.high;
        if *is_endless {
            return 0;
        }
        let not_better = self.lows.partition_point(|low| low.as_ref().is_none_or(|low| low <= high));
        self.lows.len() - not_better
    }

    /// How many may be better than the span at its worst.
    fn perhaps_better(&self, span: &Span) -> usize {
        let never = match &span.low {
            Some(low) => self.highs.partition_point(|(is_endless, high)| !is_endless && high <= low),
            None => 0,
        };
        self.highs.len() - never
    }
}

impl Field {
    fn add(&mut self, span: &Span, is_certain: bool) {
        let scores = if is_certain { &mut self.certain } else { &mut self.possible };
        scores.lows.push(span.low.clone());
        scores.highs.push(span.high.clone());
    }

    fn sort(&mut self) {
        for scores in [&mut self.certain, &mut self.possible] {
            scores.lows.sort_unstable();
            scores.highs.sort_unstable();
        }
    }

    /// The band of one of the group, if all that is open leaves it in the same.
    fn band(&self, bands: &[(String, Number)], span: &Span, is_certain: bool) -> Band {
        // The one in question is a member when its band is asked for, and never better than itself.
        let own = usize::from(!is_certain);
        let size = self.certain.lows.len() + own;
        let others = self.possible.lows.len() - own;
        if size + others < MEMBERS_LEAST || (others > 0 && size < MEMBERS_LEAST) {
            return None;
        }
        let is_better_than_itself =
            |scores: &Scores| usize::from(scores.perhaps_better(span) > 0 && is_open(span));
        let (of_certain, of_possible) = if is_certain {
            (is_better_than_itself(&self.certain), 0)
        } else {
            (0, is_better_than_itself(&self.possible))
        };
        let best = share(self.certain.surely_better(span), size + others - self.possible.surely_better(span));
        let more = self.possible.perhaps_better(span) - of_possible;
        let worst = share(self.certain.perhaps_better(span) - of_certain + more, size + more);
        let (best, worst) = (band_at(bands, &best)?, band_at(bands, &worst)?);
        (best == worst).then(|| best.to_owned())
    }
}

/// Whether the span holds more than one score, so that its best beats its worst.
fn is_open(span: &Span) -> bool {
    span.high.0 || span.low.as_ref() != Some(&span.high.1)
}

fn share(better: usize, size: usize) -> Number {
    let whole = |count: usize| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
    whole(better).checked_div(&whole(size)).unwrap_or_default()
}

/// The first band whose end lies beyond the share.
fn band_at<'b>(bands: &'b [(String, Number)], share: &Number) -> Option<&'b str> {
    let mut end = Number::zero();
    for (name, part) in bands {
        end = &end + part;
        if *share < end {
            return Some(name);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::point::Interval;

    fn quarters() -> Vec<(String, Number)> {
        let share = |percent| Number::ratio(percent, 100).expect("a hundred is not nought");
        [("A", 25), ("B", 45), ("C", 25), ("D", 5)]
            .map(|(name, percent)| (name.to_owned(), share(percent)))
            .into()
    }

    fn scored(score: i64) -> Member {
        Member {
            is_member: Truth::True,
            group: Some("县".to_owned()),
            score: Numbers::exact(Number::from(score)),
        }
    }

    fn between(low: i64, high: i64) -> Member {
        Member {
            score: Numbers::interval(Interval::closed(Number::from(low), Number::from(high))),
            ..scored(0)
        }
    }

    fn names(members: &[Member]) -> Vec<String> {
        bands_of(&quarters(), members)
            .into_iter()
            .map(|band| band.unwrap_or_else(|| "?".to_owned()))
            .collect()
    }

    #[test]
    fn a_place_is_the_number_strictly_better_over_the_size_of_the_group() {
        let members: Vec<Member> = [100, 90, 80, 70].map(scored).into();
        assert_eq!(names(&members), ["A", "B", "B", "C"]);
    }

    #[test]
    fn the_last_twentieth_needs_twenty_members() {
        let members: Vec<Member> = (1..=20).rev().map(scored).collect();
        let found = names(&members).concat();
        assert_eq!(found, "AAAAABBBBBBBBBCCCCCD");
    }

    #[test]
    fn ties_share_the_better_band() {
        let members: Vec<Member> = [100, 100, 100, 70].map(scored).into();
        assert_eq!(names(&members), ["A", "A", "A", "C"]);
    }

    #[test]
    fn who_stands_outside_or_fails_neither_counts_nor_has_a_band() {
        let outside = Member { is_member: Truth::False, ..scored(999) };
        let members = [outside, scored(100), scored(90), scored(80), scored(70)];
        assert_eq!(names(&members), ["?", "A", "B", "B", "C"]);
    }

    #[test]
    fn groups_are_ranked_apart() {
        let elsewhere = |score| Member { group: Some("区".to_owned()), ..scored(score) };
        let members = [scored(10), elsewhere(500), scored(5), elsewhere(400)];
        assert_eq!(names(&members), ["A", "A", "B", "B"]);
    }

    #[test]
    fn one_alone_has_no_band() {
        assert_eq!(names(&[scored(100)]), ["?"]);
    }

    #[test]
    fn an_unknown_score_leaves_open_only_the_bands_that_hang_on_it() {
        // Whatever the unknown one has, 100 stays within the first quarter of eight, and 20 never leaves the third.
        let mut members: Vec<Member> = [100, 90, 80, 70, 60, 50, 20].map(scored).into();
        members.push(Member { score: Numbers::interval(Interval::all()), ..scored(0) });
        assert_eq!(names(&members), ["A", "?", "B", "B", "B", "?", "C", "?"]);
    }

    #[test]
    fn a_range_of_scores_that_no_other_score_touches_is_as_good_as_a_score() {
        let members = [between(85, 99), scored(80), scored(70), scored(60)];
        assert_eq!(names(&members), ["A", "B", "B", "C"]);
    }

    #[test]
    fn a_member_of_an_unknown_group_may_belong_to_each() {
        let stranger = Member { group: None, ..scored(1_000) };
        // With the stranger ahead 100 would be second of three; 90 is in the middle band either way.
        let members = [scored(100), scored(90), stranger];
        assert_eq!(names(&members), ["?", "B", "?"]);
    }

    #[test]
    fn bands_agree_with_counting_every_completion() {
        // The slow twin: each open score is tried at every whole number.
        let members = [between(3, 6), scored(5), between(1, 2), scored(4), scored(7)];
        let fast = bands_of(&quarters(), &members);
        let mut seen: Vec<std::collections::BTreeSet<Band>> = vec![Default::default(); members.len()];
        for first in 3..=6 {
            for third in 1..=2 {
                let known = [first, 5, third, 4, 7].map(scored);
                for (at, band) in bands_of(&quarters(), &known).into_iter().enumerate() {
                    seen[at].insert(band);
                }
            }
        }
        for (band, seen) in fast.iter().zip(seen) {
            let only = (seen.len() == 1).then(|| seen.into_iter().next().flatten()).flatten();
            assert_eq!(*band, only);
        }
    }
}
