//! What an example expects, compared with what came out.

use engine::point::{Decision, Engine, Money, Numbers, Outcome, Rulebook, Scored, Thing};
use facts::yaml::{Node, NodeKind};
use facts::{Diagnostic, Fen, Number, Profile, Text, Vocabulary};
use lang::ir::Document;

use crate::cases::Case;

/// What stands among the failed conditions where no tier fits.
const NO_TIER: &str = "no-tier";

/// An expected result under its key.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    key: String,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    /// A word, or an expression.
    One(String),
    /// Several.
    Many(Vec<String>),
    /// By name, as parts of a score.
    Named(Vec<(String, Wanted)>),
    /// Nothing definite.
    Null,
}

/// What an example can expect of every document; further keys are names of the document's own values.
const KEYS: [&str; 11] = [
    "outcome",
    "failed",
    "missing",
    "rank",
    "possible_ranks",
    "amount",
    "amount_range",
    "amount_options",
    "amount_if_eligible",
    "score",
    "parts",
];

pub(crate) fn read_expectations(
    node: &Node,
    document: &Document,
    vocabulary: &Vocabulary,
    found: &mut Vec<Diagnostic>,
) -> Vec<Expectation> {
    let Some(entries) = node.as_map() else {
        found.push(Diagnostic::error("E0607", node.span, "expect 是键值对", "expect is a mapping"));
        return Vec::new();
    };
    let wanted = |(key, value): &(Node, Node)| Expectation {
        key: key.as_text().unwrap_or_default().to_owned(),
        wanted: wanted(value),
    };
    if let Some(outcome) = node.get("outcome")
        && Outcome::parse_code(outcome.as_text().unwrap_or_default()).is_none()
    {
        let codes: Vec<&str> = Outcome::CODES.iter().map(|(code, _)| *code).collect();
        found.push(Diagnostic::error(
            "E0608",
            outcome.span,
            format!("outcome 只能是 {}", codes.join("、")),
            format!("outcome is one of {}", codes.join(", ")),
        ));
    }
    for (key, value) in entries {
        check_key(key, document, found);
        check_value(key, value, document, vocabulary, found);
    }
    entries.iter().map(wanted).collect()
}

/// Reports a key that is neither known nor a value of the document.
fn check_key(key: &Node, document: &Document, found: &mut Vec<Diagnostic>) {
    let name = key.as_text().unwrap_or_default();
    let values = document.lets.iter().chain(&document.gives.also).map(|named| named.name.as_str());
    let own: Vec<&str> = values.chain(document.scores.iter().map(|score| score.name.as_str())).collect();
    if KEYS.contains(&name) || own.contains(&name) {
        return;
    }
    let diagnostic = Diagnostic::error(
        "E0609",
        key.span,
        format!("“{name}”既不是可期望的结果,也不是文件里的值"),
        format!("“{name}” is neither a result nor a value of the document"),
    );
    let near = facts::nearest(name, KEYS.into_iter().chain(own));
    found.push(match near {
        Some(near) => diagnostic.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
        None => {
            diagnostic.with_help(format!("可用:{}", KEYS.join("、")), format!("known: {}", KEYS.join(", ")))
        }
    });
}

/// Reports ids of conditions that the document does not have, and amounts and points that do not parse.
fn check_value(
    key: &Node,
    value: &Node,
    document: &Document,
    vocabulary: &Vocabulary,
    found: &mut Vec<Diagnostic>,
) {
    let one = std::slice::from_ref(value);
    let members = value.as_list().unwrap_or(one);
    match key.as_text().unwrap_or_default() {
        "failed" => {
            let conditions = document.conditions();
            for member in members {
                let id = member.as_text().unwrap_or_default();
                if id != NO_TIER && !conditions.iter().any(|condition| condition.id == id) {
                    found.push(Diagnostic::error(
                        "E0610",
                        member.span,
                        format!("文件里没有条件“{id}”"),
                        format!("the document has no condition “{id}”"),
                    ));
                }
            }
        }
        "amount" | "amount_range" | "amount_options" | "amount_if_eligible" | "score" => {
            for scalar in members.iter().filter(|member| !member.is_null()).filter_map(Node::as_scalar) {
                if scalar.text.parse::<Number>().is_err() {
                    let (_, problems) =
                        lang::compile_expression(&scalar.text, vocabulary, &lang::Catalog::default());
                    let start = scalar.text_start.unwrap_or(value.span.start);
                    found.extend(problems.into_iter().map(|problem| moved(problem, start)));
                }
            }
        }
        _ => {}
    }
}

