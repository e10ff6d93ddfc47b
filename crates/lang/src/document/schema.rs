//! The JSON Schema of a policy document, so that editors complete and check while a person types.

use serde_json::{Map, Value, json};

use super::shape::{DOCUMENT, Object, PART, Shape, VALUE_TIER};

/// The schema of a whole document.
pub fn policy() -> Value {
    let mut definitions = Map::new();
    let root = object(&DOCUMENT, &mut definitions);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Zhimei policy document / 智美政策文件",
    });
    let target = schema.as_object_mut().expect("json! of an object is an object");
    if let Value::Object(entries) = root {
        target.extend(entries);
    }
    target.insert("$defs".to_owned(), Value::Object(definitions));
    schema
}

fn reference(of: &'static Object, definitions: &mut Map<String, Value>) -> Value {
    if !definitions.contains_key(of.name) {
        // The place is taken first: objects may hold themselves.
        definitions.insert(of.name.to_owned(), Value::Null);
        let schema = object(of, definitions);
        definitions.insert(of.name.to_owned(), schema);
    }
    json!({ "$ref": format!("#/$defs/{}", of.name) })
}

fn object(of: &'static Object, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in of.keys {
        let mut schema = shape(&key.shape, definitions);
        if let Some(entries) = schema.as_object_mut() {
            entries.insert("description".to_owned(), json!(format!("{} / {}", key.zh, key.en)));
        }
        properties.insert(key.name.to_owned(), schema);
    }
    let required: Vec<&str> = of.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": of.others.is_some(),
    });
    if !of.one_of.is_empty()
        && let Some(entries) = schema.as_object_mut()
    {
        let choices: Vec<Value> = of.one_of.iter().map(|name| json!({ "required": [name] })).collect();
        entries.insert("oneOf".to_owned(), json!(choices));
    }
    schema
}

fn shape(of: &Shape, definitions: &mut Map<String, Value>) -> Value {
    match of {
        Shape::Text => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Rule => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Id => json!({ "type": "string", "pattern": "^[^\\s\"'`/\\\\:,]+$" }),
        Shape::Date => json!({ "type": ["string", "number"], "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?$" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::OneOf(words) => json!({ "enum": words }),
        Shape::Bilingual => json!({ "anyOf": [
            { "type": "string" },
            {
                "type": "object",
                "properties": { "zh": { "type": "string" }, "en": { "type": "string" } },
                "required": ["zh"],
                "additionalProperties": false,
            },
        ]}),
        Shape::Value => {
            let tier = reference(&VALUE_TIER, definitions);
            json!({ "anyOf": [
                { "type": ["string", "number", "boolean"] },
                {
                    "type": "object",
                    "properties": { "first": { "type": "array", "items": tier } },
                    "required": ["first"],
                    "additionalProperties": false,
                },
            ]})
        }
        Shape::Points => {
            let part = reference(&PART, definitions);
            json!({ "anyOf": [
                { "type": ["string", "number"] },
                { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": ["string", "number"] } },
                part,
            ]})
        }
        Shape::List(inner) => json!({ "type": "array", "items": shape(inner, definitions) }),
        Shape::OneOrMore(inner) => {
            let inner = shape(inner, definitions);
            json!({ "anyOf": [inner.clone(), { "type": "array", "items": inner }] })
        }
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": shape(inner, definitions) }),
        Shape::Pair(inner) => {
            json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": shape(inner, definitions) })
        }
        Shape::Object(inner) => reference(inner, definitions),
        Shape::WordOr(words, inner) => json!({ "anyOf": [{ "enum": words }, reference(inner, definitions)] }),
    }
}
