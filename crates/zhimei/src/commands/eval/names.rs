//! The names and values that a context file supplies.

use std::path::Path;
use std::str::FromStr as _;

use anyhow::Result;
use facts::Source;
use facts::yaml::{self, Node, NodeKind};
use serde_json::{Map, Value};

use crate::load::cannot_read;
use crate::problem::Problem;

/// A context file: names with their values, as YAML, of which JSON is a part.
#[derive(Debug)]
pub struct Given {
    /// The file, for messages.
    pub source: Source,
    /// The mapping.
    pub root: Node,
}

/// Reads a context file.
pub fn read(path: &Path) -> Result<Given> {
    let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
    let shown = path.display();
    let text = String::from_utf8(bytes).map_err(|_| {
        Problem::new(format!("{shown} 不是 UTF-8 文字"), format!("{shown} is not UTF-8 text"))
            .with_help("另存为 UTF-8", "save it as UTF-8")
    })?;
    let source = Source::new(shown.to_string(), text);
    let (root, found) = yaml::parse(&source.text);
    if let Some(finding) = found.into_iter().next() {
        let (line, column) = source.line_column(finding.span.start);
        return Err(Problem::new(
            format!("{shown} 第 {line} 行第 {column} 字:{}", finding.message.zh),
            format!("{shown}, line {line}, character {column}: {}", finding.message.en),
        )
        .into());
    }
    match root.filter(|root| root.as_map().is_some()) {
        Some(root) => Ok(Given { source, root }),
        None => Err(Problem::new(
            format!("{shown} 里应是“名称: 值”"),
            format!("{shown} should hold “name: value” entries"),
        )
        .into()),
    }
}

impl Given {
    /// The names with their values.
    pub fn entries(&self) -> &[(Node, Node)] {
        self.root.as_map().unwrap_or_default()
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        json(&self.root)
    }
}

/// A node as JSON: plain scalars are numbers, booleans or null where they look so, quoted ones are texts.
pub fn json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Map(entries) => {
            let entry =
                |(key, value): &(Node, Node)| (key.as_text().unwrap_or_default().to_owned(), json(value));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        NodeKind::List(items) => Value::Array(items.iter().map(json).collect()),
        NodeKind::Scalar(scalar) if scalar.quoted => Value::String(scalar.text.clone()),
        NodeKind::Scalar(_) if node.is_null() => Value::Null,
        NodeKind::Scalar(scalar) => match scalar.text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => match serde_json::Number::from_str(text) {
                Ok(number) => Value::Number(number),
                Err(_) => Value::String(text.to_owned()),
            },
        },
    }
}
