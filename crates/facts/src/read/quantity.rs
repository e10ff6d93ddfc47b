//! Numbers as people write them: `3800`, `1,234.5`, `1.2亿元`, `5%`, `12万元..19万元`.

use super::problem::{CellProblem, shown};
use crate::{FactDefinition, FactType, Fen, Language, Number, Unit, Value, half_width, nearest, unit};

/// Between the two ends of a range.
const RANGE: &str = "..";

/// No fact of any zone passes ten to this power, in base units; larger is a slip of the keyboard.
pub const MAGNITUDE_EXPONENT_MAX: i32 = 18;

/// ¥, half-width and full-width.
const YUAN_SIGNS: [char; 2] = ['\u{A5}', '\u{FFE5}'];

/// Words that multiply what follows; longest first.
const MULTIPLIERS: [(&str, i32); 6] =
    [("千万", 7), ("百万", 6), ("十万", 5), ("亿", 8), ("万", 4), ("千", 3)];

/// Reads a number or a range into base units. `header_unit` is the unit that a column's header states.
pub(super) fn parse_quantity(
    definition: &FactDefinition,
    text: &str,
    header_unit: Option<&'static Unit>,
) -> Result<Value, CellProblem> {
    let plain = half_width(text);
    let Some((low, high)) = plain.split_once(RANGE) else {
        let written = Written::parse(&plain)?;
        return written.in_base(definition, header_unit).map(Value::Number);
    };
    let (mut low, mut high) = (Written::parse(low)?, Written::parse(high)?);
    // `12..19万元` means 12万元..19万元, whatever the fact's own unit.
    low.unit = low.unit.or_else(|| high.unit.clone());
    high.unit = high.unit.or_else(|| low.unit.clone());
    let (low, high) = (low.in_base(definition, header_unit)?, high.in_base(definition, header_unit)?);
    match low.cmp(&high) {
        std::cmp::Ordering::Less => Ok(Value::Range(low, high)),
        std::cmp::Ordering::Equal => Ok(Value::Number(low)),
        std::cmp::Ordering::Greater => Err(CellProblem::new(
            "E0045",
            format!("区间“{}”的下限大于上限", shown(text)),
            format!("the range “{}” begins above its end", shown(text)),
        )
        .with_help("写成 12..19,小的在前", "write 12..19, the smaller end first")),
    }
}

/// Whether a text is written as a range.
pub(super) fn is_range(text: &str) -> bool {
    half_width(text).contains(RANGE)
}

/// Whether a number of that unit can stand for the fact.
pub(super) fn unit_fits(definition: &FactDefinition, unit: &Unit) -> bool {
    let own = definition.unit;
    match definition.fact_type {
        FactType::Money => unit.dimension.is_money(),
        FactType::Ratio => matches!(unit.name, "%" | "‰" | "倍" | "个百分点"),
        // Items, points and multiples are all pure numbers but never one another.
        FactType::Count | FactType::Number => own.is_some_and(|own| {
            let is_pure = own.dimension.is_none();
            let are_items = own.counts_items() && unit.counts_items();
            own.name == unit.name || are_items || (!is_pure && own.dimension == unit.dimension)
        }),
        _ => false,
    }
}

/// A unit that does not fit, with what would.
pub(super) fn unit_misfit(definition: &FactDefinition, unit: &str) -> CellProblem {
    let problem = CellProblem::new(
        "E0032",
        format!("“{}”不以“{unit}”计", definition.name),
        format!("“{}” is not measured in “{unit}”", definition.name),
    );
    match (definition.fact_type, definition.unit) {
        (FactType::Ratio, _) => problem.with_help("写成 0.05 或 5%", "write 0.05 or 5%"),
        (_, Some(own)) => problem
            .with_help(format!("这里以{own}计,如 12{own}"), format!("it is measured in {own}: 12{own}")),
        _ => problem.with_help("只写数,不带单位", "write the number alone"),
    }
}

