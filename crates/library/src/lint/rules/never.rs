//! L0103: an alternative, a tier or a band that nothing ever reaches.

use std::rc::Rc;

use facts::{Language, Span, Vocabulary};
use lang::types::{Measure, Type};

use super::Text;
use crate::lint::Note;
use crate::lint::logic::{Formula, Logic, Mode};
use crate::lint::places;
use crate::lint::rule::{Both, Rule};
use crate::lint::sets::{End, Interval, Ranges};
use crate::lint::sites::{Bands, Member, Otherwise, Shape, Site};

pub(super) static RULE: Rule = Rule {
    code: "L0103",
    what: Both {
        zh: "永远轮不到的情形、分档或 else:前面的档已经包括了它,或它与同时要求的条件矛盾,或值到不了那里",
        en: "an alternative, tier, band or else that nothing reaches: earlier ones cover it, it contradicts what must hold as well, or the value never gets there",
    },
    example: "first: [{when: 营业收入 >= 200万元, then: 20万元}, {when: 营业收入 >= 1000万元, then: 30万元}]",
    mend: Both {
        zh: "对照原文改正界限或次序;确实多余就删去",
        en: "correct the bounds or the order by the source; drop it if it is not needed",
    },
};

pub(super) fn check(logic: &Logic<'_>, sites: &[Site], text: &Text<'_>, notes: &mut Vec<Note>) {
    for site in sites {
        match &site.shape {
            Shape::Any(members) => alternatives(logic, site, members, text, notes),
            Shape::Tiers(members, otherwise) => tiers(logic, site, members, *otherwise, text, notes),
            Shape::Bands(of) => bands(logic, of, site.span, text, notes),
            Shape::All(_) | Shape::One(_) => {}
        }
    }
}

fn note(text: &Text<'_>, span: Span, zh: String, en: String) -> Note {
    Note::new(text.index, RULE.finding(span, zh, en))
}

/// What must hold as well, as far as it speaks of the same values.
fn around<'s>(logic: &Logic<'_>, site: &'s Site, of: &[&Formula]) -> Vec<&'s Rc<Member>> {
    site.around.iter().filter(|member| logic.is_related(of, &member.formula)).collect()
}

fn is_impossible(logic: &Logic<'_>, around: &[&Rc<Member>], more: &[(&Formula, Mode)]) -> bool {
    let wanted: Vec<_> =
        around.iter().map(|member| (&member.formula, Mode::True)).chain(more.iter().copied()).collect();
    logic.is_impossible(&wanted)
}

fn alternatives(
    logic: &Logic<'_>,
    site: &Site,
    members: &[Rc<Member>],
    text: &Text<'_>,
    notes: &mut Vec<Note>,
) {
    let mut found = Vec::new();
    for member in members {
        let own = [(&member.formula, Mode::True)];
        let mut near = around(logic, site, &[&member.formula]);
        // What is impossible by itself, or where nobody gets to, is reported for that.
        if near.is_empty() || logic.is_impossible(&own) || is_impossible(logic, &near, &[]) {
            continue;
        }
        if !is_impossible(logic, &near, &own) {
            continue;
        }
        let mut place = 0;
        while place < near.len() {
            let kept = near.remove(place);
            if !is_impossible(logic, &near, &own) {
                near.insert(place, kept);
                place += 1;
            }
        }
        let names =
            |between: &str| near.iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join(between);
        found.push(note(
            text,
            member.span,
            format!("“{}”与同时要求的“{}”矛盾,这一种情形不会出现", member.label, names("”“")),
            format!(
                "“{}” contradicts “{}”, which must hold as well: this alternative never occurs",
                member.label,
                names("”, “")
            ),
        ));
    }
    // Where none is left, the conditions around it contradict the whole.
    if found.len() < members.len() {
        notes.append(&mut found);
    }
}

