//! Where in a document's tree rules stand, told by the table of shapes, and the days between which it is in force.

use facts::yaml::{Node, NodeKind};
use facts::{Date, PartialDate, Precision, Span, Text};
use lang::document::shape::{DOCUMENT, Object, PART, Shape, VALUE_TIER};

use super::{Edit, MutantKind};

/// A status is given whatever this says; it is told and decides nothing.
const TOLD_ONLY: &[(&str, &str)] = &[("gives", "valid")];

/// Calls `visit` with each scalar that holds an expression.
pub(super) fn rules(root: &Node, visit: &mut dyn FnMut(&Node)) {
    object(root, &DOCUMENT, visit);
}

fn walk(node: &Node, shape: &Shape, visit: &mut dyn FnMut(&Node)) {
    match shape {
        Shape::Rule => scalar(node, visit),
        Shape::Value => match node.get("first").and_then(Node::as_list) {
            Some(tiers) => tiers.iter().for_each(|tier| object(tier, &VALUE_TIER, visit)),
            None => scalar(node, visit),
        },
        Shape::Points => match &node.kind {
            NodeKind::Scalar(_) => visit(node),
            NodeKind::List(ends) => ends.iter().for_each(|end| scalar(end, visit)),
            NodeKind::Map(_) => object(node, &PART, visit),
        },
        Shape::List(inner) | Shape::Pair(inner) => {
            node.as_list().unwrap_or_default().iter().for_each(|item| walk(item, inner, visit));
        }
        Shape::OneOrMore(inner) => match node.as_list() {
            Some(items) => items.iter().for_each(|item| walk(item, inner, visit)),
            None => walk(node, inner, visit),
        },
        Shape::Map(inner) => {
            node.as_map().unwrap_or_default().iter().for_each(|(_, value)| walk(value, inner, visit));
        }
        Shape::Object(inner) | Shape::WordOr(_, inner) => object(node, inner, visit),
        Shape::Text | Shape::Bilingual | Shape::Date | Shape::Bool | Shape::Id | Shape::OneOf(_) => {}
    }
}

fn object(node: &Node, object: &Object, visit: &mut dyn FnMut(&Node)) {
    for (key, value) in node.as_map().unwrap_or_default() {
        let name = key.as_text().unwrap_or_default();
        if TOLD_ONLY.contains(&(object.name, name)) {
            continue;
        }
        match object.keys.iter().find(|known| known.name == name) {
            Some(known) => {
                if matches!(known.shape, Shape::Map(Shape::Points)) && matches!(name, "at_least" | "up_to") {
                    bounds(value, visit);
                }
                walk(value, &known.shape, visit);
            }
            None if object.others.is_some() => free(value, visit),
            None => {}
        }
    }
}

/// The bounds of bands are the keys of a mapping.
fn bounds(bands: &Node, visit: &mut dyn FnMut(&Node)) {
    let keys = bands.as_map().unwrap_or_default().iter().map(|(key, _)| key);
    keys.filter(|key| key.as_text() != Some("else")).for_each(|key| scalar(key, visit));
}

/// What stands under the free keys of a table's row: a value, or a value for each column.
fn free(node: &Node, visit: &mut dyn FnMut(&Node)) {
    match node.as_map() {
        Some(columns) => columns.iter().for_each(|(_, value)| scalar(value, visit)),
        None => scalar(node, visit),
    }
}

fn scalar(node: &Node, visit: &mut dyn FnMut(&Node)) {
    if node.as_scalar().is_some() {
        visit(node);
    }
}

/// The first and the last day in force, each one step of its own precision earlier and later.
pub(super) fn in_force(root: &Node, out: &mut Vec<Edit>) {
    let Some(in_force) = root.get("in_force") else { return };
    for key in ["from", "to"] {
        let Some(scalar) = in_force.get(key).and_then(Node::as_scalar) else { continue };
        let (Some(start), Ok(day)) = (scalar.text_start, scalar.text.parse::<PartialDate>()) else {
            continue;
        };
        let span = Span::new(start, start + scalar.text.len());
        let wanted = Text {
            zh: format!("一个 on: 恰在 {} 这一边界上的例子,和一个在它外面一步的例子", scalar.text),
            en: format!("an example whose on: lies on the bound {}, and one a step outside it", scalar.text),
        };
        for step in [1, -1] {
            let new = moved(day, step).into_iter().collect();
            out.push(Edit { span, kind: MutantKind::Grain, new, wanted: wanted.clone() });
        }
    }
}

fn moved(day: PartialDate, step: i64) -> Option<String> {
    match day.precision {
        Precision::Day => day.start.add_days(step).map(|day| day.to_string()),
        Precision::Month => {
            day.start.add_months(step).map(|Date { year, month, .. }| format!("{year:04}-{month:02}"))
        }
        Precision::Year => day.start.add_months(12 * step).map(|day| format!("{:04}", day.year)),
    }
}
