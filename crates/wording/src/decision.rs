//! A decision as a person reads it in the terminal, from its heading to what is still uncertain.

use std::io::{self, Write};

use engine::point::{Decision, Note, Outcome, Scored, Truth, questions};
use facts::{Profile, Vocabulary};
use lang::ir::{Part, Points};

use crate::Reader;
use crate::phrase::Phrases;
use crate::{reason, style, value, window, words};

/// Who was decided about, as a heading names it.
pub fn subject_name(profile: &Profile, reader: &Reader) -> String {
    match (profile.name.as_str(), profile.id.as_str()) {
        ("", "") => reader.say("(未写名称)", "(no name given)").to_owned(),
        (name, "") => name.to_owned(),
        ("", id) => id.to_owned(),
        (name, id) => format!("{name} {id}"),
    }
}

/// The outcome with its shape: `● 可享受`.
pub fn outcome_plain(outcome: Outcome, reader: &Reader) -> String {
    format!("{} {}", words::shape(outcome), words::outcome(outcome, reader.language))
}

/// The outcome with its shape, in colour.
pub fn outcome(outcome: Outcome, reader: &Reader) -> String {
    let text = outcome_plain(outcome, reader);
    match outcome {
        Outcome::Eligible => style::good(&text, reader),
        Outcome::Ineligible => style::bad(&text, reader),
        Outcome::Unknown => style::open(&text, reader),
        Outcome::NotInForce => style::quiet(&text, reader),
    }
}

/// Writes the whole explanation, with rules in the words of the decided document.
pub fn write(
    out: &mut impl Write,
    decision: &Decision<'_>,
    profile: &Profile,
    words: &Phrases<'_>,
    reader: &Reader,
) -> io::Result<()> {
    let vocabulary = &words.rulebook.vocabulary;
    heading(out, decision, profile, reader)?;
    if decision.outcome == Outcome::NotInForce {
        return not_in_force(out, decision, reader);
    }
    result(out, decision, reader)?;
    section(out, reader.say("条件", "Conditions"), reader)?;
    reason::write(out, decision, words, reader)?;
    scores(out, decision, reader)?;
    values(out, decision, reader)?;
    missing(out, decision, vocabulary, reader)?;
    beside(out, decision, reader)
}

fn section(out: &mut impl Write, title: &str, reader: &Reader) -> io::Result<()> {
    writeln!(out, "\n{}", style::heading(title, reader))
}

fn heading(
    out: &mut impl Write,
    decision: &Decision<'_>,
    profile: &Profile,
    reader: &Reader,
) -> io::Result<()> {
    let document = decision.document;
    let legal = &document.legal;
    writeln!(out, "{} ({})", style::heading(reader.text(&document.title), reader), document.id)?;
    let mut parts = vec![legal.issuer.join(reader.say("、", ", "))];
    parts.extend(legal.document.iter().cloned());
    parts.push(if reader.is_chinese() {
        format!("自 {} 施行{}", document.from, document.to.map_or_else(String::new, |to| format!(",至 {to}")))
    } else {
        format!(
            "in force from {}{}",
            document.from,
            document.to.map_or_else(String::new, |to| format!(" to {to}"))
        )
    });
    parts.push(format!(
        "{}{}",
        words::grade(&legal.grade, reader.language),
        legal.read.map_or_else(String::new, |day| match reader.is_chinese() {
            true => format!("({day} 核读)"),
            false => format!(" (read on {day})"),
        })
    ));
    parts.retain(|part| !part.is_empty());
    writeln!(out, "{}", style::quiet(&parts.join(" · "), reader))?;
    let (subject, day) = (subject_name(profile, reader), decision.day);
    if reader.is_chinese() {
        writeln!(out, "主体:{subject}  判断日:{day}")
    } else {
        writeln!(out, "Subject: {subject}  Day of decision: {day}")
    }
}

fn not_in_force(out: &mut impl Write, decision: &Decision<'_>, reader: &Reader) -> io::Result<()> {
    let document = decision.document;
    let day = decision.day;
    writeln!(out, "\n{}", outcome(decision.outcome, reader))?;
    let is_future = document.from.start > day;
    let line = match (is_future, document.to, reader.is_chinese()) {
        (true, _, true) => format!("这项政策自 {} 起施行,{day} 还没有生效。", document.from),
        (true, _, false) => {
            format!("The policy is in force from {}; on {day} it was not yet.", document.from)
        }
        (false, Some(to), true) => format!("这项政策施行到 {to},{day} 已经失效。"),
        (false, Some(to), false) => format!("The policy was in force until {to}; on {day} it no longer was."),
        (false, None, true) => format!("{day} 没有施行的版本。"),
        (false, None, false) => format!("No version of it was in force on {day}."),
    };
    writeln!(out, "{line}")?;
    if let Some(successor) = decision.successor {
        let line = if reader.is_chinese() {
            format!("已由 {successor} 接替:请改用 --policy {successor}")
        } else {
            format!("{successor} took over: use --policy {successor}")
        };
        writeln!(out, "{line}")?;
    }
    let transition = reader.text(&document.transition);
    if !transition.is_empty() {
        writeln!(out, "{}{transition}", reader.say("过渡:", "Transition: "))?;
    }
    Ok(())
}

