//! Values as a person reads them: exact ones, ranges, alternatives, and money in each state it can be in.

use engine::point::{Absence, Money, Numbers, Thing, Truth, Value};
pub use facts::write::base_unit;
use facts::{
    Change, Date, Dimension, Disclosure, FactDefinition, FactType, Fen, Grain, Language, Number, Quantity,
    Text, Unit,
};
use lang::types::Type;

/// Significant digits of a small number that has to be rounded to be shown.
const SMALL_DIGITS: u32 = 4;

/// Decimal places up to which a small number is shown as it is.
const SMALL_PLACES_MAX: u32 = 6;

/// A definition with nothing but a name, a type and a unit: how values without a fact of their own are shown and read.
pub fn plain_definition(name: &str, fact_type: FactType, unit: Option<&'static Unit>) -> FactDefinition {
    FactDefinition {
        name: name.to_owned(),
        also: Vec::new(),
        en: String::new(),
        fact_type,
        unit,
        codes: Vec::new(),
        hierarchy: false,
        classification: None,
        grain: Grain::Once,
        of: Vec::new(),
        department: Text::default(),
        definition: Text::default(),
        ask: Text::default(),
        change: Change::None,
        pace: String::new(),
        personal: false,
        disclosure: Disclosure::Public,
        least: None,
        most: None,
        none_allowed: true,
        founding: false,
        since: None,
        any_of: Vec::new(),
        marks: Vec::new(),
    }
}

/// The definition of numbers of that dimension.
pub fn definition_of(dimension: Dimension) -> FactDefinition {
    if dimension.is_money() {
        return plain_definition("", FactType::Money, None);
    }
    plain_definition("", FactType::Number, base_unit(dimension).and_then(Unit::find))
}

/// A number of that type.
pub fn number(number: &Number, ty: &Type, language: Language) -> String {
    let dimension = match ty {
        Type::Number(measure) => measure.dimension(),
        _ => Dimension::NONE,
    };
    let is_small = number.abs() < Number::from(10) && number.to_decimal(SMALL_PLACES_MAX).is_none();
    if dimension.is_none() && is_small {
        // Rates are small: two decimal places would hide what they differ by.
        let digits = number.round_significant(SMALL_DIGITS);
        return format!("{}{digits}", if language == Language::Chinese { "约 " } else { "about " });
    }
    let shown = definition_of(dimension).show(&facts::Value::Number(number.clone()), language);
    let is_plain = dimension.is_none() || dimension.is_money() || definition_of(dimension).unit.is_some();
    match language {
        _ if is_plain => shown,
        Language::Chinese => format!("{shown}{}", dimension.name_zh()),
        Language::English => format!("{shown} {}", dimension.name_en()),
    }
}

/// Points of a score.
pub fn points(numbers: &Numbers, language: Language) -> String {
    let shown = possible_numbers(numbers, &Type::RATIO, language);
    if is_anything(numbers) || numbers.pieces().is_empty() {
        return shown;
    }
    match (language, numbers.as_exact()) {
        (Language::Chinese, _) => format!("{shown} 分"),
        (Language::English, Some(one)) if *one == Number::one() => format!("{shown} point"),
        (Language::English, _) => format!("{shown} points"),
    }
}

/// Whether nothing at all is known of a number.
fn is_anything(numbers: &Numbers) -> bool {
    numbers.hull().is_some_and(|hull| hull.low.value().is_none() && hull.high.value().is_none())
}

/// Everything that a number may be.
pub fn possible_numbers(numbers: &Numbers, ty: &Type, language: Language) -> String {
    let zh = language == Language::Chinese;
    if is_anything(numbers) {
        return if zh { "未知" } else { "unknown" }.to_owned();
    }
    let show = |value: &Number| number(value, ty, language);
    let mut parts = Vec::new();
    if let Some(points) = numbers.as_points() {
        parts.extend(points.into_iter().map(show));
    } else if let Some(hull) = numbers.hull() {
        parts.push(match (hull.low.value(), hull.high.value()) {
            (Some(low), Some(high)) if zh => format!("{} 至 {}", show(low), show(high)),
            (Some(low), Some(high)) => format!("{} to {}", show(low), show(high)),
            (Some(low), None) if zh => format!("不低于 {}", show(low)),
            (Some(low), None) => format!("at least {}", show(low)),
            (None, Some(high)) if zh => format!("不超过 {}", show(high)),
            (None, Some(high)) => format!("at most {}", show(high)),
            (None, None) => String::new(),
        });
    }
    let absences = [
        (Absence::ZERO_DENOMINATOR, "分母为零,算不出", "no value: the denominator is zero"),
        (Absence::NOTHING, "无", "none"),
        (Absence::NO_TIER, "没有适用的档", "no tier fits"),
        (Absence::BEFORE_FOUNDING, "成立之前,没有数", "no value: before it was founded"),
    ];
    let possible = absences.iter().filter(|(absence, ..)| numbers.absence.has(*absence));
    parts.extend(possible.map(|(_, chinese, english)| if zh { *chinese } else { *english }.to_owned()));
    parts.join(if zh { " 或 " } else { " or " })
}