/// A message about an expression that starts there in its file.
fn moved(problem: Diagnostic, start: usize) -> Diagnostic {
    let span = facts::Span::new(problem.span.start + start, problem.span.end + start);
    Diagnostic { span, ..problem }
}

fn wanted(node: &Node) -> Wanted {
    match &node.kind {
        _ if node.is_null() => Wanted::Null,
        NodeKind::Scalar(scalar) => Wanted::One(scalar.text.clone()),
        NodeKind::List(items) => {
            Wanted::Many(items.iter().map(|item| item.as_text().unwrap_or_default().to_owned()).collect())
        }
        NodeKind::Map(entries) => Wanted::Named(
            entries
                .iter()
                .map(|(key, value)| (key.as_text().unwrap_or_default().to_owned(), wanted(value)))
                .collect(),
        ),
    }
}

/// What differs, in words; nothing if it came out as expected.
pub(crate) fn compare(
    expectation: &Expectation,
    decision: &Decision<'_>,
    rulebook: &Rulebook,
    case: &Case,
) -> Option<Text> {
    let Expectation { key, wanted } = expectation;
    let (same, actual) = match key.as_str() {
        "outcome" => words(wanted, &[decision.outcome.as_code().to_owned()]),
        "failed" => set(wanted, decision.failed.clone()),
        "missing" => set(wanted, decision.missing.iter().map(|missing| missing.key.clone()).collect()),
        "rank" => words(wanted, if decision.ranks.len() == 1 { &decision.ranks } else { &[] }),
        "possible_ranks" => set(wanted, decision.ranks.clone()),
        "amount" | "amount_range" | "amount_options" => {
            money(wanted, decision.amount.as_ref(), rulebook, case)
        }
        "amount_if_eligible" => money(wanted, decision.amount_if_eligible.as_ref(), rulebook, case),
        "score" => match decision.scores.first() {
            Some(score) => numbers(wanted, &score.points, rulebook, case),
            None => (false, "—".to_owned()),
        },
        "parts" => parts(wanted, decision.scores.first(), rulebook, case),
        name => named(wanted, name, decision, rulebook, case),
    };
    let wanted = shown(wanted);
    (!same).then(|| Text {
        zh: format!("{key}:应为 {wanted},得到 {actual}"),
        en: format!("{key}: expected {wanted}, got {actual}"),
    })
}

fn words(wanted: &Wanted, actual: &[String]) -> (bool, String) {
    let same = match wanted {
        Wanted::One(word) => actual == std::slice::from_ref(word),
        Wanted::Null => actual.is_empty(),
        _ => false,
    };
    (same, actual.join("、"))
}

fn set(wanted: &Wanted, mut actual: Vec<String>) -> (bool, String) {
    let mut expected = match wanted {
        Wanted::Many(words) => words.clone(),
        Wanted::One(word) => vec![word.clone()],
        _ => Vec::new(),
    };
    actual.sort();
    expected.sort();
    (actual == expected, format!("[{}]", actual.join(", ")))
}

/// The number an expression comes to; a bare number of money is 万元.
fn number(text: &str, bare_unit: &Number, rulebook: &Rulebook, case: &Case) -> Option<Number> {
    if let Ok(bare) = text.parse::<Number>() {
        return Some(&bare * bare_unit);
    }
    let (standalone, _) = lang::compile_expression(text, &rulebook.vocabulary, &lang::Catalog::default());
    let standalone = standalone?;
    let profile = Profile::default();
    let value = Engine::new(rulebook).value(&standalone.document, &profile, case.on);
    value.as_numbers().as_exact().cloned()
}

