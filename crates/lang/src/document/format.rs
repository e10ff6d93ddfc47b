//! The formatter of policy documents: each rule in its canonical text, no blanks at line ends, one newline at the end.
//!
//! Comments, order and everything else a person wrote stay as they are. What does not parse is left alone: `check` says why.

use facts::yaml::{self, Node, NodeKind, Scalar};

use super::shape::{DOCUMENT, Object, PART, Shape, VALUE_TIER};
use crate::syntax;

/// The canonical text of a document. Formatting it again changes nothing.
pub fn format(text: &str) -> String {
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    if let (Some(root), _) = yaml::parse(text) {
        let mut rules = Vec::new();
        object_rules(&root, &DOCUMENT, &mut rules);
        edits.extend(rules.into_iter().filter_map(|scalar| edit(text, scalar)));
    }
    edits.sort_by_key(|(start, ..)| *start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, replacement) in edits {
        out.push_str(&text[at..start]);
        out.push_str(&replacement);
        at = end;
    }
    out.push_str(&text[at..]);
    tidy_lines(&out)
}

/// The part of the source that a rule takes, and what should stand there; none if it is canonical or cannot be told.
fn edit(text: &str, scalar: &Scalar) -> Option<(usize, usize, String)> {
    let start = scalar.text_start?;
    let (tree, errors) = syntax::parse(&scalar.text, 0, &syntax::NoNames);
    let canonical = syntax::format(&tree.filter(|_| errors.is_empty())?);
    if canonical == scalar.text {
        return None;
    }
    let end = start + scalar.text.len();
    if !scalar.quoted {
        let replacement = if stands_plain(&canonical) { canonical } else { quoted(&canonical) };
        return Some((start, end, replacement));
    }
    let quote = text[..start].chars().next_back()?;
    let stands = match quote {
        '\'' => !canonical.contains('\''),
        '"' => !canonical.contains(['"', '\\']),
        _ => false,
    };
    stands.then_some((start, end, canonical))
}

/// Whether a text can stand in YAML without quotes, in a flow mapping too.
fn stands_plain(text: &str) -> bool {
    let starts_well = text.chars().next().is_some_and(|first| !"\"'[]{}#&*!|>%@`?-:,".contains(first));
    starts_well && !text.contains([',', '[', ']', '{', '}']) && !text.contains(": ") && !text.contains(" #")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn tidy_lines(text: &str) -> String {
    let mut out: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn rules<'n>(node: &'n Node, shape: &Shape, out: &mut Vec<&'n Scalar>) {
    match shape {
        Shape::Rule => out.extend(node.as_scalar()),
        Shape::Value => match &node.kind {
            NodeKind::Scalar(scalar) => out.push(scalar),
            _ => {
                let tiers = node.get("first").and_then(Node::as_list).unwrap_or_default();
                tiers.iter().for_each(|tier| object_rules(tier, &VALUE_TIER, out));
            }
        },
        Shape::Points => match &node.kind {
            NodeKind::Scalar(scalar) => out.push(scalar),
            NodeKind::List(items) => out.extend(items.iter().filter_map(Node::as_scalar)),
            NodeKind::Map(_) => object_rules(node, &PART, out),
        },
        Shape::List(inner) | Shape::OneOrMore(inner) | Shape::Pair(inner) => {
            node.as_list().unwrap_or_default().iter().for_each(|item| rules(item, inner, out));
        }
        Shape::Map(inner) => {
            node.as_map().unwrap_or_default().iter().for_each(|(_, value)| rules(value, inner, out));
        }
        Shape::Object(object) | Shape::WordOr(_, object) => object_rules(node, object, out),
        _ => {}
    }
}

fn object_rules<'n>(node: &'n Node, object: &'static Object, out: &mut Vec<&'n Scalar>) {
    for (key, value) in node.as_map().unwrap_or_default() {
        if let Some(known) = object.keys.iter().find(|known| key.as_text() == Some(known.name)) {
            rules(value, &known.shape, out);
        }
    }
}
