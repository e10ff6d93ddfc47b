//! One entry under `facts:`.

use std::collections::BTreeSet;

use super::section::{Section, Word, with_choices, wrong_shape};
use crate::diagnostic::SILENCEABLE;
use crate::yaml::Node;
use crate::{
    Change, CodeValue, Diagnostic, Dimension, Disclosure, FactDefinition, FactType, Grain, Mark, Number,
    Quantity, Span, Unit, unit,
};

const KEYS: [&str; 24] = [
    "name",
    "also",
    "en",
    "type",
    "unit",
    "codes",
    "hierarchy",
    "grain",
    "of",
    "department",
    "definition",
    "ask",
    "change",
    "pace",
    "personal",
    "disclosure",
    "least",
    "most",
    "none_allowed",
    "founding",
    "since",
    "any_of",
    "marks",
    "lint",
];

const CHANGES: [(&str, Change); 4] = [
    ("subject", Change::Subject),
    ("time", Change::Time),
    ("others", Change::Others),
    ("none", Change::None),
];

const PACES: [(&str, &str); 3] = [("day", "day"), ("month", "month"), ("year", "year")];

/// A definition with the places of what is checked against the rest of the vocabulary.
pub(super) struct FactEntry {
    pub(super) definition: FactDefinition,
    pub(super) name: Word,
    pub(super) also: Vec<Word>,
    pub(super) of: Vec<Word>,
    /// The facts of which it says that one at least holds.
    pub(super) any_of: Vec<Word>,
    /// The classification that its codes are of.
    pub(super) classification: Option<Word>,
}

/// Reads one definition; `None` if it has no name or no known type.
pub(super) fn read_fact(node: &Node, found: &mut Vec<Diagnostic>) -> Option<FactEntry> {
    let mut section = Section::open(node, &KEYS, found)?;
    let name = section.required("name");
    if section.node("type").is_none() {
        section.required("type");
    }
    let fact_type = section.choice("type", "E0012", &FactType::CODES);
    let (name, fact_type) = (name?, fact_type?);
    let also = section.words("also");
    let of = section.words("of");
    let any_of = read_any_of(&mut section, fact_type);
    let unit = read_unit(&mut section, fact_type);
    let classification = read_classification(&mut section);
    let mut definition = FactDefinition {
        name: name.0.clone(),
        also: also.iter().map(|(word, _)| word.clone()).collect(),
        en: section.english(),
        fact_type,
        unit,
        codes: read_codes(&mut section),
        hierarchy: section.yes("hierarchy"),
        classification: classification.as_ref().map(|(name, _)| name.clone()),
        grain: read_grain(&mut section, fact_type),
        of: of.iter().map(|(word, _)| word.clone()).collect(),
        department: section.text("department"),
        definition: section.text("definition"),
        ask: section.text("ask"),
        change: section.choice("change", "E0012", &CHANGES).unwrap_or(Change::Subject),
        pace: section.choice("pace", "E0012", &PACES).unwrap_or_default().to_owned(),
        personal: section.yes("personal"),
        disclosure: section.choice("disclosure", "E0012", &Disclosure::CODES).unwrap_or(Disclosure::Subject),
        least: None,
        most: None,
        none_allowed: section.yes("none_allowed"),
        founding: section.yes("founding"),
        since: section.word("since").map(|(name, _)| name),
        any_of: any_of.iter().map(|(word, _)| word.clone()).collect(),
        marks: read_marks(&mut section),
    };
    if definition.of.is_empty() {
        definition.of.push("enterprise".to_owned());
    }
    check_codes(&mut section, &definition);
    check_silences(&mut section);
    read_bounds(&mut section, &mut definition);
    Some(FactEntry { definition, name, also, of, any_of, classification })
}

/// The facts of which it says that one at least holds: only a yes or a no can say so.
fn read_any_of(section: &mut Section, fact_type: FactType) -> Vec<Word> {
    let parts = section.words("any_of");
    if fact_type != FactType::Bool
        && let Some((_, span)) = parts.first()
    {
        let finding = Diagnostic::error(
            "E0027",
            *span,
            "any_of 说的是几项里有一项成立,只有 type: bool 的事实能写",
            "any_of says that one of several holds, so the fact has to be of type: bool",
        );
        section.note(
            finding.with_help("去掉 any_of,或把 type 改为 bool", "leave any_of out, or make the type bool"),
        );
    }
    parts
}