/// A computed value of that type.
pub fn value(value: &Value, ty: &Type, language: Language) -> String {
    let zh = language == Language::Chinese;
    let unknown = || if zh { "未知" } else { "unknown" }.to_owned();
    let joined = |texts: Vec<String>| texts.join(if zh { " 或 " } else { " or " });
    match &value.thing {
        Thing::Truth(truth) => self::truth(*truth, language).to_owned(),
        Thing::Numbers(numbers) => possible_numbers(numbers, ty, language),
        Thing::Texts(Some(texts), absence) => {
            let none = absence.has(Absence::NOTHING).then(|| if zh { "无" } else { "none" }.to_owned());
            joined(texts.iter().cloned().chain(none).collect())
        }
        Thing::CodeSet(Some(codes)) => {
            codes.iter().cloned().collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        }
        Thing::Days(days) => match days.as_exact().and_then(Date::from_epoch_days) {
            Some(day) => day.to_string(),
            None => unknown(),
        },
        Thing::List(elements) => {
            let item = match ty {
                Type::List(item) => item,
                other => other,
            };
            let shown: Vec<String> =
                elements.iter().map(|element| self::value(&element.value, item, language)).collect();
            format!("[{}]", shown.join(", "))
        }
        Thing::Item(index) => {
            if zh {
                format!("第 {index} 项")
            } else {
                format!("item {index}")
            }
        }
        Thing::Texts(None, _) | Thing::CodeSet(None) => unknown(),
    }
}

/// Yes, no, or nobody can say yet.
pub fn truth(truth: Truth, language: Language) -> &'static str {
    match (truth, language) {
        (Truth::True, Language::Chinese) => "是",
        (Truth::False, Language::Chinese) => "否",
        (Truth::Unknown, Language::Chinese) => "未知",
        (Truth::True, Language::English) => "yes",
        (Truth::False, Language::English) => "no",
        (Truth::Unknown, Language::English) => "unknown",
    }
}

/// A value that is of no fact: a certificate held, a person's decision, what another document says.
pub fn of_no_fact(value: &facts::Value, language: Language) -> String {
    match value {
        facts::Value::Bool(holds) => truth(Truth::known(*holds), language).to_owned(),
        other => other.to_string(),
    }
}

/// An amount of fen: `30万元` · `300,000 yuan`.
pub fn fen(fen: Fen, language: Language) -> String {
    definition_of(Dimension::of(Quantity::Money)).show(&facts::Value::Number(fen.to_yuan()), language)
}

/// An amount in whatever state it is.
pub fn money(money: &Money, language: Language) -> String {
    let zh = language == Language::Chinese;
    let show = |amount: Fen| fen(amount, language);
    match money {
        Money::Exact(amount) => show(*amount),
        Money::Options(options) => {
            let shown: Vec<String> = options.iter().map(|amount| show(*amount)).collect();
            shown.join(if zh { " 或 " } else { " or " })
        }
        Money::Range(low, Some(high)) if low.is_none_or(|low| low == Fen::ZERO) => {
            if zh {
                format!("最高 {}", show(*high))
            } else {
                format!("up to {}", show(*high))
            }
        }
        Money::Range(Some(low), Some(high)) => {
            if zh {
                format!("{} 至 {}", show(*low), show(*high))
            } else {
                format!("{} to {}", show(*low), show(*high))
            }
        }
        Money::Range(Some(low), None) if *low > Fen::ZERO => {
            if zh {
                format!("不低于 {}", show(*low))
            } else {
                format!("at least {}", show(*low))
            }
        }
        Money::Range(..) | Money::Undetermined => if zh { "未定" } else { "not determined" }.to_owned(),
    }
}
