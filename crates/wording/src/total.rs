//! Totals of money with their interval, for people and for programs.

use engine::batch::Sum;
use facts::{Fen, Number};
use serde_json::{Value, json};

use crate::Reader;
use crate::{json as render_json, value};

/// A count with its thousands apart, as `1 234 567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// A sum of fen; one past what a [`Fen`] holds is shown as the most it holds, ninety quadrillion yuan.
pub fn fen(sum: i128) -> Fen {
    Fen(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

/// A sum in 万元, exact.
pub fn wan_text(sum: i128) -> String {
    let yuan = &Number::from(fen(sum).0) * &Number::power_of_ten(-6);
    yuan.to_string()
}

/// One amount, or the least and the most; then what both leave out.
pub fn shown(sum: &Sum, reader: &Reader) -> String {
    let one = |sum: i128| value::fen(fen(sum), reader.language);
    let mut out = if sum.least == sum.most {
        one(sum.least)
    } else {
        format!("{} – {}", one(sum.least), one(sum.most))
    };
    if sum.endless > 0 {
        let count = sum.endless;
        out.push_str(reader.say(&format!("(另 {count} 户没有上限)"), &format!(" ({count} without an end)")));
    }
    if sum.undetermined > 0 {
        let count = sum.undetermined;
        out.push_str(reader.say(&format!("(另 {count} 户算不出)"), &format!(" ({count} cannot be told)")));
    }
    out
}

/// For programs: 万元 as exact decimals.
pub fn to_json(sum: &Sum) -> Value {
    json!({
        "least": render_json::wan(fen(sum.least)),
        "most": render_json::wan(fen(sum.most)),
        "endless": sum.endless,
        "undetermined": sum.undetermined,
        "unit": "万元",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1 234 567");
    }

    #[test]
    fn a_sum_is_exact_in_wan() {
        assert_eq!(wan_text(1), "0.000001");
        assert_eq!(wan_text(30_000_000), "30");
    }
}