/// `lint`: findings about this fact that are accepted, each with its code and a reason. The lint reads them itself.
fn check_silences(section: &mut Section) {
    let Some(node) = section.node("lint") else { return };
    let Some(entries) = node.as_list() else {
        section.note(wrong_shape(
            node.span,
            "一个列表,每项写 allow 和 reason",
            "a list of entries with allow and reason",
        ));
        return;
    };
    for entry in entries {
        let mut found = Vec::new();
        if let Some(mut silence) = Section::open(entry, &["allow", "reason", "at"], &mut found) {
            silence.required("allow");
            silence.choice("allow", "E0012", &SILENCEABLE.map(|code| (code, ())));
            if silence.text("reason").zh.is_empty() {
                let (zh, en) = ("写明为什么接受这个问题", "say why the finding is accepted");
                silence.missing("reason", zh, en);
            }
        }
        found.into_iter().for_each(|finding| section.note(finding));
    }
}

fn read_marks(section: &mut Section) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (word, span) in section.words("marks") {
        match Mark::CODES.iter().find(|(code, _)| *code == word) {
            Some((_, mark)) => marks.push(*mark),
            None => {
                let finding = Diagnostic::error(
                    "E0012",
                    span,
                    format!("“marks”里没有“{word}”"),
                    format!("“marks” cannot hold “{word}”"),
                );
                section.note(with_choices(finding, &word, &Mark::CODES.map(|(code, _)| code)));
            }
        }
    }
    marks
}

/// Something that happened has its own grain; everything else holds until it changes unless said otherwise.
fn read_grain(section: &mut Section, fact_type: FactType) -> Grain {
    let stated = section.choice("grain", "E0012", &Grain::CODES);
    if fact_type != FactType::Event {
        return stated.unwrap_or(Grain::Once);
    }
    if stated == Some(Grain::Once)
        && let Some((_, span)) = section.word("grain")
    {
        let finding = Diagnostic::error(
            "E0026",
            span,
            "事件要说明哪段时间内发生过,不能是 once",
            "an event happened within some span of time, so its grain cannot be once",
        );
        section.note(
            finding.with_help("去掉 grain,或把 type 改为 bool", "leave grain out, or make the type bool"),
        );
    }
    stated.unwrap_or(Grain::Event)
}

/// The unit, checked against the type; money is in 万元 unless said otherwise.
fn read_unit(section: &mut Section, fact_type: FactType) -> Option<&'static Unit> {
    let default = (fact_type == FactType::Money).then(|| Unit::find("万元")).flatten();
    let Some((name, span)) = section.word("unit") else {
        if fact_type == FactType::Count {
            section.missing(
                "unit",
                "写明数的是什么,如 unit: 人 或 unit: 项",
                "say what is counted: unit: 人 or unit: 项",
            );
        }
        return default;
    };
    let Some(found) = Unit::find(&name) else {
        let finding = Diagnostic::error(
            "E0013",
            span,
            format!("没有单位“{name}”"),
            format!("there is no unit “{name}”"),
        );
        let known = unit::UNITS.iter().map(|unit| unit.name).collect::<Vec<_>>();
        section.note(with_choices(finding, &name, &known));
        return default;
    };
    if let Some((help_zh, help_en)) = unit_misfit(found, fact_type) {
        let finding = Diagnostic::error(
            "E0014",
            span,
            format!("单位“{name}”与类型不合"),
            format!("the unit “{name}” does not fit the type"),
        );
        section.note(finding.with_help(help_zh, help_en));
        return default;
    }
    Some(found)
}

/// What to write instead, if the unit does not fit the type.
fn unit_misfit(unit: &Unit, fact_type: FactType) -> Option<(&'static str, &'static str)> {
    let dimension = unit.dimension;
    match fact_type {
        FactType::Money if !dimension.is_money() => Some(("金额用 元 或 万元", "money is in 元 or 万元")),
        FactType::Count if dimension != Dimension::of(Quantity::People) && !unit.counts_items() => Some((
            "计数用 人、项、家 等;其他用 type: number",
            "a count is of 人, 项, 家 …; use type: number for the rest",
        )),
        FactType::Number if dimension.is_money() => Some(("金额用 type: money", "use type: money for money")),
        FactType::Money | FactType::Count | FactType::Number => None,
        FactType::Ratio => Some(("比例不写单位", "a ratio takes no unit")),
        _ => Some(("这种类型不写单位", "this type takes no unit")),
    }
}

/// The classification under `codes`, where that is a name and no list.
fn read_classification(section: &mut Section) -> Option<Word> {
    section.node("codes").filter(|node| node.as_text().is_some())?;
    section.word("codes")
}

