//! The mistakes that can be made among conditions: one forgotten, all for any.

use facts::yaml::Node;
use facts::{Span, Text};
use lang::document::shape::CONDITION;

use super::edits::only_this;
use super::{Edit, MutantKind};

/// The id of what stands where a group was forgotten.
const STAND_IN: &str = "forgotten-group";

/// Adds the edits of the conditions of a document.
pub(super) fn of_document(root: &Node, text: &str, out: &mut Vec<Edit>) {
    group(root.get("needs"), "true", text, out);
}

/// Members of a group in which a condition that always is `neutral` plays no part.
fn group(members: Option<&Node>, neutral: &str, text: &str, out: &mut Vec<Edit>) {
    for member in members.and_then(Node::as_list).unwrap_or_default() {
        condition(member, neutral, text, out);
    }
}

fn condition(node: &Node, neutral: &str, text: &str, out: &mut Vec<Edit>) {
    let entries = node.as_map().unwrap_or_default();
    let is_body = |key: &Node| key.as_text().is_some_and(|name| CONDITION.one_of.contains(&name));
    let Some((key, body)) = entries.iter().find(|(key, _)| is_body(key)) else { return };
    let name = key.as_text().unwrap_or_default();
    // Conditions on a related party are a group by their nature: they can be forgotten one by one.
    let is_about = node.get("about").is_some();
    if !is_about {
        out.push(forgotten(node, key, body, neutral, text));
    }
    let inside = if name == "any" { "false" } else { "true" };
    if matches!(name, "any" | "all" | "each") {
        if name != "each" && !is_about && body.as_list().is_some_and(|members| members.len() > 1) {
            out.push(swapped(key, name));
        }
        group(Some(body), inside, text, out);
    }
}

/// The condition as if it had not been written.
fn forgotten(node: &Node, key: &Node, body: &Node, neutral: &str, text: &str) -> Edit {
    let written = text.get(key.span.start..end(body, text)).unwrap_or_default().trim_end();
    let span = Span::new(key.span.start, key.span.start + written.len());
    let id = node.get("id").and_then(Node::as_text);
    let wanted = only_this(id.unwrap_or_else(|| written.lines().next().unwrap_or_default()));
    // A group may have neither id nor article of its own, which a rule needs.
    let is_group = matches!(key.as_text(), Some("any" | "all" | "each" | "include"));
    let rule = format!("rule: {neutral}");
    let new = if is_group { format!("all: [{{id: {STAND_IN}, clause: 待核, {rule}}}]") } else { rule };
    Edit { span, kind: MutantKind::Removal, new: vec![new], wanted }
}

/// Where a node ends. A collection in block style has no closing sign; its own span reaches to what follows it.
fn end(node: &Node, text: &str) -> usize {
    let is_flow = text.get(node.span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
    let last = match (node.as_list(), node.as_map()) {
        (Some(items), _) => items.last(),
        (_, Some(entries)) => entries.last().map(|(_, value)| value),
        _ => None,
    };
    last.filter(|_| !is_flow).map_or(node.span.end, |last| end(last, text))
}

fn swapped(key: &Node, name: &str) -> Edit {
    let new = if name == "any" { "all" } else { "any" };
    let wanted = Text {
        zh: "一个只满足其中一部分的例子".to_owned(),
        en: "an example in which some of them hold and some do not".to_owned(),
    };
    Edit { span: key.span, kind: MutantKind::Logic, new: vec![new.to_owned()], wanted }
}
