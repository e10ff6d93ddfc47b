//! Profiles written as objects that are read back as they are: what [`crate::read::profile_from_node`] understands.

use serde_json::{Map, Value as Json, json};

use crate::{
    Dimension, FactDefinition, FactType, Number, Period, Profile, Quantity, SUBJECT_KINDS, Unit, Value,
    Vocabulary,
};

/// Most decimal places of a number that is written in the fact's own unit.
const PLACES_MAX: u32 = 20;

/// The base units that a dimension is measured in, where a person knows them by one name.
const BASE_UNITS: [(Quantity, &str); 6] = [
    (Quantity::People, "人"),
    (Quantity::Area, "平方米"),
    (Quantity::Energy, "吨标准煤"),
    (Quantity::Months, "个月"),
    (Quantity::Days, "天"),
    (Quantity::Length, "纳米"),
];

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
            out.insert(key(definition, &entry.period), json!(written(definition, &entry.value)));
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
        None => format!("{number}{}", base_unit(unit.dimension).unwrap_or_default()),
    }
}

/// A fact in a period, as a table, a form or an object names it.
pub fn key(definition: &FactDefinition, period: &Period) -> String {
    match period {
        Period::Unstated => definition.name.clone(),
        period => format!("{}.{period}", definition.name),
    }
}

/// The base unit of a dimension, where it has one name.
pub fn base_unit(dimension: Dimension) -> Option<&'static str> {
    BASE_UNITS.iter().find(|(quantity, _)| Dimension::of(*quantity) == dimension).map(|(_, name)| *name)
}

/// The same with the years of its periods written out ([`Period::absolute`]), so that it says the same to whoever reads it
/// in a later year. Items of collections and related parties too.
#[must_use]
pub fn with_years(mut profile: Profile, vocabulary: &Vocabulary, reference: i32) -> Profile {
    for (fact, entries) in &mut profile.facts {
        let definition = vocabulary.get(*fact);
        for entry in entries.iter_mut() {
            // Without a period nothing was said about a year, and none is made up.
            if entry.period != Period::Unstated {
                entry.period = entry.period.absolute(definition, reference);
            }
        }
    }
    let items =
        |items: Vec<Profile>| items.into_iter().map(|it| with_years(it, vocabulary, reference)).collect();
    profile.collections = profile.collections.into_iter().map(|(name, list)| (name, items(list))).collect();
    let party = |(role, party)| (role, with_years(party, vocabulary, reference));
    profile.roles = profile.roles.into_iter().map(party).collect();
    profile
}
