//! A subject as an object that is read back as it is: what `ask --save` writes.

use facts::{FactDefinition, FactType, Number, Profile, SUBJECT_KINDS, Unit, Value, Vocabulary};
use serde_json::{Map, Value as Json, json};

use crate::period;

/// Most decimal places of a number that is written in the fact's own unit.
const PLACES_MAX: u32 = 20;

/// All that is known of a subject, under the keys that a file of facts has.
pub fn to_json(profile: &Profile, vocabulary: &Vocabulary) -> Json {
    let mut out = Map::new();
    let mut put = |key: &str, text: &str| {
        if !text.is_empty() {
            out.insert(key.to_owned(), json!(text));
        }
    };
    if SUBJECT_KINDS.iter().any(|(code, _)| *code == profile.kind) {
        put("主体", &profile.kind);
    }
    put("id", &profile.id);
    put("名称", &profile.name);
    for (fact, entries) in &profile.facts {
        let definition = vocabulary.get(*fact);
        for entry in entries {
            out.insert(period::key(definition, &entry.period), json!(written(definition, &entry.value)));
        }
    }
    for (status, holding) in &profile.holdings {
        let mut certificate = Map::new();
        certificate.insert("held".to_owned(), json!(if holding.held { "是" } else { "否" }));
        if !holding.number.is_empty() {
            certificate.insert("number".to_owned(), json!(holding.number));
        }
        for (key, day) in [("from", holding.from), ("to", holding.to)] {
            certificate.extend(day.map(|day| (key.to_owned(), json!(day.to_string()))));
        }
        out.insert(format!("status:{status}"), Json::Object(certificate));
    }
    for (condition, decided) in &profile.manual {
        out.insert(format!("manual:{condition}"), json!(if *decided { "是" } else { "否" }));
    }
    for (collection, items) in &profile.collections {
        out.insert(collection.clone(), items.iter().map(|item| to_json(item, vocabulary)).collect());
    }
    for (role, party) in &profile.roles {
        out.insert(role.clone(), to_json(party, vocabulary));
    }
    Json::Object(out)
}

/// A value as a cell holds it, with its unit.
pub fn written(definition: &FactDefinition, value: &Value) -> String {
    match value {
        Value::Number(number) => with_unit(definition, number),
        Value::Range(low, high) => format!("{}..{}", with_unit(definition, low), with_unit(definition, high)),
        other => other.to_string(),
    }
}

fn with_unit(definition: &FactDefinition, number: &Number) -> String {
    let unit = match definition.fact_type {
        FactType::Money => definition.unit.or_else(|| Unit::find("元")),
        FactType::Count | FactType::Number => definition.unit,
        _ => None,
    };
    let Some(unit) = unit else { return number.to_string() };
    let scaled = number.checked_div(&unit.scale()).and_then(|scaled| scaled.to_decimal(PLACES_MAX));
    match scaled {
        Some(text) => format!("{text}{}", unit.name),
        // A figure in another unit of the same measure, as square metres of a fact in mu.
        None => format!("{number}{}", super::value::base_unit(unit.dimension).unwrap_or_default()),
    }
}

/// As YAML, a line a key.
pub fn to_yaml(profile: &Profile, vocabulary: &Vocabulary) -> String {
    let Json::Object(entries) = to_json(profile, vocabulary) else { return String::new() };
    entries.iter().map(|(key, value)| format!("{}: {value}\n", json!(key))).collect()
}
