//! L0201: rows of a table that say the same, and codes that lie under another of the same row.

use facts::Span;
use facts::yaml::Node;
use lang::ir::{Row, Table};
use lang::types::Type;

use super::Text;
use crate::lint::Note;
use crate::lint::logic::Logic;
use crate::lint::rule::{Both, Rule};

pub(super) static RULE: Rule = Rule {
    code: "L0201",
    what: Both {
        zh: "表里两行说的一样,或一行里的代码已包括在同一行的另一个代码里",
        en: "two rows of a table say the same, or a code of a row lies under another code of that row",
    },
    example: "rows: [{says: 软件, keys: [I65], 系数: 2}, {says: 软件, keys: [I64], 系数: 2}]",
    mend: Both {
        zh: "合并成一行,代码写在一起;或改正写错的一行",
        en: "make them one row with all the codes, or correct the row that is wrong",
    },
};

pub(super) fn check(logic: &Logic<'_>, text: &Text<'_>, notes: &mut Vec<Note>) {
    for table in &text.document.tables {
        let node = text.root.and_then(|root| root.get("tables")?.get(&table.name)?.get("rows"));
        let rows = node.and_then(Node::as_list).unwrap_or_default();
        let span_of = |place: usize| rows.get(place).map_or_else(Span::default, first_key);
        for (place, row) in table.rows.iter().enumerate() {
            let same = table.rows[..place].iter().find(|earlier| says_the_same(logic, earlier, row));
            if let Some(earlier) = same {
                let keys = earlier.keys.join(" ");
                let finding = RULE.finding(
                    span_of(place),
                    format!("这一行与代码为 {keys} 的一行说的一样"),
                    format!("this row says the same as the one for {keys}"),
                );
                notes.push(Note::new(text.index, finding));
            }
            if is_hierarchical(logic, table) {
                nested(row, rows.get(place), text, notes);
            }
        }
    }
}

fn first_key(node: &Node) -> Span {
    node.as_map().and_then(|entries| entries.first()).map_or(node.span, |(key, _)| key.span)
}

fn is_hierarchical(logic: &Logic<'_>, table: &Table) -> bool {
    match &table.key.ty {
        Type::Code(fact) => logic.vocabulary.get(*fact).hierarchy,
        _ => false,
    }
}

/// Rows that a reader could not tell apart but for their codes. Rows of different articles stand apart in the source.
fn says_the_same(logic: &Logic<'_>, left: &Row, right: &Row) -> bool {
    let has_content = !left.says.zh.is_empty() || !left.reach.is_empty() || !left.values.is_empty();
    has_content
        && left.says == right.says
        && left.clause == right.clause
        && columns(logic, left) == columns(logic, right)
}

fn columns(logic: &Logic<'_>, row: &Row) -> Vec<String> {
    let reached = row.reach.iter().flat_map(|(fact, bounds)| {
        let of = logic.key(fact);
        bounds.iter().map(move |(column, bound)| format!("{of}/{column}={}", logic.key(bound)))
    });
    let values = row.values.iter().map(|(column, value)| format!("{column}={}", logic.key(value)));
    let mut all: Vec<String> = reached.chain(values).collect();
    all.sort();
    all
}

fn nested(row: &Row, node: Option<&Node>, text: &Text<'_>, notes: &mut Vec<Note>) {
    for key in &row.keys {
        let above = row.keys.iter().find(|other| *other != key && key.starts_with(other.as_str()));
        let Some(above) = above else { continue };
        let items = node.and_then(|node| node.get("keys")?.as_list()).unwrap_or_default();
        let item = items.iter().find(|item| item.as_text() == Some(key));
        let span = item.or(node).map_or_else(Span::default, |node| node.span);
        let finding = RULE.finding(
            span,
            format!("“{key}”已包括在同一行的“{above}”里"),
            format!("“{key}” lies under “{above}” of the same row"),
        );
        notes.push(Note::new(text.index, finding));
    }
}
