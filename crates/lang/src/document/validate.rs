//! Checks a YAML tree against its shape, and reports everything wrong at once.

use facts::yaml::{Node, NodeKind};
use facts::{Diagnostic, PartialDate};

use super::shape::{Key, Object, PART, Shape, VALUE_TIER};
use crate::suggest;

/// What stands under `first:` of a value.
static VALUE_TIERS: Shape = Shape::List(&Shape::Object(&VALUE_TIER));

/// Keys under which something must stand: nothing there would hold, fail or come to nought unnoticed.
const NEVER_EMPTY: [&str; 12] = [
    "any",
    "all",
    "first",
    "each",
    "keys",
    "rows",
    "parts",
    "best_of",
    "at_least",
    "up_to",
    "reached",
    "best_first",
];

/// Reports each place of `node` that does not have the shape.
pub fn validate(node: &Node, object: &'static Object, found: &mut Vec<Diagnostic>) {
    check_object(node, object, found);
}

fn check(node: &Node, shape: &Shape, found: &mut Vec<Diagnostic>) {
    match shape {
        Shape::Text | Shape::Rule | Shape::Id | Shape::Date | Shape::Bool | Shape::OneOf(_) => {
            check_scalar(node, shape, found);
        }
        Shape::Bilingual => check_bilingual(node, found),
        Shape::Value => check_value(node, found),
        Shape::Points => check_points(node, found),
        Shape::List(inner) => match node.as_list() {
            Some(items) => {
                items.iter().for_each(|item| check(item, inner, found));
                check_last(items, found);
            }
            None => found.push(wrong_kind(node, "列表", "a list")),
        },
        Shape::OneOrMore(inner) => match node.as_list() {
            Some(items) => items.iter().for_each(|item| check(item, inner, found)),
            None => check(node, inner, found),
        },
        Shape::Pair(inner) => match node.as_list() {
            Some(items @ [_, _]) => items.iter().for_each(|item| check(item, inner, found)),
            _ => found.push(wrong_kind(node, "两个值 [下限, 上限]", "two values [least, greatest]")),
        },
        Shape::Map(inner) => match node.as_map() {
            Some(entries) => {
                for (key, value) in entries {
                    check_scalar(key, &Shape::Text, found);
                    check(value, inner, found);
                }
            }
            None => found.push(wrong_kind(node, "键值对", "a mapping")),
        },
        Shape::Object(object) => check_object(node, object, found),
        Shape::WordOr(words, object) => match node.as_text() {
            Some(_) => check_scalar(node, &Shape::OneOf(words), found),
            None => check_object(node, object, found),
        },
    }
}

fn check_object(node: &Node, object: &'static Object, found: &mut Vec<Diagnostic>) {
    let Some(entries) = node.as_map() else {
        found.push(wrong_kind(node, "键值对", "a mapping"));
        return;
    };
    for (key, value) in entries {
        let Some(name) = key.as_text() else {
            found.push(wrong_kind(key, "文字", "text"));
            continue;
        };
        match (object.keys.iter().find(|known| known.name == name), &object.others) {
            (Some(known), _) => {
                check(value, &known.shape, found);
                check_empty(key, value, found);
            }
            (None, Some(_)) => {}
            (None, None) => found.push(unknown_key(key, value, name, object.keys)),
        }
    }
    for key in object.keys.iter().filter(|key| key.required && node.get(key.name).is_none()) {
        found.push(missing_key(node, object, key));
    }
    let given = object.one_of.iter().filter(|name| node.get(name).is_some()).count();
    if !object.one_of.is_empty() && given != 1 {
        let names = object.one_of.join("、");
        found.push(Diagnostic::error(
            "E0207",
            first_line(node),
            format!("这里要且只要写其中一个:{names}"),
            format!("exactly one of these is needed here: {}", object.one_of.join(", ")),
        ));
    }
    check_beside(entries, object, found);
}