fn read_codes(section: &mut Section) -> Vec<CodeValue> {
    let Some(node) = section.node("codes").filter(|node| node.as_text().is_none()) else {
        return Vec::new();
    };
    let Some(items) = node.as_list() else {
        section.note(wrong_shape(node.span, "代码的列表", "a list of codes"));
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut codes = Vec::new();
    for item in items {
        let mut found = Vec::new();
        let Some((value, spellings)) = read_code(item, &mut found) else {
            found.into_iter().for_each(|finding| section.note(finding));
            continue;
        };
        found.into_iter().for_each(|finding| section.note(finding));
        for (spelling, span) in spellings {
            if !seen.insert(spelling.clone()) {
                section.note(Diagnostic::error(
                    "E0021",
                    span,
                    format!("代码“{spelling}”写了两次"),
                    format!("the code “{spelling}” is given twice"),
                ));
            }
        }
        codes.push(value);
    }
    codes
}

/// One code, bare or with other spellings and English, and all its spellings with their places.
fn read_code(node: &Node, found: &mut Vec<Diagnostic>) -> Option<(CodeValue, Vec<Word>)> {
    if let Some(text) = node.as_text() {
        let code = text.trim().to_owned();
        let value = CodeValue { code: code.clone(), also: Vec::new(), en: String::new() };
        return Some((value, vec![(code, node.span)]));
    }
    let mut section = Section::open(node, &["code", "also", "en"], found)?;
    let code = section.required("code")?;
    let also = section.words("also");
    let en = section.english();
    let value =
        CodeValue { code: code.0.clone(), also: also.iter().map(|(word, _)| word.clone()).collect(), en };
    Some((value, std::iter::once(code).chain(also).collect()))
}

fn check_codes(section: &mut Section, definition: &FactDefinition) {
    let is_code = matches!(definition.fact_type, FactType::Code | FactType::Codes);
    let has_list = section.node("codes").is_some() && definition.classification.is_none();
    let is_known = definition.hierarchy || definition.classification.is_some();
    let span = |section: &Section, key: &str| section.node(key).map_or(section.head, |node| node.span);
    let (at, zh, en) = match (is_code, has_list, is_known) {
        (false, true, _) => {
            (span(section, "codes"), "只有 code 和 codes 有代码表", "only code and codes have codes")
        }
        (false, false, true) if definition.classification.is_some() => {
            (span(section, "codes"), "只有 code 和 codes 有代码表", "only code and codes have codes")
        }
        (false, false, true) => {
            (span(section, "hierarchy"), "只有 code 和 codes 分层级", "only code and codes have a hierarchy")
        }
        (true, true, true) => {
            (span(section, "hierarchy"), "分层级的代码不列代码表", "a hierarchical code has no list of codes")
        }
        (true, false, false) => {
            (section.head, "代码要么列出代码表,要么分层级", "a code needs a list of codes or a hierarchy")
        }
        _ => return,
    };
    let finding = Diagnostic::error("E0016", at, zh, en);
    section.note(finding.with_help(
        "写 codes: [甲, 乙];行业、地区代码写 hierarchy: true,有分类表的写 codes: 分类名",
        "write codes: [甲, 乙]; for industry and area codes hierarchy: true, and codes: NAME of a classification",
    ));
}

/// `least` and `most`, given in the fact's unit and kept in base units. Nothing is counted below nought unless said so.
fn read_bounds(section: &mut Section, definition: &mut FactDefinition) {
    let least = read_bound(section, definition, "least");
    let most = read_bound(section, definition, "most");
    if let (Some((least, span)), Some((most, _))) = (&least, &most)
        && least > most
    {
        section.note(Diagnostic::error("E0018", *span, "least 大于 most", "least is above most"));
    }
    definition.most = most.map(|(number, _)| number);
    definition.least = least.map(|(number, _)| number);
    if definition.fact_type == FactType::Count && definition.least.is_none() {
        definition.least = Some(Number::zero());
    }
}

fn read_bound(section: &mut Section, definition: &FactDefinition, key: &str) -> Option<(Number, Span)> {
    let (text, span) = section.word(key)?;
    if !definition.is_numeric() && definition.fact_type != FactType::Year {
        section.note(Diagnostic::error(
            "E0024",
            span,
            format!("不是数,没有“{key}”"),
            format!("this is no number, so it has no “{key}”"),
        ));
        return None;
    }
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) if definition.fact_type == FactType::Ratio => (digits, Number::power_of_ten(-2)),
        _ => (text.as_str(), definition.unit.map_or_else(Number::one, Unit::scale)),
    };
    match digits.parse::<Number>() {
        Ok(number) => Some((&number * &scale, span)),
        Err(_) => {
            let finding =
                Diagnostic::error("E0017", span, format!("“{text}”不是数"), format!("“{text}” is no number"));
            section.note(finding.with_help(
                "只写数,单位是这项事实的 unit",
                "write the number alone; it is in the fact's own unit",
            ));
            None
        }
    }
}
