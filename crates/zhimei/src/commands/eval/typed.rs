//! Expressions in the rule language: typed, exact, and honest about what is not known.

use std::str::FromStr as _;

use anyhow::Result;
use engine::point::{Absence, Engine, Rulebook, Thing, Truth, Value};
use facts::read::profile_from_node;
use facts::yaml::{Node, NodeKind};
use facts::{
    Date, Diagnostic, FactDefinition, FactType, Number, Origin, PartialDate, Period, Precision, Profile,
    Span, Vocabulary,
};
use lang::ir::{Constant, Document, Kind};
use lang::types::Type;
use lang::{Catalog, compile_expression};
use serde_json::{Value as Json, json};
use wording::json::{number, number_or_range, truth};
use wording::value::{definition_of, plain_definition};

use super::Answer;
use super::names::Given;
use crate::context::Context;
use crate::load;
use crate::problem::Problem;

/// Evaluates expressions over what a context file supplies.
pub struct Typed<'c> {
    rulebook: Rulebook,
    catalog: Catalog,
    profile: Profile,
    /// Names of lists, and the lists as the language writes them.
    lists: Vec<(String, String)>,
    day: Date,
    context: &'c Context,
}

impl<'c> Typed<'c> {
    /// Takes the names of a context file: a known fact is that fact, any other name becomes one, typed by its value.
    pub fn new(given: Option<&Given>, day: Date, context: &'c Context) -> Result<Self> {
        let mut rulebook = load::words(context)?.rulebook;
        let mut catalog = Catalog::default();
        catalog.documents.extend(rulebook.ids().into_iter().map(str::to_owned));
        let granted = rulebook.entries().iter().filter_map(|entry| entry.document.gives.status.clone());
        catalog.statuses.extend(granted);
        let mut lists = Vec::new();
        let mut profile = Profile::new("enterprise");
        if let Some(given) = given {
            let (known, new): (Vec<_>, Vec<_>) =
                given.entries().iter().cloned().partition(|(key, _)| is_known(key, &rulebook.vocabulary));
            let root = Node { kind: NodeKind::Map(known), span: Span::default() };
            let (read, found) = profile_from_node(&root, &given.source, &rulebook.vocabulary, &profile.kind);
            if let Some(finding) = found.into_iter().next() {
                return Err(located(given, &finding));
            }
            profile = read;
            for (key, value) in &new {
                let name = key.as_text().unwrap_or_default();
                match &value.kind {
                    NodeKind::List(items) => lists.push((name.to_owned(), list(items, given)?)),
                    NodeKind::Map(_) => {
                        return Err(Problem::new(
                            format!("“{name}”是一组键值;规则语言里没有这种值"),
                            format!("“{name}” is a mapping, which the rule language does not have"),
                        )
                        .with_help(
                            "加 --null-mode 按标准 FEEL 计算",
                            "add --null-mode to evaluate as standard FEEL",
                        )
                        .into());
                    }
                    NodeKind::Scalar(_) => {
                        let (definition, known) = infer(name, value, &rulebook.vocabulary);
                        let id = rulebook.vocabulary.add(definition).map_err(|name| {
                            Problem::new(format!("“{name}”写了两次"), format!("“{name}” is given twice"))
                        })?;
                        if let Some(known) = known {
                            profile.set(id, Period::Unstated, known, Origin::same(&given.source.path));
                        }
                    }
                }
            }
        }
        Ok(Self { rulebook, catalog, profile, lists, day, context })
    }

    /// The value of an expression, or what is wrong with it.
    pub fn evaluate(&self, text: &str) -> Answer {
        let text = self.with_lists(text);
        let (compiled, found) = compile_expression(&text, &self.rulebook.vocabulary, &self.catalog);
        let Some(compiled) = compiled else {
            let error = found.first().map_or(Json::Null, |finding| self.error(&text, finding));
            return Answer {
                json: json!({"error": error}).to_string(),
                is_error: true,
                problems: Vec::new(),
            };
        };
        let document = &compiled.document;
        let value = Engine::new(&self.rulebook).value(document, &self.profile, self.day);
        let json = answer(&value, document);
        Answer { json: json.to_string(), is_error: false, problems: Vec::new() }
    }

