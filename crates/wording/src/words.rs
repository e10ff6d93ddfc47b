//! Words for codes: outcomes, kinds, levels, natures, grades; and amounts spelt out.

use engine::point::{Outcome, Truth};
use facts::{Fen, Language};
use lang::ir::Nature;

/// The word of a code, Chinese and English.
type Words = &'static [(&'static str, &'static str, &'static str)];

const LEVELS: Words = &[
    ("national", "国家", "national"),
    ("province", "省", "province"),
    ("city", "市", "city"),
    ("zone", "园区", "zone"),
];

const KINDS: Words = &[
    ("qualification", "资格", "qualification"),
    ("tax", "税收", "tax"),
    ("subsidy", "奖补", "subsidy"),
    ("evaluation", "评价", "evaluation"),
    ("space", "空间", "space"),
    ("gate", "共同门槛", "gate"),
];

const SUBJECTS: Words = &[
    ("enterprise", "企业", "enterprise"),
    ("institution", "机构", "institution"),
    ("person", "个人", "person"),
    ("project", "项目", "project"),
    ("parcel", "地块", "parcel of land"),
];

const GRADES: Words = &[
    ("official", "数字出自官方文本", "numbers from the official text"),
    ("press", "数字出自新闻报道", "numbers from press reports"),
    ("third_party", "数字出自第三方转述", "numbers from third parties"),
    ("none", "没有见到原文", "the text itself was not seen"),
];

const HOWS: Words = &[
    ("self", "自行享受,不用申请", "claimed by oneself, without applying"),
    ("automatic", "免申即享", "given without applying"),
    ("online", "网上申请", "applied for online"),
    ("notice", "按通知申报", "applied for as announced"),
];

fn word(words: Words, code: &str, language: Language) -> String {
    let known = words.iter().find(|(known, ..)| *known == code);
    match (known, language) {
        (Some((_, zh, _)), Language::Chinese) => (*zh).to_owned(),
        (Some((_, _, en)), Language::English) => (*en).to_owned(),
        (None, _) => code.to_owned(),
    }
}

/// A level of government.
pub fn level(code: &str, language: Language) -> String {
    word(LEVELS, code, language)
}

/// Reads a level given as an argument.
pub fn parse_level(text: &str) -> Result<String, String> {
    one_of(text, LEVELS)
}

/// A kind of document.
pub fn kind(code: &str, language: Language) -> String {
    word(KINDS, code, language)
}

/// Reads a kind of document given as an argument.
pub fn parse_kind(text: &str) -> Result<String, String> {
    one_of(text, KINDS)
}

/// A kind of subject.
pub fn subject(code: &str, language: Language) -> String {
    word(SUBJECTS, code, language)
}

/// Reads a kind of subject given as an argument.
pub fn parse_subject(text: &str) -> Result<String, String> {
    one_of(text, SUBJECTS)
}

/// Reads a grade of source given as an argument.
pub fn parse_grade(text: &str) -> Result<String, String> {
    one_of(text, GRADES)
}

/// Reads a nature of money given as an argument.
pub fn parse_nature(text: &str) -> Result<Nature, String> {
    Nature::parse_code(text).ok_or_else(|| {
        let codes: Vec<&str> = Nature::CODES.iter().map(|(code, _)| *code).collect();
        format!("可写 {} ¦ one of {}", codes.join("、"), codes.join(", "))
    })
}

fn one_of(text: &str, words: Words) -> Result<String, String> {
    let codes: Vec<&str> = words.iter().map(|(code, ..)| *code).collect();
    if codes.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("可写 {} ¦ one of {}", codes.join("、"), codes.join(", ")))
}

/// Where a document's numbers were read.
pub fn grade(code: &str, language: Language) -> String {
    word(GRADES, code, language)
}

/// How one applies.
pub fn how(code: &str, language: Language) -> String {
    word(HOWS, code, language)
}

/// The shape that stands for an outcome: it is told apart without colour.
pub fn shape(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Eligible => "●",
        Outcome::Ineligible => "○",
        Outcome::Unknown => "\u{FF1F}",
        Outcome::NotInForce => "–",
    }
}

/// An outcome in a word.
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    match (outcome, language) {
        (Outcome::Eligible, Language::Chinese) => "可享受",
        (Outcome::Ineligible, Language::Chinese) => "不符合",
        (Outcome::Unknown, Language::Chinese) => "还需确认",
        (Outcome::NotInForce, Language::Chinese) => "未施行",
        (Outcome::Eligible, Language::English) => "eligible",
        (Outcome::Ineligible, Language::English) => "not eligible",
        (Outcome::Unknown, Language::English) => "to be confirmed",
        (Outcome::NotInForce, Language::English) => "not in force",
    }
}

/// The mark of a condition.
pub fn mark(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "✓",
        Truth::False => "✗",
        Truth::Unknown => "?",
    }
}

/// What kind of money it is.
pub fn nature(nature: Nature, language: Language) -> &'static str {
    match (nature, language) {
        (Nature::Grant, Language::Chinese) => "补助",
        (Nature::TaxSaved, Language::Chinese) => "少缴的税",
        (Nature::TaxDeferred, Language::Chinese) => "缓缴的税",
        (Nature::CreditLimit, Language::Chinese) => "贷款额度",
        (Nature::Interest, Language::Chinese) => "贴息",
        (Nature::InKind, Language::Chinese) => "非现金支持",
        (Nature::Grant, Language::English) => "grant",
        (Nature::TaxSaved, Language::English) => "tax saved",
        (Nature::TaxDeferred, Language::English) => "tax deferred",
        (Nature::CreditLimit, Language::English) => "limit of credit",
        (Nature::Interest, Language::English) => "interest borne",
        (Nature::InKind, Language::English) => "in kind",
    }
}