fn money(wanted: &Wanted, actual: Option<&Money>, rulebook: &Rulebook, case: &Case) -> (bool, String) {
    let wan = Number::from(10_000);
    let fen =
        |text: &String| number(text, &wan, rulebook, case).and_then(|yuan| Fen::from_yuan_rounded(&yuan));
    let same = match (wanted, actual) {
        (Wanted::Null, None | Some(Money::Options(_) | Money::Range(..) | Money::Undetermined)) => true,
        (Wanted::One(text), Some(Money::Exact(actual))) => fen(text) == Some(*actual),
        (Wanted::Many(texts), Some(Money::Options(actual))) => {
            let mut expected: Vec<Option<Fen>> = texts.iter().map(fen).collect();
            expected.sort();
            expected == actual.iter().copied().map(Some).collect::<Vec<_>>()
        }
        (Wanted::Many(texts), Some(Money::Range(low, high))) => match texts.as_slice() {
            [expected_low, expected_high] => {
                let end = |text: &String| if text == "null" { None } else { fen(text) };
                end(expected_low) == *low && end(expected_high) == *high
            }
            _ => false,
        },
        _ => false,
    };
    (same, actual.map_or_else(|| "—".to_owned(), show_money))
}

fn show_money(money: &Money) -> String {
    let end = |fen: &Option<Fen>| fen.map_or_else(|| "…".to_owned(), |fen| fen.to_string());
    match money {
        Money::Exact(fen) => fen.to_string(),
        Money::Options(options) => {
            format!("[{}]", options.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Money::Range(low, high) => format!("[{}..{}]", end(low), end(high)),
        Money::Undetermined => "?".to_owned(),
    }
}

fn numbers(wanted: &Wanted, actual: &Numbers, rulebook: &Rulebook, case: &Case) -> (bool, String) {
    let one = Number::one();
    let value = |text: &String| number(text, &one, rulebook, case);
    let same = match wanted {
        Wanted::One(text) => actual.as_exact().is_some() && value(text).as_ref() == actual.as_exact(),
        Wanted::Many(texts) => match (texts.as_slice(), actual.hull()) {
            ([low, high], Some(hull)) if actual.as_exact().is_none() => {
                value(low).as_ref() == hull.low.value() && value(high).as_ref() == hull.high.value()
            }
            _ => false,
        },
        Wanted::Null => actual.as_exact().is_none(),
        Wanted::Named(_) => false,
    };
    (same, show_numbers(actual))
}

fn show_numbers(numbers: &Numbers) -> String {
    if let Some(exact) = numbers.as_exact() {
        return exact.to_string();
    }
    let end = |end: Option<&Number>| end.map_or_else(|| "…".to_owned(), Number::to_string);
    match numbers.hull() {
        Some(hull) => format!("[{}..{}]", end(hull.low.value()), end(hull.high.value())),
        None => "—".to_owned(),
    }
}

fn parts(wanted: &Wanted, score: Option<&Scored>, rulebook: &Rulebook, case: &Case) -> (bool, String) {
    let (Wanted::Named(expected), Some(score)) = (wanted, score) else { return (false, "—".to_owned()) };
    let mut same = true;
    let mut actual = Vec::new();
    for (name, wanted) in expected {
        match score.parts.iter().find(|part| part.name == *name) {
            Some(part) => {
                let (equal, text) = numbers(wanted, &part.points, rulebook, case);
                same &= equal;
                actual.push(format!("{name}: {text}"));
            }
            None => same = false,
        }
    }
    (same, format!("{{{}}}", actual.join(", ")))
}

/// A score, intermediate value or further result by its name.
fn named(
    wanted: &Wanted,
    name: &str,
    decision: &Decision<'_>,
    rulebook: &Rulebook,
    case: &Case,
) -> (bool, String) {
    if let Some(score) = decision.scores.iter().find(|score| score.name == name) {
        return numbers(wanted, &score.points, rulebook, case);
    }
    match decision.values.iter().find(|value| value.name == name).map(|value| &value.value.thing) {
        Some(Thing::Numbers(actual)) => numbers(wanted, actual, rulebook, case),
        Some(Thing::Truth(actual)) => {
            let actual = format!("{actual:?}").to_lowercase();
            (matches!(wanted, Wanted::One(text) if *text == actual), actual)
        }
        Some(other) => (false, format!("{other:?}")),
        None => (false, "—".to_owned()),
    }
}

fn shown(wanted: &Wanted) -> String {
    match wanted {
        Wanted::One(text) => text.clone(),
        Wanted::Many(texts) => format!("[{}]", texts.join(", ")),
        Wanted::Named(parts) => {
            let part = |(name, wanted): &(String, Wanted)| format!("{name}: {}", shown(wanted));
            format!("{{{}}}", parts.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        Wanted::Null => "null".to_owned(),
    }
}