/// Reports a key whose companion is missing: a `when` without what then holds.
fn check_beside(entries: &[(Node, Node)], object: &Object, found: &mut Vec<Diagnostic>) {
    let key = |name: &str| entries.iter().map(|(key, _)| key).find(|key| key.as_text() == Some(name));
    for (name, others) in object.beside {
        if let Some(here) = key(name)
            && others.iter().all(|other| key(other).is_none())
        {
            found.push(Diagnostic::error(
                "E0217",
                here.span,
                format!("写了“{name}”,还要写“{}”", others.join("”或“")),
                format!("“{name}” needs “{}” beside it", others.join("” or “")),
            ));
        }
    }
}

/// Reports a list or mapping without a member where one is needed.
fn check_empty(key: &Node, value: &Node, found: &mut Vec<Diagnostic>) {
    let is_empty =
        value.as_list().is_some_and(<[Node]>::is_empty) || value.as_map().is_some_and(<[_]>::is_empty);
    let name = key.as_text().unwrap_or_default();
    if is_empty && NEVER_EMPTY.contains(&name) {
        found.push(Diagnostic::error(
            "E0218",
            key.span,
            format!("“{name}”里什么也没有"),
            format!("there is nothing under “{name}”"),
        ));
    }
}

/// Reports tiers behind `else`, which nothing can reach.
fn check_last(items: &[Node], found: &mut Vec<Diagnostic>) {
    let Some((_, before)) = items.split_last() else { return };
    for item in before {
        let entries = item.as_map().unwrap_or_default();
        if item.get("when").is_none()
            && let Some((key, _)) = entries.iter().find(|(key, _)| key.as_text() == Some("else"))
        {
            found.push(
                Diagnostic::error(
                    "E0219",
                    key.span,
                    "else 之后的分档永远轮不到",
                    "no tier behind else is ever reached",
                )
                .with_help("把 else 放在最后,只写一个", "put else last, and only once"),
            );
        }
    }
}

fn check_scalar(node: &Node, shape: &Shape, found: &mut Vec<Diagnostic>) {
    let Some(text) = node.as_text() else {
        found.push(wrong_kind(node, "文字", "text"));
        return;
    };
    if text.trim().is_empty() {
        found.push(empty(node));
        return;
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let code = u32::from(control);
        found.push(Diagnostic::error(
            "E0220",
            node.span,
            format!("文字里有看不见的控制字符 U+{code:04X}"),
            format!("the text holds the invisible control character U+{code:04X}"),
        ));
    }
    match shape {
        Shape::Date if text.parse::<PartialDate>().is_err() => found.push(
            Diagnostic::error(
                "E0206",
                node.span,
                format!("“{text}”不是日期"),
                format!("“{text}” is not a date"),
            )
            .with_help("写成 2026-04-01、2026-04 或 2026", "write 2026-04-01, 2026-04 or 2026"),
        ),
        Shape::Bool if !matches!(text, "true" | "false") => found.push(Diagnostic::error(
            "E0203",
            node.span,
            format!("“{text}”应为 true 或 false"),
            format!("“{text}” should be true or false"),
        )),
        Shape::OneOf(words) if !words.contains(&text) => found.push(
            Diagnostic::error(
                "E0204",
                node.span,
                format!("“{text}”不在可选值之中"),
                format!("“{text}” is not one of the choices"),
            )
            .with_help(
                format!("可选:{}", words.join("、")),
                format!("one of: {}{}", words.join(", "), suggest::sentence_en(text, words.iter().copied())),
            ),
        ),
        Shape::Id if text.chars().any(|c| c.is_whitespace() || "\"'`/\\:,".contains(c)) => {
            found.push(Diagnostic::error(
                "E0208",
                node.span,
                format!("“{text}”不能作名字:不能含空白和标点"),
                format!("“{text}” cannot be a name: no blanks or punctuation"),
            ));
        }
        _ => {}
    }
}

