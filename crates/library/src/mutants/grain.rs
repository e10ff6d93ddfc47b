//! By how much a number is mistyped: the smallest step that its unit and the facts of that kind allow.
//!
//! Money is never finer than a fen, whatever unit it is written in. People, things, points and classes are whole. Ratios
//! are written to a hundredth of a percent, multiples to a hundredth. Land is registered to a hundredth of a square metre
//! or of a 亩, energy weighed to a hundredth of a tonne, a line measured to a hundredth of a nanometre. Years and quarters are counted in months, weeks
//! in days. A bare number, and any that is written finer than its unit's step, moves by one in its last place.

use facts::{Dimension, Number, Quantity, Unit};

/// Decimal places of the finest number that is written; fen of 亿元 are at ten.
const PLACES_MAX: u32 = 20;

/// A fen.
const FEN: &str = "0.01元";

/// What the number may be mistyped as in one direction, the finest first: the checker takes the first that fits.
pub(super) fn neighbours(number: &Number, unit: Option<&str>, digits: &str, up: bool) -> Vec<String> {
    let Some(name) = unit else { return bare(number, digits, up) };
    let Some(unit) = Unit::find(name) else { return Vec::new() };
    let (step, scaled_in) = step(unit);
    let (number, name) = match scaled_in {
        Some(smaller) => (number * &unit.scale(), smaller),
        None => (number.clone(), name),
    };
    // `12.5%` moves by a hundredth of a percent, `1.5个` by a tenth.
    let step = if scaled_in.is_none() { finer(step, last_place(digits)) } else { step };
    shifted(&number, &step, up).map(|text| format!("{text}{name}")).into_iter().collect()
}

fn bare(number: &Number, digits: &str, up: bool) -> Vec<String> {
    let mut all = Vec::new();
    // A bare nought stands for anything, money too.
    if number.is_zero() {
        all.push(if up { FEN.to_owned() } else { format!("-{FEN}") });
    }
    all.extend(shifted(number, &last_place(digits), up));
    all
}

/// The step in the written unit, or in a smaller one that it is then written in.
fn step(unit: &Unit) -> (Number, Option<&'static str>) {
    let hundredth = Number::power_of_ten(-2);
    let in_base = |step: Number| step.checked_div(&unit.scale()).unwrap_or_else(Number::one);
    let of = |quantity| unit.dimension == Dimension::of(quantity);
    match unit.name {
        "亩" | "%" | "‰" | "个百分点" | "倍" => (hundredth, None),
        "年" | "季度" => (Number::one(), Some("个月")),
        "周" => (Number::one(), Some("天")),
        _ if [Quantity::Money, Quantity::Area, Quantity::Energy, Quantity::Length].into_iter().any(of) => {
            (in_base(hundredth), None)
        }
        _ => (in_base(Number::one()), None),
    }
}

/// One in the last place written.
fn last_place(digits: &str) -> Number {
    let places = digits.split_once(['.', '．']).map_or(0, |(_, after)| after.chars().count());
    Number::power_of_ten(-i32::try_from(places).unwrap_or(0))
}

fn finer(left: Number, right: Number) -> Number {
    if left < right { left } else { right }
}

fn shifted(number: &Number, step: &Number, up: bool) -> Option<String> {
    let moved = if up { number + step } else { number - step };
    moved.to_decimal(PLACES_MAX)
}

/// The days beside a span of months or years, as what is added to a day or taken from it.
pub(super) fn day_beside(span: &str, up: bool) -> String {
    format!("{span} {} 1天", if up { '+' } else { '-' })
}

/// Whether that unit counts months.
pub(super) fn counts_months(unit: &str) -> bool {
    Unit::find(unit).is_some_and(|unit| unit.dimension == Dimension::of(Quantity::Months))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str) -> [String; 2] {
        let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (digits, unit) = text.split_at(unit_at);
        let number: Number = digits.parse().unwrap();
        let unit = (!unit.is_empty()).then_some(unit);
        [false, true].map(|up| neighbours(&number, unit, digits, up).join(" "))
    }

    #[test]
    fn money_moves_by_one_fen_in_whatever_unit_it_is_written() {
        assert_eq!(around("2000万元"), ["1999.999999万元", "2000.000001万元"]);
        assert_eq!(around("1亿元"), ["0.9999999999亿元", "1.0000000001亿元"]);
        assert_eq!(around("5元"), ["4.99元", "5.01元"]);
    }

    #[test]
    fn what_is_counted_moves_by_one() {
        assert_eq!(around("300人"), ["299人", "301人"]);
        assert_eq!(around("60分"), ["59分", "61分"]);
        assert_eq!(around("3级"), ["2级", "4级"]);
    }

    #[test]
    fn ratios_and_measures_move_by_a_hundredth() {
        assert_eq!(around("5%"), ["4.99%", "5.01%"]);
        assert_eq!(around("12.5%"), ["12.49%", "12.51%"]);
        assert_eq!(around("30亩"), ["29.99亩", "30.01亩"]);
        assert_eq!(around("28纳米"), ["27.99纳米", "28.01纳米"]);
        assert_eq!(around("1万平方米"), ["0.999999万平方米", "1.000001万平方米"]);
    }

    #[test]
    fn years_move_by_a_month_and_weeks_by_a_day() {
        assert_eq!(around("2年"), ["23个月", "25个月"]);
        assert_eq!(around("6个月"), ["5个月", "7个月"]);
        assert_eq!(around("2周"), ["13天", "15天"]);
        assert_eq!(around("365天"), ["364天", "366天"]);
    }

    #[test]
    fn a_bare_number_moves_in_its_last_place_and_nought_may_be_money() {
        assert_eq!(around("3"), ["2", "4"]);
        assert_eq!(around("0.85"), ["0.84", "0.86"]);
        assert_eq!(around("0"), ["-0.01元 -1", "0.01元 1"]);
    }
}
