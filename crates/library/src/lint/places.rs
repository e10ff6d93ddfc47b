//! Where things stand in the text of a document, which the checked document does not say.

use std::collections::BTreeSet;

use facts::Span;
use facts::yaml::{Node, NodeKind};

/// Keys whose text names the mapping that they stand in.
const NAMING: [&str; 6] = ["id", "name", "status", "fact", "about", "include"];

/// Where the value under these keys stands.
pub(super) fn at(root: Option<&Node>, path: &[&str]) -> Option<Span> {
    path.iter().try_fold(root?, |node, key| node.get(key)).map(|node| node.span)
}

/// Where a text stands among the members of the list under a key.
pub(super) fn listed(root: Option<&Node>, key: &str, text: &str) -> Option<Span> {
    let items = root?.get(key)?.as_list()?;
    items.iter().find(|item| item.as_text() == Some(text)).map(|item| item.span)
}

/// What a place is called: the keys above it, the ids and names of the mappings around it, and the text that stands there.
pub(super) fn names(root: &Node, span: Span) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(root, span, &mut names);
    names
}

fn holds(node: &Node, span: Span) -> bool {
    node.span.start <= span.start && span.start < node.span.end.max(node.span.start + 1)
}

fn collect(node: &Node, span: Span, names: &mut BTreeSet<String>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => drop(names.insert(scalar.text.clone())),
        NodeKind::List(items) => {
            items.iter().filter(|item| holds(item, span)).for_each(|item| collect(item, span, names));
        }
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                let name = key.as_text().unwrap_or_default();
                if NAMING.contains(&name) {
                    names.extend(value.as_text().map(str::to_owned));
                }
                if holds(key, span) || holds(value, span) {
                    names.insert(name.to_owned());
                    collect(value, span, names);
                }
            }
        }
    }
}

/// The `else` of the tiers whose first condition stands at that place.
pub(super) fn else_of(root: Option<&Node>, first: Span) -> Option<Span> {
    let mut found = None;
    visit(root?, first, &mut |node| {
        let Some(items) = node.as_list() else { return };
        let is_first = items.first().and_then(|item| item.get("when")).is_some_and(|when| holds(when, first));
        if is_first {
            found = items.last().and_then(|last| key_of(last, "else"));
        }
    });
    found
}

/// The bounds of the bands of the value that stands at that place, and their `else`.
pub(super) fn bands_of(root: Option<&Node>, of: Span) -> (Vec<Span>, Option<Span>) {
    let (mut bounds, mut otherwise) = (Vec::new(), None);
    let Some(root) = root else { return (bounds, otherwise) };
    visit(root, of, &mut |node| {
        if !node.get("of").is_some_and(|value| holds(value, of)) {
            return;
        }
        let bands = node.get("at_least").or_else(|| node.get("up_to"));
        let entries = bands.and_then(Node::as_map).unwrap_or_default();
        let is_else = |key: &Node| key.as_text() == Some("else");
        bounds = entries.iter().map(|(key, _)| key).filter(|key| !is_else(key)).map(|key| key.span).collect();
        otherwise = entries.iter().map(|(key, _)| key).find(|key| is_else(key)).map(|key| key.span);
    });
    (bounds, otherwise)
}

/// Where a key of a mapping stands.
pub(super) fn key_of(node: &Node, name: &str) -> Option<Span> {
    node.as_map()?.iter().map(|(key, _)| key).find(|key| key.as_text() == Some(name)).map(|key| key.span)
}

/// Every node around a place, the outermost first.
fn visit<'n>(node: &'n Node, span: Span, see: &mut impl FnMut(&'n Node)) {
    see(node);
    match &node.kind {
        NodeKind::Scalar(_) => {}
        NodeKind::List(items) => {
            items.iter().filter(|item| holds(item, span)).for_each(|item| visit(item, span, see));
        }
        NodeKind::Map(entries) => {
            let values = entries.iter().map(|(_, value)| value).filter(|value| holds(value, span));
            values.for_each(|value| visit(value, span, see));
        }
    }
}
