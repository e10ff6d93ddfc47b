//! Lines within a width. Chinese breaks between any two characters, but no line begins with a closing mark or ends with
//! an opening one; English breaks at blanks.

use crate::table::width;

/// Marks that no line begins with.
const CLOSING: &str = "、。,.;:!?)]}%〕”’》」』】…·";

/// Full-width closing marks, which policy texts hold.
const CLOSING_FULL: [char; 7] =
    ['\u{FF0C}', '\u{FF1B}', '\u{FF1A}', '\u{FF01}', '\u{FF1F}', '\u{FF09}', '\u{FF05}'];

/// Marks that no line ends with.
const OPENING: &str = "([{〔“‘《「『【";

/// Full-width opening bracket.
const OPENING_FULL: char = '\u{FF08}';

/// The text in lines of at most that many columns; a piece that has no place to break is left as long as it is.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut taken = 0;
    for piece in pieces(text) {
        let needed = width(piece.trim_end());
        if taken > 0 && taken + needed > columns {
            lines.push(line.trim_end().to_owned());
            line.clear();
            taken = 0;
        }
        line.push_str(piece);
        taken += width(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The text cut where a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if let Some(before) = before
            && may_break(before, character)
        {
            out.push(&text[start..at]);
            start = at;
        }
        before = Some(character);
    }
    out.push(&text[start..]);
    out
}

fn may_break(before: char, after: char) -> bool {
    if is_closing(after) || after == ' ' || OPENING.contains(before) || before == OPENING_FULL {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after) && !OPENING.contains(before)
}

fn is_closing(character: char) -> bool {
    CLOSING.contains(character) || CLOSING_FULL.contains(&character)
}

/// Chinese characters and marks.
fn is_wide(character: char) -> bool {
    unicode_width::UnicodeWidthChar::width(character) == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_closing_mark() {
        assert_eq!(wrap("研发费用,占收入", 8), ["研发费", "用,占收", "入"]);
        assert_eq!(wrap("按“甲乙”算", 6), ["按“甲", "乙”算"]);
    }

    #[test]
    fn english_breaks_at_blanks_and_long_words_stay_whole() {
        assert_eq!(wrap("at least five per cent", 9), ["at least", "five per", "cent"]);
        assert_eq!(wrap("supercalifragilistic x", 5), ["supercalifragilistic", "x"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
