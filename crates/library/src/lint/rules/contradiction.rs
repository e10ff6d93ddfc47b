//! L0101: conditions that must all hold and cannot.

use std::rc::Rc;

use super::Text;
use crate::lint::Note;
use crate::lint::logic::{Logic, Mode};
use crate::lint::rule::{Both, Rule};
use crate::lint::sites::{Member, Shape, Site};

pub(super) static RULE: Rule = Rule {
    code: "L0101",
    what: Both {
        zh: "必须同时成立的条件互相矛盾,或者一个条件超出了事实的取值范围,谁也不能满足",
        en: "conditions that must all hold contradict each other, or one lies outside what its fact can be: nobody can meet them",
    },
    example: "rule: 职工总数.上年 <= 300人 and 职工总数.上年 > 500人",
    mend: Both {
        zh: "对照原文改正界限或 and/or;事实的取值范围(least、most、codes)不对就改那里",
        en: "correct the bounds or and/or by the source; where the fact's own range (least, most, codes) is wrong, correct it there",
    },
};

pub(super) fn check(logic: &Logic<'_>, sites: &[Site], text: &Text<'_>, notes: &mut Vec<Note>) {
    for site in sites {
        let found = match &site.shape {
            Shape::All(members) => of_group(logic, members),
            Shape::One(member) if is_impossible(logic, &[member]) => {
                Some(RULE.finding(member.span, "这个条件永远不成立", "this condition never holds"))
            }
            _ => None,
        };
        notes.extend(found.map(|found| Note::new(text.index, found)));
    }
}

fn of_group(logic: &Logic<'_>, members: &[Rc<Member>]) -> Option<facts::Diagnostic> {
    let core = core(logic, members)?;
    let (last, others) = core.split_last()?;
    // What is impossible by itself is reported where it stands.
    if others.is_empty() {
        return None;
    }
    let names =
        |between: &str| others.iter().map(|other| other.label.as_str()).collect::<Vec<_>>().join(between);
    Some(RULE.finding(
        last.span,
        format!("“{}”与“{}”不能同时成立", last.label, names("”“")),
        format!("“{}” cannot hold together with “{}”", last.label, names("”, “")),
    ))
}

/// The fewest of the members that cannot hold together.
fn core<'m>(logic: &Logic<'_>, members: &'m [Rc<Member>]) -> Option<Vec<&'m Rc<Member>>> {
    let mut core: Vec<&Rc<Member>> = members.iter().collect();
    if !is_impossible(logic, &core) {
        // Of many conditions with many cases nothing is concluded at once; two by two it can be.
        return pair(logic, members);
    }
    let mut place = 0;
    while place < core.len() {
        let mut fewer = core.clone();
        fewer.remove(place);
        if is_impossible(logic, &fewer) {
            core = fewer;
        } else {
            place += 1;
        }
    }
    Some(core)
}

fn pair<'m>(logic: &Logic<'_>, members: &'m [Rc<Member>]) -> Option<Vec<&'m Rc<Member>>> {
    for (place, later) in members.iter().enumerate() {
        for earlier in &members[..place] {
            let both = vec![earlier, later];
            let is_related = logic.is_related(&[&earlier.formula], &later.formula);
            if is_related
                && !is_impossible(logic, &[earlier])
                && !is_impossible(logic, &[later])
                && is_impossible(logic, &both)
            {
                return Some(both);
            }
        }
    }
    None
}

fn is_impossible(logic: &Logic<'_>, members: &[&Rc<Member>]) -> bool {
    let wanted: Vec<_> = members.iter().map(|member| (&member.formula, Mode::True)).collect();
    logic.is_impossible(&wanted)
}
