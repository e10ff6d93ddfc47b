//! A subject as an object that is read back as it is: what `ask --save` writes.

use facts::{Profile, Vocabulary};
use serde_json::{Value as Json, json};

pub use facts::write::{to_json, written};

/// As YAML, a line a key.
pub fn to_yaml(profile: &Profile, vocabulary: &Vocabulary) -> String {
    let Json::Object(entries) = to_json(profile, vocabulary) else { return String::new() };
    entries.iter().map(|(key, value)| format!("{}: {value}\n", json!(key))).collect()
}
