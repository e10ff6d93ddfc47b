//! L0102: a condition that always holds.

use super::Text;
use crate::lint::Note;
use crate::lint::logic::{Logic, Mode};
use crate::lint::rule::{Both, Rule};
use crate::lint::sets::Beyond;
use crate::lint::sites::{Member, Shape, Site};

pub(super) static RULE: Rule = Rule {
    code: "L0102",
    what: Both {
        zh: "条件总是成立,等于没有写:几种情形合起来包括了所有值,或者条件包括了事实的全部取值",
        en: "a condition always holds and asks for nothing: its alternatives cover every value, or it allows all that its fact can be",
    },
    example: "rule: 职工总数.上年 < 500人 or 职工总数.上年 >= 300人",
    mend: Both {
        zh: "对照原文改正:常见的是 or 应为 and,或比较的方向写反了",
        en: "correct it by the source: often “or” should be “and”, or a comparison points the wrong way",
    },
};

/// A figure from before the founding, or a division by nought, is nobody's reason for writing alternatives.
const FIGURES: Beyond = Beyond { absent: true, unborn: false, undefined: false };

pub(super) fn check(logic: &Logic<'_>, sites: &[Site], text: &Text<'_>, notes: &mut Vec<Note>) {
    for site in sites {
        let found = match &site.shape {
            Shape::Any(members) => {
                let wanted: Vec<_> = members.iter().map(|member| (&member.formula, Mode::NotTrue)).collect();
                let is_one_alone = members.iter().any(|member| holds_alone(logic, member));
                (!is_one_alone && logic.is_impossible_of(&wanted, FIGURES)).then(|| {
                    RULE.finding(
                        site.span,
                        "几项里总有一项成立,等于没有条件",
                        "one of these always holds, so nothing is asked for",
                    )
                })
            }
            Shape::One(member) => holds_alone(logic, member).then(|| {
                RULE.finding(
                    member.span,
                    "这个条件总是成立,等于没有条件",
                    "this condition always holds, so nothing is asked for",
                )
            }),
            _ => None,
        };
        notes.extend(found.map(|found| Note::new(text.index, found)));
    }
}

fn holds_alone(logic: &Logic<'_>, member: &Member) -> bool {
    logic.is_impossible(&[(&member.formula, Mode::NotTrue)])
}