/// A number with the unit written behind it, if any.
struct Written {
    number: Number,
    unit: Option<WrittenUnit>,
    text: String,
}

#[derive(Clone)]
struct WrittenUnit {
    multiplier: Number,
    /// Absent for a bare `万` or `亿`.
    unit: Option<&'static Unit>,
    text: String,
}

impl Written {
    fn parse(text: &str) -> Result<Self, CellProblem> {
        let text = text.trim();
        let (is_yuan, body) = match text.strip_prefix(YUAN_SIGNS) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let (digits, rest) = body.split_at(number_length(body));
        let rest = rest.trim();
        if rest.contains(|c: char| c.is_ascii_digit()) {
            // `1 234`, `1/3`, `2023-06-30`: what follows is no unit.
            return Err(not_a_number(text));
        }
        let number = parse_digits(digits, text)?;
        let unit = match (rest, is_yuan) {
            ("", false) => None,
            ("", true) => Some(WrittenUnit::named("元")?),
            (name, _) => Some(WrittenUnit::named(name)?),
        };
        Ok(Self { number, unit, text: text.to_owned() })
    }

    fn in_base(
        &self,
        definition: &FactDefinition,
        header_unit: Option<&'static Unit>,
    ) -> Result<Number, CellProblem> {
        let scale = match (&self.unit, header_unit) {
            (Some(unit), _) => unit.scale(definition)?,
            (None, Some(unit)) => unit.scale(),
            (None, None) => {
                self.refuse_bare_percent(definition)?;
                definition.unit.map_or_else(Number::one, Unit::scale)
            }
        };
        let number = &self.number * &scale;
        check(definition, &number, &self.text)?;
        Ok(number)
    }

    /// A bare `5` for a ratio is five hundred per cent to one person and five per cent to the next.
    fn refuse_bare_percent(&self, definition: &FactDefinition) -> Result<(), CellProblem> {
        let may_exceed_one = definition.most.as_ref().is_some_and(|most| *most > Number::one());
        if definition.fact_type != FactType::Ratio || may_exceed_one || self.number.abs() <= Number::one() {
            return Ok(());
        }
        let percent = (&self.number * &Number::power_of_ten(-2)).to_string();
        let written = shown(&self.text);
        Err(CellProblem::new(
            "E0033",
            format!("比例“{written}”大于 1"),
            format!("the ratio “{written}” is above 1"),
        )
        .with_help(format!("写成 {written}% 或 {percent}"), format!("write {written}% or {percent}")))
    }
}

impl WrittenUnit {
    fn named(text: &str) -> Result<Self, CellProblem> {
        if let Some(unit) = Unit::find(text) {
            return Ok(Self { multiplier: Number::one(), unit: Some(unit), text: text.to_owned() });
        }
        for (word, exponent) in MULTIPLIERS {
            let Some(rest) = text.strip_prefix(word) else {
                continue;
            };
            let unit = Unit::find(rest);
            if unit.is_some() || rest.is_empty() {
                return Ok(Self { multiplier: Number::power_of_ten(exponent), unit, text: text.to_owned() });
            }
        }
        let known = unit::UNITS.iter().map(|unit| unit.name);
        let name = shown(text);
        Err(CellProblem::new(
            "E0031",
            format!("数后面的“{name}”不是认识的单位"),
            format!("“{name}” behind the number is no known unit"),
        )
        .with_guess(nearest(text, known)))
    }

    fn scale(&self, definition: &FactDefinition) -> Result<Number, CellProblem> {
        let base = match self.unit {
            Some(unit) if unit_fits(definition, unit) => unit.scale(),
            // `3800万` of money is 万元 to everybody, `1.2万` of people is people; an area could be m² or 亩.
            None if matches!(definition.fact_type, FactType::Money | FactType::Count) => Number::one(),
            _ => return Err(unit_misfit(definition, &self.text)),
        };
        Ok(&self.multiplier * &base)
    }
}