fn check_bilingual(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Scalar(_) => check_scalar(node, &Shape::Text, found),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                if matches!(key.as_text(), Some("zh" | "en")) {
                    check_scalar(value, &Shape::Text, found);
                } else {
                    let name = key.as_text().unwrap_or_default();
                    found.push(
                        Diagnostic::error(
                            "E0201",
                            key.span,
                            format!("不认识“{name}”;这里只写 zh 和 en"),
                            format!("unknown key “{name}”; only zh and en stand here"),
                        )
                        .with_help(
                            "文字里有半角逗号时,给整段文字加引号",
                            "put the text in quotes if it holds a comma",
                        ),
                    );
                }
            }
            if node.get("zh").is_none() {
                found.push(Diagnostic::error(
                    "E0202",
                    first_line(node),
                    "缺少 zh(中文)",
                    "zh (Chinese) is missing",
                ));
            }
        }
        NodeKind::List(_) => found.push(wrong_kind(node, "文字,或 {zh, en}", "text, or {zh, en}")),
    }
}

fn check_value(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Scalar(_) => check_scalar(node, &Shape::Rule, found),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                if key.as_text() == Some("first") {
                    check(value, &VALUE_TIERS, found);
                } else {
                    let name = key.as_text().unwrap_or_default();
                    found.push(Diagnostic::error(
                        "E0201",
                        key.span,
                        format!("不认识“{name}”;这里写表达式,或 first: 分档"),
                        format!("unknown key “{name}”; an expression or first: tiers stand here"),
                    ));
                }
            }
        }
        NodeKind::List(_) => {
            found.push(wrong_kind(node, "表达式,或 first: 分档", "an expression, or first: tiers"))
        }
    }
}

fn check_points(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Scalar(_) => check_scalar(node, &Shape::Rule, found),
        NodeKind::List(items) if items.len() == 2 => {
            items.iter().for_each(|item| check_scalar(item, &Shape::Rule, found));
        }
        NodeKind::Map(_) => check_object(node, &PART, found),
        NodeKind::List(_) => {
            found.push(wrong_kind(node, "分数,或 [最低, 最高]", "points, or [least, greatest]"))
        }
    }
}

/// The report of a place where nothing stands.
pub(crate) fn empty(node: &Node) -> Diagnostic {
    Diagnostic::error("E0205", node.span, "这里是空的", "this is empty")
}

fn wrong_kind(node: &Node, zh: &str, en: &str) -> Diagnostic {
    let is = match node.kind {
        NodeKind::Scalar(_) => ("文字", "text"),
        NodeKind::List(_) => ("列表", "a list"),
        NodeKind::Map(_) => ("键值对", "a mapping"),
    };
    Diagnostic::error(
        "E0203",
        first_line(node),
        format!("这里应为{zh},现在是{}", is.0),
        format!("{en} should stand here, not {}", is.1),
    )
}

fn unknown_key(key: &Node, value: &Node, name: &str, known: &'static [Key]) -> Diagnostic {
    let names = || known.iter().map(|key| key.name);
    let found =
        Diagnostic::error("E0201", key.span, format!("不认识的键“{name}”"), format!("unknown key “{name}”"));
    match suggest::nearest(name, names()) {
        Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
        None if value.is_null() => found.with_help(
            "在 {…} 里逗号会把规则断开;含逗号的规则整条放进单引号",
            "inside {…} a comma ends the rule; put a rule that has commas into single quotes",
        ),
        None => found.with_help(
            format!("可用的键:{}", names().collect::<Vec<_>>().join("、")),
            format!("known keys: {}", names().collect::<Vec<_>>().join(", ")),
        ),
    }
}

fn missing_key(node: &Node, object: &Object, key: &Key) -> Diagnostic {
    Diagnostic::error(
        "E0202",
        first_line(node),
        format!("缺少“{}”({})", key.name, key.zh),
        format!("“{}” is missing ({})", key.name, key.en),
    )
    .with_help(
        format!("在“{}”里补上 {}:", object.name, key.name),
        format!("add {}: to “{}”", key.name, object.name),
    )
}

/// Where a message about a whole mapping points: its first key rather than all its lines.
fn first_line(node: &Node) -> facts::Span {
    match &node.kind {
        NodeKind::Map(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
        NodeKind::List(items) => items.first().map_or(node.span, first_line),
        NodeKind::Scalar(_) => node.span,
    }
}
