//! What a single cell says about a fact.

use std::collections::BTreeSet;

use super::day::{parse_day, parse_year};
use super::problem::{CellProblem, shown};
use super::quantity::{is_range, parse_quantity};
use crate::{FactDefinition, FactType, Unit, Value, half_width, nearest};

/// Longest text of a fact of type text, in characters.
pub const TEXT_CHARS_MAX: usize = 10_000;

/// 无: known to have none.
pub const NOTHING: &str = "无";

/// What people write where they do not know.
const UNKNOWN: [&str; 5] = ["不知道", "未知", "unknown", "null", "~"];

/// Between several codes, half-width or full-width.
const CODE_SEPARATORS: [char; 8] = ['、', ',', ';', '|', '\n', '\u{FF0C}', '\u{FF1B}', '\u{FF5C}'];

/// Reads a cell. `Ok(None)` is unknown: an empty cell, null, 不知道. Numbers come back in base units; a bare one is in
/// `header_unit`, else in the definition's own unit.
///
/// ```
/// # let text = "facts: [{name: 研发费用, type: money}]";
/// # let (words, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
/// # let cost = words.get(words.find("研发费用").unwrap());
/// use facts::{Number, Value, read::parse_value};
/// assert_eq!(parse_value(cost, "3,800", None), Ok(Some(Value::Number(Number::from(38_000_000)))));
/// assert_eq!(parse_value(cost, "不知道", None), Ok(None));
/// assert_eq!(parse_value(cost, "120人", None).unwrap_err().code, "E0032");
/// ```
pub fn parse_value(
    definition: &FactDefinition,
    text: &str,
    header_unit: Option<&'static Unit>,
) -> Result<Option<Value>, CellProblem> {
    let text = text.trim();
    // A list of codes may itself hold 无 or 未知, so the list is asked first.
    if let Some(code) = listed_code(definition, text) {
        return Ok(Some(one_code(definition, code)));
    }
    if is_unknown(text) {
        return Ok(None);
    }
    if text == NOTHING {
        return if definition.none_allowed {
            Ok(Some(Value::Nothing))
        } else {
            Err(nothing_refused(definition))
        };
    }
    if is_range(text) && !definition.is_numeric() && definition.fact_type != FactType::Text {
        return Err(CellProblem::new(
            "E0046",
            format!("“{}”不能写成区间", definition.name),
            format!("“{}” cannot be a range", definition.name),
        ));
    }
    let value = match definition.fact_type {
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio => {
            parse_quantity(definition, text, header_unit)?
        }
        FactType::Bool | FactType::Event => Value::Bool(parse_yes_no(text)?),
        FactType::Date => Value::Date(parse_day(text)?),
        FactType::Year => Value::Number(parse_year(text)?),
        FactType::Code => Value::Code(parse_code(definition, text)?),
        FactType::Codes => Value::Codes(parse_codes(definition, text)?),
        FactType::Text => Value::Text(parse_text(text)?),
    };
    Ok(Some(value))
}