    fn error(&self, text: &str, finding: &Diagnostic) -> Json {
        let column = text.get(..finding.span.start).map_or(1, |before| before.chars().count() + 1);
        json!({
            "code": finding.code,
            "column": column,
            "message": self.context.text(&finding.message),
            "help": self.context.text(&finding.help),
        })
    }

    /// The expression with each name of a list replaced by the list.
    fn with_lists(&self, text: &str) -> String {
        self.lists.iter().fold(text.to_owned(), |text, (name, list)| with_list(&text, name, list))
    }
}

fn with_list(text: &str, name: &str, list: &str) -> String {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut is_quoted = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.strip_prefix(name).map(|after| after.chars().next().unwrap_or(' '));
        match after {
            Some(after) if !(is_quoted || is_part(before) || after.is_alphanumeric() || after == '_') => {
                out.push_str(list);
                rest = &rest[name.len()..];
                before = ']';
            }
            _ => {
                is_quoted ^= character == '"' && before != '\\';
                out.push(character);
                rest = &rest[character.len_utf8()..];
                before = character;
            }
        }
    }
    out
}

/// Whether the key begins with something that the vocabulary knows.
fn is_known(key: &Node, vocabulary: &Vocabulary) -> bool {
    let Some(text) = key.as_text() else { return false };
    let head = text.split(['.', '@']).next().unwrap_or_default().trim();
    text.starts_with("status:")
        || text.starts_with("manual:")
        || vocabulary.find(head).is_some()
        || vocabulary.collection(head).is_some()
        || vocabulary.role(head).is_some()
}

/// What a value of a name is: a number (perhaps with a unit), yes or no, a day, else text. Null is a number not known.
fn infer(name: &str, node: &Node, vocabulary: &Vocabulary) -> (FactDefinition, Option<facts::Value>) {
    let of = |fact_type| plain_definition(name, fact_type, None);
    let text = node.as_text().unwrap_or_default();
    let quoted = node.as_scalar().is_some_and(|scalar| scalar.quoted);
    if node.is_null() {
        return (of(FactType::Number), None);
    }
    if let (false, "true" | "false") = (quoted, text) {
        return (of(FactType::Bool), Some(facts::Value::Bool(text == "true")));
    }
    if let (false, Ok(number)) = (quoted, Number::from_str(text)) {
        return (of(FactType::Number), Some(facts::Value::Number(number)));
    }
    if let Ok(day) = PartialDate::from_str(text)
        && day.precision == Precision::Day
    {
        return (of(FactType::Date), Some(facts::Value::Date(day)));
    }
    if let Some((dimension, number)) = with_unit(text, vocabulary) {
        let definition = FactDefinition { name: name.to_owned(), ..definition_of(dimension) };
        return (definition, Some(facts::Value::Number(number)));
    }
    (of(FactType::Text), Some(facts::Value::Text(text.to_owned())))
}

/// `3800万元` is a number of yuan.
fn with_unit(text: &str, vocabulary: &Vocabulary) -> Option<(facts::Dimension, Number)> {
    let document = compile_expression(text, vocabulary, &Catalog::default()).0?.document;
    let value = &document.lets.first()?.value;
    match (&value.kind, &value.ty) {
        (Kind::Constant(Constant::Number(number)), Type::Number(measure)) => {
            Some((measure.dimension(), number.clone()))
        }
        _ => None,
    }
}