const DIGITS_ZH: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const UNITS_ZH: [&str; 4] = ["", "十", "百", "千"];
const GROUPS_ZH: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

const SMALL_EN: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS_EN: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const GROUPS_EN: [&str; 7] =
    ["", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion"];

/// An amount spelt out, so that a slip in the number of noughts meets the eye: `三千八百万元` · `thirty-eight million yuan`.
pub fn amount(fen: Fen, language: Language) -> String {
    let total = fen.0.unsigned_abs();
    let (yuan, rest) = (total / 100, total % 100);
    let (jiao, fen_digit) = ((rest / 10) as usize, (rest % 10) as usize);
    if language == Language::English {
        let sign = if fen.0 < 0 { "minus " } else { "" };
        let cents = if rest > 0 { format!(" and {rest} fen") } else { String::new() };
        return format!("{sign}{} yuan{cents}", english(yuan));
    }
    let mut out = String::from(if fen.0 < 0 { "负" } else { "" });
    if yuan > 0 || rest == 0 {
        out.push_str(&chinese(yuan));
        out.push('元');
    }
    if jiao > 0 {
        out.push_str(&format!("{}角", DIGITS_ZH[jiao]));
    }
    if fen_digit > 0 {
        out.push_str(&format!("{}分", DIGITS_ZH[fen_digit]));
    }
    out
}

/// A whole number in Chinese, by groups of four digits.
fn chinese(number: u64) -> String {
    if number == 0 {
        return DIGITS_ZH[0].to_owned();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    while rest > 0 {
        groups.push((rest % 10_000) as usize);
        rest /= 10_000;
    }
    let mut out = String::new();
    for (place, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            continue;
        }
        if !out.is_empty() && (*group < 1_000 || groups[place + 1] == 0) {
            out.push_str(DIGITS_ZH[0]);
        }
        out.push_str(&chinese_group(*group));
        out.push_str(GROUPS_ZH[place]);
    }
    match out.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None => out,
    }
}

fn chinese_group(group: usize) -> String {
    let mut out = String::new();
    let mut has_gap = false;
    for place in (0..UNITS_ZH.len()).rev() {
        let digit = group / 10_usize.pow(place as u32) % 10;
        if digit == 0 {
            has_gap = !out.is_empty();
            continue;
        }
        if has_gap {
            out.push_str(DIGITS_ZH[0]);
            has_gap = false;
        }
        out.push_str(DIGITS_ZH[digit]);
        out.push_str(UNITS_ZH[place]);
    }
    out
}

/// A whole number in English, by groups of three digits.
fn english(number: u64) -> String {
    if number == 0 {
        return SMALL_EN[0].to_owned();
    }
    let mut parts = Vec::new();
    let mut rest = number;
    let mut place = 0;
    while rest > 0 {
        let group = (rest % 1_000) as usize;
        if group > 0 {
            parts.push(format!("{}{}", english_group(group), GROUPS_EN[place]));
        }
        rest /= 1_000;
        place += 1;
    }
    parts.reverse();
    parts.join(" ")
}

fn english_group(group: usize) -> String {
    let (hundreds, rest) = (group / 100, group % 100);
    let small = match (rest / 10, rest % 10) {
        (_, 0) if rest == 0 => String::new(),
        (0 | 1, _) => SMALL_EN[rest].to_owned(),
        (tens, 0) => TENS_EN[tens].to_owned(),
        (tens, ones) => format!("{}-{}", TENS_EN[tens], SMALL_EN[ones]),
    };
    match (hundreds, small.is_empty()) {
        (0, _) => small,
        (hundreds, true) => format!("{} hundred", SMALL_EN[hundreds]),
        (hundreds, false) => format!("{} hundred and {small}", SMALL_EN[hundreds]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zh(yuan: i64) -> String {
        amount(Fen(yuan * 100), Language::Chinese)
    }

    fn en(yuan: i64) -> String {
        amount(Fen(yuan * 100), Language::English)
    }

    #[test]
    fn amounts_are_spelt_as_a_person_says_them_in_chinese() {
        assert_eq!(zh(38_000_000), "三千八百万元");
        assert_eq!(zh(0), "零元");
        assert_eq!(zh(15), "十五元");
        assert_eq!(zh(120_000_000), "一亿二千万元");
        assert_eq!(zh(10_010), "一万零一十元");
        assert_eq!(zh(100_000_500), "一亿零五百元");
        assert_eq!(zh(1_000_005), "一百万零五元");
        assert_eq!(amount(Fen(158_888_889), Language::Chinese), "一百五十八万八千八百八十八元八角九分");
        assert_eq!(amount(Fen(-5), Language::Chinese), "负五分");
    }

    #[test]
    fn amounts_are_spelt_as_a_person_says_them_in_english() {
        assert_eq!(en(38_000_000), "thirty-eight million yuan");
        assert_eq!(en(0), "zero yuan");
        assert_eq!(en(1_115), "one thousand one hundred and fifteen yuan");
        assert_eq!(amount(Fen(1_050), Language::English), "ten yuan and 50 fen");
    }

    #[test]
    fn the_largest_amount_is_spelt_too() {
        assert!(amount(Fen(i64::MAX), Language::Chinese).starts_with("九亿亿"));
        assert!(amount(Fen(i64::MIN), Language::English).starts_with("minus ninety-two quadrillion"));
    }
}