/// Whether a cell says that nobody knows: it is empty, or 不知道, 未知, null.
pub fn is_unknown(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || UNKNOWN.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Reads 是 否 true false yes no 1 0.
pub fn parse_yes_no(text: &str) -> Result<bool, CellProblem> {
    match half_width(text).trim().to_ascii_lowercase().as_str() {
        "是" | "true" | "yes" | "1" => Ok(true),
        "否" | "false" | "no" | "0" => Ok(false),
        _ => Err(CellProblem::new(
            "E0038",
            format!("“{}”不是“是”或“否”", shown(text)),
            format!("“{}” is neither yes nor no", shown(text)),
        )
        .with_help("写 是 或 否;不知道就留空", "write 是 or 否 (yes or no); leave it empty if unknown")),
    }
}

fn nothing_refused(definition: &FactDefinition) -> CellProblem {
    let problem = CellProblem::new(
        "E0044",
        format!("“{}”不能写“无”", definition.name),
        format!("“{}” cannot be 无 (known to have none)", definition.name),
    );
    match definition.fact_type {
        FactType::Bool | FactType::Event => problem.with_help("写 否", "write 否 (no)"),
        _ if definition.is_numeric() => problem
            .with_help("没有就写 0,不知道就留空", "write 0 if there is none, leave it empty if unknown"),
        _ => problem.with_help("不知道就留空", "leave it empty if unknown"),
    }
}

/// The canonical code that the whole text names, if the definition lists it.
fn listed_code<'d>(definition: &'d FactDefinition, text: &str) -> Option<&'d str> {
    let plain = |text: &str| half_width(text).split_whitespace().collect::<String>();
    definition.canonical_code(text).or_else(|| {
        let wanted = plain(text);
        let is_meant = |spelling: &String| !wanted.is_empty() && plain(spelling) == wanted;
        let value =
            definition.codes.iter().find(|value| is_meant(&value.code) || value.also.iter().any(is_meant));
        value.map(|value| value.code.as_str())
    })
}

fn one_code(definition: &FactDefinition, code: &str) -> Value {
    match definition.fact_type {
        FactType::Codes => Value::Codes(BTreeSet::from([code.to_owned()])),
        _ => Value::Code(code.to_owned()),
    }
}

fn parse_code(definition: &FactDefinition, text: &str) -> Result<String, CellProblem> {
    if definition.hierarchy {
        return parse_hierarchical(text);
    }
    if let Some(code) = listed_code(definition, text) {
        return Ok(code.to_owned());
    }
    let spellings = definition.codes.iter().flat_map(|value| std::iter::once(&value.code).chain(&value.also));
    let guess = nearest(text, spellings.map(String::as_str));
    let problem = CellProblem::new(
        "E0042",
        format!("“{}”没有“{}”这个取值", definition.name, shown(text)),
        format!("“{}” cannot be “{}”", definition.name, shown(text)),
    );
    if guess.is_some() {
        return Err(problem.with_guess(guess));
    }
    const LISTED_MAX: usize = 12;
    let mut all =
        definition.codes.iter().map(|value| value.code.as_str()).take(LISTED_MAX).collect::<Vec<_>>();
    if definition.codes.len() > LISTED_MAX {
        all.push("…");
    }
    let all = all.join("、");
    Err(problem.with_help(format!("可写:{all}"), format!("one of: {all}")))
}

fn parse_codes(definition: &FactDefinition, text: &str) -> Result<BTreeSet<String>, CellProblem> {
    let parts = text.split(CODE_SEPARATORS);
    parts.map(str::trim).filter(|part| !part.is_empty()).map(|part| parse_code(definition, part)).collect()
}

/// An industry (GB/T 4754: a letter and up to four digits) or an area (GB/T 2260: up to six digits).
fn parse_hierarchical(text: &str) -> Result<String, CellProblem> {
    let plain: String = half_width(text).split_whitespace().collect::<String>().to_ascii_uppercase();
    let (letter, digits) = match plain.strip_prefix(|c: char| c.is_ascii_uppercase()) {
        Some(digits) => (true, digits),
        None => (false, plain.as_str()),
    };
    let length = if letter { 0..=4 } else { 1..=6 };
    if length.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(plain);
    }
    Err(CellProblem::new(
        "E0043",
        format!("“{}”不像分级代码", shown(text)),
        format!("“{}” is no hierarchical code", shown(text)),
    )
    .with_help(
        "只写代码:行业如 C3911,地区如 410100",
        "write the code alone: C3911 for an industry, 410100 for an area",
    ))
}

fn parse_text(text: &str) -> Result<String, CellProblem> {
    if text.chars().count() <= TEXT_CHARS_MAX {
        return Ok(text.to_owned());
    }
    Err(CellProblem::new(
        "E0047",
        format!("文字超过 {TEXT_CHARS_MAX} 字"),
        format!("the text is longer than {TEXT_CHARS_MAX} characters"),
    ))
}