fn tiers(
    logic: &Logic<'_>,
    site: &Site,
    members: &[Rc<Member>],
    otherwise: Otherwise,
    text: &Text<'_>,
    notes: &mut Vec<Note>,
) {
    let mut before: Vec<(&Formula, Mode)> = Vec::new();
    for member in members {
        let own = (&member.formula, Mode::True);
        let wanted: Vec<_> = before.iter().copied().chain([own]).collect();
        if !logic.is_impossible(&[own]) {
            if !before.is_empty() && logic.is_impossible(&wanted) {
                let (zh, en) = (
                    "前面的档已经包括了这一档,永远轮不到",
                    "earlier tiers cover this one: it is never reached",
                );
                notes.push(note(text, member.span, zh.to_owned(), en.to_owned()));
            } else if let Some((zh, en)) = kept_out(logic, site, &member.formula, &wanted) {
                notes.push(note(text, member.span, zh, en));
            }
        }
        before.push((&member.formula, Mode::NotTrue));
    }
    let span = match otherwise {
        Otherwise::Absent => return,
        Otherwise::At(span) => Some(span),
        Otherwise::Somewhere => members.first().and_then(|first| places::else_of(text.root, first.span)),
    };
    if logic.is_impossible(&before) {
        let (zh, en) =
            ("前面各档已经包括所有情形,else 永远轮不到", "the tiers cover everything: else is never reached");
        notes.push(note(text, span.unwrap_or(site.span), zh.to_owned(), en.to_owned()));
    }
}

/// That what must hold around the tiers leaves nobody for this one.
fn kept_out(
    logic: &Logic<'_>,
    site: &Site,
    own: &Formula,
    wanted: &[(&Formula, Mode)],
) -> Option<(String, String)> {
    let near = around(logic, site, &[own]);
    if near.is_empty() || is_impossible(logic, &near, &[]) || !is_impossible(logic, &near, wanted) {
        return None;
    }
    let names = |between: &str| near.iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join(between);
    Some((
        format!("有了“{}”,这一档永远轮不到", names("”“")),
        format!("given “{}” this tier is never reached", names("”, “")),
    ))
}

fn bands(logic: &Logic<'_>, of: &Bands, at: Span, text: &Text<'_>, notes: &mut Vec<Note>) {
    let Bands { range, ty, compare, bounds, has_else } = of;
    let (spans, otherwise) = places::bands_of(text.root, at);
    let mut rest = Ranges::new(range.pieces().to_vec(), range.whole, range.beyond);
    for (place, bound) in bounds.iter().enumerate() {
        let band = Ranges::that(*compare, bound);
        if !rest.intersect(&band).has_numbers() {
            let span = spans.get(place).copied().unwrap_or(at);
            let (zh, en) = unreachable(range, ty, logic.vocabulary);
            notes.push(note(text, span, zh, en));
        }
        let beyond = rest.beyond;
        rest = rest.intersect(&band.complement());
        rest.beyond = beyond;
    }
    if *has_else && rest.is_empty() {
        let (zh, en) =
            ("前面各档已经包括所有值,else 永远轮不到", "the bands cover every value: else is never reached");
        notes.push(note(text, otherwise.unwrap_or(at), zh.to_owned(), en.to_owned()));
    }
}

fn unreachable(range: &Ranges, ty: &Type, vocabulary: &Vocabulary) -> (String, String) {
    let Some(Interval { low, high }) = range.hull() else {
        return ("值到不了这一档".to_owned(), "the value never gets to this band".to_owned());
    };
    let end = |end: &Option<End>| end.as_ref().map_or_else(|| "…".to_owned(), |end| end.at.to_string());
    let (low, high) = (end(&low), end(&high));
    let is_plain = *ty == Type::RATIO || matches!(ty, Type::Number(Measure::Zero | Measure::Bare));
    let unit =
        |language| if is_plain { String::new() } else { format!(" {}", ty.name(vocabulary, language)) };
    (
        format!("这个值在 {low} 到 {high}{} 之间,到不了这一档", unit(Language::Chinese)),
        format!(
            "the value lies between {low} and {high}{} and never gets to this band",
            unit(Language::English)
        ),
    )
}
