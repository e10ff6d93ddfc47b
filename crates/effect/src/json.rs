//! An effect and a curve as JSON. The keys stay; what they count, `docs/bulk.md` says.

use engine::point::Entry;
use facts::{FactId, Language, Vocabulary};
use serde_json::{Value, json};
use wording::{json as decision_json, total};

use crate::compare::Tally;
use crate::fairness::Flag;
use crate::privacy::{FEWEST, Privacy, Seen, SeenGroups};
use crate::simulation::Simulation;
use crate::sweep::{Curve, Point};

/// What a reader may see of an effect.
pub fn effect(simulation: &Simulation<'_>, seen: &Seen, flags: &[Flag]) -> Value {
    let vocabulary = simulation.vocabulary();
    let missing = seen.missing.as_ref().map(|missing| {
        let facts: Vec<Value> =
            missing.facts.iter().map(|(key, count)| json!({"key": key, "count": count})).collect();
        json!({"open": missing.open, "asked": missing.asked, "facts": facts})
    });
    let others = seen.others.iter().map(|seen| {
        json!({
            "policy": seen.other.id,
            "gainers": seen.gainers,
            "paid": seen.paid.as_ref().map(total::to_json),
            "exclusive": seen.other.is_exclusive,
            "in_library": seen.other.is_known,
        })
    });
    let document = &simulation.draft().document;
    let mut out = json!({
        "draft": version(simulation.draft()),
        "against": simulation.against().map(version),
        "title": decision_json::bilingual(&document.title),
        "on": simulation.day().to_string(),
        "all": seen.all.as_ref().map(tally),
        "missing": missing,
        "by": seen.groups.iter().map(|groups| by(groups, vocabulary)).collect::<Vec<Value>>(),
        "others": others.collect::<Vec<Value>>(),
        "stacking": decision_json::bilingual(&document.stacking),
        "fair_competition": flags.iter().map(flag).collect::<Vec<Value>>(),
    });
    if seen.privacy == Privacy::Suppressed {
        out["suppressed"] = json!({"fewest": FEWEST, "subjects": seen.subjects});
    }
    out
}

/// `id@first-day` of a version.
pub fn version(entry: &Entry) -> String {
    format!("{}@{}", entry.document.id, entry.document.from)
}

fn by(groups: &SeenGroups, vocabulary: &Vocabulary) -> Value {
    let fact = groups.told.fact;
    let mut rows: Vec<Value> = Vec::new();
    for (value, counted) in &groups.told.tallies {
        let mut row = tally(counted);
        row["value"] = json!(value);
        row["label"] = label(value.as_deref(), fact, vocabulary);
        rows.push(row);
    }
    if let Some((count, rest)) = &groups.rest {
        let mut row = tally(rest);
        row["rest_of_groups"] = json!(count);
        rows.push(row);
    }
    json!({"fact": vocabulary.get(fact).name, "groups": rows})
}

fn label(value: Option<&str>, fact: FactId, vocabulary: &Vocabulary) -> Value {
    let known = vocabulary.classification(vocabulary.get(fact));
    let code = known.zip(value).and_then(|(known, value)| known.find(value));
    code.map_or(Value::Null, |code| decision_json::bilingual(&code.name))
}

fn flag(flag: &Flag) -> Value {
    json!({
        "concern": flag.concern.as_code(),
        "place": flag.place,
        "clause": flag.clause,
        "rule": flag.rule,
        "about": flag.about,
    })
}

fn tally(tally: &Tally) -> Value {
    json!({
        "subjects": tally.subjects,
        "eligible_now": tally.eligible_now(),
        "eligible_then": tally.eligible_then(),
        "gain": tally.gain(),
        "lose": tally.lose(),
        "become_open": tally.become_open(),
        "more": tally.more,
        "less": tally.less,
        "open": tally.open(),
        "paid_now": total::to_json(&tally.now),
        "paid_then": total::to_json(&tally.then),
    })
}

/// A curve; `null` figures are those that may not be told.
pub fn curve(curve: &Curve) -> Value {
    let point = |point: &Point| {
        let totals = point.totals.as_ref();
        json!({
            "value": decision_json::number(&point.value),
            "shown": {
                "zh": curve.shown(&point.value, Language::Chinese),
                "en": curve.shown(&point.value, Language::English),
            },
            "eligible": totals.map(|totals| totals.eligible),
            "ineligible": totals.map(|totals| totals.ineligible),
            "open": totals.map(|totals| totals.open),
            "paid": totals.map(|totals| total::to_json(&totals.amount)),
        })
    };
    json!({
        "policy": curve.document.id,
        "version": curve.document.from.to_string(),
        "condition": curve.condition,
        "on": curve.day.to_string(),
        "subjects": curve.subjects,
        "current": point(&curve.current),
        "points": curve.points.iter().map(point).collect::<Vec<Value>>(),
    })
}
