//! Characters: which ones make a name, and what a Chinese input method leaves behind.

/// The ASCII form of a character typed with a Chinese input method; any other character unchanged.
///
/// Only operators and punctuation are mapped. Names and text are never normalised, so Ⅰ and Ⅱ stay themselves.
pub(super) fn fold(c: char) -> char {
    match c {
        '＞' => '>',
        '＜' => '<',
        '＝' => '=',
        '！' => '!',
        '（' => '(',
        '）' => ')',
        '［' => '[',
        '］' => ']',
        '｛' => '{',
        '｝' => '}',
        '，' => ',',
        '：' => ':',
        '＋' => '+',
        '－' | '−' => '-',
        '×' | '＊' => '*',
        '÷' | '／' => '/',
        '．' | '。' => '.',
        '％' => '%',
        '＠' => '@',
        '０'..='９' => fold_digit(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn fold_digit(c: char) -> char {
    char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c)
}

/// White space as FEEL has it, the ideographic space included.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{180e}' | '\u{200b}')
}

/// Whether a name may begin with it: the ranges of the FEEL grammar without the punctuation and the full-width
/// operators that they happen to contain.
pub(super) fn starts_name(c: char) -> bool {
    match c {
        '?' | '_' | 'A'..='Z' | 'a'..='z' => true,
        _ if c.is_ascii() || fold(c) != c => false,
        '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3020}'
        | '\u{ff01}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' => false,
        '\u{ff5b}'..='\u{ff65}' => false,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' => true,
        '\u{37f}'..='\u{1fff}' => !is_space(c),
        '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' => true,
        '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' => c != '\u{feff}',
        '\u{10000}'..='\u{effff}' => true,
        _ => false,
    }
}

/// Whether a name may go on with it.
pub(super) fn continues_name(c: char) -> bool {
    starts_name(c)
        || c.is_ascii_digit()
        || matches!(c, '０'..='９' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}' | '①'..='⑳')
}

/// Whether a unit directly after a number may contain it.
pub(super) fn is_unit_char(c: char) -> bool {
    continues_name(c) || matches!(c, '%' | '％' | '‰' | '°' | '²' | '³')
}

/// The characters that FEEL allows inside a declared name besides letters and digits.
pub(super) fn is_name_symbol(c: char) -> bool {
    matches!(c, '.' | '/' | '-' | '\'' | '+' | '*' | '\u{2019}')
}