fn result(out: &mut impl Write, decision: &Decision<'_>, reader: &Reader) -> io::Result<()> {
    let gives = &decision.document.gives;
    writeln!(out, "\n{}", outcome(decision.outcome, reader))?;
    if let Some(status) = gives.status.as_ref().filter(|_| decision.outcome != Outcome::Ineligible) {
        writeln!(out, "{}{status}", reader.say("资格:", "Status: "))?;
    }
    match decision.ranks.as_slice() {
        [] => {}
        [rank] => writeln!(out, "{}{rank}", reader.say("等级:", "Rank: "))?,
        ranks => writeln!(
            out,
            "{}{}",
            reader.say("可能的等级:", "Possible ranks: "),
            ranks.join(reader.say("、", ", "))
        )?,
    }
    let Some(amount) = decision.amount.as_ref() else { return Ok(()) };
    let nature = gives.nature.map_or_else(String::new, |nature| match reader.is_chinese() {
        true => format!("({})", words::nature(nature, reader.language)),
        false => format!(" ({})", words::nature(nature, reader.language)),
    });
    writeln!(out, "{}{}{nature}", reader.say("金额:", "Amount: "), value::money(amount, reader.language))?;
    if let Some(if_eligible) = decision.amount_if_eligible.as_ref()
        && decision.outcome != Outcome::Eligible
        && if_eligible != amount
    {
        let shown = value::money(if_eligible, reader.language);
        writeln!(out, "{}{shown}", reader.say("如果条件都符合:", "If all conditions held: "))?;
    }
    if gives.once {
        writeln!(out, "{}", reader.say("只给一次", "Given only once"))?;
    }
    if let Some(rest) = &gives.carry_forward {
        writeln!(out, "{}{}", reader.say("余额:", "The rest: "), reader.text(rest))?;
    }
    Ok(())
}

fn scores(out: &mut impl Write, decision: &Decision<'_>, reader: &Reader) -> io::Result<()> {
    for (scored, score) in decision.scores.iter().zip(&decision.document.scores) {
        section(out, reader.say("得分", "Score"), reader)?;
        part(out, scored, Some(&score.root), 1, reader)?;
    }
    Ok(())
}

fn part(
    out: &mut impl Write,
    scored: &Scored,
    known: Option<&Part>,
    depth: usize,
    reader: &Reader,
) -> io::Result<()> {
    let said = known.map(|part| reader.text(&part.says)).filter(|said| !said.is_empty());
    let said = said.map_or_else(String::new, |said| format!(" {said}"));
    let clause = known.and_then(|part| part.clause.as_ref()).map_or_else(String::new, |clause| match reader
        .is_chinese()
    {
        true => format!("〔{clause}〕"),
        false => format!(" [{clause}]"),
    });
    let open = match known {
        Some(part) if part.unpublished => reader.say("(计分函数未公布)", " (the function is not published)"),
        _ => "",
    };
    let colon = reader.say(":", ": ");
    let points = value::points(&scored.points, reader.language);
    writeln!(out, "{}{}{colon}{points}{open}{clause}{said}", "  ".repeat(depth), scored.name)?;
    for inner in &scored.parts {
        let known = known.and_then(|part| inner_part(&part.points, &inner.name));
        part(out, inner, known, depth + 1, reader)?;
    }
    Ok(())
}

/// The part of that name directly below.
pub fn inner_part<'p>(points: &'p Points, name: &str) -> Option<&'p Part> {
    match points {
        Points::Sum(parts) | Points::Best(parts) => parts.iter().find(|part| part.name == name),
        Points::First(tiers, otherwise) => {
            let all = tiers.iter().map(|(_, points)| points).chain(otherwise.as_deref());
            all.into_iter().find_map(|points| inner_part(points, name))
        }
        Points::Bands(_, _, bands, otherwise) => {
            let all = bands.iter().map(|(_, points)| points).chain(otherwise.as_deref());
            all.into_iter().find_map(|points| inner_part(points, name))
        }
        Points::Value(_) | Points::Expert(..) => None,
    }
}

fn values(out: &mut impl Write, decision: &Decision<'_>, reader: &Reader) -> io::Result<()> {
    if decision.values.is_empty() {
        return Ok(());
    }
    section(out, reader.say("中间值", "Intermediate values"), reader)?;
    for named in &decision.values {
        writeln!(out, "  {} = {}", named.name, value::value(&named.value, &named.ty, reader.language))?;
    }
    Ok(())
}

