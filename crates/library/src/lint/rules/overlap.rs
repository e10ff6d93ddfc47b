//! L0202: tiers of one value that overlap without one lying in the other.

use super::Text;
use crate::lint::Note;
use crate::lint::logic::Logic;
use crate::lint::rule::{Both, Rule};
use crate::lint::sets::{Interval, Ranges};
use crate::lint::sites::{Shape, Site};

pub(super) static RULE: Rule = Rule {
    code: "L0202",
    what: Both {
        zh: "同一个值的两档有一部分重叠,重叠处由先写的一档决定",
        en: "two tiers of one value overlap in part; there the first one written decides",
    },
    example: "first: [{when: 营业收入 <= 500万元, then: 5万元}, {when: 营业收入 >= 500万元, then: 10万元}]",
    mend: Both {
        zh: "对照原文写清界限属于哪一档,如一档用 <=、另一档用 >",
        en: "say by the source to which tier the bound belongs, for example <= in one and > in the other",
    },
};

pub(super) fn check(logic: &Logic<'_>, sites: &[Site], text: &Text<'_>, notes: &mut Vec<Note>) {
    for site in sites {
        let Shape::Tiers(members, _) = &site.shape else { continue };
        let known: Vec<_> = members.iter().map(|member| logic.numbers_of(&member.formula)).collect();
        for (place, later) in known.iter().enumerate() {
            let Some((key, range)) = later else { continue };
            let mut before =
                known[..place].iter().zip(members).filter_map(|(one, member)| Some((one.as_ref()?, member)));
            let found = before.find(|((other, earlier), _)| other == key && is_partial(earlier, range));
            if let Some((_, member)) = found {
                let finding = RULE.finding(
                    members[place].span,
                    format!("与前面的一档“{}”有一部分重叠", member.label),
                    format!("overlaps in part with the earlier tier “{}”", member.label),
                );
                notes.push(Note::new(text.index, finding));
            }
        }
    }
}

/// Whether both have numbers in common, and each has some that the other lacks.
fn is_partial(left: &Ranges, right: &Ranges) -> bool {
    let ([one], [other]) = (left.pieces(), right.pieces()) else { return false };
    let lies_in = |inner: &Interval, outer: &Interval| outer.holds_all(inner);
    !one.intersect(other).is_empty() && !lies_in(one, other) && !lies_in(other, one)
}
