//! Days and years as people write them: `2023-06-30`, `2023/6/30`, `2023年6月`, `2023`.

use std::ops::RangeInclusive;

use super::problem::{CellProblem, shown};
use crate::{Date, Number, PartialDate, Precision, half_width};

/// Years that a record of a living zone can speak of; anything else is a slip of the keyboard.
pub const YEARS: RangeInclusive<i32> = 1800..=2200;

/// What Excel appends to a day that it holds as a moment.
const MIDNIGHTS: [&str; 4] = [" 00:00:00", "T00:00:00", " 0:00:00", " 00:00"];

/// Reads a day, or the month or year where only that is known.
pub(super) fn parse_day(text: &str) -> Result<PartialDate, CellProblem> {
    let plain = half_width(text);
    let plain = plain.trim();
    let day = MIDNIGHTS.iter().find_map(|midnight| plain.strip_suffix(midnight)).unwrap_or(plain);
    if day.len() == 5 && day.bytes().all(|b| b.is_ascii_digit()) {
        return Err(not_a_day(text).with_help(
            "这像是 Excel 的日期序号:请把单元格格式设为日期",
            "this looks like Excel's serial number: format the cell as a date",
        ));
    }
    let parts = split(day).ok_or_else(|| not_a_day(text))?;
    let number = |part: &str, digits: RangeInclusive<usize>| -> Option<i32> {
        let valid = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        valid.then(|| part.parse().ok()).flatten()
    };
    let numbers: Option<Vec<i32>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| number(part, if at == 0 { 4..=4 } else { 1..=2 }))
        .collect();
    let numbers = numbers.ok_or_else(|| not_a_day(text))?;
    let (year, month, day, precision) = match numbers[..] {
        [year] => (year, 1, 1, Precision::Year),
        [year, month] => (year, month, 1, Precision::Month),
        [year, month, day] => (year, month, day, Precision::Day),
        _ => return Err(not_a_day(text)),
    };
    let small = |number: i32| u8::try_from(number).unwrap_or(0);
    let start = Date::new(year, small(month), small(day)).filter(|_| YEARS.contains(&year));
    start.map(|start| PartialDate { start, precision }).ok_or_else(|| {
        CellProblem::new(
            "E0040",
            format!("没有“{}”这一天", shown(text)),
            format!("there is no day “{}”", shown(text)),
        )
    })
}

/// Reads a year: `2025`, `2025年`.
pub(super) fn parse_year(text: &str) -> Result<Number, CellProblem> {
    let plain = half_width(text);
    let digits = plain.trim().trim_end_matches('年').trim_end();
    let valid = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let year = valid.then(|| digits.parse::<i32>().ok()).flatten().filter(|year| YEARS.contains(year));
    year.map(|year| Number::from(i64::from(year))).ok_or_else(|| {
        CellProblem::new(
            "E0041",
            format!("“{}”不是年份", shown(text)),
            format!("“{}” is no year", shown(text)),
        )
        .with_help("写四位年份,如 2025", "write four digits such as 2025")
    })
}

/// Year, month and day as text, as many as are given.
fn split(text: &str) -> Option<Vec<&str>> {
    if let Some((year, rest)) = text.split_once('年') {
        let rest = rest.trim();
        if rest.is_empty() {
            return Some(vec![year.trim()]);
        }
        let (month, rest) = rest.split_once('月')?;
        let rest = rest.trim();
        if rest.is_empty() {
            return Some(vec![year.trim(), month.trim()]);
        }
        return Some(vec![year.trim(), month.trim(), rest.strip_suffix(['日', '号'])?.trim()]);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(vec![&text[..4], &text[4..6], &text[6..]]);
    }
    let separator = ['-', '/', '.'].into_iter().find(|separator| text.contains(*separator));
    let Some(separator) = separator else {
        return Some(vec![text]);
    };
    let parts: Vec<&str> = text.split(separator).collect();
    // `2023.1` may be January or October: a spreadsheet drops the last nought.
    (separator != '.' || parts.len() == 3).then_some(parts)
}

fn not_a_day(text: &str) -> CellProblem {
    CellProblem::new("E0039", format!("“{}”不是日期", shown(text)), format!("“{}” is no date", shown(text)))
        .with_help("写成 2023-06-30、2023-06 或 2023", "write 2023-06-30, 2023-06 or 2023")
}
