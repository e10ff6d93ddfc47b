//! L0203: values between two bands, or above the last, that no band covers.

use facts::Number;

use super::Text;
use crate::lint::Note;
use crate::lint::logic::Logic;
use crate::lint::places;
use crate::lint::rule::{Both, Rule};
use crate::lint::sets::{Beyond, End, Interval, Ranges};
use crate::lint::sites::{Otherwise, Shape, Site};

pub(super) static RULE: Rule = Rule {
    code: "L0203",
    what: Both {
        zh: "分档之间有空隙:有的值不属于任何一档,又没有 else;超额累进的最后一段封了顶,超过的部分没有比例",
        en: "bands leave a gap: some values belong to none and there is no else; or the last progressive band is closed, so nothing is said above it",
    },
    example: "first: [{when: 营业收入 < 500万元, then: 5万元}, {when: 营业收入 > 500万元, then: 10万元}]",
    mend: Both {
        zh: "对照原文补上界限所属的档;其余情形写 else,最后一段不写 up_to",
        en: "give the bound to one of the bands by the source; write else for the rest, and the last progressive band without up_to",
    },
};

pub(super) fn check(logic: &Logic<'_>, sites: &[Site], text: &Text<'_>, notes: &mut Vec<Note>) {
    for site in sites {
        let Shape::Tiers(members, Otherwise::Absent) = &site.shape else { continue };
        let known: Option<Vec<_>> = members.iter().map(|member| logic.numbers_of(&member.formula)).collect();
        let Some(known) = known else { continue };
        let Some((key, _)) = known.first() else { continue };
        if known.iter().any(|(other, _)| other != key) {
            continue;
        }
        let covered =
            known.iter().fold(Ranges::new(Vec::new(), known[0].1.whole, Beyond::NONE), |all, (_, range)| {
                all.union(range)
            });
        let step = logic.step(key);
        let gaps = covered.complement();
        let inner = gaps.pieces().iter().filter(|gap| gap.low.is_some() && gap.high.is_some());
        for gap in inner.filter(|gap| has_value(gap, step.as_ref())) {
            // The tiers on both sides of it, and the later of them as the place.
            let ends = |range: &Ranges| {
                let meets = |end: &Option<End>, other: &Option<End>| {
                    end.as_ref().zip(other.as_ref()).is_some_and(|(end, other)| end.at == other.at)
                };
                range
                    .pieces()
                    .iter()
                    .any(|piece| meets(&piece.high, &gap.low) || meets(&piece.low, &gap.high))
            };
            let beside: Vec<_> = known
                .iter()
                .zip(members)
                .filter(|((_, range), _)| ends(range))
                .map(|(_, member)| member)
                .collect();
            let (Some(first), Some(last)) = (beside.first(), beside.last()) else { continue };
            let finding = RULE.finding(
                last.span,
                format!("“{}”与“{}”之间有的值不属于任何一档", first.label, last.label),
                format!("between “{}” and “{}” lie values that belong to no tier", first.label, last.label),
            );
            notes.push(Note::new(text.index, finding));
        }
    }
    for brackets in &text.document.brackets {
        let Some((Some(top), rate)) = brackets.bands.last() else { continue };
        if rate.is_zero() {
            continue;
        }
        let span = places::at(text.root, &["brackets", &brackets.name]).unwrap_or_default();
        let finding = RULE.finding(
            span,
            format!("“{}”只到 {top} 元,超过的部分没有比例", brackets.name),
            format!("“{}” ends at {top} yuan; nothing is said above it", brackets.name),
        );
        notes.push(Note::new(text.index, finding));
    }
}

/// Whether some value that can be given lies in the gap.
fn has_value(gap: &Interval, step: Option<&Number>) -> bool {
    let (Some(step), Some(low)) = (step, &gap.low) else { return true };
    let Some(steps) = low.at.checked_div(step) else { return true };
    let next = if low.closed { steps.ceiling() } else { &steps.floor() + &Number::one() };
    let value = &next * step;
    !gap.intersect(&Interval::closed(Some(value.clone()), Some(value))).is_empty()
}
