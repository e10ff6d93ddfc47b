//! Values as a person reads them: money in 元 and 万元, ratios in per cent, everything with its unit.

use crate::{FactDefinition, FactType, Fen, Language, Number, Unit, Value};

/// Most decimal places of a number that is shown; one that needs more is rounded and marked as such.
const PLACES_MAX: u32 = 6;

/// Decimal places of a number that had to be rounded.
const ROUNDED_PLACES: u32 = 2;

impl FactDefinition {
    /// A value of this fact as a person reads it: `3800万元` · `38,000,000 yuan`, `5.5%`, `120人` · `120 people`.
    pub fn show(&self, value: &Value, language: Language) -> String {
        match (value, language) {
            (Value::Nothing, Language::English) => "none".to_owned(),
            (Value::Bool(yes), Language::English) => if *yes { "yes" } else { "no" }.to_owned(),
            (Value::Number(number), _) => self.show_number(number, language),
            (Value::Range(low, high), _) => {
                let between = if language == Language::Chinese { "至" } else { " to " };
                format!("{}{between}{}", self.show_number(low, language), self.show_number(high, language))
            }
            (Value::Code(code), _) => self.show_code(code, language),
            (Value::Codes(codes), _) => {
                let between = if language == Language::Chinese { "、" } else { ", " };
                codes.iter().map(|code| self.show_code(code, language)).collect::<Vec<_>>().join(between)
            }
            (other, _) => other.to_string(),
        }
    }

    fn show_number(&self, number: &Number, language: Language) -> String {
        match (self.fact_type, self.unit) {
            (FactType::Money, _) => show_money(number, language),
            (FactType::Ratio, _) => format!("{}%", decimal(&(number * &Number::from(100)), language)),
            (FactType::Year, _) => number.to_string(),
            (_, Some(unit)) => show_with_unit(number, unit, language),
            (_, None) => decimal(number, language),
        }
    }

    fn show_code(&self, code: &str, language: Language) -> String {
        let english = self.codes.iter().find(|value| value.code == code).map(|value| value.en.as_str());
        match (language, english) {
            (Language::English, Some(label)) if !label.is_empty() => label.to_owned(),
            _ => code.to_owned(),
        }
    }
}

fn show_money(yuan: &Number, language: Language) -> String {
    match (Fen::from_yuan_exact(yuan), language) {
        (Some(fen), Language::Chinese) => fen.to_string(),
        (_, Language::Chinese) => format!("{}元", decimal(yuan, language)),
        (_, Language::English) => format!("{} yuan", decimal(yuan, language)),
    }
}

/// In the unit given, unless only a smaller one shows it exactly: 30 months of a fact in years are 30 months.
fn show_with_unit(base: &Number, unit: &'static Unit, language: Language) -> String {
    let scaled = base.checked_div(&unit.scale());
    let (number, unit) = match scaled {
        Some(scaled) if scaled.is_integer() || unit.name != "年" => (scaled, unit),
        _ => (base.clone(), Unit::find("个月").unwrap_or(unit)),
    };
    let digits = decimal(&number, language);
    match (language, unit.name) {
        (Language::Chinese, "月") => format!("{digits}个月"),
        (Language::Chinese, name) => format!("{digits}{name}"),
        (Language::English, "%" | "‰") => format!("{digits}{}", unit.name),
        (Language::English, name) => format!("{digits} {}", english_unit(name, number == Number::one())),
    }
}

/// The number as a decimal, exact where a few places are enough; in English with grouped thousands.
fn decimal(number: &Number, language: Language) -> String {
    let Some(exact) = number.to_decimal(PLACES_MAX) else {
        let about = if language == Language::Chinese { "约 " } else { "about " };
        return format!("{about}{}", group(&number.to_fixed(ROUNDED_PLACES), language));
    };
    group(&exact, language)
}

fn group(decimal: &str, language: Language) -> String {
    if language == Language::Chinese {
        return decimal.to_owned();
    }
    let (sign, unsigned) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("-", rest));
    let (whole, fraction) =
        unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
    format!("{sign}{grouped}{fraction}")
}

/// English words for units, for one and for several; a unit without a word keeps its sign.
const ENGLISH_UNITS: [(&str, &str, &str); 26] = [
    ("人", "person", "people"),
    ("名", "person", "people"),
    ("项", "item", "items"),
    ("个", "item", "items"),
    ("件", "item", "items"),
    ("种", "kind", "kinds"),
    ("批", "batch", "batches"),
    ("台", "machine", "machines"),
    ("套", "set", "sets"),
    ("家", "organisation", "organisations"),
    ("次", "time", "times"),
    ("场", "event", "events"),
    ("例", "case", "cases"),
    ("平方米", "m²", "m²"),
    ("亩", "mu", "mu"),
    ("公顷", "ha", "ha"),
    ("平方公里", "km²", "km²"),
    ("吨标准煤", "tce", "tce"),
    ("年", "year", "years"),
    ("个月", "month", "months"),
    ("月", "month", "months"),
    ("天", "day", "days"),
    ("日", "day", "days"),
    ("周", "week", "weeks"),
    ("纳米", "nm", "nm"),
    ("分", "point", "points"),
];

fn english_unit(name: &'static str, is_one: bool) -> &'static str {
    let known = ENGLISH_UNITS.iter().find(|(zh, ..)| *zh == name);
    known.map_or(name, |(_, one, several)| if is_one { one } else { several })
}