/// A list as the language writes it.
fn list(items: &[Node], given: &Given) -> Result<String> {
    let mut parts = Vec::new();
    for item in items {
        let Some(scalar) = item.as_scalar() else {
            let (line, column) = given.source.line_column(item.span.start);
            return Err(Problem::new(
                format!("{} 第 {line} 行第 {column} 字:列表里只能是单个的值", given.source.path),
                format!(
                    "{}, line {line}, character {column}: a list holds single values only",
                    given.source.path
                ),
            )
            .with_help("加 --null-mode 按标准 FEEL 计算", "add --null-mode to evaluate as standard FEEL")
            .into());
        };
        let plain = !scalar.quoted
            && (Number::from_str(&scalar.text).is_ok() || matches!(scalar.text.as_str(), "true" | "false"));
        parts.push(match (plain, Date::from_str(&scalar.text)) {
            (true, _) => scalar.text.clone(),
            (false, Ok(day)) => format!("date(\"{day}\")"),
            (false, Err(_)) => Json::String(scalar.text.clone()).to_string(),
        });
    }
    Ok(format!("[{}]", parts.join(", ")))
}

fn located(given: &Given, finding: &Diagnostic) -> anyhow::Error {
    let (line, column) = given.source.line_column(finding.span.start);
    let path = &given.source.path;
    Problem::new(
        format!("{path} 第 {line} 行第 {column} 字:{}", finding.message.zh),
        format!("{path}, line {line}, character {column}: {}", finding.message.en),
    )
    .with_help(&finding.help.zh, &finding.help.en)
    .into()
}

/// A value as JSON. A fraction without a finite decimal is `{"ratio": "1/3"}`; what hangs on unknown facts names them.
fn answer(value: &Value, document: &Document) -> Json {
    match &value.thing {
        Thing::Truth(Truth::Unknown) => unknown(value, document, Json::Null),
        Thing::Truth(known) => truth(*known),
        Thing::Numbers(numbers) => match numbers.as_exact() {
            Some(exact) => exact_number(exact),
            None if numbers.pieces().is_empty() && numbers.absence == Absence::NOTHING => Json::Null,
            None => unknown(value, document, number_or_range(numbers)),
        },
        Thing::Texts(Some(texts), absence) if texts.len() == 1 && !absence.is_possible() => {
            json!(texts.first())
        }
        Thing::Texts(Some(texts), Absence::NOTHING) if texts.is_empty() => Json::Null,
        Thing::CodeSet(Some(codes)) => json!(codes),
        Thing::Days(days) => match days.as_exact().and_then(Date::from_epoch_days) {
            Some(day) => json!(day.to_string()),
            None => unknown(value, document, Json::Null),
        },
        Thing::List(elements) => elements.iter().map(|element| answer(&element.value, document)).collect(),
        Thing::Item(_) | Thing::Texts(..) | Thing::CodeSet(None) => unknown(value, document, Json::Null),
    }
}

/// A number with all its digits; one whose decimal has no end as a fraction.
fn exact_number(exact: &Number) -> Json {
    const PLACES_MAX: u32 = 40;
    match exact.to_decimal(PLACES_MAX) {
        Some(text) => serde_json::Number::from_str(&text).map_or_else(|_| number(exact), Json::Number),
        None => json!({"ratio": exact.to_string()}),
    }
}

fn unknown(value: &Value, document: &Document, range: Json) -> Json {
    let inputs = &document.kinds[0].inputs;
    // The slots of the subject's own inputs come first, in the order of the inputs.
    let mut keys: Vec<&str> =
        value.causes.iter().filter_map(|slot| Some(inputs.get(slot)?.key.as_str())).collect();
    keys.dedup();
    let mut out = serde_json::Map::new();
    out.insert("unknown".to_owned(), json!(keys));
    if !range.is_null() && range != json!([null, null]) {
        out.insert("range".to_owned(), range);
    }
    if let Thing::Numbers(numbers) = &value.thing
        && numbers.absence.has(Absence::ZERO_DENOMINATOR)
    {
        out.insert("because".to_owned(), json!("zero_denominator"));
    }
    Json::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_outside_of_texts_stand_for_a_list() {
        let text = r#"sum(数) + 数据 + a.数 + count("数")"#;
        assert_eq!(with_list(text, "数", "[1, 2]"), r#"sum([1, 2]) + 数据 + a.数 + count("数")"#);
    }
}
