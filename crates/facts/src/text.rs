//! Small helpers for text that people typed: full-width forms, and the name that was probably meant.

/// Full-width ASCII (`123,%`) as plain ASCII, the ideographic blank as a blank, every minus as `-`.
/// Nothing else changes: Ⅰ and Ⅱ stay what they are.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{FF01}'..='\u{FF5E}' => {
                char::from_u32(u32::from(character) - 0xFEE0).expect("full-width forms map onto ASCII")
            }
            '\u{3000}' | '\u{A0}' => ' ',
            '\u{2212}' | '\u{2013}' | '\u{2014}' => '-',
            other => other,
        })
        .collect()
}

/// Share of characters that may differ in a name that is still taken for a slip of the pen.
const LIKENESS_LEAST: f64 = 0.5;

/// Longest name that is compared; nobody mistypes a page.
const COMPARED_CHARS_MAX: usize = 60;

/// The known name that `wanted` was probably meant to be, if one is near; of equally near ones the first.
///
/// ```
/// assert_eq!(facts::nearest("研发费", ["营业收入", "研发费用"]), Some("研发费用"));
/// assert_eq!(facts::nearest("天气", ["营业收入", "研发费用"]), None);
/// ```
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.is_empty() || wanted.chars().count() > COMPARED_CHARS_MAX {
        return None;
    }
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let likeness = strsim::normalized_damerau_levenshtein(wanted, name);
        let is_better = best.is_none_or(|(most, _)| likeness > most);
        if likeness >= LIKENESS_LEAST && is_better {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}
