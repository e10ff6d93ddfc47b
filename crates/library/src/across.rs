//! What can only be seen with all documents side by side: versions that overlap, documents that hang on themselves.

use std::collections::{BTreeMap, BTreeSet};

use facts::yaml::{self, Node, NodeKind};
use facts::{Diagnostic, Source, Span};
use lang::ir::{Document, InputKind};

use crate::Finding;

/// A document with the index of its source.
type Placed = (usize, Document);

pub(crate) fn check(documents: &[Placed], sources: &[Source]) -> Vec<Finding> {
    let mut found = overlaps(documents, sources);
    for (index, document) in documents {
        if let Some(path) = cycle_from(&document.id, documents) {
            let names = path.join(" → ");
            let diagnostic = Diagnostic::error(
                "E0502",
                mention(&sources[*index], &path[1]),
                format!("文件互相依赖:{names}"),
                format!("documents hang on each other: {names}"),
            );
            found.push(Finding { source: *index, diagnostic });
        }
    }
    found
}

/// Versions of one document that are in force on the same day.
fn overlaps(documents: &[Placed], sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    for entry in documents {
        by_id.entry(&entry.1.id).or_default().push(entry);
    }
    for versions in by_id.values_mut() {
        versions.sort_by_key(|(_, document)| document.from.start);
        for pair in versions.windows(2) {
            let (earlier, later) = (&pair[0].1, &pair[1].1);
            if is_overlapping(earlier, later) {
                let (index, other) = (pair[1].0, &sources[pair[0].0].path);
                let diagnostic = Diagnostic::error(
                    "E0501",
                    first_day(&sources[index]),
                    format!("与自 {} 起施行的版本({other})同时有效", earlier.from),
                    format!("in force together with the version from {} ({other})", earlier.from),
                )
                .with_help("给较早的版本写上 in_force.to", "give the earlier version an in_force.to");
                found.push(Finding { source: index, diagnostic });
            }
        }
    }
    found
}

/// Whether a version is still in force when the next one begins.
pub(crate) fn is_overlapping(earlier: &Document, later: &Document) -> bool {
    earlier.to.is_none_or(|to| to.end() >= later.from.start)
}

/// Where the first day in force stands.
fn first_day(source: &Source) -> Span {
    let (root, _) = yaml::parse(&source.text);
    let from = root.as_ref().and_then(|root| root.get("in_force")?.get("from"));
    from.map_or_else(Span::default, |from| from.span)
}

/// Where a document first names another among its conditions and values.
fn mention(source: &Source, id: &str) -> Span {
    let (root, _) = yaml::parse(&source.text);
    let sections = ["needs", "let", "lists", "tables", "scores", "gives"];
    let nodes = sections.iter().filter_map(|section| root.as_ref()?.get(section));
    nodes.into_iter().find_map(|node| mention_in(node, id)).unwrap_or_default()
}

fn mention_in(node: &Node, id: &str) -> Option<Span> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.text == id => Some(node.span),
        NodeKind::Scalar(scalar) => {
            let quoted = format!("\"{id}\"");
            let at = scalar.text.find(&quoted)?;
            let start = scalar.text_start.map(|start| start + at);
            Some(start.map_or(node.span, |start| Span::new(start, start + quoted.len())))
        }
        NodeKind::List(items) => items.iter().find_map(|item| mention_in(item, id)),
        NodeKind::Map(entries) => entries.iter().find_map(|(_, value)| mention_in(value, id)),
    }
}

/// The way from a document back to itself over what it requires of others.
fn cycle_from(id: &str, documents: &[Placed]) -> Option<Vec<String>> {
    let needed = |id: &str| -> Vec<&str> {
        let versions = documents.iter().filter(|(_, document)| document.id == id);
        let inputs = versions.flat_map(|(_, document)| &document.kinds[0].inputs);
        inputs
            .filter_map(|input| match &input.kind {
                InputKind::Document(other) => Some(other.as_str()),
                _ => None,
            })
            .collect()
    };
    let mut stack: Vec<Vec<&str>> = vec![vec![id]];
    let mut seen = BTreeSet::new();
    while let Some(path) = stack.pop() {
        let last = path.last().copied().unwrap_or_default();
        for next in needed(last) {
            if next == id {
                return Some(path.iter().copied().chain([id]).map(str::to_owned).collect());
            }
            if seen.insert(next.to_owned()) {
                stack.push(path.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}