fn missing(
    out: &mut impl Write,
    decision: &Decision<'_>,
    vocabulary: &Vocabulary,
    reader: &Reader,
) -> io::Result<()> {
    if decision.missing.is_empty() {
        return Ok(());
    }
    section(out, reader.say("还缺", "Still missing"), reader)?;
    for missing in &decision.missing {
        let ask = match missing.fact {
            Some(fact) => reader.text(&vocabulary.get(fact).ask).to_owned(),
            None if missing.is_manual => reader.say("要由人判断", "a person has to decide").to_owned(),
            None => String::new(),
        };
        let gap = if ask.is_empty() { "" } else { "  " };
        writeln!(out, "  {}{gap}{}", missing.key, style::quiet(&ask, reader))?;
    }
    if let Some(question) = questions(std::slice::from_ref(decision), vocabulary).first() {
        let ask = reader.text(&vocabulary.get(question.fact).ask);
        let ask = if ask.is_empty() { question.key.as_str() } else { ask };
        writeln!(out, "{}{ask} ({})", reader.say("先问这一项:", "Ask first: "), question.key)?;
    }
    Ok(())
}

/// What stands beside the decision: how to apply, what excludes it, what is uncertain.
fn beside(out: &mut impl Write, decision: &Decision<'_>, reader: &Reader) -> io::Result<()> {
    let document = decision.document;
    let applying = window::sentence(&document.apply, decision.day, reader);
    if !applying.is_empty() {
        section(out, reader.say("办理", "Applying"), reader)?;
        writeln!(out, "  {applying}")?;
    }
    let texts =
        |texts: &[facts::Text]| texts.iter().map(|text| reader.text(text).to_owned()).collect::<Vec<_>>();
    if decision.outcome != Outcome::Ineligible {
        list(out, reader.say("材料", "Materials"), &texts(&document.materials), reader)?;
        list(out, reader.say("义务", "Obligations"), &texts(&document.obligations), reader)?;
    }
    list(out, reader.say("不得同时享受", "Not together with"), &document.exclusive_with, reader)?;
    let stacking = reader.text(&document.stacking);
    list(out, reader.say("叠加", "Adding up"), &[stacking.to_owned()], reader)?;
    let mut notes = notes(decision, reader);
    notes.extend(texts(&document.notes));
    list(out, reader.say("说明", "Notes"), &notes, reader)?;
    list(out, reader.say("尚不确定", "Uncertain"), &texts(&document.open_points), reader)
}

fn list(out: &mut impl Write, title: &str, lines: &[String], reader: &Reader) -> io::Result<()> {
    if lines.iter().all(String::is_empty) {
        return Ok(());
    }
    section(out, title, reader)?;
    lines.iter().filter(|line| !line.is_empty()).try_for_each(|line| writeln!(out, "  · {line}"))
}

/// What the engine remarks, in words.
pub fn notes(decision: &Decision<'_>, reader: &Reader) -> Vec<String> {
    let mut out: Vec<String> = decision.notes.iter().map(|note| note_text(note, reader)).collect();
    let implied = decision.document.implied_status.iter();
    out.extend(implied.map(|(status, by)| {
        if reader.is_chinese() {
            format!("要求有“{status}”,已含在条件 {by} 里")
        } else {
            format!("the status “{status}” is required, and implied by the condition {by}")
        }
    }));
    out
}

/// A remark of the engine in words.
pub fn note_text(note: &Note, reader: &Reader) -> String {
    let zh = reader.is_chinese();
    match note {
        Note::NoTier => reader.say("没有适用的档次", "no tier fits").to_owned(),
        Note::NegativeAmount => reader
            .say("按规则算出的金额为负,按 0 计", "the rule makes the amount negative; it counts as 0")
            .to_owned(),
        Note::ScoreDiffers(name) if zh => format!("填报的“{name}”与推算的不同,以填报的为准"),
        Note::ScoreDiffers(name) => {
            format!("the “{name}” given differs from the derived one; the given one counts")
        }
        Note::SpanDiffers(name) if zh => format!("填报的“{name}”与逐年的数不符,以逐年的数为准"),
        Note::SpanDiffers(name) => format!("the “{name}” given differs from its years; the years count"),
        Note::ImpreciseDate(name) if zh => format!("“{name}”只知道到年或月,按其第一天判断"),
        Note::ImpreciseDate(name) => {
            format!("“{name}” is known only to the month or year; its first day counted")
        }
    }
}

/// Conditions whose answer differs between two decisions of the same document.
pub fn changed<'d>(before: &'d Decision<'d>, after: &'d Decision<'d>) -> Vec<(String, Truth, Truth)> {
    let flat = |decision: &'d Decision<'d>| {
        let mut out = Vec::new();
        for reason in &decision.reasons {
            reason.walk(&mut |reason| {
                if !reason.condition.id.is_empty() && reason.item.is_none() {
                    out.push((reason.condition.id.clone(), reason.truth));
                }
            });
        }
        out
    };
    let pairs = flat(before).into_iter().zip(flat(after));
    let same_id = pairs.filter(|(old, new)| old.0 == new.0 && old.1 != new.1);
    same_id.map(|(old, new)| (old.0, old.1, new.1)).collect()
}