/// How many bytes at the start of a text are its number: sign, digits, separators, exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let body = bytes[sign..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let end = sign + body;
    if !matches!(bytes.get(end), Some(b'e' | b'E')) {
        return end;
    }
    let exponent_sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
    match digits_from(end + 1 + exponent_sign) {
        0 => end,
        digits => end + 1 + exponent_sign + digits,
    }
}

/// The number itself; `1,234.5` is read, `1,23` and `1.234,5` are refused because they have two readings.
fn parse_digits(digits: &str, text: &str) -> Result<Number, CellProblem> {
    if !digits.contains(',') {
        return digits.parse().map_err(|_| not_a_number(text));
    }
    let unsigned = digits.trim_start_matches(['+', '-']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if !is_grouped || fraction.contains(',') {
        return Err(CellProblem::new(
            "E0048",
            format!("“{}”里的逗号可能是千分位,也可能是小数点", shown(text)),
            format!("the comma in “{}” may group thousands or mark decimals", shown(text)),
        )
        .with_help("去掉逗号,小数点用“.”", "leave commas out and write decimals with “.”"));
    }
    digits.replace(',', "").parse().map_err(|_| not_a_number(text))
}

fn not_a_number(text: &str) -> CellProblem {
    CellProblem::new("E0030", format!("“{}”不是数", shown(text)), format!("“{}” is no number", shown(text)))
        .with_help("写数字,如 3800;不知道就留空", "write a number such as 3800; leave it empty if unknown")
}

/// Refuses what is too fine, too large or outside the definition's own bounds.
fn check(definition: &FactDefinition, number: &Number, text: &str) -> Result<(), CellProblem> {
    let written = shown(text);
    if number.abs() > Number::power_of_ten(MAGNITUDE_EXPONENT_MAX) {
        return Err(CellProblem::new(
            "E0036",
            format!("“{written}”太大"),
            format!("“{written}” is too large"),
        ));
    }
    let is_fine = definition.fact_type == FactType::Money && Fen::from_yuan_exact(number).is_none();
    if is_fine && Fen::from_yuan_rounded(number).is_some() {
        return Err(CellProblem::new(
            "E0034",
            format!("“{written}”比分还细"),
            format!("“{written}” is finer than a fen"),
        )
        .with_help("金额最细到分(0.01 元)", "money is at most to the fen (0.01 yuan)"));
    }
    if is_fine {
        return Err(CellProblem::new(
            "E0036",
            format!("“{written}”太大"),
            format!("“{written}” is too large"),
        ));
    }
    if definition.fact_type == FactType::Count && !number.is_integer() {
        return Err(CellProblem::new(
            "E0037",
            format!("“{written}”不是整数"),
            format!("“{written}” is not whole"),
        )
        .with_help("人数、件数写整数", "people and items are counted in whole numbers"));
    }
    check_bounds(definition, number, &written)
}

fn check_bounds(definition: &FactDefinition, number: &Number, written: &str) -> Result<(), CellProblem> {
    let name = &definition.name;
    let bound = |bound: &Number, language| definition.show(&Value::Number(bound.clone()), language);
    if let Some(least) = definition.least.as_ref().filter(|least| number < least) {
        return Err(CellProblem::new(
            "E0035",
            format!("“{name}”不会小于{},这里是“{written}”", bound(least, Language::Chinese)),
            format!("“{name}” is never below {}, this is “{written}”", bound(least, Language::English)),
        ));
    }
    if let Some(most) = definition.most.as_ref().filter(|most| number > most) {
        return Err(CellProblem::new(
            "E0036",
            format!("“{name}”不会大于{},这里是“{written}”", bound(most, Language::Chinese)),
            format!("“{name}” is never above {}, this is “{written}”", bound(most, Language::English)),
        )
        .with_help("请核对单位(元还是万元)", "check the unit: yuan or 万元"));
    }
    Ok(())
}
