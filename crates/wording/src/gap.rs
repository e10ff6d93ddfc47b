//! How far off a failed condition is, in words.

use engine::point::{Cure, Gap, Reason, Thing, Value};
use facts::{FactType, Number, Vocabulary};

use crate::Reader;
use crate::value::truth;

/// The gaps that belong to a decided condition, as sentences.
pub fn sentences(reason: &Reason<'_>, gaps: &[Gap], vocabulary: &Vocabulary, reader: &Reader) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for gap in gaps.iter().filter(|gap| gap.condition == reason.condition.id) {
        if let Cure::Value { key, .. } = &gap.cure
            && !reason.used.iter().any(|used| used.key == *key)
        {
            // It belongs to another item under the same condition.
            continue;
        }
        let sentence = sentence(&gap.cure, vocabulary, reader);
        if !out.contains(&sentence) {
            out.push(sentence);
        }
    }
    out
}

/// A way out of a failed condition as a sentence.
pub fn sentence(cure: &Cure, vocabulary: &Vocabulary, reader: &Reader) -> String {
    match cure {
        Cure::Day(day) => {
            if reader.is_chinese() {
                format!("不用做什么,到 {day} 即符合")
            } else {
                format!("time alone cures it: it holds from {day}")
            }
        }
        Cure::Nothing => reader.say("主体自己改变不了", "nothing that the subject does cures it").to_owned(),
        Cure::Value { key, fact, from, to, closed } => {
            let change = change(vocabulary.get(*fact), from, to, reader);
            match closed {
                None if reader.is_chinese() => format!("{key}{change},即符合"),
                None => format!("{key} {change}, and it holds"),
                Some((year, later)) if reader.is_chinese() => {
                    format!("{key}当时本应{change};{year} 年的数已定,不能再改,{later} 起可用以后年度的数")
                }
                Some((year, later)) => format!(
                    "{key} would have had to be {change}; the figure of {year} is closed, a later year can serve from {later}"
                ),
            }
        }
    }
}

/// What would have to change: `再增加 35.2万元,到 135.2万元`.
fn change(definition: &facts::FactDefinition, from: &Value, to: &facts::Value, reader: &Reader) -> String {
    let shown = definition.show(to, reader.language);
    if let (Thing::Truth(known), facts::Value::Bool(_)) = (&from.thing, to) {
        let was = truth(*known, reader.language);
        return if reader.is_chinese() {
            format!("由“{was}”变为“{shown}”")
        } else {
            format!("from “{was}” to “{shown}”")
        };
    }
    let (Thing::Numbers(numbers), facts::Value::Number(to)) = (&from.thing, to) else {
        return if reader.is_chinese() {
            format!("改为“{shown}”")
        } else {
            format!("changed to “{shown}”")
        };
    };
    let Some(from) = numbers.as_exact() else {
        return if reader.is_chinese() { format!("达到 {shown}") } else { format!("reaching {shown}") };
    };
    let difference = to - from;
    let is_more = !difference.is_negative();
    let size = difference_shown(definition, &difference.abs(), reader);
    match (reader.is_chinese(), is_more) {
        (true, true) => format!("再增加 {size},到 {shown}"),
        (true, false) => format!("减少 {size},到 {shown}"),
        (false, true) => format!("{size} more, that is {shown}"),
        (false, false) => format!("{size} less, that is {shown}"),
    }
}

/// A difference of ratios is in percentage points, of years in years; any other is a value like any.
fn difference_shown(definition: &facts::FactDefinition, size: &Number, reader: &Reader) -> String {
    let shown = definition.show(&facts::Value::Number(size.clone()), reader.language);
    match (definition.fact_type, reader.is_chinese()) {
        (FactType::Ratio, true) => format!("{} 个百分点", shown.trim_end_matches('%')),
        (FactType::Ratio, false) => format!("{} percentage points", shown.trim_end_matches('%')),
        (FactType::Year, true) => format!("{shown} 年"),
        (FactType::Year, false) => format!("{shown} years"),
        _ => shown,
    }
}
