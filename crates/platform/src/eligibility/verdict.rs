//! An answer in short, for lists; and one with all its reasons, without what a reader may not see.

use std::collections::BTreeSet;

use engine::point::{Decision, Money};
use facts::{Language, Profile, Vocabulary};
use lang::ir::Nature;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wording::{Reader, reason};

/// What one document says of a subject.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// The document.
    #[schema(example = "zz-demo-2026")]
    pub policy: String,
    /// Its version: the first day in force.
    #[schema(example = "2026-01-01")]
    pub version: String,
    /// Its short title.
    pub title: Words,
    /// `eligible`, `ineligible`, `unknown`, `not_in_force`.
    #[schema(example = "eligible")]
    pub outcome: &'static str,
    /// What is due, in fen, where it is one amount.
    #[schema(example = 5_000_000)]
    pub amount_fen: Option<i64>,
    /// Least and greatest amount in fen, where it is open; `null` at an end that is open.
    pub amount_fen_range: Option<[Option<i64>; 2]>,
    /// What the money is: `grant`, `tax_saved` …
    pub nature: Option<&'static str>,
    /// The rank, where it is one.
    pub rank: Option<String>,
    /// The conditions that are not met.
    pub failed: Vec<Failed>,
    /// Keys of facts that can still change the answer.
    pub missing: Vec<String>,
}

/// A condition that is not met.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Failed {
    /// Its id in the document.
    #[schema(example = "rd-share")]
    pub id: String,
    /// Its article, where it has one.
    #[schema(example = "第三条")]
    pub clause: Option<String>,
    /// What it says.
    pub says: Words,
}

/// In both languages.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Verdict {
    /// Of a decision.
    pub fn of(decision: &Decision<'_>) -> Self {
        let document = decision.document;
        let title = &document.short;
        Self {
            policy: document.id.clone(),
            version: document.from.to_string(),
            title: Words { zh: title.zh.clone(), en: title.en.clone() },
            outcome: decision.outcome.as_code(),
            amount_fen: match decision.amount {
                Some(Money::Exact(fen)) => Some(fen.0),
                _ => None,
            },
            amount_fen_range: decision.amount.as_ref().and_then(range),
            nature: decision.nature.map(Nature::as_code),
            rank: if let [rank] = decision.ranks.as_slice() { Some(rank.clone()) } else { None },
            failed: decision.failed.iter().map(|id| failed(decision, id)).collect(),
            missing: decision.missing.iter().map(|missing| missing.key.clone()).collect(),
        }
    }
}

fn range(money: &Money) -> Option<[Option<i64>; 2]> {
    match money {
        Money::Options(options) => Some([options.first().map(|fen| fen.0), options.last().map(|fen| fen.0)]),
        Money::Range(low, high) => Some([low.map(|fen| fen.0), high.map(|fen| fen.0)]),
        Money::Exact(_) | Money::Undetermined => None,
    }
}

fn failed(decision: &Decision<'_>, id: &str) -> Failed {
    let condition = decision.document.conditions().into_iter().find(|condition| condition.id == id);
    let says = |language| condition.map(|it| reason::says(it, &Reader::of(language))).unwrap_or_default();
    Failed {
        id: id.to_owned(),
        clause: condition.and_then(|condition| condition.clause.clone()),
        says: Words { zh: says(Language::Chinese), en: says(Language::English) },
    }
}

/// A decision with all its reasons, as `docs/json.md` tells.
pub fn with_reasons(decision: &Decision<'_>, profile: &Profile, vocabulary: &Vocabulary) -> Value {
    wording::json::decision(decision, profile, vocabulary)
}

/// Takes hidden values out of a decision. Where something was taken out, what is computed from values goes too; outcome, amount
/// and which conditions fail stay, since they are the answer.
pub fn withhold(decision: &mut Value, hidden: &BTreeSet<String>) {
    let mut is_withheld = false;
    if let Some(reasons) = decision.get_mut("reasons") {
        withhold_used(reasons, hidden, &mut is_withheld);
    }
    if let Some(gaps) = decision.get_mut("gaps").and_then(Value::as_array_mut) {
        let before = gaps.len();
        gaps.retain(|gap| !is_among(&gap["fact"], hidden));
        is_withheld |= gaps.len() != before;
    }
    if is_withheld {
        for key in ["values", "scores", "parts", "score", "score_range", "notes"] {
            if let Some(place) = decision.get_mut(key) {
                *place = Value::Null;
            }
        }
    }
    if let Some(object) = decision.as_object_mut() {
        object.insert("withheld".to_owned(), json!(is_withheld));
    }
}

fn is_among(name: &Value, names: &BTreeSet<String>) -> bool {
    name.as_str().is_some_and(|name| names.contains(name))
}

fn withhold_used(reasons: &mut Value, hidden: &BTreeSet<String>, is_withheld: &mut bool) {
    for reason in reasons.as_array_mut().into_iter().flatten() {
        for used in reason.get_mut("used").and_then(Value::as_array_mut).into_iter().flatten() {
            let is_hidden = is_among(&used["fact"], hidden) || is_among(&used["key"], hidden);
            if is_hidden && !used["value"].is_null() {
                *is_withheld = true;
                for key in ["value", "shown", "source"] {
                    used[key] = Value::Null;
                }
                used["withheld"] = json!(true);
            }
        }
        if let Some(members) = reason.get_mut("members") {
            withhold_used(members, hidden, is_withheld);
        }
    }
}
