//! A document as JSON: in short, and whole.

use engine::point::Rulebook;
use lang::ir::{Condition, Document, Test};
use serde_json::{Map, Value, json};

use super::{manual_conditions, unseen_clauses};
use crate::json::bilingual;

/// A document in short, as JSON.
pub fn brief(document: &Document) -> Value {
    json!({
        "policy": document.id,
        "version": document.from.to_string(),
        "until": document.to.map(|day| day.to_string()),
        "level": document.level,
        "kind": document.kind,
        "subject": document.subject,
        "title": bilingual(&document.title),
        "short": bilingual(&document.short),
        "issuer": document.legal.issuer,
        "grade": document.legal.grade,
        "status": document.gives.status,
        "nature": document.gives.nature.map(lang::ir::Nature::as_code),
        "manual_conditions": manual_conditions(document),
        "unverified_clauses": unseen_clauses(document),
    })
}

/// All that a document says of itself, as JSON; `examples` is how many stand beside it.
pub fn full(document: &Document, is_in_force: bool, rulebook: &Rulebook, examples: usize) -> Value {
    let condition = |condition: &&Condition| {
        json!({
            "id": condition.id,
            "clause": condition.clause,
            "says": bilingual(&condition.says),
            "rule": condition.rule,
            "manual": matches!(condition.test, Test::Manual(..)),
        })
    };
    let feel: Map<String, Value> = lang::feel::document(document, &rulebook.vocabulary)
        .into_iter()
        .map(|(name, rule)| (name, json!(rule)))
        .collect();
    let mut out = brief(document);
    let more = json!({
        "in_force": is_in_force,
        "summary": bilingual(&document.summary),
        "document": document.legal.document,
        "published": document.legal.published.map(|day| day.to_string()),
        "read": document.legal.read.map(|day| day.to_string()),
        "url": document.legal.url,
        "conditions": document.conditions().iter().map(condition).collect::<Vec<_>>(),
        "facts": document.kinds[0].inputs.iter().map(|input| input.key.as_str()).collect::<Vec<_>>(),
        "feel": feel,
        "exclusive_with": document.exclusive_with,
        "supersedes": document.supersedes,
        "superseded_by": document.superseded_by,
        "open_points": document.open_points.iter().map(bilingual).collect::<Vec<_>>(),
        "examples": examples,
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}
